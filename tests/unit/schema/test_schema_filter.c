/* The filter language: from the wire, from text, back to the wire. */
#include "common/i18n.h"
#include "common/json.h"
#include "common/mem.h"
#include "schema/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static struct arena *arena;

static cJSON *parse(const char *text)
{
    cJSON *json = NULL;
    if (!json_parse(text, strlen(text), NULL, &json, NULL))
        fail_msg("no JSON: %s", text);
    return json;
}

/* What a filter of the wire becomes when it is written again; the path of the
 * error where it is refused. */
static const char *through(const char *text)
{
    struct filter *f = NULL;
    struct err e = {0};
    cJSON *json = parse(text);
    bool good = filter_from_json(&entity_customer, arena, json, &f, &e);
    const char *out;
    if (good) {
        cJSON *back = filter_to_json(f);
        out = json_print(arena, back);
        cJSON_Delete(back);
    } else {
        assert_int_equal(e.kind, ERR_invalid_params);
        assert_true(json_str(e.data, "expected", "")[0] != '\0');
        out = arena_printf(arena, "! %s", json_str(e.data, "path", ""));
    }
    cJSON_Delete(json);
    err_clear(&e);
    return out;
}

static void test_filters_that_come_back_as_they_went(void **state)
{
    (void)state;
    static const char *const filters[] = {
        "{}",
        "{\"grade\":{\"in\":[\"A\",\"B\"]}}",
        "{\"grade\":{\"eq\":\"A\"},\"owner\":{\"ne\":7}}",
        "{\"regions\":{\"any\":[\"广东\",\"北京\"]}}",
        "{\"tags\":{\"all\":[1,2]}}",
        "{\"cooperation_start_date\":{\"between\":[\"2025-01-01\",null]}}",
        "{\"cooperation_start_date\":{\"ge\":\"2025-01-01\","
        "\"lt\":\"2026-01-01\"}}",
        "{\"customer_name\":{\"contains\":\"艾维\"}}",
        "{\"contact_phone\":{\"starts\":\"138\"}}",
        "{\"annual_sales_target\":{\"ge\":\"100000.00\"}}",
        "{\"has_tech_team\":{\"eq\":true}}",
        "{\"owner\":{\"is_null\":true},\"grade\":{\"is_null\":false}}",
        "{\"owner\":{\"not_in\":[7,8]}}",
        "{\"id\":{\"in\":[1,2,3]}}",
        "{\"updated_at\":{\"gt\":\"2025-07-04T08:00:00Z\"}}",
        "{\"or\":[{\"grade\":{\"eq\":\"A\"}},{\"owner\":{\"eq\":7}}]}",
        "{\"industry\":{\"eq\":\"3c\"},\"or\":[{\"grade\":{\"eq\":\"A\"}},"
        "{\"and\":[{\"owner\":{\"eq\":7}},{\"or\":[{\"grade\":{\"eq\":\"B\"}},"
        "{\"grade\":{\"eq\":\"C\"}}]}]}]}",
        "{\"and\":[{\"customer_name\":{\"contains\":\"a\"}},"
        "{\"customer_name\":{\"contains\":\"b\"}}]}",
        "{\"and\":[{\"or\":[{\"grade\":{\"eq\":\"A\"}},{\"owner\":{\"eq\":7}}]}"
        ",{\"or\":[{\"grade\":{\"eq\":\"B\"}},{\"owner\":{\"eq\":8}}]}]}",
    };
    for (size_t i = 0; i < N(filters); i++) {
        const char *once = through(filters[i]);
        if (once[0] == '!')
            fail_msg("%s: %s", filters[i], once);
        assert_string_equal(through(once), once);
    }
    assert_string_equal(through(filters[1]), filters[1]);
    assert_string_equal(through(filters[9]), filters[9]);
    assert_string_equal(through(filters[17]), filters[17]);
}

static void test_filters_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *filter, *path;
    } cases[] = {
        {"[]", "filter"},
        {"\"grade\"", "filter"},
        {"{\"colour\":{\"eq\":\"red\"}}", "filter.colour"},
        {"{\"grade\":\"A\"}", "filter.grade"},
        {"{\"grade\":{}}", "filter.grade"},
        {"{\"grade\":{\"like\":\"A\"}}", "filter.grade.like"},
        {"{\"grade\":{\"between\":[\"A\",\"B\"]}}", "filter.grade.between"},
        {"{\"regions\":{\"eq\":\"广东\"}}", "filter.regions.eq"},
        {"{\"grade\":{\"eq\":null}}", "filter.grade.eq"},
        {"{\"grade\":{\"eq\":[\"A\"]}}", "filter.grade.eq"},
        {"{\"grade\":{\"in\":\"A\"}}", "filter.grade.in"},
        {"{\"grade\":{\"in\":[]}}", "filter.grade.in"},
        {"{\"grade\":{\"in\":[\"A\",7]}}", "filter.grade.in[1]"},
        {"{\"owner\":{\"eq\":\"7\"}}", "filter.owner.eq"},
        {"{\"regions\":{\"any\":[]}}", "filter.regions.any"},
        {"{\"regions\":{\"any\":[1]}}", "filter.regions.any"},
        {"{\"cooperation_start_date\":{\"eq\":\"soon\"}}",
         "filter.cooperation_start_date.eq"},
        {"{\"cooperation_start_date\":{\"between\":[null,null]}}",
         "filter.cooperation_start_date.between"},
        {"{\"cooperation_start_date\":{\"between\":[\"2025-01-01\"]}}",
         "filter.cooperation_start_date.between"},
        {"{\"cooperation_start_date\":{\"between\":[\"2025-01-01\",7]}}",
         "filter.cooperation_start_date.between[1]"},
        {"{\"owner\":{\"is_null\":1}}", "filter.owner.is_null"},
        {"{\"customer_name\":{\"contains\":\"\"}}",
         "filter.customer_name.contains"},
        {"{\"customer_name\":{\"contains\":7}}",
         "filter.customer_name.contains"},
        {"{\"or\":[]}", "filter.or"},
        {"{\"or\":{}}", "filter.or"},
        {"{\"or\":[{}]}", "filter.or[0]"},
        {"{\"or\":[{\"grade\":{\"eq\":\"A\"}},7]}", "filter.or[1]"},
        {"{\"or\":[{\"colour\":{\"eq\":1}}]}", "filter.or[0].colour"},
        /* hidden ones do not exist */
        {"{\"name_key\":{\"eq\":\"a\"}}", "filter.name_key"},
        {"{\"search_text\":{\"contains\":\"a\"}}", "filter.search_text"},
        {"{\"viewers\":{\"any\":[1]}}", "filter.viewers"},
    };
    for (size_t i = 0; i < N(cases); i++)
        assert_string_equal(through(cases[i].filter),
                            arena_printf(arena, "! %s", cases[i].path));
}

static void test_limits(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    buf_str(&b, "{\"owner\":{\"in\":[1");
    for (int i = 2; i <= FILTER_VALUES; i++)
        buf_printf(&b, ",%d", i);
    buf_str(&b, "]}}");
    assert_true(through(buf_text(&b))[0] == '{');
    b.len -= 3;
    buf_str(&b, ",501]}}");
    assert_string_equal(through(buf_text(&b)), "! filter.owner.in[500]");
    buf_clear(&b);
    buf_str(&b, "{\"or\":[{\"grade\":{\"eq\":\"A\"}}");
    for (int i = 1; i < FILTER_CONDITIONS; i++)
        buf_str(&b, ",{\"grade\":{\"eq\":\"A\"}}");
    buf_str(&b, "]}");
    assert_true(through(buf_text(&b))[0] == '{');
    b.len -= 2;
    buf_str(&b, ",{\"grade\":{\"eq\":\"A\"}}]}");
    assert_string_equal(through(buf_text(&b)), "! filter.or");
    buf_free(&b);
    assert_true(through("{\"or\":[{\"or\":[{\"or\":[{\"or\":[{\"grade\":"
                        "{\"eq\":\"A\"}}]}]}]}]}")[0] == '{');
    assert_true(through("{\"or\":[{\"or\":[{\"or\":[{\"or\":[{\"or\":[{"
                        "\"grade\":{\"eq\":\"A\"}}]}]}]}]}]}")[0] == '!');
}

/* A text as the filter and the search it stands for. */
static const char *written(const char *text)
{
    struct filter *f = NULL;
    const char *search = NULL;
    struct err e = {0};
    if (!filter_from_text(&entity_customer, arena, text, NULL, &f, &search,
                          &e)) {
        assert_int_equal(e.kind, ERR_invalid_params);
        const char *out =
            arena_printf(arena, "! %s", json_str(e.data, "path", ""));
        err_clear(&e);
        return out;
    }
    cJSON *json = filter_to_json(f);
    const char *out = json_print(arena, json);
    cJSON_Delete(json);
    return search == NULL ? out : arena_printf(arena, "%s %s", out, search);
}

static void test_filters_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text, *filter;
    } cases[] = {
        {"", "{}"},
        {"   ", "{}"},
        {"科技", "{} 科技"},
        {"深圳 艾维", "{} 深圳 艾维"},
        {"grade=A", "{\"grade\":{\"eq\":\"A\"}}"},
        {"grade=A,B", "{\"grade\":{\"in\":[\"A\",\"B\"]}}"},
        {"分级：A，B", "{\"grade\":{\"in\":[\"A\",\"B\"]}}"},
        {"grade!=C", "{\"grade\":{\"ne\":\"C\"}}"},
        {"grade!=B,C", "{\"grade\":{\"not_in\":[\"B\",\"C\"]}}"},
        {"region:广东", "{\"regions\":{\"any\":[\"广东\"]}}"},
        {"regions=Guangdong,浙江",
         "{\"regions\":{\"any\":[\"广东\",\"浙江\"]}}"},
        {"industry=3C电子", "{\"industry\":{\"eq\":\"3c\"}}"},
        {"start:2025-01..2025-06",
         "{\"cooperation_start_date\":{\"between\":[\"2025-01-01\","
         "\"2025-06-30\"]}}"},
        {"start=2025", "{\"cooperation_start_date\":{\"between\":["
                       "\"2025-01-01\",\"2025-12-31\"]}}"},
        {"start=2025-07-04",
         "{\"cooperation_start_date\":{\"eq\":\"2025-07-04\"}}"},
        {"start:2025-07..",
         "{\"cooperation_start_date\":{\"between\":[\"2025-07-01\",null]}}"},
        {"start>2025", "{\"cooperation_start_date\":{\"gt\":\"2025-12-31\"}}"},
        {"start<2025", "{\"cooperation_start_date\":{\"lt\":\"2025-01-01\"}}"},
        {"start>=2025-02",
         "{\"cooperation_start_date\":{\"ge\":\"2025-02-01\"}}"},
        {"start<=2025-02",
         "{\"cooperation_start_date\":{\"le\":\"2025-02-28\"}}"},
        {"annual_sales_target>=50万",
         "{\"annual_sales_target\":{\"ge\":\"500000.00\"}}"},
        {"annual_sales_target=10..20",
         "{\"annual_sales_target\":{\"between\":[\"10.00\",\"20.00\"]}}"},
        {"owner=7", "{\"owner\":{\"eq\":7}}"},
        {"owner=", "{\"owner\":{\"is_null\":true}}"},
        {"owner!=", "{\"owner\":{\"is_null\":false}}"},
        {"customer_name:艾维", "{\"customer_name\":{\"contains\":\"艾维\"}}"},
        {"name:\"艾维 科技\"",
         "{\"customer_name\":{\"contains\":\"艾维 科技\"}}"},
        {"name:“艾维 科技”",
         "{\"customer_name\":{\"contains\":\"艾维 科技\"}}"},
        {"name=艾维", "{\"customer_name\":{\"eq\":\"艾维\"}}"},
        {"name~a,b", "{\"or\":[{\"customer_name\":{\"contains\":\"a\"}},"
                     "{\"customer_name\":{\"contains\":\"b\"}}]}"},
        {"name~a name~b", "{\"and\":[{\"customer_name\":{\"contains\":\"a\"}},"
                          "{\"customer_name\":{\"contains\":\"b\"}}]}"},
        {"has_tech_team=是", "{\"has_tech_team\":{\"eq\":true}}"},
        {"id=1,2", "{\"id\":{\"in\":[1,2]}}"},
        {"special_conditions=折扣",
         "{\"special_conditions\":{\"contains\":\"折扣\"}}"},
        {"start=2024,2025-03-01",
         "{\"or\":[{\"cooperation_start_date\":{\"between\":[\"2024-01-01\","
         "\"2024-12-31\"]}},{\"cooperation_start_date\":{\"eq\":"
         "\"2025-03-01\"}}]}"},
        {"科技 grade=A 深圳", "{\"grade\":{\"eq\":\"A\"}} 科技 深圳"},
        {"　grade=A　", "{\"grade\":{\"eq\":\"A\"}}"},
        {"https://example.com", "{} https://example.com"},
        {"\"grade=A\"", "{} grade=A"},
        {"=A", "{} =A"},
    };
    for (size_t i = 0; i < N(cases); i++)
        assert_string_equal(written(cases[i].text), cases[i].filter);
}

static void test_texts_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *path;
    } cases[] = {
        {"colour=red", "colour"},
        {"grade=Z", "grade"},
        {"grade>A", "grade"},
        {"grade~A", "grade"},
        {"region!=广东", "regions"},
        {"region:火星", "regions"},
        {"start=soon", "cooperation_start_date"},
        {"start>2024,2025", "cooperation_start_date"},
        {"start:..", "cooperation_start_date"},
        {"start>", "cooperation_start_date"},
        {"has_tech_team=", "has_tech_team"},
        {"owner=王芳", "owner"},
        {"search_text:a", "search_text"},
        {"\xff", "filter"},
    };
    for (size_t i = 0; i < N(cases); i++)
        assert_string_equal(written(cases[i].text),
                            arena_printf(arena, "! %s", cases[i].path));
}

static void test_long_texts(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    for (int i = 0; i <= FILTER_CONDITIONS; i++)
        buf_str(&b, "grade=A ");
    assert_true(written(buf_text(&b))[0] == '!');
    buf_clear(&b);
    buf_str(&b, "owner=");
    for (int i = 1; i <= 600; i++)
        buf_printf(&b, "%d,", i);
    assert_string_equal(written(buf_text(&b)), "! owner");
    for (int i = 0; i < 5000; i++)
        buf_str(&b, "  ");
    assert_string_equal(written(buf_text(&b)), "! filter");
    buf_free(&b);
}

static const char *sorted(const char *text, bool json)
{
    struct sort_key keys[SORT_KEYS];
    struct err e = {0};
    int n = -1;
    cJSON *item = json ? parse(text) : NULL;
    bool good =
        json ? sort_from_json(&entity_customer, arena, item, keys, &n, &e)
             : sort_from_text(&entity_customer, text, keys, &n, &e);
    cJSON_Delete(item);
    assert_int_equal(e.kind, good ? ERR_NONE : ERR_invalid_params);
    err_clear(&e);
    if (!good)
        return "!";
    const char *out = "";
    for (int i = 0; i < n; i++)
        out = arena_printf(arena, "%s%s%s", out, keys[i].desc ? "-" : "+",
                           keys[i].field->id);
    return out;
}

/* proves: LIST-15 */
static void test_sort_orders(void **state)
{
    (void)state;
    static const struct {
        const char *text, *keys;
    } texts[] = {
        {"", ""},
        {"grade", "+grade"},
        {"grade,-customer_name", "+grade-customer_name"},
        {"-updated_at, 分级", "-updated_at+grade"},
        {"grade,grade", "!"},
        {"grade,status,industry,owner", "!"},
        {"contact_phone", "!"},
        {"nothing", "!"},
        {",", "!"},
        {"-", "!"},
        {"search_text", "!"},
    };
    static const struct {
        const char *json, *keys;
    } wire[] = {
        {"null", ""},
        {"[]", ""},
        {"[[\"grade\",\"asc\"],[\"customer_name\",\"desc\"]]",
         "+grade-customer_name"},
        {"\"-grade\"", "-grade"},
        {"[[\"grade\"]]", "!"},
        {"[[\"grade\",\"up\"]]", "!"},
        {"[[\"grade\",\"asc\",1]]", "!"},
        {"[\"grade\"]", "!"},
        {"{}", "!"},
        {"[[\"special_conditions\",\"asc\"]]", "!"},
        {"[[\"分级\",\"asc\"]]", "!"}, /* the wire knows ids only */
        {"[[7,\"asc\"]]", "!"},
    };
    for (size_t i = 0; i < N(texts); i++)
        assert_string_equal(sorted(texts[i].text, false), texts[i].keys);
    for (size_t i = 0; i < N(wire); i++)
        assert_string_equal(sorted(wire[i].json, true), wire[i].keys);
}

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
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
    i18n_init(argv[0]);
    i18n_use(LANG_en);
    const struct CMUnitTest tests[] = {
        TEST(test_filters_that_come_back_as_they_went),
        TEST(test_filters_that_are_refused),
        TEST(test_limits),
        TEST(test_filters_as_people_write_them),
        TEST(test_texts_that_are_refused),
        TEST(test_long_texts),
        TEST(test_sort_orders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
