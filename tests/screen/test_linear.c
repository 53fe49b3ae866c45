/* The linear mode: what has the focus is one text with the cursor on it, in a
 * fixed place, and nothing stands beside it.
 * proves: UX-12 */
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

static void open_linear(int rows, int cols)
{
    static const char *const argv[] = {KEHU_BUILD "/bin/kehu", "--linear",
                                       NULL};
    struct vt_options o = {.rows = rows, .cols = cols, .argv = argv};
    v = desk_client(d, &o);
    vt_expect(v, "第 1 行，共 300：");
}

static int close_client(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

/* The cursor is visible and stands before this text. */
static void expect_at_cursor(const char *text)
{
    int row, col, found;
    bool visible;
    vt_expect(v, text);
    int at = vt_find(v, text, &found);
    vt_expect_cursor(v, at, -1);
    vt_cursor(v, &row, &col, &visible);
    assert_true(visible);
    assert_true(col <= found);
}

static bool no_decoration(void)
{
    static const char *const marks[] = {"»", "─", "│", "‹", "●", "▾"};
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
        if (vt_has(v, marks[i]))
            return false;
    return true;
}

static void read_a_list(int rows, int cols)
{
    char name[STEPS_NAME], text[STEPS_NAME * 2];
    static const char by_change[] = "[[\"updated_at\",\"desc\"]]";
    open_linear(rows, cols);
    for (int i = 1; i <= 3; i++) {
        steps_customer(c, by_change, i, name);
        snprintf(text, sizeof(text), "第 %d 行，共 300：%s", i,
                 steps_start(name));
        expect_at_cursor(text);
        vt_expect_cursor(v, 2, 0); /* always there */
        vt_expect(v, "客户行业 ");
        assert_true(no_decoration());
        vt_keys(v, "j");
    }
    vt_keys(v, "<Space>k"); /* it goes on to the next row */
    vt_expect(v, "，已选：");
}

static void test_list(void **state)
{
    (void)state;
    read_a_list(40, 120);
}

static void test_narrow_list(void **state)
{
    (void)state;
    read_a_list(15, 40);
}

/* Menus, the palette, dialogs: one row of them, its number, how many. */
static void test_menus(void **state)
{
    (void)state;
    open_linear(40, 120);
    vt_keys(v, ".");
    expect_at_cursor("打开, ⏎");
    vt_keys(v, "j");
    vt_expect_gone(v, "打开, ⏎");
    expect_at_cursor(" 2/");
    assert_true(no_decoration());
    vt_keys(v, "<Esc>");
    vt_expect(v, "第 1 行");
    vt_keys(v, ":shuaxin");
    vt_expect(v, "刷新, ^R");
    vt_keys(v, "<Down>"); /* from the typed text to the row */
    expect_at_cursor("刷新, ^R");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "刷新, ^R");
    vt_keys(v, "#");
    vt_expect(v, "行号");
    vt_keys(v, "12<Tab>");
    expect_at_cursor("按钮 确定，第 1 个，共 2 个");
    vt_keys(v, "<Enter>");
    expect_at_cursor("第 12 行，共 300：");
}

/* A form has one field a line, the label before its value. */
static void test_form(void **state)
{
    int row, col;
    (void)state;
    open_linear(40, 120);
    vt_keys(v, "<Enter>");
    expect_at_cursor("客户名称");
    row = vt_find(v, "合作方式", &col);
    assert_int_equal(vt_find(v, "客户名称", NULL), row - 1);
    vt_keys(v, "j");
    expect_at_cursor("合作方式");
    assert_true(no_decoration());
    vt_keys(v, "2");
    vt_expect(v, "2/7");
    vt_keys(v, "e");
    vt_expect(v, "^S保存");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "^S保存");
}

/* Switched on in the settings, without another start. */
static void test_switched_on(void **state)
{
    (void)state;
    v = desk_list(d, NULL, CUSTOMERS);
    vt_keys(v, "<F9>/ui.linear<Enter>");
    vt_expect(v, "线性模式, 开");
    vt_keys(v, "<Esc><Esc>");
    vt_expect(v, "第 1 行，共 300：");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_teardown(test_##name, close_client)
    const struct CMUnitTest tests[] = {
        CASE(list), CASE(narrow_list), CASE(menus),
        CASE(form), CASE(switched_on),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
