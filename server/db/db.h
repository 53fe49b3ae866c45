/* The daemon's three lanes to PostgreSQL. Quick: one short statement in a
 * pipeline. Slow: counts, splits, offsets, what quick gave up on. Work: a
 * handler from top to bottom on a worker thread with its own connection.
 * Every queue is bounded and served in turn by client. */
#ifndef SERVER_DB_DB_H
#define SERVER_DB_DB_H

#include "common/err.h"

#include <libpq-fe.h>
#include <stdint.h>
#include <uv.h>

struct db;
struct db_conn; /* a worker's connection, used by one thread at a time */

enum lane { LANE_loop, LANE_quick, LANE_slow, LANE_work };

/* A statement; everything is copied at submission. Values are text. */
struct db_query {
    const char *sql;
    int n;
    const char *const *values; /* n; NULL is SQL NULL */
    bool prepare; /* a shape that recurs: prepared, generic plan, LRU of 256.
                     false: unnamed, planned for its values */
};

struct db_options {
    const char *conninfo; /* libpq, multi-host allowed */
    int quick_connections, slow_connections, workers;
    int queue_max;       /* requests waiting in each lane */
    int slow_per_client; /* at once */
    int64_t quick_timeout_ms, slow_timeout_ms;
    int64_t work_timeout_ms; /* of each statement of a worker */
};

/* Starts connecting in the background; answers `unavailable` until up. */
struct db *db_new(uv_loop_t *loop, const struct db_options *o);
/* Refuses new work; `closed` is called when nothing is under way. */
void db_close(struct db *db, void (*closed)(void *ctx), void *ctx);
bool db_is_up(const struct db *db);

/* Called on the loop. `res` belongs to the lane and is cleared after the
 * call; NULL where `err` is set. A quick statement that ran into its
 * statement_timeout is tried once more in the slow lane by db itself. */
typedef void db_result_fn(void *ctx, PGresult *res, struct err *err);

/* The quick and the slow lane read only: what a lost connection or a
 * stranger's error left unanswered is asked again.
 * Returns a ticket for db_cancel, or 0 with *e (`unavailable` with
 * retry_after_ms when the queue is full or the database is away). `client`
 * is whom to serve in turn (the user id). deadline: clock_mono_ms, 0 none. */
uint64_t db_submit(struct db *db, enum lane lane, int64_t client,
                   uint64_t deadline, const struct db_query *q,
                   db_result_fn *fn, void *ctx, struct err *e) must_check;
/* Quick: the reply is dropped. Slow: PQcancel while the request owns its
 * connection. Either way fn is called once with ERR_cancelled, though never
 * from inside this call. */
void db_cancel(struct db *db, uint64_t ticket);

/* The work lane: run() on a worker thread, then done() on the loop.
 * False with *e where the queue is full. run() gets no connection (NULL)
 * where the job waited past its deadline. A transaction that it leaves open
 * is rolled back. */
typedef void db_work_fn(struct db_conn *c, void *ctx);
typedef void db_done_fn(void *ctx);
bool db_work(struct db *db, int64_t client, uint64_t deadline, db_work_fn *run,
             db_done_fn *done, void *ctx, struct err *e) must_check;

/* --- blocking, on a worker's connection (also used by the commands) --- */

/* A connection of one's own; NULL with *e. */
struct db_conn *db_conn_open(const char *conninfo, struct err *e);
void db_conn_close(struct db_conn **c);
/* The result (rows or command), or NULL with *e: `unavailable` where the
 * connection is lost, `timeout`, `cancelled`; a broken constraint keeps its
 * name for the caller (db_conn_constraint). The caller clears it. */
PGresult *db_exec(struct db_conn *c, const struct db_query *q,
                  struct err *e) must_check;
/* Without parameters; several statements allowed; result dropped. */
bool db_run(struct db_conn *c, const char *sql, struct err *e) must_check;
bool db_begin(struct db_conn *c, struct err *e) must_check;
bool db_commit(struct db_conn *c, struct err *e) must_check;
void db_rollback(struct db_conn *c); /* harmless outside a transaction */
/* Constraint and SQLSTATE of the last error, "" where none. */
const char *db_conn_constraint(const struct db_conn *c);
const char *db_conn_sqlstate(const struct db_conn *c);
PGconn *db_conn_pq(struct db_conn *c); /* for COPY */

/* Readers of a result. */
const char *db_text(const PGresult *r, int row, int col); /* NULL: SQL NULL */
int64_t db_int(const PGresult *r, int row, int col);      /* NULL: 0 */
bool db_bool(const PGresult *r, int row, int col);

#endif
