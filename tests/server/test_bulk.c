/* Many customers changed at once: what each action does, who may, what is
 * refused row by row, previews, and repetition.
 * proves: LIST-10, LIST-12, LIST-13, EDIT-01 */
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

static struct daemon *daemon_;
static struct client *director;
static struct client *manager;
static struct client *sales;

/* --- support --- */

static int64_t number(const cJSON *reply, const char *name)
{
    return json_int(reply, name, -1);
}

static void check_counts(const cJSON *r, int64_t matched, int64_t changed,
                         int64_t unchanged, int64_t failed)
{
    char *text = cJSON_PrintUnformatted(r);
    if (number(r, "matched") != matched ||
        (changed >= 0 && number(r, "changed") != changed) ||
        number(r, "unchanged") != unchanged ||
        number(r, "failed_total") != failed)
        fail_msg("expected %" PRId64 "/%" PRId64 "/%" PRId64 "/%" PRId64
                 " in %s",
                 matched, changed, unchanged, failed, text);
    free(text);
}

static const cJSON *failure(const cJSON *r, int64_t id)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, json_get(r, "failed"))
    {
        if (json_int(one, "id", 0) == id)
            return one;
    }
    return NULL;
}

static void check_failure(const cJSON *r, int64_t id, const char *kind)
{
    const cJSON *one = failure(r, id);
    if (!one)
        fail_msg("%" PRId64 " has not failed", id);
    assert_string_equal(json_str(one, "kind", ""), kind);
    assert_true(json_str(one, "message", "")[0] != '\0');
}

static char *text_of(int64_t id, const char *column)
{
    return daemon_sql(daemon_, "SELECT %s FROM customer WHERE id = %" PRId64,
                      column, id);
}

static void check_text(int64_t id, const char *column, const char *text)
{
    char *is = text_of(id, column);
    assert_string_equal(is, text);
    free(is);
}

/* --- the actions --- */

static void test_update(void **state)
{
    (void)state;
    int64_t a = record_customer(director, "批量甲公司", "");
    int64_t b = record_customer(director, "批量乙公司", "");
    free(daemon_sql(daemon_,
                    "UPDATE customer SET industry = 'home' WHERE id ="
                    " %" PRId64,
                    b));
    cJSON *r = client_result(director, "customer.bulk",
                             "{\"ids\":[%" PRId64 ",%" PRId64 ",%" PRId64
                             ",4000000000],\"action\":\"update\",\"values\":"
                             "{\"industry\":\"home\",\"regions\":"
                             "[\"广东\"]}}",
                             b, a, a);
    check_counts(r, 2, 1, 1, 1);
    assert_int_equal(number(r, "permitted"), 2);
    check_failure(r, 4000000000, "not_found");
    assert_true(cJSON_IsNull(json_get(failure(r, 4000000000), "name")));
    assert_true(strlen(json_str(r, "undo", "")) >= 32);
    check_text(a, "industry", "home");
    check_text(a, "version", "2");
    check_text(b, "version", "1");
    assert_int_equal(
        daemon_sql_int(daemon_,
                       "SELECT count(*) FROM audit WHERE record_id = %" PRId64
                       " AND action = 'update' AND operation_id IS NOT NULL"
                       " AND before->>'industry' = 'outdoor' AND"
                       " after->>'industry' = 'home'",
                       a),
        1);
    assert_int_equal(
        daemon_sql_int(daemon_,
                       "SELECT count(*) FROM event WHERE record_id = %" PRId64
                       " AND version = 2 AND kind = 'updated' AND"
                       " keys_before = keys_after AND keys_after[1] <> 0",
                       a),
        1);
    cJSON_Delete(r);
}

static int setup(void **state)
{
    (void)state;
    daemon_ = daemon_start(&(struct daemon_options){.customers = 200});
    director = client_as(daemon_, "sales_director");
    manager = client_as(daemon_, "sales_manager");
    sales = client_as(daemon_, "sales");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_close(&sales);
    client_close(&manager);
    client_close(&director);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_update),
    };
    return cmocka_run_group_tests(tests, setup, tear_down);
}
