/* A new customer in five steps: what is asked for and refused, back and forth
 * without loss, the review, and that it is made once however the line
 * behaves. */
#include "tests/screen/wizard_steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 40
#define BY_CHANGE "[[\"updated_at\",\"desc\"]]"

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

static int open_wide(void **state)
{
    (void)state;
    v = desk_client(d, NULL);
    wizard_open_new(v);
    return 0;
}

static int open_narrow(void **state)
{
    const struct vt_options o = {.rows = 15, .cols = 40};
    (void)state;
    v = desk_client(d, &o);
    vt_expect(v, "1/");
    vt_keys(v, "n");
    wizard_expect_step(v, 1, "合作信息");
    vt_expect(v, "» 客户名称 *");
    return 0;
}

static int close_screen(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static int64_t count(const char *entity)
{
    char method[64];
    snprintf(method, sizeof(method), "%s.count", entity);
    cJSON *r = client_result(c, method, "{}");
    int64_t total = json_int(r, "total", -1);
    cJSON_Delete(r);
    return total;
}

/* The customer changed last has this name and these people. */
static void expect_customer(const char *wanted, const char *primary)
{
    char name[STEPS_NAME];
    int64_t id = steps_customer(c, BY_CHANGE, 1, name);
    assert_string_equal(name, wanted);
    char *person = steps_value(c, id, "contact_person");
    assert_string_equal(person, primary);
    x_free(&person);
}

/* --- what is asked for --- */

/* When a field is left, when a step is left, and in the end.
 * proves: NEW-02, LIST-02 */
static void test_checks_field_step_and_all(void **state)
{
    (void)state;
    int64_t before = count("customer");
    vt_keys(v, "短<Tab>"); /* a field */
    vt_expect(v, "2");
    vt_keys(v, "<S-Tab><C-u>");
    vt_keys(v, "<C-n>"); /* a step */
    vt_expect(v, "请填写客户名称。");
    vt_expect(v, "请填写签单销售。");
    vt_expect(v, "[⚠ 合作信息]");
    assert_int_equal(count("customer"), before);
}

/* Going back is always allowed; the end shows the first fault, wherever.
 * proves: NEW-01, NEW-02 */
static void test_back_and_first_fault(void **state)
{
    (void)state;
    wizard_fill_first(v, "昆明市滇池出海有限公司");
    vt_keys(v, "<C-n>"); /* nothing of step 2 is filled in */
    vt_expect(v, "请填写客户行业。");
    vt_expect(v, "至少需要一位");
    vt_keys(v, "<C-p>");
    wizard_expect_step(v, 1, "合作信息");
    vt_expect(v, "昆明市滇池出海有限公司");
    vt_keys(v, "<F4>");
    vt_expect(v, "这是第一处");
    vt_expect(v, "[⚠ 基础信息]");
    steps_expect_focus(v, "客户行业 *");
}

/* --- all five steps --- */

/* Two contacts, ordered, the second made primary; back and forth; the review
 * leads to a field and back.
 * proves: NEW-01, DET-04 */
static void test_makes_a_customer_with_two_contacts(void **state)
{
    (void)state;
    int64_t before = count("customer"), people = count("contact");
    wizard_fill_first(v, "合肥市包河出海有限公司");
    wizard_fill_second(v);
    wizard_add_contact(v, "诸葛亮", "13700001111");
    vt_expect(v, "[主要联系人]");
    wizard_add_contact(v, "赵子龙", "13700002222");
    steps_expect_focus(v, "2  赵子龙");
    vt_keys(v, "K");
    steps_expect_focus(v, "1  赵子龙");
    vt_keys(v, "P");
    steps_expect_focus(v, "[主要联系人]");
    wizard_to_review(v);
    vt_expect(v, "合肥市包河出海有限公司");
    vt_expect(v, "1  赵子龙  13700002222  [主要联系人]");
    vt_expect(v, "2  诸葛亮  13700001111");
    /* From the review to a field, and back without loss. */
    vt_keys(v, "<Home><Down><Enter>");
    wizard_expect_step(v, 1, "合作信息");
    steps_expect_focus(v, "客户名称 *");
    vt_keys(v, "<F4>");
    vt_expect(v, "» [ 提交 ]");
    vt_keys(v, "<Enter>");
    vt_expect(v, "已新建。");
    vt_expect_row(v, 0, "合肥市包河出海有限公司");
    assert_int_equal(count("customer"), before + 1);
    assert_int_equal(count("contact"), people + 2);
    expect_customer("合肥市包河出海有限公司", "赵子龙");
}

/* The primary contact needs a phone; a contact that is taken out is gone.
 * proves: DET-04 */
static void test_contacts_are_checked(void **state)
{
    (void)state;
    wizard_fill_first(v, "太原市汾河出海有限公司");
    wizard_fill_second(v);
    wizard_go_to_add(v);
    vt_keys(v, "<Enter>");
    vt_expect(v, "» 姓名 *");
    vt_keys(v, "诸葛亮<C-s>"); /* a contact needs none in general … */
    vt_expect_gone(v, "姓名 *");
    vt_keys(v, "<C-n>"); /* … but the primary one does */
    vt_expect(v, "主要的一位必须填写");
    steps_expect_focus(v, "诸葛亮");
    wizard_add_contact(v, "赵子龙", "13700002222");
    vt_keys(v, "<Up>");
    steps_expect_focus(v, "诸葛亮");
    vt_keys(v, "d");
    vt_expect(v, "从列表中移除？");
    vt_keys(v, "y");
    vt_expect_gone(v, "诸葛亮");
    vt_expect(v, "1  赵子龙  13700002222  [主要联系人]");
    vt_keys(v, "<C-n>");
    wizard_expect_step(v, 3, "独立站情况");
}

/* Competitors and items of attention go with it as well.
 * proves: NEW-01, DET-06, DET-07 */
static void test_competitors_and_attention(void **state)
{
    (void)state;
    int64_t rivals = count("competitor"), items = count("attention");
    wizard_fill_first(v, "兰州市黄河出海有限公司");
    wizard_fill_second(v);
    wizard_add_contact(v, "诸葛亮", "13700001111");
    vt_keys(v, "<C-n>");
    wizard_expect_step(v, 3, "独立站情况");
    vt_keys(v, "<C-n>");
    wizard_expect_step(v, 4, "竞争对手");
    wizard_add_competitor(v, "甲公司", "https://a.example.com");
    wizard_add_competitor(v, "乙公司", "https://b.example.com");
    wizard_add_competitor(v, "丙公司", "https://c.example.com");
    vt_keys(v, "<C-n>");
    wizard_expect_step(v, 5, "特别关注");
    wizard_add_attention(v, "每周一上午开会");
    vt_keys(v, "<C-n>");
    vt_expect(v, "» [ 提交 ]");
    vt_expect(v, "乙公司");
    vt_expect(v, "每周一上午开会");
    vt_keys(v, "<Enter>");
    vt_expect(v, "已新建。");
    assert_int_equal(count("competitor"), rivals + 3);
    assert_int_equal(count("attention"), items + 1);
}

/* Told while it is typed, listed, opened; never in the way.
 * proves: NEW-03 */
static void test_similar_ones(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    steps_customer(c, "[[\"customer_name\",\"asc\"]]", 3, name);
    vt_keys(v, name);
    vt_expect(v, "⚠ 相似客户：");
    vt_expect(v, "F3 查看");
    vt_keys(v, "<F3>");
    vt_expect(v, "── 相似客户");
    steps_expect_focus(v, steps_start(name));
    vt_keys(v, "<Enter>");
    vt_expect(v, "[1合作详情]");
    vt_expect_row(v, 0, name);
    vt_settle(v, 100);
    vt_keys(v, "<Esc>"); /* back to what was typed */
    wizard_expect_step(v, 1, "合作信息");
    vt_keys(v, "<C-u>云上独一无二");
    vt_expect_gone(v, "⚠ 相似客户：");
}

/* What only the daemon knows is told where it belongs.
 * proves: LIST-02 */
static void test_a_name_that_exists_is_refused(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    steps_customer(c, "[[\"customer_name\",\"asc\"]]", 1, name);
    int64_t before = count("customer");
    wizard_fill(v, name);
    vt_keys(v, "<Enter>");
    vt_expect(v, "已被占用，请换一个。");
    steps_expect_focus(v, "客户名称");
    assert_int_equal(count("customer"), before);
    vt_keys(v, "<End>二<F4>");
    vt_expect(v, "» [ 提交 ]");
    vt_keys(v, "<Enter>");
    vt_expect(v, "已新建。");
    assert_int_equal(count("customer"), before + 1);
}

/* Sent while the daemon goes down: made once, when it is back.
 * proves: NEW-01 */
static void test_made_once_over_a_lost_connection(void **state)
{
    (void)state;
    int64_t before = count("customer");
    wizard_fill(v, "南昌市赣江出海有限公司");
    client_close(&c);
    daemon_kill(d);
    vt_expect(v, "已断开");
    vt_keys(v, "<Enter>");
    vt_expect(v, "保存中");
    daemon_run(d);
    c = client_as(d, "sales_director");
    vt_expect(v, "已新建。");
    assert_int_equal(count("customer"), before + 1);
}

/* Everything by arrows, Tab, Enter and Esc on the smallest screen.
 * proves: UX-03, NEW-01 */
static void test_narrow(void **state)
{
    (void)state;
    int64_t before = count("customer");
    vt_keys(v, "贵阳市南明出海有限公司");
    wizard_pick(v, "签单销售 *", "刘清扬", "刘清扬");
    for (int i = 0; i < 40 && !vt_has(v, "» [ 下一步 ]"); i++)
        vt_keys(v, "<Tab>"), vt_settle(v, 30);
    vt_keys(v, "<Enter>");
    wizard_expect_step(v, 2, "基础信息");
    wizard_fill_second(v);
    wizard_add_contact(v, "诸葛亮", "13700001111");
    wizard_to_review(v);
    vt_keys(v, "<Enter>");
    vt_expect(v, "已新建。");
    assert_int_equal(count("customer"), before + 1);
    expect_customer("贵阳市南明出海有限公司", "诸葛亮");
}

int main(void)
{
#define WIDE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, open_wide, close_screen)
    const struct CMUnitTest tests[] = {
        WIDE(checks_field_step_and_all),
        WIDE(back_and_first_fault),
        WIDE(makes_a_customer_with_two_contacts),
        WIDE(contacts_are_checked),
        WIDE(competitors_and_attention),
        WIDE(similar_ones),
        WIDE(a_name_that_exists_is_refused),
        WIDE(made_once_over_a_lost_connection),
        cmocka_unit_test_setup_teardown(test_narrow, open_narrow, close_screen),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
