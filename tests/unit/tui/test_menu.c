/* The menu and what narrows it: Chinese, pinyin, initials, English.
 * proves: UX-01 */
#include "common/i18n.h"
#include "common/mem.h"
#include "tui/widget/fuzzy.h"
#include "tui/widget/menu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <string.h>

static struct menu *m;

static const struct menu_item rows[] = {
    {.label = "客户", .heading = true},
    {.label = "新建客户", .value = "new", .find = "New customer"},
    {.label = "删除", .value = "delete", .find = "Delete", .off = true},
    {.label = "搜索", .value = "search", .find = "Search"},
    {.label = "系统", .heading = true},
    {.label = "语言", .value = "language", .find = "Language"},
};

static int set_up(void **state)
{
    (void)state;
    m = menu_new();
    menu_set(m, rows, sizeof(rows) / sizeof(*rows));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    menu_free(&m);
    return 0;
}

static void expect(const char *value)
{
    const struct menu_item *item = menu_current(m);
    if (value == NULL)
        assert_null(item);
    else
        assert_string_equal(item->value, value);
}

/* Headings and what is off are passed over. */
static void test_moves(void **state)
{
    (void)state;
    expect("new");
    menu_act(m, ACT_up);
    expect("new");
    menu_act(m, ACT_down);
    expect("search");
    menu_act(m, ACT_last);
    expect("language");
    menu_act(m, ACT_down);
    expect("language");
    menu_act(m, ACT_first);
    expect("new");
    assert_false(menu_act(m, ACT_edit));
    assert_false(menu_act(m, ACT_toggle));
}

static void test_filter(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value;
    } finds[] = {{"语", "language"},   {"yuyan", "language"},
                 {"yy", "language"},   {"lang", "language"},
                 {"LANG", "language"}, {"ｌａｎｇ", "language"},
                 {"xjkh", "new"},      {"客户", "new"},
                 {"ncust", "new"},     {"ss", "search"}};
    for (size_t i = 0; i < sizeof(finds) / sizeof(*finds); i++) {
        menu_filter(m, finds[i].text);
        expect(finds[i].value);
    }
    menu_filter(m, "zzz");
    expect(NULL);
    assert_int_equal(menu_count(m), 0);
    assert_true(menu_act(m, ACT_down));
    menu_filter(m, "");
    assert_int_equal(menu_count(m), 3);
    expect("new");
}

/* A start is better than the middle, and that better than scattered letters. */
static void test_order(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const char *const better_first[] = {"sort", "sort further", "resort",
                                        "s-o-r-t"};
    int last = 1 << 30;
    for (size_t i = 0; i < 4; i++) {
        int score = fuzzy_score(fuzzy_forms(a, better_first[i]), "sort");
        assert_true(score > 0 && score < last);
        last = score;
    }
    assert_int_equal(fuzzy_score(fuzzy_forms(a, "s........o.......rt"), "sort"),
                     0);
    arena_free(&a);
}

static void test_ticks_stay(void **state)
{
    (void)state;
    menu_multi(m, true);
    menu_act(m, ACT_down);
    assert_true(menu_act(m, ACT_toggle));
    assert_true(menu_item(m, 3)->ticked);
    menu_set(m, rows + 1, 4);
    assert_true(menu_item(m, 2)->ticked);
    expect("search");
    menu_act(m, ACT_toggle);
    assert_false(menu_item(m, 2)->ticked);
    assert_null(menu_item(m, 4));
}

static void test_nothing(void **state)
{
    (void)state;
    menu_set(m, NULL, 0);
    expect(NULL);
    menu_act(m, ACT_down);
    menu_act(m, ACT_last);
    menu_filter(m, "x");
    expect(NULL);
    menu_set(m, rows, 1); /* a heading alone */
    expect(NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(int argc, char **argv)
{
    (void)argc;
    i18n_init(argv[0]);
    const struct CMUnitTest tests[] = {
        TEST(test_moves),      TEST(test_filter),  TEST(test_order),
        TEST(test_ticks_stay), TEST(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
