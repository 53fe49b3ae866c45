/* Buffers: growing, dropping, and always a NUL behind the content. */
#include "common/buf.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_text_is_never_null(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    assert_string_equal(buf_text(&b), "");
    buf_add(&b, "", 0);
    assert_string_equal(buf_text(&b), "");
    buf_clear(&b);
    buf_free(&b);
    assert_string_equal(buf_text(&b), "");
    buf_free(&b);
}

static void test_parts_add_up(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    buf_str(&b, "a");
    buf_char(&b, 'b');
    buf_add(&b, "c\0d", 3);
    buf_printf(&b, "-%03d", 7);
    buf_printf(&b, "%s", "");
    assert_int_equal(b.len, 9);
    assert_memory_equal(b.data, "abc\0d-007", 10);
    buf_free(&b);
}

static void test_integers(void **state)
{
    (void)state;
    static const struct {
        long long n;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-1, "-1"},
        {1000, "1000"},
        {LLONG_MAX, "9223372036854775807"},
        {LLONG_MIN, "-9223372036854775808"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct buf b = BUF_INIT;
        buf_int(&b, cases[i].n);
        assert_string_equal(buf_text(&b), cases[i].text);
        buf_free(&b);
    }
}

static void test_growth_keeps_content(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    for (int i = 0; i < 100000; i++)
        buf_char(&b, (char)('a' + i % 26));
    assert_int_equal(b.len, 100000);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(b.data[i], 'a' + i % 26);
    assert_int_equal(b.data[b.len], '\0');
    buf_free(&b);
}

static void test_printf_longer_than_the_room(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    buf_str(&b, "x");
    buf_printf(&b, "%*d", 5000, 42);
    assert_int_equal(b.len, 5001);
    assert_string_equal(b.data + 4999, "42");
    buf_free(&b);
}

static void test_drop(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    buf_drop(&b, 10);
    buf_str(&b, "abcdef");
    buf_drop(&b, 2);
    assert_string_equal(buf_text(&b), "cdef");
    buf_drop(&b, 0);
    assert_int_equal(b.len, 4);
    buf_drop(&b, 99);
    assert_int_equal(b.len, 0);
    assert_string_equal(buf_text(&b), "");
    buf_free(&b);
}

static void test_clear_keeps_memory(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    buf_reserve(&b, 1000);
    size_t cap = b.cap;
    buf_str(&b, "abc");
    buf_clear(&b);
    assert_int_equal(b.cap, cap);
    assert_string_equal(buf_text(&b), "");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_never_null),
        cmocka_unit_test(test_parts_add_up),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_growth_keeps_content),
        cmocka_unit_test(test_printf_longer_than_the_room),
        cmocka_unit_test(test_drop),
        cmocka_unit_test(test_clear_keeps_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
