/* The calendar's cursor on the edges of months and years. */
#include "common/date.h"
#include "tui/widget/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int32_t day(const char *iso)
{
    int32_t days = 0;
    assert_true(date_parse_iso(iso, strlen(iso), &days));
    return days;
}

static void test_moves(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        enum action_id act;
        const char *to;
    } cases[] = {
        {"2025-07-01", ACT_left, "2025-06-30"},
        {"2025-12-31", ACT_right, "2026-01-01"},
        {"2025-03-03", ACT_up, "2025-02-24"},
        {"2024-02-26", ACT_down, "2024-03-04"},
        {"2025-03-31", ACT_page_up, "2025-02-28"},
        {"2024-01-31", ACT_page_down, "2024-02-29"},
        {"2025-12-15", ACT_page_down, "2026-01-15"},
        {"2024-02-29", ACT_half_down, "2025-02-28"},
        {"2025-02-28", ACT_half_up, "2024-02-28"},
        {"2025-02-14", ACT_first, "2025-02-01"},
        {"2024-02-14", ACT_last, "2024-02-29"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct calendar c = {.cursor = day(cases[i].from)};
        char text[DATE_LEN];
        assert_true(calendar_act(&c, cases[i].act));
        date_format(c.cursor, text);
        assert_string_equal(text, cases[i].to);
    }
    struct calendar c = {.cursor = day("2025-07-04")};
    assert_false(calendar_act(&c, ACT_open));
    assert_int_equal(c.cursor, day("2025-07-04"));
}

/* July 2025 begins on a Tuesday: its first line shows June 30 first. */
static void test_press(void **state)
{
    (void)state;
    struct calendar c = {.cursor = day("2025-07-04"),
                         .at = {10, 5, CALENDAR_LINES, CALENDAR_CELLS}};
    struct event e = {.kind = EVENT_mouse, .mouse = MOUSE_press};
    e.y = 12;
    e.x = 5 + 3;
    assert_true(calendar_mouse(&c, &e));
    assert_int_equal(c.cursor, day("2025-07-01"));
    e.y = 16;
    e.x = 5;
    assert_true(calendar_mouse(&c, &e));
    assert_int_equal(c.cursor, day("2025-07-28"));
    e.y = 11; /* the names of the days */
    assert_false(calendar_mouse(&c, &e));
    e.y = 12;
    e.x = 5 + 7 * 3;
    assert_false(calendar_mouse(&c, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_moves),
                                       cmocka_unit_test(test_press)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
