/* Filters under a name, the order changed in place, earlier searches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/screen/kept.h"

#define CUSTOMERS 60

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

static int64_t filters(const char *where)
{
    return daemon_sql_int(d, "SELECT count(*) FROM saved_filter WHERE %s",
                          where);
}

static void expect_filters(int64_t n, const char *where)
{
    for (int i = 0; i < 100 && filters(where) != n; i++)
        vt_settle(v, 100);
    assert_int_equal(filters(where), n);
}

static void search(const char *text)
{
    /* On an empty line Ctrl-U is for the rows. */
    vt_keys(v, strstr(vt_row(v, 1), "/ 搜索") ? "/" : "/<C-u>");
    vt_keys(v, text);
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 1, text);
    vt_expect_row(v, 1, " 条");
}

/* The search in force, saved under a name of ASCII letters. */
static void save_as(const char *name)
{
    vt_keys(v, "F");
    vt_expect(v, "已存筛选 ─");
    vt_keys(v, "+");
    vt_expect(v, "名称");
    vt_keys(v, "<C-u>");
    vt_keys(v, name);
    vt_keys(v, "<Enter>");
}

/* proves: LIST-06 */
static void test_save_and_apply(void **state)
{
    (void)state;
    search("科技");
    vt_keys(v, "s<Enter>");
    vt_expect(v, "客户名称↑1");
    save_as("tech");
    vt_expect(v, "已保存为“tech”");
    vt_expect_row(v, 1, "tech");
    kept_escape(v);
    vt_expect_row(v, 1, "tech*"); /* not what it says any more */
    vt_keys(v, "F0");
    vt_expect_gone(v, "客户名称↑1");
    vt_keys(v, "F1");
    vt_expect(v, "已应用筛选“tech”");
    vt_expect(v, "客户名称↑1");
    vt_expect_row(v, 1, "/ 科技");
    vt_settle(v, 100);
    assert_null(strstr(vt_row(v, 1), "tech*"));
    /* From the palette by its name. */
    vt_keys(v, "F0");
    vt_expect_gone(v, "客户名称↑1");
    vt_keys(v, ":应用筛选 tech<Enter>");
    vt_expect(v, "客户名称↑1");
    /* A digit without a filter does nothing. */
    vt_keys(v, "F9");
    vt_settle(v, 200);
    vt_expect(v, "已存筛选 ─");
}

/* Overwriting and deleting are asked for; each can be refused.
 * proves: LIST-06 */
static void test_change(void **state)
{
    (void)state;
    search("科技");
    save_as("one");
    vt_expect(v, "已保存为“one”");
    search("有限");
    save_as("one");
    vt_expect(v, "覆盖该筛选？");
    kept_escape(v);
    expect_filters(1, "definition->>'search' = '科技'");
    save_as("one");
    vt_expect(v, "覆盖该筛选？");
    vt_keys(v, "y");
    expect_filters(1, "definition->>'search' = '有限'");
    save_as("two");
    expect_filters(2, "true");
    vt_keys(v, "F");
    vt_expect(v, "» one");
    vt_keys(v, "r<C-u>");
    vt_expect(v, "重命名");
    vt_keys(v, "uno<Enter>");
    expect_filters(1, "name = 'uno'");
    vt_expect(v, "» uno");
    /* A name of another one is refused in words. */
    vt_keys(v, "r<C-u>two<Enter>");
    vt_expect(v, "已被占用");
    vt_expect(v, "» uno");
    vt_keys(v, "J");
    expect_filters(1, "name = 'two' AND position = 1");
    vt_settle(v, 300);
    vt_keys(v, "<Del>");
    vt_expect(v, "删除该筛选？");
    kept_escape(v);
    expect_filters(2, "true");
    vt_keys(v, "<Del>");
    vt_expect(v, "删除该筛选？");
    vt_keys(v, "y");
    expect_filters(1, "true");
}

/* The list opens with it, and it goes before where one was only when that
 * says nothing.
 * proves: LIST-06 */
static void test_default(void **state)
{
    (void)state;
    search("科技");
    save_as("mine");
    vt_expect(v, "已保存为“mine”");
    vt_keys(v, "F");
    vt_expect(v, "» mine");
    vt_keys(v, "d");
    vt_expect(v, "默认");
    expect_filters(1, "is_default");
    kept_escape(v);
    vt_keys(v, "F0");
    vt_expect_gone(v, "/ 科技");
    kept_restart(d, &v, NULL);
    vt_expect_row(v, 1, "/ 科技");
    vt_expect_row(v, 1, "mine");
    search("有限");
    kept_restart(d, &v, NULL);
    vt_expect_row(v, 1, "/ 有限");
    vt_expect_row(v, 1, "mine*");
}

/* proves: LIST-06 */
static void test_share(void **state)
{
    (void)state;
    struct client *other = client_as(d, "finance");
    search("科技");
    save_as("ours");
    vt_expect(v, "已保存为“ours”");
    cJSON *r = client_result(other, "saved_filter.list", "{}");
    assert_int_equal(cJSON_GetArraySize(json_get(r, "rows")), 0);
    cJSON_Delete(r);
    vt_keys(v, "F");
    vt_expect(v, "» ours");
    vt_keys(v, ".");
    vt_expect(v, "── ours ");
    vt_keys(v, "<Down><Down><Down><Down><Enter>");
    vt_expect(v, "所有人");
    vt_keys(v, "<End><Enter>");
    expect_filters(1, "shared = 'all'");
    vt_expect(v, "所有人");
    r = client_result(other, "saved_filter.list", "{}");
    assert_int_equal(cJSON_GetArraySize(json_get(r, "rows")), 1);
    cJSON_Delete(r);
    /* What he shares stands apart, with his name, and can be copied only. */
    r = client_result(other, "saved_filter.create", "%s",
                      "{\"values\":{\"name\":\"theirs\",\"entity\":"
                      "\"customer\",\"shared\":\"all\",\"definition\":{"
                      "\"search\":\"有限\"}}}");
    cJSON_Delete(r);
    client_close(&other);
    kept_escape(v);
    vt_keys(v, "F");
    vt_expect(v, "共享给我的");
    vt_expect(v, "共享。");
    vt_keys(v, "<Down>");
    vt_expect(v, "» theirs");
    vt_keys(v, "<Del>r");
    vt_settle(v, 200);
    vt_expect(v, "» theirs");
    vt_keys(v, "c");
    expect_filters(2, "name = 'theirs'");
    kept_escape(v);
    vt_keys(v, "F2");
    vt_expect_row(v, 1, "/ 有限");
}

/* What the reader may not see is left out, and named; here on contacts, whose
 * addresses are masked for this reader. */
static void test_field_not_for_me(void **state)
{
    (void)state;
    struct daemon *mine = desk_daemon(40, "optimizer");
    struct vt *on = desk_client(mine, NULL);
    struct client *c = client_as(mine, "sales_director");
    vt_expect(on, "客户管理");
    cJSON *r = client_result(
        c, "saved_filter.create", "%s",
        "{\"values\":{\"name\":\"hidden\",\"entity\":\"contact\",\"shared\":"
        "\"all\",\"definition\":{\"filter\":{\"email\":{\"is_null\":true},"
        "\"is_primary\":{\"eq\":true}},\"sort\":[[\"name\",\"asc\"]]}}}");
    cJSON_Delete(r);
    client_close(&c);
    vt_keys(on, ":联系人<Enter>");
    vt_expect(on, "邮箱");
    vt_keys(on, "F");
    vt_expect(on, "hidden");
    vt_keys(on, "1");
    vt_expect(on, "略去了您无权查看的：邮箱");
    vt_expect(on, "姓名↑1");
    vt_expect_row(on, 1, "hidden");
    vt_stop(&on);
    daemon_free(&mine);
}

/* proves: LIST-06, UX-03 */
static void test_narrow(void **state)
{
    (void)state;
    vt_resize(v, 15, 40);
    vt_expect_gone(v, "合作方式");
    search("科技");
    save_as("small");
    vt_expect_row(v, 1, "small");
    kept_escape(v);
    vt_keys(v, "F1");
    vt_expect_row(v, 1, "/ 科技");
    vt_keys(v, "F");
    vt_expect(v, "» small");
    vt_keys(v, "s");
    vt_expect(v, "所有人");
    kept_escape(v);
    vt_expect(v, "保存当前视图");
}

/* --- the order --- */

/* Keys are turned, added, removed and ranked while the header has the keys.
 * proves: LIST-15 */
static void test_order_in_place(void **state)
{
    (void)state;
    vt_keys(v, "s<Home>");
    vt_settle(v, 200);
    vt_keys(v, "s ");
    vt_expect(v, "客户名称↑1");
    vt_keys(v, " ");
    vt_expect(v, "客户名称↓1");
    vt_keys(v, "<Right><Right> ");
    vt_expect(v, "客户行业↑2");
    vt_keys(v, "1");
    vt_expect(v, "客户行业↑1");
    vt_expect(v, "客户名称↓2");
    vt_expect_row(v, 39, "取消排序"); /* the footer says what can be done */
    vt_keys(v, "x");
    vt_expect_gone(v, "客户行业↑1");
    vt_expect(v, "客户名称↓1");
    /* The last one gone, the list is as it was at first. */
    vt_keys(v, "<Left><Left>x");
    vt_expect_gone(v, "客户名称↓1");
    vt_keys(v, "j");
    vt_expect(v, "2/60");
}

/* proves: LIST-15, UX-03 */
static void test_order_narrow(void **state)
{
    (void)state;
    vt_resize(v, 15, 40);
    vt_expect_gone(v, "合作方式");
    vt_keys(v, "s");
    vt_expect(v, "» 更新时间");
    vt_keys(v, "<Home><Enter>");
    vt_expect_gone(v, "── 排序 ");
    vt_keys(v, "s");
    vt_expect(v, "» 客户名称");
    vt_expect(v, "↑1");
    vt_keys(v, "<Down> ");
    vt_expect(v, "↑2");
    vt_keys(v, "1x");
    vt_expect_gone(v, "↑2");
    vt_keys(v, "<Up>.");
    vt_expect(v, "只按此列排序");
    kept_escape(v);
    kept_escape(v);
    vt_resize(v, 40, 120);
    vt_expect(v, "客户名称↑1");
}

/* --- earlier searches --- */

/* proves: LIST-04 */
static void test_earlier_searches(void **state)
{
    (void)state;
    search("科技");
    search("有限");
    search("keji");
    vt_keys(v, "/<C-u>ab");
    vt_settle(v, 100);
    vt_keys(v, "<Up>"); /* none begins with it */
    vt_settle(v, 200);
    vt_expect_row(v, 1, "/ ab");
    vt_keys(v, "<C-u><Up>");
    vt_expect_row(v, 1, "/ keji");
    vt_keys(v, "<Up>");
    vt_expect_row(v, 1, "/ 有限");
    vt_keys(v, "<Up><Up><Up>");
    vt_expect_row(v, 1, "/ 科技");
    vt_keys(v, "<Down><Down>");
    vt_expect_row(v, 1, "/ keji");
    /* Past the newest comes what was typed, and narrows. */
    vt_keys(v, "<C-u>有<Up>");
    vt_expect_row(v, 1, "/ 有限");
    vt_keys(v, "<Down>");
    vt_settle(v, 200);
    assert_null(strstr(vt_row(v, 1), "有限"));
    vt_expect_row(v, 1, "/ 有");
    kept_escape(v);
    kept_expect(d, v, "history.customer", "[\"keji\", \"有限\", \"科技\"]");
    /* Kept for the next start; forgotten one by one, and all. */
    kept_restart(d, &v, NULL);
    vt_expect(v, "/60");
    vt_keys(v, "<C-x>");
    vt_expect(v, "» keji");
    vt_keys(v, "<Del>");
    vt_expect(v, "» 有限");
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 1, "/ 有限");
    vt_keys(v, "<C-x><End><Enter>");
    vt_keys(v, "<C-x>");
    vt_expect(v, "还没有搜索过");
    kept_escape(v);
    kept_expect(d, v, "history.customer", "[]");
}

/* Each entity has its own, wide and narrow.
 * proves: LIST-04, UX-03 */
static void test_earlier_searches_of_contacts(void **state)
{
    static const struct {
        int rows, cols;
    } sizes[] = {{40, 120}, {15, 40}};
    (void)state;
    search("keji");
    vt_keys(v, ":联系人<Enter>");
    vt_expect_row(v, 0, "‹ 联系人");
    search("wang");
    search("li");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        vt_resize(v, sizes[i].rows, sizes[i].cols);
        vt_keys(v, "/<C-u><Up>");
        vt_expect_row(v, 1, "/ li");
        vt_keys(v, "<Up>");
        vt_expect_row(v, 1, "/ wang");
        vt_keys(v, "<Up>"); /* those of customers are not among them */
        vt_settle(v, 200);
        vt_expect_row(v, 1, "/ wang");
        vt_keys(v, "<Down><Enter>");
        vt_expect_row(v, 1, "/ li");
        vt_expect_row(v, 1, " 条");
    }
    kept_expect(d, v, "history.contact", "[\"li\", \"wang\"]");
}

int main(void)
{
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, open_list, close_list)
    const struct CMUnitTest tests[] = {
        CASE(save_and_apply),   CASE(change),
        CASE(default),          CASE(share),
        CASE(field_not_for_me), CASE(narrow),
        CASE(order_in_place),   CASE(order_narrow),
        CASE(earlier_searches), CASE(earlier_searches_of_contacts),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
