/* Text on a terminal: cells, graphemes, cutting, and making it safe to draw.
 *
 * A cluster (grapheme) is drawn as its base with the letters and marks that
 * belong to it; joiners, variation selectors, skin tones and what is joined to
 * an emoji are left away, because terminals do not agree on their width.
 * utf8_safe writes just that, all widths here are the widths of what it
 * writes, and what it has written it leaves alone. */
#include "common/utf8.h"

#include "common/mem.h"

#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

/* ncurses keeps four marks behind a base; more would be lost or worse. */
enum { REPLACEMENT = 0xfffd, JOINER = 0x200d, MARKS_MAX = 4 };

struct range {
    uint32_t first, last;
};

static const struct range ambiguous[] = {
#define AMBIGUOUS(first, last) {first, last},
#include "common/utf8_ambiguous.def"
#undef AMBIGUOUS
};

static int ambiguous_cells = 1;

/* What is drawn for one code point. */
enum fate { FATE_keep, FATE_drop, FATE_replace };

/* One grapheme: its bytes in the text, and what is drawn of it. */
struct cluster {
    size_t bytes;
    int cells;
    int n;
    uint32_t drawn[1 + MARKS_MAX];
};

void utf8_set_ambiguous(int cells)
{
    ambiguous_cells = cells == 2 ? 2 : 1;
}

static bool is_ambiguous(uint32_t cp)
{
    size_t low = 0, high = sizeof(ambiguous) / sizeof(*ambiguous);
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (cp > ambiguous[mid].last)
            low = mid + 1;
        else
            high = mid;
    }
    return low < sizeof(ambiguous) / sizeof(*ambiguous) &&
           cp >= ambiguous[low].first;
}

static bool is_decoration(uint32_t cp)
{
    return (cp >= 0xfe00 && cp <= 0xfe0f) ||   /* variation selectors */
           (cp >= 0xe0100 && cp <= 0xe01ef) || /* more of them */
           (cp >= 0x1f3fb && cp <= 0x1f3ff);   /* skin tones */
}

static enum fate fate_of(uint32_t cp)
{
    if (cp >= 0x20 && cp < 0x7f)
        return FATE_keep;
    if (is_decoration(cp))
        return FATE_drop;
    switch (utf8proc_category((utf8proc_int32_t)cp)) {
    case UTF8PROC_CATEGORY_CF: /* bidi and zero-width controls, tags */
        return FATE_drop;
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return FATE_replace;
    default:
        return wcwidth((wchar_t)cp) < 0 ? FATE_replace : FATE_keep;
    }
}

int utf8_cp_width(uint32_t cp)
{
    if (cp >= 0x20 && cp < 0x7f)
        return 1;
    if (fate_of(cp) != FATE_keep)
        return 0;
    int cells = wcwidth((wchar_t)cp);
    return cells == 1 && is_ambiguous(cp) ? ambiguous_cells : cells;
}

/* Joins whatever stands before it. */
static bool is_mark(uint32_t cp)
{
    utf8proc_propval_t class =
        utf8proc_get_property((utf8proc_int32_t)cp)->boundclass;
    return class == UTF8PROC_BOUNDCLASS_EXTEND ||
           class == UTF8PROC_BOUNDCLASS_SPACINGMARK;
}

static void cluster_draw(struct cluster *c, uint32_t cp)
{
    enum fate fate = fate_of(cp);
    /* Marks without a base may come to lie behind one. */
    int most = c->n > 0 && is_mark(c->drawn[0]) ? MARKS_MAX : 1 + MARKS_MAX;
    if (fate == FATE_drop || c->n >= most)
        return;
    uint32_t drawn = fate == FATE_keep ? cp : REPLACEMENT;
    c->drawn[c->n++] = drawn;
    c->cells += utf8_cp_width(drawn);
}

/* Reads the cluster at the start of s; false at the end. What is dropped
 * belongs to the cluster but has no say in where it ends, so that the text
 * has the same clusters once it is gone; only joiners have. */
static bool cluster_read(const char *s, size_t len, struct cluster *c)
{
    uint32_t before = 0, cp;
    utf8proc_int32_t state = 0;
    *c = (struct cluster){0};
    while (c->bytes < len && before != '\n') {
        size_t n = utf8_decode(s + c->bytes, len - c->bytes, &cp);
        bool silent = fate_of(cp) == FATE_drop && cp != JOINER;
        bool first = c->n == 0 && before == 0;
        if (!silent && !first &&
            utf8proc_grapheme_break_stateful((utf8proc_int32_t)before,
                                             (utf8proc_int32_t)cp, &state))
            break;
        if (before != JOINER || is_mark(cp))
            cluster_draw(c, cp);
        if (!silent)
            before = cp;
        c->bytes += n;
        /* Two printable ASCII characters never join. */
        if (c->bytes < len && cp >= 0x20 && cp < 0x7f &&
            (unsigned char)s[c->bytes] < 0x80)
            break;
    }
    return c->bytes > 0;
}

int utf8_width_n(const char *s, size_t len)
{
    struct cluster c;
    int cells = 0;
    for (size_t at = 0; cluster_read(s + at, len - at, &c); at += c.bytes)
        cells += c.cells;
    return cells;
}

int utf8_width(const char *s)
{
    return utf8_width_n(s, strlen(s));
}

size_t utf8_fit(const char *s, size_t len, int cells, int *used)
{
    struct cluster c;
    int sum = 0;
    size_t at = 0;
    while (cluster_read(s + at, len - at, &c) && sum + c.cells <= cells) {
        sum += c.cells;
        at += c.bytes;
    }
    if (used != NULL)
        *used = sum;
    return at;
}

char *utf8_truncate(struct arena *a, const char *s, int cells)
{
    static const char ellipsis[] = "…";
    size_t len = strlen(s);
    if (utf8_fit(s, len, cells, NULL) == len)
        return arena_strdup(a, s);
    int room = cells - utf8_width(ellipsis);
    if (room < 0)
        return arena_strdup(a, "");
    int fit = (int)utf8_fit(s, len, room, NULL);
    return arena_printf(a, "%.*s%s", fit, s, ellipsis);
}

size_t utf8_next(const char *s, size_t len, size_t at)
{
    struct cluster c;
    if (at >= len || !cluster_read(s + at, len - at, &c))
        return len;
    return at + c.bytes;
}

/* Graphemes can only be found forwards: from the start of the line, which is
 * always a boundary. */
size_t utf8_prev(const char *s, size_t len, size_t at)
{
    if (at > len)
        at = len;
    if (at == 0)
        return 0;
    size_t here = at - 1;
    while (here > 0 && s[here - 1] != '\n')
        here--;
    size_t before = here;
    while (here < at) {
        before = here;
        here = utf8_next(s, len, here);
    }
    return before;
}

char *utf8_safe(struct arena *a, const char *s, size_t len)
{
    /* A bad byte grows to the three of U+FFFD; nothing else grows. */
    char *out = arena_array(a, len + 1, 3);
    size_t n = 0;
    struct cluster c;
    for (size_t at = 0; cluster_read(s + at, len - at, &c); at += c.bytes)
        for (int i = 0; i < c.n; i++)
            n += utf8_encode(c.drawn[i], out + n);
    return out;
}
