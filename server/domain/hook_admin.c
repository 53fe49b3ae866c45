/* Rules of what an administrator keeps: users, the organisation, options and
 * tags. What records still use is disabled, never deleted. */
#include "schema/option.h"
#include "schema/type.h"
#include "server/db/sql.h"
#include "server/domain/change.h"
#include "server/domain/change_fault.h"

#include <stdlib.h>
#include <string.h>

/* *found: the statement gives a row. */
static bool has_row(struct change *c, struct sql *s, bool *found, struct err *e)
{
    struct db_query q = sql_query(s, false);
    PGresult *res = db_exec(c->conn, &q, e);
    sql_free(s);
    *found = res && PQntuples(res) > 0;
    PQclear(res);
    return res != NULL;
}

static bool is_yes(const char *value)
{
    return value && strcmp(value, "t") == 0;
}

/* --- users --- */

/* An administrator who locks himself out may be the last one. */
static bool user_before(struct change *c, struct faults *f, struct err *e)
{
    (void)e;
    if (c->id != c->rights->user_id || c->kind != CHANGE_update)
        return true;
    if (is_yes(c->after[USER_disabled]))
        faults_add(f, "disabled", "option", "%s",
                   _("Nobody disables himself."));
    if (!is_yes(c->after[USER_admin]))
        faults_add(f, "admin", "option", "%s",
                   _("Nobody takes the administrator's flag from himself."));
    return true;
}

/* --- the organisation --- */

static bool org_unit_before(struct change *c, struct faults *f, struct err *e)
{
    bool loop;
    struct sql s;
    if (c->kind != CHANGE_update || !c->after[ORG_UNIT_parent] ||
        !c->changed[ORG_UNIT_parent])
        return true;
    sql_init(&s, c->arena);
    sql_add(&s, "WITH RECURSIVE up AS (SELECT id, parent FROM org_unit"
                " WHERE id = ");
    sql_int(&s, strtoll(c->after[ORG_UNIT_parent], NULL, 10));
    sql_add(&s, " UNION SELECT u.id, u.parent FROM org_unit u, up"
                " WHERE u.id = up.parent) SELECT 1 FROM up WHERE id = ");
    sql_int(&s, c->id);
    if (!has_row(c, &s, &loop, e))
        return false;
    if (loop)
        faults_add(f, "parent", "order", "%s",
                   _("A unit can not be part of itself."));
    return true;
}

/* --- options and tags: what is used stays --- */

/* Appends "SELECT 1 FROM … WHERE this field holds `value`". */
static void add_use(struct sql *s, const struct entity *e,
                    const struct field *f, const char *value)
{
    sql_addf(s, "%sSELECT 1 FROM %s WHERE ", s->n ? " UNION ALL " : "",
             e->table);
    if (f->type->list) {
        sql_addf(s, "%s @> ", f->id);
        sql_value(s, list_join(s->arena, &value, 1), f->type->sql);
    } else {
        sql_addf(s, "%s = ", f->id);
        sql_value(s, value, f->type->sql);
    }
}

static bool refuse_used(struct change *c, const char *options, const char *ref,
                        const char *value, struct faults *f, struct err *e)
{
    bool used;
    struct sql s;
    sql_init(&s, c->arena);
    for (int i = 0; i < schema_entity_count; i++) {
        const struct entity *entity = schema_entities[i];
        for (int k = 0; k < entity->nfields; k++) {
            const struct field *field = &entity->fields[k];
            bool by_option = options && field->options &&
                             strcmp(field->options, options) == 0;
            bool by_ref = ref && field->ref && field->type->list &&
                          strcmp(field->ref, ref) == 0;
            if (by_option || by_ref)
                add_use(&s, entity, field, value);
        }
    }
    if (s.n == 0) {
        sql_free(&s);
        return true;
    }
    sql_add(&s, " LIMIT 1");
    if (!has_row(c, &s, &used, e))
        return false;
    if (used)
        faults_add(f, c->entity->title, "reference", "%s",
                   _("Records still use it. Disable or replace it first."));
    return true;
}

/* Lists that belong to the code are changed with the code. */
static bool option_before(struct change *c, struct faults *f, struct err *e)
{
    const char *const *row =
        c->kind == CHANGE_create ? (const char *const *)c->after : c->before;
    const char *name = row[OPTION_list];
    const struct option_list *list = name ? option_list_find(name) : NULL;
    if (!list)
        faults_add(f, "list", "option", "%s", _("There is no such list."));
    else if (list->fixed && c->kind != CHANGE_update)
        faults_add(f, "list", "option", "%s",
                   _("This list belongs to the program; only its labels can "
                     "be changed."));
    else if (list->fixed && c->changed[OPTION_disabled])
        faults_add(f, "disabled", "option", "%s",
                   _("This list belongs to the program; only its labels can "
                     "be changed."));
    if (f->n > 0 || c->kind != CHANGE_delete)
        return true;
    return refuse_used(c, name, NULL, row[OPTION_code], f, e);
}

static bool tag_before(struct change *c, struct faults *f, struct err *e)
{
    if (c->kind != CHANGE_delete)
        return true;
    return refuse_used(c, NULL, c->entity->id,
                       arena_printf(c->arena, "%lld", (long long)c->id), f, e);
}

const struct domain_hooks user_hooks = {.entity = &entity_user,
                                        .before = user_before};
const struct domain_hooks org_unit_hooks = {.entity = &entity_org_unit,
                                            .before = org_unit_before};
const struct domain_hooks option_hooks = {.entity = &entity_option,
                                          .before = option_before};
const struct domain_hooks tag_hooks = {.entity = &entity_tag,
                                       .before = tag_before};
