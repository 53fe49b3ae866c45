/* The filter language as SQL: one row an operator. Column names come from the
 * tables, values are parameters. */
#include "common/mem.h"
#include "schema/type.h"
#include "server/db/query_parts.h"

#include <string.h>

/* A field as a condition sees it. `column` is the indexed twin where the
 * field has one: then it is never NULL, and empty is the sentinel. */
struct operand {
    const struct field *field;
    const char *column;
    bool twin;
};

typedef void condition_fn(struct sql *s, const struct operand *o,
                          const struct filter *f);

/* "date" → "date[]" for = ANY. */
static const char *array_of(struct sql *s, const char *type)
{
    return arena_printf(s->arena, "%s[]", type);
}

/* Columns that may be NULL hold NULL when empty; the others hold '' or '{}',
 * and a boolean is never empty. */
static void add_empty(struct sql *s, const struct operand *o)
{
    const struct type *t = o->field->type;
    if (!t->empty)
        sql_addf(s, "%s IS NULL", o->field->id);
    else if (t == &type_boolean)
        sql_add(s, "false");
    else
        sql_addf(s, "%s = '%s'", o->field->id, t->empty);
}

static void add_compare(struct sql *s, const struct operand *o, const char *op,
                        const char *value)
{
    sql_addf(s, "%s %s ", o->column, op);
    sql_value(s, value, o->field->type->sql);
}

static void cond_eq(struct sql *s, const struct operand *o,
                    const struct filter *f)
{
    add_compare(s, o, "=", f->values[0]);
}

static void cond_ne(struct sql *s, const struct operand *o,
                    const struct filter *f)
{
    bool null = !o->field->type->empty && !o->twin;
    add_compare(s, o, null ? "IS DISTINCT FROM" : "<>", f->values[0]);
}

/* One value is `=`, never `= ANY`: the planner knows its frequency and walks
 * an index in order. */
static void cond_in(struct sql *s, const struct operand *o,
                    const struct filter *f)
{
    if (f->nvalues == 1) {
        cond_eq(s, o, f);
        return;
    }
    sql_addf(s, "%s = ANY(", o->column);
    sql_value(s, list_join(s->arena, f->values, (size_t)f->nvalues),
              array_of(s, o->field->type->sql));
    sql_add(s, ")");
}

/* What is empty is in no list. */
static void cond_not_in(struct sql *s, const struct operand *o,
                        const struct filter *f)
{
    sql_add(s, "(");
    cond_in(s, o, f);
    sql_add(s, ") IS NOT TRUE");
}

static void cond_lt(struct sql *s, const struct operand *o,
                    const struct filter *f)
{
    static const char *const signs[OPS] = {
        [OP_lt] = "<", [OP_le] = "<=", [OP_gt] = ">", [OP_ge] = ">="};
    add_compare(s, o, signs[f->op], f->values[0]);
    /* The sentinel of a twin lies below every value. */
    if (o->twin && (f->op == OP_lt || f->op == OP_le))
        sql_addf(s, " AND %s IS NOT NULL", o->field->id);
}

static void cond_between(struct sql *s, const struct operand *o,
                         const struct filter *f)
{
    if (f->values[0])
        add_compare(s, o, ">=", f->values[0]);
    if (f->values[0] && f->values[1])
        sql_add(s, " AND ");
    if (f->values[1])
        add_compare(s, o, "<=", f->values[1]);
    if (!f->values[0]) {
        sql_add(s, f->values[1] ? " AND NOT " : "NOT ");
        add_empty(s, o);
    }
}

/* What holds a text holds its grams, and those have an index: they narrow
 * what the comparison then decides. */
static void add_grams_of(struct sql *s, const struct field *f,
                         const char *value)
{
    struct search_needle n;
    if (!query_is_searched(f) || !search_needle(s->arena, value, &n))
        return;
    query_grams(s, n.grams, n.ngrams);
}

static void cond_contains(struct sql *s, const struct operand *o,
                          const struct filter *f)
{
    const char *id = o->field->id;
    add_grams_of(s, o->field, f->values[0]);
    if (o->field->type->list)
        sql_addf(s,
                 "EXISTS (SELECT 1 FROM unnest(%s) x WHERE"
                 " strpos(lower(x::text), lower(",
                 id);
    else
        sql_addf(s, "strpos(lower(%s::text), lower(", id);
    sql_value(s, f->values[0], "text");
    sql_add(s, o->field->type->list ? ")) > 0)" : ")) > 0");
}

static void cond_starts(struct sql *s, const struct operand *o,
                        const struct filter *f)
{
    sql_addf(s, "starts_with(lower(%s::text), lower(", o->field->id);
    sql_value(s, f->values[0], "text");
    sql_add(s, "))");
}

static void add_items(struct sql *s, const struct operand *o, const char *op,
                      const struct filter *f)
{
    sql_addf(s, "%s %s ", o->field->id, op);
    sql_value(s, list_join(s->arena, f->values, (size_t)f->nvalues),
              o->field->type->sql);
}

static void cond_any(struct sql *s, const struct operand *o,
                     const struct filter *f)
{
    add_items(s, o, "&&", f);
}

static void cond_all(struct sql *s, const struct operand *o,
                     const struct filter *f)
{
    add_items(s, o, "@>", f);
}

static void cond_is_null(struct sql *s, const struct operand *o,
                         const struct filter *f)
{
    if (f->values[0] && f->values[0][0] == 'f')
        sql_add(s, "NOT ");
    sql_add(s, "(");
    add_empty(s, o);
    sql_add(s, ")");
}

static condition_fn *const conditions[OPS] = {
    [OP_eq] = cond_eq,           [OP_ne] = cond_ne,
    [OP_in] = cond_in,           [OP_not_in] = cond_not_in,
    [OP_lt] = cond_lt,           [OP_le] = cond_lt,
    [OP_gt] = cond_lt,           [OP_ge] = cond_lt,
    [OP_between] = cond_between, [OP_contains] = cond_contains,
    [OP_starts] = cond_starts,   [OP_any] = cond_any,
    [OP_all] = cond_all,         [OP_is_null] = cond_is_null,
};

static void add_condition(struct sql *s, const struct filter *f)
{
    struct operand o = {.field = f->field, .column = f->field->id};
    char twin[64];
    o.twin = !f->field->type->empty && f->field->type->sort_twin &&
             f->field->flags & F_SORT;
    if (o.twin)
        o.column = arena_strdup(s->arena, field_sort_column(f->field, twin));
    conditions[f->op](s, &o, f);
}

bool query_is_searched(const struct field *f)
{
    bool text = f->type == &type_text || f->type == &type_longtext;
    for (int i = 0; text && f->flags & F_SEARCH && i < schema_entity_count; i++)
        if (field_find(schema_entities[i], f->id) == f)
            return field_find(schema_entities[i], "search_grams") != NULL;
    return false;
}

void query_filter(struct sql *s, const struct filter *f)
{
    sql_add(s, "(");
    if (f->kind == FILTER_COND)
        add_condition(s, f);
    for (int i = 0; f->kind != FILTER_COND && i < f->nchild; i++) {
        if (i)
            sql_add(s, f->kind == FILTER_AND ? " AND " : " OR ");
        query_filter(s, f->child[i]);
    }
    if (f->kind != FILTER_COND && f->nchild == 0)
        sql_add(s, f->kind == FILTER_AND ? "true" : "false");
    sql_add(s, ")");
}
