/* Columns: shown and hidden, moved, made wider; kept for the user, whichever
 * host he comes from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/screen/kept.h"

#define CUSTOMERS 60
#define HEAD      2

static struct daemon *d;
static struct vt *v;

static int set_up(void **state)
{
    (void)state;
    d = desk_daemon(CUSTOMERS, "sales_director");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    daemon_free(&d);
    return 0;
}

static int open_list(void **state)
{
    (void)state;
    v = desk_list(d, NULL, CUSTOMERS);
    return 0;
}

static int close_list(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static void expect_count(int n)
{
    char position[32];
    snprintf(position, sizeof(position), "/%d", n);
    vt_expect(v, position);
}

/* Where the label of a column stands in the header. */
static int at(const char *label)
{
    int col = -1;
    vt_expect_row(v, HEAD, label);
    int row = vt_find(v, label, &col);
    assert_int_equal(row, HEAD);
    return col;
}

static void expect_header_without(const char *label)
{
    vt_settle(v, 300);
    if (strstr(vt_row(v, HEAD), label))
        check_fail("\"%s\" is still there:\n%s", label, vt_dump(v));
}

/* What stands there is what drawing everything anew gives. The first line
 * tells the round trip, which is another one each time. */
static void expect_exact(void)
{
    char *was[39];
    vt_settle(v, 300);
    for (int row = 1; row < 39; row++)
        was[row] = x_strdup(vt_row(v, row));
    vt_keys(v, "<C-l>");
    vt_settle(v, 300);
    for (int row = 1; row < 39; row++) {
        assert_string_equal(vt_row(v, row), was[row]);
        x_free(&was[row]);
    }
}

/* Type-ahead by initials, the list behind follows at once, the next client
 * has it as well.
 * proves: LIST-14 */
static void test_hide_and_show(void **state)
{
    (void)state;
    at("地区");
    vt_keys(v, "c");
    vt_expect(v, "── 列 ");
    vt_keys(v, "diqu ");
    expect_header_without("地区");
    vt_keys(v, "<C-u>xmjl ");
    vt_expect(v, "✓ 项目经理");
    kept_escape(v);
    vt_expect_gone(v, "── 列 ");
    expect_exact();
    for (int i = 0; i < 12; i++)
        vt_keys(v, "l");
    at("项目经理");
    kept_restart(d, &v, NULL);
    expect_count(CUSTOMERS);
    expect_header_without("地区");
    assert_int_equal(at("客户名称"), 2);
}

/* The name stays, and first. */
static void test_name_stays(void **state)
{
    (void)state;
    vt_keys(v, "c ");
    vt_expect(v, "“客户名称”不能隐藏");
    vt_keys(v, "J<Down>K");
    vt_settle(v, 200);
    assert_int_equal(at("客户名称"), 2);
    vt_expect(v, "✓ 客户名称");
}

/* proves: LIST-14 */
static void test_move(void **state)
{
    (void)state;
    assert_true(at("合作方式") < at("客户行业"));
    vt_keys(v, "c<Down>J");
    kept_escape(v);
    assert_true(at("客户行业") < at("合作方式"));
    /* Without its key, by the menu of the row. */
    vt_keys(v, "c<Down>.");
    vt_expect(v, "── 客户行业 ");
    vt_keys(v, "<Down><Down><Enter>");
    vt_expect_gone(v, "── 客户行业 ");
    kept_escape(v);
    assert_true(at("合作方式") < at("客户行业"));
    expect_exact();
    vt_keys(v, "c<Down><S-Down>");
    kept_escape(v);
    assert_true(at("客户行业") < at("合作方式"));
    vt_keys(v, "c<C-r>");
    kept_escape(v);
    kept_expect(d, v, "columns.customer", "[]");
}

/* < and >, in the list and in the header; never below three cells nor half a
 * character.
 * proves: LIST-14 */
static void test_width(void **state)
{
    (void)state;
    int before = at("客户行业");
    vt_keys(v, ">>>");
    vt_expect(v, "合作方式：宽 15 格");
    assert_int_equal(at("客户行业"), before + 3);
    vt_keys(v, "<lt>");
    vt_expect(v, "合作方式：宽 14 格");
    assert_int_equal(at("客户行业"), before + 2);
    vt_keys(v, "s");
    vt_expect(v, "反转");
    vt_keys(v, "<Home>");
    kept_escape(v);
    vt_keys(v, "s<Left><Left>");
    for (int i = 0; i < 40; i++)
        vt_keys(v, "<lt>");
    vt_expect(v, "宽 3 格");
    vt_settle(v, 200);
    kept_escape(v);
    expect_exact();
    for (int row = HEAD; row < 30; row++)
        for (int col = 0; col < 20; col++)
            if (vt_cell(v, row, col).width == 2)
                assert_string_equal(vt_cell(v, row, col + 1).text, "");
    kept_expect(d, v, "columns.customer", "[\"cooperation_type\", 14]");
}

/* The right edge in the header follows the mouse.
 * proves: LIST-14, UX-02 */
static void test_drag(void **state)
{
    (void)state;
    int left = at("合作方式"), next = at("客户行业");
    vt_drag(v, HEAD, next - 1, HEAD, next + 5);
    vt_expect(v, "合作方式：宽");
    assert_int_equal(at("客户行业"), next + 6);
    assert_int_equal(at("合作方式"), left);
    expect_exact();
    vt_drag(v, HEAD, next + 5, HEAD, 0);
    vt_expect(v, "合作方式：宽 3 格");
    assert_int_equal(at("客户行业"), left + 4);
    /* Beside the edge it is a click, which sorts. */
    vt_click(v, 1, HEAD, at("客户行业"));
    vt_expect(v, "客户行业↑1");
}

/* Another client of the same user, while this one runs. */
static void test_second_client(void **state)
{
    (void)state;
    vt_keys(v, "c<Down> ");
    kept_escape(v);
    expect_header_without("合作方式");
    kept_expect(d, v, "columns.customer", "customer_name");
    struct vt *other = desk_client_again(d, NULL);
    vt_expect(other, "/60");
    vt_settle(other, 200);
    assert_null(strstr(vt_row(other, HEAD), "合作方式"));
    /* Both change it: who comes last is who is kept. */
    vt_keys(other, ">");
    kept_expect(d, other, "columns.customer", "13]");
    vt_keys(v, "<lt><lt>");
    kept_expect(d, v, "columns.customer", "[\"industry\", 10]");
    vt_stop(&other);
}

/* Each kind of record has its own. */
static void test_contacts(void **state)
{
    (void)state;
    vt_keys(v, ":联系人<Enter>");
    vt_expect(v, "邮箱");
    at("邮箱");
    vt_keys(v, "c<Down> ");
    kept_escape(v);
    expect_header_without("岗位");
    vt_keys(v, ">");
    vt_expect(v, "格。");
    kept_expect(d, v, "columns.contact", "email");
    assert_false(kept_has(d, "columns.customer", "customer_name"));
}

/* Cards have no columns; they can be chosen all the same.
 * proves: LIST-14, UX-03 */
static void test_narrow(void **state)
{
    (void)state;
    vt_resize(v, 15, 40);
    vt_expect_gone(v, "合作方式");
    vt_keys(v, "c");
    vt_expect(v, "✓ 客户名称");
    vt_keys(v, "<Down> ");
    vt_settle(v, 200);
    kept_escape(v);
    vt_expect_gone(v, "── 列 ");
    vt_resize(v, 40, 120);
    at("客户行业");
    expect_header_without("合作方式");
    /* Contacts likewise. */
    vt_resize(v, 15, 40);
    vt_expect_gone(v, "客户行业");
    vt_keys(v, ":联系人<Enter>");
    vt_expect_row(v, 0, "联系人");
    vt_keys(v, "cgw ");
    vt_expect(v, "»   岗位");
    kept_escape(v);
    vt_resize(v, 40, 120);
    at("邮箱");
    expect_header_without("岗位");
}

/* What somebody else wrote there may be anything. */
static void test_nonsense(void **state)
{
    (void)state;
    struct client *c = client_as(d, "sales_director");
    vt_keys(v, "q");
    assert_int_equal(vt_wait_exit(v, VT_PATIENCE), 0);
    vt_stop(&v);
    char *none = daemon_sql(d, "DELETE FROM preference");
    x_free(&none);
    cJSON *r = client_result(c, "preference.create", "%s",
                             "{\"values\":{\"key\":\"columns.customer\","
                             "\"value\":[[\"nothing\",5],[\"grade\",9999],7,"
                             "[],[\"industry\",\"x\"]]}}");
    cJSON_Delete(r);
    r = client_result(c, "preference.create", "%s",
                      "{\"values\":{\"key\":\"session\",\"value\":"
                      "{\"screens\":[{\"screen\":\"list\",\"entity\":"
                      "\"customer\",\"list\":{\"view\":{\"filter\":{\"no\":1},"
                      "\"sort\":7},\"row\":-4,\"at\":\"x\"}}]}}}");
    cJSON_Delete(r);
    client_close(&c);
    v = desk_client_again(d, NULL);
    expect_count(CUSTOMERS);
    assert_true(at("分级") < at("客户行业"));
}

int main(void)
{
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, open_list, close_list)
    const struct CMUnitTest tests[] = {
        CASE(hide_and_show), CASE(name_stays), CASE(move),
        CASE(width),         CASE(drag),       CASE(second_client),
        CASE(contacts),      CASE(narrow),     CASE(nonsense),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
