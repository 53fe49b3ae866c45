/* Comparing the names of companies. */
#include "server/domain/likeness.h"

#include "common/mem.h"
#include "common/pinyin.h"
#include "common/utf8.h"
#include "schema/search.h"

#include <stdbool.h>
#include <string.h>

#define CHARS_MAX 100
#define PART_MIN  4  /* code points */
#define ALIKE     80 /* percent of letters that two names share at least */

/* What names of companies end with, longest first; folded, as they stand in
 * keys. */
static const char *const endings[] = {
    "有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "集团公司",
    "电子商务",     "对外贸易",     "国际贸易",     "网络科技", "信息技术",
    "供应链管理",   "进出口",       "集团",         "公司",     "科技",
    "技术",         "电子",         "贸易",         "商贸",     "实业",
    "国际",         "网络",         "发展",         "股份",     "co.,ltd.",
    "co.,ltd",      "co.ltd",       "limited",      "ltd.",     "ltd",
    "inc.",         "inc",          "llc",          "gmbh"};
#define ENDINGS (sizeof endings / sizeof *endings)

/* The place a name begins with, up to one of these, within its first few
 * characters. */
static const char *const places[] = {"省", "市", "区", "县"};

static size_t without_ending(const char *text, size_t len)
{
    for (size_t i = 0; i < ENDINGS; i++) {
        size_t n = strlen(endings[i]);
        if (len > n && memcmp(text + len - n, endings[i], n) == 0)
            return len - n;
    }
    return len;
}

static const char *after_place(const char *text)
{
    const char *best = text;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *mark = strstr(text, places[i]);
        const char *after = mark ? mark + strlen(places[i]) : NULL;
        if (after && after > best && after - text <= 15 && *after)
            best = after;
    }
    return best;
}

static const char *without_brackets(struct arena *a, const char *key)
{
    char *out = arena_strdup(a, key), *to = out;
    for (const char *s = key; *s; s++)
        if (*s != '(' && *s != ')')
            *to++ = *s;
    *to = '\0';
    return out;
}

/* At least two characters stay, or the whole name does. */
static const char *core_of(struct arena *a, const char *key)
{
    const char *start = after_place(without_brackets(a, key));
    size_t len = strlen(start), shorter;
    while ((shorter = without_ending(start, len)) < len)
        len = shorter;
    const char *core = arena_strndup(a, start, len);
    return utf8_length(core) >= 2 ? core : key;
}

static const char *without_places(struct arena *a, const char *text)
{
    char *out = arena_strdup(a, text), *to = out;
    while (*text) {
        size_t skip = 0;
        for (size_t i = 0; i < sizeof places / sizeof *places; i++)
            if (strncmp(text, places[i], strlen(places[i])) == 0)
                skip = strlen(places[i]);
        if (skip == 0)
            *to++ = *text;
        text += skip ? skip : 1;
    }
    *to = '\0';
    return out;
}

void likeness_name(struct arena *a, const char *name, struct likeness_name *out)
{
    out->key = search_name_key(a, name);
    out->core = core_of(a, out->key);
    out->plain = without_places(a, without_brackets(a, out->key));
    out->pinyin = pinyin_full(a, out->core);
}

static int decode(const char *text, uint32_t out[CHARS_MAX])
{
    int n = 0;
    for (size_t at = 0, len = strlen(text); at < len && n < CHARS_MAX; n++)
        at += utf8_decode(text + at, len - at, &out[n]);
    return n;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

int likeness_distance(const char *x, const char *y)
{
    uint32_t a[CHARS_MAX], b[CHARS_MAX];
    int row[CHARS_MAX + 1];
    int na = decode(x, a), nb = decode(y, b);
    for (int j = 0; j <= nb; j++)
        row[j] = j;
    for (int i = 1; i <= na; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= nb; j++) {
            int above = row[j];
            int changed = diagonal + (a[i - 1] != b[j - 1]);
            row[j] = least(changed, least(above, row[j - 1]) + 1);
            diagonal = above;
        }
    }
    return row[nb];
}

/* How many of a hundred letters two texts share. */
static int shared(const char *x, const char *y)
{
    int longer = (int)utf8_length(x), other = (int)utf8_length(y);
    longer = longer > other ? longer : other;
    longer = longer > CHARS_MAX ? CHARS_MAX : longer;
    return longer ? 100 - 100 * likeness_distance(x, y) / longer : 0;
}

/* One text stands in the other, and is long enough to mean something. */
static bool is_part(const char *x, const char *y)
{
    const char *in = strlen(x) < strlen(y) ? x : y;
    return utf8_length(in) >= PART_MIN && strstr(in == x ? y : x, in);
}

enum likeness likeness_of(const struct likeness_name *x,
                          const struct likeness_name *y, int *score)
{
    int whole = shared(x->key, y->key);
    *score = 100;
    if (strcmp(x->key, y->key) == 0)
        return LIKENESS_name;
    *score = 80 + whole / 10;
    if (strcmp(x->core, y->core) == 0 || strcmp(x->plain, y->plain) == 0)
        return LIKENESS_core;
    *score = 70 + whole / 10;
    if (strcmp(x->pinyin, y->pinyin) == 0)
        return LIKENESS_pinyin;
    *score = 65 + whole / 10;
    if (is_part(x->plain, y->plain))
        return LIKENESS_part;
    int core = shared(x->core, y->core);
    *score = (whole + core) * 35 / 100;
    return whole >= ALIKE || core >= ALIKE ? LIKENESS_spelling : LIKENESS_none;
}
