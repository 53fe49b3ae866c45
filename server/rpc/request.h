/* One request on its way through the daemon: from a line, through the gate,
 * over a lane, to its reply. */
#ifndef SERVER_RPC_REQUEST_H
#define SERVER_RPC_REQUEST_H

#include "common/buf.h"
#include "common/i18n.h"
#include "common/mem.h"
#include "schema/access.h"
#include "server/db/db.h"

struct conn;
struct method;
struct server;
struct session;
struct directory;

struct request {
    struct server *server;
    struct conn *conn; /* NULL when it went away meanwhile (loop only) */
    struct arena *arena;
    cJSON *line;          /* owns params */
    const cJSON *params;  /* an object, never NULL after the gate */
    const cJSON *id;
    const struct method *method;
    const struct entity *entity; /* of <entity>.<verb>, or NULL */
    /* Snapshots that stay as they are while the request lives. */
    struct session *session;        /* NULL before sign-in */
    const struct rights *rights;    /* NULL before sign-in */
    const struct directory *names;  /* users, units, tags, options */
    enum lang lang;
    uint64_t deadline; /* clock_mono_ms */
    volatile int cancelled; /* read by workers between steps */
    uint64_t ticket; /* of the statement under way */
    struct buf reply; /* the result value as JSON, written by the handler */
    void *state;      /* the handler's own, in the arena */
};

/* A handler on the loop either writes r->reply and calls request_done, calls
 * request_fail, or calls request_query and goes on in its callback. */
typedef void request_loop_fn(struct request *r);
/* A handler on a worker: r->reply and true, or *e and false. It holds no
 * transaction when it returns. */
typedef bool request_work_fn(struct request *r, struct db_conn *c,
                             struct err *e);
typedef void request_result_fn(struct request *r, PGresult *res);

void request_done(struct request *r);
void request_fail(struct request *r, struct err *e); /* takes e's data */
/* Submits on a lane; `fn` gets the result, errors fail the request by
 * themselves. The request stays alive until done or fail. */
void request_query(struct request *r, enum lane lane,
                   const struct db_query *q, request_result_fn *fn);
/* Progress of long work, from a worker; sent twice a second at most. */
void request_progress(struct request *r, int64_t done, int64_t total);
bool request_cancelled(const struct request *r);

#endif
