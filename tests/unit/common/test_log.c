/* The log: one line an event, whatever was put into it. */
#include "common/clock.h"
#include "common/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char said[16384];

/* Standard error goes into a pipe from here to log_heard. */
static int hear(int fd[2])
{
    int kept = dup(STDERR_FILENO);
    assert_int_equal(pipe(fd), 0);
    dup2(fd[1], STDERR_FILENO);
    close(fd[1]);
    return kept;
}

static const char *heard(int fd[2], int kept)
{
    dup2(kept, STDERR_FILENO);
    close(kept);
    size_t len = 0;
    ssize_t n;
    while ((n = read(fd[0], said + len, sizeof(said) - 1 - len)) > 0)
        len += (size_t)n;
    close(fd[0]);
    said[len] = '\0';
    return said;
}

static void test_one_line_with_time_level_and_pairs(void **state)
{
    (void)state;
    int fd[2], kept = hear(fd);
    log_line(LOG_warn, "conn_close", "id=%d reason=%s", 7,
             log_quote("a \"b\"\n"));
    log_line(LOG_info, "start", "%s", "");
    const char *text = heard(fd, kept);
    assert_int_equal(text[10], 'T');
    assert_non_null(
        strstr(text, "Z warn conn_close id=7 reason=\"a \\\"b\\\"\\n\"\n"));
    assert_non_null(strstr(text, "Z info start\n"));
}

static void test_levels_below_the_threshold_are_silent(void **state)
{
    (void)state;
    enum log_level level = LOG_error;
    int fd[2], kept = hear(fd);
    log_set_level(LOG_warn);
    log_line(LOG_info, "quiet", "x=%d", 1);
    log_set_level(LOG_debug);
    log_line(LOG_debug, "loud", "x=%d", 1);
    log_set_level(LOG_info);
    const char *text = heard(fd, kept);
    assert_null(strstr(text, "quiet"));
    assert_non_null(strstr(text, "debug loud"));
    assert_true(log_level_parse("debug", &level));
    assert_int_equal(level, LOG_debug);
    assert_false(log_level_parse("verbose", &level));
    assert_int_equal(level, LOG_debug);
}

static void test_raw_controls_never_make_a_second_line(void **state)
{
    (void)state;
    int fd[2], kept = hear(fd);
    log_line(LOG_info, "x", "a=%s", "1\nfake error\x1b[2J\x7f");
    const char *text = heard(fd, kept);
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    assert_null(strchr(text, '\x1b'));
    assert_null(strchr(text, '\x7f'));
}

static void test_long_lines_are_cut_but_end(void **state)
{
    (void)state;
    int fd[2], kept = hear(fd);
    log_line(LOG_info, "x", "%*d", 9000, 1);
    log_line(LOG_info, "next", "a=%d", 1);
    const char *text = heard(fd, kept);
    const char *end = strchr(text, '\n');
    assert_non_null(end);
    assert_true(end - text < 4096);
    assert_non_null(strstr(end, "info next a=1\n"));
}

static void test_quotes(void **state)
{
    (void)state;
    char big[2000], bad[2000];
    assert_string_equal(log_quote("plain 深圳"), "\"plain 深圳\"");
    assert_string_equal(log_quote(NULL), "\"\"");
    assert_string_equal(log_quote("\\\t\r\x01"), "\"\\\\\\t\\r\\x01\"");
    assert_string_equal(log_quote("\x7f\xc2\x9b"), "\"\\x7f\\xc2\x9b\"");
    memset(big, 'a', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';
    assert_true(strlen(log_quote(big)) < 512);
    assert_string_equal(strrchr(log_quote(big), 'a'), "a...\"");
    /* Continuation bytes without a lead do not run over the end. */
    memset(bad, 0x80, sizeof(bad) - 1);
    bad[sizeof(bad) - 1] = '\0';
    assert_true(strlen(log_quote(bad)) < 512);
}

static void test_eight_quotes_in_one_line(void **state)
{
    (void)state;
    const char *q[8];
    char text[2] = "a", wanted[] = "\"a\"";
    for (int i = 0; i < 8; i++) {
        text[0] = (char)('a' + i);
        q[i] = log_quote(text);
    }
    for (int i = 0; i < 8; i++) {
        wanted[1] = (char)('a' + i);
        assert_string_equal(q[i], wanted);
    }
}

static void test_incidents_differ(void **state)
{
    (void)state;
    char a[17], b[17];
    assert_ptr_equal(log_incident(a), a);
    log_incident(b);
    assert_int_equal(strspn(a, "0123456789abcdef"), 16);
    assert_int_equal(strlen(a), 16);
    assert_string_not_equal(a, b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_line_with_time_level_and_pairs),
        cmocka_unit_test(test_levels_below_the_threshold_are_silent),
        cmocka_unit_test(test_raw_controls_never_make_a_second_line),
        cmocka_unit_test(test_long_lines_are_cut_but_end),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_eight_quotes_in_one_line),
        cmocka_unit_test(test_incidents_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
