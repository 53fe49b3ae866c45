/* One statement on its way through the quick or the slow lane. */
#ifndef SERVER_DB_TASK_H
#define SERVER_DB_TASK_H

#include "server/db/db.h"
#include "server/db/fair.h"

struct task {
    struct fair_item item;       /* first: queued by this */
    struct task *before, *after; /* all tasks of the db */
    struct task *next;           /* in its pipeline, or among the finished */
    uint64_t ticket, deadline;
    int64_t limit_ms; /* from its submission to its deadline */
    uint64_t sent_at; /* clock_mono_ms */
    enum lane lane;
    bool queued;  /* stands in its lane's queue */
    bool dropped; /* answered already; what still comes is thrown away */
    bool finished;
    uint64_t lost_at; /* first loss of its connection; 0: none */
    int steps;        /* results of its pipeline that are still to come */
    bool fresh;       /* it is the one that prepares its statement */
    PGresult *res;
    struct err err;
    db_result_fn *fn;
    void *ctx;
    bool prepare;
    int n;
    const char **values;
    const char *sql;
};

/* Copies everything into one block. */
struct task *task_new(const struct db_query *q);
void task_free(struct task *t);

#endif
