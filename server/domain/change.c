/* <entity>.create, update, delete and restore: one transaction each, from the
 * look at the rights to the commit (EDIT-02, EDIT-04). */
#include "server/domain/change.h"

#include "common/json.h"
#include "schema/type.h"
#include "server/domain/column.h"
#include "server/domain/derived.h"
#include "server/domain/newborn.h"
#include "server/domain/question.h"
#include "server/domain/record.h"
#include "server/domain/row.h"
#include "server/domain/scope.h"

#include <stdlib.h>
#include <string.h>

/* --- what comes back --- */

/* The record under present rights; false where it is out of sight. */
static bool read_record(struct change *c, int64_t id, bool trash,
                        struct buf *out, struct err *e)
{
    struct question q;
    struct query_layout layout;
    struct row_writer w;
    struct sql s;
    struct err quiet = {0};
    struct request as = *c->request;
    as.entity = c->entity;
    bool asked = question_read_record(&as, &q, &quiet);
    err_clear(&quiet);
    if (!asked)
        return false;
    q.trash = trash;
    sql_init(&s, c->arena);
    query_row(&s, &q, id, &layout);
    struct db_query query = sql_query(&s, true);
    PGresult *res = db_exec(c->conn, &query, e);
    sql_free(&s);
    bool found = res && PQntuples(res) > 0;
    if (found) {
        row_writer_init(&w, c->request, &q, &layout);
        row_write_object(&w, res, 0, out);
    }
    PQclear(res);
    return found;
}

/* What was assigned away, deleted for good, or made for somebody else is not
 * shown any more: its id and version are all there is to tell. */
static bool write_reply(struct change *c, int64_t id, struct err *e)
{
    struct buf *out = &c->request->reply;
    bool trash = c->kind == CHANGE_delete && c->entity->flags & E_TRASH;
    bool gone = c->kind == CHANGE_delete && !trash;
    buf_str(out, "{\"record\":");
    if (gone || !read_record(c, id, trash, out, e)) {
        if (e->kind)
            return false;
        buf_printf(out, "{\"id\":%lld,\"version\":%lld}", (long long)id,
                   (long long)c->version + 1);
    }
    buf_char(out, '}');
    return true;
}

/* --- conflicts --- */

/* The fields of the request that are not as it wants them, as far as they
 * may be read. */
static cJSON *differing(struct change *c)
{
    cJSON *out = cJSON_CreateArray();
    for (int i = 0; i < c->entity->nfields; i++) {
        const struct field *f = &c->entity->fields[i];
        if (c->changed[i] && column_is_readable(c->rights, c->entity, f))
            cJSON_AddItemToArray(out, cJSON_CreateString(f->id));
    }
    return out;
}

bool change_conflict(struct change *c, struct err *e)
{
    bool trash = c->kind == CHANGE_restore;
    struct buf current = BUF_INIT;
    struct err read = {0};
    bool found = read_record(c, c->id, trash, &current, &read);
    cJSON *record = found ? cJSON_Parse(buf_text(&current)) : NULL;
    buf_free(&current);
    err_clear(&read);
    if (!record)
        return record_not_found(e);
    err_set(e, ERR_conflict, NULL);
    err_data(e, "current", record);
    err_data(e, "fields", differing(c));
    return false;
}

/* --- steps --- */

bool change_allowed(const struct change *c, const char *action, struct err *e)
{
    const struct entity *entity = c->entity;
    bool business =
        entity->scope == SCOPE_customer || entity->scope == SCOPE_child;
    int at = action ? action_find(action) : -1;
    bool allowed = rights_may(c->rights, action);
    if (allowed && business && at >= 0 && action_rows[at].scoped)
        allowed = access_in_scope(c->rights, (enum action)at, &c->keys_before);
    return allowed || record_forbidden(action, e);
}

/* Rows of one's own; what others share can be read and not written. */
static bool is_mine(const struct change *c, struct err *e)
{
    const struct field *f = field_find(c->entity, "user_id");
    if (c->entity->scope != SCOPE_self || c->kind == CHANGE_create)
        return true;
    const char *owner = c->before[field_index(c->entity, f)];
    return (owner && strtoll(owner, NULL, 10) == c->rights->user_id) ||
           record_forbidden(c->entity->edit, e);
}

static int64_t author(const struct change *c)
{
    const struct field *f = field_find(c->entity, "created_by");
    const char *v = f ? c->before[field_index(c->entity, f)] : NULL;
    return v ? strtoll(v, NULL, 10) : 0;
}

void change_renew_keys(struct change *c)
{
    int64_t *const keys[] = {
        &c->keys_after.owner, &c->keys_after.project_manager,
        &c->keys_after.optimizer, &c->keys_after.service_team};
    for (int i = 0; c->entity->scope == SCOPE_customer && i < 4; i++) {
        const struct field *f = field_find(c->entity, scope_columns[i]);
        const char *v = c->after[field_index(c->entity, f)];
        *keys[i] = v ? strtoll(v, NULL, 10) : 0;
    }
    c->keys_after.only = 0;
    if (change_is_private(c, (const char *const *)c->after))
        c->keys_after.only =
            c->kind == CHANGE_create ? c->rights->user_id : author(c);
}

/* What quick search compares follows from what it looks for. A customer's
 * comes with its contacts. */
static void renew_search(struct change *c)
{
    const struct entity *e = c->entity;
    const struct field *text = field_find(e, "search_text");
    const struct field *grams = field_find(e, "search_grams");
    bool searched = false;
    for (int i = 0; i < e->nfields; i++)
        searched = searched || (c->changed[i] && e->fields[i].flags & F_SEARCH);
    if (!searched || !grams || e->scope == SCOPE_customer)
        return;
    const char **values =
        arena_array(c->arena, (size_t)e->nfields, sizeof *values);
    memcpy(values, c->after, (size_t)e->nfields * sizeof *values);
    derived_search(c->arena, e, values);
    change_set(c, field_index(e, text), values[field_index(e, text)]);
    change_set(c, field_index(e, grams), values[field_index(e, grams)]);
}

bool change_prepare(struct change *c, struct faults *f, struct err *e)
{
    const struct domain_hooks *hooks = domain_hooks(c->entity);
    bool written = c->kind == CHANGE_create || c->kind == CHANGE_update;
    return (!hooks->prepare || hooks->prepare(c, f, e)) &&
           (!written || change_check(c, f, e));
}

bool change_judge(struct change *c, struct faults *f, struct err *e)
{
    const struct domain_hooks *hooks = domain_hooks(c->entity);
    if (!change_prepare(c, f, e))
        return false;
    if (hooks->before && !hooks->before(c, f, e))
        return false;
    f->entity = c->entity;
    if (c->kind == CHANGE_create || c->kind == CHANGE_update)
        renew_search(c);
    change_renew_keys(c);
    return faults_err(f, e);
}

bool change_store(struct change *c, struct err *e)
{
    const struct domain_hooks *hooks = domain_hooks(c->entity);
    bool quiet = (c->entity->flags & E_QUIET) != 0;
    if (c->kind == CHANGE_update && !change_any(c))
        return true; /* everything is as it is wanted already */
    return change_write(c, e) && (quiet || change_log(c, e)) &&
           (!hooks->after || hooks->after(c, e));
}

bool change_run(struct change *c, struct faults *f, struct err *e)
{
    return change_judge(c, f, e) && change_store(c, e);
}

void change_defaults(struct change *c)
{
    for (int i = 0; i < c->entity->nfields; i++) {
        const struct field *f = &c->entity->fields[i];
        if (f->value)
            change_set(c, i, field_default(f, c->arena));
        if (c->entity->scope == SCOPE_self && strcmp(f->id, "user_id") == 0)
            change_set(
                c, i,
                arena_printf(c->arena, "%lld", (long long)c->rights->user_id));
    }
}

static bool lock_parent(struct change *c, struct err *e)
{
    const cJSON *item = json_get(json_get(c->params, "values"), "customer_id");
    int64_t customer;
    if (!json_is_int(item, &customer))
        return err_param(e, "values.customer_id", _("the id of a customer"));
    return change_lock_parent(c, customer, c->entity->view, e);
}

static bool create(struct change *c, struct faults *f, struct err *e)
{
    const struct entity *entity = c->entity;
    struct newborns children;
    if (!rights_may(c->rights, entity->create))
        return record_forbidden(entity->create, e);
    if (entity->scope == SCOPE_child &&
        (!lock_parent(c, e) || !change_allowed(c, entity->create, e)))
        return false;
    change_defaults(c);
    if (!change_apply(c, json_get(c->params, "values"), f, e) ||
        !change_take_id(c, e))
        return false;
    if (entity->scope == SCOPE_customer)
        c->parent = c->id;
    return newborn_read(c, &children, f, e) && change_run(c, f, e) &&
           newborn_write(c, &children, e);
}

static bool update(struct change *c, struct faults *f, struct err *e)
{
    const struct entity *entity = c->entity;
    int64_t id = json_int(c->params, "id", 0);
    if (!change_load(c, id, entity->view, false, e) || !is_mine(c, e) ||
        !change_allowed(c, entity->edit, e) ||
        !change_apply(c, json_get(c->params, "values"), f, e) ||
        !change_check_flags(c, f, e))
        return false;
    if (json_int(c->params, "version", 0) != c->version)
        return change_conflict(c, e);
    return change_run(c, f, e);
}

static bool remove_or_restore(struct change *c, struct faults *f, struct err *e)
{
    const struct entity *entity = c->entity;
    bool trash = c->kind == CHANGE_restore;
    const char *sight = trash ? entity->remove : entity->view;
    int64_t id = json_int(c->params, "id", 0);
    if (!change_load(c, id, sight, trash, e) || !is_mine(c, e) ||
        !change_allowed(c, entity->remove, e))
        return false;
    if (json_int(c->params, "version", 0) != c->version)
        return change_conflict(c, e);
    /* What goes for good is kept in the log as a whole. */
    for (int i = 0; !(entity->flags & E_TRASH) && i < entity->nfields; i++)
        c->changed[i] = c->before[i] != NULL;
    return change_run(c, f, e);
}

bool change_request(struct request *r, struct db_conn *conn,
                    const struct entity *entity, enum change_kind kind,
                    change_fn *fn, struct err *e)
{
    struct change c = {.request = r,
                       .conn = conn,
                       .arena = r->arena,
                       .rights = r->rights,
                       .names = r->names,
                       .params = r->params};
    struct faults faults = {.n = 0};
    bool again = false;
    int64_t id = 0;
    change_beside(&c, &c, entity, kind);
    c.id = json_int(r->params, "id", 0);
    bool ok = change_begin(&c, &again, &id, e) &&
              (again || fn(&c, &faults, e)) &&
              write_reply(&c, again ? id : c.id, e) &&
              (again || change_commit(&c, e));
    change_end(&c);
    return ok;
}

bool record_create(struct request *r, struct db_conn *c, struct err *e)
{
    return change_request(r, c, r->entity, CHANGE_create, create, e);
}

bool record_update(struct request *r, struct db_conn *c, struct err *e)
{
    return change_request(r, c, r->entity, CHANGE_update, update, e);
}

bool record_delete(struct request *r, struct db_conn *c, struct err *e)
{
    return change_request(r, c, r->entity, CHANGE_delete, remove_or_restore, e);
}

bool record_restore(struct request *r, struct db_conn *c, struct err *e)
{
    return change_request(r, c, r->entity, CHANGE_restore, remove_or_restore,
                          e);
}
