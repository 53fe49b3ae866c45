/* One batch of a bulk change: its rows are locked in order, judged one by one
 * as the record engine judges a single one, and written together. What one
 * row breaks in the database makes the batch go row by row. */
#include "common/mem.h"
#include "server/db/sql.h"
#include "server/domain/bulk.h"
#include "server/domain/change_fault.h"
#include "server/domain/scope.h"

#include <string.h>

/* --- reading --- */

static bool is_undo(const struct bulk *b)
{
    return b->job.undoes != 0;
}

static bool is_restore(const struct bulk *b)
{
    return is_undo(b) && b->action->undo_kind == CHANGE_restore;
}

/* An undo reaches what its change reached, whoever sees it since. */
static PGresult *select_rows(struct bulk *b, const int64_t *ids, int n,
                             const char *lock, struct err *e)
{
    const struct rights *r = b->main.rights;
    struct sql s;
    sql_init(&s, b->arena);
    sql_add(&s, "SELECT ");
    change_columns(&s, &entity_customer, b->wanted);
    sql_add(&s, " FROM customer WHERE id = ANY(");
    sql_ints(&s, ids, n);
    sql_addf(&s, ") AND deleted_at IS %sNULL", is_restore(b) ? "NOT " : "");
    if (!is_undo(b)) {
        sql_add(&s, " AND ");
        scope_where(&s, &entity_customer, "", r,
                    scope_of(r, entity_customer.view));
    }
    sql_addf(&s, " ORDER BY id%s", lock);
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(b->conn, &q, e);
    sql_free(&s);
    return res;
}

static void new_change(struct bulk *b, struct bulk_row *row,
                       const PGresult *res, int at)
{
    row->change = arena_alloc(b->arena, sizeof *row->change);
    change_beside(row->change, &b->main, &entity_customer,
                  is_undo(b) ? b->action->undo_kind : b->action->kind);
    change_read(row->change, res, at, b->wanted);
}

/* Both come in the order of their ids. */
static void take_rows(struct bulk *b, PGresult *res, bool only_seen)
{
    int64_t id = 0;
    for (int i = 0, at = 0; i < b->nrows; i++) {
        struct bulk_row *row = &b->rows[i];
        while (at < PQntuples(res) &&
               (id = db_int(res, at, SCOPE_COLUMNS)) < row->id)
            at++;
        if (row->change || at == PQntuples(res) || id != row->id)
            continue;
        if (only_seen)
            row->locked = true;
        else
            new_change(b, row, res, at);
    }
    PQclear(res);
}

static int missing(struct bulk *b, int64_t *ids)
{
    int n = 0;
    for (int i = 0; i < b->nrows; i++)
        if (!b->rows[i].change && b->rows[i].version)
            ids[n++] = b->rows[i].id;
    return n;
}

#define SKIP " FOR NO KEY UPDATE SKIP LOCKED"

/* Somebody holds on to one of them: the others are taken all the same. */
static bool without_waiting(struct bulk *b, int64_t *ids, int n, struct err *e)
{
    PGresult *res = NULL;
    if (!db_run(b->conn, "ROLLBACK TO SAVEPOINT busy", e) ||
        !(res = select_rows(b, ids, n, SKIP, e)))
        return false;
    take_rows(b, res, false);
    n = missing(b, ids);
    if (!(res = select_rows(b, ids, n, "", e)))
        return false;
    take_rows(b, res, true);
    return true;
}

/* A row that is locked is waited for, briefly; the rest stays locked. */
static bool wait_for_rows(struct bulk *b, struct err *e)
{
    int64_t *ids = arena_array(b->arena, BULK_BATCH, sizeof *ids);
    int n = missing(b, ids);
    if (n == 0)
        return true;
    if (!db_run(b->conn, "SAVEPOINT busy; SET LOCAL lock_timeout = '300ms'", e))
        return false;
    PGresult *res = select_rows(b, ids, n, " FOR NO KEY UPDATE", e);
    if (res) {
        take_rows(b, res, false);
        return db_run(b->conn,
                      "SET LOCAL lock_timeout TO DEFAULT;"
                      " RELEASE SAVEPOINT busy",
                      e);
    }
    if (strcmp(db_conn_sqlstate(b->conn), "55P03") != 0)
        return false;
    err_clear(e);
    return without_waiting(b, ids, n, e);
}

static bool load(struct bulk *b, struct err *e)
{
    int64_t *ids = arena_array(b->arena, BULK_BATCH, sizeof *ids);
    int n = missing(b, ids);
    PGresult *res =
        n ? select_rows(b, ids, n, b->job.preview ? "" : SKIP, e) : NULL;
    if (res)
        take_rows(b, res, false);
    return n == 0 || (res && (b->job.preview || wait_for_rows(b, e)));
}

/* --- judging --- */

static void fail_with(struct bulk *b, struct bulk_row *row, struct err *why)
{
    row->end = BULK_failed;
    row->kind = why->kind;
    row->message = arena_strdup(
        b->arena, why->message[0] ? why->message : _(err_row(why->kind)->text));
    err_clear(why);
}

static bool fail(struct bulk *b, struct bulk_row *row, enum err_kind kind,
                 const char *text)
{
    struct err why = {0};
    err_set(&why, kind, text ? "%s" : NULL, text);
    fail_with(b, row, &why);
    return true;
}

/* The rest is no matter of one row. */
static bool is_of_row(enum err_kind kind)
{
    return kind == ERR_not_found || kind == ERR_forbidden ||
           kind == ERR_conflict || kind == ERR_invalid;
}

/* Rights by the row as it is, and for an undo also by the row as it will be:
 * what was given away can be taken back. */
static bool in_scope(const struct bulk *b, const struct change *c)
{
    const char *const actions[] = {"customer.bulk", b->right};
    for (int i = 0; i < 2; i++) {
        int a = action_find(actions[i]);
        if (!access_in_scope(b->main.rights, (enum action)a, &c->keys_before) &&
            !(is_undo(b) &&
              access_in_scope(b->main.rights, (enum action)a, &c->keys_after)))
            return false;
    }
    return true;
}

static bool judge(struct bulk *b, struct bulk_row *row, struct faults *f,
                  struct err *e)
{
    struct change *c = row->change;
    f->n = 0;
    f->entity = &entity_customer;
    if (is_undo(b))
        return bulk_undo_judge(c, e);
    if (!b->action->apply(b, c, f, e))
        return false;
    return b->job.preview ? change_prepare(c, f, e) && faults_err(f, e)
                          : change_judge(c, f, e);
}

/* False only where the batch can not go on. */
static bool judge_row(struct bulk *b, struct bulk_row *row, struct faults *f,
                      struct err *e)
{
    struct change *c = row->change;
    if (!c && row->locked)
        return fail(b, row, ERR_unavailable,
                    _("Somebody else is changing this record just now."));
    if (!c)
        return fail(b, row, is_undo(b) ? ERR_conflict : ERR_not_found, NULL);
    if (is_undo(b))
        bulk_undo_apply(c, row->old);
    change_renew_keys(c);
    if (!in_scope(b, c))
        return fail(b, row, ERR_forbidden, NULL);
    b->job.permitted++;
    if (c->version != row->version)
        return fail(b, row, ERR_conflict, NULL);
    if (judge(b, row, f, e)) {
        bool any = c->kind != CHANGE_update || change_any(c);
        row->end = any ? BULK_changed : BULK_unchanged;
        return true;
    }
    if (!is_of_row(e->kind))
        return false;
    fail_with(b, row, e);
    return true;
}

static bool judge_all(struct bulk *b, struct err *e)
{
    struct faults f;
    for (int i = 0; i < b->nrows; i++)
        if (!judge_row(b, &b->rows[i], &f, e))
            return false;
    return true;
}

/* --- writing --- */

static bool write_all(struct bulk *b, struct err *e)
{
    struct change **rows = arena_array(b->arena, BULK_BATCH, sizeof *rows);
    const struct domain_hooks *hooks = domain_hooks(&entity_customer);
    int n = 0;
    for (int i = 0; i < b->nrows; i++)
        if (b->rows[i].end == BULK_changed)
            rows[n++] = b->rows[i].change;
    if (n == 0)
        return true;
    if (!change_write_many(rows, n, e) || !change_log_many(rows, n, e))
        return false;
    for (int i = 0; i < n; i++)
        if (hooks->after && !hooks->after(rows[i], e))
            return false;
    return true;
}

static bool write_one(struct change *c, struct err *e)
{
    const struct domain_hooks *hooks = domain_hooks(&entity_customer);
    return change_write(c, e) && change_log(c, e) &&
           (!hooks->after || hooks->after(c, e));
}

/* As it was read. */
static void start_again(struct bulk_row *row)
{
    struct change *c = row->change;
    row->end = BULK_unchanged;
    if (!c)
        return;
    memcpy(c->after, c->before, CUSTOMER_FIELDS * sizeof *c->after);
    memset(c->changed, 0, CUSTOMER_FIELDS * sizeof *c->changed);
    c->state = NULL;
}

static bool one_by_one(struct bulk *b, struct err *e)
{
    struct faults f;
    for (int i = 0; i < b->nrows; i++) {
        struct bulk_row *row = &b->rows[i];
        start_again(row);
        if (!db_run(b->conn, "SAVEPOINT one", e))
            return false;
        bool ok = judge_row(b, row, &f, e) &&
                  (row->end != BULK_changed || write_one(row->change, e));
        if (!ok && e->kind == ERR_internal)
            change_constraint(&entity_customer, db_conn_constraint(b->conn), e);
        if (!ok && !is_of_row(e->kind))
            return false;
        if (!ok)
            fail_with(b, row, e);
        if (!db_run(b->conn,
                    ok ? "RELEASE SAVEPOINT one"
                       : "ROLLBACK TO SAVEPOINT one; RELEASE SAVEPOINT one",
                    e))
            return false;
    }
    return true;
}

static bool is_broken_rule(const struct bulk *b)
{
    return strncmp(db_conn_sqlstate(b->conn), "23", 2) == 0;
}

/* The search index takes its grams in larger heaps: a third of the time that
 * a change of many takes would go into sorting them in heap by heap. */
#define PENDING "SET LOCAL gin_pending_list_limit = '16MB'; "

static bool judge_and_write(struct bulk *b, struct err *e)
{
    int64_t permitted = b->job.permitted;
    if (b->job.preview)
        return judge_all(b, e);
    if (!db_run(b->conn, PENDING "SAVEPOINT batch", e))
        return false;
    if (judge_all(b, e) && write_all(b, e))
        return true;
    if (!is_broken_rule(b))
        return false;
    err_clear(e);
    b->job.permitted = permitted;
    return db_run(b->conn, "ROLLBACK TO SAVEPOINT batch", e) &&
           one_by_one(b, e);
}

bool bulk_batch_run(struct bulk *b, struct err *e)
{
    return (!is_undo(b) || bulk_undo_read(b, e)) && load(b, e) &&
           judge_and_write(b, e);
}
