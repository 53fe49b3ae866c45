/* The slow lane: statements that may take seconds, one at a time on each
 * connection, so that one can be stopped without touching another.
 *
 * A cancel is sent from a thread, since it opens a connection. Until the
 * thread is back the connection takes no other task: a cancel that comes late
 * would stop the wrong one. */
#include "common/clock.h"
#include "common/mem.h"
#include "server/db/error.h"
#include "server/db/lanes.h"
#include "server/db/link.h"

enum { SILENCE_MS = 4000 };

struct line {
    struct link link; /* first */
    struct slow *slow;
    struct task *task; /* NULL: idle */
    bool cancelling;
};

struct slow {
    struct db *db;
    struct fair *queue;
    int n, cancels;
    struct line *line;
};

struct cancel {
    uv_work_t work;
    PGcancel *handle;
    struct line *line;
};

static void pump(struct slow *s);

static void send_cancel(uv_work_t *work)
{
    struct cancel *c = work->data;
    char why[256];
    PQcancel(c->handle, why, sizeof(why));
}

static void on_cancel_sent(uv_work_t *work, int status)
{
    struct cancel *c = work->data;
    struct slow *s = c->line->slow;
    (void)status;
    c->line->cancelling = false;
    s->cancels--;
    PQfreeCancel(c->handle);
    x_free(&c);
    pump(s);
}

static bool is_free(const struct line *l)
{
    return l->link.state == LINK_up && l->task == NULL && !l->cancelling;
}

static struct line *free_line(struct slow *s)
{
    for (int i = 0; i < s->n; i++)
        if (is_free(&s->line[i]))
            return &s->line[i];
    return NULL;
}

static void pump(struct slow *s)
{
    struct line *l;
    while ((l = free_line(s)) != NULL) {
        struct task *t = (struct task *)fair_pop(s->queue);
        if (t == NULL)
            return;
        t->queued = false;
        t->sent_at = clock_mono_ms();
        l->task = t;
        if (PQsendQueryParams(l->link.pq, t->sql, t->n, NULL, t->values, NULL,
                              NULL, 0))
            link_flush(&l->link);
        else
            link_drop(&l->link, "can not send");
    }
}

static struct task *release(struct line *l)
{
    struct task *t = l->task;
    l->task = NULL;
    if (t != NULL)
        fair_finish(l->slow->queue, t->item.client);
    return t;
}

static void end_task(struct line *l)
{
    struct task *t = release(l);
    PGresult *res = t->res;
    struct err e = {0};
    t->res = NULL;
    if (res == NULL || PQresultStatus(res) == PGRES_FATAL_ERROR) {
        db_error(res, t->sql, &e);
        PQclear(res);
        res = NULL;
    }
    if (e.kind == ERR_timeout)
        err_data(
            &e, "limit_ms",
            cJSON_CreateNumber((double)l->slow->db->options.slow_timeout_ms));
    db_finish(l->slow->db, t, res, &e);
}

static void on_readable(struct link *link)
{
    struct line *l = (struct line *)link;
    while (l->task != NULL && !PQisBusy(link->pq)) {
        PGresult *res = PQgetResult(link->pq);
        if (res == NULL) {
            end_task(l);
            break;
        }
        PQclear(l->task->res);
        l->task->res = res;
    }
    if (PQstatus(link->pq) != CONNECTION_OK)
        link_drop(link, "closed by the server");
    pump(l->slow);
    db_deliver(l->slow->db);
}

static void on_up(struct link *link)
{
    pump(((struct line *)link)->slow);
}

static void on_down(struct link *link)
{
    struct line *l = (struct line *)link;
    struct task *t = release(l);
    if (t == NULL)
        return;
    PQclear(t->res);
    t->res = NULL;
    db_requeue(l->slow->db, t);
}

static const struct link_events events = {on_up, on_readable, on_down};

struct slow *slow_new(struct db *db)
{
    struct slow *s = x_calloc(1, sizeof(*s));
    struct connect_options o = {db->conninfo, "kehud slow",
                                db->options.slow_timeout_ms};
    s->db = db;
    s->n = db->options.slow_connections;
    s->queue = fair_new(db->options.queue_max, db->options.slow_per_client);
    s->line = x_calloc((size_t)s->n, sizeof(*s->line));
    for (int i = 0; i < s->n; i++) {
        s->line[i].slow = s;
        link_start(&s->line[i].link, db->loop, &o, false, &events);
    }
    return s;
}

bool slow_push(struct slow *s, struct task *t)
{
    if (!fair_push(s->queue, &t->item))
        return false;
    t->queued = true;
    pump(s);
    return true;
}

static bool is_this(struct fair_item *item, void *ctx)
{
    return item == ctx;
}

void slow_take(struct slow *s, struct task *t)
{
    t->queued = false;
    fair_take(s->queue, is_this, &t->item);
}

void slow_cancel(struct slow *s, struct task *t)
{
    struct line *l = s->line;
    while (l < s->line + s->n && l->task != t)
        l++;
    if (l == s->line + s->n || l->cancelling || l->link.state != LINK_up)
        return;
    struct cancel *c = x_calloc(1, sizeof(*c));
    c->work.data = c;
    c->line = l;
    c->handle = PQgetCancel(l->link.pq);
    if (c->handle == NULL || uv_queue_work(s->db->loop, &c->work, send_cancel,
                                           on_cancel_sent) != 0) {
        PQfreeCancel(c->handle);
        x_free(&c);
        return;
    }
    l->cancelling = true;
    s->cancels++;
}

void slow_tick(struct slow *s)
{
    uint64_t now = clock_mono_ms();
    for (int i = 0; s != NULL && i < s->n; i++) {
        struct line *l = &s->line[i];
        uint64_t most = (uint64_t)s->db->options.slow_timeout_ms + SILENCE_MS;
        if (l->task != NULL &&
            (now - l->task->sent_at > most || db_is_away(s->db)))
            link_drop(&l->link, "no answer");
        link_tick(&l->link);
    }
    if (s != NULL)
        pump(s);
}

void slow_close(struct slow *s)
{
    for (int i = 0; s != NULL && i < s->n; i++)
        if (s->line[i].link.state != LINK_closed)
            link_close(&s->line[i].link);
}

bool slow_free(struct slow **s)
{
    struct slow *lane = *s;
    if (lane == NULL)
        return true;
    if (lane->cancels > 0)
        return false;
    for (int i = 0; i < lane->n; i++)
        if (!link_is_gone(&lane->line[i].link))
            return false;
    fair_free(&lane->queue);
    x_free(&lane->line);
    x_free(s);
    return true;
}
