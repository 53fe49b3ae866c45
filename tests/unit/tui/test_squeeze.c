/* What ncurses wrote, made shorter: the same cells on the screen for fewer
 * bytes on the line.
 * proves: UX-08 */
#include "tui/term/squeeze.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

enum { ROWS = 6, COLS = 30 };

static void expect_with(bool columns, const char *in, const char *want)
{
    char s[256];
    size_t len = strlen(in);
    memcpy(s, in, len);
    s[squeeze(s, len, columns)] = '\0';
    assert_string_equal(s, want);
}

static void expect(const char *in, const char *want)
{
    expect_with(true, in, want);
}

static void test_columns(void **state)
{
    (void)state;
    expect("\033[4;3Ha\033[4;20Hb", "\033[4;3Ha\033[20Gb");
    expect("\033[4;3Ha\033[5;20Hb", "\033[4;3Ha\033[5;20Hb");
    expect("\033[4dx\033[4;9Hy", "\033[4dx\033[9Gy");
    expect("\033[Ha\033[1;9Hb", "\033[Ha\033[9Gb");
    expect_with(false, "\033[4;3Ha\033[4;20Hb", "\033[4;3Ha\033[4;20Hb");
}

/* Erasing and the like stay in the row; anything else may leave it. */
static void test_row_known(void **state)
{
    (void)state;
    expect("\033[4;3Ha\033[K\033[3P\r\b\033[4;20Hb",
           "\033[4;3Ha\033[K\033[3P\r\b\033[20Gb");
    expect("\033[4;3Ha\n\033[4;20Hb", "\033[4;3Ha\n\033[4;20Hb");
    expect("\033[4;3H\033[2B\033[4;20Hb", "\033[4;3H\033[2B\033[4;20Hb");
    expect("\033[4;3H\033[1;6r\033[4;20H", "\033[4;3H\033[1;6r\033[4;20H");
    expect("\033[4;3H\033M\033[4;20H", "\033[4;3H\033M\033[4;20H");
}

static void test_attributes(void **state)
{
    (void)state;
    expect("\033[39m\033(B\033[m", "\033[m");
    expect("\033(B\033[0;1mx", "\033[0;1mx");
    expect("\033(B\033[m\033[38;5;245mx", "\033[0;38;5;245mx");
    expect("\033[1m\033[31mx", "\033[1;31mx");
    expect("\033[31m\033[0;7mx", "\033[0;7mx");
    expect("\033[0m\033[4mx", "\033[0;4mx");
    expect("\033[31mx\033[m", "\033[31mx\033[m");
}

/* Private sequences, strings, sequences cut off, Chinese: as they are. */
static void test_left_alone(void **state)
{
    (void)state;
    static const char *const same[] = {"",
                                       "科技 abc",
                                       "\033[?25l\033[?2004h",
                                       "\033[1;2",
                                       "\033",
                                       "\033[",
                                       "\033]52;c;",
                                       "\033[4;3H\033[?1049h\033[4;9H"};
    for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
        expect(same[i], same[i]);
}

/* --- the same picture --- */

static void paint(const char *s, size_t len, VTermScreenCell *out)
{
    VTerm *vt = vterm_new(ROWS, COLS);
    vterm_set_utf8(vt, 1);
    VTermScreen *screen = vterm_obtain_screen(vt);
    vterm_screen_reset(screen, 1);
    vterm_input_write(vt, s, len);
    for (int i = 0; i < ROWS * COLS; i++) {
        VTermPos at = {.row = i / COLS, .col = i % COLS};
        vterm_screen_get_cell(screen, at, &out[i]);
    }
    vterm_free(vt);
}

/* Moves, and behind each a few pieces that do not reach the last column: so
 * ncurses writes, which leaves no wrapping to the terminal. */
static size_t random_frame(char *s, size_t size)
{
    static const char *const pieces[] = {"\033[39m\033(B\033[m",
                                         "\033(B\033[0;1m",
                                         "\033[31m",
                                         "\033[7m",
                                         "深圳",
                                         "ab ",
                                         "\033[K",
                                         "\033[2P",
                                         "\r",
                                         "\033[3X",
                                         "\n",
                                         "\033(B\033[m",
                                         "\033[2@",
                                         "\033[4d",
                                         "\033[H",
                                         "x"};
    enum { PIECES = sizeof(pieces) / sizeof(*pieces) };
    size_t len = 0;
    while (len + 128 < size) {
        len += (size_t)snprintf(s + len, size - len, "\033[%d;%dH",
                                rand() % 3 + 1, rand() % (COLS / 2) + 1);
        for (int i = rand() % 3; i >= 0; i--)
            len += (size_t)snprintf(s + len, size - len, "%s",
                                    pieces[rand() % PIECES]);
    }
    return len;
}

static void test_same_picture(void **state)
{
    (void)state;
    static VTermScreenCell before[ROWS * COLS], after[ROWS * COLS];
    char s[512];
    size_t saved = 0;
    srand(20250704);
    for (int i = 0; i < 2000; i++) {
        size_t len = random_frame(s, sizeof(s));
        paint(s, len, before);
        size_t less = squeeze(s, len, true);
        assert_true(less <= len);
        saved += len - less;
        paint(s, less, after);
        assert_memory_equal(before, after, sizeof(before));
    }
    assert_true(saved > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),      cmocka_unit_test(test_row_known),
        cmocka_unit_test(test_attributes),   cmocka_unit_test(test_left_alone),
        cmocka_unit_test(test_same_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
