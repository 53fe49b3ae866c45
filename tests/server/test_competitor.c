/* Competitors of a customer: several, in order, each with a name or a site.
 * proves: DET-06 */
#include "common/json.h"
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

/* Behind the others, named after its site unless it has a name. */
static void test_add(void **state)
{
    (void)state;
    int64_t customer = record_customer(director, "有竞对的公司", "");
    int64_t first = child_add(director, "competitor", customer,
                              "\"website_url\":\"HTTPS://WWW.Rival.example."
                              "com/shop\"");
    int64_t second = child_add(director, "competitor", customer,
                               "\"company_name\":\"恒拓国际\"");
    cJSON *r = record_read(director, "competitor", first);
    record_is(r, "company_name", "rival.example.com");
    record_is(r, "website_url", "https://www.rival.example.com/shop");
    record_is(r, "check_status", NULL);
    assert_int_equal(json_int(r, "rank", -1), 0);
    cJSON_Delete(r);
    r = record_read(director, "competitor", second);
    assert_int_equal(json_int(r, "rank", -1), 1);
    cJSON_Delete(r);
    cJSON *e = child_refused(director, "competitor", customer,
                             "\"notes\":\"没有名字\"");
    assert_true(record_has_fault(e, "company_name", "required"));
    cJSON_Delete(e);
    static const char *const bad[] = {"\"website_url\":\"ftp://a.example\"",
                                      "\"website_url\":\"https://nohost\"",
                                      "\"website_url\":\"https://a b.com\""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        child_faults(director, "competitor", first, bad[i], "website_url",
                     "form");
    child_faults(director, "competitor", first,
                 "\"check_status\":\"reachable\"", "check_status", "readonly");
    assert_int_equal(child_found(director, "competitor", "hengtuo"), 1);
    assert_int_equal(child_found(director, "competitor", "rival.example"), 1);
    r = child_change(director, "competitor", second,
                     "\"rank\":0,\"marketing_strategy\":\"红人开箱\"");
    assert_int_equal(json_int(r, "rank", -1), 0);
    cJSON_Delete(r);
    assert_int_equal(child_found(director, "competitor", "红人"), 1);
}

/* What was known of another site is forgotten with its address. */
static void test_new_address(void **state)
{
    (void)state;
    int64_t customer = record_customer(director, "换网址的公司", "");
    int64_t id = child_add(director, "competitor", customer,
                           "\"website_url\":\"https://a.example.com\"");
    free(daemon_sql(daemon_,
                    "UPDATE competitor SET check_status = 'reachable',"
                    " check_code = 200, checked_at = now() WHERE id ="
                    " %" PRId64,
                    id));
    cJSON *r = child_change(director, "competitor", id, "\"notes\":\"x\"");
    record_is(r, "check_status", "reachable");
    cJSON_Delete(r);
    r = child_change(director, "competitor", id,
                     "\"website_url\":\"https://b.example.com\"");
    record_is(r, "check_status", NULL);
    record_is(r, "checked_at", NULL);
    assert_true(cJSON_IsNull(json_get(r, "check_code")));
    cJSON_Delete(r);
}

/* proves: EDIT-03 */
static void test_history_and_rights(void **state)
{
    (void)state;
    int64_t customer = record_customer(director, "看竞对的公司", "");
    int64_t id = child_add(director, "competitor", customer,
                           "\"company_name\":\"星桥科技\"");
    struct client *viewer = client_as(daemon_, "project_director");
    cJSON_Delete(record_read(viewer, "competitor", id));
    client_refused(viewer, ERR_forbidden, "competitor.update",
                   "{\"id\":%" PRId64 ",\"version\":1,\"values\":{}}", id);
    client_refused(viewer, ERR_forbidden, "competitor.delete",
                   "{\"id\":%" PRId64 ",\"version\":1}", id);
    client_close(&viewer);
    struct client *sales = client_as(daemon_, "sales");
    client_refused(sales, ERR_not_found, "competitor.get",
                   "{\"id\":%" PRId64 "}", id);
    assert_int_equal(child_found(sales, "competitor", "星桥"), 0);
    client_close(&sales);
    cJSON_Delete(client_result(director, "competitor.delete",
                               "{\"id\":%" PRId64 ",\"version\":1}", id));
    cJSON *r = client_result(director, "customer.history",
                             "{\"id\":%" PRId64 ",\"limit\":1}", customer);
    char *text = cJSON_PrintUnformatted(r);
    assert_non_null(strstr(text, "星桥科技"));
    assert_non_null(strstr(text, "\"action\":\"delete\""));
    free(text);
    cJSON_Delete(r);
}

static void test_constraints(void **state)
{
    static const struct {
        const char *constraint, *change;
    } rows[] = {
        {"competitor_company_name_length", "company_name = ''"},
        {"competitor_website_url_form", "website_url = 'ftp://x'"},
        {"competitor_check_status_option", "check_status = 'perhaps'"},
        {"competitor_notes_length", "notes = repeat('x', 5001)"},
        {"competitor_customer_id_fkey", "customer_id = 0"},
    };
    (void)state;
    int64_t customer = record_customer(director, "约束公司", "");
    int64_t id = child_add(director, "competitor", customer,
                           "\"company_name\":\"约束\"");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(child_breaks(daemon_, rows[i].constraint,
                                 "UPDATE competitor SET %s WHERE id ="
                                 " %" PRId64,
                                 rows[i].change, id));
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
        cmocka_unit_test(test_add),
        cmocka_unit_test(test_new_address),
        cmocka_unit_test(test_history_and_rights),
        cmocka_unit_test(test_constraints),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
