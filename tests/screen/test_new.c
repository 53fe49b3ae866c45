/* A new customer: what is asked for, what is refused, and that it is made
 * once however the line behaves. */
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 40

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

static int open_form(void **state)
{
    (void)state;
    v = desk_client(d, NULL);
    vt_expect(v, "n新建");
    vt_expect(v, " 1/");
    vt_keys(v, "n");
    vt_expect(v, "新建客户");
    vt_expect(v, "» 客户名称 *");
    return 0;
}

static int close_screen(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static int64_t count(void)
{
    cJSON *r = client_result(c, "customer.count", "{}");
    int64_t total = json_int(r, "total", -1);
    cJSON_Delete(r);
    return total;
}

/* Opens the picker of the field under the cursor and takes the best match. */
static void pick(const char *label, const char *text, const char *shown)
{
    steps_go_to_field(v, label);
    vt_keys(v, text);
    vt_expect(v, shown);
    vt_expect(v, "» ");
    vt_keys(v, "<Enter>");
    /* The picker has a focus of its own on the same text: it must have left. */
    vt_expect_gone(v, "── ");
    steps_expect_focus(v, shown);
}

static void fill(const char *name)
{
    vt_keys(v, name);
    pick("客户行业 *", "3C", "3C电子");
    pick("地区 *", "广东", "广东");
    steps_go_to_field(v, "联系人 *");
    vt_keys(v, "诸葛亮");
    steps_go_to_field(v, "联系电话 *");
    vt_keys(v, "13700001111");
    pick("签单销售 *", "刘清扬", "刘清扬");
}

/* proves: LIST-02 */
static void test_required_fields_are_told(void **state)
{
    (void)state;
    int64_t before = count();
    vt_keys(v, "<C-s>");
    vt_expect(v, "请填写客户名称。");
    vt_expect(v, "请填写联系人。");
    vt_expect(v, "请填写联系电话。");
    assert_int_equal(count(), before);
}

static void test_makes_a_customer_with_its_contact(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    int64_t before = count();
    fill("合肥市包河出海有限公司");
    vt_keys(v, "<C-s>");
    vt_expect(v, "已新建。");
    vt_expect_row(v, 0, "合肥市包河出海有限公司");
    assert_int_equal(count(), before + 1);
    int64_t id = steps_customer(c, "[[\"updated_at\",\"desc\"]]", 1, name);
    assert_string_equal(name, "合肥市包河出海有限公司");
    char *person = steps_value(c, id, "contact_person");
    assert_string_equal(person, "诸葛亮");
    x_free(&person);
    char *life = steps_value(c, id, "lifecycle");
    assert_string_equal(life, "potential");
    x_free(&life);
}

/* proves: LIST-02 */
static void test_a_name_that_exists_is_refused(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    steps_customer(c, "[[\"customer_name\",\"asc\"]]", 1, name);
    int64_t before = count();
    fill(name);
    vt_keys(v, "<C-s>");
    vt_expect(v, "已被占用，请换一个。");
    steps_expect_focus(v, "客户名称");
    assert_int_equal(count(), before);
    /* Mended, it goes through. */
    vt_keys(v, "<End>二<C-s>");
    vt_expect(v, "已新建。");
    assert_int_equal(count(), before + 1);
}

/* Sent while the daemon goes down: made once, when it is back. */
static void test_made_once_over_a_lost_connection(void **state)
{
    (void)state;
    int64_t before = count();
    fill("南昌市赣江出海有限公司");
    client_close(&c);
    daemon_kill(d);
    vt_expect(v, "已断开");
    vt_keys(v, "<C-s>");
    vt_expect(v, "保存中");
    daemon_run(d);
    c = client_as(d, "sales_director");
    vt_expect(v, "已新建。");
    assert_int_equal(count(), before + 1);
}

static void test_leaving_asks(void **state)
{
    (void)state;
    int64_t before = count();
    vt_keys(v, "不要的公司");
    vt_settle(v, 100);
    vt_keys(v, "<Esc>");
    vt_expect(v, "不保存就离开吗？");
    vt_keys(v, "y");
    vt_expect_gone(v, "新建客户");
    vt_expect(v, "n新建");
    assert_int_equal(count(), before);
}

/* proves: UX-03 */
static void test_narrow(void **state)
{
    (void)state;
    vt_resize(v, 15, 40);
    vt_expect(v, "新建客户");
    vt_expect(v, "» 客户名称 *");
    fill("贵阳市南明出海有限公司");
    vt_keys(v, "<C-s>");
    vt_expect(v, "已新建。");
}

int main(void)
{
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, open_form, close_screen)
    const struct CMUnitTest tests[] = {
        CASE(required_fields_are_told),
        CASE(makes_a_customer_with_its_contact),
        CASE(a_name_that_exists_is_refused),
        CASE(made_once_over_a_lost_connection),
        CASE(leaving_asks),
        CASE(narrow),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
