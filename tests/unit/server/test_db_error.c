/* What PostgreSQL's errors mean to a client. */
#include "server/db/error.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *sqlstate;
        enum err_kind kind;
    } rows[] = {
        {"08006", ERR_unavailable}, {"57P01", ERR_unavailable},
        {"57P03", ERR_unavailable}, {"57014", ERR_timeout},
        {"53100", ERR_unavailable}, {"53300", ERR_unavailable},
        {"40001", ERR_unavailable}, {"40P01", ERR_unavailable},
        {"25006", ERR_unavailable}, {"23505", ERR_internal},
        {"42P01", ERR_internal},    {"22P02", ERR_internal},
        {"40002", ERR_internal},    {"", ERR_internal},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        assert_int_equal(db_error_kind(rows[i].sqlstate), rows[i].kind);
}

static void test_unavailable(void **state)
{
    (void)state;
    struct err e = {0};
    assert_false(db_unavailable(&e));
    assert_int_equal(e.kind, ERR_unavailable);
    assert_true(json_int(e.data, "retry_after_ms", 0) > 0);
    err_clear(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_unavailable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
