/* Requests: their life, their lanes, their one answer.
 *
 * A request ends once, by request_done or request_fail, on the loop. Where a
 * worker still runs its handler the answer may come earlier (a time limit, a
 * client that went away); then the end is only noted. */
#include "server/rpc/request.h"

#include "common/clock.h"
#include "common/i18n.h"
#include "common/json.h"
#include "common/log.h"
#include "server/auth/session.h"
#include "server/db/error.h"
#include "server/domain/directory.h"
#include "server/rpc/method.h"
#include "server/rpc/subscribe.h"
#include "server/server.h"

#include <inttypes.h>
#include <string.h>

/* How much later than its lane's own limit a request is given up. */
enum { LATE_MS = 500, PROGRESS_MS = 500 };

enum { CANCEL_gone = 1, CANCEL_asked };

static struct arena *take_arena(struct server *s)
{
    return s->narenas > 0 ? s->arenas[--s->narenas] : arena_new();
}

static void give_arena(struct server *s, struct arena *a)
{
    if (s->narenas == SERVER_ARENAS) {
        arena_free(&a);
        return;
    }
    arena_reset(a);
    s->arenas[s->narenas++] = a;
}

static void link_in(struct request *r)
{
    struct server *s = r->server;
    struct conn *c = r->conn;
    r->after = s->requests;
    if (r->after != NULL)
        r->after->before = r;
    s->requests = r;
    s->running++;
    r->conn_after = c->requests;
    if (r->conn_after != NULL)
        r->conn_after->conn_before = r;
    c->requests = r;
    conn_began(c);
}

static void unlink_conn(struct request *r)
{
    if (r->conn_before != NULL)
        r->conn_before->conn_after = r->conn_after;
    else
        r->conn->requests = r->conn_after;
    if (r->conn_after != NULL)
        r->conn_after->conn_before = r->conn_before;
    r->conn_before = r->conn_after = NULL;
    r->conn = NULL;
}

static void request_free(struct request *r)
{
    struct server *s = r->server;
    struct arena *a = r->arena;
    if (r->before != NULL)
        r->before->after = r->after;
    else
        s->requests = r->after;
    if (r->after != NULL)
        r->after->before = r->before;
    s->running--;
    session_unref(&r->session);
    if (r->names != NULL) {
        struct directory *d = (struct directory *)(uintptr_t)r->names;
        directory_unref(&d);
    }
    cJSON_Delete(r->line);
    err_clear(&r->err);
    buf_free(&r->reply);
    give_arena(s, a);
}

struct request *request_new(struct conn *c, cJSON *line)
{
    struct arena *a = take_arena(c->server);
    struct request *r = arena_alloc(a, sizeof(*r));
    r->arena = a;
    r->server = c->server;
    r->conn = c;
    r->line = line;
    r->id = json_get(line, "id");
    r->params = json_get(line, "params");
    if (r->params == NULL)
        r->params = cJSON_AddObjectToObject(line, "params");
    r->lang = (enum lang)c->lang;
    r->started = clock_mono_ms();
    r->deadline = r->started + (uint64_t)c->server->settings.request_ms;
    link_in(r);
    return r;
}

/* --- answers --- */

static void open_answer(struct buf *b, const cJSON *id)
{
    buf_str(b, "{\"jsonrpc\":\"2.0\",\"id\":");
    if (id != NULL)
        json_write_item(b, id);
    else
        buf_str(b, "null");
}

static void write_error(struct buf *b, const struct err *e)
{
    const struct err_row *row = err_row(e->kind);
    const cJSON *item;
    buf_printf(b, ",\"error\":{\"code\":%d,\"message\":", row->code);
    json_write_str(b, e->message);
    buf_str(b, ",\"data\":{\"kind\":");
    json_write_str(b, row->name);
    cJSON_ArrayForEach(item, e->data)
    {
        buf_char(b, ',');
        json_write_key(b, item->string);
        json_write_item(b, item);
    }
    buf_str(b, "}}}\n");
}

void request_refuse(struct conn *c, const cJSON *id, const struct err *e)
{
    open_answer(conn_out(c), id);
    write_error(conn_out(c), e);
    conn_send(c);
}

/* Whatever is our own fault can be found again in the log. */
static void note_incident(struct request *r, struct err *e)
{
    char incident[17];
    if (e->kind != ERR_internal || json_get(e->data, "incident") != NULL)
        return;
    log_line(LOG_error, "internal", "incident=%s method=%s message=%s",
             log_incident(incident), log_quote(json_str(r->line, "method", "")),
             log_quote(e->message));
    err_data(e, "incident", cJSON_CreateString(incident));
}

static void log_request(const struct request *r, const char *outcome)
{
    log_line(LOG_debug, "request",
             "conn=%lld user=%lld method=%s ms=%llu outcome=%s",
             (long long)r->conn->id,
             (long long)(r->session != NULL ? r->session->user_id : 0),
             log_quote(json_str(r->line, "method", "")),
             (unsigned long long)(clock_mono_ms() - r->started), outcome);
}

static void answer_result(struct request *r)
{
    struct buf *b = conn_out(r->conn);
    open_answer(b, r->id);
    buf_str(b, ",\"result\":");
    if (r->reply.len > 0)
        buf_add(b, r->reply.data, r->reply.len);
    else
        buf_str(b, "{}");
    buf_str(b, "}\n");
}

/* Sends the answer; the connection is free for the next request. */
static void answer(struct request *r, struct err *e)
{
    struct conn *c = r->conn;
    r->answered = true;
    if (c == NULL)
        return;
    size_t before = conn_out(c)->len;
    if (e != NULL) {
        note_incident(r, e);
        open_answer(conn_out(c), r->id);
        write_error(conn_out(c), e);
    } else {
        answer_result(r);
    }
    log_request(r, e != NULL ? err_row(e->kind)->name : "done");
    size_t bytes = conn_out(c)->len - before;
    conn_send(c);
    unlink_conn(r);
    conn_finished(c, bytes);
}

void request_done(struct request *r)
{
    if (!r->answered)
        answer(r, NULL);
    request_free(r);
}

void request_fail(struct request *r, struct err *e)
{
    if (!r->answered)
        answer(r, e);
    err_clear(e);
    request_free(r);
}

/* --- lanes --- */

/* Whom to serve in turn: the person, or the connection of nobody yet. */
static int64_t client_of(const struct request *r)
{
    if (r->session != NULL)
        return r->session->user_id;
    return r->conn != NULL ? -r->conn->id : 0;
}

static void on_result(void *ctx, PGresult *res, struct err *e)
{
    struct request *r = ctx;
    r->ticket = 0;
    i18n_use(r->lang);
    if (res == NULL) {
        err_set(&r->err, e->kind, NULL); /* in the language of the session */
        cJSON_Delete(r->err.data);
        r->err.data = e->data;
        e->data = NULL;
        request_fail(r, &r->err);
        return;
    }
    r->result_fn(r, res);
}

void request_query(struct request *r, enum lane lane, const struct db_query *q,
                   request_result_fn *fn)
{
    struct err e = {0};
    r->result_fn = fn;
    r->ticket = db_submit(r->server->db, lane, client_of(r), r->deadline, q,
                          on_result, r, &e);
    if (r->ticket == 0)
        request_fail(r, &e);
}

static void run_on_worker(struct db_conn *c, void *ctx)
{
    struct request *r = ctx;
    i18n_use(r->lang);
    if (request_cancelled(r))
        r->failed = !err_set(&r->err, ERR_cancelled, NULL);
    else if (c == NULL)
        r->failed = !err_set(&r->err, ERR_timeout, NULL);
    else
        r->failed = !r->work_fn(r, c, &r->err);
}

static void on_worked(void *ctx)
{
    struct request *r = ctx;
    i18n_use(r->lang);
    if (r->failed) {
        request_fail(r, &r->err);
        return;
    }
    if (r->then_fn != NULL)
        r->then_fn(r);
    if (r->method->changes)
        subscriptions_poke(r->server->subscriptions);
    request_done(r);
}

void request_then(struct request *r, request_loop_fn *fn)
{
    r->then_fn = fn;
}

void request_work(struct request *r, request_work_fn *fn)
{
    struct err e = {0};
    r->work_fn = fn;
    if (!db_work(r->server->db, client_of(r), r->deadline, run_on_worker,
                 on_worked, r, &e))
        request_fail(r, &e);
}

void request_start(struct request *r)
{
    i18n_use(r->lang);
    if (r->method->work != NULL)
        request_work(r, r->method->work);
    else
        r->method->loop(r);
}

/* --- stopping --- */

struct request *request_find(struct conn *c, const cJSON *id)
{
    struct request *r = id != NULL ? c->requests : NULL;
    while (r != NULL && !cJSON_Compare(r->id, id, true))
        r = r->conn_after;
    return r;
}

void request_cancel(struct request *r, bool asked)
{
    atomic_store(&r->cancelled, asked ? CANCEL_asked : CANCEL_gone);
    if (r->ticket != 0)
        db_cancel(r->server->db, r->ticket);
}

bool request_cancelled(const struct request *r)
{
    return atomic_load(&r->cancelled) != 0;
}

bool request_was_asked(const struct request *r)
{
    return atomic_load(&r->cancelled) == CANCEL_asked;
}

void request_orphan_all(struct conn *c)
{
    while (c->requests != NULL) {
        struct request *r = c->requests;
        unlink_conn(r);
        c->in_flight--;
        request_cancel(r, false);
    }
}

static void expire(struct request *r)
{
    struct err e = {0};
    i18n_use(r->lang);
    err_set(&e, ERR_timeout, NULL);
    err_data(&e, "limit_ms",
             cJSON_CreateNumber((double)(r->deadline - r->started)));
    answer(r, &e);
    err_clear(&e);
    request_cancel(r, false);
}

void request_tick(struct server *s)
{
    uint64_t now = clock_mono_ms();
    struct request *after;
    for (struct request *r = s->requests; r != NULL; r = after) {
        after = r->after;
        if (!r->answered && now > r->deadline + LATE_MS)
            expire(r);
    }
}

/* --- progress --- */

void request_progress(struct request *r, int64_t done, int64_t total)
{
    uint64_t now = clock_mono_ms();
    if (now - r->progress_at < PROGRESS_MS)
        return;
    r->progress_at = now;
    atomic_store(&r->progress_done, done);
    atomic_store(&r->progress_total, total);
    atomic_store(&r->progress_news, true);
    uv_async_send(&r->server->progress);
}

void request_send_progress(struct server *s)
{
    for (struct request *r = s->requests; r != NULL; r = r->after) {
        if (!atomic_exchange(&r->progress_news, false) || r->conn == NULL)
            continue;
        /* What goes forward is not late. */
        r->deadline = clock_mono_ms() + (uint64_t)s->settings.request_ms;
        struct buf *b = conn_out(r->conn);
        buf_str(b, "{\"jsonrpc\":\"2.0\",\"method\":\"progress\",\"params\":"
                   "{\"id\":");
        json_write_item(b, r->id);
        buf_printf(b, ",\"done\":%lld,\"total\":%lld}}\n",
                   atomic_load(&r->progress_done),
                   atomic_load(&r->progress_total));
        conn_send(r->conn);
    }
}
