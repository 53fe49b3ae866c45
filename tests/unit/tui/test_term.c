/* The terminal on a pseudo-terminal whose other end this program holds: what
 * is sent and when, the question about widths, a slow line, a line cut.
 * proves: UX-08, UX-09 */
#include "common/clock.h"
#include "common/i18n.h"
#include "common/utf8.h"
#include "tests/support/check.h"
#include "tui/term/term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { ROWS = 24, COLS = 80, PATIENCE_MS = 20000 };

static struct {
    uv_loop_t loop;
    int master, slave;
    struct term *term;
    char got[1 << 20]; /* what came out, since the last forget() */
    size_t n;
    int frames, hangups;
    char events[256];
    const char *text; /* what each frame shows */
} w;

static void draw(void *ctx)
{
    (void)ctx;
    w.frames++;
    for (int y = 0; y < ROWS; y++)
        term_put(w.term, y, 0, COLS, STYLE_text, w.text);
    term_cursor(w.term, 3, 5, true);
}

static void on_event(void *ctx, const struct event *e)
{
    (void)ctx;
    char name[KEY_NAME_LEN] = "resize";
    size_t n = strlen(w.events);
    if (e->kind == EVENT_key)
        key_spell(e, name);
    snprintf(w.events + n, sizeof(w.events) - n, "%s ", name);
    term_wake(w.term);
}

static void on_hangup(void *ctx)
{
    (void)ctx;
    w.hangups++;
}

static void open_term(bool ascii)
{
    char *why = NULL;
    struct term_options o = {.in_fd = w.slave,
                             .out_fd = w.slave,
                             .type = "xterm-256color",
                             .ascii = ascii,
                             .mouse = true};
    w.term = term_open(&w.loop, &o, &why);
    assert_non_null(w.term);
    term_on_draw(w.term, draw, NULL);
    term_on_event(w.term, on_event, on_hangup, NULL);
}

static int set_up(void **state)
{
    (void)state;
    memset(&w, 0, sizeof(w));
    w.text = "一二三";
    struct winsize size = {.ws_row = ROWS, .ws_col = COLS};
    assert_int_equal(openpty(&w.master, &w.slave, NULL, NULL, &size), 0);
    fcntl(w.master, F_SETFL, O_NONBLOCK);
    uv_loop_init(&w.loop);
    utf8_set_ambiguous(1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    term_close(&w.term);
    uv_run(&w.loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&w.loop), 0);
    if (w.master >= 0)
        close(w.master);
    close(w.slave);
    return 0;
}

/* --- the other end --- */

static void take(void)
{
    ssize_t n = read(w.master, w.got + w.n, sizeof(w.got) - 1 - w.n);
    if (n > 0)
        w.n += (size_t)n;
    w.got[w.n] = '\0';
}

static void forget(void)
{
    w.n = 0;
    w.got[0] = '\0';
}

/* Runs the loop until the condition holds. */
static void until(bool (*holds)(void))
{
    for (int i = 0; i < PATIENCE_MS && !holds(); i++) {
        uv_run(&w.loop, UV_RUN_NOWAIT);
        take();
        usleep(1000);
    }
    if (!holds())
        check_fail("it never came; the last bytes: %s", w.got);
}

static void type(const char *bytes)
{
    size_t len = strlen(bytes);
    assert_int_equal(write(w.master, bytes, len), (ssize_t)len);
}

static bool asked(void)
{
    return strstr(w.got, "\033[6n") != NULL;
}

static bool drawn(void)
{
    return w.frames > 0 && strstr(w.got, w.text) != NULL;
}

static bool ascii(void)
{
    return term_ascii(w.term);
}

static bool measured(void)
{
    return term_rtt_ms(w.term) >= 0;
}

static bool hung_up(void)
{
    return w.hangups > 0;
}

static bool has_events(void)
{
    return w.events[0] != '\0';
}

static bool has_up(void)
{
    return strstr(w.events, "up") != NULL;
}

/* --- the tests --- */

/* The other screen comes before anything else, so that the shell's is found
 * as it was; the question leaves no trace. */
static void test_order_at_the_start(void **state)
{
    (void)state;
    open_term(false);
    until(asked);
    until(drawn);
    const char *other = strstr(w.got, "\033[?1049h");
    const char *question = strstr(w.got, "\033[6n");
    const char *clear = strstr(w.got, "\033[H\033[2J");
    assert_true(other != NULL && question > other && clear > question);
    assert_non_null(strstr(w.got, "\033[?2004h"));
    assert_non_null(strstr(w.got, "\033[?1006h"));
    assert_int_equal(w.frames, 1);
}

static void test_everything_is_given_back(void **state)
{
    (void)state;
    open_term(false);
    until(drawn);
    forget();
    term_close(&w.term);
    take();
    assert_non_null(strstr(w.got, "\033[?2004l"));
    assert_non_null(strstr(w.got, "\033[?1006l"));
    assert_non_null(strstr(w.got, "\033[?1049l"));
    struct termios t;
    tcgetattr(w.slave, &t);
    assert_true((t.c_lflag & ICANON) != 0 && (t.c_lflag & ECHO) != 0);
}

static void test_narrow_answer(void **state)
{
    (void)state;
    open_term(false);
    until(asked);
    type("\033[2;2R");
    until(measured);
    assert_false(term_ascii(w.term));
    assert_string_equal(w.events, "");
}

/* Where an ambiguous character takes two cells, none is drawn any more. */
static void test_wide_answer(void **state)
{
    (void)state;
    w.text = "甲—乙";
    open_term(false);
    until(asked);
    type("\033[2;3R");
    until(ascii);
    forget();
    w.text = "甲- 乙";
    until(drawn);
    assert_string_equal(term_symbol(w.term, "focus"), ">");
}

/* With ASCII alone no character is tried, but the line is measured. */
static void test_ascii_measures_only(void **state)
{
    (void)state;
    open_term(true);
    until(asked);
    assert_null(strstr(w.got, "—"));
    type("\033[2;1R");
    until(measured);
    assert_string_equal(term_symbol(w.term, "cut"), "~");
}

/* Whether the line is slow is measured, or said. */
static void test_slow(void **state)
{
    (void)state;
    open_term(true);
    assert_false(term_is_slow(w.term)); /* not known yet */
    until(asked);
    type("\033[2;1R");
    until(measured);
    term_set_slow(w.term, SLOW_on);
    assert_true(term_is_slow(w.term));
    term_set_slow(w.term, SLOW_off);
    assert_false(term_is_slow(w.term));
    term_set_slow(w.term, SLOW_auto);
    assert_int_equal(term_is_slow(w.term), term_rtt_ms(w.term) > 300);
}

/* A lone Esc comes after a moment, the rest of a sequence does not wait. */
static void test_esc(void **state)
{
    (void)state;
    open_term(true);
    until(drawn);
    type("\033");
    until(has_events);
    assert_string_equal(w.events, "esc ");
    type("\033[A");
    until(has_up);
    assert_string_equal(w.events, "esc up ");
}

/* All keys that are there are one frame. */
static void test_keys_at_once(void **state)
{
    (void)state;
    open_term(true);
    until(drawn);
    int before = w.frames;
    type("jjjjjjjjjj");
    until(has_events);
    uv_run(&w.loop, UV_RUN_NOWAIT);
    assert_string_equal(w.events, "j j j j j j j j j j ");
    assert_int_equal(w.frames, before + 1);
}

/* While the line takes nothing, no further frame is begun; then the last
 * picture comes, not all of them. */
static void test_slow_line(void **state)
{
    (void)state;
    static char big[6][COLS + 1];
    open_term(true);
    until(drawn);
    forget();
    /* Nobody reads: after a few full screens the line is full. */
    int drawn_before = w.frames;
    for (int i = 0; i < 300; i++) {
        memset(big[i % 6], 'a' + i % 6, COLS);
        w.text = big[i % 6];
        term_redraw(w.term);
        uv_run(&w.loop, UV_RUN_NOWAIT);
    }
    assert_true(w.frames - drawn_before < 150);
    w.text = "the last picture";
    term_wake(w.term);
    until(drawn);
    assert_true(w.n < 300 * COLS * ROWS);
}

static void test_resize(void **state)
{
    (void)state;
    open_term(true);
    until(drawn);
    struct winsize size = {.ws_row = 10, .ws_col = 40};
    ioctl(w.slave, TIOCSWINSZ, &size);
    term_resize(w.term);
    int rows, cols;
    term_size(w.term, &rows, &cols);
    assert_int_equal(rows, 10);
    assert_int_equal(cols, 40);
    assert_string_equal(w.events, "resize ");
}

static void test_line_cut(void **state)
{
    (void)state;
    open_term(true);
    until(drawn);
    close(w.master);
    w.master = -1;
    for (int i = 0; i < PATIENCE_MS && !hung_up(); i++) {
        uv_run(&w.loop, UV_RUN_NOWAIT);
        usleep(1000);
    }
    assert_int_equal(w.hangups, 1);
}

static void test_copy(void **state)
{
    (void)state;
    open_term(true);
    until(drawn);
    forget();
    term_copy(w.term, "科技a");
    take();
    assert_string_equal(w.got, "\033]52;c;56eR5oqAYQ==\a");
}

static void test_nothing_dangerous_is_drawn(void **state)
{
    (void)state;
    w.text = "ok\033]0;title\a\x9b"
             "31m\xc2\x9b\r\n";
    open_term(true);
    for (int i = 0; i < 200 && w.frames == 0; i++) {
        uv_run(&w.loop, UV_RUN_NOWAIT);
        usleep(1000);
    }
    take();
    assert_true(w.frames > 0);
    assert_null(strstr(w.got, "\033]"));
    assert_null(strchr(w.got, '\a'));
    assert_null(strchr(w.got, '\x9b'));
}

static void test_themes(void **state)
{
    (void)state;
    open_term(true);
    for (int i = 0; term_theme_at(i) != NULL; i++) {
        assert_true(term_set_theme(w.term, term_theme_at(i)));
        assert_string_equal(term_theme(w.term), term_theme_at(i));
    }
    assert_false(term_set_theme(w.term, "pink"));
}

/* What nobody pressed a key for is drawn twice a second at most on a slow
 * line, however often it changes; a key's own frame comes at once. */
static void test_slow_line_is_spared(void **state)
{
    (void)state;
    open_term(true);
    until(drawn);
    term_set_slow(w.term, SLOW_on);
    uint64_t start = clock_mono_ms(), now = start;
    int before = w.frames;
    for (; now - start < 700; now = clock_mono_ms()) {
        term_wake(w.term);
        uv_run(&w.loop, UV_RUN_NOWAIT);
        take();
        usleep(2000);
    }
    assert_true(w.frames > before);
    assert_true((uint64_t)(w.frames - before) <= (now - start) / 500 + 1);
    before = w.frames;
    forget();
    type("x");
    for (int i = 0; i < 200 && w.frames == before; i++) {
        uv_run(&w.loop, UV_RUN_NOWAIT);
        usleep(1000);
    }
    assert_int_equal(w.frames, before + 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(int argc, char **argv)
{
    (void)argc;
    setenv("LC_ALL", "C.UTF-8", 1);
    i18n_init(argv[0]);
    const struct CMUnitTest tests[] = {
        TEST(test_order_at_the_start),
        TEST(test_everything_is_given_back),
        TEST(test_narrow_answer),
        TEST(test_wide_answer),
        TEST(test_ascii_measures_only),
        TEST(test_slow),
        TEST(test_slow_line_is_spared),
        TEST(test_esc),
        TEST(test_keys_at_once),
        TEST(test_slow_line),
        TEST(test_resize),
        TEST(test_line_cut),
        TEST(test_copy),
        TEST(test_nothing_dangerous_is_drawn),
        TEST(test_themes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
