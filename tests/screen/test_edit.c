/* Editing a customer in place: validation, saving, two editors at once,
 * leaving without saving. */
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 60
#define BY_CHANGE "[[\"updated_at\",\"desc\"]]"

static struct daemon *d;
static struct client *c;
static struct vt *v;
static char first[STEPS_NAME];
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

static int open_first(void **state)
{
    (void)state;
    id = steps_customer(c, BY_CHANGE, 1, first);
    v = desk_list(d, NULL, CUSTOMERS);
    vt_keys(v, "<Enter>");
    vt_expect(v, "[1合作详情]");
    vt_expect_row(v, 0, first);
    return 0;
}

static int close_screen(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static void expect_stored(const char *field, const char *wanted)
{
    char *text = steps_value(c, id, field);
    assert_string_equal(text, wanted);
    x_free(&text);
}

static void change_behind_the_back(const char *values)
{
    cJSON *r = client_result(c, "customer.get", "{\"id\":%lld}", (long long)id);
    int64_t version = json_int(json_get(r, "record"), "version", 0);
    cJSON_Delete(r);
    r = client_result(c, "customer.update",
                      "{\"id\":%lld,\"version\":%lld,\"values\":%s}",
                      (long long)id, (long long)version, values);
    cJSON_Delete(r);
}

/* proves: DET-10 */
static void test_edits_in_place(void **state)
{
    (void)state;
    vt_keys(v, "e<C-u>长沙市湘江出海有限公司<C-s>");
    vt_expect(v, "已保存。");
    vt_expect_row(v, 0, "长沙市湘江出海有限公司");
    expect_stored("customer_name", "长沙市湘江出海有限公司");
    /* The list below knows too. */
    vt_settle(v, 100);
    vt_keys(v, "<Esc>");
    steps_expect_focus(v, "长沙市湘江出海有限公司");
}

/* From the list `e` edits the common fields of the row.
 * proves: DET-10 */
static void test_edits_from_the_list(void **state)
{
    (void)state;
    vt_keys(v, "<Esc>");
    vt_expect(v, "n新建");
    steps_expect_focus(v, steps_start(first));
    vt_keys(v, "e");
    vt_expect(v, "客户名称 *");
    vt_keys(v, "<C-u>武汉市东湖贸易有限公司<C-s>");
    vt_expect(v, "已保存。");
    expect_stored("customer_name", "武汉市东湖贸易有限公司");
}

/* proves: DET-10, LIST-02 */
static void test_faults_are_told_at_their_field(void **state)
{
    (void)state;
    vt_keys(v, "e<C-u>短<Tab>");
    vt_expect(v, "2");
    vt_keys(v, "<C-s>");
    vt_settle(v, 200);
    assert_false(vt_has(v, "已保存。"));
    expect_stored("customer_name", first);
    /* A name that another customer has: only the daemon knows. */
    char second[STEPS_NAME];
    steps_customer(c, BY_CHANGE, 2, second);
    steps_go_to_field(v, "客户名称 *");
    vt_keys(v, "<C-u>");
    vt_keys(v, second);
    vt_keys(v, "<C-s>");
    vt_expect(v, "已被占用，请换一个。");
    expect_stored("customer_name", first);
}

static void test_nothing_changed(void **state)
{
    (void)state;
    vt_keys(v, "e<C-s>");
    vt_expect(v, "没有修改。");
    expect_stored("customer_name", first);
}

static void test_esc_asks(void **state)
{
    (void)state;
    vt_keys(v, "eX");
    vt_settle(v, 100);
    vt_keys(v, "<Esc>");
    vt_expect(v, "放弃修改？");
    vt_keys(v, "<Esc>"); /* stays */
    vt_expect_gone(v, "放弃修改？");
    vt_expect(v, "^S保存");
    vt_keys(v, "<Esc>");
    vt_expect(v, "放弃修改？");
    vt_keys(v, "y");
    vt_expect_gone(v, "^S保存");
    vt_expect_row(v, 0, first);
    expect_stored("customer_name", first);
}

/* Different fields do not get in each other's way.
 * proves: EDIT-02 */
static void test_two_fields_of_one_record(void **state)
{
    (void)state;
    vt_keys(v, "e<C-u>成都市锦江出海有限公司");
    change_behind_the_back("{\"internal_notes\":\"他人所写\"}");
    vt_keys(v, "<C-s>");
    vt_expect(v, "已保存。");
    expect_stored("customer_name", "成都市锦江出海有限公司");
    expect_stored("internal_notes", "他人所写");
}

/* proves: EDIT-02 */
static void test_conflict_takes_mine(void **state)
{
    (void)state;
    vt_keys(v, "e<C-u>我的新名字有限公司");
    change_behind_the_back("{\"customer_name\":\"对方新名字有限公司\"}");
    vt_keys(v, "<C-s>");
    vt_expect(v, "此记录已被他人同时修改");
    vt_expect(v, "对方新名字有限公司");
    vt_expect(v, "我的新名字有限公司");
    vt_expect(v, steps_start(first));
    expect_stored("customer_name", "对方新名字有限公司");
    vt_keys(v, "m<C-s>");
    vt_expect(v, "已保存。");
    expect_stored("customer_name", "我的新名字有限公司");
}

/* On a narrow screen the three stand under each other, each to be read.
 * proves: EDIT-02, UX-03 */
static void test_conflict_narrow(void **state)
{
    (void)state;
    vt_keys(v, "e<C-u>窄屏我的名字公司");
    change_behind_the_back("{\"customer_name\":\"窄屏对方名字公司\"}");
    vt_keys(v, "<C-s>");
    vt_expect(v, "此记录已被他人同时修改");
    vt_resize(v, 15, 40);
    vt_expect(v, "对方的  窄屏对方名字公司");
    vt_expect(v, "我的    窄屏我的名字公司");
    vt_keys(v, "t<C-s>");
    vt_expect_row(v, 0, "窄屏对方名字公司");
    expect_stored("customer_name", "窄屏对方名字公司");
}

/* proves: EDIT-02 */
static void test_conflict_takes_theirs(void **state)
{
    (void)state;
    vt_keys(v, "e<C-u>第三个名字有限公司");
    change_behind_the_back("{\"customer_name\":\"第四个名字有限公司\"}");
    vt_keys(v, "<C-s>");
    vt_expect(v, "此记录已被他人同时修改");
    vt_keys(v, "t<C-s>");
    vt_expect_row(v, 0, "第四个名字有限公司");
    expect_stored("customer_name", "第四个名字有限公司");
}

/* Left, the conflict changes nothing: the form is as it was.
 * proves: EDIT-02 */
static void test_conflict_left(void **state)
{
    (void)state;
    vt_keys(v, "e<C-u>第五个名字有限公司");
    change_behind_the_back("{\"customer_name\":\"第六个名字有限公司\"}");
    vt_keys(v, "<C-s>");
    vt_expect(v, "此记录已被他人同时修改");
    vt_settle(v, 100);
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "此记录已被他人同时修改");
    vt_expect(v, "第五个名字有限公司");
    vt_expect(v, "^S保存");
    expect_stored("customer_name", "第六个名字有限公司");
}

/* The daemon goes while it is asked to save: the change is made once, when it
 * is back, and nobody is told of a conflict with himself. */
static void test_saves_over_a_lost_connection(void **state)
{
    (void)state;
    vt_keys(v, "e<C-u>断线重连出海有限公司");
    client_close(&c);
    daemon_kill(d);
    vt_expect(v, "已断开");
    vt_keys(v, "<C-s>");
    vt_expect(v, "保存中");
    daemon_run(d);
    c = client_as(d, "sales_director");
    vt_expect(v, "已保存。");
    assert_false(vt_has(v, "此记录已被他人同时修改"));
    expect_stored("customer_name", "断线重连出海有限公司");
}

int main(void)
{
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, open_first, close_screen)
    const struct CMUnitTest tests[] = {
        CASE(edits_in_place),
        CASE(edits_from_the_list),
        CASE(faults_are_told_at_their_field),
        CASE(nothing_changed),
        CASE(esc_asks),
        CASE(two_fields_of_one_record),
        CASE(conflict_takes_mine),
        CASE(conflict_takes_theirs),
        CASE(conflict_narrow),
        CASE(conflict_left),
        CASE(saves_over_a_lost_connection),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
