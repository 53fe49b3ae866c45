/* What a list shows, as a whole: filter, search, order and columns, to be kept
 * under a name, put back later, or handed to a bulk change (LIST-06). */
#include "tui/widget/list_impl.h"

#include "common/json.h"
#include "schema/access.h"

#include <string.h>

enum { WIDTH_MAX = 200 };

bool list_is_narrowed(const struct list *l)
{
    return l->search[0] || l->filter;
}

const cJSON *list_filter(const struct list *l)
{
    return l->filter;
}

/* What always holds, and what the user wants besides. */
static cJSON *whole_filter(const struct list *l)
{
    if (!l->fixed || !l->filter)
        return cJSON_Duplicate(l->fixed ? l->fixed : l->filter, true);
    cJSON *both = cJSON_CreateObject();
    cJSON *all = cJSON_AddArrayToObject(both, "and");
    cJSON_AddItemToArray(all, cJSON_Duplicate(l->fixed, true));
    cJSON_AddItemToArray(all, cJSON_Duplicate(l->filter, true));
    return both;
}

cJSON *list_params(const struct list *l)
{
    cJSON *params = cJSON_CreateObject();
    if (l->fixed || l->filter)
        cJSON_AddItemToObject(params, "filter", whole_filter(l));
    if (l->search[0])
        cJSON_AddStringToObject(params, "search", l->search);
    if (l->o.trash)
        cJSON_AddTrueToObject(params, "trash");
    return params;
}

/* True where it is another one than before. */
static bool take_filter(struct list *l, const cJSON *filter)
{
    const cJSON *wanted = filter && filter->child ? filter : NULL;
    if (cJSON_Compare(l->filter, wanted, true) || (!l->filter && !wanted))
        return false;
    cJSON_Delete(l->filter);
    l->filter = wanted ? cJSON_Duplicate(wanted, true) : NULL;
    return true;
}

void list_set_filter(struct list *l, const cJSON *filter)
{
    if (take_filter(l, filter))
        list_question(l, false);
}

/* --- as one object --- */

cJSON *list_sort_json(const struct list *l)
{
    cJSON *sort = cJSON_CreateArray();
    for (int i = 0; i < l->nsort; i++) {
        cJSON *key = cJSON_CreateArray();
        cJSON_AddItemToArray(key, cJSON_CreateString(l->sort[i].field->id));
        cJSON_AddItemToArray(
            key, cJSON_CreateString(l->sort[i].desc ? "desc" : "asc"));
        cJSON_AddItemToArray(sort, key);
    }
    return sort;
}

cJSON *list_view(const struct list *l)
{
    cJSON *view = cJSON_CreateObject();
    if (l->filter)
        cJSON_AddItemToObject(view, "filter", cJSON_Duplicate(l->filter, true));
    if (l->search[0])
        cJSON_AddStringToObject(view, "search", l->search);
    cJSON_AddItemToObject(view, "sort", list_sort_json(l));
    if (l->layout)
        cJSON_AddItemToObject(view, "columns",
                              cJSON_Duplicate(l->layout, true));
    return view;
}

static bool can_show(const struct list *l, const struct field *f)
{
    struct remote *r = list_remote(l);
    return f && (f->flags & F_LIST) &&
           (!remote_has_rights(r) || remote_level(r, f) > LEVEL_HIDDEN);
}

static bool can_ask_by(const struct list *l, const struct field *f)
{
    struct remote *r = list_remote(l);
    return f && !(f->flags & (F_HIDDEN | F_SECRET)) &&
           (!remote_has_rights(r) || remote_level(r, f) > LEVEL_MASKED);
}

/* A copy of the columns that this reader may see, NULL where there are none
 * to choose from. */
static cJSON *known_columns(const struct list *l, const cJSON *columns,
                            bool *whole)
{
    cJSON *out = cJSON_IsArray(columns) ? cJSON_CreateArray() : NULL;
    const cJSON *pair;
    cJSON_ArrayForEach(pair, columns)
    {
        const cJSON *id = cJSON_IsArray(pair) ? pair->child : pair;
        const cJSON *w = id && cJSON_IsArray(pair) ? id->next : NULL;
        int width = cJSON_IsNumber(w) && w->valuedouble >= 0 &&
                            w->valuedouble <= WIDTH_MAX
                        ? (int)w->valuedouble
                        : 0;
        const char *name = cJSON_GetStringValue(id);
        if (!out || !name || !can_show(l, field_find(l->entity, name))) {
            *whole = false;
            continue;
        }
        cJSON *kept = cJSON_CreateArray();
        cJSON_AddItemToArray(kept, cJSON_CreateString(name));
        cJSON_AddItemToArray(kept, cJSON_CreateNumber(width));
        cJSON_AddItemToArray(out, kept);
    }
    return out;
}

static cJSON *known_conditions(const struct list *l, const cJSON *filter,
                               bool *whole);

/* "or" and "and": a list of filters. A branch that can not be asked for would
 * change what the others mean, so the whole of it goes. */
static cJSON *known_branches(const struct list *l, const cJSON *list,
                             bool *whole)
{
    bool all = true;
    cJSON *out = cJSON_CreateArray();
    const cJSON *branch;
    cJSON_ArrayForEach(branch, list)
    {
        cJSON_AddItemToArray(out, known_conditions(l, branch, &all));
    }
    *whole = *whole && all;
    if (!all)
        cJSON_Delete(out);
    return all ? out : NULL;
}

static cJSON *known_conditions(const struct list *l, const cJSON *filter,
                               bool *whole)
{
    cJSON *out = cJSON_CreateObject();
    const cJSON *item;
    cJSON_ArrayForEach(item, filter)
    {
        const char *name = item->string;
        bool nests = name && (!strcmp(name, "or") || !strcmp(name, "and"));
        cJSON *kept = NULL;
        if (nests && cJSON_IsArray(item))
            kept = known_branches(l, item, whole);
        else if (name && can_ask_by(l, field_find(l->entity, name)))
            kept = cJSON_Duplicate(item, true);
        else
            *whole = false;
        if (kept)
            cJSON_AddItemToObject(out, name, kept);
    }
    return out;
}

static bool take_sort(struct list *l, const cJSON *sort)
{
    struct err err = {0};
    bool good =
        sort_from_json(l->entity, l->scratch, sort, l->sort, &l->nsort, &err);
    for (int i = 0; good && i < l->nsort; i++)
        good = can_ask_by(l, l->sort[i].field);
    if (!good || l->nsort == 0)
        list_set_sort(l, l->entity->sort);
    err_clear(&err);
    return good;
}

bool list_set_view(struct list *l, const cJSON *view)
{
    bool whole = true;
    cJSON *filter = known_conditions(l, json_get(view, "filter"), &whole);
    take_filter(l, filter);
    cJSON_Delete(filter);
    x_free(&l->search);
    l->search = x_strdup(json_str(view, "search", ""));
    whole = take_sort(l, json_get(view, "sort")) && whole;
    cJSON_Delete(l->layout);
    l->layout = known_columns(l, json_get(view, "columns"), &whole);
    list_set_columns(l);
    list_question(l, false);
    return whole;
}
