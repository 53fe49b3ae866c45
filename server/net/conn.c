/* Connections from their beginning to their end; a connection stands in the
 * list of its state, and one function moves it. */
#include "server/net/conn.h"

#include "common/clock.h"
#include "common/log.h"
#include "common/mem.h"
#include "server/auth/session.h"
#include "server/net/conn_impl.h"
#include "server/rpc/request.h"
#include "server/rpc/subscribe.h"
#include "server/server.h"

#include <string.h>

/* How often all connections are looked at, and how large an answer is taken
 * to be before the first. */
enum { TICK_MS = 250, TYPICAL = 1024, KEEPALIVE_S = 60 };

static const char *const state_names[CONN_STATES] = {"new", "ready", "closing"};

static void list_remove(struct conn *c)
{
    struct conn_list *l = &c->server->conns.list[c->state];
    if (c->before != NULL)
        c->before->after = c->after;
    else
        l->first = c->after;
    if (c->after != NULL)
        c->after->before = c->before;
    c->before = c->after = NULL;
    l->n--;
}

static void list_add(struct conn *c, enum conn_state state)
{
    struct conn_list *l = &c->server->conns.list[state];
    c->state = (uint8_t)state;
    c->after = l->first;
    if (c->after != NULL)
        c->after->before = c;
    l->first = c;
    l->n++;
}

static void move_to(struct conn *c, enum conn_state state)
{
    list_remove(c);
    list_add(c, state);
}

static void on_closed(uv_handle_t *handle)
{
    struct conn *c = (struct conn *)handle;
    list_remove(c);
    session_unref(&c->session);
    line_free(&c->in);
    buf_free(&c->out);
    x_free(&c->client);
    x_free(&c);
}

void conn_close(struct conn *c, const char *reason)
{
    if (c->state == CONN_closing)
        return;
    log_line(LOG_debug, "conn_close", "id=%lld state=%s reason=%s",
             (long long)c->id, state_names[c->state], log_quote(reason));
    move_to(c, CONN_closing);
    if (c->dirty)
        conn_unqueue(c);
    request_orphan_all(c);
    subscriptions_drop(c->server->subscriptions, c);
    uv_close(&c->io.handle, on_closed);
}

static int init_handle(struct server *s, struct conn *c)
{
    return c->local ? uv_pipe_init(&s->loop, &c->io.pipe, 0)
                    : uv_tcp_init(&s->loop, &c->io.tcp);
}

void conn_accept(struct server *s, uv_stream_t *listener, bool local)
{
    struct conn *c = x_calloc(1, sizeof(*c));
    c->server = s;
    c->local = local;
    c->id = ++s->conns.ids;
    c->typical = TYPICAL;
    c->lang = LANG_zh;
    c->heard_at = c->taken_at = clock_mono_ms();
    line_init(&c->in, (size_t)s->settings.line_bytes);
    if (init_handle(s, c) != 0) {
        x_free(&c);
        return;
    }
    list_add(c, CONN_new);
    if (uv_accept(listener, &c->io.stream) != 0) {
        conn_close(c, "can not accept");
        return;
    }
    if (!local) {
        uv_tcp_nodelay(&c->io.tcp, 1);
        uv_tcp_keepalive(&c->io.tcp, 1, KEEPALIVE_S);
    }
    if (conns_open(s) > s->settings.connections) {
        conn_close(c, "too many connections");
        return;
    }
    log_line(LOG_debug, "conn_open", "id=%lld local=%d", (long long)c->id,
             local);
    conn_process(c);
}

static void close_silent(struct conn *c, uint64_t now)
{
    uint64_t idle = (uint64_t)c->server->settings.idle_ms;
    if (c->in_flight == 0 && now - c->heard_at > idle)
        conn_close(c, "silent before sign-in");
}

/* Whatever the kernel took since the last look counts as reading. */
static void close_unread(struct conn *c, uint64_t now)
{
    size_t left = conn_unsent(c);
    if (left < c->unsent_seen || left == 0)
        c->taken_at = now;
    c->unsent_seen = left;
    if (now - c->taken_at > (uint64_t)c->server->settings.unread_ms)
        conn_close(c, "reads nothing");
}

void conns_tick(struct server *s)
{
    uint64_t now = clock_mono_ms();
    if (now - s->conns.ticked_at < TICK_MS)
        return;
    s->conns.ticked_at = now;
    for (int state = CONN_new; state <= CONN_ready; state++) {
        struct conn *after;
        for (struct conn *c = s->conns.list[state].first; c; c = after) {
            after = c->after;
            if (c->out.len > 0 || c->writing != NULL)
                close_unread(c, now);
            else if (state == CONN_new)
                close_silent(c, now);
        }
    }
}

static void on_prepare(uv_prepare_t *prepare)
{
    conns_flush(prepare->data);
}

void conns_start(struct server *s)
{
    uv_prepare_init(&s->loop, &s->conns.flush);
    s->conns.flush.data = s;
    uv_prepare_start(&s->conns.flush, on_prepare);
}

void conns_stop(struct server *s)
{
    uv_close((uv_handle_t *)&s->conns.flush, NULL);
}

int conns_open(const struct server *s)
{
    return s->conns.list[CONN_new].n + s->conns.list[CONN_ready].n;
}

void conns_close_all(struct server *s, const char *reason)
{
    conns_flush(s);
    for (int state = CONN_new; state <= CONN_ready; state++)
        while (s->conns.list[state].first != NULL)
            conn_close(s->conns.list[state].first, reason);
}

void conns_revoke(struct server *s, const char *hashes)
{
    struct conn *after;
    for (struct conn *c = s->conns.list[CONN_ready].first; c; c = after) {
        after = c->after;
        if (strstr(hashes, c->session->hash) != NULL)
            conn_sign_in(c, NULL);
    }
}

void conn_sign_in(struct conn *c, struct session *s)
{
    struct session *old = c->session;
    c->session = session_ref(s);
    session_unref(&old);
    if (s == NULL)
        subscriptions_drop(c->server->subscriptions, c);
    if (s != NULL)
        c->lang = (uint8_t)s->lang;
    if (c->state != CONN_closing)
        move_to(c, s != NULL ? CONN_ready : CONN_new);
    c->heard_at = clock_mono_ms();
}

void conns_replace_session(struct server *s, struct session *session)
{
    struct conn *after;
    for (struct conn *c = s->conns.list[CONN_ready].first; c; c = after) {
        after = c->after;
        if (c->session->id == session->id)
            conn_sign_in(c, session);
    }
}

void conn_greet(struct conn *c, const char *client, bool lang_given,
                enum lang lang)
{
    x_free(&c->client);
    c->client = client != NULL ? x_strndup(client, 100) : NULL;
    c->lang_given = lang_given;
    if (lang_given)
        c->lang = (uint8_t)lang;
}
