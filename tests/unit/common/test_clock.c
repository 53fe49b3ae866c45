/* The clock: moved by the environment and by tests, never backwards where it
 * measures durations. */
#include "common/clock.h"
#include "common/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const int64_t HOUR = 3600LL * 1000000;

/* The time a fresh process sees under this KEHU_CLOCK, less the real one. */
static int64_t seen_under(const char *setting)
{
    int fd[2];
    int64_t shift = 0;
    assert_int_equal(pipe(fd), 0);
    pid_t pid = fork();
    if (pid == 0) {
        setenv("KEHU_CLOCK", setting, 1);
        shift = clock_now_us() - (int64_t)time(NULL) * 1000000;
        ssize_t n = write(fd[1], &shift, sizeof(shift));
        _exit(n == (ssize_t)sizeof(shift) ? 0 : 1);
    }
    close(fd[1]);
    assert_int_equal(read(fd[0], &shift, sizeof(shift)), sizeof(shift));
    close(fd[0]);
    waitpid(pid, NULL, 0);
    return shift;
}

static void assert_near(int64_t us, int64_t wanted)
{
    assert_true(us > wanted - HOUR && us < wanted + HOUR);
}

static void test_environment_moves_it(void **state)
{
    (void)state;
    int64_t start, now = (int64_t)time(NULL) * 1000000;
    assert_near(seen_under(""), 0);
    assert_near(seen_under("864000"), 240 * HOUR);
    assert_near(seen_under("-864000"), -240 * HOUR);
    assert_true(time_parse("2031-05-06T07:08:09Z", 20, &start));
    assert_near(seen_under("2031-05-06T07:08:09Z"), start - now);
    assert_near(seen_under("next tuesday"), 0);
    assert_near(seen_under("99999999999999999999"), 0);
}

/* Runs after the test above: this process reads the environment now. */
static void test_tests_move_it(void **state)
{
    (void)state;
    int64_t before = clock_now_us();
    clock_shift(1000 * HOUR);
    int64_t after = clock_now_us();
    assert_near(after - before, 1000 * HOUR);
    clock_shift(-1000 * HOUR);
    assert_near(clock_now_us(), before);
}

static void test_durations_never_go_back(void **state)
{
    (void)state;
    uint64_t last = clock_mono_ms();
    clock_shift(-HOUR);
    for (int i = 0; i < 10000; i++) {
        uint64_t now = clock_mono_ms();
        assert_true(now >= last);
        last = now;
    }
    clock_shift(HOUR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_environment_moves_it),
        cmocka_unit_test(test_tests_move_it),
        cmocka_unit_test(test_durations_never_go_back),
    };
    unsetenv("KEHU_CLOCK");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
