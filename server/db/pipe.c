/* A connection in pipeline mode.
 *
 * What goes out for the tasks of one turn:
 *
 *     task:  [DEALLOCATE of one that makes room] [Parse] Bind Execute  Flush
 *     turn:  task task task …  Sync
 *
 * The flush brings each answer as soon as it is there; one sync a turn costs
 * a fifth less processor time, over both sides, than one a task (a system
 * call here, a transaction there). After an error PostgreSQL skips up to the
 * sync, and what it skipped comes back as aborted. Results come in order, one
 * for each step, each ended by NULL. */
#include "server/db/pipe.h"

#include "common/clock.h"
#include "server/db/error.h"

#include <stdio.h>
#include <string.h>

static bool has_state(const PGresult *res, const char *sqlstate)
{
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    return state != NULL && strcmp(state, sqlstate) == 0;
}

bool pipe_is_stale(const PGresult *res)
{
    return has_state(res, "26000") || has_state(res, "0A000");
}

bool pipe_is_error(const PGresult *res)
{
    ExecStatusType s = PQresultStatus(res);
    return s == PGRES_FATAL_ERROR || s == PGRES_BAD_RESPONSE ||
           s == PGRES_PIPELINE_ABORTED;
}

static void add(struct pipe *p, struct task *t)
{
    t->sent_at = clock_mono_ms();
    if (p->head == NULL)
        p->heard = t->sent_at;
    t->next = NULL;
    *p->last = t;
    p->last = &t->next;
    p->depth++;
}

static struct task *take(struct pipe *p)
{
    struct task *t = p->head;
    p->head = t->next;
    if (p->head == NULL)
        p->last = &p->head;
    p->depth--;
    p->heard = clock_mono_ms();
    return t;
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
    return PQsendFlushRequest(p->link.pq);
}

bool pipe_send(struct pipe *p, struct task *t)
{
    add(p, t);
    if (send_task(p, t))
        return true;
    link_drop(&p->link, "can not send");
    return false;
}

void pipe_sync(struct pipe *p)
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

/* Keeps the first error, else the result of the last step. */
static void keep(struct task *t, PGresult *res)
{
    if (t->res != NULL && pipe_is_error(t->res)) {
        PQclear(res);
        return;
    }
    PQclear(t->res);
    t->res = res;
}

static void end_task(struct pipe *p)
{
    struct task *t = take(p);
    bool failed = pipe_is_error(t->res);
    if (t->prepare && failed && (t->fresh || pipe_is_stale(t->res)))
        prepared_forget(p->prepared, t->sql);
    p->events->ended(p, t);
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
    if (t->steps == 1 && !pipe_is_error(t->res))
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
    p->events->settled(p);
}

static void on_up(struct link *l)
{
    struct pipe *p = (struct pipe *)l;
    prepared_clear(p->prepared);
    p->open = false;
    p->syncs = 0;
    p->events->up(p);
}

static void on_down(struct link *l)
{
    struct pipe *p = (struct pipe *)l;
    while (p->head != NULL) {
        struct task *t = take(p);
        PQclear(t->res);
        t->res = NULL;
        p->events->lost(p, t);
    }
}

static const struct link_events events = {on_up, on_readable, on_down};

void pipe_start(struct pipe *p, uv_loop_t *loop,
                const struct connect_options *options,
                const struct pipe_events *pipe_events, void *owner)
{
    p->owner = owner;
    p->events = pipe_events;
    p->last = &p->head;
    p->prepared = prepared_new();
    link_start(&p->link, loop, options, true, &events);
}

void pipe_free(struct pipe *p)
{
    prepared_free(&p->prepared);
}
