/* Filters as people write them, in the search line and on the command line:
 * `grade=A,B region:广东 start:2025-01..2025-06 科技`. */
#include "common/i18n.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "schema/filter_impl.h"
#include "schema/type.h"

#include <string.h>

#define TEXT_MAX 8192

/* One word of the text: a condition, or something to search for. */
struct token {
    const char *name;  /* NULL: to be searched for */
    const char *value; /* quotes still in it */
    const struct filter_sign *sign;
};

/* Bytes of a quote at `s`, 0 where there is none. */
static size_t quote_at(const char *s)
{
    if (*s == '"')
        return 1;
    return strncmp(s, "“", 3) == 0 || strncmp(s, "”", 3) == 0 ? 3 : 0;
}

/* Bytes of a quote or a backslash that stands for itself, since there is a
 * backslash before it; 0 where there is none. */
static size_t escape_at(const char *s)
{
    if (*s != '\\')
        return 0;
    return s[1] == '\\' ? 2 : quote_at(s + 1) > 0 ? 1 + quote_at(s + 1) : 0;
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
        size_t n = quote_at(s), kept = escape_at(s);
        quoted ^= n > 0;
        s += n > 0 ? n : kept > 0 ? kept : 1;
    }
    return s;
}

/* An address is a word to search for, although it holds a colon. */
static bool is_address(const char *sign)
{
    return strncmp(sign, "://", 3) == 0;
}

static struct token read_token(struct filter_reader *r, const char *s,
                               size_t len)
{
    char *word = arena_strndup(r->arena, s, len);
    struct token t = {.value = word};
    for (char *p = word; *p != '\0' && quote_at(p) == 0; p++) {
        const struct filter_sign *sign = filter_sign_at(p);
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
        size_t kept = escape_at(s), quote = quote_at(s);
        if (kept > 0)
            to = mempcpy(to, s + 1, kept - 1);
        else if (quote == 0)
            *to++ = *s;
        s += kept > 0 ? kept : quote > 0 ? quote : 1;
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
static size_t split_values(struct filter_reader *r, const char *s,
                           const char **out)
{
    size_t n = 0;
    bool quoted = false;
    for (const char *start = s;; s++) {
        size_t comma = quoted ? 0 : comma_at(s), quote = quote_at(s);
        size_t kept = escape_at(s);
        quoted ^= quote > 0;
        s += quote > 0 ? quote - 1 : kept > 0 ? kept - 1 : 0;
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

static bool read_values(struct filter_reader *r, const struct field *f,
                        const struct filter_sign *sign, const char *value)
{
    const char *pieces[FILTER_VALUES + 1];
    size_t n = split_values(r, value, pieces);
    return n > 0 ? sign->read(r, f, pieces, n) : filter_read_empty(r, f, sign);
}

static bool read_condition(struct filter_reader *r, const struct token *t)
{
    const struct field *f = field_named(r->entity, t->name);
    if (f == NULL || f->type->ops == 0)
        return filter_no_field(r, t->name);
    return read_values(r, f, t->sign, t->value);
}

static void add_search(struct filter_reader *r, const char *word)
{
    const char *text = unquoted(r->arena, word, strlen(word));
    if (*text == '\0')
        return;
    if (r->search.len > 0)
        buf_char(&r->search, ' ');
    buf_str(&r->search, text);
}

static bool read_words(struct filter_reader *r, const char *s)
{
    while (*s != '\0') {
        size_t blank = blank_at(s);
        s += blank;
        if (blank > 0)
            continue;
        const char *end = word_end(s);
        struct token t = read_token(r, s, (size_t)(end - s));
        r->word = arena_strndup(r->arena, s, (size_t)(end - s));
        if (t.name == NULL)
            add_search(r, t.value);
        else if (!read_condition(r, &t))
            return false;
        s = end;
    }
    return true;
}

bool filter_has_condition(const char *text)
{
    struct filter_reader r = {.arena = arena_new()};
    bool found = false;
    for (const char *s = text; *s != '\0' && !found;) {
        const char *end = word_end(s);
        found = end > s && read_token(&r, s, (size_t)(end - s)).name != NULL;
        s = end + (end == s ? blank_at(s) : 0);
    }
    arena_free(&r.arena);
    return found;
}

bool filter_from_text(const struct entity *e, struct arena *a, const char *text,
                      const struct names *names, struct filter **out,
                      const char **search, struct err *err)
{
    struct filter_reader r = {
        .entity = e, .arena = a, .names = names, .err = err};
    *out = NULL;
    *search = NULL;
    if (strlen(text) > TEXT_MAX || !utf8_valid(text, strlen(text)))
        return err_param(err, "filter", _("a shorter text"));
    r.all = filter_new_node(&r, FILTER_AND);
    bool good = read_words(&r, text);
    if (good && r.all->nchild > 0)
        *out = r.all->nchild == 1 ? r.all->child[0] : r.all;
    if (good && r.search.len > 0)
        *search = arena_strdup(a, buf_text(&r.search));
    buf_free(&r.search);
    return good;
}

bool filter_from_value(const struct entity *e, struct arena *a,
                       const struct field *f, const char *text,
                       const struct names *names, struct filter **out,
                       struct err *err)
{
    struct filter_reader r = {
        .entity = e, .arena = a, .names = names, .err = err, .word = text};
    *out = NULL;
    while (*text == ' ')
        text++;
    if (strlen(text) > TEXT_MAX || !utf8_valid(text, strlen(text)))
        return err_param(err, "filter", _("a shorter text"));
    const struct filter_sign *sign = filter_sign_at(text);
    const char *value = text + (sign != NULL ? strlen(sign->text) : 0);
    r.all = filter_new_node(&r, FILTER_AND);
    if (*text == '\0')
        return true;
    if (!read_values(&r, f, sign != NULL ? sign : filter_sign_at(":"), value))
        return false;
    *out = r.all->child[0];
    return true;
}
