/* Text on a terminal: cells, graphemes, cutting, and that nothing which could
 * be a control ever gets through. */
#include "common/i18n.h"
#include "common/mem.h"
#include "common/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

static struct arena *arena;

struct width {
    const char *text;
    int cells;
    const char *safe; /* NULL: the text itself */
};

static const struct width widths[] = {
    {"", 0, NULL},
    {"abc", 3, NULL},
    {"深圳市", 6, NULL},
    {"ｗｉｄｅ", 8, NULL},
    {"e\xcc\x81", 1, NULL},                  /* e and an accent */
    {"👨‍👩‍👧", 2, "👨"},          /* a family: its base */
    {"👍🏽", 2, "👍"},                    /* skin tone */
    {"❤️", 1, "❤"},                      /* variation selector */
    {"한국", 4, NULL},                       /* composed */
    {"\xe1\x84\x92\xe1\x85\xa1", 2, NULL},   /* jamo: one cluster */
    {"a\x1b[31mb", 7, "a\xef\xbf\xbd[31mb"}, /* escape sequence */
    {"a\nb\tc", 5,
     "a\xef\xbf\xbd"
     "b\xef\xbf\xbd"
     "c"},
    {"a\xe2\x80\xaeg", 2, "ag"}, /* bidi override */
    {"a\xe2\x80\x8bg", 2, "ag"}, /* zero-width blank */
    {"\xef\xbb\xbf"
     "a",
     1, "a"}, /* byte order mark */
    {"\xc2\x9b"
     "2J",
     3,
     "\xef\xbf\xbd"
     "2J"},                      /* C1: CSI in one */
    {"\xff", 1, "\xef\xbf\xbd"}, /* no UTF-8 */
    {"a\x7f", 2, "a\xef\xbf\xbd"},
    {"\xe2\x80\xa8", 1, "\xef\xbf\xbd"}, /* line separator */
};

static void test_cells_and_what_is_drawn(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++) {
        const struct width *w = &widths[i];
        const char *safe = utf8_safe(arena, w->text, strlen(w->text));
        assert_string_equal(safe, w->safe != NULL ? w->safe : w->text);
        assert_int_equal(utf8_width(w->text), w->cells);
        assert_int_equal(utf8_width(safe), w->cells);
    }
}

static void test_no_control_gets_through(void **state)
{
    (void)state;
    for (uint32_t cp = 1; cp <= 0x10ffff; cp++) {
        char text[5] = "";
        size_t n = utf8_encode(cp, text);
        const char *safe = utf8_safe(arena, text, n);
        size_t len = strlen(safe), used;
        uint32_t drawn;
        int cells = 0;
        for (size_t at = 0; at < len; at += used) {
            used = utf8_decode(safe + at, len - at, &drawn);
            assert_true(drawn >= 0x20 && drawn != 0x7f);
            assert_false(drawn >= 0x80 && drawn < 0xa0);
            assert_true(wcwidth((wchar_t)drawn) >= 0);
            cells += wcwidth((wchar_t)drawn);
        }
        assert_int_equal(utf8_width_n(text, n), cells);
        if (cp % 4096 == 0)
            arena_reset(arena);
    }
}

static void test_marks_do_not_pile_up(void **state)
{
    (void)state;
    char text[100] = "a";
    for (int i = 0; i < 40; i++)
        strcat(text, "\xcc\x81");
    assert_int_equal(utf8_length(utf8_safe(arena, text, strlen(text))), 5);
    assert_int_equal(utf8_width(text), 1);
}

static void test_single_code_points(void **state)
{
    (void)state;
    assert_int_equal(utf8_cp_width('a'), 1);
    assert_int_equal(utf8_cp_width(0x6df1), 2);
    assert_int_equal(utf8_cp_width(0x301), 0);
    assert_int_equal(utf8_cp_width(0x1b), 0);
    assert_int_equal(utf8_cp_width(0x9b), 0);
    assert_int_equal(utf8_cp_width(0x202e), 0);
    assert_int_equal(utf8_cp_width(0x10ffff), 0);
    assert_int_equal(utf8_cp_width(0xffffffff), 0);
}

static void test_ambiguous_as_measured(void **state)
{
    (void)state;
    utf8_set_ambiguous(2);
    assert_int_equal(utf8_width("●…─█"), 8);
    assert_int_equal(utf8_width("abc深"), 5);
    assert_string_equal(utf8_truncate(arena, "abcdef", 5), "abc…");
    assert_string_equal(utf8_truncate(arena, "abcdef", 1), "");
    utf8_set_ambiguous(7);
    assert_int_equal(utf8_width("●…─█"), 4);
}

static void test_fit_never_halves(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int cells, used;
        size_t bytes;
    } cases[] = {
        {"深圳", 0, 0, 0}, {"深圳", 1, 0, 0},
        {"深圳", 2, 2, 3}, {"深圳", 3, 2, 3},
        {"深圳", 4, 4, 6}, {"深圳", 99, 4, 6},
        {"abc", 2, 2, 2},  {"e\xcc\x81x", 1, 1, 3},
        {"", 5, 0, 0},     {"abc", -1, 0, 0},
        {"a深", 2, 1, 1},  {"👨‍👩‍👧x", 2, 2, 18},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int used = -1;
        const char *t = cases[i].text;
        assert_int_equal(utf8_fit(t, strlen(t), cases[i].cells, &used),
                         cases[i].bytes);
        assert_int_equal(used, cases[i].used);
    }
    assert_int_equal(utf8_fit("abc", 3, 2, NULL), 2);
}

static void test_truncate(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int cells;
        const char *out;
    } cases[] = {
        {"abc", 3, "abc"},      {"abcd", 3, "ab…"},   {"深圳市", 6, "深圳市"},
        {"深圳市", 5, "深圳…"}, {"深圳市", 4, "深…"}, {"深圳市", 1, "…"},
        {"深圳市", 0, ""},      {"深圳市", -3, ""},   {"", 0, ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        assert_string_equal(utf8_truncate(arena, cases[i].text, cases[i].cells),
                            cases[i].out);
}

/* Boundaries forwards and backwards are the same. */
static void test_walking_by_grapheme(void **state)
{
    (void)state;
    const char *text = "a深e\xcc\x81👨‍👩‍👧\n🇨🇳b\xff";
    size_t len = strlen(text), starts[32], n = 0;
    for (size_t at = 0; at < len; at = utf8_next(text, len, at))
        starts[n++] = at;
    assert_int_equal(n, 8);
    for (size_t at = len; n > 0;) {
        at = utf8_prev(text, len, at);
        assert_int_equal(at, starts[--n]);
    }
    assert_int_equal(utf8_prev(text, len, 0), 0);
    assert_int_equal(utf8_next(text, len, len), len);
    assert_int_equal(utf8_next(text, len, len + 5), len);
    assert_int_equal(utf8_prev(text, len, len + 5), len - 1);
}

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

int main(int argc, char **argv)
{
    (void)argc;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_and_what_is_drawn),
        cmocka_unit_test(test_no_control_gets_through),
        cmocka_unit_test(test_marks_do_not_pile_up),
        cmocka_unit_test(test_single_code_points),
        cmocka_unit_test(test_ambiguous_as_measured),
        cmocka_unit_test(test_fit_never_halves),
        cmocka_unit_test(test_truncate),
        cmocka_unit_test(test_walking_by_grapheme),
    };
    i18n_init(argv[0]);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
