/* Lists of text: PostgreSQL array literals taken apart and put together, and
 * the type that holds plain text items. */
#include "common/json.h"
#include "common/utf8.h"
#include "schema/type_impl.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* PostgreSQL quotes an item under these conditions; doing the same keeps
 * equal lists equal as text. */
static bool needs_quotes(const char *s)
{
    return s[0] == '\0' || strpbrk(s, "{},\"\\ \t\n\v\f\r") != NULL ||
           strcasecmp(s, "NULL") == 0;
}

static size_t joined_size(const char *const *items, size_t n)
{
    size_t size = 3;
    for (size_t i = 0; i < n; i++)
        size += 2 * strlen(items[i]) + 3;
    return size;
}

static char *add_item(char *p, const char *s)
{
    bool quote = needs_quotes(s);
    if (quote)
        *p++ = '"';
    for (; *s != '\0'; s++) {
        if (*s == '"' || *s == '\\')
            *p++ = '\\';
        *p++ = *s;
    }
    if (quote)
        *p++ = '"';
    return p;
}

/* A quoted item from behind its first quote; NULL where it has no end. */
static const char *quoted_item(const char *p, struct buf *out)
{
    for (; *p != '"'; p++) {
        if (*p == '\\')
            p++;
        if (*p == '\0')
            return NULL;
        buf_char(out, *p);
    }
    return p + 1;
}

static const char *plain_item(const char *p, struct buf *out)
{
    size_t n = strcspn(p, ",{}\"\\");
    while (n > 0 && isspace((unsigned char)p[n - 1]))
        n--;
    if (n == 0 || (n == 4 && strncasecmp(p, "NULL", 4) == 0))
        return NULL;
    buf_add(out, p, n);
    return p + n;
}

static const char *skip_blanks(const char *p)
{
    while (isspace((unsigned char)*p))
        p++;
    return p;
}

/* The end of the text behind a closing brace, NULL where there is more, or
 * no brace. */
static const char *end_of_list(const char *p)
{
    if (*p != '}')
        return NULL;
    p = skip_blanks(p + 1);
    return *p == '\0' ? p : NULL;
}

/* The separators people use; blanks where they separate too. */
static bool separates(uint32_t cp, bool blanks)
{
    return cp == ',' || cp == 0xff0c || cp == 0x3001 || cp == ';' ||
           cp == 0xff1b || cp == '\n' || (blanks && (cp == ' '));
}

static const char *plain_name(void *ctx, const char *item)
{
    (void)ctx;
    return item;
}

static bool parse(const struct field *f, struct arena *a, const char *input,
                  const struct names *names, const char **out, struct err *e)
{
    (void)f, (void)names;
    const char *items[LIST_MAX];
    size_t n = 0, kept = 0;
    if (!type_clean(a, input, true, out, e))
        return false;
    if (*out != NULL)
        n = list_pieces(a, *out, false, items, LIST_MAX);
    for (size_t i = 0; i < n; i++)
        list_add(items, &kept, items[i]);
    *out = kept == 0 ? NULL : list_join(a, items, kept);
    return true;
}

static bool check(const struct field *f, const char *value, struct err *e)
{
    struct buf scratch = BUF_INIT;
    const char *at = value, *item;
    size_t n = 0, len, longest = 0;
    while (list_next(&at, &scratch, &item, &len)) {
        size_t length = utf8_length(item);
        longest = length > longest ? length : longest;
        n++;
    }
    buf_free(&scratch);
    if (longest > 200)
        return type_fault(e, "length", _("An item has at most %d characters."),
                          200);
    return list_check_count(f, n, e);
}

char *list_join(struct arena *a, const char *const *items, size_t n)
{
    char *out = arena_alloc(a, joined_size(items, n)), *p = out;
    *p++ = '{';
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            *p++ = ',';
        p = add_item(p, items[i]);
    }
    *p++ = '}';
    *p = '\0';
    return out;
}

bool list_next(const char **at, struct buf *scratch, const char **item,
               size_t *len)
{
    const char *p = *at;
    if (p == NULL || *p == '\0')
        return false;
    *at = NULL;
    if (*p != '{' && *p != ',')
        return false;
    bool first = *p == '{';
    p = skip_blanks(p + 1);
    if (first && *p == '}') {
        *at = end_of_list(p);
        return false;
    }
    buf_clear(scratch);
    p = *p == '"' ? quoted_item(p + 1, scratch) : plain_item(p, scratch);
    p = p == NULL ? NULL : skip_blanks(p);
    p = p != NULL && *p != ',' ? end_of_list(p) : p;
    *at = p;
    *item = buf_text(scratch);
    *len = scratch->len;
    return p != NULL;
}

bool list_split(struct arena *a, const char *text, const char ***items,
                size_t *n)
{
    struct buf scratch = BUF_INIT;
    size_t room = 1, len;
    const char *at = text, *item;
    for (const char *p = text; *p != '\0'; p++)
        room += *p == ',';
    *items = arena_array(a, room, sizeof(**items));
    *n = 0;
    while (list_next(&at, &scratch, &item, &len) && *n < room)
        (*items)[(*n)++] = arena_strndup(a, item, len);
    buf_free(&scratch);
    return text[0] == '{' && at != NULL && *at == '\0';
}

size_t list_pieces(struct arena *a, const char *input, bool blanks,
                   const char **out, size_t max)
{
    size_t n = 0, len = strlen(input);
    for (size_t at = 0, start = 0; at <= len && n < max;) {
        uint32_t cp = 0;
        size_t used = at < len ? utf8_decode(input + at, len - at, &cp) : 1;
        if (at == len || separates(cp, blanks)) {
            const char *piece = utf8_clean(a, input + start, at - start, false);
            if (piece != NULL && piece[0] != '\0')
                out[n++] = piece;
            start = at + used;
        }
        at += used;
    }
    return n;
}

void list_add(const char **items, size_t *n, const char *item)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(items[i], item) == 0)
            return;
    items[(*n)++] = item;
}

bool list_check_count(const struct field *f, size_t n, struct err *e)
{
    if ((int64_t)n < f->min)
        return type_fault(e, "length", _("Give at least %lld of them."),
                          (long long)f->min);
    if (f->max > 0 && (int64_t)n > f->max)
        return type_fault(e, "length",
                          _("Give at most %lld of them; these are %lld."),
                          (long long)f->max, (long long)n);
    return true;
}

const char *list_format_by(struct arena *a, const char *value,
                           const char *(*name)(void *ctx, const char *item),
                           void *ctx)
{
    struct buf scratch = BUF_INIT, out = BUF_INIT;
    const char *at = value, *item;
    size_t len;
    while (list_next(&at, &scratch, &item, &len)) {
        if (out.len > 0)
            buf_str(&out, _(", "));
        buf_str(&out, name(ctx, item));
    }
    const char *text = arena_strdup(a, buf_text(&out));
    buf_free(&scratch);
    buf_free(&out);
    return text;
}

const char *list_format(const struct field *f, struct arena *a,
                        const char *value, const struct names *names)
{
    (void)f, (void)names;
    return list_format_by(a, value, plain_name, NULL);
}

void list_to_json(const struct field *f, const char *value, size_t len,
                  const struct names *names, struct buf *out)
{
    (void)f, (void)len, (void)names;
    struct buf scratch = BUF_INIT;
    const char *at = value, *item;
    size_t size;
    char before = '[';
    while (list_next(&at, &scratch, &item, &size)) {
        buf_char(out, before);
        json_write_strn(out, item, size);
        before = ',';
    }
    buf_str(out, before == '[' ? "[]" : "]");
    buf_free(&scratch);
}

bool list_from_json(struct arena *a, const cJSON *item, const char ***items,
                    size_t *n, struct err *e)
{
    const cJSON *one;
    *n = 0;
    if (!cJSON_IsArray(item))
        return type_wrong_json(e, _("an array of strings"));
    size_t room = 0;
    cJSON_ArrayForEach(one, item) room++;
    if (room > LIST_MAX)
        return type_fault(e, "length", _("At most %d are possible."), LIST_MAX);
    *items = arena_array(a, room + 1, sizeof(**items));
    cJSON_ArrayForEach(one, item)
    {
        const char *text;
        if (!cJSON_IsString(one))
            return type_wrong_json(e, _("an array of strings"));
        if (!type_clean(a, one->valuestring, false, &text, e))
            return false;
        if (text != NULL)
            list_add(*items, n, text);
    }
    return true;
}

bool list_texts_from_json(const struct field *f, struct arena *a,
                          const cJSON *item, const char **out, struct err *e)
{
    (void)f;
    const char **items;
    size_t n;
    *out = NULL;
    if (type_json_null(item))
        return true;
    if (!list_from_json(a, item, &items, &n, e))
        return false;
    *out = n == 0 ? NULL : list_join(a, items, n);
    return true;
}

const struct type type_textlist = {
    .name = "textlist",
    .json = "array",
    .sql = "text[]",
    .empty = "{}",
    .sort_twin = "''",
    .sort_sql = "text",
    .list = true,
    .ops = OPS_LIST,
    .editor = EDITOR_text,
    .parse = parse,
    .format = list_format,
    .check = check,
    .from_json = list_texts_from_json,
    .to_json = list_to_json,
    .mask = type_mask_all,
};
