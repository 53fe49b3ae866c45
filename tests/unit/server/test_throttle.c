/* Failed sign-ins cost waiting, successes and time forgive them. */
#include "server/auth/throttle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sodium.h>
#include <stdio.h>

enum { FREE = 5 };

static int set_up(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

static void fail_times(struct throttle *t, const char *key, int times,
                       int64_t now)
{
    for (int i = 0; i < times; i++)
        throttle_failed(t, key, FREE, now);
}

/* proves: ACC-01 */
static void test_waiting_doubles(void **state)
{
    (void)state;
    struct throttle *t = throttle_new();
    int64_t now = 1000000, last = 0;
    fail_times(t, "user a", FREE - 1, now);
    assert_int_equal(throttle_wait(t, "user a", now), 0);
    for (int i = 0; i < 6; i++) {
        fail_times(t, "user a", 1, now);
        int64_t wait = throttle_wait(t, "user a", now);
        assert_int_equal(wait, last == 0 ? 1000 : last * 2);
        last = wait;
    }
    fail_times(t, "user a", 20, now);
    assert_int_equal(throttle_wait(t, "user a", now), 60000);
    assert_int_equal(throttle_wait(t, "user a", now + 59999), 1);
    assert_int_equal(throttle_wait(t, "user a", now + 60000), 0);
    assert_int_equal(throttle_wait(t, "user b", now), 0);
    throttle_free(&t);
    assert_null(t);
}

static void test_forgiven(void **state)
{
    (void)state;
    struct throttle *t = throttle_new();
    int64_t now = 1000000;
    fail_times(t, "user a", FREE, now);
    throttle_succeeded(t, "user a");
    throttle_succeeded(t, "nobody knows");
    assert_int_equal(throttle_wait(t, "user a", now), 0);
    fail_times(t, "user a", FREE - 1, now);
    assert_int_equal(throttle_wait(t, "user a", now), 0);
    /* After a quarter of an hour the count begins anew. */
    now += 16 * 60000;
    fail_times(t, "user a", FREE - 1, now);
    assert_int_equal(throttle_wait(t, "user a", now), 0);
    throttle_free(&t);
}

/* Made-up names fill the table, but what fails now is always counted. */
static void test_fixed_size(void **state)
{
    (void)state;
    struct throttle *t = throttle_new();
    char key[32];
    for (int i = 0; i < 20000; i++) {
        snprintf(key, sizeof(key), "user %d", i);
        throttle_failed(t, key, FREE, i);
    }
    fail_times(t, "user x", FREE, 20000);
    assert_int_equal(throttle_wait(t, "user x", 20000), 1000);
    throttle_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waiting_doubles),
        cmocka_unit_test(test_forgiven),
        cmocka_unit_test(test_fixed_size),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
