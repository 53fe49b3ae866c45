/* Points in time: RFC 3339 and PostgreSQL's form, in and out. */
#include "common/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

struct reading {
    const char *text;
    const char *utc; /* NULL: refused */
};

static const struct reading readings[] = {
    {"2025-07-04T08:00:00Z", "2025-07-04T08:00:00Z"},
    {"2025-07-04t08:00:00z", "2025-07-04T08:00:00Z"},
    {"2025-07-04T16:00:00+08:00", "2025-07-04T08:00:00Z"},
    {"2025-07-04T16:00:00+0800", "2025-07-04T08:00:00Z"},
    {"2025-07-04 08:00:00.123+00", "2025-07-04T08:00:00.123000Z"},
    {"2025-07-04 08:00:00.123456-05:30", "2025-07-04T13:30:00.123456Z"},
    {"2025-07-04 08:00:00.1234569+00", "2025-07-04T08:00:00.123456Z"},
    {"2025-07-04 08:00:00+00", "2025-07-04T08:00:00Z"},
    {"2024-12-31T23:59:59.999999Z", "2024-12-31T23:59:59.999999Z"},
    {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z"},
    {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
    {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
    {"2025-01-01T01:00:00+02:00", "2024-12-31T23:00:00Z"},
    {"", NULL},
    {"2025-07-04", NULL},
    {"2025-07-04T08:00:00", NULL},
    {"2025-07-04T08:00Z", NULL},
    {"2025-07-04T24:00:00Z", NULL},
    {"2025-07-04T08:60:00Z", NULL},
    {"2025-07-04T08:00:60Z", NULL},
    {"2025-07-04T08:00:00.Z", NULL},
    {"2025-07-04T08:00:00Zx", NULL},
    {"2025-07-04T08:00:00+24:00", NULL},
    {"2025-07-04T08:00:00+08:60", NULL},
    {"2025-07-04T08:00:00+8", NULL},
    {"2025-07-04T08:00:00+08:", NULL},
    {"2025-07-04_08:00:00Z", NULL},
    {"2025-02-30T08:00:00Z", NULL},
    {"2025-7-4T08:00:00Z", NULL},
    {"0001-01-01T00:00:00+01:00", NULL},
    {"9999-12-31T23:59:59-01:00", NULL},
    {"infinity", NULL},
};

static void test_reading(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++) {
        const struct reading *r = &readings[i];
        int64_t us, again;
        char text[TIME_LEN];
        bool ok = time_parse(r->text, strlen(r->text), &us);
        if (ok != (r->utc != NULL))
            fail_msg("\"%s\"", r->text);
        if (!ok)
            continue;
        time_format(us, text);
        assert_string_equal(text, r->utc);
        assert_true(time_parse(text, strlen(text), &again));
        assert_int_equal(again, us);
    }
}

static void test_known_times(void **state)
{
    (void)state;
    int64_t us;
    char text[TIME_LEN];
    assert_true(time_parse("1970-01-01T00:00:01.000002Z", 27, &us));
    assert_int_equal(us, 1000002);
    time_format(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999999Z");
}

/* A text need not end where the time does. */
static void test_the_length_ends_it(void **state)
{
    (void)state;
    int64_t us;
    assert_true(time_parse("2025-07-04T08:00:00Z99", 20, &us));
    assert_false(time_parse("2025-07-04T08:00:00Z", 19, &us));
    for (size_t len = 0; len < 20; len++)
        assert_false(time_parse("2025-07-04T08:00:00Z", len, &us));
}

static void test_any_number_has_a_text(void **state)
{
    (void)state;
    char text[TIME_LEN];
    time_format(INT64_MAX, text);
    assert_memory_equal(text, "9999-12-31T", 11);
    time_format(INT64_MIN, text);
    assert_memory_equal(text, "0001-01-01T", 11);
    time_format_local(INT64_MAX, text);
    assert_true(strlen(text) > 0);
}

static void test_local_time_for_people(void **state)
{
    (void)state;
    int64_t us;
    char text[TIME_LEN];
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    assert_true(time_parse("2025-07-04T08:00:00Z", 20, &us));
    time_format_local(us, text);
    assert_string_equal(text, "2025-07-04 16:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_known_times),
        cmocka_unit_test(test_the_length_ends_it),
        cmocka_unit_test(test_any_number_has_a_text),
        cmocka_unit_test(test_local_time_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
