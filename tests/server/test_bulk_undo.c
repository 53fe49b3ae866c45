/* Taking back what was done to many customers, and what happens around a bulk
 * change while it runs: somebody else's writes and locks, rights that go, a
 * stop in the middle, a client that leaves.
 * proves: LIST-10, EDIT-02 */
#include "common/json.h"
#include "tests/support/check.h"
#include "tests/support/daemon.h"
#include "tests/support/record.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CUSTOMERS 4000 /* four batches and a bit */

static struct daemon *daemon_;
static struct client *director;

static int64_t number(const cJSON *reply, const char *name)
{
    return json_int(reply, name, -1);
}

static void check_failed(const cJSON *r, int64_t id, const char *kind)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, json_get(r, "failed"))
    {
        if (json_int(one, "id", 0) != id)
            continue;
        assert_string_equal(json_str(one, "kind", ""), kind);
        return;
    }
    fail_msg("%" PRId64 " has not failed", id);
}

static void sql(const char *text)
{
    free(daemon_sql(daemon_, "%s", text));
}

/* All that people see of the customers, but for versions and stamps. */
static char *picture(void)
{
    return daemon_sql(
        daemon_,
        "SELECT md5(string_agg((to_jsonb(c) - 'version' - 'updated_at' -"
        " 'updated_by' - 'updated_by_sort')::text, '|' ORDER BY id))"
        " FROM customer c");
}

static cJSON *undo(const cJSON *done)
{
    return client_result(director, "customer.bulk_undo", "{\"undo\":\"%s\"}",
                         json_str(done, "undo", ""));
}

/* --- undo --- */

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
        char *before = picture();
        cJSON *r = client_result(director, "customer.bulk",
                                 "{\"filter\":{},%s}", actions[i]);
        assert_int_equal(number(r, "matched"), CUSTOMERS);
        assert_true(number(r, "changed") > 1000);
        char *between = picture();
        assert_string_not_equal(between, before);
        cJSON *u = undo(r);
        assert_int_equal(number(u, "matched"), number(r, "changed"));
        assert_int_equal(number(u, "changed"), number(r, "changed"));
        assert_int_equal(number(u, "failed_total"), 0);
        char *after = picture();
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
    assert_int_equal(number(first, "changed"), 1);
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
    assert_int_equal(number(r, "changed"), 1);
    client_refused(director, ERR_invalid, "customer.transition",
                   "{\"id\":%" PRId64 ",\"version\":2,\"to\":\"potential\","
                   "\"reason\":\"回去\"}",
                   id);
    cJSON *u = undo(r);
    assert_int_equal(number(u, "changed"), 1);
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
    sql("UPDATE bulk_job SET created_at = now() - interval '25 hours'");
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
    cJSON *u = undo(r);
    assert_int_equal(number(u, "changed"), 1);
    assert_int_equal(number(u, "failed_total"), 2);
    check_failed(u, b, "conflict");
    check_failed(u, c, "conflict");
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
    cJSON *u = undo(r);
    assert_int_equal(number(u, "changed"), 1);
    check_failed(u, a, "invalid");
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
    assert_int_equal(number(u, "changed"), 1);
    assert_int_equal(record_version(manager, "customer", id), 3);
    cJSON_Delete(u);
    cJSON_Delete(r);
    client_close(&manager);
}

/* --- while it runs --- */

/* Somebody who holds on to a row, from a connection of his own. */
static PGconn *hold(int64_t id)
{
    char text[100];
    PGconn *pq = PQconnectdb(daemon_->owner_conninfo);
    PQclear(PQexec(pq, "BEGIN"));
    snprintf(text, sizeof text,
             "SELECT 1 FROM customer WHERE id = %" PRId64 " FOR UPDATE", id);
    PGresult *res = PQexec(pq, text);
    assert_int_equal(PQresultStatus(res), PGRES_TUPLES_OK);
    PQclear(res);
    return pq;
}

static void release(PGconn *pq)
{
    PQclear(PQexec(pq, "ROLLBACK"));
    PQfinish(pq);
}

/* A row that is locked is not waited for: it fails, and the others go on. */
static void test_locked(void **state)
{
    (void)state;
    int64_t id = daemon_sql_int(
        daemon_, "SELECT id FROM customer WHERE deleted_at IS NULL"
                 " ORDER BY id LIMIT 1 OFFSET 1500");
    PGconn *pq = hold(id);
    cJSON *r = client_result(director, "customer.bulk",
                             "{\"filter\":{},\"action\":\"note\",\"values\":"
                             "{\"text\":\"锁\"}}");
    release(pq);
    assert_int_equal(number(r, "failed_total"), 1);
    check_failed(r, id, "unavailable");
    assert_int_equal(number(r, "changed"), number(r, "matched") - 1);
    cJSON *u = undo(r);
    assert_int_equal(number(u, "changed"), number(r, "changed"));
    cJSON_Delete(u);
    cJSON_Delete(r);
}

/* A bulk change that has done one batch and stands just before the end of its
 * second. */
struct held {
    int64_t ask;
    PGconn *set;
};

static PGconn *begin(const char *text)
{
    PGconn *pq = PQconnectdb(daemon_->owner_conninfo);
    PQclear(PQexec(pq, "BEGIN"));
    assert_int_equal(PQsendQuery(pq, text), 1);
    return pq;
}

static void wait_for(const char *what)
{
    for (int i = 0; i < 5000; i++)
        if (daemon_sql_int(daemon_, "%s", what) > 0)
            return;
    fail_msg("never came: %s", what);
}

static void wait_until_blocked(PGconn *pq)
{
    char text[120];
    snprintf(text, sizeof text, "SELECT cardinality(pg_blocking_pids(%d))",
             PQbackendPID(pq));
    wait_for(text);
}

static void finish(PGconn *pq)
{
    PGresult *res;
    while ((res = PQgetResult(pq)))
        PQclear(res);
}

/* Nobody writes to the sets: a bulk change stands still where it would, when
 * it is frozen and at the end of each batch. */
#define HOLD "LOCK TABLE bulk_batch IN SHARE MODE"

static PGconn *hold_sets(void)
{
    PGconn *pq = begin(HOLD);
    finish(pq);
    return pq;
}

static void wait_for_waiting(int n)
{
    char text[160];
    snprintf(text, sizeof text,
             "SELECT (count(*) >= %d)::int FROM pg_locks WHERE NOT granted"
             " AND relation = 'bulk_batch'::regclass",
             n);
    wait_for(text);
}

/* Locks of tables are given in the order in which they were asked for: each
 * one comes between two steps of the change. */
static struct held start_and_hold(struct client *c, const char *params)
{
    struct held h = {.set = hold_sets()};
    h.ask = client_send(c, "customer.bulk", "%s", params);
    for (int step = 0; step < 2; step++) {
        PGconn *last = h.set;
        wait_for_waiting(1);
        h.set = begin(HOLD);
        wait_until_blocked(h.set);
        release(last);
        finish(h.set);
    }
    wait_for_waiting(1);
    return h;
}

static int64_t noted(const char *text)
{
    return daemon_sql_int(daemon_,
                          "SELECT count(*) FROM customer WHERE internal_notes"
                          " LIKE '%%: %s'",
                          text);
}

static int64_t matching(void)
{
    return daemon_sql_int(daemon_, "SELECT count(*) FROM customer WHERE"
                                   " deleted_at IS NULL");
}

/* Other writers slip in between: what they change after the set was frozen is
 * a conflict, not overwritten. Readers are never in the way. */
static void test_writer_between(void **state)
{
    (void)state;
    struct held h = start_and_hold(
        director, "{\"filter\":{},\"action\":\"note\",\"values\":"
                  "{\"text\":\"并发\"}}");
    struct client *other = client_as(daemon_, "sales_director");
    int64_t late = daemon_sql_int(
        daemon_, "SELECT max(id) FROM customer WHERE deleted_at IS NULL");
    int64_t version = record_version(other, "customer", late);
    cJSON_Delete(client_result(other, "customer.update",
                               "{\"id\":%" PRId64 ",\"version\":%" PRId64
                               ",\"values\":{\"special_conditions\":\"抢先\"}}",
                               late, version));
    release(h.set);
    cJSON *answer = client_wait(director, h.ask);
    const cJSON *r = json_get(answer, "result");
    assert_int_equal(number(r, "changed"), matching() - 1);
    check_failed(r, late, "conflict");
    cJSON_Delete(undo(r));
    cJSON_Delete(answer);
    client_close(&other);
}

/* Those of earlier changes may still be there. */
static void check_progress(struct client *c, int64_t ask)
{
    cJSON *told = NULL;
    do {
        cJSON_Delete(told);
        told = client_notification(c, "progress", 30000);
        assert_non_null(told);
    } while (json_int(json_get(told, "params"), "id", 0) != ask);
    assert_int_equal(json_int(json_get(told, "params"), "done", 0), 1000);
    assert_int_equal(json_int(json_get(told, "params"), "total", 0),
                     matching());
    cJSON_Delete(told);
}

/* Stopped in the middle: whole batches stay, the answer says how many, and
 * its token takes them back. */
static void test_cancel(void **state)
{
    (void)state;
    char *before = picture();
    static const char params[] =
        "{\"filter\":{},\"action\":\"note\",\"values\":{\"text\":\"停\"},"
        "\"key\":\"bulk-cancel-1\"}";
    struct held h = start_and_hold(director, params);
    check_progress(director, h.ask);
    char line[100];
    snprintf(line, sizeof line,
             "{\"jsonrpc\":\"2.0\",\"method\":\"cancel\",\"params\":{\"id\":"
             "%" PRId64 "}}\n",
             h.ask);
    client_raw(director, line, strlen(line));
    cJSON_Delete(client_result(director, "meta.ping", "{}"));
    release(h.set);
    cJSON *answer = client_wait(director, h.ask);
    assert_int_equal(client_kind(answer), ERR_cancelled);
    const cJSON *data = json_get(json_get(answer, "error"), "data");
    assert_int_equal(json_int(data, "changed", -1), 2000);
    assert_int_equal(noted("停"), 2000);
    cJSON *again =
        client_error(director, ERR_cancelled, "customer.bulk", "%s", params);
    assert_string_equal(json_str(json_get(again, "data"), "undo", ""),
                        json_str(data, "undo", "x"));
    cJSON *u = undo(data);
    assert_int_equal(number(u, "changed"), 2000);
    char *after = picture();
    assert_string_equal(after, before);
    free(before);
    free(after);
    cJSON_Delete(u);
    cJSON_Delete(again);
    cJSON_Delete(answer);
}

/* A client that left asks again with the same key, and the rest is done. */
static void test_left(void **state)
{
    (void)state;
    static const char params[] =
        "{\"filter\":{},\"action\":\"note\",\"values\":{\"text\":\"断线\"},"
        "\"key\":\"bulk-left-1\"}";
    struct client *gone = client_as(daemon_, "sales_director");
    struct held h = start_and_hold(gone, params);
    client_close(&gone);
    release(h.set);
    cJSON *r = client_result(director, "customer.bulk", "%s", params);
    assert_int_equal(number(r, "changed"), matching());
    assert_int_equal(noted("断线"), matching());
    assert_int_equal(noted("断线%: 断线"), 0);
    cJSON *u = undo(r);
    assert_int_equal(number(u, "failed_total"), 0);
    cJSON_Delete(u);
    cJSON_Delete(r);
}

/* So it does when the daemon was killed. */
static void test_killed(void **state)
{
    (void)state;
    static const char params[] =
        "{\"filter\":{},\"action\":\"note\",\"values\":{\"text\":\"重启\"},"
        "\"key\":\"bulk-killed-1\"}";
    struct client *gone = client_as(daemon_, "sales_director");
    struct held h = start_and_hold(gone, params);
    client_close(&director);
    daemon_kill(daemon_);
    client_close(&gone);
    release(h.set);
    assert_int_equal(noted("重启"), 1000);
    daemon_run(daemon_);
    director = client_as(daemon_, "sales_director");
    cJSON *r = client_result(director, "customer.bulk", "%s", params);
    assert_int_equal(number(r, "changed"), matching());
    assert_int_equal(noted("重启"), matching());
    cJSON_Delete(undo(r));
    cJSON_Delete(r);
}

/* A change that nobody goes on with ends where its undo begins. */
static void test_undo_of_the_unfinished(void **state)
{
    (void)state;
    char *before = picture();
    struct client *gone = client_as(daemon_, "sales_director");
    struct held h = start_and_hold(
        gone, "{\"filter\":{},\"action\":\"note\",\"values\":{\"text\":"
              "\"未完\"}}");
    client_close(&gone);
    release(h.set);
    char *token = daemon_sql(daemon_, "SELECT undo_token FROM bulk_job"
                                      " ORDER BY id DESC LIMIT 1");
    cJSON *u = client_result(director, "customer.bulk_undo",
                             "{\"undo\":\"%s\"}", token);
    assert_int_equal(number(u, "changed"), number(u, "matched"));
    assert_int_equal(noted("未完"), 0);
    char *after = picture();
    assert_string_equal(after, before);
    free(before);
    free(after);
    free(token);
    cJSON_Delete(u);
}

/* Rights that are taken away in the middle end there. proves: ACC-02 */
static void test_rights_taken(void **state)
{
    (void)state;
    static const char set[] = "UPDATE role_right SET value = '%s' WHERE role"
                              " = 'sales_director' AND subject ="
                              " 'customer.bulk'";
    struct held h = start_and_hold(
        director, "{\"filter\":{},\"action\":\"note\",\"values\":"
                  "{\"text\":\"权限\"}}");
    free(daemon_sql(daemon_, set, "none"));
    release(h.set);
    cJSON *answer = client_wait(director, h.ask);
    const cJSON *r = json_get(answer, "result");
    assert_int_equal(number(r, "changed"), 2000);
    assert_int_equal(number(r, "failed_total"), matching() - 2000);
    assert_int_equal(cJSON_GetArraySize(json_get(r, "failed")), 1000);
    check_failed(r, json_int(json_get(r, "failed")->child, "id", 0),
                 "forbidden");
    assert_int_equal(noted("权限"), 2000);
    client_refused(director, ERR_forbidden, "customer.bulk_undo",
                   "{\"undo\":\"%s\"}", json_str(r, "undo", ""));
    free(daemon_sql(daemon_, set, "all"));
    cJSON *u = undo(r);
    assert_int_equal(number(u, "changed"), 2000);
    cJSON_Delete(u);
    cJSON_Delete(answer);
}

/* Half of the workers are for everybody else. */
static void test_crowd(void **state)
{
    (void)state;
    PGconn *pq = hold_sets();
    int64_t ask[2];
    for (int i = 0; i < 2; i++)
        ask[i] = client_send(director, "customer.bulk",
                             "{\"ids\":[%d],\"action\":\"note\",\"values\":"
                             "{\"text\":\"人多\"}}",
                             i + 1);
    wait_for_waiting(2);
    cJSON *e = client_error(director, ERR_unavailable, "customer.bulk",
                            "{\"ids\":[3],\"action\":\"delete\"}");
    assert_true(json_int(json_get(e, "data"), "retry_after_ms", 0) > 0);
    cJSON_Delete(e);
    release(pq);
    for (int i = 0; i < 2; i++) {
        cJSON *answer = client_wait(director, ask[i]);
        assert_int_equal(client_kind(answer), ERR_NONE);
        cJSON_Delete(answer);
    }
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
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_undo_once),
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_undo_ends),
        cmocka_unit_test(test_changed_since),
        cmocka_unit_test(test_name_taken),
        cmocka_unit_test(test_given_away),
        cmocka_unit_test(test_locked),
        cmocka_unit_test(test_writer_between),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_left),
        cmocka_unit_test(test_killed),
        cmocka_unit_test(test_undo_of_the_unfinished),
        cmocka_unit_test(test_rights_taken),
        cmocka_unit_test(test_crowd),
    };
    return cmocka_run_group_tests(tests, setup, tear_down);
}
