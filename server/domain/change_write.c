/* Writing of a change: the row itself, and the audit and event rows beside it
 * (ACC-05). Column names come from the tables alone. */
#include "common/json.h"
#include "common/pinyin.h"
#include "schema/type.h"
#include "server/db/sql.h"
#include "server/domain/change.h"
#include "server/domain/change_fault.h"

#include <string.h>

const struct change_words change_words[] = {
    [CHANGE_create] = {"create", "created"},
    [CHANGE_update] = {"update", "updated"},
    [CHANGE_delete] = {"delete", "deleted"},
    [CHANGE_restore] = {"restore", "restored"},
};

static bool run(struct change *c, struct sql *s, struct err *e)
{
    struct db_query q = sql_query(s, true);
    PGresult *res = db_exec(c->conn, &q, e);
    sql_free(s);
    PQclear(res);
    return res != NULL;
}

static void add_value(struct sql *s, const struct field *f, const char *value)
{
    sql_value(s, field_stored(f, value), f->type->sql);
}

/* Twins that sort by pinyin follow their text. */
static void add_pinyin(struct sql *s, const char *value)
{
    sql_value(s, pinyin_sort_key(s->arena, value ? value : ""), "text");
}

static bool is_written(const struct change *c, int i)
{
    const struct field *f = &c->entity->fields[i];
    return c->changed[i] && !(f->flags & F_GENERATED);
}

static void add_insert(struct change *c, struct sql *s)
{
    const struct entity *e = c->entity;
    sql_addf(s, "INSERT INTO %s (id, created_by, updated_by", e->table);
    for (int i = 0; i < e->nfields; i++)
        if (is_written(c, i))
            sql_addf(s,
                     e->fields[i].flags & F_PINYIN ? ", %s, %s_pinyin" : ", %s",
                     e->fields[i].id, e->fields[i].id);
    sql_add(s, ") VALUES (");
    sql_int(s, c->id);
    for (int i = 0; i < 2; i++) {
        sql_add(s, ", ");
        sql_int(s, c->rights->user_id);
    }
    for (int i = 0; i < e->nfields; i++) {
        if (!is_written(c, i))
            continue;
        sql_add(s, ", ");
        add_value(s, &e->fields[i], c->after[i]);
        if (e->fields[i].flags & F_PINYIN) {
            sql_add(s, ", ");
            add_pinyin(s, c->after[i]);
        }
    }
    sql_add(s, ")");
}

static void add_update(struct change *c, struct sql *s)
{
    const struct entity *e = c->entity;
    sql_addf(s,
             "UPDATE %s SET version = version + 1, updated_at = now(),"
             " updated_by = ",
             e->table);
    sql_int(s, c->rights->user_id);
    for (int i = 0; i < e->nfields; i++) {
        if (!is_written(c, i))
            continue;
        sql_addf(s, ", %s = ", e->fields[i].id);
        add_value(s, &e->fields[i], c->after[i]);
        if (e->fields[i].flags & F_PINYIN) {
            sql_addf(s, ", %s_pinyin = ", e->fields[i].id);
            add_pinyin(s, c->after[i]);
        }
    }
    sql_add(s, " WHERE id = ");
    sql_int(s, c->id);
}

static void add_delete(struct change *c, struct sql *s)
{
    sql_addf(s, "DELETE FROM %s WHERE id = ", c->entity->table);
    sql_int(s, c->id);
}

static void add_trash(struct change *c, struct sql *s)
{
    sql_addf(s,
             "UPDATE %s SET version = version + 1, updated_at = now(),"
             " deleted_at = %s, updated_by = ",
             c->entity->table, c->kind == CHANGE_delete ? "now()" : "NULL");
    sql_int(s, c->rights->user_id);
    sql_add(s, " WHERE id = ");
    sql_int(s, c->id);
}

bool change_write(struct change *c, struct err *e)
{
    static void (*const writers[])(struct change *, struct sql *) = {
        [CHANGE_create] = add_insert,
        [CHANGE_update] = add_update,
        [CHANGE_delete] = add_delete,
        [CHANGE_restore] = add_trash,
    };
    bool trash = c->kind == CHANGE_delete && c->entity->flags & E_TRASH;
    struct sql s;
    sql_init(&s, c->arena);
    (trash ? add_trash : writers[c->kind])(c, &s);
    return run(c, &s, e) ||
           change_constraint(c->entity, db_conn_constraint(c->conn), e);
}

const char *change_logged(const struct change *c, const char *const *values)
{
    struct buf out = BUF_INIT;
    for (int i = 0; i < c->entity->nfields; i++) {
        const struct field *f = &c->entity->fields[i];
        if (!c->changed[i] || !(f->flags & F_AUDIT) || f->flags & F_SECRET)
            continue;
        buf_char(&out, out.len ? ',' : '{');
        json_write_key(&out, f->id);
        if (field_is_empty(f, values[i]))
            buf_str(&out, "null");
        else
            f->type->to_json(f, values[i], strlen(values[i]), NULL, &out);
    }
    if (out.len)
        buf_char(&out, '}');
    const char *text = out.len ? arena_strdup(c->arena, out.data) : NULL;
    buf_free(&out);
    return text;
}

static void add_audit(struct change *c, struct sql *s)
{
    bool lives = c->kind == CHANGE_create || c->kind == CHANGE_update;
    sql_add(s, "INSERT INTO audit (user_id, action, entity, record_id,"
               " customer_id, operation_id, only_user, before, after)"
               " VALUES (");
    sql_int(s, c->rights->user_id);
    sql_add(s, ", ");
    sql_value(s, change_words[c->kind].action, "text");
    sql_add(s, ", ");
    sql_value(s, c->entity->id, "text");
    sql_add(s, ", ");
    sql_int(s, c->id);
    sql_add(s, ", nullif(");
    sql_int(s, c->parent);
    sql_add(s, ", 0), nullif(");
    sql_int(s, c->operation);
    sql_add(s, ", 0), nullif(");
    sql_int(s, c->keys_before.only ? c->keys_before.only : c->keys_after.only);
    sql_add(s, ", 0), ");
    sql_value(s, c->kind == CHANGE_create ? NULL : change_logged(c, c->before),
              "jsonb");
    sql_add(s, ", ");
    sql_value(s, lives ? change_logged(c, c->after) : NULL, "jsonb");
    sql_add(s, ")");
}

static void add_keys(struct sql *s, const struct scope_keys *k, bool known)
{
    const int64_t ids[] = {k->owner, k->project_manager, k->optimizer,
                           k->service_team, k->only};
    sql_add(s, ", ");
    if (known)
        sql_ints(s, ids, k->only ? 5 : 4);
    else
        sql_add(s, "NULL");
    sql_add(s, ", ");
    if (known)
        sql_ints(s, k->viewers, k->nviewers);
    else
        sql_add(s, "NULL");
}

static void add_event(struct change *c, struct sql *s)
{
    sql_add(s, "INSERT INTO event (entity, record_id, customer_id, version,"
               " kind, keys_before, viewers_before, keys_after,"
               " viewers_after) VALUES (");
    sql_value(s, c->entity->id, "text");
    sql_add(s, ", ");
    sql_int(s, c->id);
    sql_add(s, ", nullif(");
    sql_int(s, c->parent);
    sql_add(s, ", 0), ");
    sql_int(s, c->version + 1);
    sql_add(s, ", ");
    sql_value(s, change_words[c->kind].event, "text");
    bool known = c->parent != 0;
    add_keys(s, &c->keys_before, known && c->kind != CHANGE_create);
    add_keys(s, &c->keys_after, known);
    sql_add(s, ")");
}

bool change_tell(struct change *c, struct err *e)
{
    struct sql s;
    sql_init(&s, c->arena);
    add_event(c, &s);
    return run(c, &s, e);
}

bool change_log(struct change *c, struct err *e)
{
    struct sql s;
    sql_init(&s, c->arena);
    /* One statement, one way to the database and back. */
    sql_add(&s, "WITH logged AS (");
    add_audit(c, &s);
    sql_add(&s, ") ");
    add_event(c, &s);
    return run(c, &s, e);
}
