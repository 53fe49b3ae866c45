/* What has lain in the trash for long goes for good, with what belongs to it
 * and an entry in the log; what has not stays.
 * proves: EDIT-04 */
#include "common/json.h"
#include "tests/support/check.h"
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

static void throw_away(const char *entity, int64_t id, int days)
{
    char method[64];
    snprintf(method, sizeof method, "%s.delete", entity);
    cJSON_Delete(client_result(director, method,
                               "{\"id\":%" PRId64 ",\"version\":1}", id));
    free(daemon_sql(daemon_,
                    "UPDATE %s SET deleted_at = now() - interval '%d days'"
                    " WHERE id = %" PRId64,
                    entity, days, id));
}

static int64_t count(const char *table, const char *column, int64_t id)
{
    return daemon_sql_int(daemon_,
                          "SELECT count(*) FROM %s WHERE %s = %" PRId64, table,
                          column, id);
}

static int64_t old_qa;

static bool is_purged(void *ctx)
{
    (void)ctx;
    return count("qa", "id", old_qa) == 0;
}

static void test_purge(void **state)
{
    static const char *const of_customer[] = {
        "contact", "qa", "attention", "competitor", "follow_up", "life_log"};
    (void)state;
    int64_t old = record_customer(director, "早已删除公司", "");
    int64_t young = record_customer(director, "刚刚删除公司", "");
    int64_t living = record_customer(director, "没有删除公司", "");
    child_add(director, "qa", old,
              "\"question\":\"随客户删除\",\"category\":\"other\"");
    child_add(director, "attention", old,
              "\"title\":\"随客户\",\"category\":\"risk\"");
    child_add(director, "competitor", old, "\"company_name\":\"随客户\"");
    child_add(director, "follow_up", old,
              "\"way\":\"phone\",\"content\":\"随客户\"");
    old_qa = child_add(director, "qa", living,
                       "\"question\":\"早已删除\",\"category\":\"other\"");
    int64_t young_qa =
        child_add(director, "qa", living,
                  "\"question\":\"刚刚删除\",\"category\":\"other\"");
    int64_t secret = child_add(director, "attention", living,
                               "\"title\":\"私下的事\",\"category\":\"risk\","
                               "\"is_private\":true");
    throw_away("customer", old, 31);
    throw_away("customer", young, 29);
    throw_away("qa", old_qa, 31);
    throw_away("qa", young_qa, 29);
    throw_away("attention", secret, 31);
    /* The chores are due when a daemon starts. */
    daemon_stop(daemon_);
    daemon_run(daemon_);
    assert_true(check_wait(is_purged, NULL, 30000));
    assert_int_equal(count("customer", "id", old), 0);
    for (size_t i = 0; i < sizeof of_customer / sizeof *of_customer; i++)
        assert_int_equal(count(of_customer[i], "customer_id", old), 0);
    assert_int_equal(count("customer", "id", young), 1);
    assert_int_equal(count("qa", "id", young_qa), 1);
    assert_int_equal(count("customer", "id", living), 1);
    char *log =
        daemon_sql(daemon_, "SELECT string_agg(entity || ' ' || record_id ||"
                            " ' ' || (before->>0 IS NULL)::text, ',' ORDER BY"
                            " entity) FROM audit WHERE action = 'purge' AND"
                            " user_id IS NULL");
    char wanted[128];
    snprintf(wanted, sizeof wanted,
             "attention %" PRId64 " true,customer %" PRId64 " true,qa %" PRId64
             " true",
             secret, old, old_qa);
    assert_string_equal(log, wanted);
    free(log);
    /* What was private stays so in the log. */
    assert_int_equal(daemon_sql_int(daemon_,
                                    "SELECT count(*) FROM audit WHERE action ="
                                    " 'purge' AND entity = 'attention' AND"
                                    " only_user IS NOT NULL"),
                     1);
    assert_int_equal(daemon_sql_int(daemon_,
                                    "SELECT count(*) FROM audit WHERE action ="
                                    " 'purge' AND before->>'customer_name' ="
                                    " '早已删除公司'"),
                     1);
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
        cmocka_unit_test(test_purge),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
