/* A record through its life: made, changed, fought over, deleted, restored. */
#include "common/json.h"
#include "tests/support/daemon.h"
#include "tests/support/record.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct daemon *daemon_;
static struct client *director;

/* proves: LIST-01, LIST-02 */
static void test_create(void **state)
{
    (void)state;
    struct client *sales = client_as(daemon_, "sales");
    int64_t me = record_user(daemon_, "sales");
    int64_t id = record_customer(sales, "广州新立贸易有限公司",
                                 "\"special_conditions\":\"**月结**\"");
    cJSON *r = record_read(sales, "customer", id);
    record_is(r, "customer_name", "广州新立贸易有限公司");
    record_is(r, "lifecycle", "potential");
    record_is(r, "status", "inactive");
    record_is(r, "contact_person", "王小明");
    record_is(r, "special_conditions", "**月结**");
    record_is(r, "grade", NULL);
    assert_int_equal(json_int(r, "version", 0), 1);
    const cJSON *owner = cJSON_GetArrayItem(json_get(r, "owner"), 0);
    assert_int_equal((int64_t)owner->valuedouble, me);
    const cJSON *by = cJSON_GetArrayItem(json_get(r, "sales_person"), 0);
    assert_int_equal((int64_t)by->valuedouble, me);
    cJSON_Delete(r);
    client_close(&sales);
}

/* proves: LIST-02 */
static void test_create_faults(void **state)
{
    (void)state;
    cJSON *e = client_error(director, ERR_invalid, "customer.create",
                            "{\"values\":{\"customer_name\":\"x\","
                            "\"contact_phone\":\"12\",\"lifecycle\":"
                            "\"contracted\",\"industry\":\"nothing\"}}");
    assert_true(record_has_fault(e, "customer_name", "length"));
    assert_true(record_has_fault(e, "contact_phone", "form"));
    assert_true(record_has_fault(e, "contact_person", "required"));
    assert_true(record_has_fault(e, "regions", "required"));
    assert_true(record_has_fault(e, "industry", "option"));
    assert_true(record_has_fault(e, "cooperation_type", "required"));
    assert_true(record_has_fault(e, "service_team", "required"));
    assert_true(record_has_fault(e, "grade", "required"));
    cJSON_Delete(e);
    e = client_error(director, ERR_invalid, "customer.create",
                     "{\"values\":{\"customer_name\":\"深圳某某公司\","
                     "\"industry\":\"outdoor\",\"regions\":[\"广东\"],"
                     "\"status\":\"active\",\"owner\":99999},\"contacts\":"
                     "[{\"name\":\"李\",\"phone\":\"1\"},"
                     "{\"name\":\"张三\",\"email\":\"x\"}]}");
    assert_true(record_has_fault(e, "contacts[0].name", "length"));
    assert_true(record_has_fault(e, "contacts[0].phone", "form"));
    assert_true(record_has_fault(e, "contacts[1].email", "form"));
    assert_true(record_has_fault(e, "status", "readonly"));
    assert_true(record_has_fault(e, "owner", "reference"));
    cJSON_Delete(e);
    client_refused(director, ERR_invalid_params, "customer.create",
                   "{\"values\":{\"name_key\":\"x\"}}");
    client_refused(director, ERR_invalid_params, "customer.create",
                   "{\"values\":{\"nothing\":\"x\"}}");
}

/* Case, width, blanks and brackets make no other name. proves: LIST-02 */
static void test_unique_name(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "独一无二（Shenzhen）公司", "");
    static const char *const same[] = {"独一无二（Shenzhen）公司",
                                       "独一无二(SHENZHEN)公司",
                                       "独一 无二【Ｓhenzhen】 公司"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        cJSON *e = client_error(
            director, ERR_invalid, "customer.create",
            "{\"values\":{\"customer_name\":\"%s\",\"industry\":"
            "\"outdoor\",\"regions\":[\"广东\"],\"contact_person\":"
            "\"王小明\",\"contact_phone\":\"13800138000\"}}",
            same[i]);
        assert_true(record_has_fault(e, "customer_name", "unique"));
        cJSON_Delete(e);
    }
    /* The trash does not count. */
    cJSON_Delete(client_result(director, "customer.delete",
                               "{\"id\":%" PRId64 ",\"version\":1}", id));
    int64_t again = record_customer(director, same[1], "");
    assert_true(again > id);
    cJSON *e = client_error(director, ERR_invalid, "customer.restore",
                            "{\"id\":%" PRId64 ",\"version\":2}", id);
    assert_true(record_has_fault(e, "customer_name", "unique"));
    cJSON_Delete(e);
}

/* proves: DET-04 */
static void test_nested_contacts(void **state)
{
    (void)state;
    cJSON *r = client_result(
        director, "customer.create",
        "{\"values\":{\"customer_name\":\"多联系人公司\",\"industry\":"
        "\"outdoor\",\"regions\":[\"广东\"]},\"contacts\":[{\"name\":"
        "\"第一人\",\"phone\":\"13800138001\"},{\"name\":\"第二人\","
        "\"phone\":\"13800138002\",\"is_primary\":true,\"position\":"
        "\"总监\"}]}");
    const cJSON *record = json_get(r, "record");
    record_is(record, "contact_person", "第二人");
    record_is(record, "contact_position", "总监");
    record_is(record, "contact_phone", "13800138002");
    int64_t id = json_int(record, "id", 0);
    assert_int_equal(
        daemon_sql_int(daemon_,
                       "SELECT count(*) FROM contact WHERE customer_id ="
                       " %" PRId64,
                       id),
        2);
    /* Made together, logged together. */
    assert_int_equal(daemon_sql_int(daemon_,
                                    "SELECT count(*) FROM audit WHERE"
                                    " customer_id = %" PRId64
                                    " AND operation_id IS NOT NULL",
                                    id),
                     3);
    cJSON_Delete(r);
}

#define NEW_ONE                                                                \
    "{\"values\":{\"customer_name\":\"带子记录的公司\",\"industry\":"   \
    "\"outdoor\",\"regions\":[\"广东\"]},\"children\":"

/* Whatever belongs to a record may come with it: all of it or nothing, and
 * every fault under its kind and place.
 * proves: NEW-01 */
static void test_nested_children(void **state)
{
    (void)state;
    cJSON *e = client_error(
        director, ERR_invalid, "customer.create", "%s",
        NEW_ONE "{\"contact\":[{\"name\":\"第一人\",\"phone\":"
                "\"13800138001\"},{\"name\":\"二\",\"phone\":\"1\"}]}}");
    assert_true(record_has_fault(e, "contact[1].name", "length"));
    assert_true(record_has_fault(e, "contact[1].phone", "form"));
    assert_false(record_has_fault(e, "contact[0].name", "length"));
    cJSON_Delete(e);
    client_refused(director, ERR_invalid_params, "customer.create", "%s",
                   NEW_ONE "{\"user\":[{}]}}");
    client_refused(director, ERR_invalid_params, "customer.create", "%s",
                   NEW_ONE "{\"contact\":{}}}");
    client_refused(director, ERR_invalid_params, "customer.create", "%s",
                   NEW_ONE "{\"contact\":[7]}}");
    assert_int_equal(daemon_sql_int(daemon_,
                                    "SELECT count(*) FROM customer WHERE"
                                    " customer_name = '带子记录的公司'"),
                     0);
    cJSON *r =
        client_result(director, "customer.create", "%s",
                      NEW_ONE "{\"contact\":[{\"name\":\"第一人\",\"phone\":"
                              "\"13800138001\"},{\"name\":\"第二人\"}]}}");
    record_is(json_get(r, "record"), "contact_person", "第一人");
    assert_int_equal(
        daemon_sql_int(daemon_,
                       "SELECT count(*) FROM contact WHERE customer_id ="
                       " %" PRId64,
                       json_int(json_get(r, "record"), "id", 0)),
        2);
    cJSON_Delete(r);
}

/* The same key does nothing twice, whoever asks again. */
static void test_repeat_safe(void **state)
{
    (void)state;
    cJSON *first = client_result(
        director, "customer.create",
        "{\"key\":\"repeat-0001\",\"values\":{\"customer_name\":"
        "\"重复提交公司\",\"industry\":\"outdoor\",\"regions\":[\"广东\"],"
        "\"contact_person\":\"王小明\",\"contact_phone\":\"13800138000\"}}");
    cJSON *second = client_result(
        director, "customer.create",
        "{\"key\":\"repeat-0001\",\"values\":{\"customer_name\":"
        "\"重复提交公司\",\"industry\":\"outdoor\",\"regions\":[\"广东\"],"
        "\"contact_person\":\"王小明\",\"contact_phone\":\"13800138000\"}}");
    assert_true(cJSON_Compare(first, second, true));
    int64_t id = json_int(json_get(first, "record"), "id", 0);
    client_refused(director, ERR_invalid_params, "customer.create",
                   "{\"key\":\"repeat-0001\",\"values\":{}}");
    /* A repeated update is no conflict with itself. */
    for (int i = 0; i < 2; i++) {
        cJSON *r = client_result(director, "customer.update",
                                 "{\"key\":\"repeat-0002\",\"id\":%" PRId64
                                 ",\"version\":1,\"values\":"
                                 "{\"risk_factors\":\"汇率\"}}",
                                 id);
        assert_int_equal(json_int(json_get(r, "record"), "version", 0), 2);
        cJSON_Delete(r);
    }
    assert_int_equal(daemon_sql_int(daemon_,
                                    "SELECT count(*) FROM audit WHERE"
                                    " record_id = %" PRId64
                                    " AND entity = 'customer'",
                                    id),
                     2);
    /* A key is a person's own. */
    struct client *sales = client_as(daemon_, "sales");
    client_refused(sales, ERR_invalid, "customer.create",
                   "{\"key\":\"repeat-0001\",\"values\":{}}");
    client_close(&sales);
    /* What failed may be mended under the same key. */
    client_refused(director, ERR_invalid, "customer.update",
                   "{\"key\":\"repeat-0003\",\"id\":%" PRId64
                   ",\"version\":2,\"values\":{\"customer_name\":\"\"}}",
                   id);
    cJSON_Delete(client_result(director, "customer.update",
                               "{\"key\":\"repeat-0003\",\"id\":%" PRId64
                               ",\"version\":2,\"values\":"
                               "{\"customer_name\":\"重复提交二公司\"}}",
                               id));
    cJSON_Delete(first);
    cJSON_Delete(second);
}

/* proves: EDIT-02 */
static void test_conflict(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "冲突公司", "");
    cJSON_Delete(client_result(director, "customer.update",
                               "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                               "{\"risk_factors\":\"甲\"}}",
                               id));
    cJSON *e = client_error(director, ERR_conflict, "customer.update",
                            "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                            "{\"risk_factors\":\"乙\",\"industry\":"
                            "\"outdoor\"}}",
                            id);
    const cJSON *data = json_get(e, "data");
    record_is(json_get(data, "current"), "risk_factors", "甲");
    assert_int_equal(json_int(json_get(data, "current"), "version", 0), 2);
    assert_int_equal(cJSON_GetArraySize(json_get(data, "fields")), 1);
    assert_string_equal(json_get(data, "fields")->child->valuestring,
                        "risk_factors");
    cJSON_Delete(e);
    cJSON *r = record_read(director, "customer", id);
    record_is(r, "risk_factors", "甲");
    cJSON_Delete(r);
    client_refused(director, ERR_conflict, "customer.delete",
                   "{\"id\":%" PRId64 ",\"version\":1}", id);
}

/* What is as it is wanted already makes no version. */
static void test_no_change(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "无变化公司", "");
    cJSON *r = client_result(director, "customer.update",
                             "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                             "{\"customer_name\":\"无变化公司\",\"status\":"
                             "\"inactive\",\"contact_person\":\"王小明\"}}",
                             id);
    assert_int_equal(json_int(json_get(r, "record"), "version", 0), 1);
    cJSON_Delete(r);
}

/* proves: LIST-02 */
static void test_own_procedures(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "评级公司", "\"grade\":\"B\"");
    static const char *const values[][2] = {
        {"grade", "\"A\""},
        {"lifecycle", "\"negotiating\""},
        {"contact_person", "\"李四\""},
        {"status", "\"active\""},
        {"created_at", "\"2020-01-01T00:00:00Z\""}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        cJSON *e = client_error(director, ERR_invalid, "customer.update",
                                "{\"id\":%" PRId64 ",\"version\":1,"
                                "\"values\":{\"%s\":%s}}",
                                id, values[i][0], values[i][1]);
        assert_true(record_has_fault(e, values[i][0], "readonly"));
        cJSON_Delete(e);
    }
    /* A first grade is no proposal. */
    id = record_customer(director, "未评级公司", "");
    cJSON_Delete(client_result(director, "customer.update",
                               "{\"id\":%" PRId64 ",\"version\":1,"
                               "\"values\":{\"grade\":\"A\"}}",
                               id));
}

/* Filling is editing, changing is assigning; a record that is assigned away
 * leaves its former owner's sight. */
static void test_assign(void **state)
{
    (void)state;
    struct client *sales = client_as(daemon_, "sales");
    int64_t id = record_customer(sales, "分配公司", "");
    int64_t other = record_user(daemon_, "optimizer");
    cJSON *r = client_result(sales, "customer.update",
                             "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                             "{\"optimizer\":%" PRId64 "}}",
                             id, other);
    cJSON_Delete(r);
    r = client_error(sales, ERR_forbidden, "customer.update",
                     "{\"id\":%" PRId64 ",\"version\":2,\"values\":"
                     "{\"optimizer\":null}}",
                     id);
    assert_string_equal(json_str(json_get(r, "data"), "action", ""),
                        "customer.assign");
    cJSON_Delete(r);
    r = client_result(director, "customer.update",
                      "{\"id\":%" PRId64 ",\"version\":2,\"values\":"
                      "{\"owner\":%" PRId64 "}}",
                      id, record_user(daemon_, "sales_director"));
    cJSON_Delete(r);
    client_refused(sales, ERR_not_found, "customer.get", "{\"id\":%" PRId64 "}",
                   id);
    client_refused(sales, ERR_not_found, "customer.update",
                   "{\"id\":%" PRId64 ",\"version\":3,\"values\":{}}", id);
    client_close(&sales);
}

/* proves: EDIT-04 */
static void test_trash(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "回收站公司", "");
    struct client *manager = client_as(daemon_, "sales_manager");
    client_refused(manager, ERR_not_found, "customer.delete",
                   "{\"id\":%" PRId64 ",\"version\":1}", id);
    client_refused(manager, ERR_forbidden, "customer.list", "{\"trash\":true}");
    client_close(&manager);
    cJSON *r = client_result(director, "customer.delete",
                             "{\"id\":%" PRId64 ",\"version\":1}", id);
    assert_int_equal(json_int(json_get(r, "record"), "version", 0), 2);
    cJSON_Delete(r);
    client_refused(director, ERR_not_found, "customer.get",
                   "{\"id\":%" PRId64 "}", id);
    client_refused(director, ERR_not_found, "customer.update",
                   "{\"id\":%" PRId64 ",\"version\":2,\"values\":{}}", id);
    r = client_result(director, "contact.list",
                      "{\"filter\":{\"customer_id\":{\"eq\":%" PRId64 "}}}",
                      id);
    assert_int_equal(cJSON_GetArraySize(json_get(r, "rows")), 0);
    cJSON_Delete(r);
    r = client_result(director, "customer.get",
                      "{\"id\":%" PRId64 ",\"trash\":true}", id);
    record_is(json_get(r, "record"), "customer_name", "回收站公司");
    cJSON_Delete(r);
    r = client_result(director, "customer.count",
                      "{\"trash\":true,\"search\":\"回收站公司\"}");
    assert_int_equal(json_int(r, "total", 0), 1);
    cJSON_Delete(r);
    r = client_result(director, "customer.restore",
                      "{\"id\":%" PRId64 ",\"version\":2}", id);
    assert_int_equal(json_int(json_get(r, "record"), "version", 0), 3);
    cJSON_Delete(r);
    client_refused(director, ERR_not_found, "customer.restore",
                   "{\"id\":%" PRId64 ",\"version\":3}", id);
    client_refused(director, ERR_unknown_method, "tag.restore",
                   "{\"id\":1,\"version\":1}");
}

static int setup(void **state)
{
    (void)state;
    daemon_ = daemon_start(&(struct daemon_options){.organisation = true});
    director = client_as(daemon_, "sales_director");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    client_close(&director);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_create_faults),
        cmocka_unit_test(test_unique_name),
        cmocka_unit_test(test_nested_contacts),
        cmocka_unit_test(test_nested_children),
        cmocka_unit_test(test_repeat_safe),
        cmocka_unit_test(test_conflict),
        cmocka_unit_test(test_no_change),
        cmocka_unit_test(test_own_procedures),
        cmocka_unit_test(test_assign),
        cmocka_unit_test(test_trash),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
