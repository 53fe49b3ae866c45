/* Text coming in, and text for comparing: normal forms without what nobody
 * can see. */
#include "common/utf8.h"

#include "common/mem.h"

#include <string.h>
#include <utf8proc.h>

struct pair {
    uint32_t from, to;
};

/* What the keys of a Chinese input method give instead of ASCII, beside the
 * block of full-width forms. */
static const struct pair twins[] = {
    {0x00a5, '$'},  {0x00b7, '`'}, {0x00d7, '*'}, {0x2014, '_'}, {0x2018, '\''},
    {0x2019, '\''}, {0x201c, '"'}, {0x201d, '"'}, {0x2026, '^'}, {0x3000, ' '},
    {0x3001, '/'},  {0x3002, '.'}, {0x300a, '<'}, {0x300b, '>'}, {0x300c, '{'},
    {0x300d, '}'},  {0x3010, '['}, {0x3011, ']'}, {0xffe5, '$'},
};

uint32_t utf8_ascii_twin(uint32_t cp)
{
    if (cp >= 0xff01 && cp <= 0xff5e)
        return cp - 0xff01 + '!';
    for (size_t i = 0; i < sizeof(twins) / sizeof(*twins); i++)
        if (twins[i].from == cp)
            return twins[i].to;
    return cp;
}

static bool is_blank(uint32_t cp)
{
    return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x85 ||
           (cp > 0x7f &&
            utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_ZS);
}

static bool is_line_end(uint32_t cp)
{
    return cp == '\n' || cp == '\r' || cp == 0x85 || cp == 0x2028 ||
           cp == 0x2029;
}

/* What is kept of a code point: itself, a blank, '\n', or 0 for nothing.
 * Joiners stay (emoji, Persian); other invisible things go. */
static uint32_t cleaned(uint32_t cp, bool multiline)
{
    if (is_line_end(cp))
        return multiline ? '\n' : ' ';
    if (cp == '\t')
        return ' ';
    if (cp == 0x200c || cp == 0x200d)
        return cp;
    switch (utf8proc_category((utf8proc_int32_t)cp)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
        return 0;
    default:
        break;
    }
    bool noncharacter =
        (cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef);
    return noncharacter ? 0 : cp;
}

/* NUL-terminated `text` in the normal form of `options`, in the arena. The
 * text is valid UTF-8. */
static char *normalised(struct arena *a, const char *text, size_t len,
                        unsigned options)
{
    utf8proc_option_t o = (utf8proc_option_t)options;
    const utf8proc_uint8_t *in = (const utf8proc_uint8_t *)text;
    utf8proc_ssize_t room = (utf8proc_ssize_t)len + 16, n;
    utf8proc_int32_t *codes;
    for (;;) {
        codes = arena_array(a, (size_t)room + 1, sizeof(*codes));
        n = utf8proc_decompose(in, (utf8proc_ssize_t)len, codes, room, o);
        if (n <= room)
            break;
        room = n;
    }
    if (n < 0 || utf8proc_reencode(codes, n, o) < 0)
        return arena_strdup(a, "");
    return (char *)codes;
}

/* Cuts blanks and line ends at both ends. */
static char *trimmed(char *text)
{
    size_t len = strlen(text), start = 0, end = 0;
    uint32_t cp;
    for (size_t at = 0, n; at < len; at += n) {
        n = utf8_decode(text + at, len - at, &cp);
        if (!is_blank(cp))
            end = at + n;
        else if (end == 0)
            start = at + n;
    }
    text[end > start ? end : start] = '\0';
    return text + start;
}

char *utf8_clean(struct arena *a, const char *s, size_t len, bool multiline)
{
    if (!utf8_valid(s, len))
        return NULL;
    char *kept = arena_alloc(a, len + 1);
    size_t out = 0;
    uint32_t cp;
    for (size_t at = 0, n; at < len; at += n) {
        n = utf8_decode(s + at, len - at, &cp);
        bool second_half = cp == '\n' && at > 0 && s[at - 1] == '\r';
        uint32_t c = second_half ? 0 : cleaned(cp, multiline);
        if (c != 0)
            out += utf8_encode(c, kept + out);
    }
    return trimmed(
        normalised(a, kept, out, UTF8PROC_STABLE | UTF8PROC_COMPOSE));
}

/* Valid UTF-8 with one blank for each run of them. A bad byte becomes U+FFFD
 * and so may grow to three. */
static char *repaired(struct arena *a, const char *s)
{
    size_t len = strlen(s), out = 0;
    char *text = arena_array(a, len + 1, 3);
    uint32_t cp;
    for (size_t at = 0, n; at < len; at += n) {
        n = utf8_decode(s + at, len - at, &cp);
        if (!is_blank(cp) && !is_line_end(cp))
            out += utf8_encode(cp, text + out);
        else if (out == 0 || text[out - 1] != ' ')
            text[out++] = ' ';
    }
    return text;
}

char *utf8_fold(struct arena *a, const char *s)
{
    char *text = repaired(a, s);
    char *folded =
        normalised(a, text, strlen(text),
                   UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                       UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    /* Compatibility forms of some characters begin with a blank. */
    return repaired(a, folded);
}
