/* Words for spans of days, and filters that keep them: what they are called,
 * what they mean on the edges of the calendar, how a filter resolves them. */
#include "common/clock.h"
#include "common/date.h"
#include "common/i18n.h"
#include "common/json.h"
#include "common/mem.h"
#include "schema/filter.h"
#include "schema/period.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static struct arena *arena;

static int32_t day(const char *iso)
{
    int32_t days = 0;
    if (!date_parse_iso(iso, strlen(iso), &days))
        fail_msg("%s is no date", iso);
    return days;
}

static const char *text_of(int32_t days)
{
    char text[DATE_LEN];
    date_format(days, text);
    return arena_strdup(arena, text);
}

/* proves: LIST-05 */
static void test_what_people_call_them(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
    } cases[] = {
        {"今天", "today"},
        {"昨天", "yesterday"},
        {"本周", "this_week"},
        {"这周", "this_week"},
        {"上周", "last_week"},
        {"本月", "this_month"},
        {"上月", "last_month"},
        {"上个月", "last_month"},
        {"本季度", "this_quarter"},
        {"上季度", "last_quarter"},
        {"今年", "this_year"},
        {"去年", "last_year"},
        {"近7天", "last_7_days"},
        {"近７天", "last_7_days"},
        {"最近30天", "last_30_days"},
        {"最近 30 天", "last_30_days"},
        {"过去30日", "last_30_days"},
        {"未来30天", "next_30_days"},
        {"未来30天内", "next_30_days"},
        {"近三个月", "last_3_months"},
        {"近两年", "last_2_years"},
        {"近半年", "last_6_months"},
        {"近一周", "last_1_weeks"},
        {"last 30 days", "last_30_days"},
        {"Last 30 Days", "last_30_days"},
        {"next 30 days", "next_30_days"},
        {"next 1 month", "next_1_months"},
        {"this month", "this_month"},
        {"Last Quarter", "last_quarter"},
        {"last_quarter", "last_quarter"},
        {"today", "today"},
        {"", NULL},
        {"   ", NULL},
        {"soon", NULL},
        {"近天", NULL},
        {"近0天", NULL},
        {"近1000天", NULL},
        {"近99999999999999999999天", NULL},
        {"7天", NULL},
        {"last 7", NULL},
        {"last 7 eggs", NULL},
        {"2025-07-04", NULL},
    };
    for (size_t i = 0; i < N(cases); i++) {
        const char *word = period_find(arena, cases[i].text);
        if (cases[i].word == NULL ? word != NULL
                                  : !word || strcmp(word, cases[i].word) != 0)
            fail_msg("%s: %s", cases[i].text, word ? word : "nothing");
        if (word)
            assert_true(period_is(word));
    }
    assert_false(period_is("this month"));
    assert_false(period_is("本月"));
    assert_false(period_is("last_07_days"));
    assert_false(period_is("last_7_day"));
}

/* What is shown is understood, in both languages. */
static void test_labels_come_back(void **state)
{
    (void)state;
    static const char *const counts[] = {
        "last_1_days",    "next_999_days", "last_2_weeks",    "next_3_weeks",
        "last_12_months", "next_6_months", "last_4_quarters", "next_2_quarters",
        "last_3_years",   "next_5_years"};
    for (int lang = 0; lang < LANGS; lang++) {
        i18n_use((enum lang)lang);
        const char *word;
        int n = 0;
        for (; (word = period_offer(n)) != NULL; n++)
            assert_string_equal(period_find(arena, period_label(arena, word)),
                                word);
        assert_true(n > 10);
        for (size_t i = 0; i < N(counts); i++)
            assert_string_equal(
                period_find(arena, period_label(arena, counts[i])), counts[i]);
    }
    i18n_use(LANG_zh);
    assert_string_equal(period_label(arena, "last_30_days"), "近30天");
    i18n_use(LANG_en);
    assert_string_equal(period_label(arena, "last_30_days"), "last 30 days");
}

static void test_what_they_mean(void **state)
{
    (void)state;
    static const struct {
        const char *today, *word, *first, *last;
    } cases[] = {
        {"2025-07-04", "today", "2025-07-04", "2025-07-04"},
        {"2025-01-01", "yesterday", "2024-12-31", "2024-12-31"},
        {"2024-02-29", "tomorrow", "2024-03-01", "2024-03-01"},
        /* a Friday, a Monday, a Sunday, over the end of a year */
        {"2025-07-04", "this_week", "2025-06-30", "2025-07-06"},
        {"2025-06-30", "this_week", "2025-06-30", "2025-07-06"},
        {"2025-07-06", "this_week", "2025-06-30", "2025-07-06"},
        {"2025-07-06", "last_week", "2025-06-23", "2025-06-29"},
        {"2026-01-01", "this_week", "2025-12-29", "2026-01-04"},
        {"2026-01-01", "next_week", "2026-01-05", "2026-01-11"},
        {"2024-02-10", "this_month", "2024-02-01", "2024-02-29"},
        {"2025-02-28", "this_month", "2025-02-01", "2025-02-28"},
        {"2025-03-31", "last_month", "2025-02-01", "2025-02-28"},
        {"2025-01-31", "last_month", "2024-12-01", "2024-12-31"},
        {"2025-12-31", "next_month", "2026-01-01", "2026-01-31"},
        {"2025-03-31", "this_quarter", "2025-01-01", "2025-03-31"},
        {"2025-04-01", "this_quarter", "2025-04-01", "2025-06-30"},
        {"2025-12-31", "this_quarter", "2025-10-01", "2025-12-31"},
        {"2025-02-15", "last_quarter", "2024-10-01", "2024-12-31"},
        {"2025-11-15", "next_quarter", "2026-01-01", "2026-03-31"},
        {"2024-02-29", "this_year", "2024-01-01", "2024-12-31"},
        {"2024-02-29", "last_year", "2023-01-01", "2023-12-31"},
        {"2025-03-05", "last_7_days", "2025-02-27", "2025-03-05"},
        {"2024-03-05", "last_7_days", "2024-02-28", "2024-03-05"},
        {"2025-07-04", "last_1_days", "2025-07-04", "2025-07-04"},
        {"2025-07-04", "next_30_days", "2025-07-04", "2025-08-02"},
        {"2025-07-04", "next_1_months", "2025-07-04", "2025-08-03"},
        {"2025-07-04", "last_2_weeks", "2025-06-21", "2025-07-04"},
        {"2024-02-29", "last_1_years", "2023-03-01", "2024-02-29"},
    };
    for (size_t i = 0; i < N(cases); i++) {
        int32_t first = 0, after = 0;
        assert_true(
            period_days(cases[i].word, day(cases[i].today), &first, &after));
        const char *said =
            arena_printf(arena, "%s %s: %s..%s", cases[i].today, cases[i].word,
                         text_of(first), text_of(after - 1));
        assert_string_equal(said, arena_printf(arena, "%s %s: %s..%s",
                                               cases[i].today, cases[i].word,
                                               cases[i].first, cases[i].last));
    }
    int32_t first, after;
    assert_false(period_days("soon", 0, &first, &after));
}

static void test_quarters(void **state)
{
    (void)state;
    const struct field *f =
        field_find(&entity_customer, "cooperation_end_date");
    static const struct {
        const char *text, *low, *high;
    } cases[] = {
        {"2025Q1", "2025-01-01", "2025-03-31"},
        {"2025q4", "2025-10-01", "2025-12-31"},
        {"2024-Q1", "2024-01-01", "2024-03-31"},
        {"2025年2季度", "2025-04-01", "2025-06-30"},
        {"2025年第3季度", "2025-07-01", "2025-09-30"},
        {"2025Q5", NULL, NULL},
        {"2025Q0", NULL, NULL},
        {"2025Q", NULL, NULL},
        {"25Q1", NULL, NULL},
        {"2025Q11", NULL, NULL},
    };
    for (size_t i = 0; i < N(cases); i++) {
        const char *low = NULL, *high = NULL;
        bool good = f->type->period(f, arena, NULL, cases[i].text, &low, &high);
        assert_int_equal(good, cases[i].low != NULL);
        if (good) {
            assert_string_equal(low, cases[i].low);
            assert_string_equal(high, cases[i].high);
        }
    }
}

/* A filter of the wire as it is kept, and as it is asked. */
static const char *resolved(const char *text, const char *zone)
{
    struct filter *f = NULL;
    struct err e = {0};
    cJSON *json = NULL;
    assert_true(json_parse(text, strlen(text), NULL, &json, NULL));
    if (!filter_from_json(&entity_customer, arena, json, &f, &e))
        fail_msg("%s: %s", text, e.message);
    cJSON *kept = filter_to_json(f);
    assert_string_equal(json_print(arena, kept), text);
    cJSON_Delete(kept);
    cJSON_Delete(json);
    cJSON *now = filter_to_json(filter_resolve(arena, f, zone));
    const char *out = json_print(arena, now);
    cJSON_Delete(now);
    return out;
}

static void go_to(const char *time)
{
    int64_t us = 0;
    assert_true(time_parse(time, strlen(time), &us));
    clock_shift(us - clock_now_us());
}

/* Saved in July it means August in August.
 * proves: LIST-05 */
static void test_filters_keep_the_word(void **state)
{
    (void)state;
    const char *month = "{\"cooperation_end_date\":{\"eq\":\"this_month\"}}";
    go_to("2031-07-15T04:00:00Z");
    assert_string_equal(
        resolved(month, "Asia/Shanghai"),
        "{\"cooperation_end_date\":{\"between\":[\"2031-07-01\","
        "\"2031-07-31\"]}}");
    go_to("2031-08-15T04:00:00Z");
    assert_string_equal(
        resolved(month, "Asia/Shanghai"),
        "{\"cooperation_end_date\":{\"between\":[\"2031-08-01\","
        "\"2031-08-31\"]}}");
    /* In the evening of the last day it is already the next month in China. */
    go_to("2031-08-31T20:00:00Z");
    assert_string_equal(
        resolved(month, "Asia/Shanghai"),
        "{\"cooperation_end_date\":{\"between\":[\"2031-09-01\","
        "\"2031-09-30\"]}}");
    assert_string_equal(
        resolved(month, "Europe/Berlin"),
        "{\"cooperation_end_date\":{\"between\":[\"2031-08-01\","
        "\"2031-08-31\"]}}");
}

static void test_each_operator_resolves(void **state)
{
    (void)state;
    static const struct {
        const char *kept, *asked;
    } cases[] = {
        {"{\"lt\":\"today\"}", "{\"lt\":\"2031-07-15\"}"},
        {"{\"le\":\"this_month\"}", "{\"le\":\"2031-07-31\"}"},
        {"{\"gt\":\"this_month\"}", "{\"gt\":\"2031-07-31\"}"},
        {"{\"ge\":\"this_month\"}", "{\"ge\":\"2031-07-01\"}"},
        {"{\"between\":[\"last_month\",\"next_month\"]}",
         "{\"between\":[\"2031-06-01\",\"2031-08-31\"]}"},
        {"{\"between\":[\"today\",null]}",
         "{\"between\":[\"2031-07-15\",null]}"},
        {"{\"between\":[null,\"today\"]}",
         "{\"between\":[null,\"2031-07-15\"]}"},
        {"{\"is_null\":true}", "{\"is_null\":true}"},
        {"{\"eq\":\"2031-01-01\"}", "{\"eq\":\"2031-01-01\"}"},
    };
    go_to("2031-07-15T04:00:00Z");
    for (size_t i = 0; i < N(cases); i++)
        assert_string_equal(
            resolved(arena_printf(arena, "{\"cooperation_end_date\":%s}",
                                  cases[i].kept),
                     "Asia/Shanghai"),
            arena_printf(arena, "{\"cooperation_end_date\":%s}",
                         cases[i].asked));
    assert_string_equal(
        resolved("{\"cooperation_end_date\":{\"ne\":\"this_month\"}}", "UTC"),
        "{\"or\":[{\"cooperation_end_date\":{\"lt\":\"2031-07-01\"}},"
        "{\"cooperation_end_date\":{\"gt\":\"2031-07-31\"}},"
        "{\"cooperation_end_date\":{\"is_null\":true}}]}");
    assert_string_equal(
        resolved(
            "{\"cooperation_end_date\":{\"in\":[\"today\",\"2031-01-01\"]}}",
            "UTC"),
        "{\"or\":[{\"cooperation_end_date\":{\"between\":[\"2031-07-15\","
        "\"2031-07-15\"]}},{\"cooperation_end_date\":{\"eq\":"
        "\"2031-01-01\"}}]}");
    assert_string_equal(
        resolved("{\"created_at\":{\"eq\":\"today\"}}", "Asia/Shanghai"),
        "{\"created_at\":{\"between\":[\"2031-07-14T16:00:00Z\","
        "\"2031-07-15T15:59:59.999999Z\"]}}");
    assert_string_equal(
        resolved("{\"or\":[{\"created_at\":{\"lt\":\"today\"}},"
                 "{\"grade\":{\"eq\":\"today\"}}]}",
                 "UTC"),
        "{\"or\":[{\"created_at\":{\"lt\":\"2031-07-15T00:00:00Z\"}},"
        "{\"grade\":{\"eq\":\"today\"}}]}");
}

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    i18n_use(LANG_zh);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(int argc, char **argv)
{
    (void)argc;
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    i18n_init(argv[0]);
    const struct CMUnitTest tests[] = {
        TEST(test_what_people_call_them), TEST(test_labels_come_back),
        TEST(test_what_they_mean),        TEST(test_quarters),
        TEST(test_filters_keep_the_word), TEST(test_each_operator_resolves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
