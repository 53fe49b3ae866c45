/* Narrow terminals: one card a row for every entity, the footer two hints and
 * `?`, tabs that open as a menu, every screen usable at 40 × 15.
 * proves: UX-03, UX-11 */
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>

#define CUSTOMERS 300

static struct daemon *d;
static struct client *c;
static struct vt *v;

static int set_up(void **state)
{
    (void)state;
    d = desk_daemon(CUSTOMERS, "sales_director");
    c = client_as(d, "sales_director");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_close(&c);
    daemon_free(&d);
    return 0;
}

static int close_client(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static void open_list(int rows, int cols)
{
    v = desk_list(d, &(struct vt_options){.rows = rows, .cols = cols},
                  CUSTOMERS);
}

/* Cards stand two lines apart, from the third line on. */
static void expect_cards(int rows)
{
    for (int row = 2; row + 2 < rows; row += 2) {
        const char *name = vt_row(v, row);
        if (name[0] == '\0')
            check_fail("no name in row %d:\n%s", row, vt_dump(v));
        const char *badges = vt_row(v, row + 1);
        if (strncmp(badges, "  ", 2) != 0 || strlen(badges) < 3)
            check_fail("nothing tells about row %d:\n%s", row, vt_dump(v));
    }
}

static int count_words(const char *row)
{
    int n = 0;
    for (const char *p = row; *p; p++)
        n += *p != ' ' && (p == row || p[-1] == ' ');
    return n;
}

static void see_lists(int rows, int cols)
{
    char name[STEPS_NAME];
    open_list(rows, cols);
    steps_customer(c, "[[\"updated_at\",\"desc\"]]", 1, name);
    vt_expect_row(v, 2, steps_start(name));
    expect_cards(rows);
    /* Two hints, help, the row: no more. */
    vt_expect_row(v, rows - 1, "?帮助");
    assert_int_equal(count_words(vt_row(v, rows - 1)), 4);
    vt_keys(v, ":联系人<Enter>");
    vt_expect(v, "‹ 联系人");
    vt_expect_gone(v, "·····");
    vt_expect(v, "1/");
    expect_cards(rows);
}

static void test_lists_79(void **state)
{
    (void)state;
    see_lists(24, 79);
}

static void test_lists_60(void **state)
{
    (void)state;
    see_lists(20, 60);
}

static void test_lists_40(void **state)
{
    (void)state;
    see_lists(15, 40);
}

/* At 80 columns there is a table again, and help is never pushed out. */
static void test_table_at_80(void **state)
{
    (void)state;
    open_list(24, 80);
    vt_expect_row(v, 2, "合作方式");
    vt_expect_row(v, 23, "?帮助");
}

/* Name and state stand above everything; the tabs are one that opens. */
static void test_record(void **state)
{
    char name[STEPS_NAME];
    int col;
    (void)state;
    open_list(15, 40);
    steps_customer(c, "[[\"updated_at\",\"desc\"]]", 1, name);
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 0, steps_start(name));
    vt_expect_row(v, 1, "[");
    vt_expect_row(v, 2, "[1合作详情]▾ 1/7");
    vt_find(v, "合作详情", &col);
    vt_click(v, 1, 2, col);
    vt_expect(v, "── 打开标签页");
    vt_keys(v, "jjj<Enter>");
    vt_expect_row(v, 2, "4/7");
    /* From the menu of actions, without its number. */
    vt_keys(v, ":dakaibiaoqian<Enter>");
    vt_expect(v, "── 打开标签页");
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 2, "1/7");
    vt_keys(v, "e");
    vt_expect(v, "^S保存");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "^S保存");
}

/* Tabs that do not fit are folded on any width. */
static void test_tabs_by_width(void **state)
{
    (void)state;
    open_list(24, 80);
    vt_keys(v, "<Enter>");
    vt_expect(v, "[1合作详情]▾ 1/7");
    vt_resize(v, 40, 120);
    vt_expect(v, "7续费跟进");
    assert_false(vt_has(v, "▾"));
}

/* Menus, help, dialogs, the settings: all of them in 40 × 15. */
static void test_others(void **state)
{
    (void)state;
    open_list(15, 40);
    vt_keys(v, ".");
    vt_expect(v, "── 操作");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "── 操作");
    vt_keys(v, "?");
    vt_expect(v, "本页按键");
    vt_keys(v, "shezhi");
    vt_expect(v, "» 设置");
    vt_keys(v, "<Enter>");
    vt_expect(v, "‹ 设置");
    vt_expect(v, "server · 默认");
    vt_keys(v, "<Esc>");
    vt_expect(v, "1/300");
    vt_keys(v, "#");
    vt_expect(v, "[ 确定 ]  [ 取消 ]");
    vt_keys(v, "9<Enter>");
    vt_expect(v, "9/300");
    vt_keys(v, "n");
    vt_expect(v, "客户名称 *");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_teardown(test_##name, close_client)
    const struct CMUnitTest tests[] = {
        CASE(lists_79), CASE(lists_60),      CASE(lists_40), CASE(table_at_80),
        CASE(record),   CASE(tabs_by_width), CASE(others),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
