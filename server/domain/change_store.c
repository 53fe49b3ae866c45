/* Rows of a change: locking and reading them, and the ids of new ones. Column
 * names come from the tables alone. */
#include "schema/type.h"
#include "server/db/sql.h"
#include "server/domain/change.h"
#include "server/domain/record.h"
#include "server/domain/scope.h"

#include <stdlib.h>
#include <string.h>

static PGresult *run(struct change *c, struct sql *s, struct err *e)
{
    struct db_query q = sql_query(s, true);
    PGresult *res = db_exec(c->conn, &q, e);
    sql_free(s);
    return res;
}

static bool run_number(struct change *c, const char *sql, int64_t *out,
                       struct err *e)
{
    struct db_query q = {.sql = sql, .prepare = true};
    PGresult *res = db_exec(c->conn, &q, e);
    if (!res)
        return false;
    *out = db_int(res, 0, 0);
    PQclear(res);
    return true;
}

static bool has_version(const struct entity *e)
{
    return !(e->flags & E_APPEND);
}

/* Columns that only the database or the index of quick search reads. */
static bool is_loaded(const struct field *f)
{
    return f->type->sql[0] != '\0';
}

static void take_keys(struct change *c, const PGresult *res, int row)
{
    static const int at[SCOPE_COLUMNS] = {0, 1, 2, 3, 4};
    scope_read_keys(c->arena, res, row, at, &c->keys_before);
    c->keys_after = c->keys_before;
}

static void read_values(struct change *c, const PGresult *res, int row, int at,
                        const bool *wanted)
{
    const struct entity *e = c->entity;
    size_t n = (size_t)e->nfields;
    const char **before = arena_array(c->arena, n, sizeof *before);
    for (int i = 0; i < e->nfields; i++) {
        const struct field *f = &e->fields[i];
        bool there = is_loaded(f) && (!wanted || wanted[i]);
        const char *v = there ? db_text(res, row, at++) : NULL;
        before[i] = field_is_empty(f, v) ? NULL : arena_strdup(c->arena, v);
    }
    c->before = before;
    memcpy(c->after, before, n * sizeof *before);
}

static int64_t value_id(const struct change *c, const char *field)
{
    const struct field *f = field_find(c->entity, field);
    const char *v = f ? c->before[field_index(c->entity, f)] : NULL;
    return v ? strtoll(v, NULL, 10) : 0;
}

static bool not_there(PGresult *res, struct err *e)
{
    PQclear(res);
    return record_not_found(e);
}

static bool parent_of(struct change *c, int64_t id, int64_t *parent,
                      struct err *e)
{
    struct sql s;
    sql_init(&s, c->arena);
    sql_addf(&s, "SELECT customer_id FROM %s WHERE id = ", c->entity->table);
    sql_int(&s, id);
    PGresult *res = run(c, &s, e);
    if (!res)
        return false;
    if (PQntuples(res) == 0)
        return not_there(res, e);
    *parent = db_int(res, 0, 0);
    PQclear(res);
    return true;
}

bool change_is_private(const struct change *c, const char *const *values)
{
    const struct field *f = field_find(c->entity, "is_private");
    const char *v = f ? values[field_index(c->entity, f)] : NULL;
    return v && strcmp(v, "t") == 0;
}

void change_beside(struct change *c, const struct change *main,
                   const struct entity *entity, enum change_kind kind)
{
    size_t n = (size_t)entity->nfields;
    *c = *main;
    c->entity = entity;
    c->kind = kind;
    c->id = 0;
    c->version = 0;
    c->state = NULL;
    c->before = arena_array(c->arena, n, sizeof *c->before);
    c->after = arena_array(c->arena, n, sizeof *c->after);
    c->changed = arena_array(c->arena, n, sizeof *c->changed);
}

bool change_lock_parent(struct change *c, int64_t customer, const char *action,
                        struct err *e)
{
    struct sql s;
    sql_init(&s, c->arena);
    sql_add(&s, "SELECT owner, project_manager, optimizer, service_team,"
                " viewers FROM customer WHERE id = ");
    sql_int(&s, customer);
    sql_add(&s, " AND deleted_at IS NULL AND ");
    scope_where(&s, &entity_customer, "", c->rights,
                scope_of(c->rights, action));
    sql_add(&s, " FOR NO KEY UPDATE");
    PGresult *res = run(c, &s, e);
    if (!res)
        return false;
    if (PQntuples(res) == 0)
        return not_there(res, e);
    take_keys(c, res, 0);
    PQclear(res);
    c->parent = customer;
    return true;
}

void change_columns(struct sql *s, const struct entity *e, const bool *wanted)
{
    for (int i = 0; e->scope == SCOPE_customer && i < SCOPE_COLUMNS; i++)
        sql_addf(s, "%s, ", scope_columns[i]);
    sql_addf(s, "id, %s", has_version(e) ? "version" : "0");
    for (int i = 0; i < e->nfields; i++)
        if (is_loaded(&e->fields[i]) && (!wanted || wanted[i]))
            sql_addf(s, ", %s", e->fields[i].id);
}

void change_read(struct change *c, const PGresult *res, int row,
                 const bool *wanted)
{
    bool is_customer = c->entity->scope == SCOPE_customer;
    int at = is_customer ? SCOPE_COLUMNS : 0;
    if (is_customer)
        take_keys(c, res, row);
    c->id = db_int(res, row, at);
    c->version = db_int(res, row, at + 1);
    read_values(c, res, row, at + 2, wanted);
    if (is_customer)
        c->parent = c->id;
    if (change_is_private(c, c->before))
        c->keys_before.only = value_id(c, "created_by");
}

static void select_row(struct change *c, struct sql *s, int64_t id,
                       const char *action, bool trash)
{
    const struct entity *e = c->entity;
    sql_add(s, "SELECT ");
    change_columns(s, e, NULL);
    sql_addf(s, " FROM %s WHERE id = ", e->table);
    sql_int(s, id);
    if (e->flags & E_TRASH)
        sql_addf(s, " AND deleted_at IS %sNULL", trash ? "NOT " : "");
    sql_add(s, " AND ");
    scope_where(s, e, "", c->rights, scope_of(c->rights, action));
    sql_add(s, " FOR NO KEY UPDATE");
}

bool change_load(struct change *c, int64_t id, const char *action, bool trash,
                 struct err *e)
{
    int64_t parent = 0;
    if (!rights_may(c->rights, action))
        return record_forbidden(action, e);
    if (c->entity->scope == SCOPE_child &&
        (!parent_of(c, id, &parent, e) ||
         !change_lock_parent(c, parent, action, e)))
        return false;
    struct sql s;
    sql_init(&s, c->arena);
    select_row(c, &s, id, action, trash);
    PGresult *res = run(c, &s, e);
    if (!res)
        return false;
    if (PQntuples(res) == 0)
        return not_there(res, e);
    change_read(c, res, 0, NULL);
    PQclear(res);
    return c->entity->scope != SCOPE_child ||
           value_id(c, "customer_id") == parent || record_not_found(e);
}

bool change_take_id(struct change *c, struct err *e)
{
    const char *sql = arena_printf(
        c->arena, "SELECT nextval(pg_get_serial_sequence('%s', 'id'))",
        c->entity->table);
    return run_number(c, sql, &c->id, e);
}

bool change_take_operation(struct change *c, struct err *e)
{
    return run_number(c, "SELECT nextval('operation_id')", &c->operation, e);
}
