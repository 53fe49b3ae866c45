/* Values of every type: what people type, what the wire carries, what
 * PostgreSQL writes, what is shown and what is masked. */
#include "common/clock.h"
#include "common/i18n.h"
#include "common/json.h"
#include "common/mem.h"
#include "schema/type.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct arena *arena;

static const char *option_of(void *ctx, const char *list, const char *code)
{
    (void)ctx;
    bool known = strcmp(list, "industry") == 0 && strcmp(code, "3c") == 0;
    return known ? "3C电子" : NULL;
}

static const char *ref_of(void *ctx, const char *entity, int64_t id)
{
    (void)ctx;
    return strcmp(entity, "user") == 0 && id == 7 ? "王芳"
           : strcmp(entity, "tag") == 0           ? "重点"
                                                  : NULL;
}

static const char *code_of(void *ctx, const char *list, const char *text)
{
    (void)ctx;
    if (strcmp(list, "user") == 0)
        return strcmp(text, "王芳") == 0 ? "7" : NULL;
    return strcmp(list, "industry") == 0 && strcmp(text, "3C电子") == 0 ? "3c"
                                                                        : NULL;
}

static const struct names known = {option_of, ref_of, code_of, NULL};

/* A way in and what comes of it; NULL is refused, "" is empty. */
struct in_case {
    const char *input;
    const char *value;
};

static void check_value(const char *what, const char *input, bool good,
                        const char *value, const char *expected)
{
    const char *is = !good ? NULL : value == NULL ? "" : value;
    if ((is == NULL) != (expected == NULL) ||
        (is != NULL && strcmp(is, expected) != 0))
        fail_msg("%s %s gives %s instead of %s", what, input,
                 is == NULL ? "(refused)" : is,
                 expected == NULL ? "(refused)" : expected);
}

static void check_typed(const struct field *f, const struct in_case *cases,
                        size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct err e = {0};
        const char *value = "(untouched)";
        bool good =
            f->type->parse(f, arena, cases[i].input, &known, &value, &e);
        check_value(f->id, cases[i].input, good, value, cases[i].value);
        assert_int_equal(e.kind, good ? ERR_NONE : ERR_invalid);
        assert_int_equal(e.message[0] != '\0', !good);
        err_clear(&e);
    }
}

static void check_wire(const struct field *f, const struct in_case *cases,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct err e = {0};
        const char *value = "(untouched)";
        cJSON *item = NULL;
        assert_true(json_parse(cases[i].input, strlen(cases[i].input), NULL,
                               &item, NULL));
        bool good = f->type->from_json(f, arena, item, &value, &e);
        check_value(f->id, cases[i].input, good, value, cases[i].value);
        assert_int_equal(e.kind, good ? ERR_NONE : ERR_invalid);
        cJSON_Delete(item);
        err_clear(&e);
    }
}

#define N(array)            (sizeof(array) / sizeof((array)[0]))
#define CUSTOMER(id)        (&entity_customer.fields[CUSTOMER_##id])
#define CONTACT(id)         (&entity_contact.fields[CONTACT_##id])
#define TYPED(field, cases) check_typed(field, cases, N(cases))
#define WIRE(field, cases)  check_wire(field, cases, N(cases))

static const char *on_wire(const struct field *f, const char *value,
                           const struct names *names)
{
    static struct buf out;
    buf_clear(&out);
    f->type->to_json(f, value, strlen(value), names, &out);
    const char *text = arena_strdup(arena, buf_text(&out));
    buf_free(&out);
    return text;
}

static const char *shown(const struct field *f, const char *value)
{
    return f->type->format(f, arena, value, &known);
}

static void test_text(void **state)
{
    (void)state;
    static const struct in_case typed[] = {
        {"  艾维 ", "艾维"}, {"", ""},       {"   ", ""},
        {"a\nb", "a b"},     {"\xff", NULL}, {"a\x1b[31mb", "a[31mb"},
    };
    static const struct in_case wire[] = {
        {"\"艾维\"", "艾维"}, {"null", ""}, {"\"\"", ""},
        {"7", NULL},          {"[]", NULL}, {"true", NULL},
    };
    TYPED(CUSTOMER(customer_name), typed);
    WIRE(CUSTOMER(customer_name), wire);
    assert_string_equal(on_wire(CUSTOMER(customer_name), "a\"b", NULL),
                        "\"a\\\"b\"");
    assert_string_equal(on_wire(CUSTOMER(customer_name), "", NULL), "null");
    assert_string_equal(shown(CUSTOMER(customer_name), NULL), "");
}

static void test_long_text_keeps_its_lines(void **state)
{
    (void)state;
    static const struct in_case typed[] = {
        {"# a\n\n* b", "# a\n\n* b"}, {"\n", ""}, {"\xc3\x28", NULL}};
    static const struct in_case wire[] = {{"\"a\\nb\"", "a\nb"}};
    TYPED(CUSTOMER(special_conditions), typed);
    WIRE(CUSTOMER(special_conditions), wire);
}

static void test_date(void **state)
{
    (void)state;
    static const struct in_case typed[] = {
        {"2025-07-04", "2025-07-04"}, {"2025年7月4日", "2025-07-04"},
        {"2025/7/4", "2025-07-04"},   {"", ""},
        {"2025-02-30", NULL},         {"soon", NULL},
    };
    static const struct in_case wire[] = {
        {"\"2025-07-04\"", "2025-07-04"},
        {"\"2025-7-4\"", NULL},
        {"\"2025-02-29\"", NULL},
        {"20250704", NULL},
        {"null", ""},
    };
    const struct field *f = CUSTOMER(cooperation_start_date);
    TYPED(f, typed);
    WIRE(f, wire);
    assert_string_equal(on_wire(f, "2025-07-04", NULL), "\"2025-07-04\"");
    assert_true(f->type->check(f, "2025-07-04", NULL));
    assert_false(f->type->check(f, "1899-12-31", NULL));
    assert_false(f->type->check(f, "2200-01-01", NULL));
    assert_string_equal(f->type->mask(arena, "2025-07-04"), "****-**-**");
}

static void test_spans_of_days(void **state)
{
    (void)state;
    static const struct {
        const char *text, *low, *high;
    } cases[] = {
        {"2025", "2025-01-01", "2025-12-31"},
        {"2025年", "2025-01-01", "2025-12-31"},
        {"2025-02", "2025-02-01", "2025-02-28"},
        {"2024/2", "2024-02-01", "2024-02-29"},
        {"2025年12月", "2025-12-01", "2025-12-31"},
        {"2025-07-04", "2025-07-04", "2025-07-04"},
    };
    const struct field *f = CUSTOMER(cooperation_start_date);
    const char *low, *high;
    for (size_t i = 0; i < N(cases); i++) {
        assert_true(
            f->type->period(f, arena, NULL, cases[i].text, &low, &high));
        assert_string_equal(low, cases[i].low);
        assert_string_equal(high, cases[i].high);
    }
    static const char *const wrong[] = {"", "2025-13", "2025-", "25-1-x", "x"};
    for (size_t i = 0; i < N(wrong); i++)
        assert_false(f->type->period(f, arena, NULL, wrong[i], &low, &high));
}

static void test_time(void **state)
{
    (void)state;
    const struct field *f = CUSTOMER(updated_at);
    static const struct in_case wire[] = {
        {"\"2025-07-04T08:00:00Z\"", "2025-07-04T08:00:00Z"},
        {"\"2025-07-04T16:00:00+08:00\"", "2025-07-04T08:00:00Z"},
        {"\"yesterday\"", NULL},
        {"1751616000", NULL},
        {"null", ""},
    };
    const char *low, *high;
    WIRE(f, wire);
    assert_string_equal(on_wire(f, "2025-07-04 08:00:00+00", NULL),
                        "\"2025-07-04T08:00:00Z\"");
    assert_string_equal(shown(f, "2025-07-04T08:00:00Z"), "2025-07-04 16:00");
    assert_true(f->type->period(f, arena, NULL, "2025-07-04", &low, &high));
    assert_string_equal(low, "2025-07-03T16:00:00Z");
    assert_string_equal(high, "2025-07-04T15:59:59.999999Z");
    assert_true(f->type->check(f, "2025-07-04T08:00:00Z", NULL));
    assert_false(f->type->check(f, "8 o'clock", NULL));
}

static void test_money(void **state)
{
    (void)state;
    const struct field *f = CUSTOMER(annual_sales_target);
    static const struct in_case typed[] = {
        {"12345.6", "12345.60"}, {"50万", "500000.00"},
        {"1,234.50", "1234.50"}, {"", ""},
        {"a lot", NULL},         {"1.234", NULL},
    };
    static const struct in_case wire[] = {
        {"\"12345.60\"", "12345.60"},
        {"\"12345\"", "12345.00"},
        {"\"50万\"", NULL},
        {"\"1,234\"", NULL},
        {"12345.6", NULL},
        {"\"1.234\"", NULL},
        {"null", ""},
        {"\"-1.5\"", "-1.50"},
    };
    TYPED(f, typed);
    WIRE(f, wire);
    assert_string_equal(on_wire(f, "12345.60", NULL), "\"12345.60\"");
    assert_string_equal(shown(f, "1234567.80"), "1,234,567.80");
    assert_true(f->type->check(f, "999999999999.99", NULL));
    assert_false(f->type->check(f, "1000000000000.00", NULL));
    assert_false(f->type->check(f, "-0.01", NULL));
    assert_string_equal(f->type->mask(arena, "12345.60"), "***");
}

static void test_percent(void **state)
{
    (void)state;
    const struct field *f = CUSTOMER(overseas_sales_ratio);
    static const struct in_case typed[] = {
        {"12.5", "12.50"},
        {"12.5 %", "12.50"},
        {"１２．５％", "12.50"},
        {"half", NULL},
        {"", ""},
        {"5万", NULL},
    };
    static const struct in_case wire[] = {
        {"\"12.5\"", "12.50"}, {"12.5", NULL}, {"null", ""}};
    TYPED(f, typed);
    WIRE(f, wire);
    assert_string_equal(shown(f, "12.50"), "12.5%");
    assert_string_equal(shown(f, "100.00"), "100%");
    assert_string_equal(shown(f, "0.00"), "0%");
}

static void test_integer(void **state)
{
    (void)state;
    const struct field *f = CONTACT(rank);
    static const struct in_case typed[] = {
        {"12", "12"},  {"1,200", "1200"}, {"007", "7"},
        {"1.5", NULL}, {"", ""},          {"12x", NULL},
    };
    static const struct in_case wire[] = {
        {"12", "12"}, {"12.5", NULL}, {"\"12\"", NULL}, {"null", ""}};
    TYPED(f, typed);
    WIRE(f, wire);
    assert_string_equal(on_wire(f, "12", NULL), "12");
    assert_true(f->type->check(f, "9999", NULL));
    assert_false(f->type->check(f, "10000", NULL));
    assert_false(f->type->check(f, "-1", NULL));
    assert_true(field_id.type->check(&field_id, "9007199254740992", NULL));
    assert_false(field_id.type->check(&field_id, "0", NULL));
}

static void test_boolean(void **state)
{
    (void)state;
    const struct field *f = CUSTOMER(has_tech_team);
    static const struct in_case typed[] = {
        {"是", "t"},   {"否", "f"}, {"YES", "t"}, {"no", "f"},
        {"true", "t"}, {"0", "f"},  {"", ""},     {"perhaps", NULL},
    };
    static const struct in_case wire[] = {
        {"true", "t"}, {"false", "f"},  {"null", ""},
        {"1", NULL},   {"\"t\"", NULL},
    };
    TYPED(f, typed);
    WIRE(f, wire);
    assert_string_equal(on_wire(f, "t", NULL), "true");
    assert_string_equal(on_wire(f, "f", NULL), "false");
    assert_string_equal(shown(f, "t"), "Yes");
}

static void test_choice(void **state)
{
    (void)state;
    const struct field *f = CUSTOMER(industry);
    static const struct in_case typed[] = {
        {"3c", "3c"}, {"3C电子", "3c"}, {"", ""}, {"mars", NULL}};
    static const struct in_case free_text[] = {{"Etsy", "Etsy"}};
    static const struct in_case wire[] = {
        {"\"3c\"", "3c"}, {"null", ""}, {"[\"3c\"]", NULL}};
    TYPED(f, typed);
    TYPED(CUSTOMER(main_sales_channel), free_text);
    WIRE(f, wire);
    assert_string_equal(shown(f, "3c"), "3C电子");
    assert_string_equal(shown(f, "gone"), "gone");
    assert_string_equal(on_wire(f, "3c", &known), "\"3c\"");
    /* Without names the built-in lists hold, in either language. */
    const char *value;
    assert_true(f->type->parse(f, arena, "Toys and gifts", NULL, &value, NULL));
    assert_string_equal(value, "toys");
    assert_string_equal(f->type->format(f, arena, "toys", NULL),
                        "Toys and gifts");
}

static void test_choices(void **state)
{
    (void)state;
    const struct field *f = CUSTOMER(regions);
    const char *value;
    assert_true(f->type->parse(f, arena, "广东，浙江、Beijing, 广东", NULL,
                               &value, NULL));
    assert_string_equal(value, "{广东,浙江,北京}");
    assert_false(f->type->parse(f, arena, "广东,火星", NULL, &value, NULL));
    static const struct in_case wire[] = {
        {"[\"广东\",\"北京\"]", "{广东,北京}"},
        {"[]", ""},
        {"null", ""},
        {"\"广东\"", NULL},
        {"[1]", NULL},
        {"[[\"广东\"]]", NULL},
    };
    WIRE(f, wire);
    assert_string_equal(on_wire(f, "{广东,北京}", NULL), "[\"广东\",\"北京\"]");
    assert_string_equal(on_wire(f, "{}", NULL), "[]");
    assert_string_equal(f->type->format(f, arena, "{广东,北京}", NULL),
                        "Guangdong, Beijing");
    struct err e = {0};
    assert_false(f->type->check(f, "{}", &e)); /* at least one region */
    assert_string_equal(json_str(e.data, "rule", ""), "length");
    err_clear(&e);
}

static void test_free_values_among_choices(void **state)
{
    (void)state;
    const struct field *f = CUSTOMER(target_markets);
    const char *value;
    assert_true(
        f->type->parse(f, arena, "美国,Brazil, \"a", NULL, &value, NULL));
    assert_string_equal(value, "{us,Brazil,\"\\\"a\"}");
    assert_string_equal(on_wire(f, value, NULL),
                        "[\"us\",\"Brazil\",\"\\\"a\"]");
}

static void test_ref(void **state)
{
    (void)state;
    const struct field *f = CUSTOMER(owner);
    static const struct in_case typed[] = {
        {"7", "7"},   {"#7", "7"}, {"王芳", "7"},
        {"王", NULL}, {"", ""},    {"-7", NULL},
    };
    static const struct in_case wire[] = {
        {"7", "7"},      {"null", ""},        {"0", NULL},
        {"\"7\"", NULL}, {"[7,\"x\"]", NULL}, {"7.5", NULL},
    };
    TYPED(f, typed);
    WIRE(f, wire);
    assert_string_equal(on_wire(f, "7", NULL), "7");
    assert_string_equal(on_wire(f, "7", &known), "[7,\"王芳\"]");
    assert_string_equal(on_wire(f, "8", &known), "[8,null]");
    assert_string_equal(on_wire(f, "", &known), "null");
    assert_string_equal(shown(f, "7"), "王芳");
    assert_string_equal(shown(f, "8"), "#8");
}

static void test_refs(void **state)
{
    (void)state;
    const struct field *f = CUSTOMER(tags);
    static const struct in_case wire[] = {
        {"[1,2,1]", "{1,2}"}, {"[]", ""}, {"[0]", NULL}, {"7", NULL}};
    static const struct in_case typed[] = {{"1、2", "{1,2}"}, {"", ""}};
    WIRE(f, wire);
    TYPED(f, typed);
    assert_string_equal(on_wire(f, "{1,2}", NULL), "[1,2]");
    assert_string_equal(on_wire(f, "{1}", &known), "[[1,\"重点\"]]");
    assert_string_equal(shown(f, "{1}"), "重点");
}

static void test_json(void **state)
{
    (void)state;
    const struct field *f =
        &entity_saved_filter.fields[SAVED_FILTER_definition];
    static const struct in_case wire[] = {
        {"{\"search\":\"aw\"}", "{\"search\":\"aw\"}"},
        {"\"text\"", NULL},
        {"null", ""}};
    static const struct in_case typed[] = {{"{}", "{}"}, {"{", NULL}, {"", ""}};
    WIRE(f, wire);
    TYPED(f, typed);
    assert_string_equal(on_wire(f, "{\"a\": 1}", NULL), "{\"a\": 1}");
}

static void test_the_daemons_own_is_never_written(void **state)
{
    (void)state;
    static const struct in_case any[] = {{"1", NULL}};
    TYPED(CUSTOMER(search_grams), any);
    WIRE(CUSTOMER(search_grams), any);
    assert_string_equal(on_wire(CUSTOMER(search_grams), "{1}", NULL), "null");
    assert_string_equal(shown(CUSTOMER(search_grams), "{1}"), "");
}

static void test_array_literals(void **state)
{
    (void)state;
    static const char *const odd[] = {"a",     "",      "a b",  "a,b",  "{}",
                                      "\"q\"", "\\",    "null", "NULL", "艾维",
                                      "x\ny",  " lead", "nulls"};
    const char **items;
    size_t n;
    const char *text = list_join(arena, odd, N(odd));
    assert_string_equal(text, "{a,\"\",\"a b\",\"a,b\",\"{}\",\"\\\"q\\\"\","
                              "\"\\\\\",\"null\",\"NULL\",艾维,\"x\ny\","
                              "\" lead\",nulls}");
    assert_true(list_split(arena, text, &items, &n));
    assert_int_equal(n, N(odd));
    for (size_t i = 0; i < n; i++)
        assert_string_equal(items[i], odd[i]);
    assert_true(list_split(arena, "{}", &items, &n));
    assert_int_equal(n, 0);
    static const char *const wrong[] = {
        "",       "a",      "{",      "{a",       "a}",     "{a,}",
        "{,a}",   "{a}x",   "{a},b",  "{{a}}",    "{NULL}", "{\"a}",
        "{\"a\\", "{a\\b}", "{a}{b}", "{\"a\"b}", "}"};
    for (size_t i = 0; i < N(wrong); i++)
        if (list_split(arena, wrong[i], &items, &n))
            fail_msg("%s is taken for a list", wrong[i]);
}

/* Whatever a field takes, it takes again in the form it shows it. */
static void test_canonical_values_stay_as_they_are(void **state)
{
    (void)state;
    const struct {
        const struct field *f;
        const char *value;
    } cases[] = {
        {CUSTOMER(customer_name), "深圳艾维"},
        {CUSTOMER(special_conditions), "a\nb"},
        {CUSTOMER(contact_phone), "0755-12345678-801"},
        {CUSTOMER(website_urls), "{https://a.com,https://b.com/x?y=1}"},
        {CUSTOMER(cooperation_start_date), "2025-07-04"},
        {CUSTOMER(annual_cost_target), "1234567.89"},
        {CUSTOMER(overseas_sales_ratio), "33.30"},
        {CUSTOMER(has_brand_team), "f"},
        {CUSTOMER(owner), "7"},
        {CONTACT(email), "a.b@example.com"},
    };
    for (size_t i = 0; i < N(cases); i++) {
        const struct field *f = cases[i].f;
        const char *value, *text = cases[i].value;
        assert_true(f->type->check(f, text, NULL));
        assert_true(
            f->type->parse(f, arena, shown(f, text), &known, &value, NULL));
        assert_string_equal(value, text);
        cJSON *item = cJSON_Parse(on_wire(f, text, NULL));
        assert_true(f->type->from_json(f, arena, item, &value, NULL));
        assert_string_equal(value, text);
        cJSON_Delete(item);
    }
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
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    i18n_init(argv[0]);
    i18n_use(LANG_en);
    const struct CMUnitTest tests[] = {
        TEST(test_text),
        TEST(test_long_text_keeps_its_lines),
        TEST(test_date),
        TEST(test_spans_of_days),
        TEST(test_time),
        TEST(test_money),
        TEST(test_percent),
        TEST(test_integer),
        TEST(test_boolean),
        TEST(test_choice),
        TEST(test_choices),
        TEST(test_free_values_among_choices),
        TEST(test_ref),
        TEST(test_refs),
        TEST(test_json),
        TEST(test_the_daemons_own_is_never_written),
        TEST(test_array_literals),
        TEST(test_canonical_values_stay_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
