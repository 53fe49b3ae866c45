/* One request on its way through the daemon: from a line, through the gate,
 * over a lane, to its reply. */
#ifndef SERVER_RPC_REQUEST_H
#define SERVER_RPC_REQUEST_H

#include "common/buf.h"
#include "common/i18n.h"
#include "common/mem.h"
#include "schema/access.h"
#include "server/db/db.h"

#include <stdatomic.h>

struct conn;
struct method;
struct request;
struct server;
struct session;
struct directory;

/* A handler on the loop either writes r->reply and calls request_done, calls
 * request_fail, or calls request_query and goes on in its callback. */
typedef void request_loop_fn(struct request *r);
/* A handler on a worker: r->reply and true, or *e and false. It holds no
 * transaction when it returns. */
typedef bool request_work_fn(struct request *r, struct db_conn *c,
                             struct err *e);
typedef void request_result_fn(struct request *r, PGresult *res);

struct request {
    struct server *server;
    struct conn *conn; /* NULL when it went away meanwhile (loop only) */
    struct arena *arena;
    cJSON *line;         /* owns params */
    const cJSON *params; /* an object, never NULL after the gate */
    const cJSON *id;
    const struct method *method;
    const struct entity *entity; /* of <entity>.<verb>, or NULL */
    /* Snapshots that stay as they are while the request lives. */
    struct session *session;       /* NULL before sign-in */
    const struct rights *rights;   /* NULL before sign-in */
    const struct directory *names; /* users, units, tags, options */
    enum lang lang;
    uint64_t deadline;    /* clock_mono_ms */
    atomic_int cancelled; /* read by workers between steps */
    uint64_t ticket;      /* of the statement under way */
    struct buf reply;     /* the result value as JSON, written by the handler */
    void *state;          /* the handler's own, in the arena */

    /* Private to request.c. */
    struct request *before, *after;           /* all requests */
    struct request *conn_before, *conn_after; /* those of the connection */
    request_result_fn *result_fn;
    request_work_fn *work_fn;
    struct err err; /* what a worker's handler came to */
    request_loop_fn *then_fn;
    bool failed, answered;
    uint64_t started, progress_at;
    atomic_llong progress_done, progress_total;
    atomic_bool progress_news;
};

void request_done(struct request *r);
void request_fail(struct request *r, struct err *e); /* takes e's data */
/* Submits on a lane; `fn` gets the result, errors fail the request by
 * themselves. The request stays alive until done or fail. */
void request_query(struct request *r, enum lane lane, const struct db_query *q,
                   request_result_fn *fn);
/* From a loop handler: `fn` runs on a worker, then the request ends. */
void request_work(struct request *r, request_work_fn *fn);
/* From a worker's handler: `fn` runs on the loop where it succeeded, before
 * the answer goes out. It neither ends nor fails the request. */
void request_then(struct request *r, request_loop_fn *fn);
/* Progress of long work, from a worker; sent twice a second at most. */
void request_progress(struct request *r, int64_t done, int64_t total);
bool request_cancelled(const struct request *r);
/* True where its client asked for it to stop, and still waits to hear how far
 * it came; else nobody does. */
bool request_was_asked(const struct request *r);

/* --- for the gate, connections and the server --- */

/* Takes `line`. */
struct request *request_new(struct conn *c, cJSON *line);
/* Runs its handler on its lane. */
void request_start(struct request *r);
/* The request of this connection with this id, NULL where none is at work. */
struct request *request_find(struct conn *c, const cJSON *id);
/* Stops it as soon as that can be; it answers `cancelled`. `asked`: the
 * client wishes it. */
void request_cancel(struct request *r, bool asked);
/* The connection is gone: nobody waits for its answers any more. */
void request_orphan_all(struct conn *c);
/* A few times a second: ends what is past its time. */
void request_tick(struct server *s);
/* Sends what workers reported. */
void request_send_progress(struct server *s);
/* {"jsonrpc":…,"id":null,"error":…} for a line that is no request. */
void request_refuse(struct conn *c, const cJSON *id, const struct err *e);

#endif
