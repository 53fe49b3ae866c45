/* Questions: made, changed, closed by their rules, found by any word of
 * theirs, by who may.
 * proves: DET-08, QA-01, QA-02 */
#include "common/date.h"
#include "common/json.h"
#include "schema/flow.h"
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

#define ASKED "\"question\":\"报表数据不对\",\"category\":\"technical_data\""

static struct daemon *daemon_;
static struct client *director;
static int64_t customer;

static int64_t ask(const char *more)
{
    char values[512];
    snprintf(values, sizeof values, ASKED "%s", more);
    return child_add(director, "qa", customer, values);
}

static const char *today(void)
{
    static char text[DATE_LEN];
    date_format(date_today(), text);
    return text;
}

static void test_defaults(void **state)
{
    (void)state;
    cJSON *r = record_read(director, "qa", ask(""));
    record_is(r, "status", "open");
    record_is(r, "impact_level", "medium");
    record_is(r, "priority", "P2");
    record_is(r, "issue_date", today());
    record_is(r, "actual_completion_date", NULL);
    assert_string_equal(
        cJSON_GetArrayItem(json_get(r, "customer_id"), 1)->valuestring,
        "提问的公司");
    cJSON_Delete(r);
    cJSON *e = child_refused(director, "qa", customer, "");
    assert_true(record_has_fault(e, "question", "required"));
    assert_true(record_has_fault(e, "category", "required"));
    cJSON_Delete(e);
    e = child_refused(director, "qa", customer,
                      "\"question\":\"报表\",\"category\":\"nothing\","
                      "\"issue_date\":\"2999-01-01\",\"due_date\":"
                      "\"2020-01-01\"");
    assert_true(record_has_fault(e, "issue_date", "order"));
    assert_true(record_has_fault(e, "due_date", "order"));
    assert_true(record_has_fault(e, "category", "option"));
    cJSON_Delete(e);
}

/* P0 to P3 by the impact, unless somebody decides otherwise. */
static void test_priority(void **state)
{
    static const char *const pairs[][2] = {
        {"low", "P3"}, {"medium", "P2"}, {"high", "P1"}, {"critical", "P0"}};
    char values[128];
    (void)state;
    int64_t id = ask("");
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        snprintf(values, sizeof values, "\"impact_level\":\"%s\"", pairs[i][0]);
        cJSON *r = child_change(director, "qa", id, values);
        record_is(r, "priority", pairs[i][1]);
        cJSON_Delete(r);
    }
    cJSON_Delete(child_change(director, "qa", id, "\"priority\":\"P1\""));
    cJSON *r = child_change(director, "qa", id, "\"impact_level\":\"low\"");
    record_is(r, "priority", "P1");
    cJSON_Delete(r);
    r = record_read(director, "qa",
                    ask(",\"impact_level\":\"high\",\"priority\":\"P3\""));
    record_is(r, "priority", "P3");
    cJSON_Delete(r);
}

/* What hurt much is closed with its cause and its measures only. */
static void test_closing(void **state)
{
    (void)state;
    int64_t id = ask(",\"impact_level\":\"critical\"");
    child_faults(director, "qa", id, "\"status\":\"closed\"", "root_cause",
                 "required");
    child_faults(director, "qa", id,
                 "\"status\":\"closed\",\"root_cause\":\"时区\"",
                 "corrective_measures", "required");
    cJSON *r = child_change(director, "qa", id,
                            "\"status\":\"closed\",\"root_cause\":\"时区\","
                            "\"corrective_measures\":\"统一时区\"");
    record_is(r, "status", "closed");
    record_is(r, "actual_completion_date", today());
    cJSON_Delete(r);
    /* Neither the cause nor a lower impact is a way around it later. */
    child_faults(director, "qa", id, "\"root_cause\":null", "root_cause",
                 "required");
    r = child_change(director, "qa", id, "\"status\":\"reopened\"");
    record_is(r, "actual_completion_date", NULL);
    cJSON_Delete(r);
    id = ask(",\"impact_level\":\"low\"");
    r = child_change(director, "qa", id, "\"status\":\"closed\"");
    record_is(r, "actual_completion_date", today());
    cJSON_Delete(r);
    child_faults(director, "qa", id, "\"impact_level\":\"high\"", "root_cause",
                 "required");
    cJSON *e =
        child_refused(director, "qa", customer,
                      ASKED ",\"impact_level\":\"high\",\"status\":\"closed\"");
    assert_true(record_has_fault(e, "root_cause", "required"));
    cJSON_Delete(e);
}

/* Every step of the table and none beside it, in the daemon and in the
 * database. */
static void test_workflow(void **state)
{
    static const char *const states[] = {"open",      "analysing", "fixing",
                                         "verifying", "closed",    "reopened",
                                         "cancelled"};
    char values[128];
    int known = 0;
    (void)state;
    for (size_t from = 0; from < 7; from++)
        for (size_t to = 0; to < 7; to++) {
            if (from == to)
                continue;
            snprintf(values, sizeof values, ",\"status\":\"%s\"", states[from]);
            int64_t id = ask(values);
            bool may = flow_may("qa_status", states[from], states[to]);
            if (!may)
                assert_true(child_breaks(
                    daemon_, "qa_status_order",
                    "UPDATE qa SET status = '%s', actual_completion_date ="
                    " issue_date WHERE id = %" PRId64,
                    states[to], id));
            snprintf(values, sizeof values, "\"status\":\"%s\"", states[to]);
            if (may)
                cJSON_Delete(child_change(director, "qa", id, values));
            else
                child_faults(director, "qa", id, values, "status", "order");
            known += may;
        }
    assert_int_equal(known, flow_row_count);
    assert_int_equal(daemon_sql_int(daemon_, "SELECT count(*) FROM flow_move"),
                     flow_row_count);
    for (int i = 0; i < flow_row_count; i++)
        assert_int_equal(
            daemon_sql_int(daemon_,
                           "SELECT count(*) FROM flow_move WHERE list = '%s'"
                           " AND from_code = '%s' AND to_code = '%s'",
                           flow_rows[i].list, flow_rows[i].from,
                           flow_rows[i].to),
            1);
}

/* By words of any of its texts, by pinyin and initials of the question, by
 * the name of the responsible person; over all customers in scope. */
static void test_search(void **state)
{
    (void)state;
    int64_t me = record_user(daemon_, "optimizer");
    char values[512];
    snprintf(values, sizeof values,
             "\"question\":\"独立站结账失败\",\"category\":\"technical\","
             "\"root_cause\":\"支付插件\\n与主题冲突\",\"lessons_learned\":"
             "\"升级先测\",\"responsible_person\":%" PRId64,
             me);
    int64_t id = child_add(director, "qa", customer, values);
    static const char *const hits[] = {"结账",   "jiezhang", "dlzjz",
                                       "件与主", "升级先测", "站"};
    for (size_t i = 0; i < sizeof hits / sizeof *hits; i++)
        assert_int_equal(child_found(director, "qa", hits[i]), 1);
    assert_int_equal(child_found(director, "qa", "没有这样的问题"), 0);
    assert_int_equal(child_found(director, "qa", "8613800"), 0);
    char *name = daemon_sql(daemon_,
                            "SELECT display_name FROM app_user WHERE id ="
                            " %" PRId64,
                            me);
    assert_true(child_found(director, "qa", name) >= 1);
    free(name);
    cJSON_Delete(child_change(director, "qa", id, "\"root_cause\":\"缓存\""));
    assert_int_equal(child_found(director, "qa", "件与主"), 0);
    assert_int_equal(child_found(director, "qa", "缓存"), 1);
    struct client *sales = client_as(daemon_, "sales");
    assert_int_equal(child_found(sales, "qa", "结账"), 0);
    client_close(&sales);
    cJSON *r = client_result(director, "qa.list",
                             "{\"filter\":{\"question\":{\"contains\":"
                             "\"结账\"}},\"sort\":[[\"priority\",\"asc\"],"
                             "[\"due_date\",\"desc\"]]}");
    assert_int_equal(cJSON_GetArraySize(json_get(r, "rows")), 1);
    cJSON_Delete(r);
}

/* qa.write, not customer.edit: who serves the customer answers as well. */
static void test_rights(void **state)
{
    (void)state;
    int64_t id = ask("");
    char more[128];
    struct client *pm = client_as(daemon_, "project_manager");
    client_refused(pm, ERR_not_found, "qa.get", "{\"id\":%" PRId64 "}", id);
    snprintf(more, sizeof more, "\"project_manager\":%" PRId64,
             record_user(daemon_, "project_manager"));
    int64_t served = record_customer(director, "有人服务的公司", more);
    int64_t mine = child_add(pm, "qa", served, ASKED);
    cJSON *r = child_change(pm, "qa", mine, "\"answer\":\"已答复\"");
    record_is(r, "answer", "已答复");
    cJSON_Delete(r);
    client_refused(pm, ERR_forbidden, "customer.update",
                   "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                   "{\"risk_factors\":\"x\"}}",
                   served);
    client_close(&pm);
    struct client *finance = client_as(daemon_, "finance");
    r = record_read(finance, "qa", id);
    cJSON_Delete(r);
    client_refused(finance, ERR_forbidden, "qa.update",
                   "{\"id\":%" PRId64 ",\"version\":1,\"values\":{}}", id);
    client_refused(finance, ERR_forbidden, "qa.create",
                   "{\"values\":{\"customer_id\":%" PRId64 "}}", customer);
    client_close(&finance);
}

/* proves: EDIT-03, EDIT-04 */
static void test_trash_and_history(void **state)
{
    (void)state;
    int64_t id = ask("");
    cJSON_Delete(child_change(director, "qa", id, "\"answer\":\"先停\""));
    cJSON *r =
        client_result(director, "qa.history", "{\"id\":%" PRId64 "}", id);
    assert_int_equal(cJSON_GetArraySize(json_get(r, "versions")), 2);
    cJSON_Delete(r);
    r = client_result(director, "customer.history",
                      "{\"id\":%" PRId64 ",\"limit\":1}", customer);
    const cJSON *version = json_get(r, "versions")->child;
    assert_string_equal(json_str(version, "entity", ""), "qa");
    assert_int_equal(json_int(version, "record_id", 0), id);
    cJSON_Delete(r);
    cJSON_Delete(client_result(director, "qa.delete",
                               "{\"id\":%" PRId64 ",\"version\":2}", id));
    client_refused(director, ERR_not_found, "qa.get", "{\"id\":%" PRId64 "}",
                   id);
    r = client_result(
        director, "qa.list",
        "{\"trash\":true,\"filter\":{\"id\":{\"eq\":%" PRId64 "}}}", id);
    assert_int_equal(cJSON_GetArraySize(json_get(r, "rows")), 1);
    cJSON_Delete(r);
    cJSON_Delete(client_result(director, "qa.restore",
                               "{\"id\":%" PRId64 ",\"version\":3}", id));
    r = record_read(director, "qa", id);
    record_is(r, "answer", "先停");
    cJSON_Delete(r);
}

/* The database by itself. */
static void test_constraints(void **state)
{
    static const struct {
        const char *constraint, *change;
    } rows[] = {
        {"qa_root_cause_required",
         "status = 'closed', actual_completion_date = issue_date,"
         " corrective_measures = 'x'"},
        {"qa_corrective_measures_required",
         "status = 'closed', actual_completion_date = issue_date,"
         " root_cause = 'x'"},
        {"qa_actual_completion_date_required",
         "status = 'closed', impact_level = 'low'"},
        {"qa_status_option", "status = 'gone'"},
        {"qa_impact_level_option", "impact_level = ''"},
        {"qa_priority_option", "priority = 'P4'"},
        {"qa_category_required", "category = ''"},
        {"qa_question_length", "question = 'x'"},
        {"qa_issue_date_order", "issue_date = '2999-01-01', due_date = NULL"},
        {"qa_due_date_order", "due_date = '2000-01-01'"},
        {"23502", "customer_id = NULL"},
        {"qa_customer_id_fkey", "customer_id = 0"},
    };
    (void)state;
    int64_t id = ask(",\"impact_level\":\"high\"");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(child_breaks(daemon_, rows[i].constraint,
                                 "BEGIN; ALTER TABLE qa DISABLE TRIGGER"
                                 " qa_status_guard; UPDATE qa SET %s WHERE"
                                 " id = %" PRId64,
                                 rows[i].change, id));
}

static int setup(void **state)
{
    (void)state;
    daemon_ = daemon_start(&(struct daemon_options){.organisation = true});
    director = client_as(daemon_, "sales_director");
    customer = record_customer(director, "提问的公司", "");
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
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_priority),
        cmocka_unit_test(test_closing),
        cmocka_unit_test(test_workflow),
        cmocka_unit_test(test_search),
        cmocka_unit_test(test_rights),
        cmocka_unit_test(test_trash_and_history),
        cmocka_unit_test(test_constraints),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
