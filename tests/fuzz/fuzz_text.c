/* Text, dates, times, money and pinyin: what comes in of any bytes is stable
 * when it comes in again, and never a control to a terminal. */
#include "common/date.h"
#include "common/i18n.h"
#include "common/mem.h"
#include "common/money.h"
#include "common/pinyin.h"
#include "common/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tui/widget/markdown.h"

#include <string.h>
#include <wchar.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    i18n_init((*argv)[0]);
    return 0;
}

static void check_clean(struct arena *a, const char *s, size_t len, bool lines)
{
    char *once = utf8_clean(a, s, len, lines);
    fuzz_require((once != NULL) == utf8_valid(s, len));
    if (once == NULL)
        return;
    for (const char *p = once; *p != '\0'; p++)
        fuzz_require((unsigned char)*p >= ' ' || (lines && *p == '\n'));
    char *twice = utf8_clean(a, once, strlen(once), lines);
    fuzz_require(strcmp(once, twice) == 0);
}

static void check_safe(struct arena *a, const char *s, size_t len)
{
    const char *safe = utf8_safe(a, s, len);
    size_t n = strlen(safe), used;
    int cells = 0;
    uint32_t cp;
    fuzz_require(utf8_valid(safe, n));
    for (size_t at = 0; at < n; at += used) {
        used = utf8_decode(safe + at, n - at, &cp);
        fuzz_require(cp >= 0x20 && (cp < 0x7f || cp >= 0xa0));
        fuzz_require(wcwidth((wchar_t)cp) >= 0);
        cells += wcwidth((wchar_t)cp);
    }
    fuzz_require(cells == utf8_width_n(s, len));
    fuzz_require(strcmp(utf8_safe(a, safe, n), safe) == 0);
}

static void check_fit(const char *s, size_t len)
{
    size_t last = 0;
    int width = utf8_width_n(s, len), used = 0;
    for (int cells = 0; cells <= 24; cells += cells / 2 + 1) {
        size_t n = utf8_fit(s, len, cells, &used);
        fuzz_require(n >= last && n <= len && used <= cells);
        fuzz_require((n == len) == (width <= cells));
        last = n;
    }
}

/* Forwards by graphemes, and back over the same boundaries. */
static void check_walk(const char *s, size_t len)
{
    size_t starts[16], n = 0, at = 0;
    for (; at < len && n < 16; at = utf8_next(s, len, at))
        starts[n++] = at;
    while (n > 0) {
        size_t before = utf8_prev(s, len, at);
        fuzz_require(before == starts[--n]);
        at = before;
    }
}

static void check_fold(struct arena *a, const char *text)
{
    struct pinyin p;
    const char *folded = utf8_fold(a, text);
    fuzz_require(utf8_valid(folded, strlen(folded)));
    fuzz_require(strcmp(utf8_fold(a, folded), folded) == 0);
    pinyin_read(a, text, &p);
    fuzz_require(p.n == utf8_length(folded));
    for (size_t i = 0; i < p.n; i++)
        fuzz_require(p.syllable[i][0] != '\0');
    fuzz_require(strlen(pinyin_initials(a, text)) <=
                 strlen(pinyin_full(a, text)));
    pinyin_sort_key(a, text);
}

static void check_values(const char *text)
{
    char date[DATE_LEN], time[TIME_LEN], money[MONEY_LEN];
    int32_t days, days_again;
    int64_t v, again;
    if (date_parse_human(text, 20000, &days)) {
        date_format(days, date);
        fuzz_require(date_parse_iso(date, strlen(date), &days_again));
        fuzz_require(days == days_again);
    }
    if (time_parse(text, strlen(text), &v)) {
        time_format(v, time);
        fuzz_require(time_parse(time, strlen(time), &again) && v == again);
    }
    if (money_parse(text, &v)) {
        fuzz_require(v >= -MONEY_MAX && v <= MONEY_MAX);
        money_format_grouped(v, money);
        fuzz_require(money_parse(money, &again) && v == again);
    }
}

/* Markdown is laid out the same whether it is drawn or counted, and no piece
 * lies outside its width. */
static void check_piece(void *ctx, int line, int x, enum style s,
                        const char *text)
{
    int *last = ctx;
    (void)s;
    fuzz_require(line >= *last && x >= 0 && *text != '\0');
    *last = line;
}

static void check_markdown(const char *text)
{
    for (int w = 4; w < 90; w = w * 2 + 1) {
        int last = 0;
        int n = markdown_lay(text, w, 300, "*", "|", check_piece, &last);
        fuzz_require(n >= 1 && n <= 300 && last < n);
        fuzz_require(n == markdown_lay(text, w, 300, "*", "|", NULL, NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    char *text = x_malloc(size);
    if (size > 0)
        memcpy(text, data, size);
    check_clean(a, text, size, false);
    check_clean(a, text, size, true);
    check_safe(a, text, size);
    check_fit(text, size);
    check_walk(text, size);
    const char *whole = arena_strndup(a, text, size);
    check_fold(a, whole);
    check_values(whole);
    check_markdown(whole);
    x_free(&text);
    arena_free(&a);
    return 0;
}
