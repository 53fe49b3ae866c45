/* One connection of the quick lane: tasks in, answers out in the same order,
 * with the statements it has prepared. */
#ifndef SERVER_DB_PIPE_H
#define SERVER_DB_PIPE_H

#include "server/db/link.h"
#include "server/db/prepared.h"
#include "server/db/task.h"

struct pipe;

struct pipe_events {
    void (*up)(struct pipe *p);
    /* The task's result is in t->res: rows, an error, or
     * PGRES_PIPELINE_ABORTED where another task's error kept it from
     * running. */
    void (*ended)(struct pipe *p, struct task *t);
    /* Its connection went away under it. */
    void (*lost)(struct pipe *p, struct task *t);
    /* All that could be read has been dealt with. */
    void (*settled)(struct pipe *p);
};

struct pipe {
    struct link link; /* first */
    const struct pipe_events *events;
    void *owner;
    struct prepared *prepared;
    struct task *head, **last;
    int depth;      /* tasks in it */
    bool open;      /* something was sent since the last sync */
    int syncs;      /* sent and not come back yet */
    uint64_t heard; /* since when the head is the head, clock_mono_ms */
};

void pipe_start(struct pipe *p, uv_loop_t *loop,
                const struct connect_options *options,
                const struct pipe_events *events, void *owner);
/* False where the connection broke; then `lost` has been called. */
bool pipe_send(struct pipe *p, struct task *t);
/* Ends what was sent in this turn, and sends it off. */
void pipe_sync(struct pipe *p);
/* After link_is_gone. */
void pipe_free(struct pipe *p);

bool pipe_is_error(const PGresult *res);
/* The prepared statement is not there, or does not fit the tables any more. */
bool pipe_is_stale(const PGresult *res);

#endif
