/* Asynchronous calls: sending, answers, time-outs, sending again after a lost
 * connection. */
#include "tui/remote/remote_impl.h"

#include "common/clock.h"
#include "common/json.h"
#include "common/mem.h"

#include <stdio.h>
#include <string.h>

#define CALL_TIMEOUT_MS 30000
#define PING_EVERY_MS   10000

void remote_set_reason(struct remote *r, const char *why)
{
    snprintf(r->reason, sizeof(r->reason), "%s", why);
}

void remote_set_state(struct remote *r, enum remote_state s)
{
    bool again = s == r->state;
    r->state = s;
    r->fn(r->ctx, s);
    if (s == REMOTE_ready && !again)
        follows_ready(r);
}

/* --- sending --- */

static void on_deadline(uv_timer_t *timer);

static void arm_deadline(struct remote *r)
{
    uint64_t oldest = call_oldest(&r->calls);
    uint64_t now = clock_mono_ms();
    if (!oldest) {
        uv_timer_stop(r->deadline);
        return;
    }
    uint64_t due = oldest + CALL_TIMEOUT_MS;
    uv_timer_start(r->deadline, on_deadline, due > now ? due - now : 0, 0);
}

static void send_call(struct remote *r, struct call *c)
{
    struct buf line = BUF_INIT;
    wire_request(&line, c->id, c->method, c->params);
    uplink_send(r->link, &line);
    c->sent_at = clock_mono_ms();
    arm_deadline(r);
}

struct call *remote_own_call(struct remote *r, const char *method,
                             cJSON *params, remote_reply_fn *fn)
{
    struct call *c = call_add(&r->calls, ++r->last_id, method, params, fn, r);
    c->own = true;
    send_call(r, c);
    return c;
}

void remote_flush(struct remote *r)
{
    for (struct call *c = r->calls.first; c; c = c->next)
        if (!c->sent_at)
            send_call(r, c);
}

static void on_ping(void *ctx, const cJSON *result, const struct err *err)
{
    /* The round trip was taken when the answer came in. */
    (void)ctx, (void)result, (void)err;
}

/* The line is measured only while it is in use: nothing is sent at idle. */
static void ping(struct remote *r)
{
    uint64_t now = clock_mono_ms();
    if (r->pinged_at && now < r->pinged_at + PING_EVERY_MS)
        return;
    r->pinged_at = now;
    remote_own_call(r, "meta.ping", NULL, on_ping)->measures = true;
}

uint64_t remote_call(struct remote *r, const char *method, cJSON *params,
                     remote_reply_fn *fn, void *ctx)
{
    if (wire_changes(method) && !json_get(params, "key")) {
        char key[WIRE_KEY_LEN];
        wire_key(key);
        if (!params)
            params = cJSON_CreateObject();
        cJSON_AddStringToObject(params, "key", key);
    }
    struct call *c = call_add(&r->calls, ++r->last_id, method, params, fn, ctx);
    uint64_t id = c->id;
    if (r->state == REMOTE_ready) {
        ping(r);
        send_call(r, c);
    }
    return id;
}

void remote_progress(struct remote *r, uint64_t call, remote_progress_fn *fn)
{
    struct call *c = call_find(&r->calls, call);
    if (c)
        c->progress = fn;
}

static void send_cancel(struct remote *r, uint64_t id)
{
    struct buf line = BUF_INIT;
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)id);
    wire_request(&line, 0, "cancel", params);
    uplink_send(r->link, &line);
    cJSON_Delete(params);
}

bool remote_stop(struct remote *r, uint64_t call)
{
    struct call *c = call ? call_find(&r->calls, call) : NULL;
    if (!c || !c->sent_at)
        return false;
    send_cancel(r, c->id);
    return true;
}

void remote_cancel(struct remote *r, uint64_t call)
{
    struct call *c = call ? call_find(&r->calls, call) : NULL;
    if (!c)
        return;
    if (c->sent_at)
        send_cancel(r, c->id);
    call_free(&r->calls, c);
    arm_deadline(r);
}

/* --- answers --- */

/* Takes the call out before its function runs: it may make or cancel calls.
 */
static void answer(struct remote *r, struct call *c, const cJSON *result,
                   const struct err *err)
{
    remote_reply_fn *fn = c->fn;
    void *ctx = c->ctx;
    call_free(&r->calls, c);
    arm_deadline(r);
    fn(ctx, result, err);
}

static void on_deadline(uv_timer_t *timer)
{
    struct remote *r = timer->data;
    struct call *c;
    struct err late = {0};
    err_set(&late, ERR_timeout, _("The service did not answer in time."));
    uint64_t now = clock_mono_ms();
    while ((c = call_overdue(&r->calls, now, CALL_TIMEOUT_MS))) {
        send_cancel(r, c->id);
        answer(r, c, NULL, &late);
    }
    arm_deadline(r);
}

/* Refused for want of a session: it stays in the list and is sent again once
 * there is one; a second refusal is final. */
static bool held_back(struct remote *r, struct call *c, const struct err *err)
{
    if (c->own || c->refused || err->kind != ERR_unauthenticated)
        return false;
    c->sent_at = 0;
    arm_deadline(r);
    if (r->state == REMOTE_ready) {
        c->refused = true;
        signin_lost(r);
    }
    return true;
}

static void on_reply(struct remote *r, const cJSON *reply)
{
    struct call *c = call_find(&r->calls, (uint64_t)json_int(reply, "id", 0));
    struct err err = {0};
    if (!c)
        return; /* cancelled meanwhile */
    if (c->measures)
        r->rtt_ms = (int)(clock_mono_ms() - c->sent_at);
    const cJSON *result = wire_result(reply, &err);
    if (result)
        answer(r, c, result, NULL);
    else if (!held_back(r, c, &err))
        answer(r, c, NULL, &err);
    err_clear(&err);
}

static void on_notification(struct remote *r, const char *method,
                            const cJSON *params)
{
    if (strcmp(method, "event") == 0)
        follows_event(r, params);
    if (strcmp(method, "progress") != 0)
        return;
    struct call *c = call_find(&r->calls, (uint64_t)json_int(params, "id", 0));
    if (!c)
        return;
    c->sent_at = clock_mono_ms(); /* it is alive: the wait begins anew */
    arm_deadline(r);
    if (c->progress)
        c->progress(c->ctx, json_int(params, "done", 0),
                    json_int(params, "total", 0));
}

static void on_line(void *ctx, const char *text, size_t len)
{
    static const struct json_limits limits = {.bytes = WIRE_LINE_MAX,
                                              .keys = 65536};
    struct remote *r = ctx;
    struct err err = {0};
    cJSON *line = NULL;
    if (!json_parse(text, len, &limits, &line, &err)) {
        uplink_again(r->link,
                     _("it sent something that can not be understood"));
        err_clear(&err);
        return;
    }
    const char *method = json_str(line, "method", NULL);
    if (method)
        on_notification(r, method, json_get(line, "params"));
    else
        on_reply(r, line);
    cJSON_Delete(line);
}

/* --- the connection --- */

static void on_up(void *ctx)
{
    struct remote *r = ctx;
    signin_begin(r);
}

static struct call *first_own(struct remote *r)
{
    struct call *c = r->calls.first;
    while (c && !c->own)
        c = c->next;
    return c;
}

static void on_down(void *ctx, const char *why)
{
    struct remote *r = ctx;
    struct err lost = {0};
    struct call *c;
    err_set(&lost, ERR_unavailable, _("The connection was lost (%s)."), why);
    remote_set_reason(r, lost.message);
    r->rtt_ms = -1;
    for (c = r->calls.first; c; c = c->next)
        c->sent_at = 0;
    while ((c = first_own(r)))
        answer(r, c, NULL, &lost);
    arm_deadline(r);
    remote_set_state(r, REMOTE_waiting);
}

struct remote *remote_new(uv_loop_t *loop, const struct remote_options *o,
                          remote_state_fn *fn, void *ctx)
{
    static const struct uplink_events events = {
        .up = on_up, .line = on_line, .down = on_down};
    struct remote *r = x_calloc(1, sizeof(*r));
    struct wire_url url;
    struct err err = {0};
    r->loop = loop;
    r->fn = fn;
    r->ctx = ctx;
    r->lang = o->lang;
    r->rtt_ms = -1;
    r->token_file = o->token_file ? x_strdup(o->token_file) : NULL;
    r->server = x_strdup(o->server);
    r->known = known_new();
    r->follows = follows_new();
    r->deadline = x_calloc(1, sizeof(*r->deadline));
    r->deadline->data = r;
    uv_timer_init(loop, r->deadline);
    if (!wire_parse(o->server, &url, &err)) {
        remote_set_reason(r, err.message);
        r->state = REMOTE_refused;
        err_clear(&err);
        return r;
    }
    r->unix_socket = url.kind == WIRE_unix;
    r->link = uplink_new(loop, &url, &events, r);
    return r;
}

static void free_timer(uv_handle_t *h)
{
    uv_timer_t *timer = (uv_timer_t *)h;
    x_free(&timer);
}

void remote_free(struct remote **rp)
{
    struct remote *r = *rp;
    struct call *c;
    if (!r)
        return;
    while ((c = r->calls.first))
        call_free(&r->calls, c);
    uplink_free(&r->link);
    uv_close((uv_handle_t *)r->deadline, free_timer);
    known_free(&r->known);
    follows_free(&r->follows);
    x_free(&r->token_file);
    x_free(&r->server);
    x_free(rp);
}

/* --- state and session --- */

const char *remote_server(const struct remote *r)
{
    return r->server;
}

enum remote_state remote_state(const struct remote *r)
{
    return r->state;
}

const char *remote_reason(const struct remote *r)
{
    return r->reason;
}

int remote_rtt_ms(const struct remote *r)
{
    return r->rtt_ms;
}

int64_t remote_retry_in_ms(const struct remote *r)
{
    return r->link ? uplink_retry_in_ms(r->link) : -1;
}
