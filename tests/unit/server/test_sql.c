/* The statement builder: parameters, not text. */
#include "common/mem.h"
#include "server/db/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static void test_values(void **state)
{
    (void)state;
    struct sql s;
    sql_init(&s, arena);
    sql_add(&s, "SELECT ");
    sql_value(&s, "a'b", "text");
    sql_add(&s, ", ");
    sql_value(&s, NULL, "date");
    sql_addf(&s, ", %s, ", "col");
    sql_int(&s, 7);
    struct db_query q = sql_query(&s, true);
    assert_string_equal(q.sql, "SELECT $1::text, $2::date, col, $3::bigint");
    assert_int_equal(q.n, 3);
    assert_string_equal(q.values[0], "a'b");
    assert_null(q.values[1]);
    assert_string_equal(q.values[2], "7");
    assert_true(q.prepare);
    sql_free(&s);
}

/* The same value and type is one parameter; another type is another one. */
static void test_shared(void **state)
{
    (void)state;
    struct sql s;
    sql_init(&s, arena);
    sql_int(&s, 7);
    sql_value(&s, "7", "bigint");
    sql_value(&s, "7", "text");
    sql_value(&s, NULL, "text");
    sql_value(&s, NULL, "text");
    sql_value(&s, "x", "");
    assert_string_equal(buf_text(&s.text),
                        "$1::bigint$1::bigint$2::text$3::text$3::text$4");
    assert_int_equal(s.n, 4);
    sql_free(&s);
}

static void test_lists(void **state)
{
    (void)state;
    struct sql s;
    sql_init(&s, arena);
    sql_ints(&s, (const int64_t[]){3, -1, 9007199254740992}, 3);
    sql_ints(&s, NULL, 0);
    assert_string_equal(buf_text(&s.text), "$1::bigint[]$2::bigint[]");
    assert_string_equal(s.values[0], "{3,-1,9007199254740992}");
    assert_string_equal(s.values[1], "{}");
    sql_free(&s);
}

/* Growing keeps what was there; values outlive what they were made from. */
static void test_many(void **state)
{
    (void)state;
    struct sql s;
    char text[16];
    sql_init(&s, arena);
    for (int i = 0; i < 100; i++) {
        snprintf(text, sizeof text, "v%d", i);
        sql_value(&s, text, "text");
    }
    assert_int_equal(s.n, 100);
    for (int i = 0; i < 100; i++) {
        snprintf(text, sizeof text, "v%d", i);
        assert_string_equal(s.values[i], text);
    }
    sql_free(&s);
}

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values), cmocka_unit_test(test_shared),
        cmocka_unit_test(test_lists), cmocka_unit_test(test_many)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
