/* One customer on the screen: header, tabs, neighbours, contacts, what a role
 * is not offered. */
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 120
#define BY_CHANGE "[[\"updated_at\",\"desc\"]]"

static struct daemon *d;
static struct client *c;
static struct vt *v;
static char first[STEPS_NAME]; /* the customer on the screen */
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

static cJSON *record_of(int64_t customer)
{
    return client_result(c, "customer.get", "{\"id\":%lld}",
                         (long long)customer);
}

/* proves: DET-01 */
static void test_header_and_tabs(void **state)
{
    static const struct {
        const char *key, *open, *inside;
    } tabs[] = {
        {"2", "[2客户基础信息]", "商业及生产模式"},
        {"3", "[3独立站情况及目标]", "年度销售目标"},
        {"4", "[4竞对情况]", "竞对网址"},
        {"5", "[5特别关注事项]", "沟通偏好"},
        {"6", "[6客户Q&A及改正措施]", "处理状态"},
        {"7", "[7续费跟进需注意]", "跟进方式"},
        {"1", "[1合作详情]", "签单销售"},
    };
    (void)state;
    cJSON *r = record_of(id);
    const cJSON *record = json_get(r, "record");
    const cJSON *owner = json_get(record, "owner");
    vt_expect_row(v, 0, cJSON_GetArrayItem(owner, 1)->valuestring);
    vt_expect_row(v, 0, "负责销售");
    vt_expect_row(v, 39, " 1/120");
    if (json_str(record, "grade", "")[0]) {
        char grade[16];
        snprintf(grade, sizeof(grade), "[%s]", json_str(record, "grade", ""));
        vt_expect_row(v, 0, grade);
    }
    cJSON_Delete(r);
    for (size_t i = 0; i < sizeof(tabs) / sizeof(tabs[0]); i++) {
        vt_keys(v, tabs[i].key);
        vt_expect(v, tabs[i].open);
        vt_expect(v, tabs[i].inside);
    }
    vt_keys(v, ">>");
    vt_expect(v, "[3独立站情况及目标]");
    vt_keys(v, "<lt>");
    vt_expect(v, "[2客户基础信息]");
}

/* proves: DET-11 */
static void test_neighbours(void **state)
{
    char second[STEPS_NAME], last[STEPS_NAME];
    (void)state;
    steps_customer(c, BY_CHANGE, 2, second);
    steps_customer(c, BY_CHANGE, CUSTOMERS, last);
    vt_keys(v, "[");
    vt_expect(v, "这已是列表的第一条。");
    vt_keys(v, "3]");
    vt_expect_row(v, 0, second);
    vt_expect_row(v, 39, "2/120");
    vt_expect(v, "[3独立站情况及目标]"); /* the tab stays */
    vt_keys(v, "[");
    vt_expect_row(v, 0, first);
    /* Over the edge of what the list had loaded. */
    for (int i = 1; i < CUSTOMERS; i++)
        vt_keys(v, "]");
    vt_expect_row(v, 0, last);
    vt_keys(v, "]");
    vt_expect(v, "这已是列表的最后一条。");
    /* Back in the list the cursor has come along. */
    vt_settle(v, 100);
    vt_keys(v, "<Esc>");
    vt_expect(v, "120/120");
    steps_expect_focus(v, steps_start(last));
}

static int64_t contacts_of(int64_t customer)
{
    cJSON *r = client_result(c, "contact.count",
                             "{\"filter\":{\"customer_id\":{\"eq\":%lld}}}",
                             (long long)customer);
    int64_t n = json_int(r, "total", -1);
    cJSON_Delete(r);
    return n;
}

static void go_to_contacts(void)
{
    vt_keys(v, "2");
    vt_expect(v, "主要联系人");
    for (int i = 0; i < 30; i++)
        vt_keys(v, "<Down>");
    vt_expect(v, "s排序");
}

static void add_contact(const char *name, const char *phone)
{
    vt_keys(v, "n");
    vt_expect(v, "新建联系人");
    vt_keys(v, name);
    steps_go_to_field(v, "电话");
    vt_keys(v, phone);
    vt_keys(v, "<C-s>");
    vt_expect(v, "已新建。");
    vt_expect(v, name);
}

/* proves: DET-04 */
static void test_contacts(void **state)
{
    (void)state;
    int64_t before = contacts_of(id);
    go_to_contacts();
    add_contact("欧阳修", "13912345678");
    assert_int_equal(contacts_of(id), before + 1);

    /* Made primary: the customer's row carries the new one. */
    for (int i = 0; i < 10; i++)
        vt_keys(v, "<Down>");
    steps_expect_focus(v, "欧阳修");
    vt_keys(v, "P");
    vt_expect(v, "已设为主要联系人。");
    char *person = steps_value(c, id, "contact_person");
    assert_string_equal(person, "欧阳修");
    x_free(&person);

    /* Edited: the phone is checked like everywhere. */
    steps_expect_focus(v, "欧阳修");
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 0, "欧阳修");
    steps_go_to_field(v, "电话");
    vt_keys(v, "e<C-u>123<C-s>");
    vt_expect(v, "400/800");
    vt_keys(v, "<C-u>13887654321<C-s>");
    vt_expect(v, "已保存。");
    char *phone = steps_value(c, id, "contact_phone");
    assert_string_equal(phone, "13887654321");
    x_free(&phone);
    vt_settle(v, 100);
    vt_keys(v, "<Esc>");
    vt_expect_row(v, 0, first);
}

/* proves: DET-04 */
static void test_contact_deleted(void **state)
{
    (void)state;
    int64_t before = contacts_of(id);
    go_to_contacts();
    add_contact("司马光", "");
    for (int i = 0; i < 10; i++)
        vt_keys(v, "<Down>");
    steps_expect_focus(v, "司马光");
    vt_keys(v, "d");
    vt_expect(v, "删除“司马光”？");
    vt_keys(v, "y");
    vt_expect(v, "已删除。");
    vt_expect_gone(v, "司马光");
    assert_int_equal(contacts_of(id), before);
}

/* From the last contact up to this one. */
static void go_up_to(const char *name)
{
    for (int i = 0; i < 10 && !steps_focus_shows(v, (void *)name); i++) {
        vt_keys(v, "<Up>");
        vt_settle(v, 50);
    }
    steps_expect_focus(v, name);
}

/* The primary contact goes only where another follows it.
 * proves: DET-04 */
static void test_primary_followed(void **state)
{
    (void)state;
    char *person = steps_value(c, id, "contact_person");
    go_to_contacts();
    add_contact("王安石", "13900001111");
    int64_t before = contacts_of(id);
    for (int i = 0; i < 10; i++)
        vt_keys(v, "<Down>");
    go_up_to(person);
    vt_keys(v, "d");
    vt_expect(v, "由谁接任");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "由谁接任");
    assert_int_equal(contacts_of(id), before);
    vt_keys(v, "d");
    vt_expect(v, "由谁接任");
    vt_keys(v, "<End><Enter>");
    vt_expect(v, "已删除。");
    assert_int_equal(contacts_of(id), before - 1);
    x_free(&person);
    person = steps_value(c, id, "contact_person");
    assert_string_equal(person, "王安石");
    x_free(&person);
}

struct order {
    const char *first, *second;
};

static bool stand_in_order(struct vt *t, void *ctx)
{
    const struct order *o = ctx;
    int upper = vt_find(t, o->first, NULL), lower = vt_find(t, o->second, NULL);
    return upper >= 0 && lower == upper + 1;
}

static void expect_order(const char *upper, const char *lower)
{
    struct order o = {upper, lower};
    if (!vt_wait(v, stand_in_order, &o, VT_PATIENCE))
        check_fail("%s does not stand above %s:\n%s", upper, lower, vt_dump(v));
}

/* proves: DET-04 */
static void test_order_of_contacts(void **state)
{
    (void)state;
    go_to_contacts();
    add_contact("苏东坡", "");
    add_contact("黄庭坚", "");
    expect_order("苏东坡", "黄庭坚");
    for (int i = 0; i < 10; i++)
        vt_keys(v, "<Down>");
    steps_expect_focus(v, "黄庭坚");
    vt_keys(v, "K");
    expect_order("黄庭坚", "苏东坡");
    steps_expect_focus(v, "黄庭坚");
    vt_keys(v, "J");
    expect_order("苏东坡", "黄庭坚");
    /* Nothing stands before the primary one. */
    for (int i = 0; i < 4; i++) {
        vt_keys(v, "K");
        vt_settle(v, 100);
    }
    vt_expect(v, "主要联系人排在最前");
}

static void test_deleted_and_brought_back(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    vt_keys(v, "d");
    vt_expect(v, "删除“");
    vt_keys(v, "y");
    vt_expect(v, "1/119");
    steps_customer(c, BY_CHANGE, 1, name);
    assert_string_not_equal(name, first);
    vt_keys(v, "u");
    vt_expect(v, "已撤销：删除“");
    vt_expect(v, "/120");
    steps_customer(c, "[[\"updated_at\",\"desc\"]]", 1, name);
    assert_string_equal(name, first);
}

static void test_asked_before_deleting(void **state)
{
    (void)state;
    vt_keys(v, "d");
    vt_expect(v, "删除“");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "删除“");
    vt_expect_row(v, 0, first);
    cJSON *r = record_of(id);
    cJSON_Delete(r);
}

/* A project manager reads: nothing that changes is offered or done.
 * proves: ACC-02 */
static void test_reader(void **state)
{
    (void)state;
    struct daemon *other = desk_join(d, "project_director");
    struct vt *reader = desk_client(other, NULL);
    vt_expect(reader, "1/120");
    vt_expect_gone(reader, "n新建");
    assert_false(vt_has(reader, "e编辑"));
    vt_keys(reader, "<Enter>");
    vt_expect(reader, "[1合作详情]");
    vt_expect(reader, "签单销售");
    assert_false(vt_has(reader, "e编辑"));
    vt_keys(reader, "e");
    vt_expect(reader, "编辑：此处不可用，或您没有权限。");
    vt_keys(reader, "Ed");
    vt_expect(reader, "删除：此处不可用，或您没有权限。");
    assert_false(vt_has(reader, "^S保存"));
    assert_false(vt_has(reader, "删除“"));
    /* What is sensitive is masked for this role.
     * proves: ACC-03 */
    vt_keys(reader, "2");
    vt_expect(reader, "****");
    vt_stop(&reader);
    daemon_free(&other);
}

int main(void)
{
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, open_first, close_screen)
    const struct CMUnitTest tests[] = {
        CASE(header_and_tabs),
        CASE(neighbours),
        CASE(contacts),
        CASE(contact_deleted),
        CASE(primary_followed),
        CASE(order_of_contacts),
        CASE(asked_before_deleting),
        CASE(deleted_and_brought_back),
        CASE(reader),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
