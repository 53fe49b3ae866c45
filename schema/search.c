/* The documents of quick search and the grams they are found by.
 *
 * A name is stored as lines: its folded text without blanks, its pinyin, its
 * initials. A needle is folded the same way and found by LIKE, so that 艾维,
 * aiwei and aw all find 深圳艾维. The index holds the grams of all lines: every
 * character, every pair of neighbours; of phones every three digits. They are
 * int4 in ranges of their own, so that phones can be left out for those who
 * see them masked:
 *     1 … 0x10ffff            one character, its code point
 *     0x40000000 … 0x7fffffff two characters, hashed
 *     -1000 … -1              three digits of a phone, -1 - their number
 *     … -2000                 the host of a site, hashed */
#include "schema/search.h"
#include "common/buf.h"
#include "common/mem.h"
#include "common/pinyin.h"
#include "common/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define NEEDLE_MAX   64 /* code points */
#define PHONE_DIGITS 3

struct grams {
    struct arena *arena;
    int32_t *at;
    int n, room;
};

static int32_t pair_gram(uint32_t a, uint32_t b)
{
    uint32_t h = a * 0x9e3779b1u ^ b * 0x85ebca6bu;
    h ^= h >> 15;
    h *= 0x2c1b3c6du;
    h ^= h >> 13;
    return (int32_t)(0x40000000u | (h & 0x3fffffffu));
}

static void grams_add(struct grams *g, int32_t gram)
{
    if (g->n == g->room) {
        int room = g->room == 0 ? 64 : 2 * g->room;
        int32_t *more = arena_array(g->arena, (size_t)room, sizeof(*more));
        if (g->n > 0)
            memcpy(more, g->at, (size_t)g->n * sizeof(*more));
        g->at = more;
        g->room = room;
    }
    g->at[g->n++] = gram;
}

/* Characters of one line and pairs of neighbours, as asked for. */
static void grams_of_line(struct grams *g, const char *line, bool ones,
                          bool pairs)
{
    uint32_t before = 0, cp;
    for (size_t at = 0, len = strlen(line); at < len; before = cp) {
        at += utf8_decode(line + at, len - at, &cp);
        if (ones)
            grams_add(g, (int32_t)cp);
        if (pairs && before != 0)
            grams_add(g, pair_gram(before, cp));
    }
}

static void grams_of_digits(struct grams *g, const char *digits)
{
    for (size_t i = 0; i + PHONE_DIGITS <= strlen(digits); i++) {
        const char *d = digits + i;
        int n = (d[0] - '0') * 100 + (d[1] - '0') * 10 + (d[2] - '0');
        grams_add(g, -1 - n);
    }
}

static int compare_grams(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void grams_distinct(struct grams *g)
{
    int kept = 0;
    if (g->n > 1)
        qsort(g->at, (size_t)g->n, sizeof(*g->at), compare_grams);
    for (int i = 0; i < g->n; i++)
        if (kept == 0 || g->at[i] != g->at[kept - 1])
            g->at[kept++] = g->at[i];
    g->n = kept;
}

/* Blanks go, since nobody remembers where a name has them. What they kept
 * apart (an accent standing alone) may join then, hence the second folding. */
static char *folded(struct arena *a, const char *text)
{
    char *out = utf8_fold(a, text), *to = out;
    for (const char *s = out; *s != '\0'; s++)
        if (!isspace((unsigned char)*s))
            *to++ = *s;
    *to = '\0';
    return utf8_fold(a, out);
}

static char *digits_of(struct arena *a, const char *phone)
{
    char *out = utf8_fold(a, phone), *to = out;
    for (const char *s = out; *s != '\0'; s++)
        if (isdigit((unsigned char)*s))
            *to++ = *s;
    *to = '\0';
    return out;
}

static void add_line(struct buf *text, struct grams *g, const char *line)
{
    if (*line == '\0')
        return;
    if (text->len > 0)
        buf_char(text, '\n');
    buf_str(text, line);
    grams_of_line(g, line, true, true);
}

/* A text without Chinese is its own pinyin: one line is enough. */
static void add_name(struct arena *a, struct buf *text, struct grams *g,
                     const char *name)
{
    const char *plain = folded(a, name);
    const char *full = folded(a, pinyin_full(a, plain));
    add_line(text, g, plain);
    if (strcmp(full, plain) == 0)
        return;
    add_line(text, g, full);
    add_line(text, g, folded(a, pinyin_initials(a, plain)));
}

void search_doc(struct arena *a, const char *const *names, int nnames,
                const char *const *phones, int nphones, struct search_doc *out)
{
    struct grams g = {.arena = a};
    struct buf text = BUF_INIT, digits = BUF_INIT;
    for (int i = 0; i < nnames; i++)
        if (names[i] != NULL)
            add_name(a, &text, &g, names[i]);
    for (int i = 0; i < nphones; i++) {
        const char *d = phones[i] == NULL ? "" : digits_of(a, phones[i]);
        if (*d == '\0')
            continue;
        if (digits.len > 0)
            buf_char(&digits, '\n');
        buf_str(&digits, d);
        grams_of_digits(&g, d);
    }
    grams_distinct(&g);
    out->text = arena_strdup(a, buf_text(&text));
    out->phones = arena_strdup(a, buf_text(&digits));
    out->grams = g.at;
    out->ngrams = g.n;
    buf_free(&text);
    buf_free(&digits);
}

void search_doc_texts(struct arena *a, const char *const *names, int nnames,
                      const char *const *texts, int ntexts,
                      struct search_doc *out)
{
    struct grams g = {.arena = a};
    struct buf text = BUF_INIT;
    for (int i = 0; i < nnames; i++)
        if (names[i] != NULL)
            add_name(a, &text, &g, names[i]);
    for (int i = 0; i < ntexts; i++)
        if (texts[i] != NULL)
            add_line(&text, &g, folded(a, texts[i]));
    grams_distinct(&g);
    *out = (struct search_doc){.text = arena_strdup(a, buf_text(&text)),
                               .phones = "",
                               .grams = g.at,
                               .ngrams = g.n};
    buf_free(&text);
}

int search_pairs(struct arena *a, const char *name, const int32_t **out)
{
    struct grams g = {.arena = a};
    grams_of_line(&g, folded(a, name), false, true);
    *out = g.at;
    return g.n;
}

int32_t search_host_gram(const char *host)
{
    uint32_t h = 2166136261u;
    for (; *host != '\0'; host++)
        h = (h ^ (unsigned char)*host) * 16777619u;
    return -2000 - (int32_t)(h % 0x3fff0000u);
}

/* The kinds of brackets that names are written with, beside ( and ), which
 * the full-width ones fold to. */
static char bracket_twin(uint32_t cp)
{
    static const uint32_t opening[] = {'[',    '{',    '<',    0x3010, 0x3014,
                                       0x3008, 0x300a, 0x300c, 0x300e, 0x3016};
    static const uint32_t closing[] = {']',    '}',    '>',    0x3011, 0x3015,
                                       0x3009, 0x300b, 0x300d, 0x300f, 0x3017};
    for (size_t i = 0; i < sizeof(opening) / sizeof(opening[0]); i++) {
        if (cp == opening[i])
            return '(';
        if (cp == closing[i])
            return ')';
    }
    return '\0';
}

char *search_name_key(struct arena *a, const char *name)
{
    const char *text = folded(a, name);
    size_t len = strlen(text), n = 0;
    char *out = arena_alloc(a, len + 1);
    for (size_t at = 0; at < len;) {
        uint32_t cp;
        size_t used = utf8_decode(text + at, len - at, &cp);
        char twin = bracket_twin(cp);
        if (twin != '\0')
            out[n++] = twin;
        else {
            memcpy(out + n, text + at, used);
            n += used;
        }
        at += used;
    }
    return out;
}

/* Digits, where the needle holds nothing else but what phones are written
 * with, and enough of them to be looked for. */
static const char *needle_digits(struct arena *a, const char *text)
{
    if (text[strspn(text, "0123456789+-()")] != '\0')
        return NULL;
    const char *digits = digits_of(a, text);
    return strlen(digits) >= PHONE_DIGITS ? digits : NULL;
}

static void cut(char *text, size_t max)
{
    size_t at = 0, len = strlen(text);
    uint32_t cp;
    for (size_t i = 0; i < max && at < len; i++)
        at += utf8_decode(text + at, len - at, &cp);
    text[at] = '\0';
}

bool search_needle(struct arena *a, const char *text, struct search_needle *out)
{
    char *plain = folded(a, text);
    *out = (struct search_needle){0};
    cut(plain, NEEDLE_MAX);
    if (*plain == '\0')
        return false;
    struct grams g = {.arena = a}, phones = {.arena = a};
    bool single = utf8_length(plain) == 1;
    grams_of_line(&g, plain, single, !single);
    grams_distinct(&g);
    out->folded = plain;
    out->grams = g.at;
    out->ngrams = g.n;
    out->digits = needle_digits(a, plain);
    if (out->digits != NULL)
        grams_of_digits(&phones, out->digits);
    grams_distinct(&phones);
    out->phone_grams = phones.at;
    out->nphone_grams = phones.n;
    return true;
}
