/* The quick lane: a few connections in pipeline mode, shared by everybody, for
 * reading only.
 *
 * What all clients asked for in one turn of the loop goes out together, each
 * task to the connection with the fewest tasks in its pipeline. No task is
 * ever cancelled on the server: in a shared pipeline that would stop a
 * stranger's statement. A task that a stranger's error kept from running goes
 * out again in the next turn, so that a failure stays its owner's. */
#include "common/clock.h"
#include "common/mem.h"
#include "server/db/error.h"
#include "server/db/lanes.h"
#include "server/db/pipe.h"

#include <string.h>

/* Deep enough to keep a backend busy while answers travel, shallow enough
 * that nobody's queue jumps another's turn by much. */
enum { DEPTH = 8 };
/* A statement is stopped after its timeout; silence beyond this much more
 * means that nobody is there. */
enum { SILENCE_MS = 1500 };

struct quick {
    struct db *db;
    struct fair *queue;
    int n;
    struct pipe *pipe;
    uint64_t heard; /* when any of them last gave an answer */
    uv_prepare_t prepare;
    bool released;
};

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
        pipe_send(p, t);
    }
    for (int i = 0; i < q->n; i++)
        pipe_sync(&q->pipe[i]);
}

/* What ran out of time is tried once more, unprepared, where time and names
 * do not matter. */
static bool move_to_slow(struct quick *q, struct task *t)
{
    const char *state = PQresultErrorField(t->res, PG_DIAG_SQLSTATE);
    bool late = state != NULL && strcmp(state, "57014") == 0;
    if (q->db->closing || !(late || pipe_is_stale(t->res)))
        return false;
    PQclear(t->res);
    t->res = NULL;
    t->lane = LANE_slow;
    t->prepare = false;
    return slow_push(q->db->slow, t);
}

static bool send_again(struct quick *q, struct task *t)
{
    if (PQresultStatus(t->res) != PGRES_PIPELINE_ABORTED)
        return false;
    PQclear(t->res);
    t->res = NULL;
    return quick_push(q, t);
}

static void on_ended(struct pipe *p, struct task *t)
{
    struct quick *q = p->owner;
    struct err e = {0};
    bool failed = pipe_is_error(t->res);
    q->heard = clock_mono_ms();
    if (failed && !t->dropped && (send_again(q, t) || move_to_slow(q, t)))
        return;
    PGresult *res = t->res;
    t->res = NULL;
    if (failed && !t->dropped)
        db_error(res, t->sql, &e);
    if (failed) {
        PQclear(res);
        res = NULL;
    }
    db_finish(q->db, t, res, &e);
}

static void on_lost(struct pipe *p, struct task *t)
{
    db_requeue(((struct quick *)p->owner)->db, t);
}

static void on_up(struct pipe *p)
{
    struct quick *q = p->owner;
    db_note_state(q->db);
    pump(q);
}

static void on_settled(struct pipe *p)
{
    struct quick *q = p->owner;
    pump(q);
    db_deliver(q->db);
}

static const struct pipe_events events = {on_up, on_ended, on_lost, on_settled};

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
    for (int i = 0; i < q->n; i++)
        pipe_start(&q->pipe[i], db->loop, &o, &events, q);
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
    const struct quick *q = p->owner;
    int64_t timeout = q->db->options.quick_timeout_ms;
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
        pipe_free(&lane->pipe[i]);
    fair_free(&lane->queue);
    x_free(&lane->pipe);
    x_free(q);
    return true;
}
