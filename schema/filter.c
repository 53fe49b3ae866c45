/* Filters between the JSON of the wire and the tree. */
#include "schema/filter.h"
#include "common/i18n.h"
#include "common/json.h"
#include "common/mem.h"
#include "schema/period.h"
#include "schema/type_impl.h"

#include <string.h>

/* One reading of a filter; `path` grows and shrinks with the descent, so that
 * an error can say where it is. */
struct reader {
    const struct entity *entity;
    struct arena *arena;
    struct err *err;
    int conditions, values;
};

static bool wrong(const struct reader *r, const char *path,
                  const char *expected)
{
    return err_param(r->err, path, expected);
}

static const struct field *find_field(const struct reader *r, const char *id)
{
    if (strcmp(id, field_id.id) == 0)
        return &field_id;
    const struct field *f = field_find(r->entity, id);
    return f == NULL || f->flags & (F_HIDDEN | F_SECRET) ? NULL : f;
}

/* --- the values of a condition, one function a kind of operator --- */

static bool add_value(struct reader *r, struct filter *cond, const char *value,
                      const char *path)
{
    if (++r->values > FILTER_VALUES)
        return wrong(r, path, _("at most 500 values in all"));
    cond->values[cond->nvalues++] = value;
    return true;
}

static void make_room(struct reader *r, struct filter *cond, size_t n)
{
    cond->values = arena_array(r->arena, n + 1, sizeof(*cond->values));
}

/* A word that moves with the calendar, where the type has spans. */
static bool read_word(struct reader *r, const struct field *f,
                      const cJSON *item, const char **value)
{
    if (f->type->period == NULL || !cJSON_IsString(item) ||
        !period_is(item->valuestring))
        return false;
    *value = arena_strdup(r->arena, item->valuestring);
    return true;
}

static bool read_item(struct reader *r, struct filter *cond, const cJSON *item,
                      const char *path)
{
    struct err e = {0};
    const char *value = NULL;
    bool good =
        cond->field->type->from_json(cond->field, r->arena, item, &value, &e) ||
        read_word(r, cond->field, item, &value);
    if (!good || value == NULL)
        wrong(r, path,
              good ? _("a value") : json_str(e.data, "expected", e.message));
    err_clear(&e);
    return good && value != NULL && add_value(r, cond, value, path);
}

static bool read_one(struct reader *r, struct filter *cond, const cJSON *item,
                     const char *path)
{
    make_room(r, cond, 1);
    return read_item(r, cond, item, path);
}

static bool read_many(struct reader *r, struct filter *cond, const cJSON *item,
                      const char *path)
{
    const cJSON *one;
    int i = 0;
    if (!cJSON_IsArray(item) || cJSON_GetArraySize(item) == 0)
        return wrong(r, path, _("an array of values"));
    make_room(r, cond, (size_t)cJSON_GetArraySize(item));
    cJSON_ArrayForEach(
        one, item) if (!read_item(r, cond, one,
                                  arena_printf(r->arena, "%s[%d]", path,
                                               i++))) return false;
    return true;
}

/* Items of a list field: the type reads them as the list they are. */
static bool read_items(struct reader *r, struct filter *cond, const cJSON *item,
                       const char *path)
{
    const char **items;
    size_t n;
    make_room(r, cond, 1);
    if (!cJSON_IsArray(item))
        return wrong(r, path, _("an array of values"));
    if (!read_item(r, cond, item, path))
        return false;
    if (!list_split(r->arena, cond->values[0], &items, &n))
        return wrong(r, path, _("an array of values"));
    make_room(r, cond, n);
    cond->nvalues = 0;
    for (size_t i = 0; i < n; i++)
        if (!add_value(r, cond, items[i], path))
            return false;
    return true;
}

static bool read_between(struct reader *r, struct filter *cond,
                         const cJSON *item, const char *path)
{
    const cJSON *low = cJSON_IsArray(item) ? item->child : NULL;
    const cJSON *high = low == NULL ? NULL : low->next;
    if (high == NULL || high->next != NULL ||
        (cJSON_IsNull(low) && cJSON_IsNull(high)))
        return wrong(r, path, _("two values, one of which may be null"));
    make_room(r, cond, 2);
    const cJSON *ends[] = {low, high};
    for (int i = 0; i < 2; i++) {
        if (cJSON_IsNull(ends[i]))
            cond->values[cond->nvalues++] = NULL;
        else if (!read_item(r, cond, ends[i],
                            arena_printf(r->arena, "%s[%d]", path, i)))
            return false;
    }
    return true;
}

/* Part of a text: not brought to the form of a whole value. */
static bool read_part(struct reader *r, struct filter *cond, const cJSON *item,
                      const char *path)
{
    const char *text = NULL;
    make_room(r, cond, 1);
    if (!cJSON_IsString(item) ||
        !type_clean(r->arena, item->valuestring, false, &text, NULL) ||
        text == NULL)
        return wrong(r, path, _("a string"));
    return add_value(r, cond, text, path);
}

static bool read_null(struct reader *r, struct filter *cond, const cJSON *item,
                      const char *path)
{
    make_room(r, cond, 1);
    if (!cJSON_IsBool(item))
        return wrong(r, path, _("true or false"));
    return add_value(r, cond, cJSON_IsTrue(item) ? "t" : "f", path);
}

typedef bool read_fn(struct reader *r, struct filter *cond, const cJSON *item,
                     const char *path);

static read_fn *const readers[OPS] = {
    [OP_eq] = read_one,          [OP_ne] = read_one,
    [OP_in] = read_many,         [OP_not_in] = read_many,
    [OP_lt] = read_one,          [OP_le] = read_one,
    [OP_gt] = read_one,          [OP_ge] = read_one,
    [OP_between] = read_between, [OP_contains] = read_part,
    [OP_starts] = read_part,     [OP_any] = read_items,
    [OP_all] = read_items,       [OP_is_null] = read_null,
};

/* --- the tree --- */

static void add_child(struct reader *r, struct filter *node,
                      struct filter *child)
{
    if (node->child == NULL)
        node->child =
            arena_array(r->arena, FILTER_CONDITIONS + 1, sizeof(*node->child));
    node->child[node->nchild++] = child;
}

/* The operators of one field: {"ge":…,"lt":…}. */
static bool read_field(struct reader *r, struct filter *node,
                       const struct field *f, const cJSON *ops,
                       const char *path)
{
    const cJSON *item;
    if (!cJSON_IsObject(ops) || ops->child == NULL)
        return wrong(r, path, _("an object of conditions"));
    cJSON_ArrayForEach(item, ops)
    {
        const char *at = arena_printf(r->arena, "%s.%s", path, item->string);
        enum filter_op op = op_find(item->string, strlen(item->string));
        if (op == OPS || !(f->type->ops & 1u << op))
            return wrong(r, at, _("a condition this field has"));
        if (++r->conditions > FILTER_CONDITIONS)
            return wrong(r, at, _("at most 64 conditions in all"));
        struct filter *cond = arena_alloc(r->arena, sizeof(*cond));
        *cond = (struct filter){.kind = FILTER_COND, .field = f, .op = op};
        if (!readers[op](r, cond, item, at))
            return false;
        add_child(r, node, cond);
    }
    return true;
}

/* A node with a single child is that child. */
static struct filter *simplest(struct filter *node)
{
    return node->nchild == 1 ? node->child[0] : node;
}

static struct filter *read_object(struct reader *r, const cJSON *json,
                                  int depth, const char *path);

/* [{…},{…}] of "or" and "and". */
static struct filter *read_branches(struct reader *r, const cJSON *json,
                                    enum filter_kind kind, int depth,
                                    const char *path)
{
    struct filter *node = arena_alloc(r->arena, sizeof(*node));
    const cJSON *item;
    int i = 0;
    node->kind = kind;
    if (depth > FILTER_DEPTH) {
        wrong(r, path, _("at most 4 levels"));
        return NULL;
    }
    if (!cJSON_IsArray(json) || json->child == NULL ||
        cJSON_GetArraySize(json) > FILTER_CONDITIONS) {
        wrong(r, path, _("an array of filters"));
        return NULL;
    }
    cJSON_ArrayForEach(item, json)
    {
        const char *at = arena_printf(r->arena, "%s[%d]", path, i++);
        struct filter *child = read_object(r, item, depth, at);
        if (child == NULL)
            return NULL;
        add_child(r, node, child);
    }
    return simplest(node);
}

static bool read_member(struct reader *r, struct filter *node,
                        const cJSON *item, int depth, const char *path)
{
    const char *key = item->string;
    bool either = strcmp(key, "or") == 0;
    if (either || strcmp(key, "and") == 0) {
        struct filter *child = read_branches(
            r, item, either ? FILTER_OR : FILTER_AND, depth + 1, path);
        if (child != NULL)
            add_child(r, node, child);
        return child != NULL;
    }
    const struct field *f = find_field(r, key);
    return f == NULL ? wrong(r, path, _("a field of this list"))
                     : read_field(r, node, f, item, path);
}

/* NULL with the error worded where it is no filter, or an empty one. */
static struct filter *read_object(struct reader *r, const cJSON *json,
                                  int depth, const char *path)
{
    struct filter *node = arena_alloc(r->arena, sizeof(*node));
    const cJSON *item;
    node->kind = FILTER_AND;
    if (!cJSON_IsObject(json) || json->child == NULL) {
        wrong(r, path, _("an object of conditions"));
        return NULL;
    }
    cJSON_ArrayForEach(item, json)
    {
        const char *at = arena_printf(r->arena, "%s.%s", path, item->string);
        if (node->nchild >= FILTER_CONDITIONS) {
            wrong(r, at, _("at most 64 conditions in all"));
            return NULL;
        }
        if (!read_member(r, node, item, depth, at))
            return NULL;
    }
    return simplest(node);
}

bool filter_from_json(const struct entity *e, struct arena *a,
                      const cJSON *json, struct filter **out, struct err *err)
{
    struct reader r = {.entity = e, .arena = a, .err = err};
    *out = NULL;
    if (type_json_null(json) || (cJSON_IsObject(json) && json->child == NULL))
        return true;
    *out = read_object(&r, json, 0, "filter");
    return *out != NULL;
}
