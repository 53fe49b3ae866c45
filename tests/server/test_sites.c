/* The daemon looks by itself whether the sites of competitors answer, and
 * nobody who edits them is disturbed by it.
 * proves: DET-06 */
#include "common/json.h"
#include "tests/support/check.h"
#include "tests/support/child.h"
#include "tests/support/daemon.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct daemon *daemon_;
static struct client *director;

static bool was_asked(void *id)
{
    return daemon_sql_int(daemon_,
                          "SELECT count(*) FROM competitor WHERE id ="
                          " %" PRId64 " AND check_status <> ''",
                          *(int64_t *)id) == 1;
}

static int64_t age(int64_t id)
{
    return daemon_sql_int(daemon_,
                          "SELECT extract(epoch FROM now() - checked_at)::int"
                          " FROM competitor WHERE id = %" PRId64,
                          id);
}

static void test_asked(void **state)
{
    (void)state;
    int64_t customer = record_customer(director, "看竞对网站公司", "");
    int64_t silent = child_add(director, "competitor", customer,
                               "\"company_name\":\"没有网站\"");
    int64_t fresh = child_add(director, "competitor", customer,
                              "\"website_url\":\"http://127.0.0.1:9/fresh\"");
    free(daemon_sql(daemon_,
                    "UPDATE competitor SET check_status = 'reachable',"
                    " checked_at = now() - interval '6 days' WHERE id ="
                    " %" PRId64,
                    fresh));
    cJSON_Delete(client_result(director, "events.subscribe",
                               "{\"entity\":\"competitor\"}"));
    int64_t id = child_add(director, "competitor", customer,
                           "\"website_url\":\"http://127.0.0.1:9/a\"");
    cJSON *event = client_notification(director, "event", 10000);
    assert_string_equal(json_str(json_get(event, "params"), "kind", ""),
                        "created");
    cJSON_Delete(event);
    assert_true(check_wait(was_asked, &id, 60000));
    /* Told, with the version that it had before. */
    event = client_notification(director, "event", 10000);
    assert_int_equal(json_int(json_get(event, "params"), "version", 0), 1);
    assert_int_equal(json_int(json_get(event, "params"), "id", 0), id);
    cJSON_Delete(event);
    cJSON_Delete(client_result(director, "events.unsubscribe", "{}"));
    cJSON *r = record_read(director, "competitor", id);
    record_is(r, "check_status", "unreachable");
    assert_true(cJSON_IsNull(json_get(r, "check_code")));
    assert_true(cJSON_IsString(json_get(r, "checked_at")));
    assert_int_equal(json_int(r, "version", 0), 1);
    cJSON_Delete(r);
    /* A form that was open all the while is saved without a conflict. */
    cJSON_Delete(client_result(director, "competitor.update",
                               "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                               "{\"notes\":\"改了\"}}",
                               id));
    assert_false(was_asked(&silent));
    assert_true(age(fresh) > 5 * 86400);
    r = client_result(director, "competitor.history", "{\"id\":%" PRId64 "}",
                      id);
    assert_int_equal(cJSON_GetArraySize(json_get(r, "versions")), 2);
    cJSON_Delete(r);
}

/* A week later it is asked again. */
static void test_asked_again(void **state)
{
    (void)state;
    int64_t customer = record_customer(director, "再看竞对网站公司", "");
    int64_t id = child_add(director, "competitor", customer,
                           "\"website_url\":\"http://127.0.0.1:9/b\"");
    assert_true(check_wait(was_asked, &id, 60000));
    free(daemon_sql(daemon_,
                    "UPDATE competitor SET check_status = '', checked_at ="
                    " now() - interval '8 days' WHERE id = %" PRId64,
                    id));
    assert_true(check_wait(was_asked, &id, 60000));
    assert_true(age(id) < 86400);
}

static int setup(void **state)
{
    static const char *const set[] = {"sites.every=7d", NULL};
    (void)state;
    daemon_ = daemon_start(
        &(struct daemon_options){.organisation = true, .set = set});
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
        cmocka_unit_test(test_asked),
        cmocka_unit_test(test_asked_again),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
