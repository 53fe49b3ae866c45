/* Bytes of a connection: framing in, one write out, back-pressure between.
 *
 * A client may start another request only while what it has not read yet,
 * together with what its running requests will likely add, stays within a
 * bound; beyond that its lines wait, and soon its socket is not read any
 * more. So a client that reads nothing costs a bounded amount of memory. */
#include "common/clock.h"
#include "common/err.h"
#include "common/i18n.h"
#include "common/mem.h"
#include "server/net/conn_impl.h"
#include "server/rpc/gate.h"
#include "server/rpc/request.h"
#include "server/server.h"

#include <poll.h>

/* What the kernel did not take at once. */
struct conn_write {
    uv_write_t write;
    struct buf data;
};

size_t conn_unsent(const struct conn *c)
{
    return c->out.len + uv_stream_get_write_queue_size(&c->io.stream);
}

static void on_written(uv_write_t *write, int status)
{
    struct conn_write *w = (struct conn_write *)write;
    struct conn *c = write->data;
    c->writing = NULL;
    buf_free(&w->data);
    x_free(&w);
    if (c->state == CONN_closing)
        return;
    if (status < 0) {
        conn_close(c, uv_strerror(status));
        return;
    }
    if (c->out.len > 0)
        conn_send(c);
    conn_process(c);
}

/* The rest waits in a block of its own, which moves, not copies. */
static void write_rest(struct conn *c, size_t taken)
{
    struct conn_write *w = x_calloc(1, sizeof(*w));
    w->data = c->out;
    c->out = (struct buf)BUF_INIT;
    w->write.data = c;
    uv_buf_t rest =
        uv_buf_init(w->data.data + taken, (unsigned)(w->data.len - taken));
    c->writing = w;
    int status = uv_write(&w->write, &c->io.stream, &rest, 1, on_written);
    if (status == 0)
        return;
    c->writing = NULL;
    buf_free(&w->data);
    x_free(&w);
    conn_close(c, uv_strerror(status));
}

static void flush(struct conn *c)
{
    if (c->writing != NULL || c->out.len == 0)
        return;
    uv_buf_t all = uv_buf_init(c->out.data, (unsigned)c->out.len);
    int n = uv_try_write(&c->io.stream, &all, 1);
    if (n < 0 && n != UV_EAGAIN) {
        conn_close(c, uv_strerror(n));
        return;
    }
    size_t taken = n > 0 ? (size_t)n : 0;
    c->taken_at = clock_mono_ms();
    if (taken < c->out.len)
        write_rest(c, taken);
    else
        buf_free(&c->out);
}

static void end_if_done(struct conn *c)
{
    if (c->ended && c->state != CONN_closing && c->in_flight == 0 &&
        conn_unsent(c) == 0)
        conn_close(c, "ended by the client");
}

/* Before the loop sleeps: one write for all that a client gets. */
void conns_flush(struct server *s)
{
    while (s->conns.dirty != NULL) {
        struct conn *c = s->conns.dirty;
        s->conns.dirty = c->dirty_next;
        c->dirty = false;
        flush(c);
        end_if_done(c);
        if (c->state != CONN_closing)
            conn_process(c);
    }
}

void conn_unqueue(struct conn *c)
{
    struct conn **at = &c->server->conns.dirty;
    while (*at != NULL && *at != c)
        at = &(*at)->dirty_next;
    if (*at == c)
        *at = c->dirty_next;
    c->dirty = false;
}

struct buf *conn_out(struct conn *c)
{
    return &c->out;
}

void conn_send(struct conn *c)
{
    if (c->dirty || c->state == CONN_closing)
        return;
    c->dirty = true;
    c->dirty_next = c->server->conns.dirty;
    c->server->conns.dirty = c;
}

/* --- in --- */

/* A single answer may be larger than the bound: it gets its turn when
 * nothing else is under way. */
static bool may_begin(const struct conn *c)
{
    const struct settings *s = &c->server->settings;
    size_t ahead = (size_t)c->in_flight * c->typical + conn_unsent(c);
    if (c->in_flight >= s->in_flight)
        return false;
    return ahead == 0 || ahead + c->typical <= (size_t)s->unsent_bytes;
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *out)
{
    struct conns *all = &((struct conn *)handle)->server->conns;
    (void)size;
    *out = uv_buf_init(all->read_buffer, sizeof(all->read_buffer));
}

/* A closed socket hangs up in both directions; one that only ended its own
 * side still waits for answers. */
static void on_end(struct conn *c)
{
    uv_os_fd_t fd;
    struct pollfd p = {.events = 0};
    if (uv_fileno(&c->io.handle, &fd) == 0) {
        p.fd = fd;
        poll(&p, 1, 0);
    }
    if (p.revents & (POLLHUP | POLLERR)) {
        conn_close(c, "closed by the client");
        return;
    }
    c->ended = true;
    c->reading = false;
    uv_read_stop(&c->io.stream);
    end_if_done(c);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *data)
{
    struct conn *c = (struct conn *)stream;
    if (n == UV_EOF) {
        on_end(c);
    } else if (n < 0) {
        conn_close(c, uv_strerror((int)n));
    } else if (n > 0) {
        line_feed(&c->in, data->base, (size_t)n);
        conn_process(c);
    }
}

static void set_reading(struct conn *c, bool reading)
{
    if (c->reading == reading || c->ended)
        return;
    c->reading = reading;
    if (reading)
        uv_read_start(&c->io.stream, on_alloc, on_read);
    else
        uv_read_stop(&c->io.stream);
}

static void too_long(struct conn *c)
{
    struct err e = {0};
    long long limit = c->server->settings.line_bytes;
    err_set(&e, ERR_too_large, _("A line may have %lld bytes."), limit);
    err_data(&e, "limit", cJSON_CreateNumber((double)limit));
    request_refuse(c, NULL, &e);
    err_clear(&e);
    conn_malformed(c);
}

/* An idle connection holds no buffer. */
static void release_input(struct conn *c)
{
    bool skipping = c->in.skipping;
    if (c->in.pending.cap == 0 || c->in.done < c->in.pending.len)
        return;
    line_free(&c->in);
    line_init(&c->in, (size_t)c->server->settings.line_bytes);
    c->in.skipping = skipping;
}

/* Gates as many lines as may begin. A request that ends while its line is
 * still being gated comes back here, hence the guard. */
void conn_process(struct conn *c)
{
    const char *line;
    size_t len;
    if (c->processing)
        return;
    c->processing = true;
    enum line_result got = LINE_READY;
    while (c->state != CONN_closing && got != LINE_MORE && may_begin(c)) {
        got = line_next(&c->in, &line, &len);
        if (got == LINE_MORE)
            break;
        c->heard_at = clock_mono_ms();
        i18n_use((enum lang)c->lang);
        if (got == LINE_READY)
            gate_line(c, line, len);
        else
            too_long(c);
    }
    c->processing = false;
    if (c->state == CONN_closing)
        return;
    set_reading(c, may_begin(c));
    release_input(c);
}

void conn_began(struct conn *c)
{
    c->in_flight++;
}

void conn_finished(struct conn *c, size_t bytes)
{
    size_t most = bytes < 0x1000000 ? bytes : 0x1000000;
    c->typical = (uint32_t)(((size_t)c->typical * 3 + most) / 4);
    c->in_flight--;
    end_if_done(c);
    if (c->state != CONN_closing)
        conn_process(c);
}

void conn_malformed(struct conn *c)
{
    if (++c->malformed >= c->server->settings.malformed)
        conn_close(c, "too many malformed lines");
}

void conn_well_formed(struct conn *c)
{
    c->malformed = 0;
}
