/* Filters whose days are words: the daemon takes them, resolves them in the
 * time zone of the session, and counts by them (LIST-05, LIST-07, BEY-03). */
#include "common/date.h"
#include "common/json.h"
#include "common/mem.h"
#include "tests/support/client.h"
#include "tests/support/daemon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CUSTOMERS 300

static struct daemon *d;
static struct client *c;

static int64_t count(const char *filter)
{
    cJSON *r = client_result(c, "customer.count", "{\"filter\":%s}", filter);
    int64_t total = json_int(r, "total", -1);
    cJSON_Delete(r);
    return total;
}

static void use_zone(const char *zone)
{
    cJSON *r = client_result(c, "session.set", "{\"timezone\":\"%s\"}", zone);
    cJSON_Delete(r);
}

/* On the last evening of July, UTC: in China it is August. */
static int set_up(void **state)
{
    (void)state;
    static const char *const env[] = {"KEHU_CLOCK=2031-07-31T20:00:00Z", NULL};
    struct daemon_options o = {.customers = CUSTOMERS, .env = env};
    d = daemon_start(&o);
    c = client_as(d, "sales_director");
    char *done = daemon_sql(
        d, "UPDATE customer SET cooperation_end_date = CASE id %% 3 WHEN 0 THEN"
           " '2031-07-15'::date WHEN 1 THEN '2031-08-15' ELSE '2031-09-15' "
           "END, website_launch_time = NULL,"
           " created_at = '2031-07-31T17:00:00Z' RETURNING 1");
    x_free(&done);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_close(&c);
    daemon_free(&d);
    return 0;
}

static int64_t ending_in(const char *month)
{
    return daemon_sql_int(d,
                          "SELECT count(*) FROM customer WHERE"
                          " to_char(cooperation_end_date, 'YYYY-MM') = '%s'"
                          " AND deleted_at IS NULL",
                          month);
}

static void test_the_zone_of_the_session(void **state)
{
    (void)state;
    static const char month[] =
        "{\"cooperation_end_date\":{\"eq\":\"this_month\"}}";
    int64_t july = ending_in("2031-07"), august = ending_in("2031-08");
    assert_true(july > 0 && august > 0);
    use_zone("Europe/London");
    assert_int_equal(count(month), july);
    use_zone("Asia/Shanghai");
    assert_int_equal(count(month), august);
    assert_int_equal(count("{\"cooperation_end_date\":{\"lt\":\"today\"}}"),
                     july);
    assert_int_equal(
        count("{\"cooperation_end_date\":{\"ne\":\"this_month\"}}"),
        CUSTOMERS - august);
    /* What is empty is not in this month. */
    assert_int_equal(count("{\"website_launch_time\":{\"ne\":\"this_month\"}}"),
                     CUSTOMERS);
    assert_int_equal(count("{\"website_launch_time\":{\"le\":\"this_month\"}}"),
                     0);
    /* A point in time: made at one o'clock of the first of August there. */
    assert_int_equal(count("{\"created_at\":{\"eq\":\"this_month\"}}"),
                     CUSTOMERS);
    use_zone("Europe/London");
    assert_int_equal(count("{\"created_at\":{\"eq\":\"next_month\"}}"), 0);
}

/* Pages go on where they were, since the question is the same. */
static void test_pages(void **state)
{
    (void)state;
    use_zone("Asia/Shanghai");
    static const char question[] =
        "\"columns\":[\"cooperation_end_date\"],\"filter\":"
        "{\"cooperation_end_date\":{\"in\":[\"this_month\",\"last_month\"]}},"
        "\"sort\":[[\"cooperation_end_date\",\"asc\"]],\"limit\":50";
    int64_t rows = 0;
    char *after = x_strdup("");
    do {
        cJSON *r = client_result(c, "customer.list", "{%s,\"after\":\"%s\"}",
                                 question, after);
        rows += cJSON_GetArraySize(json_get(r, "rows"));
        x_free(&after);
        after = x_strdup(json_str(r, "next", ""));
        cJSON_Delete(r);
    } while (*after);
    x_free(&after);
    assert_int_equal(rows, ending_in("2031-07") + ending_in("2031-08"));
}

static void test_words_that_are_none(void **state)
{
    (void)state;
    client_refused(c, ERR_invalid_params, "customer.count",
                   "{\"filter\":{\"cooperation_end_date\":{\"eq\":\"soon\"}}}");
    client_refused(
        c, ERR_invalid_params, "customer.count",
        "{\"filter\":{\"customer_name\":{\"between\":[\"today\",null]}}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_zone_of_the_session),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_words_that_are_none),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
