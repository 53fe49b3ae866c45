/* What the signs of a written filter mean: a field, a sign and values become
 * a condition, by what the type of the field can do. */
#include "common/i18n.h"
#include "common/mem.h"
#include "schema/filter_impl.h"
#include "schema/type_impl.h"

#include <string.h>

static struct filter *new_cond(struct filter_reader *r, const struct field *f,
                               enum filter_op op, size_t room)
{
    struct filter *c = arena_alloc(r->arena, sizeof(*c));
    c->field = f;
    c->op = op;
    c->values = arena_array(r->arena, room + 1, sizeof(*c->values));
    return c;
}

static bool add_to(struct filter_reader *r, struct filter *node,
                   struct filter *c)
{
    if (node->nchild == FILTER_CONDITIONS)
        return err_param(r->err, "filter", _("at most 64 conditions in all"));
    node->child[node->nchild++] = c;
    return true;
}

static bool has(const struct field *f, enum filter_op op)
{
    return (f->type->ops & 1u << op) != 0;
}

static bool cannot(struct filter_reader *r, const struct field *f)
{
    return err_param(r->err, f->id, _("a condition this field has"));
}

static bool parse_value(struct filter_reader *r, const struct field *f,
                        const char *text, const char **out)
{
    struct err e = {0};
    bool good =
        f->type->parse(f, r->arena, text, r->names, out, &e) && *out != NULL;
    if (!good)
        err_param(r->err, f->id,
                  e.message[0] == '\0' ? _("a value") : e.message);
    err_clear(&e);
    if (good && ++r->values > FILTER_VALUES)
        return err_param(r->err, f->id, _("at most 500 values in all"));
    return good;
}

/* `..` apart from the dots of a number: "a..b", "a..", "..b". */
static bool split_range(struct filter_reader *r, const char *piece,
                        const char **low, const char **high)
{
    const char *dots = strstr(piece, "..");
    if (dots == NULL)
        return false;
    *low = arena_strndup(r->arena, piece, (size_t)(dots - piece));
    *high = dots + 2;
    return true;
}

/* The first and the last value of what was typed. */
static bool parse_span(struct filter_reader *r, const struct field *f,
                       const char *text, const char **low, const char **high)
{
    if (f->type->period != NULL &&
        f->type->period(f, r->arena, text, low, high))
        return true;
    bool good = parse_value(r, f, text, low);
    *high = *low;
    return good;
}

/* One piece as a condition of its own: a range, a span, or a single value. */
static struct filter *piece_cond(struct filter_reader *r, const struct field *f,
                                 const char *piece)
{
    const char *from = piece, *to = piece, *low = NULL, *high = NULL, *rest;
    bool range = has(f, OP_between) && split_range(r, piece, &from, &to);
    if ((*from != '\0' && !parse_span(r, f, from, &low, &rest)) ||
        (*to != '\0' && !parse_span(r, f, to, &rest, &high)))
        return NULL;
    if (low == NULL && high == NULL) {
        err_param(r->err, f->id, _("a value"));
        return NULL;
    }
    bool one = !range && low != NULL && high != NULL && strcmp(low, high) == 0;
    struct filter *c = new_cond(r, f, one ? OP_eq : OP_between, 2);
    c->values[c->nvalues++] = low;
    if (!one)
        c->values[c->nvalues++] = high;
    return c;
}

/* Several single values are one IN; with a range among them, an OR. */
static bool read_same(struct filter_reader *r, const struct field *f,
                      const char **pieces, size_t n)
{
    struct filter *in = new_cond(r, f, OP_in, n);
    struct filter *either = filter_new_node(r, FILTER_OR);
    for (size_t i = 0; i < n; i++) {
        struct filter *c = piece_cond(r, f, pieces[i]);
        if (c == NULL)
            return false;
        if (c->op == OP_eq)
            in->values[in->nvalues++] = c->values[0];
        else if (!add_to(r, either, c))
            return false;
    }
    in->op = in->nvalues == 1 ? OP_eq : OP_in;
    if (in->nvalues > 0 && !add_to(r, either, in))
        return false;
    return add_to(r, r->all, either->nchild == 1 ? either->child[0] : either);
}

static bool read_contains(struct filter_reader *r, const struct field *f,
                          const char **pieces, size_t n)
{
    struct filter *either = filter_new_node(r, FILTER_OR);
    if (!has(f, OP_contains))
        return cannot(r, f);
    for (size_t i = 0; i < n; i++) {
        struct filter *c = new_cond(r, f, OP_contains, 1);
        c->values[c->nvalues++] = pieces[i];
        if (!add_to(r, either, c))
            return false;
    }
    return add_to(r, r->all, either->nchild == 1 ? either->child[0] : either);
}

/* Values of a list field: the type finds codes and ids one by one. */
static bool read_any(struct filter_reader *r, const struct field *f,
                     const char **pieces, size_t n)
{
    struct filter *c = new_cond(r, f, OP_any, n);
    for (size_t i = 0; i < n; i++) {
        const char *list, **items;
        size_t count;
        if (!parse_value(r, f, pieces[i], &list))
            return false;
        if (list_split(r->arena, list, &items, &count) && count == 1)
            c->values[c->nvalues++] = items[0];
    }
    return c->nvalues > 0 ? add_to(r, r->all, c) : cannot(r, f);
}

/* `=`: what equality means to the type. */
static bool read_equal(struct filter_reader *r, const struct field *f,
                       const char **pieces, size_t n)
{
    if (has(f, OP_any))
        return read_any(r, f, pieces, n);
    return has(f, OP_eq) ? read_same(r, f, pieces, n)
                         : read_contains(r, f, pieces, n);
}

/* `:`: looser, part of a text is enough. */
static bool read_colon(struct filter_reader *r, const struct field *f,
                       const char **pieces, size_t n)
{
    return has(f, OP_contains) ? read_contains(r, f, pieces, n)
                               : read_equal(r, f, pieces, n);
}

static bool read_unequal(struct filter_reader *r, const struct field *f,
                         const char **pieces, size_t n)
{
    struct filter *c = new_cond(r, f, n == 1 ? OP_ne : OP_not_in, n);
    if (!has(f, c->op))
        return cannot(r, f);
    for (size_t i = 0; i < n; i++)
        if (!parse_value(r, f, pieces[i], &c->values[c->nvalues++]))
            return false;
    return add_to(r, r->all, c);
}

/* `>` looks at the end of a span, `<` at its start: after 2025 is not within
 * 2025. */
static bool read_bound(struct filter_reader *r, const struct field *f,
                       const char **pieces, size_t n, enum filter_op op)
{
    const char *low, *high;
    struct filter *c = new_cond(r, f, op, 1);
    if (!has(f, op) || n != 1)
        return cannot(r, f);
    if (!parse_span(r, f, pieces[0], &low, &high))
        return false;
    bool end = op == OP_gt || op == OP_le;
    c->values[c->nvalues++] = end ? high : low;
    return add_to(r, r->all, c);
}

static bool read_lt(struct filter_reader *r, const struct field *f,
                    const char **v, size_t n)
{
    return read_bound(r, f, v, n, OP_lt);
}

static bool read_le(struct filter_reader *r, const struct field *f,
                    const char **v, size_t n)
{
    return read_bound(r, f, v, n, OP_le);
}

static bool read_gt(struct filter_reader *r, const struct field *f,
                    const char **v, size_t n)
{
    return read_bound(r, f, v, n, OP_gt);
}

static bool read_ge(struct filter_reader *r, const struct field *f,
                    const char **v, size_t n)
{
    return read_bound(r, f, v, n, OP_ge);
}

/* Longer signs first, so that `<=` is not read as `<`. */
static const struct filter_sign signs[] = {
    {"!=", read_unequal, "f"},  {"<=", read_le, NULL},
    {">=", read_ge, NULL},      {"≠", read_unequal, "f"},
    {"≤", read_le, NULL},       {"≥", read_ge, NULL},
    {"=", read_equal, "t"},     {"＝", read_equal, "t"},
    {":", read_colon, "t"},     {"：", read_colon, "t"},
    {"~", read_contains, NULL}, {"～", read_contains, NULL},
    {"<", read_lt, NULL},       {"＜", read_lt, NULL},
    {">", read_gt, NULL},       {"＞", read_gt, NULL},
};

const struct filter_sign *filter_sign_at(const char *s)
{
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (strncmp(s, signs[i].text, strlen(signs[i].text)) == 0)
            return &signs[i];
    return NULL;
}

bool filter_read_empty(struct filter_reader *r, const struct field *f,
                       const struct filter_sign *sign)
{
    if (sign->empty == NULL || !has(f, OP_is_null))
        return err_param(r->err, f->id, _("a value"));
    struct filter *c = new_cond(r, f, OP_is_null, 1);
    c->values[c->nvalues++] = sign->empty;
    return add_to(r, r->all, c);
}

struct filter *filter_new_node(struct filter_reader *r, enum filter_kind kind)
{
    struct filter *f = arena_alloc(r->arena, sizeof(*f));
    f->kind = kind;
    f->child = arena_array(r->arena, FILTER_CONDITIONS + 1, sizeof(*f->child));
    return f;
}
