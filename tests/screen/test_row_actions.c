/* What can be done with a row of a list: from its keys, the menu and the
 * mouse.
 * proves: LIST-09 */
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

#define CUSTOMERS 60
#define BY_CHANGE "[[\"updated_at\",\"desc\"]]"

static const struct vt_options wide = {.rows = 40, .cols = 120};
static const struct vt_options narrow = {.rows = 15, .cols = 40};

static struct daemon *d;
static struct client *c;
static struct vt *v;
static char name[STEPS_NAME];
static int64_t id;

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

static int close_screen(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static void open_list(const struct vt_options *o)
{
    id = steps_customer(c, BY_CHANGE, 1, name);
    v = desk_list(d, o, CUSTOMERS);
    steps_expect_focus(v, steps_start(name));
}

/* The clipboard as text; base64 of it comes after "c;". */
static const char *clipboard(void)
{
    static char out[4096];
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = vt_clipboard(v);
    unsigned bits = 0;
    int have = 0;
    size_t n = 0;
    for (at += strncmp(at, "c;", 2) == 0 ? 2 : 0; *at && *at != '='; at++) {
        const char *digit = strchr(digits, *at);
        assert_non_null(digit);
        bits = bits << 6 | (unsigned)(digit - digits);
        have += 6;
        if (have >= 8 && n + 1 < sizeof(out))
            out[n++] = (char)(bits >> (have -= 8) & 0xff);
    }
    out[n] = '\0';
    return out;
}

static void set_sites(const char *json)
{
    cJSON *r = client_result(c, "customer.get", "{\"id\":%lld}", (long long)id);
    int64_t version = json_int(json_get(r, "record"), "version", 0);
    cJSON_Delete(r);
    cJSON_Delete(client_result(
        c, "customer.update",
        "{\"id\":%lld,\"version\":%lld,\"values\":{\"website_urls\":%s}}",
        (long long)id, (long long)version, json));
}

static bool copied(struct vt *at, void *text)
{
    (void)at;
    return strstr(clipboard(), text) != NULL;
}

static void expect_copied(const char *text)
{
    char copy[STEPS_NAME];
    snprintf(copy, sizeof(copy), "%s", text);
    if (!vt_wait(v, copied, copy, VT_PATIENCE))
        check_fail("\"%s\" was not copied, but \"%s\"", text, clipboard());
}

/* `label` of the menu `Y`. */
static void copy_from_menu(const char *label)
{
    vt_keys(v, "Y");
    vt_expect(v, "── 复制：");
    for (int i = 0; i < 60; i++) {
        char row[STEPS_NAME * 2];
        int y;
        vt_cursor(v, &y, NULL, NULL);
        snprintf(row, sizeof(row), "%s", vt_row(v, y));
        if (strstr(row, label))
            break;
        vt_keys(v, "<Down>");
        vt_settle(v, 60);
    }
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, "── 复制：");
}

static void expect_copies(const struct vt_options *o)
{
    char number[32];
    open_list(o);
    vt_keys(v, "y");
    expect_copied(name);
    copy_from_menu("编号");
    snprintf(number, sizeof(number), "%lld", (long long)id);
    expect_copied(number);
    copy_from_menu("整行文本");
    expect_copied("\t");
    assert_memory_equal(clipboard(), name, strlen(name));
    copy_from_menu("整行 JSON");
    expect_copied("\"id\":");
    cJSON *row = cJSON_Parse(clipboard());
    assert_int_equal(json_int(row, "id", 0), id);
    assert_string_equal(json_str(row, "customer_name", ""), name);
    cJSON_Delete(row);
    copy_from_menu("编号");
    copy_from_menu("客户名称");
    expect_copied(name);
    assert_string_equal(clipboard(), name);
}

static void test_copies(void **state)
{
    (void)state;
    expect_copies(&wide);
}

static void test_copies_narrow(void **state)
{
    (void)state;
    expect_copies(&narrow);
}

/* Its site, though it is no column; several are a menu, none is said. */
static void test_site(void **state)
{
    (void)state;
    static const struct vt_options *const sizes[] = {&wide, &narrow};
    for (int i = 0; i < 2; i++) {
        id = steps_customer(c, BY_CHANGE, 1, name);
        set_sites("[\"https://one.example.com\"]");
        open_list(sizes[i]);
        vt_keys(v, "o");
        expect_copied("https://one.example.com");
        set_sites("[\"https://one.example.com\",\"https://two.example.com\"]");
        vt_keys(v, "o");
        vt_expect(v, "https://two.e");
        vt_keys(v, "<Down><Enter>");
        expect_copied("https://two.example.com");
        vt_stop(&v);
    }
}

/* The children of this one customer in a list of their own, with New there. */
static void expect_children(const struct vt_options *o)
{
    open_list(o);
    cJSON *r = client_result(c, "contact.count",
                             "{\"filter\":{\"customer_id\":{\"eq\":%lld}}}",
                             (long long)id);
    char foot[32];
    snprintf(foot, sizeof(foot), "1/%lld", (long long)json_int(r, "total", 0));
    cJSON_Delete(r);
    vt_keys(v, "C");
    vt_expect_row(v, 0, "联系人");
    vt_expect_row(v, 0, steps_start(name));
    vt_expect(v, foot);
    vt_keys(v, "n");
    vt_expect(v, "新建联系人");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "新建联系人");
    vt_keys(v, "<Esc>");
    vt_expect_row(v, 0, "客户管理");
    steps_expect_focus(v, steps_start(name));
}

static void test_children(void **state)
{
    (void)state;
    expect_children(&wide);
}

static void test_children_narrow(void **state)
{
    (void)state;
    expect_children(&narrow);
}

/* A question for this customer; on contacts there is no such action. */
static void test_adds_a_question(void **state)
{
    (void)state;
    open_list(&wide);
    vt_keys(v, "Q");
    vt_expect(v, "新建Q&A");
    vt_keys(v, "<Esc>");
    vt_expect_row(v, 0, "客户管理");
    vt_keys(v, ":联系人<Enter>");
    vt_expect_row(v, 0, "联系人");
    vt_expect(v, "»");
    vt_keys(v, "Q");
    vt_expect(v, "此处不可用");
}

/* The menu names what there is, and nothing that has no entity (yet). */
static void test_menu(void **state)
{
    (void)state;
    open_list(&wide);
    vt_keys(v, ".");
    vt_expect(v, "── 操作");
    assert_false(vt_has(v, "广告账户"));
    vt_keys(v, "<Enter>"); /* the first: open */
    vt_expect(v, "[1合作详情]");
}

/* The right button takes the row it is over, then opens its menu. */
static void test_right_click(void **state)
{
    (void)state;
    char fourth[STEPS_NAME];
    static const struct vt_options *const sizes[] = {&wide, &narrow};
    for (int i = 0; i < 2; i++) {
        open_list(sizes[i]);
        steps_customer(c, BY_CHANGE, 4, fourth);
        int row = vt_find(v, steps_start(fourth), NULL);
        assert_true(row > 0);
        vt_click(v, 3, row, 6);
        vt_expect(v, "── 操作");
        vt_keys(v, "<Esc>");
        vt_expect_gone(v, "── 操作");
        steps_expect_focus(v, steps_start(fourth));
        vt_stop(&v);
    }
}

/* Contacts are copied as customers are. */
static void test_contacts(void **state)
{
    (void)state;
    open_list(&narrow);
    vt_keys(v, ":联系人<Enter>");
    vt_expect_row(v, 0, "联系人");
    vt_expect(v, "»");
    vt_expect(v, "1/");
    copy_from_menu("整行 JSON");
    expect_copied("\"id\":");
    cJSON *row = cJSON_Parse(clipboard());
    assert_true(json_int(row, "id", 0) > 0);
    assert_string_not_equal(json_str(row, "name", ""), "");
    cJSON_Delete(row);
    vt_keys(v, "o");
    vt_expect(v, "此处不可用");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_teardown(test_##name, close_screen)
    const struct CMUnitTest tests[] = {
        CASE(copies),   CASE(copies_narrow),   CASE(site),
        CASE(children), CASE(children_narrow), CASE(adds_a_question),
        CASE(menu),     CASE(right_click),     CASE(contacts),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
