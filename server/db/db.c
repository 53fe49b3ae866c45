/* The lanes as one thing: admission, deadlines, cancelling, and the delivery
 * of results.
 *
 * Results are never delivered from inside a call that submits or cancels: a
 * finished task waits in a list until the event that finished it has been
 * dealt with, so no caller is surprised by its own callback. */
#include "common/clock.h"
#include "common/i18n.h"
#include "common/log.h"
#include "common/mem.h"
#include "server/db/error.h"
#include "server/db/lanes.h"

/* A restart of the database takes a moment and need not be seen by anybody:
 * for so long requests wait for it. After that they are told at once. */
enum { GRACE_MS = 2500, TICK_MS = 50, TOGETHER_MS = 200 };

bool db_is_away(const struct db *db)
{
    uint64_t since = atomic_load(&db->down_since);
    return since != 0 && clock_mono_ms() - since > GRACE_MS;
}

void db_note_state(struct db *db)
{
    uint64_t now = clock_mono_ms();
    bool up = quick_up(db->quick) > 0;
    uint64_t since = atomic_load(&db->down_since);
    if (up && since != 0)
        log_line(LOG_info, "db_up", "after_ms=%llu",
                 (unsigned long long)(now - since));
    if (up || since == 0)
        atomic_store(&db->down_since, up ? 0 : now);
}

static void task_unlink(struct db *db, struct task *t)
{
    if (t->before != NULL)
        t->before->after = t->after;
    else
        db->tasks = t->after;
    if (t->after != NULL)
        t->after->before = t->before;
}

static void task_link(struct db *db, struct task *t)
{
    t->after = db->tasks;
    if (t->after != NULL)
        t->after->before = t;
    db->tasks = t;
}

void db_finish(struct db *db, struct task *t, PGresult *res, struct err *e)
{
    if (t->finished) {
        PQclear(res);
        return;
    }
    t->finished = true;
    t->res = res;
    if (res == NULL)
        err_move(&t->err, e);
    t->next = NULL;
    *db->finished_last = t;
    db->finished_last = &t->next;
    uv_async_send(&db->deliver);
}

static void deliver_one(struct db *db, struct task *t)
{
    task_unlink(db, t);
    if (!t->dropped)
        t->fn(t->ctx, t->res, t->res == NULL ? &t->err : NULL);
    task_free(t);
}

void db_deliver(struct db *db)
{
    while (db->finished != NULL) {
        struct task *t = db->finished;
        db->finished = t->next;
        if (db->finished == NULL)
            db->finished_last = &db->finished;
        deliver_one(db, t);
    }
}

static bool lane_push(struct db *db, struct task *t)
{
    return t->lane == LANE_quick ? quick_push(db->quick, t)
                                 : slow_push(db->slow, t);
}

static void lane_take(struct db *db, struct task *t)
{
    if (t->lane == LANE_quick)
        quick_take(db->quick, t);
    else
        slow_take(db->slow, t);
}

/* A server that goes down takes all connections with it, one shortly after
 * the other: that is one loss. */
static bool may_try_again(const struct db *db, struct task *t)
{
    uint64_t now = clock_mono_ms();
    if (t->lost_at == 0)
        t->lost_at = now;
    return !t->dropped && !db->closing && !db_is_away(db) &&
           now - t->lost_at <= TOGETHER_MS;
}

void db_requeue(struct db *db, struct task *t)
{
    struct err e = {0};
    if (may_try_again(db, t) && lane_push(db, t))
        return;
    db_unavailable(&e);
    db_finish(db, t, NULL, &e);
}

/* A statement that runs goes on unheard: its answer passes to a stand-in,
 * which is delivered in its turn. */
static void answer_instead(struct db *db, struct task *t, struct err *e)
{
    struct task *other = task_new(&(struct db_query){.sql = ""});
    other->fn = t->fn;
    other->ctx = t->ctx;
    t->dropped = true;
    task_link(db, other);
    db_finish(db, other, NULL, e);
    if (t->lane == LANE_slow)
        slow_cancel(db->slow, t);
}

static void give_up(struct db *db, struct task *t, struct err *e)
{
    if (t->finished || t->dropped) {
        err_clear(e);
    } else if (t->queued) {
        lane_take(db, t);
        db_finish(db, t, NULL, e);
    } else {
        answer_instead(db, t, e);
    }
}

static void expire(struct db *db, struct task *t, uint64_t now)
{
    struct err e = {0};
    if (t->queued && db_is_away(db)) {
        db_unavailable(&e);
        give_up(db, t, &e);
    } else if (t->deadline != 0 && now >= t->deadline) {
        err_set(&e, ERR_timeout, NULL);
        err_data(&e, "limit_ms", cJSON_CreateNumber((double)t->limit_ms));
        give_up(db, t, &e);
    }
}

static void finish_closing(struct db *db);

static void on_tick(uv_timer_t *timer)
{
    struct db *db = timer->data;
    uint64_t now = clock_mono_ms();
    quick_tick(db->quick);
    slow_tick(db->slow);
    db_note_state(db);
    for (struct task *t = db->tasks, *after; t != NULL; t = after) {
        after = t->after;
        expire(db, t, now);
    }
    db_deliver(db);
    if (db->closing)
        finish_closing(db);
}

static void on_deliver(uv_async_t *async)
{
    db_deliver(async->data);
}

struct db *db_new(uv_loop_t *loop, const struct db_options *o)
{
    struct db *db = x_calloc(1, sizeof(*db));
    db->loop = loop;
    db->options = *o;
    db->conninfo = x_strdup(o->conninfo);
    db->options.conninfo = db->conninfo;
    db->finished_last = &db->finished;
    atomic_init(&db->down_since, clock_mono_ms());
    uv_timer_init(loop, &db->tick);
    uv_async_init(loop, &db->deliver, on_deliver);
    db->tick.data = db->deliver.data = db;
    db->handles = 2;
    uv_timer_start(&db->tick, on_tick, TICK_MS, TICK_MS);
    db->quick = quick_new(db);
    db->slow = slow_new(db);
    db->work = work_new(db);
    return db;
}

bool db_is_up(const struct db *db)
{
    return atomic_load(&db->down_since) == 0;
}

static bool full(struct err *e)
{
    err_set(e, ERR_unavailable,
            _("Too many requests are waiting. Try again in a moment."));
    err_data(e, "retry_after_ms", cJSON_CreateNumber(200));
    return false;
}

uint64_t db_submit(struct db *db, enum lane lane, int64_t client,
                   uint64_t deadline, const struct db_query *q,
                   db_result_fn *fn, void *ctx, struct err *e)
{
    if (db->closing || db_is_away(db))
        return db_unavailable(e);
    struct task *t = task_new(q);
    t->lane = lane;
    t->item.client = client;
    t->deadline = deadline;
    if (deadline != 0)
        t->limit_ms = (int64_t)(deadline - clock_mono_ms());
    t->fn = fn;
    t->ctx = ctx;
    t->ticket = ++db->tickets;
    task_link(db, t);
    if (lane_push(db, t))
        return t->ticket;
    task_unlink(db, t);
    task_free(t);
    return full(e);
}

void db_cancel(struct db *db, uint64_t ticket)
{
    struct err e = {0};
    struct task *t = db->tasks;
    while (t != NULL && t->ticket != ticket)
        t = t->after;
    if (t == NULL)
        return;
    err_set(&e, ERR_cancelled, NULL);
    give_up(db, t, &e);
}

bool db_work(struct db *db, int64_t client, uint64_t deadline, db_work_fn *run,
             db_done_fn *done, void *ctx, struct err *e)
{
    if (db->closing)
        return db_unavailable(e);
    return work_push(db->work, client, deadline, run, done, ctx) || full(e);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct db *db = handle->data;
    if (--db->handles > 0)
        return;
    db->closed(db->closed_ctx);
    x_free(&db->conninfo);
    x_free(&db);
}

/* Called at each tick until everything is gone: first the work in hand, then
 * the connections and threads, last the handles of its own. */
static void finish_closing(struct db *db)
{
    if (db->tasks != NULL || work_running(db->work) > 0)
        return;
    quick_close(db->quick);
    slow_close(db->slow);
    work_close(db->work);
    bool gone = quick_free(&db->quick);
    gone = slow_free(&db->slow) && gone;
    gone = work_free(&db->work) && gone;
    if (!gone)
        return;
    uv_timer_stop(&db->tick);
    uv_close((uv_handle_t *)&db->tick, on_handle_closed);
    uv_close((uv_handle_t *)&db->deliver, on_handle_closed);
}

void db_close(struct db *db, void (*closed)(void *ctx), void *ctx)
{
    db->closing = true;
    db->closed = closed;
    db->closed_ctx = ctx;
}
