/* Rules of what belongs to a person: preferences and saved filters. Neither
 * grows without bound. */
#include "common/json.h"
#include "schema/filter.h"
#include "schema/type.h"
#include "server/db/sql.h"
#include "server/domain/change.h"

#include <string.h>

#define ROWS_MAX 200 /* of a person, in each table */

static bool is_yes(const char *value)
{
    return value && strcmp(value, "t") == 0;
}

static bool run(struct change *c, struct sql *s, int64_t *out, struct err *e)
{
    struct db_query q = sql_query(s, false);
    PGresult *res = db_exec(c->conn, &q, e);
    sql_free(s);
    if (!res)
        return false;
    if (out)
        *out = PQntuples(res) ? db_int(res, 0, 0) : 0;
    PQclear(res);
    return true;
}

/* The row of the person is locked first: two that come at once would both
 * find room for one. */
static bool count_mine(struct change *c, int64_t *n, struct err *e)
{
    struct sql s;
    sql_init(&s, c->arena);
    sql_add(&s, "SELECT 1 FROM app_user WHERE id = ");
    sql_int(&s, c->rights->user_id);
    sql_add(&s, " FOR NO KEY UPDATE");
    if (!run(c, &s, NULL, e))
        return false;
    sql_init(&s, c->arena);
    sql_addf(&s, "SELECT count(*) FROM %s WHERE user_id = ", c->entity->table);
    sql_int(&s, c->rights->user_id);
    return run(c, &s, n, e);
}

static bool check_room(struct change *c, const char *field, struct faults *f,
                       struct err *e)
{
    int64_t n = 0;
    if (c->kind != CHANGE_create)
        return true;
    if (!count_mine(c, &n, e))
        return false;
    if (n >= ROWS_MAX)
        faults_add(f, field, "range",
                   _("At most %d can be kept. Delete one first."), ROWS_MAX);
    return true;
}

static bool preference_before(struct change *c, struct faults *f, struct err *e)
{
    return check_room(c, "key", f, e);
}

/* --- saved filters --- */

static bool check_definition(struct change *c, const struct entity *entity,
                             struct faults *f)
{
    cJSON *json = cJSON_Parse(c->after[SAVED_FILTER_definition]);
    struct filter *filter = NULL;
    struct err bad = {0};
    if (!filter_from_json(entity, c->arena, json_get(json, "filter"), &filter,
                          &bad))
        faults_add(f, "definition", "form", "%s", bad.message);
    err_clear(&bad);
    cJSON_Delete(json);
    return true;
}

/* One default a list: the others of the person give way. */
static bool only_default(struct change *c, struct err *e)
{
    struct sql s;
    if (!is_yes(c->after[SAVED_FILTER_is_default]) ||
        !c->changed[SAVED_FILTER_is_default])
        return true;
    sql_init(&s, c->arena);
    sql_add(&s, "UPDATE saved_filter SET is_default = false,"
                " version = version + 1 WHERE is_default AND user_id = ");
    sql_int(&s, c->rights->user_id);
    sql_add(&s, " AND entity = ");
    sql_value(&s, c->after[SAVED_FILTER_entity], "text");
    return run(c, &s, NULL, e);
}

static bool saved_filter_before(struct change *c, struct faults *f,
                                struct err *e)
{
    const char *name = c->after[SAVED_FILTER_entity];
    const struct entity *entity = name ? entity_find(name) : NULL;
    if (c->kind == CHANGE_delete)
        return true;
    if (!check_room(c, "name", f, e))
        return false;
    if (name && (!entity || entity->flags & E_INTERNAL))
        faults_add(f, "entity", "option", "%s", _("There is no such list."));
    else if (entity && c->after[SAVED_FILTER_definition])
        check_definition(c, entity, f);
    return f->n > 0 || only_default(c, e);
}

const struct domain_hooks preference_hooks = {.entity = &entity_preference,
                                              .before = preference_before};
const struct domain_hooks saved_filter_hooks = {.entity = &entity_saved_filter,
                                                .before = saved_filter_before};
