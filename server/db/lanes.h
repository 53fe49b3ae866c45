/* Inside of the database lanes: what db.c, quick.c, slow.c and work.c share.
 * Nobody else includes it. */
#ifndef SERVER_DB_LANES_H
#define SERVER_DB_LANES_H

#include "server/db/task.h"

#include <stdatomic.h>

struct quick;
struct slow;
struct work;

struct db {
    uv_loop_t *loop;
    struct db_options options;
    char *conninfo;
    struct task *tasks;
    struct task *finished, **finished_last;
    uint64_t tickets;
    atomic_ullong down_since; /* clock_mono_ms; 0: some connection is up */
    bool closing;
    uv_timer_t tick;
    uv_async_t deliver;
    int handles; /* of the two above, still open */
    struct quick *quick;
    struct slow *slow;
    struct work *work;
    void (*closed)(void *ctx);
    void *closed_ctx;
};

/* --- db.c, for the lanes --- */

/* The task has come to its end; its callback runs at the next delivery. Takes
 * `res`; NULL where *e says why. */
void db_finish(struct db *db, struct task *t, PGresult *res, struct err *e);
/* Its connection was lost: waits for another once, then `unavailable`. */
void db_requeue(struct db *db, struct task *t);
/* For so long that nobody should wait for it any more; from any thread. */
bool db_is_away(const struct db *db);
/* A quick connection has come or gone. */
void db_note_state(struct db *db);
/* Runs the callbacks of what has finished. */
void db_deliver(struct db *db);

/* --- the lanes, for db.c --- */

struct quick *quick_new(struct db *db);
bool quick_push(struct quick *q, struct task *t);
/* Takes a task that is waiting out of the queue. */
void quick_take(struct quick *q, struct task *t);
void quick_tick(struct quick *q);
int quick_up(const struct quick *q);
void quick_close(struct quick *q);
bool quick_free(struct quick **q); /* false while something is closing */

struct slow *slow_new(struct db *db);
bool slow_push(struct slow *s, struct task *t);
void slow_take(struct slow *s, struct task *t);
/* Stops a statement that runs. */
void slow_cancel(struct slow *s, struct task *t);
void slow_tick(struct slow *s);
void slow_close(struct slow *s);
bool slow_free(struct slow **s);

struct work *work_new(struct db *db);
bool work_push(struct work *w, int64_t client, uint64_t deadline,
               db_work_fn *run, db_done_fn *done, void *ctx);
int work_running(const struct work *w); /* and waiting */
void work_close(struct work *w);
bool work_free(struct work **w);

#endif
