/* The steps of a change, used by the verbs and by hooks that change other
 * records along with theirs. All of it is blocking and inside a transaction. */
#ifndef SERVER_DOMAIN_CHANGE_H
#define SERVER_DOMAIN_CHANGE_H

#include "server/domain/hooks.h"

struct sql;

/* --- change_guard.c: may this transaction do it at all? --- */

/* Begins the transaction and looks inside it whether the session still
 * stands and whether the rights are still those of the snapshot; where they
 * are not, the request goes on with fresh ones (change_end gives them back).
 * Then writes the row of the request's `key`. *again: this key was answered
 * before; *id is what came of it (0: nothing to be read). */
bool change_begin(struct change *c, bool *again, int64_t *id,
                  struct err *e) must_check;
/* One more transaction of the same request, with the same looks and without
 * the key: for what is done in several. */
bool change_open(struct change *c, struct err *e) must_check;
/* Notes what came of the key beside a record that was made. */
bool change_came_of(struct change *c, int64_t id, struct err *e) must_check;
/* Rolls back what was not committed and forgets fresh rights. */
void change_end(struct change *c);
/* Notes what came of the key, then commits. */
bool change_commit(struct change *c, struct err *e) must_check;

/* --- change_store.c: rows --- */

/* A change of `entity` beside `c`: same transaction, no row yet. */
void change_beside(struct change *c, const struct change *main,
                   const struct entity *entity, enum change_kind kind);
/* Locks and reads the row (of a child: its customer first); not_found where
 * it is not in the scopes of `action`, forbidden where there are none. Fills
 * before, after, version, keys. */
bool change_load(struct change *c, int64_t id, const char *action, bool trash,
                 struct err *e) must_check;
/* The same in parts, for many rows at once: the list of a SELECT, and one
 * row of its result. `wanted` says which fields (by index), NULL takes all. */
void change_columns(struct sql *s, const struct entity *e, const bool *wanted);
void change_read(struct change *c, const PGresult *res, int row,
                 const bool *wanted);
/* Locks the customer a new child belongs to, and takes its keys. */
bool change_lock_parent(struct change *c, int64_t customer, const char *action,
                        struct err *e) must_check;
/* Do these values, by field index, make the record its author's alone? */
bool change_is_private(const struct change *c, const char *const *values);
/* The next id of the entity's table. */
bool change_take_id(struct change *c, struct err *e) must_check;
bool change_take_operation(struct change *c, struct err *e) must_check;

/* --- change_write.c --- */

/* INSERT, UPDATE or DELETE of the row itself by c->kind; a broken constraint
 * is ERR_invalid with the fault of its field. */
bool change_write(struct change *c, struct err *e) must_check;
/* The audit row and the event row. */
bool change_log(struct change *c, struct err *e) must_check;
/* The event row alone: for what is a log by itself. */
bool change_tell(struct change *c, struct err *e) must_check;
/* Old or new values by field id, references as ids: what as_of and restore
 * can read back. In the arena; NULL where nothing of it is audited. */
const char *change_logged(const struct change *c, const char *const *values);
/* By kind: what the audit row and the event row call it. */
extern const struct change_words {
    const char *action, *event;
} change_words[];

/* --- change_many.c --- */

/* Writes and logs n changes of one entity that are not made but change,
 * delete or restore rows, all of them of the kind of the first, in two
 * statements. A broken constraint is ERR_internal with its SQLSTATE kept. */
bool change_write_many(struct change *const *rows, int n,
                       struct err *e) must_check;
bool change_log_many(struct change *const *rows, int n,
                     struct err *e) must_check;

/* --- change_values.c: what the request wants --- */

/* Applies an object of values to c->after: unknown, hidden and unwritable
 * names are refused, bad values become faults. */
bool change_apply(struct change *c, const cJSON *values, struct faults *f,
                  struct err *e) must_check;
/* The same in parts: the field of this name where it may be written, NULL
 * with *e where not; its value, or false and a fault. */
const struct field *change_field(const struct change *c, const char *name,
                                 struct err *e) must_check;
bool change_value(struct arena *a, const struct field *f, const cJSON *item,
                  const char **value, struct faults *faults) must_check;
/* What the flags of changed fields ask for: the right to assign, to change
 * what was contracted; own procedures for grade and life cycle. */
bool change_check_flags(struct change *c, struct faults *f,
                        struct err *e) must_check;
/* The rules of validate_record, unique names. */
bool change_check(struct change *c, struct faults *f, struct err *e) must_check;
/* True where anything differs from before. */
bool change_any(const struct change *c);

/* --- change.c --- */

/* Right to `action` on the row of c (loaded): forbidden or true. */
bool change_allowed(const struct change *c, const char *action,
                    struct err *e) must_check;
/* What a new record holds unless told otherwise. */
void change_defaults(struct change *c);
/* The scope keys a customer will have; those of a child are its parent's. */
void change_renew_keys(struct change *c);
/* Computed values and the rules of the record: what can be known of a change
 * without writing anything. */
bool change_prepare(struct change *c, struct faults *f,
                    struct err *e) must_check;
/* The same, with all that its entity checks beside, and its keys renewed:
 * ready to be written. */
bool change_judge(struct change *c, struct faults *f, struct err *e) must_check;
/* Writes and logs what has been judged. */
bool change_store(struct change *c, struct err *e) must_check;
/* Both. */
bool change_run(struct change *c, struct faults *f, struct err *e) must_check;
/* ERR_conflict with the record as it is now and the fields that differ from
 * what is wanted; not_found where it is out of sight. */
bool change_conflict(struct change *c, struct err *e);

typedef bool change_fn(struct change *c, struct faults *f, struct err *e);
/* A changing request from its beginning to its answer: `fn` between
 * change_begin and change_commit, then {"record"} with what came of it. */
bool change_request(struct request *r, struct db_conn *conn,
                    const struct entity *entity, enum change_kind kind,
                    change_fn *fn, struct err *e) must_check;

#endif
