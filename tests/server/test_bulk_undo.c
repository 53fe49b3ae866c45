/* Taking back what was done to many customers: exactly, once, within a day,
 * and only where nobody has changed anything since.
 * proves: LIST-10, EDIT-02 */
#include "common/json.h"
#include "tests/support/bulk.h"
#include "tests/support/daemon.h"
#include "tests/support/record.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define CUSTOMERS 4000 /* four batches and a bit */

static struct daemon *daemon_;
static struct client *director;

/* Every action, over every customer, and back. */
static void test_exact(void **state)
{
    (void)state;
    static const char *const actions[] = {
        "\"action\":\"update\",\"values\":{\"industry\":\"home\",\"regions\":"
        "[\"广东\",\"浙江\"],\"target_markets\":[\"US\"],\"business_model\":"
        "null}",
        "\"action\":\"assign\",\"values\":{\"owner\":2,\"optimizer\":null}",
        "\"action\":\"tag\",\"values\":{\"add\":[3,1],\"remove\":[2]}",
        "\"action\":\"note\",\"values\":{\"text\":\"引号\\\" 反斜杠\\\\ "
        "换\\n行\"}",
        "\"action\":\"delete\"",
    };
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        char *before = bulk_picture(daemon_);
        cJSON *r = client_result(director, "customer.bulk",
                                 "{\"filter\":{},%s}", actions[i]);
        assert_int_equal(bulk_number(r, "matched"), CUSTOMERS);
        assert_true(bulk_number(r, "changed") > 1000);
        char *between = bulk_picture(daemon_);
        assert_string_not_equal(between, before);
        cJSON *u = bulk_undone(director, r);
        assert_int_equal(bulk_number(u, "matched"), bulk_number(r, "changed"));
        assert_int_equal(bulk_number(u, "changed"), bulk_number(r, "changed"));
        assert_int_equal(bulk_number(u, "failed_total"), 0);
        char *after = bulk_picture(daemon_);
        assert_string_equal(after, before);
        free(before);
        free(between);
        free(after);
        cJSON_Delete(u);
        cJSON_Delete(r);
    }
}

static void test_undo_once(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "撤销一次公司", "");
    cJSON *r = client_result(director, "customer.bulk",
                             "{\"ids\":[%" PRId64 "],\"action\":\"update\","
                             "\"values\":{\"industry\":\"home\"}}",
                             id);
    const char *token = json_str(r, "undo", "");
    struct client *manager = client_as(daemon_, "sales_manager");
    client_refused(manager, ERR_not_found, "customer.bulk_undo",
                   "{\"undo\":\"%s\"}", token);
    client_close(&manager);
    client_refused(director, ERR_not_found, "customer.bulk_undo",
                   "{\"undo\":\"%.20s\"}", token);
    cJSON *first =
        client_result(director, "customer.bulk_undo",
                      "{\"undo\":\"%s\",\"key\":\"undo-once-1\"}", token);
    assert_int_equal(bulk_number(first, "changed"), 1);
    assert_null(json_get(first, "undo"));
    cJSON *again =
        client_result(director, "customer.bulk_undo",
                      "{\"undo\":\"%s\",\"key\":\"undo-once-1\"}", token);
    assert_true(cJSON_Compare(first, again, true));
    client_refused(director, ERR_conflict, "customer.bulk_undo",
                   "{\"undo\":\"%s\"}", token);
    cJSON_Delete(first);
    cJSON_Delete(again);
    cJSON_Delete(r);
}

/* Moves go back too, though no customer may go that way by itself.
 * proves: LIFE-02, LIFE-05 */
static void test_moves(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "撤销流转公司", "");
    cJSON *r = client_result(director, "customer.bulk",
                             "{\"ids\":[%" PRId64 "],\"action\":\"update\","
                             "\"values\":{\"lifecycle\":\"negotiating\"},"
                             "\"reason\":\"点错了\"}",
                             id);
    assert_int_equal(bulk_number(r, "changed"), 1);
    client_refused(director, ERR_invalid, "customer.transition",
                   "{\"id\":%" PRId64 ",\"version\":2,\"to\":\"potential\","
                   "\"reason\":\"回去\"}",
                   id);
    cJSON *u = bulk_undone(director, r);
    assert_int_equal(bulk_number(u, "changed"), 1);
    cJSON *record = record_read(director, "customer", id);
    record_is(record, "lifecycle", "potential");
    assert_int_equal(
        daemon_sql_int(daemon_,
                       "SELECT count(*) FROM life_log WHERE customer_id ="
                       " %" PRId64 " AND from_state = 'negotiating' AND"
                       " to_state = 'potential' AND undone AND reason <> ''",
                       id),
        1);
    cJSON_Delete(record);
    cJSON_Delete(u);
    cJSON_Delete(r);
}

static void test_undo_ends(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "撤销过期公司", "");
    cJSON *r = client_result(director, "customer.bulk",
                             "{\"ids\":[%" PRId64 "],\"action\":\"update\","
                             "\"values\":{\"industry\":\"home\"}}",
                             id);
    free(daemon_sql(daemon_, "UPDATE bulk_job SET created_at = now() -"
                             " interval '25 hours'"));
    client_refused(director, ERR_not_found, "customer.bulk_undo",
                   "{\"undo\":\"%s\"}", json_str(r, "undo", ""));
    cJSON_Delete(r);
}

/* Only what nobody has touched since goes back. */
static void test_changed_since(void **state)
{
    (void)state;
    int64_t a = record_customer(director, "撤销冲突甲公司", "");
    int64_t b = record_customer(director, "撤销冲突乙公司", "");
    int64_t c = record_customer(director, "撤销冲突丙公司", "");
    cJSON *r = client_result(director, "customer.bulk",
                             "{\"ids\":[%" PRId64 ",%" PRId64 ",%" PRId64 "],"
                             "\"action\":\"update\",\"values\":{\"industry\":"
                             "\"home\"}}",
                             a, b, c);
    cJSON_Delete(client_result(director, "customer.update",
                               "{\"id\":%" PRId64 ",\"version\":2,\"values\":"
                               "{\"special_conditions\":\"月结\"}}",
                               b));
    cJSON_Delete(client_result(director, "customer.delete",
                               "{\"id\":%" PRId64 ",\"version\":2}", c));
    cJSON *u = bulk_undone(director, r);
    assert_int_equal(bulk_number(u, "changed"), 1);
    assert_int_equal(bulk_number(u, "failed_total"), 2);
    bulk_failed(u, b, "conflict");
    bulk_failed(u, c, "conflict");
    cJSON *record = record_read(director, "customer", a);
    record_is(record, "industry", "outdoor");
    cJSON_Delete(record);
    record = record_read(director, "customer", b);
    record_is(record, "industry", "home");
    record_is(record, "special_conditions", "月结");
    cJSON_Delete(record);
    cJSON_Delete(u);
    cJSON_Delete(r);
}

/* A name that was taken meanwhile keeps its new owner; the others return. */
static void test_name_taken(void **state)
{
    (void)state;
    int64_t a = record_customer(director, "回收站重名公司", "");
    int64_t b = record_customer(director, "回收站另一公司", "");
    cJSON *r = client_result(director, "customer.bulk",
                             "{\"ids\":[%" PRId64 ",%" PRId64 "],"
                             "\"action\":\"delete\"}",
                             a, b);
    record_customer(director, "回收站重名公司", "");
    cJSON *u = bulk_undone(director, r);
    assert_int_equal(bulk_number(u, "changed"), 1);
    bulk_failed(u, a, "invalid");
    assert_int_equal(record_version(director, "customer", b), 3);
    cJSON_Delete(u);
    cJSON_Delete(r);
}

/* What was given away can be taken back, though it is out of sight now. */
static void test_given_away(void **state)
{
    (void)state;
    struct client *manager = client_as(daemon_, "sales_manager");
    int64_t other = record_user(daemon_, "sales_director");
    int64_t id = record_customer(manager, "撤销移交公司", "");
    cJSON *r = client_result(manager, "customer.bulk",
                             "{\"ids\":[%" PRId64 "],\"action\":\"assign\","
                             "\"values\":{\"owner\":%" PRId64 "}}",
                             id, other);
    client_refused(manager, ERR_not_found, "customer.get",
                   "{\"id\":%" PRId64 "}", id);
    cJSON *u = client_result(manager, "customer.bulk_undo", "{\"undo\":\"%s\"}",
                             json_str(r, "undo", ""));
    assert_int_equal(bulk_number(u, "changed"), 1);
    assert_int_equal(record_version(manager, "customer", id), 3);
    cJSON_Delete(u);
    cJSON_Delete(r);
    client_close(&manager);
}

static int setup(void **state)
{
    (void)state;
    daemon_ = daemon_start(&(struct daemon_options){.customers = CUSTOMERS});
    director = client_as(daemon_, "sales_director");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_close(&director);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),         cmocka_unit_test(test_undo_once),
        cmocka_unit_test(test_moves),         cmocka_unit_test(test_undo_ends),
        cmocka_unit_test(test_changed_since), cmocka_unit_test(test_name_taken),
        cmocka_unit_test(test_given_away),
    };
    return cmocka_run_group_tests(tests, setup, tear_down);
}
