/* Filters back from the tree into the JSON of the wire. */
#include "common/mem.h"
#include "schema/filter.h"
#include "schema/type_impl.h"

#include <string.h>

/* Through the type's own JSON, which is the wire's form. */
static cJSON *write_value(const struct field *f, const char *value)
{
    if (value == NULL)
        return cJSON_CreateNull();
    struct buf text = BUF_INIT;
    f->type->to_json(f, value, strlen(value), NULL, &text);
    cJSON *item = cJSON_ParseWithLength(buf_text(&text), text.len);
    buf_free(&text);
    return item;
}

static cJSON *write_one(const struct filter *c)
{
    return write_value(c->field, c->values[0]);
}

static cJSON *write_many(const struct filter *c)
{
    cJSON *array = cJSON_CreateArray();
    for (int i = 0; i < c->nvalues; i++)
        cJSON_AddItemToArray(array, write_value(c->field, c->values[i]));
    return array;
}

static cJSON *write_items(const struct filter *c)
{
    struct arena *a = arena_new();
    cJSON *array =
        write_value(c->field, list_join(a, c->values, (size_t)c->nvalues));
    arena_free(&a);
    return array;
}

static cJSON *write_part(const struct filter *c)
{
    return cJSON_CreateString(c->values[0]);
}

static cJSON *write_null(const struct filter *c)
{
    return cJSON_CreateBool(c->values[0][0] == 't');
}

static cJSON *(*const writers[OPS])(const struct filter *c) = {
    [OP_eq] = write_one,       [OP_ne] = write_one,
    [OP_in] = write_many,      [OP_not_in] = write_many,
    [OP_lt] = write_one,       [OP_le] = write_one,
    [OP_gt] = write_one,       [OP_ge] = write_one,
    [OP_between] = write_many, [OP_contains] = write_part,
    [OP_starts] = write_part,  [OP_any] = write_items,
    [OP_all] = write_items,    [OP_is_null] = write_null,
};

/* Puts a condition into the object; false where its place is taken. */
static bool put_condition(cJSON *object, const struct filter *c)
{
    cJSON *ops = cJSON_GetObjectItemCaseSensitive(object, c->field->id);
    const char *op = op_name(c->op);
    if (ops == NULL)
        ops = cJSON_AddObjectToObject(object, c->field->id);
    else if (cJSON_GetObjectItemCaseSensitive(ops, op) != NULL)
        return false;
    cJSON_AddItemToObject(ops, op, writers[c->op](c));
    return true;
}

static cJSON *write_branches(const struct filter *f)
{
    cJSON *array = cJSON_CreateArray();
    for (int i = 0; i < f->nchild; i++)
        cJSON_AddItemToArray(array, filter_to_json(f->child[i]));
    return array;
}

/* The children of an AND share one object while each finds its own place in
 * it; else false, and the object is of no use. */
static bool put_all(cJSON *object, const struct filter *f)
{
    for (int i = 0; i < f->nchild; i++) {
        const struct filter *c = f->child[i];
        if (c->kind == FILTER_COND && !put_condition(object, c))
            return false;
        if (c->kind == FILTER_COND)
            continue;
        const char *key = c->kind == FILTER_OR ? "or" : "and";
        if (cJSON_GetObjectItemCaseSensitive(object, key) != NULL)
            return false;
        cJSON_AddItemToObject(object, key, write_branches(c));
    }
    return true;
}

cJSON *filter_to_json(const struct filter *f)
{
    cJSON *object = cJSON_CreateObject();
    if (f == NULL)
        return object;
    if (f->kind == FILTER_COND)
        put_condition(object, f);
    else if (f->kind == FILTER_OR)
        cJSON_AddItemToObject(object, "or", write_branches(f));
    else if (!put_all(object, f)) {
        cJSON_Delete(object);
        object = cJSON_CreateObject();
        cJSON_AddItemToObject(object, "and", write_branches(f));
    }
    return object;
}
