/* One connection that comes back by itself. A socket outlives the uplink until
 * libuv has closed it, so it is a thing of its own that may lose its owner. */
#include "tui/remote/uplink.h"

#include "common/line.h"
#include "common/mem.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define BACKOFF_FIRST_MS 100
#define BACKOFF_LAST_MS  5000

struct socket {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_pipe_t pipe;
        uv_tcp_t tcp;
    } u;
    uv_connect_t connect;
    struct uplink *owner; /* NULL once it has been given up */
};

struct uplink {
    uv_loop_t *loop;
    struct wire_url url;
    struct uplink_events on;
    void *ctx;
    struct socket *socket; /* NULL between two tries */
    uv_timer_t *retry;     /* its own allocation: closing takes a while */
    bool up;
    unsigned tries;
    struct line_reader in;
    char chunk[65536];
};

struct sending {
    uv_write_t request;
    struct buf bytes;
};

static void free_socket(uv_handle_t *h)
{
    struct socket *s = h->data;
    x_free(&s);
}

static void free_timer(uv_handle_t *h)
{
    uv_timer_t *timer = (uv_timer_t *)h;
    x_free(&timer);
}

static void drop_socket(struct uplink *u)
{
    struct socket *s = u->socket;
    if (!s)
        return;
    s->owner = NULL;
    u->socket = NULL;
    u->up = false;
    uv_close(&s->u.handle, free_socket);
    line_free(&u->in);
    line_init(&u->in, WIRE_LINE_MAX);
}

uint64_t uplink_backoff_ms(unsigned n, uint32_t random)
{
    uint64_t wait = BACKOFF_LAST_MS;
    if (n < 6)
        wait = (uint64_t)BACKOFF_FIRST_MS << n;
    if (wait > BACKOFF_LAST_MS)
        wait = BACKOFF_LAST_MS;
    return wait - random % (wait / 2 + 1);
}

static void try_connect(struct uplink *u);

static void on_retry(uv_timer_t *timer)
{
    try_connect(timer->data);
}

void uplink_again(struct uplink *u, const char *why)
{
    uint32_t random = 0;
    drop_socket(u);
    if (getrandom(&random, sizeof(random), 0) < 0)
        random = 0;
    uv_timer_start(u->retry, on_retry, uplink_backoff_ms(u->tries++, random),
                   0);
    u->on.down(u->ctx, why);
}

static void on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *out)
{
    struct socket *s = h->data;
    (void)suggested;
    *out = s->owner ? uv_buf_init(s->owner->chunk, sizeof(s->owner->chunk))
                    : uv_buf_init(NULL, 0);
}

/* A line may make the owner give this socket up; then the rest is dropped. */
static void deliver(struct uplink *u, struct socket *s)
{
    const char *text;
    size_t len;
    for (;;) {
        enum line_result r = line_next(&u->in, &text, &len);
        if (r == LINE_MORE)
            return;
        if (r == LINE_TOO_LONG) {
            uplink_again(u, _("an answer was too long"));
            return;
        }
        u->on.line(u->ctx, text, len);
        if (u->socket != s)
            return;
    }
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *bytes)
{
    struct socket *s = stream->data;
    struct uplink *u = s->owner;
    if (!u || n == 0)
        return;
    if (n < 0) {
        /* libuv's own end of file is no errno. */
        uplink_again(u, wire_failure(n == UV_EOF ? ECONNRESET : (int)-n));
        return;
    }
    line_feed(&u->in, bytes->base, (size_t)n);
    deliver(u, s);
}

static void on_connect(uv_connect_t *request, int status)
{
    struct socket *s = request->data;
    struct uplink *u = s->owner;
    if (!u)
        return;
    if (status == 0)
        status = uv_read_start(&s->u.stream, on_alloc, on_read);
    if (status != 0) {
        uplink_again(u, wire_failure(-status));
        return;
    }
    u->up = true;
    u->on.up(u->ctx);
}

static void try_connect(struct uplink *u)
{
    struct socket *s = x_calloc(1, sizeof(*s));
    s->owner = u;
    s->connect.data = s;
    u->socket = s;
    if (u->url.kind == WIRE_unix) {
        uv_pipe_init(u->loop, &s->u.pipe, 0);
        s->u.handle.data = s;
        uv_pipe_connect(&s->connect, &s->u.pipe, u->url.path, on_connect);
        return;
    }
    uv_tcp_init(u->loop, &s->u.tcp);
    s->u.handle.data = s;
    uv_tcp_nodelay(&s->u.tcp, 1);
    int failed =
        uv_tcp_connect(&s->connect, &s->u.tcp,
                       (const struct sockaddr *)&u->url.address, on_connect);
    if (failed)
        uplink_again(u, wire_failure(-failed));
}

struct uplink *uplink_new(uv_loop_t *loop, const struct wire_url *url,
                          const struct uplink_events *events, void *ctx)
{
    struct uplink *u = x_calloc(1, sizeof(*u));
    u->loop = loop;
    u->url = *url;
    u->on = *events;
    u->ctx = ctx;
    line_init(&u->in, WIRE_LINE_MAX);
    u->retry = x_calloc(1, sizeof(*u->retry));
    uv_timer_init(loop, u->retry);
    u->retry->data = u;
    /* The first try starts from the loop, so that no callback comes before
     * uplink_new has returned. */
    uv_timer_start(u->retry, on_retry, 0, 0);
    return u;
}

void uplink_free(struct uplink **u)
{
    if (!*u)
        return;
    drop_socket(*u);
    uv_close((uv_handle_t *)(*u)->retry, free_timer);
    line_free(&(*u)->in);
    x_free(u);
}

bool uplink_is_up(const struct uplink *u)
{
    return u->up;
}

static void on_sent(uv_write_t *request, int status)
{
    struct sending *sending = request->data;
    (void)status; /* reading tells when the connection is lost */
    explicit_bzero(sending->bytes.data, sending->bytes.len);
    buf_free(&sending->bytes);
    x_free(&sending);
}

void uplink_send(struct uplink *u, struct buf *b)
{
    if (!u->up || b->len == 0) {
        buf_clear(b);
        return;
    }
    struct sending *sending = x_calloc(1, sizeof(*sending));
    sending->request.data = sending;
    sending->bytes = *b;
    *b = (struct buf)BUF_INIT;
    uv_buf_t out =
        uv_buf_init(sending->bytes.data, (unsigned)sending->bytes.len);
    if (uv_write(&sending->request, &u->socket->u.stream, &out, 1, on_sent))
        on_sent(&sending->request, -1);
}

void uplink_is_good(struct uplink *u)
{
    u->tries = 0;
}

void uplink_stop(struct uplink *u)
{
    drop_socket(u);
    uv_timer_stop(u->retry);
}

int64_t uplink_retry_in_ms(const struct uplink *u)
{
    if (!uv_is_active((const uv_handle_t *)u->retry))
        return -1;
    return (int64_t)uv_timer_get_due_in(u->retry);
}
