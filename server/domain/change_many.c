/* Many changes written by few statements: the rows, and the audit and event
 * rows beside them. What varies from row to row travels as arrays; column
 * names come from the tables alone. */
#include "common/mem.h"
#include "common/pinyin.h"
#include "schema/type.h"
#include "server/db/sql.h"
#include "server/domain/change.h"

#include <inttypes.h>
#include <stdlib.h>

typedef const char *value_fn(struct change *c, const void *ctx);

/* An array literal of one value a row; NULL is SQL NULL. */
static void add_array(struct sql *s, struct change *const *rows, int n,
                      value_fn *value, const void *ctx, const char *type)
{
    struct buf b = BUF_INIT;
    buf_char(&b, '{');
    for (int i = 0; i < n; i++) {
        const char *v = value(rows[i], ctx);
        buf_str(&b, i ? "," : "");
        buf_str(&b, v ? "\"" : "NULL");
        for (const char *p = v; p && *p; p++) {
            if (*p == '"' || *p == '\\')
                buf_char(&b, '\\');
            buf_char(&b, *p);
        }
        buf_str(&b, v ? "\"" : "");
    }
    buf_char(&b, '}');
    sql_value(s, buf_text(&b), type);
    buf_free(&b);
}

static const char *number(struct change *c, int64_t n)
{
    return arena_printf(c->arena, "%" PRId64, n);
}

static const char *row_id(struct change *c, const void *ctx)
{
    (void)ctx;
    return number(c, c->id);
}

static const char *row_parent(struct change *c, const void *ctx)
{
    (void)ctx;
    return c->parent ? number(c, c->parent) : NULL;
}

static const char *row_version(struct change *c, const void *ctx)
{
    (void)ctx;
    return number(c, c->version + 1);
}

static const char *row_stored(struct change *c, const void *ctx)
{
    const struct field *f = ctx;
    return field_stored(f, c->after[field_index(c->entity, f)]);
}

static const char *row_pinyin(struct change *c, const void *ctx)
{
    const char *v = c->after[field_index(c->entity, ctx)];
    return pinyin_sort_key(c->arena, v ? v : "");
}

static const char *row_before(struct change *c, const void *ctx)
{
    (void)ctx;
    return change_logged(c, c->before);
}

static const char *row_after(struct change *c, const void *ctx)
{
    (void)ctx;
    return c->kind == CHANGE_update ? change_logged(c, c->after) : NULL;
}

static const char *id_list(struct change *c, const int64_t *ids, int n)
{
    struct buf b = BUF_INIT;
    buf_char(&b, '{');
    for (int i = 0; i < n; i++)
        buf_printf(&b, "%s%" PRId64, i ? "," : "", ids[i]);
    buf_char(&b, '}');
    const char *text = arena_strdup(c->arena, b.data);
    buf_free(&b);
    return c->parent ? text : NULL;
}

static const char *row_keys(struct change *c, const void *ctx)
{
    const struct scope_keys *k = ctx ? &c->keys_after : &c->keys_before;
    const int64_t ids[] = {k->owner, k->project_manager, k->optimizer,
                           k->service_team};
    return id_list(c, ids, 4);
}

static const char *row_viewers(struct change *c, const void *ctx)
{
    const struct scope_keys *k = ctx ? &c->keys_after : &c->keys_before;
    return id_list(c, k->viewers, k->nviewers);
}

/* --- the rows --- */

static bool any_writes(struct change *const *rows, int n, int field)
{
    bool any = false;
    for (int i = 0; i < n && !any; i++)
        any = rows[i]->changed[field];
    return any && !(rows[0]->entity->fields[field].flags & F_GENERATED);
}

/* A row that keeps its value in some field is given it again. */
static void add_update(struct sql *s, struct change *const *rows, int n)
{
    const struct entity *e = rows[0]->entity;
    for (int i = 0; i < e->nfields; i++) {
        const struct field *f = &e->fields[i];
        if (!any_writes(rows, n, i))
            continue;
        sql_addf(s, ", %s = v.%s", f->id, f->id);
        if (f->type->sql[0])
            sql_addf(s, "::%s", f->type->sql);
        if (f->flags & F_PINYIN)
            sql_addf(s, ", %s_pinyin = v.%s_pinyin", f->id, f->id);
    }
    sql_add(s, " FROM unnest(");
    add_array(s, rows, n, row_id, NULL, "bigint[]");
    for (int i = 0; i < e->nfields; i++) {
        const struct field *f = &e->fields[i];
        if (!any_writes(rows, n, i))
            continue;
        sql_add(s, ", ");
        add_array(s, rows, n, row_stored, f, "text[]");
        if (f->flags & F_PINYIN) {
            sql_add(s, ", ");
            add_array(s, rows, n, row_pinyin, f, "text[]");
        }
    }
    sql_add(s, ") AS v(id");
    for (int i = 0; i < e->nfields; i++)
        if (any_writes(rows, n, i))
            sql_addf(s,
                     e->fields[i].flags & F_PINYIN ? ", %s, %s_pinyin" : ", %s",
                     e->fields[i].id, e->fields[i].id);
    sql_add(s, ") WHERE t.id = v.id");
}

static void add_trash(struct sql *s, struct change *const *rows, int n)
{
    sql_addf(s, ", deleted_at = %s FROM unnest(",
             rows[0]->kind == CHANGE_delete ? "now()" : "NULL");
    add_array(s, rows, n, row_id, NULL, "bigint[]");
    sql_add(s, ") AS v(id) WHERE t.id = v.id");
}

bool change_write_many(struct change *const *rows, int n, struct err *e)
{
    struct change *c = rows[0];
    struct sql s;
    sql_init(&s, c->arena);
    sql_addf(&s,
             "UPDATE %s t SET version = t.version + 1, updated_at = now(),"
             " updated_by = ",
             c->entity->table);
    sql_int(&s, c->rights->user_id);
    (c->kind == CHANGE_update ? add_update : add_trash)(&s, rows, n);
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(c->conn, &q, e);
    sql_free(&s);
    if (!res)
        return false;
    bool all = strtol(PQcmdTuples(res), NULL, 10) == n;
    PQclear(res);
    return all || err_set(e, ERR_internal, NULL);
}

/* --- the log and the outbox --- */

static void add_audit(struct sql *s, struct change *const *rows, int n)
{
    const struct change *c = rows[0];
    sql_add(s, "INSERT INTO audit (user_id, action, entity, record_id,"
               " customer_id, operation_id, before, after) SELECT ");
    sql_int(s, c->rights->user_id);
    sql_add(s, ", ");
    sql_value(s, change_words[c->kind].action, "text");
    sql_add(s, ", ");
    sql_value(s, c->entity->id, "text");
    sql_add(s, ", id, parent, nullif(");
    sql_int(s, c->operation);
    sql_add(s, ", 0), before::jsonb, after::jsonb FROM unnest(");
    add_array(s, rows, n, row_id, NULL, "bigint[]");
    sql_add(s, ", ");
    add_array(s, rows, n, row_parent, NULL, "bigint[]");
    sql_add(s, ", ");
    add_array(s, rows, n, row_before, NULL, "text[]");
    sql_add(s, ", ");
    add_array(s, rows, n, row_after, NULL, "text[]");
    sql_add(s, ") AS v(id, parent, before, after)");
}

static void add_events(struct sql *s, struct change *const *rows, int n)
{
    static const bool later = true;
    static value_fn *const keys[] = {row_keys, row_viewers};
    const struct change *c = rows[0];
    sql_add(s, "INSERT INTO event (entity, record_id, customer_id, version,"
               " kind, keys_before, viewers_before, keys_after,"
               " viewers_after) SELECT ");
    sql_value(s, c->entity->id, "text");
    sql_add(s, ", id, parent, version, ");
    sql_value(s, change_words[c->kind].event, "text");
    sql_add(s, ", k1::bigint[], v1::bigint[], k2::bigint[], v2::bigint[]"
               " FROM unnest(");
    add_array(s, rows, n, row_id, NULL, "bigint[]");
    sql_add(s, ", ");
    add_array(s, rows, n, row_parent, NULL, "bigint[]");
    sql_add(s, ", ");
    add_array(s, rows, n, row_version, NULL, "bigint[]");
    for (int i = 0; i < 4; i++) {
        sql_add(s, ", ");
        add_array(s, rows, n, keys[i % 2], i < 2 ? NULL : &later, "text[]");
    }
    sql_add(s, ") AS v(id, parent, version, k1, v1, k2, v2)");
}

bool change_log_many(struct change *const *rows, int n, struct err *e)
{
    struct sql s;
    sql_init(&s, rows[0]->arena);
    /* One statement, one way to the database and back. */
    sql_add(&s, "WITH logged AS (");
    add_audit(&s, rows, n);
    sql_add(&s, ") ");
    add_events(&s, rows, n);
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(rows[0]->conn, &q, e);
    sql_free(&s);
    PQclear(res);
    return res != NULL;
}
