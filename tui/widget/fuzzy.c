/* Fuzzy matching: a start is better than a place inside, a place inside
 * better than letters with others between them. */
#include "tui/widget/fuzzy.h"

#include "common/mem.h"
#include "common/pinyin.h"
#include "common/utf8.h"

#include <string.h>

enum { WHOLE = 4000, START = 3000, INSIDE = 2000, SCATTERED = 1000 };

/* Bytes from the first matched letter to the last; 0 where some letter is
 * missing. Greedy: good enough for names of a few words. */
static size_t span(const char *form, size_t len, const char *needle)
{
    size_t start = 0, at = 0;
    for (size_t n = 0, used; needle[n] != '\0'; n += used) {
        used = utf8_next(needle, strlen(needle), n) - n;
        const char *hit = memmem(form + at, len - at, needle + n, used);
        if (hit == NULL)
            return 0;
        if (n == 0)
            start = (size_t)(hit - form);
        at = (size_t)(hit - form) + used;
    }
    return at - start;
}

static int score_form(const char *form, size_t len, const char *needle)
{
    size_t n = strlen(needle);
    const char *hit = memmem(form, len, needle, n);
    int longer = len > n ? (int)(len - n < 500 ? len - n : 500) : 0;
    if (hit == form)
        return len == n ? WHOLE : START - longer;
    if (hit != NULL)
        return INSIDE - longer;
    size_t s = span(form, len, needle);
    if (s == 0 || s > n * 3) /* letters too far apart mean nothing */
        return 0;
    return SCATTERED - (int)(s - n);
}

const char *fuzzy_forms(struct arena *a, const char *text)
{
    return arena_printf(a, "%s\n%s\n%s", utf8_fold(a, text),
                        pinyin_full(a, text), pinyin_initials(a, text));
}

int fuzzy_score(const char *forms, const char *needle)
{
    int best = *needle == '\0' ? 1 : 0;
    while (*needle != '\0' && *forms != '\0') {
        const char *end = strchrnul(forms, '\n');
        int score = score_form(forms, (size_t)(end - forms), needle);
        best = score > best ? score : best;
        forms = *end != '\0' ? end + 1 : end;
    }
    return best;
}
