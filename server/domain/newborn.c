/* Children of a new record, whatever they are: the same steps as for a record
 * that is made alone. */
#include "server/domain/newborn.h"

#include "common/json.h"
#include "server/domain/record.h"

#include <string.h>

const cJSON *newborn_list(const struct change *c, const char *kind)
{
    return json_get(json_get(c->params, "children"), kind);
}

void newborn_faults(struct change *c, const struct faults *from,
                    const char *place, struct faults *to)
{
    for (int i = 0; i < from->n; i++)
        faults_add(to,
                   arena_printf(c->arena, "%s.%s", place, from->at[i].field),
                   from->at[i].rule, "%s", from->at[i].message);
}

static bool belongs(const struct entity *parent, const struct entity *child)
{
    return child && child->parent && strcmp(child->parent, parent->id) == 0 &&
           !(child->flags & (E_READONLY | E_INTERNAL | E_NO_CREATE));
}

/* The field of the child that names its parent. */
static int parent_field(const struct entity *parent, const struct entity *child)
{
    for (int i = 0; i < child->nfields; i++)
        if (child->fields[i].ref &&
            strcmp(child->fields[i].ref, parent->id) == 0)
            return i;
    return -1;
}

/* They keep the order in which they were given. */
static void set_rank(struct change *child, int at)
{
    const struct field *rank = field_find(child->entity, "rank");
    if (rank)
        change_set(child, field_index(child->entity, rank),
                   arena_printf(child->arena, "%d", at));
}

static bool read_one(struct change *c, struct newborns *out,
                     const struct entity *kind, const cJSON *values, int at,
                     struct faults *f, struct err *e)
{
    struct change *child = &out->at[out->n];
    struct faults own = {.n = 0};
    const char *place = arena_printf(c->arena, "%s[%d]", kind->id, at);
    int parent = parent_field(c->entity, kind);
    if (!cJSON_IsObject(values) || parent < 0)
        return err_param(e, arena_printf(c->arena, "children.%s", place),
                         _("an object of values by field"));
    change_beside(child, c, kind, CHANGE_create);
    child->parent = c->id;
    change_defaults(child);
    if (!change_apply(child, values, &own, e) || !change_take_id(child, e))
        return false;
    change_set(child, parent, arena_printf(c->arena, "%lld", (long long)c->id));
    set_rank(child, at);
    if (!change_check(child, &own, e))
        return false;
    newborn_faults(c, &own, place, f);
    out->place[out->n++] = place;
    return true;
}

static bool read_kind(struct change *c, struct newborns *out, const cJSON *list,
                      struct faults *f, struct err *e)
{
    const struct entity *kind = entity_find(list->string);
    const char *path = arena_printf(c->arena, "children.%.60s", list->string);
    const cJSON *item;
    int at = 0, n = cJSON_GetArraySize(list);
    if (!belongs(c->entity, kind))
        return err_param(e, path, _("a kind of record that belongs to it"));
    if (!cJSON_IsArray(list) || n > NEWBORN_MAX)
        return err_param(e, path, _("a list of at most 50 objects"));
    if (domain_hooks(kind)->with_parent)
        return true;
    if (n > 0 && !rights_may(c->rights, kind->create))
        return record_forbidden(kind->create, e);
    size_t total = (size_t)(out->n + n);
    struct newborns more = {
        .at = arena_array(c->arena, total + 1, sizeof *more.at),
        .place = arena_array(c->arena, total + 1, sizeof *more.place),
        .n = out->n};
    for (int i = 0; i < out->n; i++) {
        more.at[i] = out->at[i];
        more.place[i] = out->place[i];
    }
    *out = more;
    cJSON_ArrayForEach(item, list)
    {
        if (!read_one(c, out, kind, item, at++, f, e))
            return false;
    }
    return true;
}

bool newborn_read(struct change *c, struct newborns *out, struct faults *f,
                  struct err *e)
{
    const cJSON *list;
    *out = (struct newborns){0};
    cJSON_ArrayForEach(list, json_get(c->params, "children"))
    {
        if (!read_kind(c, out, list, f, e))
            return false;
    }
    return true;
}

/* What only its own hooks or the database found. */
static bool write_one(struct change *c, struct change *child, const char *place,
                      struct err *e)
{
    struct faults own = {.n = 0}, placed = {.n = 0};
    struct err bad = {0};
    const cJSON *item;
    child->operation = c->operation;
    child->keys_before = child->keys_after = c->keys_after;
    if (change_run(child, &own, &bad))
        return true;
    if (bad.kind != ERR_invalid) {
        err_move(e, &bad);
        return false;
    }
    cJSON_ArrayForEach(item, json_get(bad.data, "fields"))
    {
        faults_add(
            &placed,
            arena_printf(c->arena, "%s.%s", place, json_str(item, "field", "")),
            json_str(item, "rule", ""), "%s",
            json_str(item, "message", bad.message));
    }
    err_clear(&bad);
    return faults_err(&placed, e);
}

bool newborn_write(struct change *c, struct newborns *n, struct err *e)
{
    if (n->n > 0 && !c->operation && !change_take_operation(c, e))
        return false;
    for (int i = 0; i < n->n; i++)
        if (!write_one(c, &n->at[i], n->place[i], e))
            return false;
    return true;
}
