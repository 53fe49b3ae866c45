/* A connection that a loop watches: made on a thread, made again with a
 * growing pause after it was lost, given up by its owner with a reason. */
#ifndef SERVER_DB_LINK_H
#define SERVER_DB_LINK_H

#include "server/db/connect.h"

#include <stdbool.h>
#include <uv.h>

struct link;
struct link_io;

struct link_events {
    void (*up)(struct link *l);
    /* Something may be read; PQconsumeInput has been done. */
    void (*readable)(struct link *l);
    /* The connection is gone; whatever was under way on it is lost. */
    void (*down)(struct link *l);
};

enum link_state { LINK_waiting, LINK_connecting, LINK_up, LINK_closed };

/* Lies in what owns it; private to link.c but for `pq`, `state`. */
struct link {
    uv_loop_t *loop;
    struct connect_options options;
    const struct link_events *events;
    enum link_state state;
    PGconn *pq; /* while LINK_up */
    struct link_io *io;
    bool pipeline;
    uint64_t retry_at; /* clock_mono_ms */
    int pause_ms;
    int pending; /* threads and handles that still refer to it */
};

/* Starts connecting. `options` texts must outlive it. */
void link_start(struct link *l, uv_loop_t *loop,
                const struct connect_options *options, bool pipeline,
                const struct link_events *events);
/* To be called a few times a second: connects again when it is time. */
void link_tick(struct link *l);
/* After anything was sent: the rest goes when the socket takes it. */
void link_flush(struct link *l);
/* Drops the connection, calls `down`, connects again later. */
void link_drop(struct link *l, const char *reason);
/* For good. The memory may go when link_is_gone. */
void link_close(struct link *l);
bool link_is_gone(const struct link *l);

#endif
