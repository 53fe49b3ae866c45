/* Filters back into text and into words: what is written is read again as the
 * same filter, in both languages. */
#include "common/i18n.h"
#include "common/json.h"
#include "common/mem.h"
#include "schema/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static struct arena *arena;

static struct filter *read_text(const char *text, const char **search)
{
    struct filter *f = NULL;
    struct err e = {0};
    if (!filter_from_text(&entity_customer, arena, text, NULL, &f, search, &e))
        fail_msg("%s: %s", text, e.message);
    return f;
}

static struct filter *read_json(const char *text)
{
    struct filter *f = NULL;
    struct err e = {0};
    cJSON *json = cJSON_Parse(text);
    if (!filter_from_json(&entity_customer, arena, json, &f, &e))
        fail_msg("%s: %s", text, e.message);
    cJSON_Delete(json);
    return f;
}

static const char *tree(const struct filter *f, const char *search)
{
    cJSON *json = filter_to_json(f);
    const char *out = arena_printf(arena, "%s %s", json_print(arena, json),
                                   search ? search : "");
    cJSON_Delete(json);
    return out;
}

static const char *said(const struct filter *f, const char *search)
{
    return filter_to_text(&entity_customer, arena, f, search, NULL);
}

/* Text → tree → text → the same tree.
 * proves: LIST-05, BEY-03 */
static void test_texts_come_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "grade=A",
        "grade:A,B status:active start:2025-01..2025-06 region:广东 科技",
        "分级：A，B",
        "grade!=C",
        "grade!=B,C",
        "start:2025",
        "start:2025Q2",
        "start:2025-07-04",
        "start:2025-07-04..2025-07-04",
        "start:2025-07..",
        "start:..2025-07-03",
        "start>2025",
        "start<2025",
        "start>=2025-02",
        "start<=2025-02",
        "start:本月",
        "start:\"last 30 days\"",
        "start:上月..下月",
        "start!=今年",
        "end<今天",
        "start=2024,2025-03-01,本月",
        "created:2025-07",
        "created>=2025-07-04T08:00:00Z",
        "updated:今天",
        "updated:2025-07-04T08:00:00.25Z..",
        "annual_sales_target>=50万",
        "annual_sales_target=10..20",
        "overseas_sales_ratio<12.5",
        "owner=7",
        "owner=#7,8",
        "owner=",
        "owner!=",
        "owner!=7,8",
        "tags&=1,2",
        "tags=1,2",
        "regions&=广东,浙江",
        "name:艾维",
        "name=艾维",
        "name^=深圳,广州",
        "name~a,b name~c",
        "name:\"艾维 科技\"",
        "name:\"a,b\"",
        "name:\"say \\\"hi\\\" \\\\ there\"",
        "name:“x、y”",
        "name=//x",
        "name=\"..\"",
        "has_tech_team=是",
        "has_tech_team!=no",
        "id=1,2",
        "special_conditions=折扣",
        "科技 深圳",
        "\"grade=A\" 科技",
        "https://example.com/a?b=c",
        "a\\b",
        "=A",
    };
    for (int lang = 0; lang < LANGS; lang++) {
        i18n_use((enum lang)lang);
        for (size_t i = 0; i < N(texts); i++) {
            const char *search = NULL, *again = NULL;
            struct filter *f = read_text(texts[i], &search);
            const char *once = said(f, search);
            assert_non_null(once);
            struct filter *back = read_text(once, &again);
            if (strcmp(tree(back, again), tree(f, search)) != 0)
                fail_msg("%s became %s: %s", texts[i], once, tree(back, again));
            assert_string_equal(said(back, again), once);
        }
    }
}

static void test_texts_in_the_readers_language(void **state)
{
    (void)state;
    const char *search = NULL;
    struct filter *f = read_text(
        "grade:A,B status:active start:2025-01..2025-06 end:next_30_days "
        "region:广东 name:a industry=3c 科技",
        &search);
    i18n_use(LANG_zh);
    assert_string_equal(said(f, search),
                        "分级:A,B 状态:活跃 "
                        "合作开始时间:2025-01..2025-06 "
                        "合同到期日:未来30天 地区:广东 客户名称~a "
                        "客户行业:3C电子 科技");
}

/* Conditions on different fields joined by OR are no text. */
static void test_what_no_text_says(void **state)
{
    (void)state;
    assert_null(said(read_json("{\"or\":[{\"grade\":{\"eq\":\"A\"}},"
                               "{\"owner\":{\"eq\":7}}]}"),
                     NULL));
    assert_null(said(read_json("{\"or\":[{\"grade\":{\"eq\":\"A\"}},"
                               "{\"grade\":{\"is_null\":true}}]}"),
                     NULL));
    assert_string_equal(said(NULL, NULL), "");
}

static const char *words(const char *text)
{
    const char *search;
    return filter_say(arena, read_text(text, &search), NULL, 0);
}

static void test_words(void **state)
{
    (void)state;
    static const struct {
        const char *text, *zh, *en;
    } cases[] = {
        {"grade:A,B", "分级 A,B", "Grade A,B"},
        {"grade!=C", "分级 非 C", "Grade not C"},
        {"start:2025-01..2025-06", "合作开始时间 2025-01..2025-06",
         "Cooperation start 2025-01..2025-06"},
        {"start:2025", "合作开始时间 2025", "Cooperation start 2025"},
        {"start>=2025-02-03", "合作开始时间 ≥ 2025-02-03",
         "Cooperation start ≥ 2025-02-03"},
        {"start:2025-02-03..", "合作开始时间 ≥ 2025-02-03",
         "Cooperation start ≥ 2025-02-03"},
        {"end<今天", "合同到期日 < 今天", "Contract end < today"},
        {"start:本季度", "合作开始时间 本季度",
         "Cooperation start this quarter"},
        {"name:科技", "客户名称 “科技”", "Customer name “科技”"},
        {"owner=", "负责销售 为空", "Owner empty"},
        {"owner!=", "负责销售 不为空", "Owner not empty"},
        {"has_tech_team=是", NULL, "Site team Yes"},
        {"name~a,b", "客户名称 “a” 或 “b”", "Customer name “a” or “b”"},
    };
    for (size_t i = 0; i < N(cases); i++) {
        i18n_use(LANG_zh);
        if (cases[i].zh)
            assert_string_equal(words(cases[i].text), cases[i].zh);
        i18n_use(LANG_en);
        assert_string_equal(words(cases[i].text), cases[i].en);
    }
    const char *search;
    struct filter *f = read_text("region:广东,浙江,北京", &search);
    i18n_use(LANG_zh);
    assert_string_equal(filter_say(arena, f, NULL, 2), "地区 广东,浙江+1");
    assert_string_equal(filter_say_values(arena, f, NULL, 0), "广东,浙江,北京");
    i18n_use(LANG_en);
    f = read_json(
        "{\"or\":[{\"grade\":{\"eq\":\"A\"}},{\"owner\":{\"eq\":7}}]}");
    assert_null(filter_about(f));
    assert_string_equal(filter_say(arena, f, NULL, 0), "Grade A or Owner #7");
}

/* Errors name the word, and what would be right. */
static void test_faults(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word, *right;
    } cases[] = {
        {"科技 region:火星", "“region:火星”", "北京"},
        {"colour:red", "“colour:red”", "客户名称"},
        {"grade>A", "“grade>A”", "!="},
        {"start:soon", "“start:soon”", "2025Q1"},
        {"start>", "“start>”", "2025Q1"},
        {"has_tech_team=", "“has_tech_team=”", "缺少"},
    };
    i18n_use(LANG_zh);
    for (size_t i = 0; i < N(cases); i++) {
        struct filter *f;
        const char *search;
        struct err e = {0};
        assert_false(filter_from_text(&entity_customer, arena, cases[i].text,
                                      NULL, &f, &search, &e));
        if (!strstr(e.message, cases[i].word) ||
            !strstr(e.message, cases[i].right))
            fail_msg("%s: %s", cases[i].text, e.message);
        err_clear(&e);
    }
}

static void test_conditions_are_seen(void **state)
{
    (void)state;
    assert_true(filter_has_condition("grade:A"));
    assert_true(filter_has_condition("科技 分级：A"));
    assert_true(filter_has_condition("nothing=x"));
    assert_false(filter_has_condition(""));
    assert_false(filter_has_condition("科技 深圳"));
    assert_false(filter_has_condition("https://example.com"));
    assert_false(filter_has_condition("\"grade:A\""));
    assert_false(filter_has_condition(":150"));
}

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    i18n_use(LANG_en);
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
        TEST(test_texts_come_back),
        TEST(test_texts_in_the_readers_language),
        TEST(test_what_no_text_says),
        TEST(test_words),
        TEST(test_faults),
        TEST(test_conditions_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
