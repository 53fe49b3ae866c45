/* UTF-8 as bytes: what decodes, what is refused, and that both ways agree. */
#include "common/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool is_scalar(uint32_t cp)
{
    return cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff);
}

static void test_every_code_point_comes_back(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
        char text[4];
        uint32_t back;
        size_t n = utf8_encode(cp, text);
        assert_int_equal(utf8_decode(text, n, &back), n);
        assert_int_equal(back, is_scalar(cp) ? cp : 0xfffd);
        assert_true(utf8_valid(text, n));
        for (size_t cut = 1; cut < n; cut++) {
            assert_false(utf8_valid(text, cut));
            assert_int_equal(utf8_decode(text, cut, &back), 1);
            assert_int_equal(back, 0xfffd);
        }
    }
}

static void test_beyond_unicode_is_replaced(void **state)
{
    (void)state;
    char text[4];
    assert_int_equal(utf8_encode(0x110000, text), 3);
    assert_memory_equal(text, "\xef\xbf\xbd", 3);
    assert_int_equal(utf8_encode(0xffffffff, text), 3);
}

static const char *const bad[] = {
    "\x80",             /* continuation without a lead */
    "\xc3",             /* cut */
    "\xc0\xaf",         /* overlong '/' */
    "\xc1\xbf",         /* overlong */
    "\xe0\x80\xaf",     /* overlong */
    "\xe0\x9f\xbf",     /* overlong */
    "\xed\xa0\x80",     /* surrogate */
    "\xed\xbf\xbf",     /* surrogate */
    "\xf0\x80\x80\xaf", /* overlong */
    "\xf0\x8f\xbf\xbf", /* overlong */
    "\xf4\x90\x80\x80", /* past U+10FFFF */
    "\xf5\x80\x80\x80", /* past U+10FFFF */
    "\xff",
    "\xfe",
    "\xe6\xb7",     /* cut */
    "\xe6\xb7\x41", /* cut by ASCII */
    "\xf8\x88\x80\x80\x80",
};

static void test_bad_forms_are_refused_anywhere(void **state)
{
    (void)state;
    char text[64];
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        size_t n = strlen(bad[i]);
        for (size_t before = 0; before < 20; before++) {
            memset(text, 'a', sizeof(text));
            memcpy(text + before, bad[i], n);
            assert_false(utf8_valid(text, before + n));
            assert_false(utf8_valid(text, before + n + 9));
        }
        uint32_t cp;
        assert_int_equal(utf8_decode(bad[i], n, &cp), 1);
        assert_int_equal(cp, 0xfffd);
    }
}

static void test_end_of_text(void **state)
{
    (void)state;
    uint32_t cp = 7;
    assert_int_equal(utf8_decode("", 0, &cp), 0);
    assert_int_equal(cp, 0);
    assert_true(utf8_valid("", 0));
    assert_true(utf8_valid("a\0b", 3));
}

static void test_length_counts_code_points(void **state)
{
    (void)state;
    assert_int_equal(utf8_length(""), 0);
    assert_int_equal(utf8_length("abc"), 3);
    assert_int_equal(utf8_length("深圳 a😀"), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_point_comes_back),
        cmocka_unit_test(test_beyond_unicode_is_replaced),
        cmocka_unit_test(test_bad_forms_are_refused_anywhere),
        cmocka_unit_test(test_end_of_text),
        cmocka_unit_test(test_length_counts_code_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
