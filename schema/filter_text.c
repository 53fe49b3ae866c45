/* Filters as people write them, in the search line and on the command line:
 * `grade=A,B region:广东 start:2025-01..2025-06 科技`. */
#include "common/i18n.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "schema/filter.h"
#include "schema/type_impl.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX 8192

struct reader {
    const struct entity *entity;
    struct arena *arena;
    const struct names *names;
    struct err *err;
    struct filter *all; /* FILTER_AND of what was read so far */
    struct buf search;
    int values;
};

/* One word of the text: a condition, or something to search for. */
struct token {
    const char *name;  /* NULL: to be searched for */
    const char *value; /* quotes still in it */
    const struct sign *sign;
};

typedef bool read_fn(struct reader *r, const struct field *f,
                     const char **pieces, size_t n);

/* --- conditions --- */

static struct filter *new_node(struct reader *r, enum filter_kind kind,
                               size_t room)
{
    struct filter *f = arena_alloc(r->arena, sizeof(*f));
    f->kind = kind;
    if (kind == FILTER_COND)
        f->values = arena_array(r->arena, room + 1, sizeof(*f->values));
    else
        f->child = arena_array(r->arena, room + 1, sizeof(*f->child));
    return f;
}

static struct filter *new_cond(struct reader *r, const struct field *f,
                               enum filter_op op, size_t room)
{
    struct filter *c = new_node(r, FILTER_COND, room);
    c->field = f;
    c->op = op;
    return c;
}

static bool add_to(struct reader *r, struct filter *node, struct filter *c)
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

static bool cannot(struct reader *r, const struct field *f)
{
    return err_param(r->err, f->id, _("a condition this field has"));
}

static bool parse_value(struct reader *r, const struct field *f,
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
static bool split_range(struct reader *r, const char *piece, const char **low,
                        const char **high)
{
    const char *dots = strstr(piece, "..");
    if (dots == NULL)
        return false;
    *low = arena_strndup(r->arena, piece, (size_t)(dots - piece));
    *high = dots + 2;
    return true;
}

/* The first and the last value of what was typed. */
static bool parse_span(struct reader *r, const struct field *f,
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
static struct filter *piece_cond(struct reader *r, const struct field *f,
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
    bool one = !range && strcmp(low, high) == 0;
    struct filter *c = new_cond(r, f, one ? OP_eq : OP_between, 2);
    c->values[c->nvalues++] = low;
    if (!one)
        c->values[c->nvalues++] = high;
    return c;
}

/* Several single values are one IN; with a range among them, an OR. */
static bool read_same(struct reader *r, const struct field *f,
                      const char **pieces, size_t n)
{
    struct filter *in = new_cond(r, f, OP_in, n);
    struct filter *either = new_node(r, FILTER_OR, FILTER_CONDITIONS);
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

static bool read_contains(struct reader *r, const struct field *f,
                          const char **pieces, size_t n)
{
    struct filter *either = new_node(r, FILTER_OR, FILTER_CONDITIONS);
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
static bool read_any(struct reader *r, const struct field *f,
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
static bool read_equal(struct reader *r, const struct field *f,
                       const char **pieces, size_t n)
{
    if (has(f, OP_any))
        return read_any(r, f, pieces, n);
    return has(f, OP_eq) ? read_same(r, f, pieces, n)
                         : read_contains(r, f, pieces, n);
}

/* `:`: looser, part of a text is enough. */
static bool read_colon(struct reader *r, const struct field *f,
                       const char **pieces, size_t n)
{
    return has(f, OP_contains) ? read_contains(r, f, pieces, n)
                               : read_equal(r, f, pieces, n);
}

static bool read_unequal(struct reader *r, const struct field *f,
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
static bool read_bound(struct reader *r, const struct field *f,
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

static bool read_lt(struct reader *r, const struct field *f, const char **v,
                    size_t n)
{
    return read_bound(r, f, v, n, OP_lt);
}

static bool read_le(struct reader *r, const struct field *f, const char **v,
                    size_t n)
{
    return read_bound(r, f, v, n, OP_le);
}

static bool read_gt(struct reader *r, const struct field *f, const char **v,
                    size_t n)
{
    return read_bound(r, f, v, n, OP_gt);
}

static bool read_ge(struct reader *r, const struct field *f, const char **v,
                    size_t n)
{
    return read_bound(r, f, v, n, OP_ge);
}

/* Longer signs first, so that `<=` is not read as `<`. `empty` is what the
 * sign means with nothing behind it: is_null true, false, or not allowed. */
static const struct sign {
    const char *text;
    read_fn *read;
    const char *empty;
} signs[] = {
    {"!=", read_unequal, "f"},  {"<=", read_le, NULL},
    {">=", read_ge, NULL},      {"≠", read_unequal, "f"},
    {"≤", read_le, NULL},       {"≥", read_ge, NULL},
    {"=", read_equal, "t"},     {"＝", read_equal, "t"},
    {":", read_colon, "t"},     {"：", read_colon, "t"},
    {"~", read_contains, NULL}, {"～", read_contains, NULL},
    {"<", read_lt, NULL},       {"＜", read_lt, NULL},
    {">", read_gt, NULL},       {"＞", read_gt, NULL},
};

/* --- words --- */

/* Bytes of a quote at `s`, 0 where there is none. */
static size_t quote_at(const char *s)
{
    if (*s == '"')
        return 1;
    return strncmp(s, "“", 3) == 0 || strncmp(s, "”", 3) == 0 ? 3 : 0;
}

static size_t blank_at(const char *s)
{
    if (*s == ' ' || *s == '\t' || *s == '\n')
        return 1;
    return strncmp(s, "　", 3) == 0 ? 3 : 0;
}

/* The end of the word at `s`: the next blank outside quotes. */
static const char *word_end(const char *s)
{
    bool quoted = false;
    while (*s != '\0' && (quoted || blank_at(s) == 0)) {
        size_t n = quote_at(s);
        quoted ^= n > 0;
        s += n > 0 ? n : 1;
    }
    return s;
}

static const struct sign *sign_at(const char *s)
{
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (strncmp(s, signs[i].text, strlen(signs[i].text)) == 0)
            return &signs[i];
    return NULL;
}

/* An address is a word to search for, although it holds a colon. */
static bool is_address(const char *sign)
{
    return strncmp(sign, "://", 3) == 0;
}

static struct token read_token(struct reader *r, const char *s, size_t len)
{
    char *word = arena_strndup(r->arena, s, len);
    struct token t = {.value = word};
    for (char *p = word; *p != '\0' && quote_at(p) == 0; p++) {
        const struct sign *sign = sign_at(p);
        if (sign == NULL)
            continue;
        if (p == word || is_address(p))
            return t;
        t.sign = sign;
        t.value = p + strlen(sign->text);
        t.name = arena_strndup(r->arena, word, (size_t)(p - word));
        return t;
    }
    return t;
}

/* A piece of the text as a value: without quotes, cleaned like all text from
 * outside (the whole was looked at: it is UTF-8). */
static const char *unquoted(struct arena *a, const char *s, size_t len)
{
    char *out = arena_alloc(a, len + 1), *to = out;
    for (const char *end = s + len; s < end;) {
        size_t n = quote_at(s);
        if (n == 0)
            *to++ = *s++;
        s += n;
    }
    const char *clean = utf8_clean(a, out, (size_t)(to - out), false);
    return clean == NULL ? "" : clean;
}

static size_t comma_at(const char *s)
{
    if (*s == ',')
        return 1;
    return strncmp(s, "，", 3) == 0 || strncmp(s, "、", 3) == 0 ? 3 : 0;
}

/* The values of a condition: at commas outside quotes. One more than allowed
 * is kept, to be refused. */
static size_t split_values(struct reader *r, const char *s, const char **out)
{
    size_t n = 0;
    bool quoted = false;
    for (const char *start = s;; s++) {
        size_t comma = quoted ? 0 : comma_at(s), quote = quote_at(s);
        quoted ^= quote > 0;
        s += quote > 0 ? quote - 1 : 0;
        if (comma == 0 && *s != '\0')
            continue;
        const char *piece = unquoted(r->arena, start, (size_t)(s - start));
        if (*piece != '\0' && n <= FILTER_VALUES)
            out[n++] = piece;
        if (*s == '\0')
            return n;
        start = s + comma;
        s = start - 1;
    }
}

static bool read_condition(struct reader *r, const struct token *t)
{
    const char *pieces[FILTER_VALUES + 1];
    const struct field *f = field_named(r->entity, t->name);
    if (f == NULL || f->type->ops == 0) {
        err_set(r->err, ERR_invalid_params, _("There is no field “%s”."),
                t->name);
        err_data(r->err, "path", cJSON_CreateString(t->name));
        return false;
    }
    size_t n = split_values(r, t->value, pieces);
    if (n > 0)
        return t->sign->read(r, f, pieces, n);
    if (t->sign->empty == NULL || !has(f, OP_is_null))
        return err_param(r->err, f->id, _("a value"));
    struct filter *c = new_cond(r, f, OP_is_null, 1);
    c->values[c->nvalues++] = t->sign->empty;
    return add_to(r, r->all, c);
}

static void add_search(struct reader *r, const char *word)
{
    const char *text = unquoted(r->arena, word, strlen(word));
    if (*text == '\0')
        return;
    if (r->search.len > 0)
        buf_char(&r->search, ' ');
    buf_str(&r->search, text);
}

static bool read_words(struct reader *r, const char *s)
{
    while (*s != '\0') {
        size_t blank = blank_at(s);
        s += blank;
        if (blank > 0)
            continue;
        const char *end = word_end(s);
        struct token t = read_token(r, s, (size_t)(end - s));
        if (t.name == NULL)
            add_search(r, t.value);
        else if (!read_condition(r, &t))
            return false;
        s = end;
    }
    return true;
}

bool filter_from_text(const struct entity *e, struct arena *a, const char *text,
                      const struct names *names, struct filter **out,
                      const char **search, struct err *err)
{
    struct reader r = {.entity = e, .arena = a, .names = names, .err = err};
    *out = NULL;
    *search = NULL;
    if (strlen(text) > TEXT_MAX || !utf8_valid(text, strlen(text)))
        return err_param(err, "filter", _("a shorter text"));
    r.all = new_node(&r, FILTER_AND, FILTER_CONDITIONS);
    bool good = read_words(&r, text);
    if (good && r.all->nchild > 0)
        *out = r.all->nchild == 1 ? r.all->child[0] : r.all;
    if (good && r.search.len > 0)
        *search = arena_strdup(a, buf_text(&r.search));
    buf_free(&r.search);
    return good;
}
