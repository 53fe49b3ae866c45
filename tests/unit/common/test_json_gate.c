/* The gate's verdicts: all documents of JSONTestSuite, its limits, and what
 * it refuses because cJSON would lose it. */
#include "common/i18n.h"
#include "common/json.h"
#include "common/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct verdict {
    const char *name, *text;
    size_t len;
    bool accepted;
};

#define ROW(name, text, accepted) {name, text, sizeof(text) - 1, accepted},
#define MUST_ACCEPT(name, text)   ROW(name, text, true)
#define MUST_REFUSE(name, text)   ROW(name, text, false)
#define STRICTER(name, text)      ROW(name, text, false)
#define MAY_ACCEPT(name, text)    ROW(name, text, true)
#define MAY_REFUSE(name, text)    ROW(name, text, false)

static const struct verdict verdicts[] = {
#include "tests/unit/common/json_cases.def"
};

static bool accepts(const char *text, size_t len, const struct json_limits *l)
{
    struct err e = {0};
    bool ok = json_check(text, len, l, &e);
    assert_int_equal(ok, e.kind == ERR_NONE);
    err_clear(&e);
    return ok;
}

static void test_every_verdict(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++) {
        const struct verdict *v = &verdicts[i];
        cJSON *item;
        if (accepts(v->text, v->len, NULL) != v->accepted)
            fail_msg("%s: %s", v->name, v->text);
        if (json_parse(v->text, v->len, NULL, &item, NULL) != v->accepted)
            fail_msg("%s: parsing differs from checking", v->name);
        cJSON_Delete(item);
    }
}

/* The gate must not look past the end, so each document is cut everywhere,
 * in memory of just its size. */
static void test_no_cut_is_overread(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++) {
        const struct verdict *v = &verdicts[i];
        for (size_t cut = 1; cut < v->len; cut++) {
            char *text = x_malloc(cut);
            memcpy(text, v->text, cut);
            accepts(text, cut, NULL);
            x_free(&text);
        }
    }
}

static void test_a_hundred_thousand_brackets(void **state)
{
    (void)state;
    const struct json_limits wide = {1 << 20, 1 << 20, 0};
    struct buf b = BUF_INIT;
    for (int i = 0; i < 100000; i++)
        buf_char(&b, '[');
    assert_false(accepts(b.data, b.len, NULL));
    assert_false(accepts(b.data, b.len, &wide));
    buf_clear(&b);
    for (int i = 0; i < 50000; i++)
        buf_str(&b, "[{\"\":");
    assert_false(accepts(b.data, b.len, NULL));
    assert_false(accepts(b.data, b.len, &wide));
    buf_free(&b);
}

static void nest(struct buf *b, int depth)
{
    buf_clear(b);
    for (int i = 0; i < depth; i++)
        buf_str(b, i % 2 == 0 ? "[" : "{\"a\":");
    buf_char(b, '1');
    for (int i = depth - 1; i >= 0; i--)
        buf_char(b, i % 2 == 0 ? ']' : '}');
}

static void test_depth(void **state)
{
    (void)state;
    static const struct {
        int limit, most; /* a limit of 0 is 32; none goes beyond 512 */
    } cases[] = {{0, 32}, {4, 4}, {1, 1}, {100000, 512}};
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct json_limits l = {0, cases[i].limit, 0};
        struct err e = {0};
        nest(&b, cases[i].most);
        assert_true(accepts(b.data, b.len, &l));
        nest(&b, cases[i].most + 1);
        assert_false(json_check(b.data, b.len, &l, &e));
        assert_int_equal(e.kind, ERR_too_large);
        assert_int_equal(json_int(e.data, "limit", 0), cases[i].most);
        err_clear(&e);
    }
    buf_free(&b);
}

static void test_bytes(void **state)
{
    (void)state;
    const struct json_limits l = {5, 0, 0};
    struct err e = {0};
    assert_true(accepts("[1,2]", 5, &l));
    assert_false(json_check("[1,23]", 6, &l, &e));
    assert_int_equal(e.kind, ERR_too_large);
    err_clear(&e);
    struct buf b = BUF_INIT;
    buf_char(&b, '"');
    for (int i = 0; i < (1 << 20) - 2; i++)
        buf_char(&b, 'x');
    buf_char(&b, '"');
    assert_true(accepts(b.data, b.len, NULL));
    buf_char(&b, ' ');
    assert_false(accepts(b.data, b.len, NULL));
    buf_free(&b);
}

/* {"k0":0,"k1":1,…}; the last key is `last` where that is not NULL. */
static void object_of(struct buf *b, int n, const char *last)
{
    buf_clear(b);
    for (int i = 0; i < n; i++) {
        buf_char(b, i == 0 ? '{' : ',');
        if (i + 1 == n && last != NULL)
            buf_printf(b, "\"%s\":%d", last, i);
        else
            buf_printf(b, "\"k%d\":%d", i, i);
    }
    buf_char(b, '}');
}

static void test_number_of_keys(void **state)
{
    (void)state;
    const struct json_limits l = {0, 0, 3};
    struct buf b = BUF_INIT;
    object_of(&b, 3, NULL);
    assert_true(accepts(b.data, b.len, &l));
    object_of(&b, 4, NULL);
    assert_false(accepts(b.data, b.len, &l));
    object_of(&b, 1024, NULL);
    assert_true(accepts(b.data, b.len, NULL));
    object_of(&b, 1025, NULL);
    assert_false(accepts(b.data, b.len, NULL));
    buf_free(&b);
}

static void test_equal_keys_are_found_in_any_crowd(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    for (int n = 2; n < 1024; n += n < 20 ? 1 : 97) {
        object_of(&b, n, "k0");
        assert_false(accepts(b.data, b.len, NULL));
        object_of(&b, n, "\\u006B0");
        assert_false(accepts(b.data, b.len, NULL));
        object_of(&b, n, "K0");
        assert_true(accepts(b.data, b.len, NULL));
        object_of(&b, n, "\\u006B");
        assert_true(accepts(b.data, b.len, NULL));
    }
    buf_free(&b);
}

struct small {
    const char *text;
    bool accepted;
};

static const struct small smalls[] = {
    /* Keys are compared as they are meant, and only within one object. */
    {"{\"a\":1,\"\\u0061\":2}", false},
    {"{\"\\ud83d\\ude00\":1,\"😀\":2}", false},
    {"{\"\\/\":1,\"/\":2}", false},
    {"{\"\":1,\"\":2}", false},
    {"{\"a\":{\"a\":{\"a\":1}}}", true},
    {"[{\"a\":1},{\"a\":1}]", true},
    {"{\"b\":{\"a\":1},\"a\":{\"b\":1}}", true},
    {"{\"b\":{\"a\":1,\"a\":2},\"c\":1}", false},
    {"{\"a\":{\"b\":1},\"a\":1}", false},
    /* Integers within 2^53, either sign; reals stay finite. */
    {"9007199254740992", true},
    {"-9007199254740992", true},
    {"9007199254740993", false},
    {"-9007199254740993", false},
    {"10000000000000000", false},
    {"99999999999999999999999999", false},
    {"1e308", true},
    {"1e309", false},
    {"-1e309", false},
    {"1e-400", true},
    {"9007199254740993.0", true},
    {"0.1", true},
    {"-0", true},
    {"-0.0e-0", true},
    /* No NUL, no lone surrogate, no BOM, no noncharacter trouble. */
    {"\"\\u0000\"", false},
    {"\"a\\u0000b\"", false},
    {"\"\\u0001\"", true},
    {"\"\\uD800\"", false},
    {"\"\\uDC00\"", false},
    {"\"\\uD800\\u0041\"", false},
    {"\"\\uD800\\uD800\"", false},
    {"\"\\uD800x\"", false},
    {"\"\\uDBFF\\uDFFF\"", true},
    {"\"\\uFFFF\"", true},
    {"\xef\xbb\xbf{}", false},
    {"\"\xef\xbb\xbf\"", true},
    {"\"\x7f\"", true},
    {"\"\x1f\"", false},
    /* Not JSON, though some parsers think so. */
    {"", false},
    {" ", false},
    {"NaN", false},
    {"Infinity", false},
    {"nul", false},
    {"nulls", false},
    {"True", false},
    {"'a'", false},
    {"// c\n1", false},
    {"/* c */1", false},
    {"1 2", false},
    {"{} {}", false},
    {"[1]]", false},
    {"[1}", false},
    {"{\"a\":1]", false},
    {"{a:1}", false},
    {"{\"a\" 1}", false},
    {"{\"a\":1,}", false},
    {"{,}", false},
    {"[,1]", false},
    {"+1", false},
    {"01", false},
    {"-01", false},
    {"1.", false},
    {".5", false},
    {"1e", false},
    {"1e+", false},
    {"0x10", false},
    {"--1", false},
    {"-", false},
    {"\"", false},
    {"\"\\\"", false},
    {"\"\\x41\"", false},
    {"\"\\u00g0\"", false},
    {"\"\\u12\"", false},
    {"\"\\U0041\"", false},
    {"\"\t\"", false},
    {"\v1", false},
    {"\xc2\xa0"
     "1",
     false},
    /* A value of any kind is a document. */
    {"null", true},
    {"\"\"", true},
    {" \r\n\t[ ] ", true},
    {"{ }", true},
    {"{ \"a\" : [ true , false ] }", true},
};

static void test_small_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(smalls) / sizeof(*smalls); i++)
        if (accepts(smalls[i].text, strlen(smalls[i].text), NULL) !=
            smalls[i].accepted)
            fail_msg("%s", smalls[i].text);
}

static void test_the_message_tells_where(void **state)
{
    (void)state;
    struct err e = {0};
    i18n_use(LANG_en);
    assert_false(json_check("[1,x]", 5, NULL, &e));
    assert_int_equal(e.kind, ERR_parse_error);
    assert_string_equal(e.message,
                        "Not valid JSON at byte 4: a value was expected.");
    err_clear(&e);
}

int main(int argc, char **argv)
{
    (void)argc;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_verdict),
        cmocka_unit_test(test_no_cut_is_overread),
        cmocka_unit_test(test_a_hundred_thousand_brackets),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_number_of_keys),
        cmocka_unit_test(test_equal_keys_are_found_in_any_crowd),
        cmocka_unit_test(test_small_documents),
        cmocka_unit_test(test_the_message_tells_where),
    };
    i18n_init(argv[0]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
