/* Double clicks and drags.
 * proves: UX-02 */
#include "tui/term/click.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>

static struct clicks c;

static int set_up(void **state)
{
    (void)state;
    c = (struct clicks){0};
    return 0;
}

static struct event at(enum mouse_kind kind, int button, int y, int x,
                       uint64_t now)
{
    struct event e = {
        .kind = EVENT_mouse, .mouse = kind, .button = button, .y = y, .x = x};
    click_note(&c, &e, now);
    return e;
}

static bool press(int y, int x, uint64_t now)
{
    return at(MOUSE_press, BUTTON_LEFT, y, x, now).twice;
}

static void test_twice(void **state)
{
    (void)state;
    assert_false(press(4, 10, 1000));
    at(MOUSE_release, BUTTON_LEFT, 4, 10, 1050);
    assert_true(press(4, 11, 1400));
    /* The third begins anew, and the fourth is its second. */
    assert_false(press(4, 11, 1500));
    assert_true(press(4, 11, 1600));
}

static void test_not_twice(void **state)
{
    (void)state;
    press(4, 10, 1000);
    assert_false(press(4, 10, 1401)); /* too late */
    assert_false(press(5, 10, 1500)); /* another row */
    assert_false(press(5, 13, 1600)); /* too far */
    assert_false(at(MOUSE_press, BUTTON_RIGHT, 5, 13, 1700).twice);
    press(5, 13, 1800);
    at(MOUSE_wheel_down, 0, 5, 13, 1850);
    assert_false(press(5, 13, 1900)); /* something else between */
}

static void test_drag(void **state)
{
    (void)state;
    press(4, 10, 1000);
    struct event e = at(MOUSE_drag, BUTTON_LEFT, 4, 14, 1100);
    assert_int_equal(e.from_y, 4);
    assert_int_equal(e.from_x, 10);
    e = at(MOUSE_release, BUTTON_LEFT, 5, 20, 1200);
    assert_int_equal(e.from_x, 10);
    assert_false(press(4, 10, 1300)); /* a drag is no first click */
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_twice), TEST(test_not_twice),
                                       TEST(test_drag)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
