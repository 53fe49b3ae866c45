/* Time zones beside each other: offsets, the day it is, when a day begins. */
#include "common/clock.h"
#include "common/date.h"
#include "common/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static int64_t at(const char *text)
{
    int64_t us = 0;
    if (!time_parse(text, strlen(text), &us))
        fail_msg("%s is no time", text);
    return us;
}

static int32_t day(const char *iso)
{
    int32_t days = 0;
    assert_true(date_parse_iso(iso, strlen(iso), &days));
    return days;
}

static void test_offsets(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *time;
        int hours;
    } cases[] = {
        {"Asia/Shanghai", "2025-07-04T00:00:00Z", 8},
        {"Asia/Shanghai", "1988-07-04T00:00:00Z", 9}, /* summer time */
        {"Europe/Berlin", "2025-01-04T00:00:00Z", 1},
        {"Europe/Berlin", "2025-07-04T00:00:00Z", 2},
        {"Europe/Berlin", "2025-03-30T00:59:59Z", 1},
        {"Europe/Berlin", "2025-03-30T01:00:00Z", 2},
        {"America/New_York", "2025-07-04T00:00:00Z", -4},
        {"UTC", "2025-07-04T00:00:00Z", 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(zone_offset(cases[i].zone, at(cases[i].time)),
                         cases[i].hours * 3600);
}

/* What the system does not know is the zone of the process. */
static void test_unknown_names(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",     "Mars/Olympus", "../../etc/passwd", "/etc/passwd",
        "Asia", "zone.tab"};
    setenv("TZ", "Asia/Tokyo", 1);
    tzset();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_int_equal(zone_offset(names[i], at("2025-07-04T00:00:00Z")),
                         9 * 3600);
    assert_int_equal(zone_offset(NULL, at("2025-07-04T00:00:00Z")), 9 * 3600);
}

static void test_start_of_a_day(void **state)
{
    (void)state;
    assert_int_equal(zone_day_start("Asia/Shanghai", day("2025-07-04")),
                     at("2025-07-03T16:00:00Z"));
    /* The day of the change, and the one after it. */
    assert_int_equal(zone_day_start("Europe/Berlin", day("2025-03-30")),
                     at("2025-03-29T23:00:00Z"));
    assert_int_equal(zone_day_start("Europe/Berlin", day("2025-03-31")),
                     at("2025-03-30T22:00:00Z"));
    assert_int_equal(zone_day_start("America/New_York", day("2025-11-03")),
                     at("2025-11-03T05:00:00Z"));
}

static void test_today(void **state)
{
    (void)state;
    clock_shift(at("2031-05-06T20:00:00Z") - clock_now_us());
    assert_int_equal(zone_today("Asia/Shanghai"), day("2031-05-07"));
    assert_int_equal(zone_today("UTC"), day("2031-05-06"));
    assert_int_equal(zone_today("America/New_York"), day("2031-05-06"));
    clock_shift(at("1969-12-31T20:00:00Z") - clock_now_us());
    assert_int_equal(zone_today("UTC"), -1);
    assert_int_equal(zone_today("Asia/Shanghai"), 0);
}

/* More zones than are kept. */
static void test_many_zones(void **state)
{
    (void)state;
    char name[ZONE_LEN];
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 14; i++) {
            snprintf(name, sizeof(name), "Etc/GMT-%d", i);
            assert_int_equal(zone_offset(name, 0), i * 3600);
            snprintf(name, sizeof(name), "Etc/GMT+%d", i % 12);
            assert_int_equal(zone_offset(name, 0), -(i % 12) * 3600);
            snprintf(name, sizeof(name), "No/Such%d", i);
            zone_offset(name, 0);
        }
}

static void test_own_name(void **state)
{
    (void)state;
    char name[ZONE_LEN];
    setenv("TZ", "Europe/Berlin", 1);
    assert_string_equal(zone_own_name(name), "Europe/Berlin");
    setenv("TZ", ":Asia/Tokyo", 1);
    assert_string_equal(zone_own_name(name), "Asia/Tokyo");
    setenv("TZ", "CST-8", 1);
    assert_string_equal(zone_own_name(name), "");
    setenv("TZ", "/usr/share/zoneinfo/Asia/Tokyo", 1);
    assert_string_equal(zone_own_name(name), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_offsets),
        cmocka_unit_test(test_unknown_names),
        cmocka_unit_test(test_start_of_a_day),
        cmocka_unit_test(test_today),
        cmocka_unit_test(test_many_zones),
        cmocka_unit_test(test_own_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
