/* What was changed by whom, as the log tells it and as far as one may see;
 * records as they were (ACC-05, EDIT-03). */
#include "common/date.h"
#include "common/json.h"
#include "server/db/db.h"
#include "tests/support/daemon.h"
#include "tests/support/record.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct daemon *daemon_;
static struct client *director;

static void update(const char *entity, int64_t id, const char *values)
{
    char method[64];
    snprintf(method, sizeof method, "%s.update", entity);
    cJSON_Delete(client_result(
        director, method,
        "{\"id\":%" PRId64 ",\"version\":%" PRId64 ",\"values\":%s}", id,
        record_version(director, entity, id), values));
}

static int64_t contact_of(int64_t customer)
{
    return daemon_sql_int(daemon_,
                          "SELECT primary_contact_id FROM customer WHERE"
                          " id = %" PRId64,
                          customer);
}

/* The field of a version, or NULL. */
static const cJSON *field_of(const cJSON *version, const char *id)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, json_get(version, "fields"))
    {
        if (strcmp(json_str(one, "field", ""), id) == 0)
            return one;
    }
    return NULL;
}

/* proves: ACC-05, EDIT-03 */
static void test_versions(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "历史公司", "");
    update("customer", id, "{\"industry\":\"garden\",\"owner\":null}");
    update("contact", contact_of(id), "{\"phone\":\"13900139000\"}");
    cJSON *r =
        client_result(director, "customer.history", "{\"id\":%" PRId64 "}", id);
    const cJSON *versions = json_get(r, "versions");
    assert_int_equal(cJSON_GetArraySize(versions), 4);
    assert_true(cJSON_IsNull(json_get(r, "next")));
    const cJSON *newest = cJSON_GetArrayItem(versions, 0);
    record_is(newest, "entity", "contact");
    record_is(newest, "action", "update");
    record_is(field_of(newest, "phone"), "from", "13800138000");
    record_is(field_of(newest, "phone"), "to", "13900139000");
    const cJSON *second = cJSON_GetArrayItem(versions, 1);
    record_is(second, "entity", "customer");
    record_is(field_of(second, "industry"), "from", "outdoor");
    record_is(field_of(second, "industry"), "to", "garden");
    const cJSON *owner = json_get(field_of(second, "owner"), "from");
    assert_int_equal((int64_t)cJSON_GetArrayItem(owner, 0)->valuedouble,
                     record_user(daemon_, "sales_director"));
    assert_true(cJSON_IsNull(json_get(field_of(second, "owner"), "to")));
    const cJSON *user = json_get(second, "user");
    assert_int_equal((int64_t)cJSON_GetArrayItem(user, 0)->valuedouble,
                     record_user(daemon_, "sales_director"));
    record_is(cJSON_GetArrayItem(versions, 3), "action", "create");
    /* What is computed is in no version. */
    assert_null(field_of(cJSON_GetArrayItem(versions, 3), "name_key"));
    assert_null(field_of(cJSON_GetArrayItem(versions, 3), "search_text"));
    cJSON_Delete(r);
}

static void test_pages(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "多版本公司", "");
    for (int i = 0; i < 6; i++)
        update("customer", id,
               i % 2 ? "{\"risk_factors\":\"a\"}" : "{\"risk_factors\":\"b\"}");
    char after[32] = "";
    int seen = 0;
    int64_t last = INT64_MAX;
    for (int page = 0; page < 10; page++) {
        cJSON *r = client_result(
            director, "customer.history",
            "{\"id\":%" PRId64 ",\"limit\":3,\"after\":\"%s\"}", id, after);
        const cJSON *one;
        cJSON_ArrayForEach(one, json_get(r, "versions"))
        {
            assert_true(json_int(one, "id", 0) < last);
            last = json_int(one, "id", 0);
            seen++;
        }
        snprintf(after, sizeof after, "%s", json_str(r, "next", ""));
        cJSON_Delete(r);
        if (!after[0])
            break;
    }
    assert_int_equal(seen, 8); /* customer and contact made, six changes */
}

/* proves: ACC-03 */
static void test_gate(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "历史脱敏公司",
                                 "\"last_year_sales\":\"100.00\"");
    update("contact", contact_of(id), "{\"phone\":\"13911139111\"}");
    struct client *viewer = client_as(daemon_, "project_director");
    cJSON *r =
        client_result(viewer, "customer.history", "{\"id\":%" PRId64 "}", id);
    char *text = cJSON_PrintUnformatted(r);
    assert_null(strstr(text, "13911139111"));
    assert_null(strstr(text, "13800138000"));
    assert_non_null(strstr(text, "139****9111"));
    cJSON_free(text);
    cJSON_Delete(r);
    client_close(&viewer);
    struct client *sales = client_as(daemon_, "sales");
    client_refused(sales, ERR_not_found, "customer.history",
                   "{\"id\":%" PRId64 "}", id);
    client_refused(sales, ERR_not_found, "customer.history",
                   "{\"id\":99999999}");
    client_close(&sales);
    struct client *admin = client_as(daemon_, "admin");
    client_refused(admin, ERR_forbidden, "customer.history",
                   "{\"id\":%" PRId64 "}", id);
    client_close(&admin);
    client_refused(director, ERR_unknown_method, "tag.history", "{\"id\":1}");
}

/* proves: EDIT-03 */
static void test_as_of(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "从前公司",
                                 "\"tags\":[],\"target_markets\":[\"us\"]");
    char *before = daemon_sql(
        daemon_, "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC',"
                 " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
    update("customer", id,
           "{\"customer_name\":\"如今公司\",\"target_markets\":[\"jp\","
           "\"us\"],\"last_year_sales\":\"5.50\"}");
    update("customer", id, "{\"last_year_sales\":null,\"owner\":null}");
    cJSON *r =
        client_result(director, "customer.get",
                      "{\"id\":%" PRId64 ",\"as_of\":\"%s\"}", id, before);
    const cJSON *record = json_get(r, "record");
    record_is(record, "customer_name", "从前公司");
    record_is(record, "last_year_sales", NULL);
    assert_int_equal(cJSON_GetArraySize(json_get(record, "target_markets")), 1);
    assert_true(cJSON_IsArray(json_get(record, "owner")));
    assert_int_equal(json_int(record, "version", 0), 1);
    cJSON_Delete(r);
    client_refused(director, ERR_not_found, "customer.get",
                   "{\"id\":%" PRId64 ",\"as_of\":\"2001-01-01\"}", id);
    client_refused(director, ERR_invalid_params, "customer.get",
                   "{\"id\":%" PRId64 ",\"as_of\":\"yesterday!\"}", id);
    client_refused(director, ERR_invalid_params, "tag.get",
                   "{\"id\":1,\"as_of\":\"2001-01-01\"}");
    free(before);
}

/* Nobody who serves can change what was logged. proves: ACC-05 */
static void test_log_is_final(void **state)
{
    (void)state;
    struct err e = {0};
    struct db_conn *c = db_conn_open(daemon_->conninfo, &e);
    static const char *const tries[] = {"UPDATE audit SET user_id = NULL",
                                        "DELETE FROM audit", "TRUNCATE audit"};
    for (size_t i = 0; i < 3; i++) {
        assert_false(db_run(c, tries[i], &e));
        assert_string_equal(db_conn_sqlstate(c), "42501");
        err_clear(&e);
    }
    db_conn_close(&c);
    struct client *admin = client_as(daemon_, "admin");
    cJSON *r = client_result(admin, "audit.list", "{\"limit\":5}");
    assert_true(cJSON_GetArraySize(json_get(r, "rows")) == 5);
    cJSON_Delete(r);
    client_refused(admin, ERR_unknown_method, "audit.create",
                   "{\"values\":{}}");
    client_refused(admin, ERR_unknown_method, "audit.update",
                   "{\"id\":1,\"version\":1,\"values\":{}}");
    client_close(&admin);
    client_refused(director, ERR_forbidden, "audit.list", "{}");
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
        cmocka_unit_test(test_versions),     cmocka_unit_test(test_pages),
        cmocka_unit_test(test_gate),         cmocka_unit_test(test_as_of),
        cmocka_unit_test(test_log_is_final),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
