/* Line framing: any cut of the bytes gives the same lines, and a line that is
 * too long costs no memory. */
#include "common/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The lines in [] one after another, ! for one that was too long. */
static void drain(struct line_reader *r, struct buf *out)
{
    const char *line;
    size_t len;
    for (;;) {
        enum line_result result = line_next(r, &line, &len);
        if (result == LINE_MORE)
            return;
        if (result == LINE_TOO_LONG) {
            buf_char(out, '!');
            continue;
        }
        assert_int_equal(line[len], '\0');
        buf_char(out, '[');
        buf_add(out, line, len);
        buf_char(out, ']');
    }
}

struct framing {
    const char *in, *out;
};

static const struct framing cases[] = {
    {"", ""},
    {"abc", ""},
    {"abc\n", "[abc]"},
    {"abc\r\n", "[abc]"},
    {"a\rb\n", "[a\rb]"},
    {"\n\n", "[][]"},
    {"\r\n", "[]"},
    {"12345678\n", "[12345678]"},
    {"12345678\r\n", "[12345678]"},
    {"123456789\n1\n", "![1]"},
    {"123456789\r\n1\n", "![1]"},
    {"1234567890123456789012345\n1\n", "![1]"},
    {"1234567890123456789012345\n123456789\n1\n", "!![1]"},
    {"123456789", ""},
    {"1234567890", "!"},
    {"1\n2\n3", "[1][2]"},
};

static void test_every_cut_gives_the_same_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        size_t len = strlen(cases[i].in);
        for (size_t step = 1; step <= len + 1; step++) {
            struct line_reader r;
            struct buf out = BUF_INIT;
            line_init(&r, 8);
            for (size_t at = 0; at < len; at += step) {
                size_t n = len - at < step ? len - at : step;
                line_feed(&r, cases[i].in + at, n);
                drain(&r, &out);
            }
            assert_string_equal(buf_text(&out), cases[i].out);
            buf_free(&out);
            line_free(&r);
        }
    }
}

static void test_memory_stays_within_the_limit(void **state)
{
    (void)state;
    struct line_reader r;
    struct buf out = BUF_INIT;
    char piece[1000];
    memset(piece, 'x', sizeof(piece));
    line_init(&r, 4096);
    for (int i = 0; i < 10000; i++) {
        line_feed(&r, piece, sizeof(piece));
        drain(&r, &out);
        assert_true(r.pending.cap <= 4 * 4096);
    }
    assert_string_equal(buf_text(&out), "!");
    line_feed(&r, "\nok\n", 4);
    drain(&r, &out);
    assert_string_equal(buf_text(&out), "![ok]");
    buf_free(&out);
    line_free(&r);
}

static void test_a_nul_is_a_byte_like_others(void **state)
{
    (void)state;
    struct line_reader r;
    const char *line;
    size_t len;
    line_init(&r, 100);
    line_feed(&r, "a\0b\n", 4);
    assert_int_equal(line_next(&r, &line, &len), LINE_READY);
    assert_int_equal(len, 3);
    assert_memory_equal(line, "a\0b", 4);
    line_free(&r);
}

static void test_nothing_fed(void **state)
{
    (void)state;
    struct line_reader r;
    const char *line;
    size_t len;
    line_init(&r, 10);
    assert_int_equal(line_next(&r, &line, &len), LINE_MORE);
    line_feed(&r, "", 0);
    assert_int_equal(line_next(&r, &line, &len), LINE_MORE);
    line_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_cut_gives_the_same_lines),
        cmocka_unit_test(test_memory_stays_within_the_limit),
        cmocka_unit_test(test_a_nul_is_a_byte_like_others),
        cmocka_unit_test(test_nothing_fed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
