/* Where a needle lies in a text that is shown, for highlighting. The text is
 * taken as a row of characters, each with what it stands for in a way of
 * reading: its folded form, its syllable, its initial, its digit. The needle
 * is looked for in what they spell together. */
#include "common/buf.h"
#include "common/mem.h"
#include "common/pinyin.h"
#include "common/utf8.h"
#include "schema/search.h"

#include <ctype.h>
#include <string.h>

struct spelling {
    size_t n;
    const char **part; /* what each character of the text stands for */
    size_t *offset;    /* n + 1 byte offsets in the text */
};

/* Cuts the text into characters; each stands for its folded form, blanks for
 * nothing. */
static void spell_folded(struct arena *a, const char *text,
                         struct spelling *out)
{
    size_t len = strlen(text), n = utf8_length(text), at = 0;
    out->n = n;
    out->part = arena_array(a, n + 1, sizeof(*out->part));
    out->offset = arena_array(a, n + 1, sizeof(*out->offset));
    for (size_t i = 0; i < n; i++) {
        uint32_t cp;
        size_t used = utf8_decode(text + at, len - at, &cp);
        const char *part = utf8_fold(a, arena_strndup(a, text + at, used));
        out->offset[i] = at;
        out->part[i] = isspace((unsigned char)part[0]) ? "" : part;
        at += used;
    }
    out->offset[n] = at;
}

/* Replaces the folded forms by syllables. Which syllable a character has
 * depends on its neighbours, so the text is read as a whole; where folding
 * joined or split characters the two rows do not fit and there is no
 * reading. */
static bool spell_pinyin(struct arena *a, const char *text, struct spelling *s)
{
    struct pinyin p;
    pinyin_read(a, text, &p);
    size_t k = 0;
    for (size_t i = 0; i < s->n; i++) {
        size_t n = utf8_length(s->part[i]);
        while (k < p.n && n == 0 && p.text[p.offset[k]] == ' ')
            k++;
        if (n == 0)
            continue;
        if (n != 1 || k >= p.n)
            return false;
        s->part[i] = p.syllable[k++];
    }
    return true;
}

/* A syllable of several letters is cut to its first one. */
static void spell_initials(struct arena *a, struct spelling *s)
{
    for (size_t i = 0; i < s->n; i++)
        if ((unsigned char)s->part[i][0] < 0x80 && s->part[i][0] != '\0')
            s->part[i] = arena_strndup(a, s->part[i], 1);
}

static void spell_digits(struct spelling *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (!isdigit((unsigned char)s->part[i][0]))
            s->part[i] = "";
}

/* Marks the characters that spell the needle, wherever they do; `whole`: only
 * where it begins with a character, not inside of a syllable. */
static bool mark(const struct spelling *s, const char *needle, bool whole,
                 bool *marked)
{
    struct buf all = BUF_INIT;
    bool found = false;
    size_t len = strlen(needle), at = 0;
    size_t *begin = x_reallocarray(NULL, s->n + 1, sizeof(*begin));
    for (size_t i = 0; i < s->n; i++) {
        begin[i] = all.len;
        buf_str(&all, s->part[i]);
    }
    begin[s->n] = all.len;
    const char *text = buf_text(&all), *hit = text;
    while ((hit = strstr(hit, needle)) != NULL) {
        size_t from = (size_t)(hit++ - text);
        while (begin[at + 1] <= from)
            at++;
        if (whole && begin[at] != from)
            continue;
        found = true;
        for (size_t i = at; i < s->n && begin[i] < from + len; i++)
            marked[i] = true;
    }
    x_free(&begin);
    buf_free(&all);
    return found;
}

/* All ways of reading; a place inside of a syllable counts only where nothing
 * better was found. */
static void mark_all(struct arena *a, const char *shown,
                     const struct search_needle *n, struct spelling *s,
                     bool *marked)
{
    bool found = mark(s, n->folded, true, marked);
    struct spelling syllables = *s;
    if (n->digits != NULL) {
        spell_digits(s);
        mark(s, n->digits, true, marked);
        return;
    }
    if (!spell_pinyin(a, shown, s))
        return;
    syllables.part = arena_array(a, s->n + 1, sizeof(*s->part));
    memcpy(syllables.part, s->part, s->n * sizeof(*s->part));
    found = mark(s, n->folded, true, marked) || found;
    spell_initials(a, s);
    found = mark(s, n->folded, true, marked) || found;
    if (!found)
        mark(&syllables, n->folded, false, marked);
}

int search_matches(struct arena *a, const char *shown, const char *needle,
                   struct search_range *out, int max)
{
    struct search_needle n;
    struct spelling s;
    int found = 0;
    if (!search_needle(a, needle, &n))
        return 0;
    spell_folded(a, shown, &s);
    bool *marked = arena_array(a, s.n + 1, sizeof(*marked));
    mark_all(a, shown, &n, &s, marked);
    for (size_t i = 0; i < s.n && found < max; i++) {
        if (!marked[i])
            continue;
        out[found].start = s.offset[i];
        while (i < s.n && marked[i])
            i++;
        out[found++].end = s.offset[i];
    }
    return found;
}
