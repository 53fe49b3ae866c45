/* Follow-ups: what was said to a customer, by whom, and when to talk again.
 * proves: DET-12 */
#include "common/date.h"
#include "common/json.h"
#include "tests/support/child.h"
#include "tests/support/daemon.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TALK "\"way\":\"phone\",\"content\":\"确认续约意向\""

static struct daemon *daemon_;
static struct client *director;
static int64_t customer;

static void test_defaults_and_rules(void **state)
{
    char today[DATE_LEN];
    (void)state;
    date_format(date_today(), today);
    int64_t id = child_add(director, "follow_up", customer, TALK);
    cJSON *r = record_read(director, "follow_up", id);
    record_is(r, "followed_on", today);
    assert_int_equal((int64_t)json_get(r, "by_user")->child->valuedouble,
                     record_user(daemon_, "sales_director"));
    cJSON_Delete(r);
    cJSON *e = child_refused(director, "follow_up", customer,
                             "\"followed_on\":\"2999-01-01\",\"next_on\":"
                             "\"2020-01-01\",\"way\":\"pigeon\"");
    assert_true(record_has_fault(e, "followed_on", "order"));
    assert_true(record_has_fault(e, "next_on", "order"));
    assert_true(record_has_fault(e, "way", "option"));
    assert_true(record_has_fault(e, "content", "required"));
    cJSON_Delete(e);
    assert_true(child_breaks(daemon_, "follow_up_next_on_order",
                             "UPDATE follow_up SET next_on = '2000-01-01'"
                             " WHERE id = %" PRId64,
                             id));
    assert_true(child_breaks(daemon_, "follow_up_followed_on_order",
                             "UPDATE follow_up SET followed_on ="
                             " '2999-01-01' WHERE id = %" PRId64,
                             id));
}

/* Of one customer, and of all in scope: the next ones due come first. */
static void test_lists(void **state)
{
    (void)state;
    char more[64];
    snprintf(more, sizeof more, "\"owner\":%" PRId64,
             record_user(daemon_, "sales"));
    int64_t own = record_customer(director, "自己跟进的公司", more);
    struct client *sales = client_as(daemon_, "sales");
    child_add(sales, "follow_up", own,
              TALK ",\"followed_on\":\"2025-01-02\",\"next_on\":"
                   "\"2025-02-02\"");
    child_add(sales, "follow_up", own,
              "\"way\":\"wechat\",\"content\":\"发送报价\",\"followed_on\":"
              "\"2025-01-03\",\"next_on\":\"2025-01-20\"");
    cJSON *r = client_result(sales, "follow_up.list",
                             "{\"sort\":[[\"next_on\",\"asc\"]],\"filter\":"
                             "{\"next_on\":{\"is_null\":false}},\"columns\":"
                             "[\"next_on\",\"content\"]}");
    const cJSON *rows = json_get(r, "rows");
    assert_int_equal(cJSON_GetArraySize(rows), 2);
    assert_string_equal(cJSON_GetArrayItem(rows->child, 2)->valuestring,
                        "2025-01-20");
    cJSON_Delete(r);
    assert_int_equal(child_found(sales, "follow_up", ""), 2);
    assert_int_equal(child_found(sales, "follow_up", "baojia"), 1);
    r = client_result(sales, "follow_up.list",
                      "{\"filter\":{\"customer_id\":{\"eq\":%" PRId64 "}}}",
                      own);
    rows = json_get(r, "rows");
    assert_int_equal(cJSON_GetArraySize(rows), 2);
    cJSON_Delete(r);
    client_close(&sales);
}

static void test_rights(void **state)
{
    (void)state;
    int64_t id = child_add(director, "follow_up", customer, TALK);
    struct client *viewer = client_as(daemon_, "optimizer");
    client_refused(viewer, ERR_not_found, "follow_up.get",
                   "{\"id\":%" PRId64 "}", id);
    client_close(&viewer);
    viewer = client_as(daemon_, "finance");
    cJSON_Delete(record_read(viewer, "follow_up", id));
    client_refused(viewer, ERR_forbidden, "follow_up.create",
                   "{\"values\":{\"customer_id\":%" PRId64 "," TALK "}}",
                   customer);
    client_close(&viewer);
    client_refused(director, ERR_conflict, "follow_up.update",
                   "{\"id\":%" PRId64 ",\"version\":9,\"values\":"
                   "{\"content\":\"改了\"}}",
                   id);
    cJSON *r = child_change(director, "follow_up", id, "\"content\":\"改了\"");
    record_is(r, "content", "改了");
    cJSON_Delete(r);
    cJSON_Delete(client_result(director, "follow_up.delete",
                               "{\"id\":%" PRId64 ",\"version\":2}", id));
}

static int setup(void **state)
{
    (void)state;
    daemon_ = daemon_start(&(struct daemon_options){.organisation = true});
    director = client_as(daemon_, "sales_director");
    customer = record_customer(director, "被跟进的公司", "");
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
        cmocka_unit_test(test_defaults_and_rules),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_rights),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
