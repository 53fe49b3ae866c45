/* A filter back into words: the text that filter_from_text reads, and what
 * chips and forms tell people. */
#include "common/i18n.h"
#include "common/mem.h"
#include "schema/filter.h"
#include "schema/period.h"
#include "schema/type_impl.h"

#include <string.h>

enum { DATE_CELLS = 10 }; /* of a date at the start of a shown time */

/* One saying: as a text to be read back, or to people. */
struct say {
    struct arena *arena;
    const struct entity *entity;
    const struct names *names;
    bool text;
    int most; /* values told; 0: all */
};

/* --- one value --- */

static const char *in_list(const struct say *s, const struct field *f,
                           const char *value)
{
    const char *one[] = {value};
    return f->type->list ? list_join(s->arena, one, 1) : value;
}

/* The label, where the reader of texts takes it for this very value. */
static const char *checked_label(const struct say *s, const struct field *f,
                                 const char *value, const char *label)
{
    const char *canonical = in_list(s, f, value), *back = NULL;
    struct err e = {0};
    bool same = f->type->parse(f, s->arena, label, s->names, &back, &e) &&
                back != NULL && strcmp(back, canonical) == 0;
    err_clear(&e);
    return same ? label : value;
}

static const char *say_word(const struct say *s, const char *word)
{
    const char *label = period_label(s->arena, word);
    return s->text && strchr(label, ' ') != NULL ? word : label;
}

static const char *say_value(const struct say *s, const struct field *f,
                             const char *value)
{
    if (f->type->period != NULL && period_is(value))
        return say_word(s, value);
    bool named =
        f->options != NULL || f->ref != NULL || f->type->editor == EDITOR_bool;
    if (s->text && !named)
        return value;
    const char *label =
        f->type->format(f, s->arena, in_list(s, f, value), s->names);
    return s->text ? checked_label(s, f, value, label) : label;
}

/* --- spans: as short as they can be said --- */

/* The day, month or year (its first `cells` letters) in which a value lies,
 * where that begins (or ends) with it; NULL. */
static const char *whole(const struct say *s, const struct field *f,
                         const char *value, int cells, bool end)
{
    const char *low, *high;
    const char *shown = f->type->format(f, s->arena, value, s->names);
    if (f->type->period == NULL || strlen(shown) < DATE_CELLS)
        return NULL;
    const char *part = arena_strndup(s->arena, shown, (size_t)cells);
    if (!f->type->period(f, s->arena, NULL, part, &low, &high) ||
        strcmp(end ? high : low, value) != 0)
        return NULL;
    return part;
}

static const char *say_bound(const struct say *s, const struct field *f,
                             const char *value, bool end)
{
    const char *day = NULL;
    if (value == NULL)
        return "";
    if (f->type->period != NULL && !period_is(value))
        day = whole(s, f, value, DATE_CELLS, end);
    return day != NULL ? day : say_value(s, f, value);
}

/* "2025", "2025-01..2025-06": both ends in the same unit. */
static const char *say_span(const struct say *s, const struct filter *c)
{
    static const int units[] = {4, 7, DATE_CELLS};
    const struct field *f = c->field;
    const char *low = c->values[0], *high = c->values[1];
    bool plain = f->type->period != NULL && low != NULL && high != NULL &&
                 !period_is(low) && !period_is(high);
    for (size_t i = 0; plain && i < sizeof(units) / sizeof(units[0]); i++) {
        const char *from = whole(s, f, low, units[i], false);
        const char *to = whole(s, f, high, units[i], true);
        if (from == NULL || to == NULL)
            continue;
        /* One day would be read as an equality. */
        bool one = strcmp(from, to) == 0 && strcmp(low, high) != 0;
        return one ? from : arena_printf(s->arena, "%s..%s", from, to);
    }
    return arena_printf(s->arena, "%s..%s", say_bound(s, f, low, false),
                        say_bound(s, f, high, true));
}

/* --- the text --- */

/* Nothing in it could mean something else than itself. */
static bool is_safe(const char *text)
{
    static const char plain[] = "-_.+#%/:";
    static const char *const wide[] = {"　", "，", "、", "“", "”"};
    bool safe = *text != '\0' && *text != '/' && *text != '.';
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p | 32;
        safe = safe && ((unsigned char)*p >= 0x80 || (c >= 'a' && c <= 'z') ||
                        (*p >= '0' && *p <= '9') || strchr(plain, *p) != NULL);
    }
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
        safe = safe && strstr(text, wide[i]) == NULL;
    return safe;
}

static const char *in_quotes(const struct say *s, const char *text)
{
    struct buf out = BUF_INIT;
    buf_char(&out, '"');
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\' || strncmp(p, "“", 3) == 0 ||
            strncmp(p, "”", 3) == 0)
            buf_char(&out, '\\');
        buf_char(&out, *p);
    }
    buf_char(&out, '"');
    const char *done = arena_strdup(s->arena, buf_text(&out));
    buf_free(&out);
    return done;
}

static const char *quoted(const struct say *s, const char *text)
{
    return is_safe(text) ? text : in_quotes(s, text);
}

static const char *field_name(const struct say *s, const struct field *f)
{
    const char *label = _(f->label);
    bool plain =
        strcmp(quoted(s, label), label) == 0 && strpbrk(label, ":=") == NULL;
    return plain && field_named(s->entity, label) == f ? label : f->id;
}

static bool has(const struct field *f, enum filter_op op)
{
    return (f->type->ops & 1u << op) != 0;
}

/* What stands between field and values; "": equality as the type has it. */
static const char *const signs[OPS] = {
    [OP_eq] = "",    [OP_in] = "",        [OP_between] = "",
    [OP_any] = "",   [OP_ne] = "!=",      [OP_not_in] = "!=",
    [OP_lt] = "<",   [OP_le] = "<=",      [OP_gt] = ">",
    [OP_ge] = ">=",  [OP_contains] = "~", [OP_starts] = "^=",
    [OP_all] = "&=", [OP_is_null] = "",
};

static const char *sign_of(const struct filter *c)
{
    const char *sign = signs[c->op];
    if (c->op == OP_is_null && c->values[0][0] == 'f')
        return "!=";
    if (*sign != '\0')
        return sign;
    return has(c->field, OP_contains) ? "=" : ":";
}

static void add_pieces(const struct say *s, const struct filter *c,
                       struct buf *out)
{
    const char *before = "";
    if (c->op == OP_between) {
        buf_str(out, say_span(s, c));
        return;
    }
    for (int i = 0; c->op != OP_is_null && i < c->nvalues; i++) {
        buf_str(out, before);
        buf_str(out, quoted(s, say_value(s, c->field, c->values[i])));
        before = ",";
    }
}

/* A branch is one word where all of it is about one field with one sign. */
static bool is_one_word(const struct filter *f)
{
    const struct filter *first = f->child[0];
    for (int i = 0; i < f->nchild; i++) {
        const struct filter *c = f->child[i];
        if (c->kind != FILTER_COND || c->field != first->field ||
            c->op == OP_is_null || c->op == OP_any || c->op == OP_all ||
            c->op == OP_ne || c->op == OP_not_in ||
            strcmp(sign_of(c), sign_of(first)) != 0 ||
            (c->op >= OP_lt && c->op <= OP_ge))
            return false;
    }
    return true;
}

static bool add_text(const struct say *s, const struct filter *f,
                     struct buf *out)
{
    if (f->kind == FILTER_AND) {
        for (int i = 0; i < f->nchild; i++)
            if (!add_text(s, f->child[i], out))
                return false;
        return true;
    }
    if (f->kind == FILTER_OR && !is_one_word(f))
        return false;
    const struct filter *first = f->kind == FILTER_OR ? f->child[0] : f;
    const char *before = "";
    if (out->len > 0)
        buf_char(out, ' ');
    buf_str(out, field_name(s, first->field));
    buf_str(out, sign_of(first));
    for (int i = 0; f->kind == FILTER_OR && i < f->nchild; i++) {
        buf_str(out, before);
        add_pieces(s, f->child[i], out);
        before = ",";
    }
    if (f->kind == FILTER_COND)
        add_pieces(s, f, out);
    return true;
}

/* Is this found again as what to search for, and nothing else? */
static bool is_plain_search(const struct say *s, const char *search)
{
    struct filter *f = NULL;
    const char *again = NULL;
    bool good = filter_from_text(s->entity, s->arena, search, s->names, &f,
                                 &again, NULL);
    return good && f == NULL && again != NULL && strcmp(again, search) == 0;
}

const char *filter_to_text(const struct entity *e, struct arena *a,
                           const struct filter *f, const char *search,
                           const struct names *names)
{
    struct say s = {.arena = a, .entity = e, .names = names, .text = true};
    struct buf out = BUF_INIT;
    bool good = f == NULL || add_text(&s, f, &out);
    if (search != NULL && *search != '\0') {
        bool plain = is_plain_search(&s, search);
        if (out.len > 0)
            buf_char(&out, ' ');
        buf_str(&out, plain ? search : in_quotes(&s, search));
    }
    const char *text = good ? arena_strdup(a, buf_text(&out)) : NULL;
    buf_free(&out);
    return text;
}

/* --- to people --- */

static const char *say_many(const struct say *s, const struct filter *c)
{
    struct buf out = BUF_INIT;
    int shown = s->most > 0 && c->nvalues > s->most ? s->most : c->nvalues;
    for (int i = 0; i < shown; i++) {
        if (i > 0)
            buf_char(&out, ',');
        buf_str(&out, say_value(s, c->field, c->values[i]));
    }
    if (shown < c->nvalues)
        buf_printf(&out, "+%d", c->nvalues - shown);
    const char *text = arena_strdup(s->arena, buf_text(&out));
    buf_free(&out);
    return text;
}

static const char *say_range(const struct say *s, const struct filter *c)
{
    if (c->values[1] == NULL)
        return arena_printf(s->arena, "≥ %s",
                            say_bound(s, c->field, c->values[0], false));
    if (c->values[0] == NULL)
        return arena_printf(s->arena, "≤ %s",
                            say_bound(s, c->field, c->values[1], true));
    return say_span(s, c);
}

static const char *say_compared(const struct say *s, const struct filter *c)
{
    static const char *const words[OPS] = {
        [OP_lt] = "<", [OP_le] = "≤", [OP_gt] = ">", [OP_ge] = "≥"};
    bool end = c->op == OP_le || c->op == OP_gt;
    return arena_printf(s->arena, "%s %s", words[c->op],
                        say_bound(s, c->field, c->values[0], end));
}

static const char *say_not(const struct say *s, const struct filter *c)
{
    return arena_printf(s->arena, _("not %s"), say_many(s, c));
}

static const char *say_all(const struct say *s, const struct filter *c)
{
    return arena_printf(s->arena, _("all of %s"), say_many(s, c));
}

static const char *say_contains(const struct say *s, const struct filter *c)
{
    return arena_printf(s->arena, "“%s”", c->values[0]);
}

static const char *say_starts(const struct say *s, const struct filter *c)
{
    return arena_printf(s->arena, _("“%s” first"), c->values[0]);
}

static const char *say_null(const struct say *s, const struct filter *c)
{
    (void)s;
    return c->values[0][0] == 't' ? _("empty") : _("not empty");
}

static const char *(*const sayers[OPS])(const struct say *s,
                                        const struct filter *c) = {
    [OP_eq] = say_many,       [OP_ne] = say_not,
    [OP_in] = say_many,       [OP_not_in] = say_not,
    [OP_lt] = say_compared,   [OP_le] = say_compared,
    [OP_gt] = say_compared,   [OP_ge] = say_compared,
    [OP_between] = say_range, [OP_contains] = say_contains,
    [OP_starts] = say_starts, [OP_any] = say_many,
    [OP_all] = say_all,       [OP_is_null] = say_null,
};

const struct field *filter_about(const struct filter *f)
{
    if (f->kind == FILTER_COND)
        return f->field;
    const struct field *field =
        f->nchild > 0 ? filter_about(f->child[0]) : NULL;
    for (int i = 1; i < f->nchild; i++)
        if (filter_about(f->child[i]) != field)
            return NULL;
    return field;
}

static const char *say(const struct say *s, const struct filter *f, bool label);

/* Branches in their order; nested ones in brackets. */
static const char *say_branches(const struct say *s, const struct filter *f,
                                bool label)
{
    struct buf out = BUF_INIT;
    for (int i = 0; i < f->nchild; i++) {
        const struct filter *c = f->child[i];
        bool nested = c->kind != FILTER_COND;
        if (i > 0)
            buf_str(&out, f->kind == FILTER_OR ? _(" or ") : _(" and "));
        buf_str(&out, nested ? "(" : "");
        buf_str(&out, say(s, c, label));
        buf_str(&out, nested ? ")" : "");
    }
    const char *text = arena_strdup(s->arena, buf_text(&out));
    buf_free(&out);
    return text;
}

static const char *say(const struct say *s, const struct filter *f, bool label)
{
    const struct field *about = filter_about(f);
    const char *values = f->kind == FILTER_COND
                             ? sayers[f->op](s, f)
                             : say_branches(s, f, label && about == NULL);
    return label && about != NULL
               ? arena_printf(s->arena, "%s %s", _(about->label), values)
               : values;
}

const char *filter_say(struct arena *a, const struct filter *f,
                       const struct names *names, int most)
{
    const struct say s = {.arena = a, .names = names, .most = most};
    return say(&s, f, true);
}

const char *filter_say_values(struct arena *a, const struct filter *f,
                              const struct names *names, int most)
{
    const struct say s = {.arena = a, .names = names, .most = most};
    return say(&s, f, false);
}
