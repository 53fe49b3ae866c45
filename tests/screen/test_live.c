/* Live lists: what somebody else changes is changed on the screen, in its
 * place and marked; nothing moves under the hand; a burst floods nobody.
 * proves: UX-10 */
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

#define CUSTOMERS 120
#define BY_CHANGE "[[\"updated_at\",\"desc\"]]"

static const struct vt_options wide = {.rows = 40, .cols = 120};
static const struct vt_options narrow = {.rows = 15, .cols = 40};

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

static int close_screen(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static int count_now(void)
{
    cJSON *r = client_result(c, "customer.count", "{}");
    int n = (int)json_int(r, "total", 0);
    cJSON_Delete(r);
    return n;
}

static struct vt *open_list(const struct vt_options *o)
{
    return desk_list(d, o, count_now());
}

static void change(const char *entity, int64_t id, const char *values)
{
    char method[64];
    snprintf(method, sizeof(method), "%s.get", entity);
    cJSON *r = client_result(c, method, "{\"id\":%lld}", (long long)id);
    int64_t version = json_int(json_get(r, "record"), "version", 0);
    cJSON_Delete(r);
    snprintf(method, sizeof(method), "%s.update", entity);
    cJSON_Delete(client_result(c, method,
                               "{\"id\":%lld,\"version\":%lld,\"values\":%s}",
                               (long long)id, (long long)version, values));
}

static void rename_to(int64_t id, const char *name)
{
    char values[STEPS_NAME + 32];
    snprintf(values, sizeof(values), "{\"customer_name\":\"%s\"}", name);
    change("customer", id, values);
}

/* The row stands where it stood, with the new name and the sign of a change,
 * which goes by itself; the focus stays where it is. */
static void expect_change_in_place(void)
{
    char name[STEPS_NAME], focus[STEPS_NAME];
    int64_t id = steps_customer(c, BY_CHANGE, 4, name);
    steps_customer(c, BY_CHANGE, 2, focus);
    int row = vt_find(v, steps_start(name), NULL);
    assert_true(row > 0);
    vt_keys(v, "j");
    steps_expect_focus(v, steps_start(focus));
    rename_to(id, "海口市椰风出海有限公司");
    vt_expect(v, "*海口市椰风出海");
    vt_expect_row(v, row, "海口市椰风出海");
    steps_expect_focus(v, steps_start(focus));
    vt_expect_gone(v, "*");
    vt_expect_row(v, row, "海口市椰风出海");
    assert_int_equal(vt_find(v, steps_start(name), NULL), -1);
    rename_to(id, name);
    vt_expect_row(v, row, steps_start(name));
}

static void test_change_in_place(void **state)
{
    (void)state;
    v = open_list(&wide);
    expect_change_in_place();
}

static void test_change_in_place_narrow(void **state)
{
    (void)state;
    v = open_list(&narrow);
    expect_change_in_place();
}

/* Rows that come into the view later are followed as well. */
static void test_after_moving(void **state)
{
    (void)state;
    char name[STEPS_NAME];
    v = open_list(&wide);
    vt_keys(v, "G");
    int64_t id = steps_customer(c, BY_CHANGE, count_now() - 2, name);
    vt_expect(v, steps_start(name));
    int row = vt_find(v, steps_start(name), NULL);
    rename_to(id, "三亚市南海出海有限公司");
    vt_expect_row(v, row, "三亚市南海出海");
}

/* Two people at two terminals.
 * proves: UX-10 */
static void test_side_by_side(void **state)
{
    (void)state;
    char name[STEPS_NAME];
    v = open_list(&wide);
    struct vt *other = open_list(&narrow);
    steps_customer(c, BY_CHANGE, 1, name);
    vt_keys(other, "<Enter>");
    vt_expect_row(other, 0, steps_start(name));
    vt_keys(other, "e<C-u>拉萨市雪山贸易有限公司<C-s>");
    vt_expect(other, "已保存。");
    vt_expect(v, "*拉萨市雪山贸易");
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 0, "拉萨市雪山贸易有限公司");
    vt_keys(v, "e<C-u>西宁市青海贸易有限公司<C-s>");
    vt_expect(v, "已保存。");
    vt_keys(other, "<Esc>");
    vt_expect(other, "西宁市青海贸易");
    vt_stop(&other);
}

/* A row that was deleted fades where it is, and goes with the reload. */
static void test_gone(void **state)
{
    (void)state;
    char name[STEPS_NAME];
    v = open_list(&wide);
    int64_t id = steps_customer(c, BY_CHANGE, 3, name);
    int row = vt_find(v, steps_start(name), NULL);
    cJSON *r = client_result(c, "customer.get", "{\"id\":%lld}", (long long)id);
    int64_t version = json_int(json_get(r, "record"), "version", 0);
    cJSON_Delete(r);
    cJSON_Delete(client_result(c, "customer.delete",
                               "{\"id\":%lld,\"version\":%lld}", (long long)id,
                               (long long)version));
    vt_expect_row(v, row, "✕");
    vt_expect_row(v, row, steps_start(name));
    vt_keys(v, "<C-r>");
    vt_expect_gone(v, steps_start(name));
    vt_expect_gone(v, "✕");
}

/* A row that does not match any more fades too.
 * proves: UX-10, LIST-03 */
static void test_left_the_search(void **state)
{
    (void)state;
    char name[STEPS_NAME];
    v = open_list(&wide);
    int64_t id = steps_customer(c, BY_CHANGE, 2, name);
    rename_to(id, "漠河市极光贸易有限公司");
    vt_keys(v, "/极光<Enter>");
    vt_expect(v, "1/1");
    steps_expect_focus(v, "漠河市极光贸易");
    rename_to(id, name);
    steps_expect_focus(v, "✕");
    vt_keys(v, "<C-r>");
    vt_expect_gone(v, "漠河市极光贸易");
}

/* A new row is a word beside the count; Ctrl-R shows it. */
static void test_others(void **state)
{
    (void)state;
    char name[STEPS_NAME];
    v = open_list(&wide);
    steps_customer(c, BY_CHANGE, 1, name);
    steps_expect_focus(v, steps_start(name));
    assert_int_equal(vt_find(v, "有更新", NULL), -1);
    vt_settle(v, 1000); /* followed by now: a change before is in the rows */
    free(daemon_sql(d, "UPDATE customer SET updated_at = now() WHERE id = "
                       "(SELECT min(id) FROM customer WHERE deleted_at IS NULL)"
                       " RETURNING id"));
    int64_t last = steps_customer(c, BY_CHANGE, count_now(), name);
    rename_to(last, "桂林市漓江贸易有限公司");
    vt_expect(v, "有更新 ^R");
    assert_int_equal(vt_find(v, "桂林市漓江贸易", NULL), -1);
    vt_keys(v, "<C-r>");
    vt_expect(v, "桂林市漓江贸易");
    vt_expect_gone(v, "有更新");
}

/* Many changes a second, to rows on the screen and others: a few frames, the
 * cursor where it was, and the last values in the end.
 * proves: UX-10, UX-08 */
static void test_burst(void **state)
{
    (void)state;
    enum { ROWS = 20, ROUNDS = 15 };
    char name[STEPS_NAME], fresh[STEPS_NAME];
    int64_t ids[ROWS];
    v = open_list(&wide);
    for (int i = 0; i < ROWS; i++)
        ids[i] = steps_customer(c, BY_CHANGE, i + 1, name);
    vt_settle(v, 1000);
    vt_mark(v);
    for (int round = 1; round <= ROUNDS; round++)
        for (int i = 0; i < ROWS; i++) {
            snprintf(fresh, sizeof(fresh), "第%d轮第%d号贸易公司", round, i);
            rename_to(ids[i], fresh);
        }
    vt_expect(v, "*第15轮第19号贸易");
    vt_expect_gone(v, "*");
    for (int i = 0; i < ROWS; i++) {
        snprintf(fresh, sizeof(fresh), "第%d轮第%d号贸易", ROUNDS, i);
        vt_expect_row(v, 3 + i, fresh);
    }
    steps_expect_focus(v, "第15轮第0号贸易");
    print_message("%d changes: %zu bytes\n", ROWS * ROUNDS, vt_bytes(v));
    assert_true(vt_bytes(v) < 12000);
}

/* What changed while the daemon was away is there when it is back. */
static void test_reconnect(void **state)
{
    (void)state;
    char name[STEPS_NAME], focus[STEPS_NAME];
    v = open_list(&wide);
    int64_t id = steps_customer(c, BY_CHANGE, 5, name);
    steps_customer(c, BY_CHANGE, 3, focus);
    vt_keys(v, "jj");
    steps_expect_focus(v, steps_start(focus));
    client_close(&c);
    daemon_stop(d);
    vt_expect(v, "已断开");
    free(daemon_sql(d,
                    "UPDATE customer SET customer_name = "
                    "'敦煌市鸣沙贸易有限公司', version = version + 1 "
                    "WHERE id = %lld RETURNING id",
                    (long long)id));
    daemon_run(d);
    c = client_as(d, "sales_director");
    vt_expect(v, "敦煌市鸣沙贸易");
    steps_expect_focus(v, steps_start(focus));
    /* And it is followed again. */
    rename_to(id, "嘉峪关市长城贸易有限公司");
    vt_expect(v, "嘉峪关市长城贸易");
}

/* Contacts have it for nothing. */
static void test_contacts(void **state)
{
    (void)state;
    static const struct vt_options *const sizes[] = {&wide, &narrow};
    for (int i = 0; i < 2; i++) {
        v = open_list(sizes[i]);
        vt_keys(v, ":联系人<Enter>");
        vt_expect_row(v, 0, "联系人");
        vt_settle(v, 500);
        cJSON *r = client_result(c, "contact.list",
                                 "{\"columns\":[\"name\"],\"limit\":3}");
        const cJSON *row = json_get(r, "rows")->child->next;
        int64_t id = 0;
        assert_true(json_is_int(row->child, &id));
        vt_expect(v, row->child->next->next->valuestring);
        cJSON_Delete(r);
        change("contact", id,
               i ? "{\"name\":\"欧阳修远\"}" : "{\"name\":\"司马光启\"}");
        vt_expect(v, i ? "*欧阳修远" : "*司马光启");
        if (i == 0)
            vt_stop(&v);
    }
}

/* The open record: what is new in it is marked, and who did it is said. */
static void expect_record_changes(const struct vt_options *o)
{
    char name[STEPS_NAME];
    v = open_list(o);
    int64_t id = steps_customer(c, BY_CHANGE, 1, name);
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 0, steps_start(name));
    vt_expect(v, "» 客户名称");
    rename_to(id, "乌海市胡杨贸易有限公司");
    vt_expect(v, "*乌海市胡杨贸易");
    vt_expect(v, "修改了本记录。");
    vt_expect_gone(v, "*");
    vt_expect_row(v, 0, "乌海市胡杨贸易");
    /* While it is edited nothing moves; the title tells, the conflict is told
     * when it is saved, and who leaves sees what they wrote. */
    vt_keys(v, "e");
    vt_expect(v, "客户名称 *");
    vt_keys(v, "<C-u>通辽市草原贸易");
    rename_to(id, "赤峰市红山贸易有限公司");
    vt_expect(v, "同时作了修改");
    vt_expect(v, "通辽市草原贸易");
    vt_keys(v, "<C-s>");
    vt_expect(v, "此记录已被他人同时修改");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "此记录已被他人同时修改");
    vt_expect(v, "同时作了修改");
    vt_keys(v, "<Esc>");
    vt_expect(v, "放弃修改？");
    vt_keys(v, "y");
    vt_expect_row(v, 0, "赤峰市红山贸易");
    vt_expect_gone(v, "同时作了修改");
}

/* proves: UX-10, EDIT-02 */
static void test_record(void **state)
{
    (void)state;
    expect_record_changes(&wide);
}

/* proves: UX-10, EDIT-02 */
static void test_record_narrow(void **state)
{
    (void)state;
    expect_record_changes(&narrow);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_teardown(test_##name, close_screen)
    const struct CMUnitTest tests[] = {
        CASE(change_in_place),
        CASE(change_in_place_narrow),
        CASE(after_moving),
        CASE(side_by_side),
        CASE(gone),
        CASE(left_the_search),
        CASE(others),
        CASE(burst),
        CASE(reconnect),
        CASE(contacts),
        CASE(record),
        CASE(record_narrow),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
