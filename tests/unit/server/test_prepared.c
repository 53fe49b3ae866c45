/* Prepared statements of a connection: found again, bounded, least recently
 * used first out. */
#include "server/db/prepared.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static const char *name_of(struct prepared *p, int shape, bool *fresh,
                           char evicted[PREPARED_NAME])
{
    char sql[64];
    snprintf(sql, sizeof(sql), "SELECT %d", shape);
    return prepared_name(p, sql, fresh, evicted);
}

static void test_found_again(void **state)
{
    (void)state;
    struct prepared *p = prepared_new();
    bool fresh;
    char evicted[PREPARED_NAME], first[PREPARED_NAME];
    snprintf(first, sizeof(first), "%s", name_of(p, 1, &fresh, evicted));
    assert_true(fresh);
    assert_string_equal(evicted, "");
    assert_string_not_equal(name_of(p, 2, &fresh, evicted), first);
    assert_true(fresh);
    assert_string_equal(name_of(p, 1, &fresh, evicted), first);
    assert_false(fresh);
    prepared_free(&p);
    assert_null(p);
}

static void test_least_used_goes(void **state)
{
    (void)state;
    struct prepared *p = prepared_new();
    bool fresh;
    char evicted[PREPARED_NAME], second[PREPARED_NAME];
    for (int i = 0; i < PREPARED_MAX; i++)
        name_of(p, i, &fresh, evicted);
    assert_string_equal(evicted, "");
    snprintf(second, sizeof(second), "%s", name_of(p, 1, &fresh, evicted));
    name_of(p, 0, &fresh, evicted); /* used again: shape 2 is oldest now */
    name_of(p, 1, &fresh, evicted);
    assert_false(fresh);
    name_of(p, PREPARED_MAX, &fresh, evicted);
    assert_true(fresh);
    assert_string_equal(evicted, "q3");
    assert_string_equal(name_of(p, 1, &fresh, evicted), second);
    assert_false(fresh);
    name_of(p, 2, &fresh, evicted);
    assert_true(fresh);
    assert_string_equal(evicted, "q4");
    prepared_free(&p);
}

/* A name is never used twice on a connection: the server may still have the
 * old statement. */
static void test_forget(void **state)
{
    (void)state;
    struct prepared *p = prepared_new();
    bool fresh;
    char evicted[PREPARED_NAME], first[PREPARED_NAME];
    snprintf(first, sizeof(first), "%s", name_of(p, 1, &fresh, evicted));
    prepared_forget(p, "SELECT 1");
    prepared_forget(p, "SELECT 99");
    assert_string_not_equal(name_of(p, 1, &fresh, evicted), first);
    assert_true(fresh);
    prepared_clear(p);
    name_of(p, 1, &fresh, evicted);
    assert_true(fresh);
    prepared_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found_again),
        cmocka_unit_test(test_least_used_goes),
        cmocka_unit_test(test_forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
