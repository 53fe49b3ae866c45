/* The quick lane: a few connections in pipeline mode, shared by everybody.
 *
 * A task goes to the connection with the fewest tasks in its pipeline. What
 * is sent for one task ends with a sync, so that its failure is its own:
 *
 *     [DEALLOCATE of the one that makes room] [Parse] Bind Execute  Sync
 *
 * Results come back in the same order, one per step, each ended by NULL; the
 * sync ends the task. No task is ever cancelled on the server: in a shared
 * pipeline that would stop a stranger's statement. */
#include "common/clock.h"
#include "common/mem.h"
#include "server/db/error.h"
#include "server/db/lanes.h"
#include "server/db/link.h"
#include "server/db/prepared.h"

#include <stdio.h>
#include <string.h>

/* Deep enough to keep a backend busy while answers travel, shallow enough
 * that nobody's queue jumps another's turn by much. */
enum { DEPTH = 8 };
/* A statement is stopped after its timeout; silence beyond this much more
 * means that nobody is there. */
enum { SILENCE_MS = 1500 };

struct pipe {
    struct link link; /* first */
    struct quick *quick;
    struct prepared *prepared;
    struct task *head, **last;
    int depth;
    bool open;      /* something was sent since the last sync */
    int syncs;      /* sent and not come back yet */
    uint64_t heard; /* when the head became the head, clock_mono_ms */
};

struct quick {
    struct db *db;
    struct fair *queue;
    int n;
    struct pipe *pipe;
    uint64_t heard; /* when any of them last gave an answer */
    uv_prepare_t prepare;
    bool released;
};

static bool has_state(const PGresult *res, const char *sqlstate)
{
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    return state != NULL && strcmp(state, sqlstate) == 0;
}

/* The prepared statement is not there, or does not fit the tables any more. */
static bool is_stale(const PGresult *res)
{
    return has_state(res, "26000") || has_state(res, "0A000");
}

/* What is tried again where time and names do not matter. */
static bool is_for_slow(const PGresult *res)
{
    return has_state(res, "57014") || is_stale(res);
}

static bool is_error(const PGresult *res)
{
    ExecStatusType s = PQresultStatus(res);
    return s == PGRES_FATAL_ERROR || s == PGRES_BAD_RESPONSE ||
           s == PGRES_PIPELINE_ABORTED;
}

static bool send_step(struct task *t, int sent)
{
    t->steps += sent;
    return sent != 0;
}

static bool send_prepared(struct pipe *p, struct task *t)
{
    char evicted[PREPARED_NAME], drop[PREPARED_NAME + 16];
    PGconn *pq = p->link.pq;
    const char *name = prepared_name(p->prepared, t->sql, &t->fresh, evicted);
    snprintf(drop, sizeof(drop), "DEALLOCATE %s", evicted);
    if (evicted[0] != '\0' &&
        !send_step(t,
                   PQsendQueryParams(pq, drop, 0, NULL, NULL, NULL, NULL, 0)))
        return false;
    if (t->fresh && !send_step(t, PQsendPrepare(pq, name, t->sql, 0, NULL)))
        return false;
    return send_step(
        t, PQsendQueryPrepared(pq, name, t->n, t->values, NULL, NULL, 0));
}

static bool send_task(struct pipe *p, struct task *t)
{
    t->steps = 0;
    t->fresh = false;
    p->open = true;
    if (t->prepare
            ? !send_prepared(p, t)
            : !send_step(t, PQsendQueryParams(p->link.pq, t->sql, t->n, NULL,
                                              t->values, NULL, NULL, 0)))
        return false;
#ifdef FLUSH_EACH
    return PQsendFlushRequest(p->link.pq);
#else
    return true;
#endif
}

static void end_batch(struct pipe *p)
{
    if (!p->open || p->link.state != LINK_up)
        return;
    p->open = false;
    p->syncs++;
    if (PQpipelineSync(p->link.pq))
        link_flush(&p->link);
    else
        link_drop(&p->link, "can not send");
}

static void pipe_add(struct pipe *p, struct task *t)
{
    t->sent_at = clock_mono_ms();
    if (p->head == NULL)
        p->heard = t->sent_at;
    t->next = NULL;
    *p->last = t;
    p->last = &t->next;
    p->depth++;
}

static struct task *pipe_take(struct pipe *p)
{
    struct task *t = p->head;
    p->head = t->next;
    if (p->head == NULL)
        p->last = &p->head;
    p->depth--;
    p->heard = clock_mono_ms();
    return t;
}

static struct pipe *least_loaded(struct quick *q)
{
    struct pipe *best = NULL;
    for (int i = 0; i < q->n; i++) {
        struct pipe *p = &q->pipe[i];
        if (p->link.state == LINK_up && p->depth < DEPTH &&
            (best == NULL || p->depth < best->depth))
            best = p;
    }
    return best;
}

static void pump(struct quick *q)
{
    struct pipe *p;
    while (fair_length(q->queue) > 0 && (p = least_loaded(q)) != NULL) {
        struct task *t = (struct task *)fair_pop(q->queue);
        t->queued = false;
        pipe_add(p, t);
        if (!send_task(p, t))
            link_drop(&p->link, "can not send");
    }
    for (int i = 0; i < q->n; i++)
        end_batch(&q->pipe[i]);
}

/* Once, in the slow lane, unprepared. */
static bool move_to_slow(struct quick *q, struct task *t)
{
    if (t->dropped || q->db->closing || !is_for_slow(t->res))
        return false;
    PQclear(t->res);
    t->res = NULL;
    t->lane = LANE_slow;
    t->prepare = false;
    return slow_push(q->db->slow, t);
}

/* The failure of another task in its batch kept it from running. */
static bool again(struct pipe *p, struct task *t)
{
    if (PQresultStatus(t->res) != PGRES_PIPELINE_ABORTED)
        return false;
    PQclear(t->res);
    t->res = NULL;
    if (t->dropped)
        return false;
    return quick_push(p->quick, t);
}

static void end_task(struct pipe *p)
{
    struct task *t = pipe_take(p);
    struct err e = {0};
    bool failed = t->res == NULL || is_error(t->res);
    p->quick->heard = p->heard;
    if (t->prepare && failed && (t->fresh || is_stale(t->res)))
        prepared_forget(p->prepared, t->sql);
    if (failed && (again(p, t) || move_to_slow(p->quick, t)))
        return;
    PGresult *res = t->res;
    t->res = NULL;
    if (failed) {
        db_error(res, t->sql, &e);
        PQclear(res);
        res = NULL;
    }
    db_finish(p->quick->db, t, res, &e);
}

/* Keeps the first error, else the result of the last step. */
static void keep(struct task *t, PGresult *res)
{
    if (t->res != NULL && is_error(t->res)) {
        PQclear(res);
        return;
    }
    PQclear(t->res);
    t->res = res;
}

/* One step of the head is over; before the last one its statement is known to
 * the server, unless something went wrong. */
static void end_step(struct pipe *p)
{
    struct task *t = p->head;
    if (db_error_is_fatal(t->res)) {
        link_drop(&p->link, "ended by the server");
        return;
    }
    t->steps--;
    if (t->steps == 1 && !is_error(t->res))
        t->fresh = false;
    if (t->steps == 0)
        end_task(p);
}

/* NULL ends the results of one step. */
static void take_result(struct pipe *p)
{
    PGresult *res = PQgetResult(p->link.pq);
    if (res != NULL && PQresultStatus(res) == PGRES_PIPELINE_SYNC) {
        p->syncs--;
        PQclear(res);
    } else if (res != NULL && p->head != NULL) {
        keep(p->head, res);
    } else if (res == NULL && p->head != NULL) {
        end_step(p);
    } else {
        PQclear(res);
        link_drop(&p->link, "an answer nobody asked for");
    }
}

static bool is_expecting(const struct pipe *p)
{
    return p->link.state == LINK_up && (p->head != NULL || p->syncs > 0);
}

static void on_readable(struct link *l)
{
    struct pipe *p = (struct pipe *)l;
    while (is_expecting(p) && !PQisBusy(l->pq))
        take_result(p);
    if (l->state == LINK_up && PQstatus(l->pq) != CONNECTION_OK)
        link_drop(l, "closed by the server");
    pump(p->quick);
    db_deliver(p->quick->db);
}

static void on_up(struct link *l)
{
    struct pipe *p = (struct pipe *)l;
    prepared_clear(p->prepared);
    p->open = false;
    p->syncs = 0;
    db_note_state(p->quick->db);
    pump(p->quick);
}

static void on_down(struct link *l)
{
    struct pipe *p = (struct pipe *)l;
    while (p->head != NULL) {
        struct task *t = pipe_take(p);
        PQclear(t->res);
        t->res = NULL;
        db_requeue(p->quick->db, t);
    }
}

static const struct link_events events = {on_up, on_readable, on_down};

/* Before the loop sleeps: what all clients asked for in this turn. */
static void on_prepare(uv_prepare_t *prepare)
{
    pump(prepare->data);
}

struct quick *quick_new(struct db *db)
{
    struct quick *q = x_calloc(1, sizeof(*q));
    struct connect_options o = {db->conninfo, "kehud quick",
                                db->options.quick_timeout_ms};
    q->db = db;
    q->n = db->options.quick_connections;
    q->queue = fair_new(db->options.queue_max, 0);
    q->pipe = x_calloc((size_t)q->n, sizeof(*q->pipe));
    uv_prepare_init(db->loop, &q->prepare);
    q->prepare.data = q;
    uv_prepare_start(&q->prepare, on_prepare);
    for (int i = 0; i < q->n; i++) {
        struct pipe *p = &q->pipe[i];
        p->quick = q;
        p->last = &p->head;
        p->prepared = prepared_new();
        link_start(&p->link, db->loop, &o, true, &events);
    }
    return q;
}

bool quick_push(struct quick *q, struct task *t)
{
    if (!fair_push(q->queue, &t->item))
        return false;
    t->queued = true;
    return true;
}

static bool is_this(struct fair_item *item, void *ctx)
{
    return item == ctx;
}

void quick_take(struct quick *q, struct task *t)
{
    t->queued = false;
    fair_take(q->queue, is_this, &t->item);
}

static bool is_silent(const struct pipe *p, uint64_t now)
{
    int64_t timeout = p->quick->db->options.quick_timeout_ms;
    return p->head != NULL && now - p->heard > (uint64_t)timeout + SILENCE_MS;
}

/* One that is silent while others answer is lost alone. Where none has
 * answered since, the server is gone, and what sleeps on the other
 * connections need not be found out one after the other. */
static void drop_silent(struct quick *q, struct pipe *silent)
{
    bool all = q->heard <= silent->heard;
    for (int i = 0; i < q->n; i++)
        if (all || &q->pipe[i] == silent)
            link_drop(&q->pipe[i].link, "no answer");
}

void quick_tick(struct quick *q)
{
    uint64_t now = clock_mono_ms();
    for (int i = 0; q != NULL && i < q->n; i++) {
        if (is_silent(&q->pipe[i], now))
            drop_silent(q, &q->pipe[i]);
        link_tick(&q->pipe[i].link);
    }
    if (q != NULL)
        pump(q);
}

int quick_up(const struct quick *q)
{
    int up = 0;
    for (int i = 0; q != NULL && i < q->n; i++)
        up += q->pipe[i].link.state == LINK_up;
    return up;
}

static void on_released(uv_handle_t *handle)
{
    ((struct quick *)handle->data)->released = true;
}

void quick_close(struct quick *q)
{
    if (q == NULL || uv_is_closing((uv_handle_t *)&q->prepare))
        return;
    uv_close((uv_handle_t *)&q->prepare, on_released);
    for (int i = 0; i < q->n; i++)
        link_close(&q->pipe[i].link);
}

bool quick_free(struct quick **q)
{
    struct quick *lane = *q;
    if (lane == NULL)
        return true;
    if (!lane->released)
        return false;
    for (int i = 0; i < lane->n; i++)
        if (!link_is_gone(&lane->pipe[i].link))
            return false;
    for (int i = 0; i < lane->n; i++)
        prepared_free(&lane->pipe[i].prepared);
    fair_free(&lane->queue);
    x_free(&lane->pipe);
    x_free(q);
    return true;
}
