/* What the signs of a written filter mean: a field, a sign and values become
 * a condition, by what the type of the field can do. */
#include "common/i18n.h"
#include "common/mem.h"
#include "schema/filter_impl.h"
#include "schema/period.h"
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

static bool parse_value(struct filter_reader *r, const struct field *f,
                        const char *text, const char **out)
{
    struct err e = {0};
    bool good =
        f->type->parse(f, r->arena, text, r->names, out, &e) && *out != NULL;
    if (!good)
        filter_no_value(r, f, e.message);
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

/* A word that moves with the calendar is kept as it is. */
static const char *find_word(struct filter_reader *r, const struct field *f,
                             const char *text)
{
    return f->type->period != NULL ? period_find(r->arena, text) : NULL;
}

/* The first and the last value of what was typed; of a word both are it. */
static bool parse_span(struct filter_reader *r, const struct field *f,
                       const char *text, const char **low, const char **high)
{
    *low = *high = find_word(r, f, text);
    if (*low != NULL)
        return true;
    if (f->type->period != NULL &&
        f->type->period(f, r->arena, NULL, text, low, high))
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
        filter_no_value(r, f, "");
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

static bool read_part(struct filter_reader *r, const struct field *f,
                      const char **pieces, size_t n, enum filter_op op)
{
    struct filter *either = filter_new_node(r, FILTER_OR);
    if (!has(f, op))
        return filter_cannot(r, f);
    for (size_t i = 0; i < n; i++) {
        struct filter *c = new_cond(r, f, op, 1);
        c->values[c->nvalues++] = pieces[i];
        if (!add_to(r, either, c))
            return false;
    }
    return add_to(r, r->all, either->nchild == 1 ? either->child[0] : either);
}

static bool read_contains(struct filter_reader *r, const struct field *f,
                          const char **pieces, size_t n)
{
    return read_part(r, f, pieces, n, OP_contains);
}

static bool read_starts(struct filter_reader *r, const struct field *f,
                        const char **pieces, size_t n)
{
    return read_part(r, f, pieces, n, OP_starts);
}

/* Values of a list field: the type finds codes and ids one by one. */
static bool read_items(struct filter_reader *r, const struct field *f,
                       const char **pieces, size_t n, enum filter_op op)
{
    struct filter *c = new_cond(r, f, op, n);
    if (!has(f, op))
        return filter_cannot(r, f);
    for (size_t i = 0; i < n; i++) {
        const char *list, **items;
        size_t count;
        if (!parse_value(r, f, pieces[i], &list))
            return false;
        if (!list_split(r->arena, list, &items, &count) || count != 1)
            continue;
        size_t kept = (size_t)c->nvalues;
        list_add(c->values, &kept, items[0]);
        c->nvalues = (int)kept;
    }
    return c->nvalues > 0 ? add_to(r, r->all, c) : filter_no_value(r, f, "");
}

static bool read_any(struct filter_reader *r, const struct field *f,
                     const char **pieces, size_t n)
{
    return read_items(r, f, pieces, n, OP_any);
}

static bool read_all(struct filter_reader *r, const struct field *f,
                     const char **pieces, size_t n)
{
    return read_items(r, f, pieces, n, OP_all);
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
        return filter_cannot(r, f);
    for (size_t i = 0; i < n; i++) {
        const char *word = find_word(r, f, pieces[i]);
        if (word == NULL && !parse_value(r, f, pieces[i], &word))
            return false;
        c->values[c->nvalues++] = word;
    }
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
        return filter_cannot(r, f);
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
    {"!=", read_unequal, "f", OP_ne, OP_is_null},
    {"<=", read_le, NULL, OP_le, OPS},
    {">=", read_ge, NULL, OP_ge, OPS},
    {"^=", read_starts, NULL, OP_starts, OPS},
    {"&=", read_all, NULL, OP_all, OPS},
    {"≠", read_unequal, "f", OP_ne, OP_is_null},
    {"≤", read_le, NULL, OP_le, OPS},
    {"≥", read_ge, NULL, OP_ge, OPS},
    {"=", read_equal, "t", OP_eq, OP_any},
    {"＝", read_equal, "t", OP_eq, OP_any},
    {":", read_colon, "t", OP_contains, OPS},
    {"：", read_colon, "t", OP_contains, OPS},
    {"~", read_contains, NULL, OP_contains, OPS},
    {"～", read_contains, NULL, OP_contains, OPS},
    {"<", read_lt, NULL, OP_lt, OPS},
    {"＜", read_lt, NULL, OP_lt, OPS},
    {">", read_gt, NULL, OP_gt, OPS},
    {"＞", read_gt, NULL, OP_gt, OPS},
};

enum { SIGNS = sizeof(signs) / sizeof(signs[0]) };

const struct filter_sign *filter_sign(int i)
{
    return i >= 0 && i < SIGNS ? &signs[i] : NULL;
}

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
        return filter_no_value(r, f, "");
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
