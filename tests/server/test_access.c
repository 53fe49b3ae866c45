/* Rights in force: masks, reveals, personal grants, changes of the matrix,
 * and what only an administrator does. (Who sees which row is the oracle's.) */
#include "common/json.h"
#include "tests/support/check.h"
#include "tests/support/daemon.h"
#include "tests/support/record.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PATIENCE 15000

static struct daemon *daemon_;
static struct client *director, *admin;

/* The one cell of a list of one row and one column; the caller frees it. */
static char *cell(struct client *c, const char *entity, const char *field,
                  int64_t id)
{
    char method[64];
    snprintf(method, sizeof method, "%s.list", entity);
    cJSON *r = client_result(c, method,
                             "{\"columns\":[\"%s\"],\"filter\":{\"id\":"
                             "{\"eq\":%" PRId64 "}}}",
                             field, id);
    const cJSON *row = cJSON_GetArrayItem(json_get(r, "rows"), 0);
    const char *text = cJSON_GetStringValue(cJSON_GetArrayItem(row, 2));
    char *out = strdup(text ? text : "");
    cJSON_Delete(r);
    return out;
}

static int64_t created(struct client *c, const char *entity, const char *values)
{
    char method[64];
    snprintf(method, sizeof method, "%s.create", entity);
    cJSON *r = client_result(c, method, "{\"values\":%s}", values);
    int64_t id = json_int(json_get(r, "record"), "id", 0);
    cJSON_Delete(r);
    return id;
}

/* proves: ACC-03 */
static void test_masks(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "脱敏公司", "");
    int64_t contact =
        created(director, "contact",
                "{\"customer_id\":1,\"name\":\"林一\",\"email\":"
                "\"linyi@example.com\",\"phone\":\"0755-12345678\",\"wechat\":"
                "\"linyi2000\"}");
    struct client *c = client_as(daemon_, "project_director");
    static const struct {
        const char *entity, *field, *masked;
    } cases[] = {{"customer", "contact_phone", "138****8000"},
                 {"contact", "email", "l***@example.com"}};
    for (size_t i = 0; i < 2; i++) {
        char *seen = cell(c, cases[i].entity, cases[i].field, i ? contact : id);
        assert_string_equal(seen, cases[i].masked);
        free(seen);
    }
    cJSON *r = record_read(c, "contact", contact);
    assert_null(strstr(json_str(r, "phone", ""), "12345678"));
    assert_null(strstr(json_str(r, "wechat", ""), "linyi2000"));
    cJSON_Delete(r);
    static const char *const asks[] = {
        "\"filter\":{\"phone\":{\"contains\":\"1\"}}",
        "\"filter\":{\"or\":[{\"name\":{\"eq\":\"x\"}},{\"email\":"
        "{\"is_null\":false}}]}",
        "\"filter\":{\"wechat\":{\"starts\":\"l\"}}"};
    for (size_t i = 0; i < 3; i++) {
        client_refused(c, ERR_invalid_params, "contact.list", "{%s}", asks[i]);
        client_refused(c, ERR_invalid_params, "contact.count", "{%s}", asks[i]);
    }
    client_close(&c);
}

/* proves: ACC-03, ACC-05 */
static void test_reveal(void **state)
{
    (void)state;
    char more[64];
    snprintf(more, sizeof more, "\"optimizer\":%" PRId64,
             record_user(daemon_, "optimizer"));
    int64_t mine = record_customer(director, "优化师的公司", more);
    struct client *c = client_as(daemon_, "optimizer");
    char *seen = cell(c, "customer", "contact_phone", mine);
    assert_string_equal(seen, "138****8000");
    free(seen);
    cJSON *r =
        client_result(c, "customer.reveal",
                      "{\"id\":%" PRId64 ",\"field\":\"contact_phone\"}", mine);
    record_is(r, "value", "13800138000");
    cJSON_Delete(r);
    client_close(&c);
    assert_int_equal(
        daemon_sql_int(daemon_,
                       "SELECT count(*) FROM audit a JOIN app_user u ON u.id"
                       " = a.user_id WHERE action = 'reveal' AND u.name ="
                       " 'optimizer' AND record_id = %" PRId64
                       " AND after->>'field' = 'contact_phone'",
                       mine),
        1);
    int64_t other = record_customer(director, "别人的公司", "");
    c = client_as(daemon_, "project_director");
    client_refused(c, ERR_forbidden, "customer.reveal",
                   "{\"id\":%" PRId64 ",\"field\":\"contact_phone\"}", other);
    client_refused(c, ERR_not_found, "customer.reveal",
                   "{\"id\":99999999,\"field\":\"contact_phone\"}");
    client_refused(c, ERR_invalid_params, "customer.reveal",
                   "{\"id\":%" PRId64 ",\"field\":\"name_key\"}", other);
    client_close(&c);
}

struct look {
    struct client *client;
    int64_t id;
    const char *wanted;
};

static bool sees(void *ctx)
{
    struct look *l = ctx;
    char *seen = cell(l->client, "customer", "contact_phone", l->id);
    bool same = strcmp(seen, l->wanted) == 0;
    free(seen);
    return same;
}

/* proves: ACC-03 */
static void test_grants(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "授权公司", "");
    int64_t user = record_user(daemon_, "project_director");
    struct client *c = client_as(daemon_, "project_director");
    struct look masked = {c, id, "138****8000"};
    struct look open = {c, id, "13800138000"};
    char values[160];
    assert_true(sees(&masked));
    snprintf(values, sizeof values,
             "{\"user_id\":%" PRId64 ",\"field_class\":\"sensitive\","
             "\"level\":\"read\",\"until\":\"2001-01-01\"}",
             user);
    int64_t grant = created(admin, "class_grant", values);
    char *seen = cell(c, "customer", "contact_phone", id);
    assert_string_equal(seen, "138****8000"); /* it has ended already */
    free(seen);
    cJSON_Delete(client_result(admin, "class_grant.update",
                               "{\"id\":%" PRId64 ",\"version\":1,"
                               "\"values\":{\"until\":null}}",
                               grant));
    assert_true(check_wait(sees, &open, PATIENCE));
    cJSON_Delete(client_result(admin, "class_grant.delete",
                               "{\"id\":%" PRId64 ",\"version\":2}", grant));
    assert_true(check_wait(sees, &masked, PATIENCE));
    client_close(&c);
}

/* A right that is taken is gone for the next change: it looks inside its own
 * transaction. proves: ACC-02 */
static void test_matrix(void **state)
{
    (void)state;
    struct client *sales = client_as(daemon_, "sales");
    int64_t id = record_customer(sales, "权限变更公司", "");
    int64_t right = daemon_sql_int(
        daemon_, "SELECT id FROM role_right WHERE role = 'sales' AND subject"
                 " = 'customer.edit'");
    cJSON_Delete(client_result(admin, "role_right.update",
                               "{\"id\":%" PRId64 ",\"version\":1,"
                               "\"values\":{\"value\":\"none\"}}",
                               right));
    client_refused(sales, ERR_forbidden, "customer.update",
                   "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                   "{\"risk_factors\":\"x\"}}",
                   id);
    cJSON_Delete(client_result(admin, "role_right.update",
                               "{\"id\":%" PRId64 ",\"version\":2,"
                               "\"values\":{\"value\":\"own\"}}",
                               right));
    cJSON_Delete(client_result(sales, "customer.update",
                               "{\"id\":%" PRId64 ",\"version\":1,"
                               "\"values\":{\"risk_factors\":\"x\"}}",
                               id));
    cJSON *e = client_error(admin, ERR_invalid, "role_right.update",
                            "{\"id\":%" PRId64 ",\"version\":3,\"values\":"
                            "{\"value\":\"everything\"}}",
                            right);
    assert_true(record_has_fault(e, "value", "option"));
    cJSON_Delete(e);
    client_close(&sales);
}

/* The flag gives no customers, the roles give no settings. proves: ACC-02 */
static void test_admin_only(void **state)
{
    (void)state;
    client_refused(admin, ERR_forbidden, "customer.list", "{}");
    client_refused(admin, ERR_forbidden, "customer.get", "{\"id\":1}");
    client_refused(admin, ERR_forbidden, "contact.list", "{}");
    client_refused(admin, ERR_forbidden, "customer.create", "{\"values\":{}}");
    static const char *const mine[] = {"user", "org_unit", "option",
                                       "role_right", "class_grant"};
    struct client *sales = client_as(daemon_, "sales_manager");
    for (size_t i = 0; i < sizeof mine / sizeof *mine; i++) {
        char method[64];
        snprintf(method, sizeof method, "%s.create", mine[i]);
        client_refused(sales, ERR_forbidden, method, "{\"values\":{}}");
        snprintf(method, sizeof method, "%s.update", mine[i]);
        client_refused(sales, ERR_forbidden, method,
                       "{\"id\":1,\"version\":1,\"values\":{}}");
    }
    client_refused(sales, ERR_forbidden, "role_right.list", "{}");
    client_refused(sales, ERR_unknown_method, "session.list", "{}");
    client_refused(sales, ERR_unknown_method, "event.get", "{\"id\":1}");
    client_refused(sales, ERR_unknown_method, "user.delete",
                   "{\"id\":1,\"version\":1}");
    client_close(&sales);
}

static bool is_out(void *ctx)
{
    cJSON *r = client_call(ctx, "session.whoami", "{}");
    bool out = client_kind(r) == ERR_unauthenticated;
    cJSON_Delete(r);
    return out;
}

/* proves: ACC-01 */
static void test_disabled(void **state)
{
    (void)state;
    struct client *c = client_as(daemon_, "finance");
    int64_t id = record_user(daemon_, "finance");
    cJSON_Delete(client_result(admin, "user.update",
                               "{\"id\":%" PRId64 ",\"version\":%" PRId64
                               ",\"values\":{\"disabled\":true}}",
                               id, record_version(admin, "user", id)));
    assert_true(check_wait(is_out, c, PATIENCE));
    client_close(&c);
    cJSON *e = client_error(
        admin, ERR_invalid, "user.update",
        "{\"id\":%" PRId64 ",\"version\":%" PRId64
        ",\"values\":{\"disabled\":true,\"admin\":false}}",
        record_user(daemon_, "admin"),
        record_version(admin, "user", record_user(daemon_, "admin")));
    assert_true(record_has_fault(e, "disabled", "option"));
    assert_true(record_has_fault(e, "admin", "option"));
    cJSON_Delete(e);
    client_refused(admin, ERR_invalid_params, "user.update",
                   "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                   "{\"password_hash\":\"x\"}}",
                   id);
}

static void test_saved_filters(void **state)
{
    (void)state;
    static const char *const shared[] = {"none", "all"};
    struct client *other = client_as(daemon_, "optimizer");
    for (int i = 0; i < 2; i++) {
        char values[200];
        snprintf(values, sizeof values,
                 "{\"name\":\"筛选%d\",\"entity\":\"customer\",\"shared\":"
                 "\"%s\",\"definition\":{\"filter\":{\"grade\":{\"in\":"
                 "[\"A\"]}}}}",
                 i, shared[i]);
        int64_t id = created(director, "saved_filter", values);
        cJSON_Delete(record_read(director, "saved_filter", id));
        client_refused(other, i ? ERR_forbidden : ERR_not_found,
                       "saved_filter.update",
                       "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                       "{\"name\":\"x\"}}",
                       id);
        client_refused(other, i ? ERR_forbidden : ERR_not_found,
                       "saved_filter.delete",
                       "{\"id\":%" PRId64 ",\"version\":1}", id);
        cJSON *r = client_result(other, "saved_filter.list", "{}");
        assert_int_equal(cJSON_GetArraySize(json_get(r, "rows")), i);
        cJSON_Delete(r);
    }
    client_close(&other);
    cJSON *e = client_error(director, ERR_invalid, "saved_filter.create",
                            "{\"values\":{\"name\":\"坏\",\"entity\":"
                            "\"customer\",\"definition\":{\"filter\":"
                            "{\"nothing\":{\"eq\":1}}}}}");
    assert_true(record_has_fault(e, "definition", "form"));
    cJSON_Delete(e);
    e = client_error(director, ERR_invalid, "saved_filter.create",
                     "{\"values\":{\"name\":\"坏\",\"entity\":\"session\","
                     "\"definition\":{}}}");
    assert_true(record_has_fault(e, "entity", "option"));
    cJSON_Delete(e);
}

/* One default a list; the former gives way. */
static void test_default_filter(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        char values[160];
        snprintf(values, sizeof values,
                 "{\"name\":\"默认%d\",\"entity\":\"customer\","
                 "\"is_default\":true,\"definition\":{}}",
                 i);
        created(director, "saved_filter", values);
        assert_int_equal(
            daemon_sql_int(daemon_, "SELECT count(*) FROM saved_filter WHERE"
                                    " is_default"),
            1);
    }
}

/* What records use stays. */
static void test_used(void **state)
{
    (void)state;
    int64_t tag = created(director, "tag", "{\"name\":\"在用\"}");
    int64_t spare = created(director, "tag", "{\"name\":\"闲置\"}");
    char more[64];
    snprintf(more, sizeof more, "\"tags\":[%" PRId64 "]", tag);
    record_customer(director, "标签公司", more);
    cJSON *e = client_error(admin, ERR_invalid, "tag.delete",
                            "{\"id\":%" PRId64 ",\"version\":1}", tag);
    assert_true(record_has_fault(e, "name", "reference"));
    cJSON_Delete(e);
    cJSON_Delete(client_result(admin, "tag.delete",
                               "{\"id\":%" PRId64 ",\"version\":1}", spare));
    int64_t option = created(admin, "option",
                             "{\"list\":\"industry\",\"code\":\"drones\","
                             "\"zh\":\"无人机\",\"en\":\"Drones\"}");
    record_customer(director, "无人机公司", "\"currency\":\"USD\"");
    cJSON_Delete(client_result(admin, "option.delete",
                               "{\"id\":%" PRId64 ",\"version\":1}", option));
    int64_t used = daemon_sql_int(
        daemon_, "SELECT id FROM option_item WHERE list = 'industry' AND"
                 " code = 'outdoor'");
    e = client_error(admin, ERR_invalid, "option.delete",
                     "{\"id\":%" PRId64 ",\"version\":1}", used);
    assert_true(record_has_fault(e, "zh", "reference"));
    cJSON_Delete(e);
    static const char *const refused[] = {
        "{\"list\":\"grade\",\"code\":\"D\",\"zh\":\"丁\",\"en\":\"D\"}",
        "{\"list\":\"nothing\",\"code\":\"D\",\"zh\":\"丁\",\"en\":\"D\"}"};
    for (size_t i = 0; i < 2; i++) {
        e = client_error(admin, ERR_invalid, "option.create", "{\"values\":%s}",
                         refused[i]);
        assert_true(record_has_fault(e, "list", "option"));
        cJSON_Delete(e);
    }
    e = client_error(admin, ERR_invalid, "option.create",
                     "{\"values\":{\"list\":\"industry\",\"code\":"
                     "\"outdoor\",\"zh\":\"户外\",\"en\":\"Outdoor\"}}");
    assert_true(record_has_fault(e, "code", "unique"));
    cJSON_Delete(e);
}

static void test_tree(void **state)
{
    (void)state;
    int64_t top =
        created(admin, "org_unit", "{\"name\":\"顶\",\"kind\":\"department\"}");
    char values[120];
    snprintf(values, sizeof values,
             "{\"name\":\"底\",\"kind\":\"team\",\"parent\":%" PRId64 "}", top);
    int64_t below = created(admin, "org_unit", values);
    cJSON *e = client_error(admin, ERR_invalid, "org_unit.update",
                            "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                            "{\"parent\":%" PRId64 "}}",
                            top, below);
    assert_true(record_has_fault(e, "parent", "order"));
    cJSON_Delete(e);
    e = client_error(admin, ERR_invalid, "org_unit.delete",
                     "{\"id\":%" PRId64 ",\"version\":1}", top);
    assert_true(record_has_fault(e, "name", "reference"));
    cJSON_Delete(e);
    cJSON_Delete(client_result(admin, "org_unit.delete",
                               "{\"id\":%" PRId64 ",\"version\":1}", below));
}

static int setup(void **state)
{
    (void)state;
    daemon_ = daemon_start(&(struct daemon_options){.organisation = true});
    director = client_as(daemon_, "sales_director");
    admin = client_as(daemon_, "admin");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    client_close(&director);
    client_close(&admin);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_masks),
        cmocka_unit_test(test_reveal),
        cmocka_unit_test(test_grants),
        cmocka_unit_test(test_matrix),
        cmocka_unit_test(test_admin_only),
        cmocka_unit_test(test_disabled),
        cmocka_unit_test(test_saved_filters),
        cmocka_unit_test(test_default_filter),
        cmocka_unit_test(test_used),
        cmocka_unit_test(test_tree),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
