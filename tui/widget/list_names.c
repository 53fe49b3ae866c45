/* The names behind references that a filter speaks of: those of the small
 * kinds of records (people, units, tags) as a whole, so that they can be typed;
 * of others those that the filter holds. Asked one after another, and only
 * when a filter is looked at or typed. */
#include "tui/widget/list_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_PAGE = 500, NAMES_PAGES = 10 };

static const struct entity *target(const struct list *l, int i)
{
    const char *ref = l->entity->fields[i].ref;
    return ref ? entity_find(ref) : NULL;
}

/* The first field with this target stands for all of them. */
static bool is_first(const struct list *l, int i)
{
    for (int k = 0; k < i; k++)
        if (target(l, k) == target(l, i))
            return false;
    return true;
}

static void learn_row(struct list *l, const struct entity *e, const cJSON *row)
{
    int64_t id;
    const char *name = cJSON_GetStringValue(cJSON_GetArrayItem(row, 2));
    if (name && json_is_int(cJSON_GetArrayItem(row, 0), &id))
        remote_learn(list_remote(l), e->id, id, name);
}

static void go_on(struct list *l);

static void on_names(void *ctx, const cJSON *result, const struct err *err)
{
    struct list *l = ctx;
    struct list_naming *n = &l->naming;
    const char *next = json_str(result, "next", "");
    const cJSON *row;
    n->call = 0;
    cJSON_ArrayForEach(row, json_get(result, "rows"))
        learn_row(l, n->entity, row);
    x_free(&n->after);
    if (!err && *next && ++n->pages < NAMES_PAGES)
        n->after = x_strdup(next);
    go_on(l);
    app_redraw(l->owner->app);
}

static void ask(struct list *l, cJSON *filter)
{
    struct list_naming *n = &l->naming;
    cJSON *params = cJSON_CreateObject();
    cJSON *columns = cJSON_AddArrayToObject(params, "columns");
    cJSON_AddItemToArray(columns, cJSON_CreateString(n->entity->title));
    cJSON_AddItemToObject(params, "sort", cJSON_CreateArray());
    cJSON_AddNumberToObject(params, "limit", NAMES_PAGE);
    if (filter)
        cJSON_AddItemToObject(params, "filter", filter);
    if (n->after)
        cJSON_AddStringToObject(params, "after", n->after);
    char *method = x_asprintf("%s.list", n->entity->id);
    n->call = remote_call(list_remote(l), method, params, on_names, l);
    x_free(&method);
}

/* --- ids in the filter whose names are not known --- */

static void add_unknown(struct list *l, const struct filter *f,
                        const struct entity *e, cJSON *ids)
{
    struct names names = remote_names(list_remote(l));
    bool about = f->kind == FILTER_COND && f->field->ref &&
                 strcmp(f->field->ref, e->id) == 0;
    for (int i = 0; i < f->nchild; i++)
        add_unknown(l, f->child[i], e, ids);
    for (int i = 0; about && i < f->nvalues; i++) {
        int64_t id = strtoll(f->values[i], NULL, 10);
        if (id > 0 && !names.ref(names.ctx, e->id, id))
            cJSON_AddItemToArray(ids, cJSON_CreateNumber((double)id));
    }
}

/* {"id":{"in":[…]}} of the unknown ones; NULL: all are known. */
static cJSON *unknown_ids(struct list *l, const struct entity *e)
{
    struct arena *a = arena_new();
    struct filter *f = list_tree(l, a);
    cJSON *filter = cJSON_CreateObject();
    cJSON *in =
        cJSON_AddArrayToObject(cJSON_AddObjectToObject(filter, "id"), "in");
    if (f)
        add_unknown(l, f, e, in);
    arena_free(&a);
    if (cJSON_GetArraySize(in))
        return filter;
    cJSON_Delete(filter);
    return NULL;
}

/* --- one after another --- */

static void ask_field(struct list *l, int i)
{
    struct list_naming *n = &l->naming;
    const struct entity *e = target(l, i);
    n->pages = 0;
    n->entity = e;
    if (!e || !is_first(l, i))
        return;
    if (!(e->flags & E_CACHED)) {
        cJSON *filter = unknown_ids(l, e);
        if (filter)
            ask(l, filter);
    } else if (!n->all) {
        ask(l, NULL);
    }
}

static void go_on(struct list *l)
{
    struct list_naming *n = &l->naming;
    if (n->after)
        ask(l, NULL);
    while (!n->call && n->field < l->entity->nfields)
        ask_field(l, n->field++);
    if (n->call)
        return;
    n->all = true;
    bool again = n->again;
    n->again = false;
    if (again)
        list_names_ask(l);
}

void list_names_ask(struct list *l)
{
    struct list_naming *n = &l->naming;
    n->again = n->call != 0; /* the filter is another one by now */
    if (n->call)
        return;
    n->field = 0;
    go_on(l);
}

void list_names_stop(struct list *l)
{
    remote_cancel(list_remote(l), l->naming.call);
    l->naming.call = 0;
    x_free(&l->naming.after);
}
