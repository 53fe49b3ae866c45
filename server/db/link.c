/* Connections on the loop. libpq's own asynchronous connecting changes its
 * socket under libuv and knows no time limit, so connecting blocks a thread
 * of the pool and the loop gets the finished connection. */
#include "server/db/link.h"

#include "common/clock.h"
#include "common/log.h"
#include "common/mem.h"

/* The first pause is short, since a restart takes a moment only; the longest
 * still finds the database again within the second that is promised. */
enum { PAUSE_FIRST_MS = 20, PAUSE_MOST_MS = 400 };

/* What belongs to one connection, so that the next one can begin while the
 * handle of the last is still closing. */
struct link_io {
    uv_work_t work;
    uv_poll_t poll;
    struct link *link;
    PGconn *pq;
    int events;
    struct err err;
};

static void connect_in_thread(uv_work_t *work)
{
    struct link_io *io = work->data;
    io->pq = db_connect(&io->link->options, &io->err);
}

static void io_free(struct link_io *io)
{
    io->link->pending--;
    PQfinish(io->pq);
    err_clear(&io->err);
    x_free(&io);
}

static void on_poll_closed(uv_handle_t *handle)
{
    io_free(handle->data);
}

static void wait_again(struct link *l)
{
    l->state = LINK_waiting;
    l->retry_at = clock_mono_ms() + (uint64_t)l->pause_ms;
    l->pause_ms =
        l->pause_ms * 2 < PAUSE_MOST_MS ? l->pause_ms * 2 : PAUSE_MOST_MS;
}

static void watch(struct link *l, int events);

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct link_io *io = poll->data;
    struct link *l = io->link;
    if (status < 0 || ((events & UV_READABLE) && !PQconsumeInput(io->pq))) {
        link_drop(l, "connection lost");
        return;
    }
    if (events & UV_READABLE)
        l->events->readable(l);
    if (l->io == io)
        link_flush(l);
}

static void watch(struct link *l, int events)
{
    if (l->io->events == events)
        return;
    l->io->events = events;
    uv_poll_start(&l->io->poll, events, on_poll);
}

static bool take_over(struct link *l, struct link_io *io)
{
    if (PQsetnonblocking(io->pq, 1) != 0 ||
        (l->pipeline && !PQenterPipelineMode(io->pq)))
        return false;
    if (uv_poll_init(l->loop, &io->poll, PQsocket(io->pq)) != 0)
        return false;
    io->poll.data = io;
    l->io = io;
    l->pq = io->pq;
    l->state = LINK_up;
    l->pause_ms = PAUSE_FIRST_MS;
    watch(l, UV_READABLE);
    return true;
}

static void on_connected(uv_work_t *work, int status)
{
    struct link_io *io = work->data;
    struct link *l = io->link;
    if (l->state == LINK_closed) {
        io_free(io);
        return;
    }
    if (status == 0 && io->pq != NULL && take_over(l, io)) {
        l->events->up(l);
        return;
    }
    log_line(LOG_debug, "db_connect_failed", "purpose=%s reason=%s",
             log_quote(l->options.purpose), log_quote(io->err.message));
    io_free(io);
    wait_again(l);
}

static void connect_soon(struct link *l)
{
    struct link_io *io = x_calloc(1, sizeof(*io));
    io->link = l;
    io->work.data = io;
    l->pending++;
    l->state = LINK_connecting;
    if (uv_queue_work(l->loop, &io->work, connect_in_thread, on_connected) == 0)
        return;
    io_free(io);
    wait_again(l);
}

void link_start(struct link *l, uv_loop_t *loop,
                const struct connect_options *options, bool pipeline,
                const struct link_events *events)
{
    l->loop = loop;
    l->options = *options;
    l->pipeline = pipeline;
    l->events = events;
    l->pause_ms = PAUSE_FIRST_MS;
    connect_soon(l);
}

void link_tick(struct link *l)
{
    if (l->state == LINK_waiting && clock_mono_ms() >= l->retry_at)
        connect_soon(l);
}

void link_flush(struct link *l)
{
    if (l->state != LINK_up)
        return;
    int unsent = PQflush(l->pq);
    if (unsent < 0)
        link_drop(l, "connection lost while sending");
    else
        watch(l, unsent == 1 ? UV_READABLE | UV_WRITABLE : UV_READABLE);
}

/* PQfinish closes the socket, so it waits until libuv has let go of it. */
static void let_go(struct link *l)
{
    struct link_io *io = l->io;
    l->io = NULL;
    l->pq = NULL;
    uv_poll_stop(&io->poll);
    uv_close((uv_handle_t *)&io->poll, on_poll_closed);
}

void link_drop(struct link *l, const char *reason)
{
    if (l->state != LINK_up)
        return;
    log_line(LOG_warn, "db_lost", "purpose=%s reason=%s",
             log_quote(l->options.purpose), log_quote(reason));
    let_go(l);
    wait_again(l);
    l->events->down(l);
}

void link_close(struct link *l)
{
    bool up = l->state == LINK_up;
    l->state = LINK_closed;
    if (!up)
        return;
    let_go(l);
    l->events->down(l);
}

bool link_is_gone(const struct link *l)
{
    return l->state == LINK_closed && l->pending == 0;
}
