/* A change of many customers at once, as its files share it (LIST-10, LIST-12,
 * LIST-13). The set is frozen first, then worked off in batches, each in a
 * transaction of its own under the rights of its moment. A run on which
 * nothing is left to do only answers. */
#ifndef SERVER_DOMAIN_BULK_H
#define SERVER_DOMAIN_BULK_H

#include "schema/option.h"
#include "server/domain/change.h"

#define BULK_BATCH    1000   /* rows of a transaction */
#define BULK_ROWS     200000 /* of a set */
#define BULK_PREVIEWS 4      /* of one person at a time */
#define BULK_FAILURES 1000   /* are told one by one */

struct bulk;

/* What becomes of a row. */
enum bulk_end { BULK_unchanged, BULK_changed, BULK_failed };

struct bulk_row {
    int64_t id, version;   /* the version it has to have; 0: none */
    struct change *change; /* NULL: not there */
    bool locked;           /* by somebody else, for longer than we wait */
    const char *old;       /* what an undo restores, from the log */
    enum bulk_end end;
    enum err_kind kind; /* of a failure */
    const char *message;
};

/* One row an action of `customer.bulk`. */
struct bulk_action {
    const char *id;
    const char *right;
    enum change_kind kind, undo_kind;
    /* What is wanted, from the request, once. */
    bool (*read)(struct bulk *b, const cJSON *values, struct faults *f,
                 struct err *e);
    /* Sets it in one row. */
    bool (*apply)(struct bulk *b, struct change *row, struct faults *f,
                  struct err *e);
};

const struct bulk_action *bulk_action_find(const char *id);

/* A row of bulk_job. */
struct bulk_job {
    int64_t id, operation, undoes;
    const char *state, *action, *token, *undo_token;
    bool preview;
    int64_t total, matched, permitted, changed, unchanged, failed;
};

struct bulk {
    struct request *request;
    struct db_conn *conn;
    struct arena *arena; /* of one batch */
    struct change main;  /* the transaction under way; its arena is the
                            request's between batches */
    const struct bulk_action *action;
    const char *right; /* that it takes beside customer.bulk */
    struct bulk_job job;
    const bool *wanted; /* fields that are read, by index */
    /* What the action wants: values by field, tags, a paragraph. */
    int n;
    int field[CUSTOMER_FIELDS];
    const char *value[CUSTOMER_FIELDS];
    enum life to; /* LIFE_NONE: no move */
    const char *reason;
    const char **add, **remove;
    size_t nadd, nremove;
    /* The batch. */
    int position, nrows;
    struct bulk_row *rows;
};

/* --- bulk_action.c --- */

/* Reads action and values; what no row could take is refused at once. */
bool bulk_read(struct bulk *b, struct err *e) must_check;

/* By index: those a scope looks at. In the arena of the batch. */
bool *bulk_scope_fields(const struct bulk *b);

/* --- bulk_job.c: the tables --- */

/* Makes the job and its set, by ids, filter or preview. */
bool bulk_freeze(struct bulk *b, struct err *e) must_check;
/* The set of an undo: what the job with this token changed. Where the undo
 * began before, b->job is that one. */
bool bulk_freeze_undo(struct bulk *b, const char *token,
                      struct err *e) must_check;
/* Reads the job; locks its row where asked. not_found where it is gone. */
bool bulk_job_load(struct bulk *b, int64_t id, bool lock,
                   struct err *e) must_check;
bool bulk_job_set_state(struct bulk *b, const char *state,
                        struct err *e) must_check;
/* What was only looked at is to be done still. */
bool bulk_set_reopen(struct bulk *b, struct err *e) must_check;
/* The next batch that is not done; *more is false where there is none. */
bool bulk_batch_take(struct bulk *b, bool *more, struct err *e) must_check;
/* Notes counters, failures and what was changed. */
bool bulk_batch_done(struct bulk *b, struct err *e) must_check;

/* --- bulk_row.c: one batch --- */

/* Reads, judges and, unless it is a preview, writes the rows of the batch. */
bool bulk_batch_run(struct bulk *b, struct err *e) must_check;

/* --- bulk_undo.c --- */

/* Reads the old values of the rows from the log. */
bool bulk_undo_read(struct bulk *b, struct err *e) must_check;
void bulk_undo_apply(struct change *c, const char *old);
bool bulk_undo_judge(struct change *c, struct err *e) must_check;

/* --- bulk_reply.c --- */

bool bulk_reply(struct bulk *b, struct err *e) must_check;
/* ERR_cancelled with what was done until then. */
bool bulk_cancelled(struct bulk *b, struct err *e);

#endif
