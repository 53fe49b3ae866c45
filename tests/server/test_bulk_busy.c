/* What happens around a bulk change while it runs: somebody else's writes and
 * locks, rights that go, a stop in the middle, a client that leaves, a daemon
 * that is killed.
 * proves: LIST-10, EDIT-02 */
#include "common/json.h"
#include "tests/support/bulk.h"
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
    assert_int_equal(bulk_number(r, "failed_total"), 1);
    bulk_failed(r, id, "unavailable");
    assert_int_equal(bulk_number(r, "changed"), bulk_number(r, "matched") - 1);
    cJSON *u = bulk_undone(director, r);
    assert_int_equal(bulk_number(u, "changed"), bulk_number(r, "changed"));
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
static struct held hold_method(struct client *c, const char *method,
                               const char *params)
{
    struct held h = {.set = hold_sets()};
    h.ask = client_send(c, method, "%s", params);
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

static struct held start_and_hold(struct client *c, const char *params)
{
    return hold_method(c, "customer.bulk", params);
}

/* Asks it to stop, and is sure that it was heard. */
static cJSON *stop(struct client *c, struct held *h)
{
    char line[100];
    snprintf(line, sizeof line,
             "{\"jsonrpc\":\"2.0\",\"method\":\"cancel\",\"params\":{\"id\":"
             "%" PRId64 "}}\n",
             h->ask);
    client_raw(c, line, strlen(line));
    cJSON_Delete(client_result(c, "meta.ping", "{}"));
    release(h->set);
    cJSON *answer = client_wait(c, h->ask);
    assert_int_equal(client_kind(answer), ERR_cancelled);
    return answer;
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
    assert_int_equal(bulk_number(r, "changed"), bulk_matching(daemon_) - 1);
    bulk_failed(r, late, "conflict");
    cJSON_Delete(bulk_undone(director, r));
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
                     bulk_matching(daemon_));
    cJSON_Delete(told);
}

/* Stopped in the middle: whole batches stay, the answer says how many, and
 * its token takes them back. */
static void test_cancel(void **state)
{
    (void)state;
    char *before = bulk_picture(daemon_);
    static const char params[] =
        "{\"filter\":{},\"action\":\"note\",\"values\":{\"text\":\"停\"},"
        "\"key\":\"bulk-cancel-1\"}";
    struct held h = start_and_hold(director, params);
    check_progress(director, h.ask);
    cJSON *answer = stop(director, &h);
    const cJSON *data = json_get(json_get(answer, "error"), "data");
    assert_int_equal(json_int(data, "changed", -1), 2000);
    assert_int_equal(bulk_noted(daemon_, "停"), 2000);
    cJSON *again =
        client_error(director, ERR_cancelled, "customer.bulk", "%s", params);
    assert_string_equal(json_str(json_get(again, "data"), "undo", ""),
                        json_str(data, "undo", "x"));
    cJSON *u = bulk_undone(director, data);
    assert_int_equal(bulk_number(u, "changed"), 2000);
    char *after = bulk_picture(daemon_);
    assert_string_equal(after, before);
    free(before);
    free(after);
    cJSON_Delete(u);
    cJSON_Delete(again);
    cJSON_Delete(answer);
}

/* An undo stops as well, and the same token goes on with it. */
static void test_cancel_undo(void **state)
{
    (void)state;
    char params[120];
    char *before = bulk_picture(daemon_);
    cJSON *r = client_result(director, "customer.bulk",
                             "{\"filter\":{},\"action\":\"note\",\"values\":"
                             "{\"text\":\"停撤\"}}");
    snprintf(params, sizeof params, "{\"undo\":\"%s\"}",
             json_str(r, "undo", ""));
    struct held h = hold_method(director, "customer.bulk_undo", params);
    cJSON *answer = stop(director, &h);
    const cJSON *data = json_get(json_get(answer, "error"), "data");
    /* Backwards: the last batch is the short one. */
    int64_t changed = json_int(data, "changed", -1);
    assert_in_range(changed, 1001, 2000);
    assert_string_equal(json_str(data, "undo", "x"), json_str(r, "undo", ""));
    assert_int_equal(bulk_noted(daemon_, "停撤"),
                     bulk_matching(daemon_) - changed);
    cJSON *u = bulk_undone(director, r);
    assert_int_equal(bulk_number(u, "changed"), bulk_number(r, "changed"));
    char *after = bulk_picture(daemon_);
    assert_string_equal(after, before);
    client_refused(director, ERR_conflict, "customer.bulk_undo", "%s", params);
    free(before);
    free(after);
    cJSON_Delete(u);
    cJSON_Delete(answer);
    cJSON_Delete(r);
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
    assert_int_equal(bulk_number(r, "changed"), bulk_matching(daemon_));
    assert_int_equal(bulk_noted(daemon_, "断线"), bulk_matching(daemon_));
    assert_int_equal(bulk_noted(daemon_, "断线%: 断线"), 0);
    cJSON *u = bulk_undone(director, r);
    assert_int_equal(bulk_number(u, "failed_total"), 0);
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
    assert_int_equal(bulk_noted(daemon_, "重启"), 1000);
    daemon_run(daemon_);
    director = client_as(daemon_, "sales_director");
    cJSON *r = client_result(director, "customer.bulk", "%s", params);
    assert_int_equal(bulk_number(r, "changed"), bulk_matching(daemon_));
    assert_int_equal(bulk_noted(daemon_, "重启"), bulk_matching(daemon_));
    cJSON_Delete(bulk_undone(director, r));
    cJSON_Delete(r);
}

/* A change that nobody goes on with ends where its undo begins. */
static void test_undo_of_the_unfinished(void **state)
{
    (void)state;
    char *before = bulk_picture(daemon_);
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
    assert_int_equal(bulk_number(u, "changed"), bulk_number(u, "matched"));
    assert_int_equal(bulk_noted(daemon_, "未完"), 0);
    char *after = bulk_picture(daemon_);
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
    assert_int_equal(bulk_number(r, "changed"), 2000);
    assert_int_equal(bulk_number(r, "failed_total"),
                     bulk_matching(daemon_) - 2000);
    assert_int_equal(cJSON_GetArraySize(json_get(r, "failed")), 1000);
    bulk_failed(r, json_int(json_get(r, "failed")->child, "id", 0),
                "forbidden");
    assert_int_equal(bulk_noted(daemon_, "权限"), 2000);
    client_refused(director, ERR_forbidden, "customer.bulk_undo",
                   "{\"undo\":\"%s\"}", json_str(r, "undo", ""));
    free(daemon_sql(daemon_, set, "all"));
    cJSON *u = bulk_undone(director, r);
    assert_int_equal(bulk_number(u, "changed"), 2000);
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
        cmocka_unit_test(test_locked),
        cmocka_unit_test(test_writer_between),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_cancel_undo),
        cmocka_unit_test(test_left),
        cmocka_unit_test(test_killed),
        cmocka_unit_test(test_undo_of_the_unfinished),
        cmocka_unit_test(test_rights_taken),
        cmocka_unit_test(test_crowd),
    };
    return cmocka_run_group_tests(tests, setup, tear_down);
}
