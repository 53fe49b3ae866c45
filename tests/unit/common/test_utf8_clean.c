/* Text from outside, and text for comparing. */
#include "common/i18n.h"
#include "common/mem.h"
#include "common/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

struct cleaning {
    const char *in, *line, *lines;
};

static const struct cleaning cleanings[] = {
    {"", "", ""},
    {"  a b  ", "a b", "a b"},
    {"\xe3\x80\x80深圳\xc2\xa0", "深圳", "深圳"},
    {"a\r\nb\rc\nd", "a b c d", "a\nb\nc\nd"},
    {"\n\na\n\n", "a", "a"},
    {"a\tb", "a b", "a b"},
    {"a\x1b[31mb\x07", "a[31mb", "a[31mb"},
    {"a\xe2\x80\xae\xe2\x81\xa6g", "ag", "ag"}, /* bidi controls */
    {"a\xe2\x80\x8bg\xef\xbb\xbf", "ag", "ag"}, /* zero-width, BOM */
    {"a\xc2\x85"
     "b\xe2\x80\xa8"
     "c",
     "a b c", "a\nb\nc"},
    {"e\xcc\x81", "é", "é"}, /* composed */
    {"👨‍👩‍👧", "👨‍👩‍👧",
     "👨‍👩‍👧"},                  /* joiners stay */
    {"\xef\xbf\xbf\xef\xb7\x90x", "x", "x"}, /* noncharacters */
    {"：，", "：，", "：，"},                /* width stays */
    {" \n\t ", "", ""},
};

static void test_cleaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cleanings) / sizeof(*cleanings); i++) {
        const struct cleaning *c = &cleanings[i];
        size_t n = strlen(c->in);
        assert_string_equal(utf8_clean(arena, c->in, n, false), c->line);
        assert_string_equal(utf8_clean(arena, c->in, n, true), c->lines);
        n = strlen(c->lines);
        assert_string_equal(utf8_clean(arena, c->lines, n, true), c->lines);
    }
}

static void test_bad_bytes_are_refused(void **state)
{
    (void)state;
    assert_null(utf8_clean(arena, "a\xff", 2, false));
    assert_null(utf8_clean(arena, "\xed\xa0\x80", 3, true));
    assert_string_equal(utf8_clean(arena, "a\0b", 3, true), "ab");
}

struct folding {
    const char *in, *out;
};

static const struct folding foldings[] = {
    {"", ""},
    {"AbC", "abc"},
    {"ＡＢＣ１２３", "abc123"},
    {"深圳（艾维）", "深圳(艾维)"},
    {"a \t\n\xe3\x80\x80 b", "a b"},
    {"Straße", "strasse"},
    {"E\xcc\x81", "é"},
    {"①", "1"},
    {"ﾃｽﾄ", "テスト"},
    {"a\xff"
     "b",
     "a\xef\xbf\xbd"
     "b"},
    {"a\xe2\x80\x8b"
     "b",
     "ab"},
};

static void test_folding(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(foldings) / sizeof(*foldings); i++) {
        const char *out = utf8_fold(arena, foldings[i].in);
        assert_string_equal(out, foldings[i].out);
        assert_string_equal(utf8_fold(arena, out), out);
    }
}

static void test_folding_is_stable_for_every_code_point(void **state)
{
    (void)state;
    for (uint32_t cp = 1; cp <= 0x10ffff; cp++) {
        char text[5] = "";
        utf8_encode(cp, text);
        char *once = utf8_fold(arena, text);
        assert_true(utf8_valid(once, strlen(once)));
        assert_string_equal(utf8_fold(arena, once), once);
        if (cp % 1024 == 0)
            arena_reset(arena);
    }
}

static void test_growing_text_fits(void **state)
{
    (void)state;
    /* U+FDFA becomes eighteen code points. */
    char text[301] = "";
    for (int i = 0; i < 100; i++)
        memcpy(text + 3 * i, "\xef\xb7\xba", 4);
    assert_int_equal(utf8_length(utf8_fold(arena, text)), 1800);
}

static void test_ascii_twins(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        char to;
    } cases[] = {
        {"：", ':'}, {"／", '/'}, {"？", '?'}, {"。", '.'}, {"，", ','},
        {"、", '/'}, {"《", '<'}, {"》", '>'}, {"【", '['}, {"】", ']'},
        {"！", '!'}, {"＋", '+'}, {"－", '-'}, {"×", '*'},  {"Ａ", 'A'},
        {"ｚ", 'z'}, {"０", '0'}, {"　", ' '}, {"～", '~'},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        uint32_t cp;
        utf8_decode(cases[i].from, strlen(cases[i].from), &cp);
        assert_int_equal(utf8_ascii_twin(cp), cases[i].to);
    }
    assert_int_equal(utf8_ascii_twin('a'), 'a');
    assert_int_equal(utf8_ascii_twin(0x6df1), 0x6df1);
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
        cmocka_unit_test(test_cleaning),
        cmocka_unit_test(test_bad_bytes_are_refused),
        cmocka_unit_test(test_folding),
        cmocka_unit_test(test_folding_is_stable_for_every_code_point),
        cmocka_unit_test(test_growing_text_fits),
        cmocka_unit_test(test_ascii_twins),
    };
    i18n_init(argv[0]);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
