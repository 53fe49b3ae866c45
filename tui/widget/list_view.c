/* What a list shows, as a whole: filter, search, order and columns, to be kept
 * under a name, put back later, or handed to a bulk change (LIST-06). */
#include "tui/widget/list_impl.h"

#include "common/json.h"
#include "schema/access.h"

#include <string.h>

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

/* True where filter or search are others than before. */
static bool put_question(struct list *l, const cJSON *filter,
                         const char *search)
{
    bool other = strcmp(l->search, search) != 0;
    char *text = x_strdup(search); /* may be the one that is freed */
    x_free(&l->search);
    l->search = text;
    l->dropping = false;
    other = take_filter(l, filter) || other;
    if (other && l->filter)
        list_names_ask(l);
    return other;
}

void list_put_filter(struct list *l, const cJSON *filter)
{
    if (put_question(l, filter, l->search))
        list_question(l, false);
}

void list_put_question(struct list *l, const cJSON *filter, const char *search)
{
    list_filter_forget(l);
    if (put_question(l, filter, search))
        list_question(l, false);
}

void list_set_filter(struct list *l, const cJSON *filter)
{
    list_filter_forget(l);
    list_put_filter(l, filter);
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

const struct field *list_column(const struct list *l, int i)
{
    for (int j = 0; j < l->ncolumns; j++)
        if (l->columns[j].shown && i-- == 0)
            return l->columns[j].field;
    return NULL;
}

bool list_may_show(const struct list *l, const struct field *f)
{
    struct remote *r = list_remote(l);
    return f && (f->flags & F_LIST) &&
           (!remote_has_rights(r) || remote_level(r, f) > LEVEL_HIDDEN);
}

static bool can_ask_by(const struct list *l, const struct field *f)
{
    return f && remote_may_ask(list_remote(l), l->entity, f);
}

/* What is left out is named once, in the words of the field table. */
static void leave_out(struct list *l, const char *name)
{
    const struct field *f = name ? field_find(l->entity, name) : NULL;
    const char *label = f ? _(f->label) : name ? name : "?";
    if (l->left_out && strstr(l->left_out, label))
        return;
    char *all = x_asprintf("%s%s%s", l->left_out ? l->left_out : "",
                           l->left_out ? _(", ") : "", label);
    x_free(&l->left_out);
    l->left_out = all;
}

static int width_of(const cJSON *item)
{
    bool good = cJSON_IsNumber(item) && item->valuedouble >= LIST_WIDTH_MIN &&
                item->valuedouble <= LIST_WIDTH_MAX;
    return good ? (int)item->valuedouble : 0;
}

cJSON *list_known_columns(struct list *l, const cJSON *columns)
{
    cJSON *out = cJSON_IsArray(columns) ? cJSON_CreateArray() : NULL;
    const cJSON *pair;
    cJSON_ArrayForEach(pair, columns)
    {
        const cJSON *id = cJSON_IsArray(pair) ? pair->child : pair;
        const cJSON *w = id && cJSON_IsArray(pair) ? id->next : NULL;
        const char *name = cJSON_GetStringValue(id);
        if (!out || !name || !list_may_show(l, field_find(l->entity, name))) {
            leave_out(l, name);
            continue;
        }
        cJSON *kept = cJSON_CreateArray();
        cJSON_AddItemToArray(kept, cJSON_CreateString(name));
        cJSON_AddItemToArray(kept, cJSON_CreateNumber(width_of(w)));
        cJSON_AddItemToArray(out, kept);
    }
    return out;
}

static cJSON *known_conditions(struct list *l, const cJSON *filter,
                               bool *whole);

/* "or" and "and": a list of filters. A branch that can not be asked for would
 * change what the others mean, so the whole of it goes. */
static cJSON *known_branches(struct list *l, const cJSON *list, bool *whole)
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

static cJSON *known_conditions(struct list *l, const cJSON *filter, bool *whole)
{
    cJSON *out = cJSON_CreateObject();
    const cJSON *item;
    cJSON_ArrayForEach(item, filter)
    {
        const char *name = item->string;
        bool nests = name && (!strcmp(name, "or") || !strcmp(name, "and"));
        cJSON *kept = NULL;
        if (nests && cJSON_IsArray(item)) {
            kept = known_branches(l, item, whole);
        } else if (name && can_ask_by(l, field_find(l->entity, name))) {
            kept = cJSON_Duplicate(item, true);
        } else {
            leave_out(l, name);
            *whole = false;
        }
        if (kept)
            cJSON_AddItemToObject(out, name, kept);
    }
    return out;
}

/* Keys that are not for this reader are left out; where none is left the
 * order is the usual one. */
static void take_sort(struct list *l, const cJSON *sort)
{
    struct err err = {0};
    bool good =
        sort_from_json(l->entity, l->scratch, sort, l->sort, &l->nsort, &err);
    int n = 0;
    for (int i = 0; good && i < l->nsort; i++) {
        if (can_ask_by(l, l->sort[i].field))
            l->sort[n++] = l->sort[i];
        else
            leave_out(l, l->sort[i].field->id);
    }
    l->nsort = n;
    if (n == 0)
        list_set_sort(l, l->o.sort ? l->o.sort : l->entity->sort);
    err_clear(&err);
}

bool list_take_view(struct list *l, const cJSON *view)
{
    bool whole = true;
    x_free(&l->left_out);
    cJSON *filter = known_conditions(l, json_get(view, "filter"), &whole);
    list_filter_forget(l);
    put_question(l, filter, json_str(view, "search", ""));
    cJSON_Delete(filter);
    take_sort(l, json_get(view, "sort"));
    cJSON *layout = list_known_columns(l, json_get(view, "columns"));
    cJSON_Delete(l->layout);
    l->layout = layout ? layout : list_own_layout(l);
    list_set_columns(l);
    return whole && !l->left_out;
}

bool list_set_view(struct list *l, const cJSON *view)
{
    bool whole = list_take_view(l, view);
    list_question(l, false);
    return whole;
}
