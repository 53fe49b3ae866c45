/* The words of a filter ("this month") as the days they mean now: each
 * operator on a span becomes one on its first or last value. */
#include "common/mem.h"
#include "schema/filter.h"
#include "schema/period.h"

#include <string.h>

struct resolver {
    struct arena *arena;
    const char *zone;
};

/* The span of a value that is a word; false where it is itself. */
static bool span_of(const struct resolver *r, const struct field *f,
                    const char *value, const char **low, const char **high)
{
    *low = *high = value;
    return value != NULL && f->type->period != NULL && period_is(value) &&
           f->type->period(f, r->arena, r->zone, value, low, high);
}

static struct filter *new_cond(const struct resolver *r, const struct field *f,
                               enum filter_op op, const char *first,
                               const char *second)
{
    struct filter *c = arena_alloc(r->arena, sizeof(*c));
    c->field = f;
    c->op = op;
    c->values = arena_array(r->arena, 2, sizeof(*c->values));
    c->values[0] = first;
    c->values[1] = second;
    c->nvalues = op == OP_between ? 2 : 1;
    return c;
}

static struct filter *new_node(const struct resolver *r, enum filter_kind kind,
                               size_t room)
{
    struct filter *f = arena_alloc(r->arena, sizeof(*f));
    f->kind = kind;
    f->child = arena_array(r->arena, room, sizeof(*f->child));
    return f;
}

/* Outside of a span: what is empty is as well. */
static struct filter *outside(const struct resolver *r, const struct field *f,
                              const char *low, const char *high)
{
    struct filter *either = new_node(r, FILTER_OR, 3);
    either->child[either->nchild++] = new_cond(r, f, OP_lt, low, NULL);
    either->child[either->nchild++] = new_cond(r, f, OP_gt, high, NULL);
    either->child[either->nchild++] = new_cond(r, f, OP_is_null, "t", NULL);
    return either;
}

static struct filter *resolve_value(const struct resolver *r,
                                    const struct filter *c, const char *value)
{
    const char *low, *high;
    bool word = span_of(r, c->field, value, &low, &high);
    bool not = c->op == OP_ne || c->op == OP_not_in;
    if (word)
        return not ? outside(r, c->field, low, high)
                   : new_cond(r, c->field, OP_between, low, high);
    return new_cond(r, c->field, not ? OP_ne : OP_eq, value, NULL);
}

/* A value, or several with words among them: one condition each. */
static struct filter *resolve_many(const struct resolver *r,
                                   const struct filter *c)
{
    bool not = c->op == OP_not_in || c->op == OP_ne;
    struct filter *node =
        new_node(r, not ? FILTER_AND : FILTER_OR, (size_t)c->nvalues);
    for (int i = 0; i < c->nvalues; i++)
        node->child[node->nchild++] = resolve_value(r, c, c->values[i]);
    return node->nchild == 1 ? node->child[0] : node;
}

static struct filter *resolve_low(const struct resolver *r,
                                  const struct filter *c)
{
    const char *low, *high;
    span_of(r, c->field, c->values[0], &low, &high);
    return new_cond(r, c->field, c->op, low, NULL);
}

static struct filter *resolve_high(const struct resolver *r,
                                   const struct filter *c)
{
    const char *low, *high;
    span_of(r, c->field, c->values[0], &low, &high);
    return new_cond(r, c->field, c->op, high, NULL);
}

static struct filter *resolve_between(const struct resolver *r,
                                      const struct filter *c)
{
    const char *low, *high, *rest;
    span_of(r, c->field, c->values[0], &low, &rest);
    span_of(r, c->field, c->values[1], &rest, &high);
    return new_cond(r, c->field, c->op, low, high);
}

static struct filter *(*const resolvers[OPS])(const struct resolver *r,
                                              const struct filter *c) = {
    [OP_eq] = resolve_many,         [OP_ne] = resolve_many,
    [OP_in] = resolve_many,         [OP_not_in] = resolve_many,
    [OP_lt] = resolve_low,          [OP_ge] = resolve_low,
    [OP_gt] = resolve_high,         [OP_le] = resolve_high,
    [OP_between] = resolve_between,
};

static bool has_word(const struct filter *c)
{
    for (int i = 0; c->field->type->period != NULL && i < c->nvalues; i++)
        if (c->values[i] != NULL && period_is(c->values[i]))
            return true;
    return false;
}

static void resolve_children(const struct resolver *r, struct filter *f)
{
    for (int i = 0; i < f->nchild; i++)
        f->child[i] = filter_resolve(r->arena, f->child[i], r->zone);
}

struct filter *filter_resolve(struct arena *a, struct filter *f,
                              const char *zone)
{
    const struct resolver r = {a, zone};
    if (f == NULL)
        return NULL;
    if (f->kind != FILTER_COND)
        resolve_children(&r, f);
    else if (resolvers[f->op] != NULL && has_word(f))
        return resolvers[f->op](&r, f);
    return f;
}
