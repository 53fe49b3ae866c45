/* An earlier version of a record is taken back as a new one; what has a
 * procedure of its own stays.
 * proves: EDIT-02, EDIT-03 */
#include "common/json.h"
#include "tests/support/child.h"
#include "tests/support/daemon.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct daemon *daemon_;
static struct client *director;

/* The id of the n-th newest entry of a record's own history. */
static int64_t entry(const char *entity, int64_t id, int n)
{
    return daemon_sql_int(daemon_,
                          "SELECT id FROM audit WHERE entity = '%s' AND"
                          " record_id = %" PRId64
                          " ORDER BY id DESC OFFSET %d LIMIT 1",
                          entity, id, n);
}

static const char *request(int64_t id, int64_t version, int64_t to)
{
    static char text[128];
    snprintf(text, sizeof text,
             "{\"id\":%" PRId64 ",\"version\":%" PRId64 ",\"to\":%" PRId64 "}",
             id, version, to);
    return text;
}

static cJSON *reverted(const char *method, int64_t id, int64_t version,
                       int64_t to)
{
    cJSON *r = client_result(director, method, "%s", request(id, version, to));
    cJSON *record = cJSON_DetachItemFromObjectCaseSensitive(r, "record");
    cJSON_Delete(r);
    return record;
}

static void change(int64_t id, const char *values)
{
    cJSON_Delete(child_change(director, "customer", id, values));
}

static void test_customer(void **state)
{
    (void)state;
    int64_t id = record_customer(
        director, "改来改去公司",
        "\"risk_factors\":\"甲\",\"website_urls\":[\"https://a.example.com\"]");
    change(id, "\"risk_factors\":\"乙\",\"tags\":[]");
    change(id, "\"risk_factors\":null,\"customer_name\":\"改名以后公司\","
               "\"website_urls\":[]");
    cJSON_Delete(client_result(director, "customer.transition",
                               "{\"id\":%" PRId64 ",\"version\":3,\"to\":"
                               "\"negotiating\",\"reason\":\"开始谈\"}",
                               id));
    cJSON *r = reverted("customer.revert", id, 4, entry("customer", id, 2));
    record_is(r, "risk_factors", "乙");
    record_is(r, "customer_name", "改来改去公司");
    record_is(r, "lifecycle", "negotiating");
    assert_int_equal(json_int(r, "version", 0), 5);
    cJSON_Delete(r);
    r = reverted("customer.revert", id, 5, entry("customer", id, 4));
    record_is(r, "risk_factors", "甲");
    assert_int_equal(cJSON_GetArraySize(json_get(r, "website_urls")), 1);
    cJSON_Delete(r);
    /* Found by its name again, and the log says how it came. */
    r = client_result(director, "customer.count",
                      "{\"search\":\"gaimingyihou\"}");
    assert_int_equal(json_int(r, "total", -1), 0);
    cJSON_Delete(r);
    r = client_result(director, "customer.history",
                      "{\"id\":%" PRId64 ",\"limit\":1}", id);
    const cJSON *fields = json_get(json_get(r, "versions")->child, "fields");
    assert_int_equal(cJSON_GetArraySize(fields), 1);
    cJSON_Delete(r);
    /* To where it stands already: nothing changes. */
    r = reverted("customer.revert", id, 6, entry("customer", id, 0));
    assert_int_equal(json_int(r, "version", 0), 6);
    cJSON_Delete(r);
}

/* By the rules of any update: the version, the right, a name that is taken
 * by now. */
static void test_refusals(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "名字让出公司", "");
    int64_t born = entry("customer", id, 0);
    change(id, "\"customer_name\":\"名字换过公司\"");
    client_refused(director, ERR_conflict, "customer.revert", "%s",
                   request(id, 1, born));
    int64_t other = record_customer(director, "名字让出公司", "");
    cJSON *e = client_error(director, ERR_invalid, "customer.revert", "%s",
                            request(id, 2, born));
    assert_true(record_has_fault(e, "customer_name", "unique"));
    cJSON_Delete(e);
    /* The entry of another record, or none. */
    client_refused(director, ERR_invalid_params, "customer.revert", "%s",
                   request(id, 2, entry("customer", other, 0)));
    client_refused(director, ERR_invalid_params, "customer.revert", "%s",
                   request(id, 2, 999999999));
    struct client *viewer = client_as(daemon_, "project_director");
    client_refused(viewer, ERR_forbidden, "customer.revert", "%s",
                   request(id, 2, born));
    client_close(&viewer);
    struct client *sales = client_as(daemon_, "sales");
    client_refused(sales, ERR_not_found, "customer.revert", "%s",
                   request(id, 2, born));
    client_close(&sales);
    client_refused(director, ERR_unknown_method, "tag.revert", "%s",
                   request(1, 1, 1));
}

/* What asks for more than editing asks for it here too. */
static void test_assignment(void **state)
{
    (void)state;
    char values[64];
    int64_t me = record_user(daemon_, "sales");
    snprintf(values, sizeof values, "\"owner\":%" PRId64, me);
    int64_t id = record_customer(director, "换人公司", "");
    int64_t born = entry("customer", id, 0);
    change(id, values);
    struct client *sales = client_as(daemon_, "sales");
    cJSON *e = client_error(sales, ERR_forbidden, "customer.revert", "%s",
                            request(id, 2, born));
    assert_string_equal(json_str(json_get(e, "data"), "field", ""), "owner");
    cJSON_Delete(e);
    client_close(&sales);
    cJSON_Delete(reverted("customer.revert", id, 2, born));
}

/* Children have versions of their own; the state of a question goes its own
 * way. */
static void test_children(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "有问题公司", "");
    int64_t qa = child_add(director, "qa", id,
                           "\"question\":\"原来的问题\",\"category\":"
                           "\"other\"");
    int64_t born = entry("qa", qa, 0);
    cJSON_Delete(child_change(director, "qa", qa,
                              "\"question\":\"后来的问题\",\"status\":"
                              "\"analysing\",\"answer\":\"答复\""));
    cJSON *r = reverted("qa.revert", qa, 2, born);
    record_is(r, "question", "原来的问题");
    record_is(r, "answer", NULL);
    record_is(r, "status", "analysing");
    cJSON_Delete(r);
    assert_int_equal(child_found(director, "qa", "后来的"), 0);
    assert_int_equal(child_found(director, "qa", "原来的"), 1);
    int64_t contact = daemon_sql_int(
        daemon_, "SELECT primary_contact_id FROM customer WHERE id = %" PRId64,
        id);
    born = entry("contact", contact, 0);
    cJSON_Delete(child_change(director, "contact", contact,
                              "\"name\":\"王大明\",\"phone\":"
                              "\"13900139000\""));
    cJSON_Delete(reverted("contact.revert", contact, 2, born));
    r = record_read(director, "customer", id);
    record_is(r, "contact_person", "王小明");
    record_is(r, "contact_phone", "13800138000");
    assert_int_equal(json_int(r, "version", 0), 1);
    cJSON_Delete(r);
}

/* What an item said while it was private does not come back for others. */
static void test_private(void **state)
{
    char more[64];
    (void)state;
    struct client *manager = client_as(daemon_, "sales_manager");
    snprintf(more, sizeof more, "\"owner\":%" PRId64,
             record_user(daemon_, "sales_manager"));
    int64_t id = record_customer(director, "有秘密公司", more);
    int64_t item = child_add(manager, "attention", id,
                             "\"title\":\"私下的话\",\"category\":\"risk\","
                             "\"is_private\":true");
    int64_t born = entry("attention", item, 0);
    cJSON_Delete(child_change(manager, "attention", item,
                              "\"title\":\"公开的话\",\"is_private\":false"));
    client_refused(director, ERR_invalid_params, "attention.revert", "%s",
                   request(item, 2, born));
    cJSON_Delete(client_result(manager, "attention.revert", "%s",
                               request(item, 2, born)));
    client_refused(director, ERR_not_found, "attention.get",
                   "{\"id\":%" PRId64 "}", item);
    client_close(&manager);
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
        cmocka_unit_test(test_customer),   cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_assignment), cmocka_unit_test(test_children),
        cmocka_unit_test(test_private),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
