/* <entity>.revert: a record takes back the values it had at an earlier entry
 * of its history, as a new version (EDIT-03). By the rules of any update; what
 * has a procedure of its own (life cycle, grade, states that follow each
 * other by a table) and what belongs to other records stays as it is. */
#include "common/json.h"
#include "schema/flow.h"
#include "schema/type.h"
#include "server/db/sql.h"
#include "server/domain/change.h"
#include "server/domain/column.h"
#include "server/domain/record.h"

#include <string.h>

/* Newest first, the entry that is wanted last. */
static PGresult *read_log(struct change *c, int64_t to, struct err *e)
{
    struct sql s;
    sql_init(&s, c->arena);
    sql_add(&s, "SELECT id, action, before, only_user FROM audit"
                " WHERE entity = ");
    sql_value(&s, c->entity->id, "text");
    sql_add(&s, " AND record_id = ");
    sql_int(&s, c->id);
    sql_add(&s, " AND id >= ");
    sql_int(&s, to);
    sql_add(&s, " ORDER BY id DESC");
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(c->conn, &q, e);
    sql_free(&s);
    return res;
}

/* An entry of this record that its reader may see, and that tells of values:
 * an unmasking does not, but the values of that moment are known as well. */
static bool is_reachable(struct change *c, PGresult *res, int64_t to)
{
    int n = PQntuples(res);
    if (n == 0 || db_int(res, n - 1, 0) != to)
        return false;
    for (int i = 0; i < n; i++) {
        int64_t only = db_int(res, i, 3);
        bool born = strcmp(db_text(res, i, 1), "create") == 0;
        if ((only && only != c->rights->user_id) || (born && i < n - 1))
            return false;
    }
    return true;
}

static bool is_taken_back(const struct field *f)
{
    const unsigned never = F_TRANSITION | F_PROPOSAL | F_READONLY |
                           F_GENERATED | F_CREATE_ONLY | F_HIDDEN | F_SECRET;
    return f && !(f->flags & never) && !flow_rules(f->options);
}

static void take_back(struct change *c, const char *text)
{
    cJSON *before = text ? cJSON_Parse(text) : NULL;
    const cJSON *old;
    cJSON_ArrayForEach(old, before)
    {
        const struct field *f = field_find(c->entity, old->string);
        const char *value = NULL;
        struct err bad = {0};
        if (is_taken_back(f) &&
            (cJSON_IsNull(old) ||
             f->type->from_json(f, c->arena, old, &value, &bad)))
            change_set(c, field_index(c->entity, f), value);
        err_clear(&bad);
    }
    cJSON_Delete(before);
}

/* A field that he may not write can not be taken back by him either. */
static bool may_write(struct change *c, struct err *e)
{
    for (int i = 0; i < c->entity->nfields; i++) {
        const struct field *f = &c->entity->fields[i];
        if (!c->changed[i] ||
            column_level(c->rights, c->entity, f, true) >= LEVEL_WRITE)
            continue;
        record_forbidden(c->entity->edit, e);
        err_data(e, "field", cJSON_CreateString(f->id));
        return false;
    }
    return true;
}

static bool apply_past(struct change *c, int64_t to, struct err *e)
{
    PGresult *res = read_log(c, to, e);
    if (!res)
        return false;
    bool reachable = is_reachable(c, res, to);
    for (int i = 0; reachable && i < PQntuples(res) - 1; i++)
        take_back(c, db_text(res, i, 2));
    PQclear(res);
    return reachable ||
           err_param(e, "to", _("an entry of this record's history"));
}

static bool revert(struct change *c, struct faults *f, struct err *e)
{
    const struct entity *entity = c->entity;
    if (!change_load(c, json_int(c->params, "id", 0), entity->view, false, e) ||
        !change_allowed(c, entity->edit, e) ||
        !apply_past(c, json_int(c->params, "to", 0), e) || !may_write(c, e) ||
        !change_check_flags(c, f, e))
        return false;
    if (json_int(c->params, "version", 0) != c->version)
        return change_conflict(c, e);
    return change_run(c, f, e);
}

bool record_revert(struct request *r, struct db_conn *c, struct err *e)
{
    return change_request(r, c, r->entity, CHANGE_update, revert, e);
}
