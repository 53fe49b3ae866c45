/* The one outbox as this daemon reads it: every committed change once, in
 * the order it became visible, handed to whoever wants to know; several of one
 * record that are seen at once as one. */
#ifndef SERVER_JOB_STREAM_H
#define SERVER_JOB_STREAM_H

#include "schema/access.h"
#include "server/db/db.h"

struct stream;

/* A change; its texts and lists live until the callback returns. */
struct stream_event {
    const struct entity *entity; /* NULL: too much happened at once, whoever
                                    follows anything must read it anew */
    int64_t record_id;
    int64_t customer_id; /* 0: none */
    int64_t version;
    const char *kind; /* created updated deleted restored */
    /* Scope keys of the customer before and after; the pointers are NULL
     * where the row was not there, or has no scope. */
    const struct scope_keys *before, *after;
    uint64_t txid; /* of the last change */
    int order;     /* within one look */
};

typedef void stream_fn(void *ctx, const struct stream_event *event);

/* A daemon without followers asks the database nothing. */
struct stream *stream_new(uv_loop_t *loop, struct db *db, stream_fn *fn,
                          void *ctx);
/* Somebody listens: begins behind `snapshot` (a pg_snapshot as text), unless
 * it has begun already. */
void stream_follow(struct stream *s, const char *snapshot);
/* Had this transaction ended when the snapshot was taken? */
bool stream_shows(const char *snapshot, uint64_t txid);
/* Nobody listens any more. */
void stream_rest(struct stream *s);
/* This daemon has just committed something: look within 50 ms instead of a
 * second. */
void stream_poke(struct stream *s);
/* Frees it once the statement under way has ended. */
void stream_close(struct stream **s);

#endif
