/* Dates and times: the calendar, what is on the wire, what people type. */
#include "common/clock.h"
#include "common/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static int32_t day(const char *iso)
{
    int32_t days = 0;
    if (!date_parse_iso(iso, strlen(iso), &days))
        fail_msg("%s is no date", iso);
    return days;
}

static const char *text_of(int32_t days)
{
    static char text[DATE_LEN];
    date_format(days, text);
    return text;
}

static void test_known_days(void **state)
{
    (void)state;
    assert_int_equal(day("1970-01-01"), 0);
    assert_int_equal(day("1969-12-31"), -1);
    assert_int_equal(day("2000-03-01"), 11017);
    assert_int_equal(day("2025-07-04"), 20273);
    assert_int_equal(day("0001-01-01"), -719162);
    assert_int_equal(day("9999-12-31"), 2932896);
}

static void test_every_day_of_ten_thousand_years(void **state)
{
    (void)state;
    int last_m = 12, last_d = 31;
    for (int32_t n = day("0001-01-01"); n <= day("9999-12-31"); n++) {
        int y, m, d;
        int32_t back;
        date_split(n, &y, &m, &d);
        assert_true(date_join(y, m, d, &back));
        assert_int_equal(back, n);
        bool next = d == last_d + 1 && m == last_m;
        bool new_month =
            d == 1 && (m == last_m + 1 || (m == 1 && last_m == 12));
        assert_true(next || new_month);
        last_m = m;
        last_d = d;
    }
}

static void test_days_that_are_none(void **state)
{
    (void)state;
    static const int bad[][3] = {
        {2025, 2, 29}, {1900, 2, 29},  {2025, 4, 31}, {2025, 13, 1},
        {2025, 0, 1},  {2025, 1, 0},   {2025, 1, 32}, {0, 1, 1},
        {10000, 1, 1}, {2025, -1, 10},
    };
    int32_t days;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_false(date_join(bad[i][0], bad[i][1], bad[i][2], &days));
    assert_true(date_join(2000, 2, 29, &days));
    assert_true(date_join(2024, 2, 29, &days));
}

static void test_iso_is_strict(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",           "2025-7-4",   "2025-07-04 ", "2025/07/04",
        "20250704",   "2025-07-0x", " 025-07-04",  "2025-02-30",
        "-025-07-04", "2025-07-4",  "２０２５-07", "+025-07-04",
    };
    int32_t days;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_false(date_parse_iso(bad[i], strlen(bad[i]), &days));
    assert_true(date_parse_iso("2025-07-04xyz", 10, &days));
}

struct typed {
    const char *text, *date; /* NULL: refused */
};

/* Today is 2024-02-28, a Wednesday in a leap year. */
static const struct typed typed[] = {
    {"2025-07-04", "2025-07-04"},
    {"2025-7-4", "2025-07-04"},
    {"2025/7/4", "2025-07-04"},
    {"2025.7.4", "2025-07-04"},
    {"2025年7月4日", "2025-07-04"},
    {"2025年07月04号", "2025-07-04"},
    {"2025 年 7 月 4", "2025-07-04"},
    {"20250704", "2025-07-04"},
    {"２０２５－０７－０４", "2025-07-04"},
    {"２０２５／７／４", "2025-07-04"},
    {"2025。7。4", "2025-07-04"},
    {"  2025-07-04  ", "2025-07-04"},
    {"7-4", "2024-07-04"},
    {"7/4", "2024-07-04"},
    {"7月4日", "2024-07-04"},
    {"2-29", "2024-02-29"},
    {"今天", "2024-02-28"},
    {"today", "2024-02-28"},
    {"Today", "2024-02-28"},
    {"明天", "2024-02-29"},
    {"后天", "2024-03-01"},
    {"昨天", "2024-02-27"},
    {"yesterday", "2024-02-27"},
    {"+7", "2024-03-06"},
    {"＋7", "2024-03-06"},
    {"-3", "2024-02-25"},
    {"+0", "2024-02-28"},
    {"", NULL},
    {" ", NULL},
    {"7", NULL},
    {"2025", NULL},
    {"2025-7", NULL},
    {"25-7-4", NULL},
    {"2025-7/4", NULL},
    {"2025-07-04x", NULL},
    {"2025-02-29", NULL},
    {"2025-13-01", NULL},
    {"202507041", NULL},
    {"2025074", NULL},
    {"7月", NULL},
    {"+", NULL},
    {"+-3", NULL},
    {"+3x", NULL},
    {"+99999999", NULL},
    {"-3999999", NULL},
    {"tomorro", NULL},
    {"2025Y7M4D", NULL},
    {"1111111111111111111111111111111111111111111111111111", NULL},
    {"2025-07-\xff", NULL},
};

static void test_what_people_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++) {
        int32_t days;
        bool ok = date_parse_human(typed[i].text, day("2024-02-28"), &days);
        if (ok != (typed[i].date != NULL))
            fail_msg("\"%s\"", typed[i].text);
        if (ok)
            assert_string_equal(text_of(days), typed[i].date);
    }
}

static void test_adding_stays_in_the_calendar(void **state)
{
    (void)state;
    int32_t days;
    assert_false(date_parse_human("+1", day("9999-12-31"), &days));
    assert_false(date_parse_human("昨天", day("0001-01-01"), &days));
}

static void test_months(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int months;
        const char *to;
    } cases[] = {
        {"2025-01-31", 1, "2025-02-28"},   {"2024-01-31", 1, "2024-02-29"},
        {"2025-03-31", -1, "2025-02-28"},  {"2025-12-15", 1, "2026-01-15"},
        {"2025-01-15", -1, "2024-12-15"},  {"2025-07-04", 12, "2026-07-04"},
        {"2025-07-04", -30, "2023-01-04"}, {"2024-02-29", 12, "2025-02-28"},
        {"2025-07-04", 0, "2025-07-04"},   {"9999-12-31", 1, "9999-12-31"},
        {"0001-01-01", -1, "0001-01-01"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        assert_string_equal(
            text_of(date_add_months(day(cases[i].from), cases[i].months)),
            cases[i].to);
}

static void test_weekdays(void **state)
{
    (void)state;
    assert_int_equal(date_weekday(day("2025-07-04")), 5);
    assert_int_equal(date_weekday(day("2025-07-06")), 7);
    assert_int_equal(date_weekday(day("2025-07-07")), 1);
    assert_int_equal(date_weekday(day("1969-12-28")), 7);
    assert_int_equal(date_weekday(day("0001-01-01")), 1);
}

static void test_out_of_the_calendar_is_clamped(void **state)
{
    (void)state;
    assert_string_equal(text_of(INT32_MAX), "9999-12-31");
    assert_string_equal(text_of(INT32_MIN), "0001-01-01");
}

/* Evening in UTC is tomorrow in China. */
static void test_today_is_local(void **state)
{
    (void)state;
    int64_t us;
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    assert_true(time_parse("2031-05-06T20:00:00Z", 20, &us));
    clock_shift(us - clock_now_us());
    assert_string_equal(text_of(date_today()), "2031-05-07");
    setenv("TZ", "UTC", 1);
    tzset();
    assert_string_equal(text_of(date_today()), "2031-05-06");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_days),
        cmocka_unit_test(test_every_day_of_ten_thousand_years),
        cmocka_unit_test(test_days_that_are_none),
        cmocka_unit_test(test_iso_is_strict),
        cmocka_unit_test(test_what_people_type),
        cmocka_unit_test(test_adding_stays_in_the_calendar),
        cmocka_unit_test(test_months),
        cmocka_unit_test(test_weekdays),
        cmocka_unit_test(test_out_of_the_calendar_is_clamped),
        cmocka_unit_test(test_today_is_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
