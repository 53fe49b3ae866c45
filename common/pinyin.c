/* Pinyin by table: at each character the longest phrase that is known, else
 * the commonest reading of the character alone. */
#include "common/pinyin.h"

#include "common/buf.h"
#include "common/mem.h"
#include "common/pinyin_table.h"
#include "common/utf8.h"

#include <stdbool.h>
#include <string.h>

/* A text on its way: code points, and the syllables found so far. */
struct reading {
    const uint32_t *cps;
    const char **syllables; /* NULL where a character has no reading */
    size_t n;
};

/* 0 where the character is unknown. */
static uint16_t entry_of(uint32_t cp)
{
    if (cp >= PINYIN_FIRST && cp <= PINYIN_LAST)
        return pinyin_characters[cp - PINYIN_FIRST];
    size_t low = 0, high = pinyin_other_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (pinyin_others[mid].character < cp)
            low = mid + 1;
        else
            high = mid;
    }
    bool found = low < pinyin_other_count && pinyin_others[low].character == cp;
    return found ? pinyin_others[low].entry : 0;
}

static const char *syllable_of(uint32_t cp)
{
    int i = entry_of(cp) & PINYIN_SYLLABLE_MASK;
    return i > 0 ? pinyin_syllables[i] : NULL;
}

/* The phrase of `length` characters in a sorted table whose rows have
 * `stride` numbers, or NULL. */
static const uint16_t *phrase_find(const uint16_t *table, size_t n,
                                   size_t stride, size_t length,
                                   const uint32_t *cps)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = (low + high) / 2, i = 0;
        const uint16_t *row = table + mid * stride;
        while (i < length && row[i] == cps[i])
            i++;
        if (i == length)
            return row;
        if (row[i] < cps[i])
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* Reads the phrase of this length at `at`, if it is one. */
static bool read_phrase(struct reading *r, size_t at, size_t length)
{
    const struct pinyin_phrases *p = &pinyin_phrases[length];
    const uint32_t *cps = r->cps + at;
    const uint16_t *special =
        phrase_find(p->special, p->nspecial, 2 * length, length, cps);
    if (special == NULL &&
        phrase_find(p->plain, p->nplain, length, length, cps) == NULL)
        return false;
    for (size_t i = 0; i < length; i++)
        r->syllables[at + i] = special != NULL
                                   ? pinyin_syllables[special[length + i]]
                                   : syllable_of(cps[i]);
    return true;
}

/* Reads what begins at `at`; the number of characters read. */
static size_t read_one(struct reading *r, size_t at)
{
    size_t longest = entry_of(r->cps[at]) >> PINYIN_SYLLABLE_BITS;
    if (longest > r->n - at)
        longest = r->n - at;
    for (size_t length = longest; length > 1; length--)
        if (read_phrase(r, at, length))
            return length;
    r->syllables[at] = syllable_of(r->cps[at]);
    return 1;
}

void pinyin_read(struct arena *a, const char *text, struct pinyin *out)
{
    out->text = utf8_fold(a, text);
    size_t len = strlen(out->text), n = utf8_length(out->text);
    uint32_t *cps = arena_array(a, n, sizeof(*cps));
    out->n = n;
    out->syllable = arena_array(a, n, sizeof(*out->syllable));
    out->offset = arena_array(a, n, sizeof(*out->offset));
    for (size_t i = 0, at = 0; i < n; i++) {
        out->offset[i] = at;
        at += utf8_decode(out->text + at, len - at, &cps[i]);
    }
    struct reading r = {cps, out->syllable, n};
    for (size_t i = 0; i < n;)
        i += read_one(&r, i);
    for (size_t i = 0; i < n; i++) {
        char own[4];
        if (out->syllable[i] == NULL)
            out->syllable[i] = arena_strndup(a, own, utf8_encode(cps[i], own));
    }
}

/* A syllable of the table, or a character that stands for itself? */
static bool is_read(const struct pinyin *p, size_t i)
{
    return (unsigned char)p->text[p->offset[i]] >= 0x80 &&
           (unsigned char)p->syllable[i][0] < 0x80;
}

/* What is written for one syllable, and what stands between two. */
struct style {
    bool initials;
    const char *after_read;
};

static char *joined(struct arena *a, const char *text, struct style style)
{
    struct pinyin p;
    struct buf b = BUF_INIT;
    pinyin_read(a, text, &p);
    for (size_t i = 0; i < p.n; i++) {
        bool read = is_read(&p, i);
        buf_add(&b, p.syllable[i],
                read && style.initials ? 1 : strlen(p.syllable[i]));
        if (read && i + 1 < p.n && p.syllable[i + 1][0] != ' ')
            buf_str(&b, style.after_read);
    }
    char *out = arena_strndup(a, buf_text(&b), b.len);
    buf_free(&b);
    return out;
}

char *pinyin_full(struct arena *a, const char *text)
{
    return joined(a, text, (struct style){false, ""});
}

char *pinyin_initials(struct arena *a, const char *text)
{
    return joined(a, text, (struct style){true, ""});
}

char *pinyin_sort_key(struct arena *a, const char *text)
{
    return joined(a, text, (struct style){false, " "});
}
