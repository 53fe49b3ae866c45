/* The gate before cJSON: RFC 8259 to the letter, and stricter where cJSON
 * would quietly lose something (integers past 2^53, \u0000, equal keys).
 *
 * One pass, recursive over values, with the depth bounded first. Keys of the
 * objects that are open lie on one stack; when an object closes, its part of
 * the stack is sorted by hash and neighbours are compared, so that an object
 * with many keys costs n log n, and a small one next to nothing. */
#include "common/json_gate.h"

#include "common/i18n.h"
#include "common/mem.h"
#include "common/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_BYTES = 1 << 20, DEFAULT_DEPTH = 32, DEFAULT_KEYS = 1024 };

struct key {
    uint64_t hash;
    const char *text; /* unescaped */
    size_t len;
};

struct gate {
    const char *start, *p, *end;
    int depth, max_depth, max_keys;
    struct key *keys;
    size_t nkeys, cap;
    struct arena *arena; /* of unescaped keys; NULL until one is needed */
    bool long_number;
    struct err *err;
};

static bool fail(struct gate *g, const char *why)
{
    return err_set(g->err, ERR_parse_error,
                   _("Not valid JSON at byte %zu: %s."),
                   (size_t)(g->p - g->start) + 1, why);
}

static bool too_large(struct gate *g, const char *what, int limit)
{
    err_set(g->err, ERR_too_large, _("Too large: at most %d %s are allowed."),
            limit, what);
    err_data(g->err, "limit", cJSON_CreateNumber(limit));
    return false;
}

static void skip_blanks(struct gate *g)
{
    while (g->p < g->end &&
           (*g->p == ' ' || *g->p == '\n' || *g->p == '\t' || *g->p == '\r'))
        g->p++;
}

/* The next byte, '\0' at the end (a NUL in the text is never valid). */
static char peek(const struct gate *g)
{
    return g->p < g->end ? *g->p : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool hex4(const char *p, const char *end, uint32_t *out)
{
    uint32_t v = 0;
    if (end - p < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdef";
        char c = p[i] >= 'A' && p[i] <= 'F' ? (char)(p[i] | 0x20) : p[i];
        const char *at = c != '\0' ? strchr(digits, c) : NULL;
        if (at == NULL)
            return false;
        v = v << 4 | (uint32_t)(at - digits);
    }
    *out = v;
    return true;
}

/* Behind "\u": one code point, of one escape or a pair of them. */
static bool check_unicode(struct gate *g, uint32_t *cp)
{
    uint32_t low;
    if (!hex4(g->p, g->end, cp))
        return fail(g, _("\\u wants four hexadecimal digits"));
    if (*cp == 0)
        return fail(g, _("\\u0000 is not allowed"));
    g->p += 4;
    if (*cp < 0xd800 || *cp > 0xdfff)
        return true;
    if (*cp > 0xdbff || g->end - g->p < 6 || memcmp(g->p, "\\u", 2) != 0 ||
        !hex4(g->p + 2, g->end, &low) || low < 0xdc00 || low > 0xdfff)
        return fail(g, _("half of a surrogate pair"));
    *cp = 0x10000 + ((*cp - 0xd800) << 10) + (low - 0xdc00);
    g->p += 6;
    return true;
}

/* Behind a backslash. */
static bool check_escape(struct gate *g, uint32_t *cp)
{
    static const char plain[0x80] = {
        ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
        ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t'};
    unsigned char c = (unsigned char)peek(g);
    if (c == 'u') {
        g->p++;
        return check_unicode(g, cp);
    }
    if (c >= sizeof(plain) || plain[c] == '\0')
        return fail(g, _("unknown escape in a text"));
    *cp = (uint32_t)plain[c];
    g->p++;
    return true;
}

/* The byte that ends a run of ordinary ones: quote, backslash, control. */
static const char *run_end(const char *p, const char *end)
{
    while (p < end && (unsigned char)*p >= 0x20 && *p != '"' && *p != '\\')
        p++;
    return p;
}

/* From the opening quote to behind the closing one. */
static bool check_string(struct gate *g, bool *escaped)
{
    *escaped = false;
    g->p++;
    for (;;) {
        uint32_t cp;
        g->p = run_end(g->p, g->end);
        if (g->p == g->end)
            return fail(g, _("a text has no end"));
        if (*g->p == '"')
            break;
        if (*g->p != '\\')
            return fail(g, _("control character in a text"));
        g->p++;
        if (!check_escape(g, &cp))
            return false;
        *escaped = true;
    }
    g->p++;
    return true;
}

static bool skip_digits(struct gate *g)
{
    const char *first = g->p;
    while (is_digit(peek(g)))
        g->p++;
    return g->p > first;
}

/* |integer| within 2^53; the digits have been checked. */
static bool int_fits(const char *p, const char *end)
{
    int64_t v = 0;
    if (*p == '-')
        p++;
    if (end - p > 16)
        return false;
    for (; p < end; p++)
        v = v * 10 + (*p - '0');
    return v <= JSON_INT_MAX;
}

/* A number with fraction or exponent must not become infinite. Only a great
 * exponent or hundreds of digits can do that; the copy ends the number for
 * strtod where the text does not. */
static bool real_fits(const char *p, const char *end)
{
    const char *e = p;
    while (e < end && (*e | 0x20) != 'e')
        e++;
    if (e - p < 200 && end - e < 4)
        return true;
    char *copy = x_strndup(p, (size_t)(end - p));
    bool finite = isfinite(strtod(copy, NULL));
    x_free(&copy);
    return finite;
}

static bool check_number(struct gate *g)
{
    const char *first = g->p;
    bool real = false;
    if (*g->p == '-')
        g->p++;
    if (peek(g) == '0')
        g->p++;
    else if (!skip_digits(g))
        return fail(g, _("a digit was expected"));
    if (peek(g) == '.') {
        real = true;
        g->p++;
        if (!skip_digits(g))
            return fail(g, _("a digit was expected"));
    }
    if (peek(g) == 'e' || peek(g) == 'E') {
        real = true;
        g->p++;
        if (peek(g) == '+' || peek(g) == '-')
            g->p++;
        if (!skip_digits(g))
            return fail(g, _("a digit was expected"));
    }
    if (!(real ? real_fits(first, g->p) : int_fits(first, g->p)))
        return fail(g, _("a number is out of range"));
    g->long_number |= g->p - first > JSON_NUMBER_MAX;
    return true;
}

static bool check_word(struct gate *g, const char *word)
{
    size_t len = strlen(word);
    if ((size_t)(g->end - g->p) < len || memcmp(g->p, word, len) != 0)
        return fail(g, _("a value was expected"));
    g->p += len;
    return true;
}

/* The text of a key as it is meant; [p, end) is between the quotes. */
static void unescape_key(struct gate *g, struct key *k, const char *p,
                         const char *end)
{
    if (g->arena == NULL)
        g->arena = arena_new();
    char *out = arena_alloc(g->arena, (size_t)(end - p) + 1);
    struct gate inside = {.start = p, .p = p, .end = end};
    k->text = out;
    while (inside.p < end) {
        uint32_t cp = 0;
        if (*inside.p != '\\') {
            *out++ = *inside.p++;
            continue;
        }
        inside.p++;
        if (check_escape(&inside, &cp))
            out += utf8_encode(cp, out);
    }
    k->len = (size_t)(out - k->text);
}

static uint64_t hash_of(const char *p, size_t len)
{
    uint64_t h = 0xcbf29ce484222325ULL; /* FNV-1a */
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)p[i]) * 0x100000001b3ULL;
    return h;
}

static void push_key(struct gate *g, const char *p, const char *end,
                     bool escaped)
{
    if (g->nkeys == g->cap) {
        g->cap = g->cap > 0 ? g->cap * 2 : 32;
        g->keys = x_reallocarray(g->keys, g->cap, sizeof(*g->keys));
    }
    struct key *k = &g->keys[g->nkeys++];
    *k = (struct key){.text = p, .len = (size_t)(end - p)};
    if (escaped)
        unescape_key(g, k, p, end);
    k->hash = hash_of(k->text, k->len);
}

static int key_order(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->len != y->len)
        return x->len < y->len ? -1 : 1;
    return memcmp(x->text, y->text, x->len);
}

static bool keys_distinct(struct key *keys, size_t n)
{
    if (n > 8) {
        qsort(keys, n, sizeof(*keys), key_order);
        for (size_t i = 1; i < n; i++)
            if (key_order(&keys[i - 1], &keys[i]) == 0)
                return false;
        return true;
    }
    for (size_t i = 1; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (key_order(&keys[j], &keys[i]) == 0)
                return false;
    return true;
}

static bool check_key(struct gate *g, size_t first)
{
    bool escaped;
    if (g->nkeys - first >= (size_t)g->max_keys)
        return too_large(g, _("keys in an object"), g->max_keys);
    if (peek(g) != '"')
        return fail(g, _("a key was expected"));
    const char *text = g->p + 1;
    if (!check_string(g, &escaped))
        return false;
    push_key(g, text, g->p - 1, escaped);
    skip_blanks(g);
    if (peek(g) != ':')
        return fail(g, _("a colon was expected"));
    g->p++;
    return true;
}

static bool check_value(struct gate *g);

/* Behind a member of an object or an array: true where another follows,
 * *ended where the closing bracket came. */
static bool check_comma(struct gate *g, char close, bool *ended)
{
    skip_blanks(g);
    char c = peek(g);
    *ended = c == close;
    if (c != close && c != ',')
        return fail(g, close == ']' ? _("a comma or ] was expected")
                                    : _("a comma or } was expected"));
    g->p++;
    return true;
}

static bool check_object(struct gate *g)
{
    size_t first = g->nkeys;
    bool ended = false;
    g->p++;
    skip_blanks(g);
    if (peek(g) == '}') {
        g->p++;
        return true;
    }
    while (!ended) {
        skip_blanks(g);
        if (!check_key(g, first) || !check_value(g) ||
            !check_comma(g, '}', &ended))
            return false;
    }
    if (!keys_distinct(g->keys + first, g->nkeys - first))
        return fail(g, _("an object has the same key twice"));
    g->nkeys = first;
    return true;
}

static bool check_array(struct gate *g)
{
    bool ended = false;
    g->p++;
    skip_blanks(g);
    if (peek(g) == ']') {
        g->p++;
        return true;
    }
    while (!ended)
        if (!check_value(g) || !check_comma(g, ']', &ended))
            return false;
    return true;
}

static bool check_nested(struct gate *g)
{
    if (g->depth >= g->max_depth)
        return too_large(g, _("levels of nesting"), g->max_depth);
    g->depth++;
    bool ok = *g->p == '{' ? check_object(g) : check_array(g);
    g->depth--;
    return ok;
}

static bool check_value(struct gate *g)
{
    bool escaped;
    skip_blanks(g);
    switch (peek(g)) {
    case '{':
    case '[':
        return check_nested(g);
    case '"':
        return check_string(g, &escaped);
    case 't':
        return check_word(g, "true");
    case 'f':
        return check_word(g, "false");
    case 'n':
        return check_word(g, "null");
    default:
        if (peek(g) == '-' || is_digit(peek(g)))
            return check_number(g);
        return fail(g, _("a value was expected"));
    }
}

static bool check_document(struct gate *g)
{
    if (!utf8_valid(g->p, (size_t)(g->end - g->p)))
        return fail(g, _("the text is not valid UTF-8"));
    if (!check_value(g))
        return false;
    skip_blanks(g);
    return g->p == g->end || fail(g, _("something follows the value"));
}

bool json_gate(const char *text, size_t len, const struct json_limits *l,
               bool *long_number, struct err *e)
{
    static const struct json_limits none = {0};
    if (l == NULL)
        l = &none;
    size_t bytes = l->bytes > 0 ? l->bytes : DEFAULT_BYTES;
    struct gate g = {.start = text, .p = text, .end = text + len, .err = e};
    g.max_depth = l->depth > 0 ? l->depth : DEFAULT_DEPTH;
    g.max_keys = l->keys > 0 ? l->keys : DEFAULT_KEYS;
    if (g.max_depth > JSON_DEPTH_MAX)
        g.max_depth = JSON_DEPTH_MAX;
    *long_number = false;
    if (len > bytes)
        return too_large(&g, _("bytes"), (int)bytes);
    bool ok = check_document(&g);
    *long_number = g.long_number;
    x_free(&g.keys);
    arena_free(&g.arena);
    return ok;
}
