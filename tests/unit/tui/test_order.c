/* The order of a list, changed key by key; earlier searches.
 * proves: LIST-15, LIST-04 */
#include "tui/widget/order.h"
#include "tui/widget/searches.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static const struct field a = {.id = "a"}, b = {.id = "b"}, c = {.id = "c"},
                          d = {.id = "d"};
static struct sort_key keys[SORT_KEYS];
static int n;

static int empty(void **state)
{
    (void)state;
    n = 0;
    return 0;
}

static void expect(const char *text)
{
    char now[64] = "";
    size_t len = 0;
    for (int i = 0; i < n; i++)
        len += (size_t)snprintf(now + len, sizeof(now) - len, "%s%s ",
                                keys[i].desc ? "-" : "", keys[i].field->id);
    assert_string_equal(now, text);
}

static bool change(enum order_way way, const struct field *f, int rank)
{
    return order_change(keys, &n, way, f, rank);
}

static void test_only(void **state)
{
    (void)state;
    assert_true(change(ORDER_only, &a, 0));
    expect("a ");
    assert_true(change(ORDER_only, &a, 0));
    expect("-a ");
    change(ORDER_flip, &b, 0);
    change(ORDER_only, &b, 0);
    expect("b ");
}

static void test_flip(void **state)
{
    (void)state;
    change(ORDER_flip, &a, 0);
    change(ORDER_flip, &b, 0);
    change(ORDER_flip, &c, 0);
    expect("a b c ");
    assert_false(change(ORDER_flip, &d, 0));
    assert_true(change(ORDER_flip, &b, 0));
    expect("a -b c ");
}

static void test_drop(void **state)
{
    (void)state;
    assert_false(change(ORDER_drop, &a, 0));
    change(ORDER_flip, &a, 0);
    change(ORDER_flip, &b, 0);
    assert_true(change(ORDER_drop, &a, 0));
    expect("b ");
    assert_true(change(ORDER_drop, &b, 0));
    expect("");
}

static void test_rank(void **state)
{
    (void)state;
    assert_true(change(ORDER_rank, &a, 2)); /* there is no second yet */
    expect("a ");
    assert_false(change(ORDER_rank, &a, 0));
    change(ORDER_flip, &b, 0);
    change(ORDER_flip, &b, 0);
    assert_true(change(ORDER_rank, &b, 0));
    expect("-b a ");
    assert_true(change(ORDER_rank, &b, 9));
    expect("a -b ");
    change(ORDER_flip, &c, 0);
    assert_true(change(ORDER_rank, &d, 1)); /* for the last one */
    expect("a d -b ");
    assert_true(change(ORDER_rank, &a, -1) == false);
}

/* --- earlier searches --- */

static void test_searches(void **state)
{
    (void)state;
    cJSON *all = cJSON_CreateArray();
    assert_int_equal(searches_step(all, "", -1, 1), -1);
    searches_add(all, "科技");
    searches_add(all, "Keji");
    searches_add(all, "科技");
    searches_add(all, "  ");
    searches_add(all, "");
    assert_int_equal(cJSON_GetArraySize(all), 2);
    assert_string_equal(searches_at(all, 0), "科技");
    assert_int_equal(searches_step(all, "", -1, 1), 0);
    assert_int_equal(searches_step(all, "", 0, 1), 1);
    assert_int_equal(searches_step(all, "", 1, 1), -1);
    assert_int_equal(searches_step(all, "", 1, -1), 0);
    assert_int_equal(searches_step(all, "", 0, -1), -1);
    assert_int_equal(searches_step(all, "kE", -1, 1), 1);
    assert_int_equal(searches_step(all, "x", -1, 1), -1);
    searches_drop(all, "nothing");
    searches_drop(all, "科技");
    assert_string_equal(searches_at(all, 0), "Keji");
    assert_null(searches_at(all, 1));
    for (int i = 0; i < 3 * SEARCHES_MAX; i++) {
        char text[16];
        snprintf(text, sizeof(text), "n%d", i);
        searches_add(all, text);
    }
    assert_int_equal(cJSON_GetArraySize(all), SEARCHES_MAX);
    assert_string_equal(searches_at(all, 0), "n149");
    cJSON_Delete(all);
}

/* What somebody else wrote there may be anything. */
static void test_searches_nonsense(void **state)
{
    (void)state;
    cJSON *all = cJSON_Parse("[7,null,\"ok\",{}]");
    assert_int_equal(searches_step(all, "", -1, 1), 2);
    searches_add(all, "new");
    assert_int_equal(cJSON_GetArraySize(all), 2);
    cJSON_Delete(all);
    assert_int_equal(searches_step(NULL, "", -1, 1), -1);
    assert_null(searches_at(NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_only, empty),
        cmocka_unit_test_setup(test_flip, empty),
        cmocka_unit_test_setup(test_drop, empty),
        cmocka_unit_test_setup(test_rank, empty),
        cmocka_unit_test(test_searches),
        cmocka_unit_test(test_searches_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
