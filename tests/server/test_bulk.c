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

/* One action on one customer; how it has to end. */
static cJSON *act(struct client *c, int64_t id, const char *rest)
{
    return client_result(c, "customer.bulk", "{\"ids\":[%" PRId64 "],%s}", id,
                         rest);
}

/* proves: LIST-12 */
static void test_assign(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "批量分配公司", "");
    int64_t to = record_user(daemon_, "sales");
    char *team = daemon_sql(daemon_, "SELECT id FROM org_unit WHERE kind ="
                                     " 'project_group' ORDER BY id LIMIT 1");
    cJSON *r =
        client_result(director, "customer.bulk",
                      "{\"ids\":[%" PRId64 "],\"action\":\"assign\","
                      "\"values\":{\"owner\":%" PRId64 ",\"service_team\":%s}}",
                      id, to, team);
    check_counts(r, 1, 1, 0, 0);
    cJSON_Delete(r);
    check_text(id, "service_team", team);
    assert_int_equal(
        daemon_sql_int(daemon_,
                       "SELECT count(*) FROM event WHERE record_id = %" PRId64
                       " AND version = 2 AND keys_after[1] = %" PRId64
                       " AND keys_before[1] <> keys_after[1]"
                       " AND keys_after[4] = %s AND keys_before[4] = 0",
                       id, to, team),
        1);
    client_refused(director, ERR_invalid_params, "customer.bulk",
                   "{\"ids\":[%" PRId64 "],\"action\":\"assign\",\"values\":"
                   "{\"sales_person\":%" PRId64 "}}",
                   id, to);
    client_refused(director, ERR_invalid_params, "customer.bulk",
                   "{\"ids\":[%" PRId64 "],\"action\":\"update\",\"values\":"
                   "{\"owner\":%" PRId64 "}}",
                   id, to);
    client_refused(sales, ERR_forbidden, "customer.bulk",
                   "{\"ids\":[%" PRId64 "],\"action\":\"assign\",\"values\":"
                   "{\"owner\":%" PRId64 "}}",
                   id, to);
    free(team);
}

/* proves: LIST-13 */
static void test_tags(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "批量标签公司", "");
    int64_t tag[3];
    for (int i = 0; i < 3; i++)
        tag[i] = daemon_sql_int(
            daemon_, "SELECT id FROM tag ORDER BY id LIMIT 1 OFFSET %d", i);
    char text[160], list[64];
    snprintf(text, sizeof text,
             "\"action\":\"tag\",\"values\":{\"add\":[%" PRId64 ",%" PRId64
             "]}",
             tag[1], tag[0]);
    cJSON *r = act(director, id, text);
    check_counts(r, 1, 1, 0, 0);
    cJSON_Delete(r);
    snprintf(list, sizeof list, "{%" PRId64 ",%" PRId64 "}", tag[1], tag[0]);
    check_text(id, "tags", list);
    r = act(director, id, text); /* they are there */
    check_counts(r, 1, 0, 1, 0);
    cJSON_Delete(r);
    snprintf(text, sizeof text,
             "\"action\":\"tag\",\"values\":{\"add\":[%" PRId64
             "],\"remove\":[%" PRId64 "]}",
             tag[2], tag[1]);
    cJSON_Delete(act(director, id, text));
    snprintf(list, sizeof list, "{%" PRId64 ",%" PRId64 "}", tag[0], tag[2]);
    check_text(id, "tags", list);
    cJSON *e = client_error(director, ERR_invalid, "customer.bulk",
                            "{\"ids\":[%" PRId64 "],\"action\":\"tag\","
                            "\"values\":{\"add\":[999999]}}",
                            id);
    assert_true(record_has_fault(e, "tags", "reference"));
    cJSON_Delete(e);
}

/* proves: LIST-13 */
static void test_notes(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "批量备注公司",
                                 "\"internal_notes\":\"老备注\"");
    static const char note[] =
        "\"action\":\"note\",\"values\":{\"text\":\"下周回访\"}";
    cJSON *r = act(director, id, note);
    check_counts(r, 1, 1, 0, 0);
    cJSON_Delete(r);
    assert_int_equal(
        daemon_sql_int(daemon_,
                       "SELECT count(*) FROM customer WHERE id = %" PRId64
                       " AND internal_notes ~ (E'^老备注\\n\\n' ||"
                       " '[0-9]{4}-[0-9]{2}-[0-9]{2} ' ||"
                       " (SELECT display_name FROM app_user WHERE name ="
                       " 'sales_director') || ': 下周回访$')",
                       id),
        1);
    /* Nothing is cut: what has no room fails. */
    free(daemon_sql(daemon_,
                    "UPDATE customer SET internal_notes = repeat('记', 19990)"
                    " WHERE id = %" PRId64,
                    id));
    r = act(director, id, note);
    check_counts(r, 1, 0, 0, 1);
    check_failure(r, id, "invalid");
    cJSON_Delete(r);
    check_text(id, "char_length(internal_notes)", "19990");
    client_refused(director, ERR_invalid_params, "customer.bulk",
                   "{\"ids\":[%" PRId64 "],\"action\":\"note\",\"values\":"
                   "{\"text\":\"  \"}}",
                   id);
}

static void test_delete(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "批量删除公司", "");
    client_refused(sales, ERR_forbidden, "customer.bulk",
                   "{\"ids\":[%" PRId64 "],\"action\":\"delete\"}", id);
    cJSON *r = act(director, id, "\"action\":\"delete\"");
    check_counts(r, 1, 1, 0, 0);
    cJSON_Delete(r);
    check_text(id, "deleted_at IS NOT NULL", "t");
    r = act(director, id, "\"action\":\"delete\"");
    check_counts(r, 0, 0, 0, 1);
    check_failure(r, id, "not_found");
    cJSON_Delete(r);
}

/* --- own procedures --- */

static void test_grades(void **state)
{
    (void)state;
    static const char grade[] =
        "\"action\":\"update\",\"values\":{\"grade\":\"A\"}";
    int64_t empty = record_customer(director, "批量未评级公司", "");
    int64_t set =
        record_customer(director, "批量已评级公司", "\"grade\":\"B\"");
    cJSON *r = act(director, empty, grade);
    check_counts(r, 1, 1, 0, 0);
    cJSON_Delete(r);
    check_text(empty, "grade", "A");
    r = act(director, set, grade);
    check_counts(r, 1, 0, 0, 1);
    check_failure(r, set, "forbidden");
    cJSON_Delete(r);
    check_text(set, "grade", "B");
}

static void test_moves(void **state)
{
    (void)state;
    static const char move[] =
        "\"action\":\"update\",\"values\":{\"lifecycle\":\"negotiating\"}";
    char with_reason[200];
    snprintf(with_reason, sizeof with_reason, "%s,\"reason\":\"展会见过\"",
             move);
    int64_t id = record_customer(director, "批量流转公司", "");
    cJSON *e = client_error(director, ERR_invalid, "customer.bulk",
                            "{\"ids\":[%" PRId64 "],%s}", id, move);
    assert_true(record_has_fault(e, "reason", "required"));
    cJSON_Delete(e);
    cJSON *r =
        client_result(director, "customer.bulk",
                      "{\"ids\":[%" PRId64 "],%s,\"dry_run\":true}", id, move);
    check_counts(r, 1, -1, 0, 0);
    cJSON_Delete(r);
    check_text(id, "lifecycle", "potential");
    r = act(director, id, with_reason);
    check_counts(r, 1, 1, 0, 0);
    cJSON_Delete(r);
    check_text(id, "lifecycle", "negotiating");
    assert_int_equal(
        daemon_sql_int(daemon_,
                       "SELECT count(*) FROM life_log WHERE customer_id ="
                       " %" PRId64 " AND from_state = 'potential' AND"
                       " to_state = 'negotiating' AND reason = '展会见过'",
                       id),
        1);
    r = act(director, id, with_reason); /* it is there */
    check_counts(r, 1, 0, 1, 0);
    cJSON_Delete(r);
    /* No such move, and what the state asks for is missing. */
    r = act(director, id,
            "\"action\":\"update\",\"values\":{\"lifecycle\":\"active\"},"
            "\"reason\":\"随便\"");
    check_counts(r, 1, 0, 0, 1);
    check_failure(r, id, "invalid");
    cJSON_Delete(r);
}

/* --- what is refused --- */

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        enum err_kind kind;
        const char *params;
    } rows[] = {
        {ERR_invalid_params, "{\"action\":\"update\",\"values\":{\"industry\":"
                             "\"home\"}}"},
        {ERR_invalid_params,
         "{\"ids\":[1],\"filter\":{},\"action\":\"delete\"}"},
        {ERR_invalid_params, "{\"ids\":[0],\"action\":\"delete\"}"},
        {ERR_invalid_params, "{\"ids\":[],\"action\":\"delete\"}"},
        {ERR_invalid_params,
         "{\"ids\":[1],\"except\":[1],\"action\":\"delete\"}"},
        {ERR_invalid_params, "{\"ids\":[1],\"action\":\"explode\"}"},
        {ERR_invalid_params, "{\"ids\":[1],\"action\":\"update\"}"},
        {ERR_invalid_params,
         "{\"ids\":[1],\"action\":\"update\",\"values\":{}}"},
        {ERR_invalid_params, "{\"ids\":[1],\"action\":\"update\",\"values\":"
                             "{\"nothing\":1}}"},
        {ERR_invalid_params, "{\"ids\":[1],\"action\":\"update\",\"values\":"
                             "{\"name_key\":\"x\"}}"},
        {ERR_invalid_params, "{\"ids\":[1],\"action\":\"update\",\"values\":"
                             "{\"customer_name\":\"都叫这个\"}}"},
        {ERR_invalid_params, "{\"ids\":[1],\"action\":\"delete\",\"values\":"
                             "{\"industry\":\"home\"}}"},
        {ERR_invalid_params, "{\"ids\":[1],\"action\":\"tag\",\"values\":{}}"},
        {ERR_invalid_params, "{\"ids\":[1],\"action\":\"tag\",\"values\":"
                             "{\"add\":[\"x\"]}}"},
        {ERR_invalid_params,
         "{\"ids\":[1],\"action\":\"update\",\"values\":"
         "{\"lifecycle\":\"nowhere\"},\"reason\":\"因为\"}"},
        {ERR_invalid, "{\"ids\":[1],\"action\":\"update\",\"values\":"
                      "{\"industry\":\"nothing\"}}"},
        {ERR_not_found, "{\"job_id\":\"nothing\",\"action\":\"delete\"}"},
        {ERR_invalid_params,
         "{\"filter\":{\"nothing\":1},\"action\":\"delete\"}"},
    };
    int64_t before = daemon_sql_int(daemon_, "SELECT count(*) FROM bulk_job");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        client_refused(director, rows[i].kind, "customer.bulk", "%s",
                       rows[i].params);
    assert_int_equal(daemon_sql_int(daemon_, "SELECT count(*) FROM bulk_job"),
                     before);
}

/* Fields that a person may not write are refused before any row is looked at:
 * as unknown where they are hidden. proves: ACC-03 */
static void test_levels(void **state)
{
    (void)state;
    static const char note[] = "{\"ids\":[1],\"action\":\"note\",\"values\":"
                               "{\"text\":\"看看\"}}";
    static const char set[] =
        "UPDATE role_right SET value = '%s' WHERE role = 'sales_manager' AND"
        " kind = 'class' AND subject = 'internal'";
    static const struct {
        const char *level;
        enum err_kind kind;
    } rows[] = {{"read", ERR_forbidden}, {"hidden", ERR_invalid_params}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        free(daemon_sql(daemon_, set, rows[i].level));
        client_refused(manager, rows[i].kind, "customer.bulk", "%s", note);
        client_refused(manager, rows[i].kind, "customer.bulk",
                       "{\"ids\":[1],\"action\":\"tag\",\"values\":"
                       "{\"add\":[1]}}");
    }
    free(daemon_sql(daemon_, set, "write"));
}

/* A value that is right by itself may be wrong in some rows. */
static void test_faults_by_row(void **state)
{
    (void)state;
    int64_t potential = record_customer(director, "批量校验甲公司", "");
    int64_t contracted = daemon_sql_int(
        daemon_, "SELECT min(id) FROM customer WHERE lifecycle = 'active'");
    cJSON *r = client_result(
        director, "customer.bulk",
        "{\"ids\":[%" PRId64 ",%" PRId64 "],\"action\":\"update\",\"values\":"
        "{\"cooperation_type\":null,\"business_model\":null}}",
        potential, contracted);
    assert_int_equal(number(r, "failed_total"), 1);
    check_failure(r, contracted, "invalid");
    char *name = text_of(contracted, "customer_name");
    assert_string_equal(json_str(failure(r, contracted), "name", ""), name);
    free(name);
    cJSON_Delete(r);
}

/* --- scope --- */

/* What he sees and may not change counts as matched and fails; what he does
 * not see does not exist. proves: ACC-02 */
static void test_scope(void **state)
{
    (void)state;
    int64_t me = record_user(daemon_, "sales");
    int64_t other = record_customer(director, "批量他人公司", "");
    int64_t served = record_customer(director, "批量服务公司", "");
    free(daemon_sql(daemon_,
                    "UPDATE customer SET optimizer = %" PRId64
                    " WHERE id = %" PRId64,
                    me, served));
    int64_t mine = daemon_sql_int(
        daemon_,
        "SELECT count(*) FROM customer WHERE deleted_at IS NULL AND"
        " %" PRId64 " IN (owner, project_manager, optimizer)",
        me);
    cJSON *r = client_result(sales, "customer.bulk",
                             "{\"filter\":{},\"action\":\"update\",\"values\":"
                             "{\"target_markets\":[\"US\"]},\"key\":"
                             "\"scope-of-mine\"}");
    assert_int_equal(number(r, "matched"), mine);
    assert_int_equal(number(r, "permitted"), mine);
    assert_int_equal(number(r, "changed") + number(r, "unchanged"), mine);
    cJSON_Delete(r);
    check_text(other, "target_markets", "{}");
    check_text(served, "target_markets", "{US}");
    assert_int_equal(
        daemon_sql_int(daemon_,
                       "SELECT count(*) FROM customer WHERE target_markets ="
                       " '{US}' AND updated_by = %" PRId64 " AND %" PRId64
                       " NOT IN (owner, coalesce(project_manager, 0),"
                       " coalesce(optimizer, 0))",
                       me, me),
        0);
    r = act(sales, other,
            "\"action\":\"update\",\"values\":{\"industry\":\"home\"}");
    check_counts(r, 0, 0, 0, 1);
    check_failure(r, other, "not_found");
    cJSON_Delete(r);
    /* Seen by everybody, changed by some. */
    free(daemon_sql(daemon_, "UPDATE role_right SET value = 'all' WHERE role"
                             " = 'sales' AND subject = 'customer.view'"));
    r = act(sales, other,
            "\"action\":\"update\",\"values\":{\"industry\":\"home\"}");
    check_counts(r, 1, 0, 0, 1);
    assert_int_equal(number(r, "permitted"), 0);
    check_failure(r, other, "forbidden");
    cJSON_Delete(r);
    free(daemon_sql(daemon_, "UPDATE role_right SET value = 'own' WHERE role"
                             " = 'sales' AND subject = 'customer.view'"));
    struct client *optimizer = client_as(daemon_, "optimizer");
    client_refused(optimizer, ERR_forbidden, "customer.bulk",
                   "{\"filter\":{},\"action\":\"update\",\"values\":"
                   "{\"industry\":\"home\"}}");
    client_close(&optimizer);
}

/* --- sets --- */

static void test_filter(void **state)
{
    (void)state;
    int64_t id[3];
    for (int i = 0; i < 3; i++) {
        char name[64];
        snprintf(name, sizeof name, "筛选批量第%d公司", i + 1);
        id[i] = record_customer(director, name, "");
    }
    static const char values[] =
        "\"action\":\"update\",\"values\":{\"industry\":\"home\"}";
    cJSON *e = client_error(director, ERR_conflict, "customer.bulk",
                            "{\"search\":\"筛选批量\",\"except\":[%" PRId64
                            "],\"expected_total\":3,%s}",
                            id[1], values);
    assert_int_equal(json_int(json_get(e, "data"), "total", 0), 2);
    cJSON_Delete(e);
    check_text(id[0], "industry", "outdoor");
    cJSON *r = client_result(director, "customer.bulk",
                             "{\"search\":\"筛选批量\",\"filter\":{"
                             "\"industry\":{\"eq\":\"outdoor\"}},\"except\":"
                             "[%" PRId64 "],\"expected_total\":2,%s}",
                             id[1], values);
    check_counts(r, 2, 2, 0, 0);
    cJSON_Delete(r);
    check_text(id[0], "industry", "home");
    check_text(id[1], "industry", "outdoor");
}

/* A run works on what was previewed, whatever matches by then. */
static void test_preview(void **state)
{
    (void)state;
    static const char values[] =
        "\"action\":\"update\",\"values\":{\"industry\":\"home\"}";
    int64_t a = record_customer(director, "预览批量甲公司", "");
    int64_t b = record_customer(director, "预览批量乙公司", "");
    cJSON *p =
        client_result(director, "customer.bulk",
                      "{\"search\":\"预览批量\",\"dry_run\":true,%s}", values);
    check_counts(p, 2, -1, 0, 0);
    assert_null(json_get(p, "undo"));
    assert_int_equal(number(p, "permitted"), 2);
    check_text(a, "version", "1");
    int64_t c = record_customer(director, "预览批量丙公司", "");
    cJSON_Delete(client_result(director, "customer.update",
                               "{\"id\":%" PRId64 ",\"version\":1,"
                               "\"values\":{\"special_conditions\":\"月结\"}}",
                               b));
    const char *job = json_str(p, "job_id", "");
    client_refused(sales, ERR_not_found, "customer.bulk",
                   "{\"job_id\":\"%s\",%s}", job, values);
    cJSON *r = client_result(director, "customer.bulk",
                             "{\"job_id\":\"%s\",%s}", job, values);
    check_counts(r, 2, 1, 0, 1);
    check_failure(r, b, "conflict");
    cJSON_Delete(r);
    check_text(a, "industry", "home");
    check_text(b, "industry", "outdoor");
    check_text(c, "industry", "outdoor");
    /* Once. */
    client_refused(director, ERR_not_found, "customer.bulk",
                   "{\"job_id\":\"%s\",%s}", job, values);
    cJSON_Delete(p);
}

/* An hour, and the last few of each person. */
static void test_previews_end(void **state)
{
    (void)state;
    static const char look[] = "{\"ids\":[1],\"action\":\"delete\","
                               "\"dry_run\":true}";
    cJSON *first = client_result(director, "customer.bulk", "%s", look);
    for (int i = 0; i < 4; i++)
        cJSON_Delete(client_result(director, "customer.bulk", "%s", look));
    assert_int_equal(daemon_sql_int(daemon_, "SELECT count(*) FROM bulk_job"
                                             " WHERE preview AND user_id ="
                                             " (SELECT id FROM app_user WHERE"
                                             " name = 'sales_director')"),
                     4);
    client_refused(director, ERR_not_found, "customer.bulk",
                   "{\"job_id\":\"%s\",\"action\":\"delete\"}",
                   json_str(first, "job_id", ""));
    cJSON_Delete(first);
    cJSON *last = client_result(director, "customer.bulk", "%s", look);
    free(daemon_sql(daemon_, "UPDATE bulk_job SET created_at = now() -"
                             " interval '61 minutes' WHERE preview"));
    client_refused(director, ERR_not_found, "customer.bulk",
                   "{\"job_id\":\"%s\",\"action\":\"delete\"}",
                   json_str(last, "job_id", ""));
    cJSON_Delete(last);
}

/* --- the same key --- */

static void test_repeat(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "批量重复公司", "");
    char params[300];
    snprintf(params, sizeof params,
             "{\"ids\":[%" PRId64 ",4000000000],\"action\":\"note\","
             "\"values\":{\"text\":\"只写一次\"},\"key\":\"bulk-repeat-1\"}",
             id);
    cJSON *first = client_result(director, "customer.bulk", "%s", params);
    cJSON *again = client_result(director, "customer.bulk", "%s", params);
    assert_true(cJSON_Compare(first, again, true));
    check_text(id, "version", "2");
    client_refused(director, ERR_invalid_params, "customer.bulk",
                   "{\"ids\":[%" PRId64 "],\"action\":\"note\",\"values\":"
                   "{\"text\":\"另一个\"},\"key\":\"bulk-repeat-1\"}",
                   id);
    cJSON_Delete(first);
    cJSON_Delete(again);
    snprintf(params, sizeof params,
             "{\"ids\":[%" PRId64 "],\"action\":\"delete\",\"dry_run\":true,"
             "\"key\":\"bulk-repeat-2\"}",
             id);
    first = client_result(director, "customer.bulk", "%s", params);
    again = client_result(director, "customer.bulk", "%s", params);
    assert_true(cJSON_Compare(first, again, true));
    cJSON_Delete(first);
    cJSON_Delete(again);
}

/* Whoever did it, and why, stands in the log as one. proves: ACC-05 */
static void test_log(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "批量日志公司", "");
    cJSON_Delete(act(director, id,
                     "\"action\":\"update\",\"values\":{\"industry\":"
                     "\"home\"},\"reason\":\"行业调整\""));
    assert_int_equal(
        daemon_sql_int(daemon_,
                       "SELECT count(*) FROM audit o JOIN audit r USING"
                       " (operation_id, user_id) WHERE o.action = 'bulk' AND"
                       " o.after->>'reason' = '行业调整' AND r.action ="
                       " 'update' AND r.record_id = %" PRId64,
                       id),
        1);
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
        cmocka_unit_test(test_update),  cmocka_unit_test(test_assign),
        cmocka_unit_test(test_tags),    cmocka_unit_test(test_notes),
        cmocka_unit_test(test_delete),  cmocka_unit_test(test_grades),
        cmocka_unit_test(test_moves),   cmocka_unit_test(test_refused),
        cmocka_unit_test(test_levels),  cmocka_unit_test(test_faults_by_row),
        cmocka_unit_test(test_scope),   cmocka_unit_test(test_filter),
        cmocka_unit_test(test_preview), cmocka_unit_test(test_previews_end),
        cmocka_unit_test(test_repeat),  cmocka_unit_test(test_log),
    };
    return cmocka_run_group_tests(tests, setup, tear_down);
}
