/* Text broken into lines of so many cells: at blanks where there are some,
 * between Chinese characters anywhere. */
#include "common/utf8.h"
#include "tui/widget/textarea.h"

#include <string.h>

/* What belongs to the word before it and begins no line. */
static bool closes(const char *text)
{
    static const char *const signs[] = {",",  ".",  ";",  ":",  "!",  "?",
                                        ")",  "，", "。", "、", "；", "：",
                                        "！", "？", "）", "”",  "》", "】"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
        if (strncmp(text, signs[i], strlen(signs[i])) == 0)
            return true;
    return false;
}

/* May the line end before byte i? Not inside an ASCII word. */
static bool may_break(const char *text, size_t i)
{
    unsigned char before = (unsigned char)text[i - 1];
    unsigned char after = (unsigned char)text[i];
    if (closes(text + i))
        return false;
    return before == ' ' || after == ' ' || after >= 0x80 || before >= 0x80;
}

size_t wrap_line(const char *text, size_t len, size_t at, int w, size_t *next)
{
    const char *newline = memchr(text + at, '\n', len - at);
    size_t end = newline != NULL ? (size_t)(newline - text) : len;
    int used;
    size_t stop = at + utf8_fit(text + at, end - at, w, &used);
    if (stop == at && at < end) /* not even one fits: it is cut when drawn */
        stop = utf8_next(text, end, at);
    if (stop == end) {
        *next = newline != NULL ? end + 1 : end;
        return end;
    }
    size_t back = stop;
    while (back > at && !(may_break(text, back) &&
                          ((unsigned char)text[back] & 0xc0) != 0x80))
        back--;
    stop = back > at ? back : stop;
    /* The blank at the break belongs to neither line. */
    if (stop - at > 1 && text[stop - 1] == ' ') {
        *next = stop;
        return stop - 1;
    }
    *next = stop + (text[stop] == ' ');
    return stop;
}

int wrap_count(const char *text, int w)
{
    size_t len = strlen(text), at = 0, next;
    int n = 1;
    for (wrap_line(text, len, 0, w, &next); next < len; n++) {
        at = next;
        wrap_line(text, len, at, w, &next);
    }
    return n + (len > 0 && text[len - 1] == '\n');
}
