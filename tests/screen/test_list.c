/* The list of customers on the screen: columns, moving, sorting, searching,
 * narrow terminals, a lost daemon. */
#include "common/i18n.h"
#include "common/utf8.h"
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 300
#define BY_CHANGE "[[\"updated_at\",\"desc\"]]"
#define FIRST_ROW 3

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

static void expect_focus_on(int n, const char *sort)
{
    char name[STEPS_NAME], position[32];
    steps_customer(c, sort, n, name);
    snprintf(position, sizeof(position), " %d/%d", n, CUSTOMERS);
    vt_expect(v, position);
    steps_expect_focus(v, steps_start(name));
}

/* proves: LIST-01 */
static void test_columns(void **state)
{
    static const char *const labels[] = {"客户名称",    "合作方式", "客户行业",
                                         "地区",        "联系人",   "服务团队",
                                         "合作开始时间"};
    char name[STEPS_NAME];
    int before = -1;
    (void)state;
    vt_expect_row(v, 0, "客户管理");
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        int col;
        assert_int_equal(vt_find(v, labels[i], &col), FIRST_ROW - 1);
        assert_true(col > before);
        before = col;
    }
    for (int n = 1; n <= 10; n++) {
        steps_customer(c, BY_CHANGE, n, name);
        vt_expect_row(v, FIRST_ROW + n - 1, steps_start(name));
    }
    vt_expect_row(v, 1, "共 300 条");
}

/* proves: LIST-18 */
static void test_moves(void **state)
{
    (void)state;
    expect_focus_on(1, BY_CHANGE);
    vt_keys(v, "jjj");
    expect_focus_on(4, BY_CHANGE);
    vt_keys(v, "k<Down>");
    expect_focus_on(4, BY_CHANGE);
    vt_keys(v, "G");
    expect_focus_on(CUSTOMERS, BY_CHANGE);
    vt_keys(v, "g");
    expect_focus_on(1, BY_CHANGE);
    vt_keys(v, "<End>");
    expect_focus_on(CUSTOMERS, BY_CHANGE);
    vt_keys(v, "<Home>");
    expect_focus_on(1, BY_CHANGE);
    vt_keys(v, "<PgDn>");
    expect_focus_on(37, BY_CHANGE);
    vt_keys(v, "<C-d>");
    expect_focus_on(55, BY_CHANGE);
    vt_keys(v, "<C-u><PgUp>");
    expect_focus_on(1, BY_CHANGE);
    vt_keys(v, ":150<Enter>");
    expect_focus_on(150, BY_CHANGE);
    /* Past the end is the end. */
    vt_keys(v, ":99999<Enter>");
    expect_focus_on(CUSTOMERS, BY_CHANGE);
}

/* To the last row before anybody knows how many there are.
 * proves: LIST-18 */
static void test_last_before_the_count(void **state)
{
    (void)state;
    expect_focus_on(1, BY_CHANGE);
    vt_keys(v, "/公司<Enter>");
    vt_expect(v, "条 / 共");
    vt_keys(v, "/<C-u><Enter>G");
    expect_focus_on(CUSTOMERS, BY_CHANGE);
    /* Who moves on meanwhile stays where he went. */
    vt_keys(v, "g/公司<Enter>");
    vt_expect(v, "条 / 共");
    vt_keys(v, "/<C-u><Enter>Gg");
    expect_focus_on(1, BY_CHANGE);
}

/* Every row once, in the daemon's order, page after page.
 * proves: LIST-18 */
static void test_every_row(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    cJSON *all = client_result(c, "customer.list",
                               "{\"columns\":[\"customer_name\"],\"sort\":%s,"
                               "\"limit\":%d}",
                               BY_CHANGE, CUSTOMERS);
    const cJSON *row = json_get(all, "rows")->child;
    for (int n = 1; n <= CUSTOMERS; n++, row = row->next) {
        char position[32];
        snprintf(position, sizeof(position), " %d/%d", n, CUSTOMERS);
        vt_expect(v, position);
        snprintf(name, sizeof(name), "%s", row->child->next->next->valuestring);
        steps_expect_focus(v, steps_start(name));
        vt_keys(v, "j");
    }
    cJSON_Delete(all);
}

/* proves: LIST-15 */
static void test_sort(void **state)
{
    (void)state;
    vt_keys(v, "s<Enter>");
    vt_expect(v, "客户名称↑1");
    expect_focus_on(1, "[[\"customer_name\",\"asc\"]]");
    vt_keys(v, "s<Enter>");
    vt_expect(v, "客户名称↓1");
    expect_focus_on(1, "[[\"customer_name\",\"desc\"]]");
    vt_keys(v, "s<Right><Right><Enter>");
    vt_expect(v, "客户行业↑1");
    vt_keys(v, "S<Left><Left>S");
    vt_expect(v, "客户名称↑2");
    expect_focus_on(1, "[[\"industry\",\"asc\"],[\"customer_name\",\"asc\"]]");
    /* Leaving the header changes nothing. */
    vt_keys(v, "s<Right>");
    vt_settle(v, 100); /* Esc and a letter at once would be Alt */
    vt_keys(v, "<Esc>");
    vt_settle(v, 100);
    vt_keys(v, "j");
    expect_focus_on(2, "[[\"industry\",\"asc\"],[\"customer_name\",\"asc\"]]");
}

/* proves: LIST-16 */
static void test_frozen_column(void **state)
{
    char name[STEPS_NAME];
    int col;
    (void)state;
    steps_customer(c, BY_CHANGE, 1, name);
    vt_keys(v, "ll");
    vt_expect_gone(v, "合作方式");
    vt_expect_gone(v, "客户行业");
    vt_expect_row(v, FIRST_ROW, steps_start(name));
    assert_int_equal(vt_find(v, "客户名称", &col), FIRST_ROW - 1);
    assert_int_equal(col, 2);
    for (int i = 0; i < 40; i++)
        vt_keys(v, "l");
    vt_expect(v, "签单销售");
    vt_expect_row(v, FIRST_ROW, steps_start(name));
    for (int i = 0; i < 50; i++)
        vt_keys(v, "h");
    vt_expect(v, "合作方式");
}

/* Scrolled sideways the terminal moves what is there: what then stands on it
 * is what drawing everything anew gives.
 * proves: LIST-16 */
static void test_sideways_is_exact(void **state)
{
    static const char *const moves[] = {"l", "l",  "l",  "h",   "h", "ll",
                                        "h", "hh", "jl", "Glh", "gh"};
    (void)state;
    for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
        vt_keys(v, moves[i]);
        vt_settle(v, 300);
        char *moved = x_strdup(vt_dump(v));
        vt_keys(v, "<C-l>");
        vt_settle(v, 300);
        assert_string_equal(vt_dump(v), moved);
        x_free(&moved);
    }
}

static int64_t count_matches(const char *needle)
{
    cJSON *r =
        client_result(c, "customer.count", "{\"search\":\"%s\"}", needle);
    int64_t total = json_int(r, "total", -1);
    cJSON_Delete(r);
    return total;
}

static void expect_matches(const char *needle)
{
    char words[64];
    snprintf(words, sizeof(words), "%lld 条 / 共 300",
             (long long)count_matches(needle));
    vt_expect(v, words);
}

/* Does this part of a text stand out from the one before it, in some row? */
static bool is_restyled(struct vt *on, void *part)
{
    for (int row = FIRST_ROW; row < 39; row++) {
        char text[1024];
        snprintf(text, sizeof(text), "%s", vt_row(on, row));
        const char *at = strstr(text, part);
        if (!at || at == text)
            continue;
        int col = utf8_width_n(text, (size_t)(at - text));
        struct vt_cell hit = vt_cell(on, row, col);
        struct vt_cell plain = vt_cell(on, row, 1);
        if (hit.fg != plain.fg || hit.bg != plain.bg ||
            hit.bold != plain.bold || hit.reverse != plain.reverse ||
            hit.underline != plain.underline)
            return true;
    }
    return false;
}

/* Half a second after the last key, without Enter; the match stands out.
 * proves: LIST-03, LIST-07 */
static void test_search(void **state)
{
    (void)state;
    assert_true(count_matches("科技") > 0);
    assert_false(is_restyled(v, "科技"));
    vt_keys(v, "/科技");
    expect_matches("科技");
    assert_non_null(strstr(vt_row(v, FIRST_ROW), "科技"));
    assert_true(vt_wait(v, is_restyled, "科技", VT_PATIENCE));
    vt_keys(v, "<Enter>");
    vt_settle(v, 100);
    vt_keys(v, "<Esc>");
    vt_expect(v, "共 300 条");
    expect_focus_on(1, BY_CHANGE);
}

/* proves: LIST-03 */
static void test_search_by_pinyin(void **state)
{
    (void)state;
    assert_int_equal(count_matches("keji"), count_matches("科技"));
    vt_keys(v, "/keji<Enter>");
    expect_matches("keji");
    assert_true(vt_wait(v, is_restyled, "科技", VT_PATIENCE));
    vt_keys(v, "/<C-u>kj<Enter>");
    expect_matches("kj");
}

static void test_nothing_found(void **state)
{
    (void)state;
    vt_keys(v, "/没有这样的客户<Enter>");
    vt_expect(v, "没有与“没有这样的客户”匹配的记录。");
    vt_expect(v, "0 条 / 共 300");
    vt_keys(v, "<Esc>");
    expect_focus_on(1, BY_CHANGE);
}

/* proves: UX-02 */
static void test_mouse(void **state)
{
    char name[STEPS_NAME];
    int col;
    (void)state;
    vt_click(v, 1, FIRST_ROW + 4, 10);
    expect_focus_on(5, BY_CHANGE);
    vt_click(v, 5, 20, 10); /* the wheel moves the rows: three */
    steps_customer(c, BY_CHANGE, 4, name);
    vt_expect_row(v, FIRST_ROW, steps_start(name));
    expect_focus_on(5, BY_CHANGE);
    vt_click(v, 5, 20, 10); /* the cursor stays in sight */
    expect_focus_on(7, BY_CHANGE);
    assert_int_equal(vt_find(v, "客户行业", &col), FIRST_ROW - 1);
    vt_click(v, 1, FIRST_ROW - 1, col);
    vt_expect(v, "客户行业↑1");
    vt_click(v, 1, FIRST_ROW - 1, 3);
    vt_expect(v, "客户名称↑1");
    expect_focus_on(1, "[[\"customer_name\",\"asc\"]]");
    /* A double click opens, wherever the focus was. */
    steps_customer(c, "[[\"customer_name\",\"asc\"]]", 3, name);
    vt_click(v, 1, FIRST_ROW + 2, 10);
    vt_click(v, 1, FIRST_ROW + 2, 10);
    vt_expect(v, "[1合作详情]");
    vt_expect_row(v, 0, name);
    vt_expect(v, "2客户基础信息");
    vt_find(v, "2客户基础信息", &col);
    vt_click(v, 1, 1, col + 2);
    vt_expect(v, "[2客户基础信息]");
    vt_click(v, 1, 0, 1); /* the mark of the way back */
    vt_expect(v, "客户名称↑1");
    vt_expect_gone(v, "2客户基础信息");
}

/* What stands in the footer and around a sheet can be clicked. */
static void test_mouse_around(void **state)
{
    int row, col;
    (void)state;
    row = vt_find(v, "?帮助", &col);
    assert_int_equal(row, 39);
    vt_click(v, 1, row, col + 2);
    vt_expect(v, "本页按键");
    vt_click(v, 1, 0, 30); /* outside: closed */
    vt_expect_gone(v, "本页按键");
    vt_keys(v, "#");
    vt_expect(v, "[ 取消 ]");
    row = vt_find(v, "[ 取消 ]", &col);
    vt_click(v, 1, row, col + 3);
    vt_expect_gone(v, "[ 取消 ]");
    /* The right button is for the row it is pressed on. */
    vt_click(v, 3, FIRST_ROW + 6, 30);
    vt_expect(v, "── 操作");
    vt_keys(v, "<Esc>");
    expect_focus_on(7, BY_CHANGE);
    row = vt_find(v, "搜索", &col);
    vt_click(v, 1, row, col);
    vt_keys(v, "科技<Enter>");
    expect_matches("科技");
    /* Its second press is too far away to be a double click. */
    vt_click(v, 1, FIRST_ROW, 10);
    vt_click(v, 1, FIRST_ROW + 1, 10);
    vt_keys(v, "<F6>");
    vt_expect(v, "鼠标");
    assert_false(vt_mouse(v));
}

/* Fast keys all count, whatever has arrived. */
static void test_keys_never_wait(void **state)
{
    (void)state;
    vt_keys(v, "GggGgjjjj<PgDn><PgDn>kk<C-d>");
    expect_focus_on(1 + 4 + 36 + 36 - 2 + 18, BY_CHANGE);
}

/* proves: UX-03 */
static void test_narrow(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    steps_customer(c, BY_CHANGE, 1, name);
    vt_resize(v, 15, 40);
    vt_expect_gone(v, "合作方式");
    vt_expect_row(v, 2, steps_start(name));
    vt_keys(v, "jjjjjjjjjj");
    vt_expect(v, "11/300");
    steps_customer(c, BY_CHANGE, 11, name);
    vt_expect_row(v, steps_focus(v), steps_start(name));
    vt_keys(v, "<Enter>");
    vt_expect(v, "1/7");
    vt_keys(v, "<Esc>");
    vt_resize(v, 40, 120);
    vt_expect(v, "合作方式");
    expect_focus_on(11, BY_CHANGE);
    /* So small that nothing fits: it comes back whole. */
    vt_resize(v, 3, 10);
    vt_resize(v, 40, 120);
    expect_focus_on(11, BY_CHANGE);
}

static void test_daemon_away_and_back(void **state)
{
    (void)state;
    vt_keys(v, "jjjjj");
    expect_focus_on(6, BY_CHANGE);
    client_close(&c);
    daemon_kill(d);
    vt_expect(v, "已断开");
    vt_keys(v, "j"); /* what is here can be looked at */
    vt_expect(v, " 7/300");
    daemon_run(d);
    vt_expect_gone(v, "已断开");
    c = client_as(d, "sales_director");
    expect_focus_on(7, BY_CHANGE);
    vt_keys(v, "G");
    expect_focus_on(CUSTOMERS, BY_CHANGE);
}

/* Any entity has a list, from the palette. */
static void test_other_lists(void **state)
{
    (void)state;
    vt_keys(v, ":联系人<Enter>");
    vt_expect(v, "岗位");
    vt_expect(v, "邮箱");
    vt_keys(v, "<Esc>");
    expect_focus_on(1, BY_CHANGE);
    vt_keys(v, "q");
    assert_int_equal(vt_wait_exit(v, VT_PATIENCE), 0);
}

int main(void)
{
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, open_list, close_list)
    const struct CMUnitTest tests[] = {
        CASE(columns),       CASE(moves),
        CASE(every_row),     CASE(sort),
        CASE(frozen_column), CASE(sideways_is_exact),
        CASE(search),        CASE(search_by_pinyin),
        CASE(nothing_found), CASE(keys_never_wait),
        CASE(mouse),         CASE(mouse_around),
        CASE(narrow),        CASE(daemon_away_and_back),
        CASE(other_lists),   CASE(last_before_the_count),
    };
    i18n_init(NULL); /* cell widths */
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
