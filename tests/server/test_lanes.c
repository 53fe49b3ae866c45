/* The three lanes to the database, each from inside: results, errors, time
 * limits, cancelling, turns, and what happens when connections are lost. */
#include "common/clock.h"
#include "common/mem.h"
#include "server/db/db.h"
#include "tests/support/database.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 20000

static char database[64], conninfo[256];

struct lanes {
    uv_loop_t loop;
    uv_timer_t wake;
    struct db *db;
    int order;
    bool closed;
};

/* What came of one statement. */
struct answer {
    struct lanes *lanes;
    int times, order;
    enum err_kind kind;
    char text[128];
    uint64_t ticket;
};

static int set_up(void **state)
{
    (void)state;
    database_create(database, DATABASE_migrated, 0);
    database_conninfo(conninfo, database, "kehu_app");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    database_drop(database);
    return 0;
}

static void on_wake(uv_timer_t *timer)
{
    (void)timer;
}

static struct db_options usual(void)
{
    return (struct db_options){.conninfo = conninfo,
                               .quick_connections = 2,
                               .slow_connections = 2,
                               .workers = 2,
                               .queue_max = 500,
                               .slow_per_client = 2,
                               .quick_timeout_ms = 100,
                               .slow_timeout_ms = 10000,
                               .work_timeout_ms = 10000};
}

static struct lanes *open_lanes(struct db_options o)
{
    struct lanes *l = x_calloc(1, sizeof(*l));
    uv_loop_init(&l->loop);
    uv_timer_init(&l->loop, &l->wake);
    uv_timer_start(&l->wake, on_wake, 10, 10);
    l->db = db_new(&l->loop, &o);
    return l;
}

static void on_closed(void *ctx)
{
    ((struct lanes *)ctx)->closed = true;
}

static void close_lanes(struct lanes *l)
{
    uint64_t end = clock_mono_ms() + PATIENCE_MS;
    db_close(l->db, on_closed, l);
    while (!l->closed && clock_mono_ms() < end)
        uv_run(&l->loop, UV_RUN_ONCE);
    assert_true(l->closed);
    uv_close((uv_handle_t *)&l->wake, NULL);
    while (uv_run(&l->loop, UV_RUN_DEFAULT) != 0)
        continue;
    assert_int_equal(uv_loop_close(&l->loop), 0);
    x_free(&l);
}

static void on_result(void *ctx, PGresult *res, struct err *e)
{
    struct answer *a = ctx;
    a->times++;
    a->order = ++a->lanes->order;
    a->kind = res == NULL ? e->kind : ERR_NONE;
    if (res != NULL && PQntuples(res) > 0)
        snprintf(a->text, sizeof(a->text), "%s",
                 db_text(res, 0, 0) ? db_text(res, 0, 0) : "NULL");
}

static void submit(struct lanes *l, enum lane lane, int64_t client,
                   const char *sql, const char *value, struct answer *a)
{
    struct err e = {0};
    struct db_query q = {.sql = sql,
                         .n = value != NULL,
                         .values = &value,
                         .prepare = lane == LANE_quick};
    a->lanes = l;
    a->ticket = db_submit(l->db, lane, client, 0, &q, on_result, a, &e);
    if (a->ticket == 0) {
        a->times++;
        a->kind = e.kind;
    }
    err_clear(&e);
}

static void wait_for(const struct answer *a)
{
    uint64_t end = clock_mono_ms() + PATIENCE_MS;
    while (a->times == 0 && clock_mono_ms() < end)
        uv_run(&a->lanes->loop, UV_RUN_ONCE);
    assert_int_equal(a->times, 1);
}

/* What the first column of the first row says, outside of the lanes. */
static int64_t look(const char *sql)
{
    char *text = database_sql(conninfo, sql);
    int64_t n = strtoll(text, NULL, 10);
    free(text);
    return n;
}

static void test_quick(void **state)
{
    (void)state;
    struct lanes *l = open_lanes(usual());
    struct answer a = {0}, null = {0}, quoted = {0};
    submit(l, LANE_quick, 1, "SELECT $1::text || '!'", "客户", &a);
    submit(l, LANE_quick, 1, "SELECT NULL", NULL, &null);
    submit(l, LANE_quick, 1, "SELECT $1::text", "'; DROP TABLE x", &quoted);
    wait_for(&a);
    wait_for(&null);
    wait_for(&quoted);
    assert_string_equal(a.text, "客户!");
    assert_string_equal(null.text, "NULL");
    assert_string_equal(quoted.text, "'; DROP TABLE x");
    assert_true(db_is_up(l->db));
    close_lanes(l);
}

/* In a pipeline the failure of one is nobody else's. */
static void test_failure_is_its_own(void **state)
{
    (void)state;
    enum { N = 60 };
    struct db_options o = usual();
    o.quick_connections = 1;
    struct lanes *l = open_lanes(o);
    struct answer a[N] = {0};
    for (int i = 0; i < N; i++)
        submit(l, LANE_quick, i % 7,
               i % 3 == 0   ? "SELECT 1/($1::int * 0)"
               : i % 3 == 1 ? "SELECT no_such_column, $1::int"
                            : "SELECT $1::int",
               "42", &a[i]);
    for (int i = 0; i < N; i++) {
        wait_for(&a[i]);
        assert_int_equal(a[i].kind, i % 3 == 2 ? ERR_NONE : ERR_internal);
        if (i % 3 == 2)
            assert_string_equal(a[i].text, "42");
    }
    close_lanes(l);
}

/* More shapes than a connection keeps: the oldest make room on the server
 * too, and all keep answering. */
static void test_many_shapes(void **state)
{
    (void)state;
    enum { N = 300, ROUNDS = 3 };
    struct db_options o = usual();
    o.quick_connections = 1;
    struct lanes *l = open_lanes(o);
    for (int round = 0; round < ROUNDS; round++) {
        struct answer a[N] = {0};
        char sql[64];
        for (int i = 0; i < N; i++) {
            snprintf(sql, sizeof(sql), "SELECT %d + $1::int", i);
            submit(l, LANE_quick, 1, sql, "1000", &a[i]);
        }
        for (int i = 0; i < N; i++) {
            wait_for(&a[i]);
            assert_int_equal(a[i].kind, ERR_NONE);
            assert_int_equal(atoi(a[i].text), 1000 + i);
        }
    }
    struct answer kept = {0};
    submit(l, LANE_quick, 1, "SELECT count(*) FROM pg_prepared_statements",
           NULL, &kept);
    wait_for(&kept);
    assert_int_equal(atoi(kept.text), 256);
    close_lanes(l);
}

/* What the quick lane gives up on is tried once more in the slow one. */
static void test_moves_to_slow(void **state)
{
    (void)state;
    struct lanes *l = open_lanes(usual());
    struct answer a = {0}, other = {0};
    submit(l, LANE_quick, 1,
           "SELECT current_setting('application_name') FROM pg_sleep(0.3)",
           NULL, &a);
    submit(l, LANE_quick, 2, "SELECT current_setting('application_name')", NULL,
           &other);
    wait_for(&a);
    wait_for(&other);
    assert_string_equal(a.text, "kehud slow");
    assert_string_equal(other.text, "kehud quick");
    close_lanes(l);
}

static void test_too_slow(void **state)
{
    (void)state;
    struct db_options o = usual();
    o.slow_timeout_ms = 200;
    struct lanes *l = open_lanes(o);
    struct answer a = {0};
    submit(l, LANE_slow, 1, "SELECT pg_sleep(20)", NULL, &a);
    wait_for(&a);
    assert_int_equal(a.kind, ERR_timeout);
    close_lanes(l);
}

static void test_deadline(void **state)
{
    (void)state;
    struct lanes *l = open_lanes(usual());
    struct answer a = {.lanes = l}, after = {0};
    struct err e = {0};
    struct db_query q = {.sql = "SELECT pg_sleep(8)"};
    assert_true(db_submit(l->db, LANE_slow, 1, clock_mono_ms() + 200, &q,
                          on_result, &a, &e) != 0);
    wait_for(&a);
    assert_int_equal(a.kind, ERR_timeout);
    submit(l, LANE_slow, 1, "SELECT 'next'", NULL, &after);
    wait_for(&after);
    assert_string_equal(after.text, "next");
    assert_int_equal(a.times, 1);
    close_lanes(l);
}

/* proves: UX-05 */
static void test_cancel_slow(void **state)
{
    (void)state;
    struct lanes *l = open_lanes(usual());
    struct answer a = {0}, warm = {0}, after = {0};
    submit(l, LANE_slow, 1, "SELECT 1", NULL, &warm);
    wait_for(&warm);
    submit(l, LANE_slow, 1, "SELECT 'cancel me', pg_sleep(9)", NULL, &a);
    uv_run(&l->loop, UV_RUN_ONCE);
    db_cancel(l->db, a.ticket);
    assert_int_equal(a.times, 0); /* never from inside the call */
    wait_for(&a);
    assert_int_equal(a.kind, ERR_cancelled);
    /* The server has stopped it, and the connection serves the next. */
    uint64_t end = clock_mono_ms() + PATIENCE_MS;
    while (look("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' "
                "AND query LIKE '%cancel me%' AND pid <> pg_backend_pid()") >
               0 &&
           clock_mono_ms() < end)
        uv_run(&l->loop, UV_RUN_ONCE);
    assert_true(clock_mono_ms() < end);
    submit(l, LANE_slow, 1, "SELECT 'fine'", NULL, &after);
    wait_for(&after);
    assert_string_equal(after.text, "fine");
    db_cancel(l->db, a.ticket);
    db_cancel(l->db, 999999);
    close_lanes(l);
}

/* In the quick lane only the answer is dropped; the strangers behind it in
 * the same pipeline are served. */
static void test_cancel_quick(void **state)
{
    (void)state;
    struct db_options o = usual();
    o.quick_connections = 1;
    o.quick_timeout_ms = 5000;
    struct lanes *l = open_lanes(o);
    struct answer warm = {0}, a = {0}, behind = {0}, waiting = {0};
    submit(l, LANE_quick, 1, "SELECT 1", NULL, &warm);
    wait_for(&warm);
    submit(l, LANE_quick, 1, "SELECT 'x' FROM pg_sleep(0.3)", NULL, &a);
    submit(l, LANE_quick, 2, "SELECT 'served'", NULL, &behind);
    submit(l, LANE_quick, 1, "SELECT 'never'", NULL, &waiting);
    db_cancel(l->db, a.ticket);
    db_cancel(l->db, waiting.ticket);
    wait_for(&a);
    wait_for(&waiting);
    wait_for(&behind);
    assert_int_equal(a.kind, ERR_cancelled);
    assert_int_equal(waiting.kind, ERR_cancelled);
    assert_string_equal(behind.text, "served");
    close_lanes(l);
}

static void test_queue_full(void **state)
{
    (void)state;
    enum { N = 12 };
    struct db_options o = usual();
    o.queue_max = 4;
    o.slow_connections = 1;
    struct lanes *l = open_lanes(o);
    struct answer warm = {0}, a[N] = {0};
    int refused = 0;
    submit(l, LANE_slow, 1, "SELECT 1", NULL, &warm);
    wait_for(&warm);
    for (int i = 0; i < N; i++) {
        submit(l, LANE_slow, i, "SELECT pg_sleep(0.01)", NULL, &a[i]);
        refused += a[i].kind == ERR_unavailable;
    }
    assert_int_equal(refused, N - 1 - 4);
    for (int i = 0; i < N; i++)
        wait_for(&a[i]);
    close_lanes(l);
}

/* One user's long statements leave room for the other's. */
static void test_slow_turns(void **state)
{
    (void)state;
    struct db_options o = usual();
    o.slow_per_client = 1;
    struct lanes *l = open_lanes(o);
    struct answer warm = {0}, a[3] = {0}, other = {0};
    submit(l, LANE_slow, 1, "SELECT 1", NULL, &warm);
    wait_for(&warm);
    for (int i = 0; i < 3; i++)
        submit(l, LANE_slow, 1, "SELECT pg_sleep(0.2)", NULL, &a[i]);
    submit(l, LANE_slow, 2, "SELECT 'mine'", NULL, &other);
    for (int i = 0; i < 3; i++)
        wait_for(&a[i]);
    wait_for(&other);
    assert_true(other.order < a[1].order);
    assert_true(a[1].order < a[2].order);
    close_lanes(l);
}

/* Connections that die take nothing with them: reads are asked again. */
static void test_lost_connections(void **state)
{
    (void)state;
    struct lanes *l = open_lanes(usual());
    struct answer warm = {0}, quick = {0}, slow = {0}, after = {0};
    submit(l, LANE_slow, 1, "SELECT 1", NULL, &warm);
    wait_for(&warm);
    submit(l, LANE_slow, 1, "SELECT 'slow' FROM pg_sleep(0.3)", NULL, &slow);
    submit(l, LANE_quick, 1, "SELECT 'quick' FROM pg_sleep(0.05)", NULL,
           &quick);
    uv_run(&l->loop, UV_RUN_NOWAIT);
    char sql[256];
    snprintf(sql, sizeof(sql),
             "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
             "WHERE application_name LIKE 'kehud %%' AND datname = '%s'",
             database);
    assert_true(look(sql) >= 2);
    wait_for(&slow);
    wait_for(&quick);
    assert_string_equal(slow.text, "slow");
    assert_string_equal(quick.text, "quick");
    submit(l, LANE_quick, 1, "SELECT 'after'", NULL, &after);
    wait_for(&after);
    assert_string_equal(after.text, "after");
    close_lanes(l);
}

/* A database that is not there is told within five seconds, and at once when
 * that is known. */
static void test_away(void **state)
{
    (void)state;
    struct db_options o = usual();
    o.conninfo = "host=/nonexistent dbname=nothing";
    struct lanes *l = open_lanes(o);
    struct answer first = {0}, second = {0};
    submit(l, LANE_quick, 1, "SELECT 1", NULL, &first);
    wait_for(&first);
    assert_int_equal(first.kind, ERR_unavailable);
    submit(l, LANE_slow, 1, "SELECT 1", NULL, &second);
    wait_for(&second);
    assert_int_equal(second.kind, ERR_unavailable);
    assert_int_equal(second.order, 0); /* refused when it was submitted */
    assert_false(db_is_up(l->db));
    close_lanes(l);
}

/* --- the work lane --- */

struct job {
    int done;
    bool had_connection, ok;
    struct err err;
    const char *sql;
};

static void run_job(struct db_conn *c, void *ctx)
{
    struct job *j = ctx;
    j->had_connection = c != NULL;
    if (c != NULL)
        j->ok = db_begin(c, &j->err) && db_run(c, j->sql, &j->err);
    if (j->ok && strstr(j->sql, "keep") != NULL)
        j->ok = db_commit(c, &j->err);
}

static void job_done(void *ctx)
{
    ((struct job *)ctx)->done++;
}

static void start_job(struct lanes *l, struct job *j, uint64_t deadline)
{
    struct err e = {0};
    assert_true(db_work(l->db, 1, deadline, run_job, job_done, j, &e));
}

static void wait_job(struct lanes *l, struct job *j)
{
    uint64_t end = clock_mono_ms() + PATIENCE_MS;
    while (j->done == 0 && clock_mono_ms() < end)
        uv_run(&l->loop, UV_RUN_ONCE);
    assert_int_equal(j->done, 1);
}

/* A handler that forgets its transaction has done nothing. */
static void test_work(void **state)
{
    (void)state;
    struct lanes *l = open_lanes(usual());
    struct job keep = {.sql = "UPDATE state SET value = 77 /* keep */"};
    struct job drop = {.sql = "UPDATE state SET value = -5"};
    struct job wrong = {.sql = "SELECT no_such_thing"};
    start_job(l, &keep, 0);
    wait_job(l, &keep);
    start_job(l, &drop, 0);
    start_job(l, &wrong, 0);
    wait_job(l, &drop);
    wait_job(l, &wrong);
    assert_true(keep.ok);
    assert_true(drop.ok);
    assert_int_equal(look("SELECT min(value) FROM state"), 77);
    assert_false(wrong.ok);
    assert_int_equal(wrong.err.kind, ERR_internal);
    err_clear(&wrong.err);
    close_lanes(l);
}

static void test_work_too_late(void **state)
{
    (void)state;
    struct lanes *l = open_lanes(usual());
    struct job late = {.sql = "SELECT 1"};
    start_job(l, &late, 1);
    wait_job(l, &late);
    assert_false(late.had_connection);
    close_lanes(l);
}

/* A worker's connection that died while it slept is made anew. */
static void test_work_reconnects(void **state)
{
    (void)state;
    struct db_options o = usual();
    o.workers = 1;
    struct lanes *l = open_lanes(o);
    struct job first = {.sql = "SELECT 1 /* keep */"}, second = first;
    start_job(l, &first, 0);
    wait_job(l, &first);
    assert_int_equal(look("SELECT count(pg_terminate_backend(pid)) FROM "
                          "pg_stat_activity WHERE application_name = "
                          "'kehud work' AND datname = current_database()"),
                     1);
    start_job(l, &second, 0);
    wait_job(l, &second);
    assert_true(second.ok);
    close_lanes(l);
}

/* Closing waits for what runs and refuses what comes. */
static void test_closing(void **state)
{
    (void)state;
    struct lanes *l = open_lanes(usual());
    struct answer warm = {0}, running = {0}, late = {0};
    struct job job = {.sql = "SELECT pg_sleep(0.2) /* keep */"};
    submit(l, LANE_slow, 1, "SELECT 1", NULL, &warm);
    wait_for(&warm);
    submit(l, LANE_slow, 1, "SELECT 'done' FROM pg_sleep(0.2)", NULL, &running);
    start_job(l, &job, 0);
    db_close(l->db, on_closed, l);
    submit(l, LANE_slow, 1, "SELECT 1", NULL, &late);
    assert_int_equal(late.kind, ERR_unavailable);
    while (!l->closed)
        uv_run(&l->loop, UV_RUN_ONCE);
    assert_string_equal(running.text, "done");
    assert_int_equal(job.done, 1);
    uv_close((uv_handle_t *)&l->wake, NULL);
    uv_run(&l->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&l->loop), 0);
    x_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quick),
        cmocka_unit_test(test_failure_is_its_own),
        cmocka_unit_test(test_many_shapes),
        cmocka_unit_test(test_moves_to_slow),
        cmocka_unit_test(test_too_slow),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_cancel_slow),
        cmocka_unit_test(test_cancel_quick),
        cmocka_unit_test(test_queue_full),
        cmocka_unit_test(test_slow_turns),
        cmocka_unit_test(test_lost_connections),
        cmocka_unit_test(test_away),
        cmocka_unit_test(test_work),
        cmocka_unit_test(test_work_too_late),
        cmocka_unit_test(test_work_reconnects),
        cmocka_unit_test(test_closing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
