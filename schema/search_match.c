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

/* The first place where the needle is spelled, from the character it begins
 * in to the one it ends in. */
static bool find(const struct spelling *s, const char *needle, size_t *start,
                 size_t *end)
{
    struct buf all = BUF_INIT;
    for (size_t i = 0; i < s->n; i++)
        buf_str(&all, s->part[i]);
    const char *hit = strstr(buf_text(&all), needle);
    size_t from = hit == NULL ? 0 : (size_t)(hit - buf_text(&all));
    size_t to = from + strlen(needle), at = 0;
    bool begun = false;
    for (size_t i = 0; hit != NULL && i < s->n && at < to; i++) {
        at += strlen(s->part[i]);
        if (at > from && !begun) {
            *start = s->offset[i];
            begun = true;
        }
        *end = s->offset[i + 1];
    }
    buf_free(&all);
    return hit != NULL;
}

bool search_match(struct arena *a, const char *shown, const char *needle,
                  size_t *start, size_t *end)
{
    struct search_needle n;
    struct spelling s;
    if (!search_needle(a, needle, &n))
        return false;
    spell_folded(a, shown, &s);
    if (find(&s, n.folded, start, end))
        return true;
    if (n.digits != NULL) {
        spell_digits(&s);
        return find(&s, n.digits, start, end);
    }
    if (!spell_pinyin(a, shown, &s))
        return false;
    if (find(&s, n.folded, start, end))
        return true;
    spell_initials(a, &s);
    return find(&s, n.folded, start, end);
}
