/* Every change leaves one event row in its own transaction, with what scope
 * looked at before and after (the outbox). */
#include "common/json.h"
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

static struct daemon *daemon_;
static struct client *director;

/* "kind version keys_before keys_after" of each event of the record. */
static char *events(const char *entity, int64_t id)
{
    return daemon_sql(
        daemon_,
        "SELECT coalesce(string_agg(kind || ' ' || version || ' ' ||"
        " coalesce(keys_before::text, '-') || ' ' ||"
        " coalesce(keys_after::text, '-'), '; ' ORDER BY id), '') FROM event"
        " WHERE entity = '%s' AND record_id = %" PRId64,
        entity, id);
}

static void expect(const char *entity, int64_t id, const char *fmt, ...)
{
    char wanted[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(wanted, sizeof wanted, fmt, ap);
    va_end(ap);
    char *seen = events(entity, id);
    assert_string_equal(seen, wanted);
    free(seen);
}

static void test_life(void **state)
{
    (void)state;
    int64_t me = record_user(daemon_, "sales_director");
    int64_t other = record_user(daemon_, "sales");
    int64_t id = record_customer(director, "事件公司", "");
    expect("customer", id, "created 1 - {%" PRId64 ",0,0,0}", me);
    cJSON_Delete(client_result(director, "customer.update",
                               "{\"id\":%" PRId64 ",\"version\":1,"
                               "\"values\":{\"owner\":%" PRId64 "}}",
                               id, other));
    cJSON_Delete(client_result(director, "customer.delete",
                               "{\"id\":%" PRId64 ",\"version\":2}", id));
    cJSON_Delete(client_result(director, "customer.restore",
                               "{\"id\":%" PRId64 ",\"version\":3}", id));
    expect("customer", id,
           "created 1 - {%" PRId64 ",0,0,0}; updated 2 {%" PRId64
           ",0,0,0} {%" PRId64 ",0,0,0}; deleted 3 {%" PRId64
           ",0,0,0} {%" PRId64 ",0,0,0}; restored 4 {%" PRId64
           ",0,0,0} {%" PRId64 ",0,0,0}",
           me, me, other, other, other, other, other);
}

/* A child's event carries the scope of its customer. */
static void test_children(void **state)
{
    (void)state;
    int64_t me = record_user(daemon_, "sales_director");
    int64_t id = record_customer(director, "子事件公司", "");
    int64_t contact =
        daemon_sql_int(daemon_,
                       "SELECT primary_contact_id FROM customer WHERE id ="
                       " %" PRId64,
                       id);
    cJSON_Delete(client_result(director, "contact.update",
                               "{\"id\":%" PRId64 ",\"version\":1,"
                               "\"values\":{\"position\":\"经理\"}}",
                               contact));
    expect("contact", contact,
           "created 1 - {%" PRId64 ",0,0,0}; updated 2 {%" PRId64
           ",0,0,0} {%" PRId64 ",0,0,0}",
           me, me, me);
    assert_int_equal(daemon_sql_int(daemon_,
                                    "SELECT count(*) FROM event WHERE"
                                    " customer_id = %" PRId64,
                                    id),
                     3);
}

/* What is refused, what changes nothing and what is repeated leaves none. */
static void test_none(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "无事件公司", "");
    int64_t before = daemon_sql_int(daemon_, "SELECT count(*) FROM event");
    int64_t logged = daemon_sql_int(daemon_, "SELECT count(*) FROM audit");
    client_refused(director, ERR_invalid, "customer.update",
                   "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                   "{\"customer_name\":null}}",
                   id);
    client_refused(director, ERR_conflict, "customer.update",
                   "{\"id\":%" PRId64 ",\"version\":7,\"values\":"
                   "{\"risk_factors\":\"x\"}}",
                   id);
    cJSON_Delete(client_result(director, "customer.update",
                               "{\"id\":%" PRId64 ",\"version\":1,"
                               "\"values\":{}}",
                               id));
    assert_int_equal(daemon_sql_int(daemon_, "SELECT count(*) FROM event"),
                     before);
    assert_int_equal(daemon_sql_int(daemon_, "SELECT count(*) FROM audit"),
                     logged);
}

static void test_others(void **state)
{
    (void)state;
    cJSON *r = client_result(director, "tag.create",
                             "{\"values\":{\"name\":\"重点\"}}");
    int64_t id = json_int(json_get(r, "record"), "id", 0);
    expect("tag", id, "created 1 - -");
    cJSON_Delete(r);
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
        cmocka_unit_test(test_life),
        cmocka_unit_test(test_children),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_others),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
