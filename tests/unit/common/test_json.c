/* JSON past the gate: look-ups that never convert, and a writer whose text
 * always comes back. */
#include "common/json.h"
#include "common/mem.h"
#include "common/utf8.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static cJSON *parse(const char *text)
{
    cJSON *item;
    struct err e = {0};
    if (!json_parse(text, strlen(text), NULL, &item, &e))
        fail_msg("%s: %s", text, e.message);
    return item;
}

static void test_look_ups_mind_case_and_type(void **state)
{
    (void)state;
    int64_t n;
    cJSON *o = parse("{\"id\":42,\"Id\":7,\"s\":\"x\",\"t\":true,\"z\":null,"
                     "\"r\":1.5,\"e\":1e3,\"big\":1e300}");
    assert_int_equal(json_int(o, "id", -1), 42);
    assert_int_equal(json_int(o, "Id", -1), 7);
    assert_int_equal(json_int(o, "ID", -1), -1);
    assert_int_equal(json_int(o, "s", -1), -1);
    assert_int_equal(json_int(o, "r", -1), -1);
    assert_int_equal(json_int(o, "big", -1), -1);
    assert_int_equal(json_int(o, "e", -1), 1000);
    assert_string_equal(json_str(o, "s", "-"), "x");
    assert_string_equal(json_str(o, "id", "-"), "-");
    assert_string_equal(json_str(o, "z", "-"), "-");
    assert_true(json_bool(o, "t", false));
    assert_true(json_bool(o, "id", true));
    assert_false(json_bool(o, "none", false));
    assert_null(json_get(o, "none"));
    assert_null(json_get(NULL, "id"));
    assert_null(json_get(json_get(o, "s"), "id"));
    assert_int_equal(json_int(NULL, "id", 3), 3);
    assert_false(json_is_int(NULL, &n));
    cJSON_Delete(o);
}

static void test_arrays_are_no_objects(void **state)
{
    (void)state;
    cJSON *a = parse("[1,2]");
    assert_null(json_get(a, ""));
    cJSON_Delete(a);
}

static void test_integers_are_exact(void **state)
{
    (void)state;
    cJSON *a = parse("[9007199254740992,-9007199254740992,4503599627370497]");
    int64_t n;
    assert_true(json_is_int(cJSON_GetArrayItem(a, 0), &n));
    assert_int_equal(n, JSON_INT_MAX);
    assert_true(json_is_int(cJSON_GetArrayItem(a, 1), &n));
    assert_int_equal(n, -JSON_INT_MAX);
    assert_true(json_is_int(cJSON_GetArrayItem(a, 2), &n));
    assert_int_equal(n, 4503599627370497);
    cJSON_Delete(a);
    cJSON *nan = cJSON_CreateNumber(NAN), *inf = cJSON_CreateNumber(INFINITY);
    assert_false(json_is_int(nan, &n));
    assert_false(json_is_int(inf, &n));
    cJSON_Delete(nan);
    cJSON_Delete(inf);
}

/* cJSON reads 63 bytes of a number and stumbles over the rest. */
static void test_long_numbers(void **state)
{
    (void)state;
    cJSON *a = parse("[0.1000000000000000000000000000000000000000000000000000"
                     "000000000000000000000000000,\"-0.00000000000000000000"
                     "00000000000000000000000000000000000000000000000\\\"\", "
                     "-25000000000000000000000000000000000000000000000000000"
                     "000000000000000000000000000000e-80,7]");
    assert_true(cJSON_GetArrayItem(a, 0)->valuedouble == 0.1);
    assert_int_equal(strlen(cJSON_GetArrayItem(a, 1)->valuestring), 71);
    double d = cJSON_GetArrayItem(a, 2)->valuedouble;
    assert_true(d < -1 && d > -1e10);
    assert_true(cJSON_GetArrayItem(a, 3)->valuedouble == 7);
    cJSON_Delete(a);
}

static void test_parsing_needs_no_nul_behind(void **state)
{
    (void)state;
    cJSON *item;
    assert_true(json_parse("123", 2, NULL, &item, NULL));
    assert_true(item->valuedouble == 12);
    cJSON_Delete(item);
    assert_false(json_parse("x", 1, NULL, &item, NULL));
    assert_null(item);
}

struct writing {
    const char *in;
    size_t len;
    const char *out;
};

#define TEXT(s) s, sizeof(s) - 1

static const struct writing writings[] = {
    {TEXT(""), "\"\""},
    {TEXT("深圳 a"), "\"深圳 a\""},
    {TEXT("\"\\/"), "\"\\\"\\\\/\""},
    {TEXT("\b\f\n\r\t\x01\x1f\x7f"), "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\""},
    {TEXT("a\0b"), "\"a\xef\xbf\xbd"
                   "b\""},
    {TEXT("\xff\xfe"), "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    {TEXT("\xe6\xb7"), "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    {TEXT("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {TEXT("\xef\xbf\xbd😀"), "\"\xef\xbf\xbd😀\""},
};

static void test_texts_are_escaped(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(writings) / sizeof(*writings); i++) {
        struct buf b = BUF_INIT;
        json_write_strn(&b, writings[i].in, writings[i].len);
        assert_string_equal(buf_text(&b), writings[i].out);
        assert_true(json_check(b.data, b.len, NULL, NULL));
        buf_free(&b);
    }
}

static void test_every_code_point_comes_back(void **state)
{
    (void)state;
    for (uint32_t cp = 1; cp <= 0x10ffff; cp += cp < 0x3000 ? 1 : 37) {
        char text[5] = "";
        struct buf b = BUF_INIT;
        utf8_encode(cp, text);
        json_write_str(&b, text);
        cJSON *item = parse(b.data);
        assert_string_equal(item->valuestring, text);
        cJSON_Delete(item);
        buf_free(&b);
    }
}

static void test_trees_come_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "null",
        "true",
        "false",
        "\"a\\n\"",
        "[]",
        "{}",
        "[1,-2,0.1,1e+300,-1.5e-07,9007199254740992]",
        "{\"a\":[{\"b\":[[]]},null],\"\":\"深\"}",
        "0.30000000000000004",
        "123456789.123",
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        cJSON *item = parse(texts[i]);
        assert_string_equal(json_print(a, item), texts[i]);
        cJSON_Delete(item);
    }
    arena_free(&a);
}

static void test_what_json_has_no_word_for(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    cJSON *list = cJSON_CreateArray();
    cJSON_AddItemToArray(list, cJSON_CreateNumber(NAN));
    cJSON_AddItemToArray(list, cJSON_CreateNumber(-INFINITY));
    cJSON_AddItemToArray(list, cJSON_CreateRaw("{\"raw\":1}"));
    assert_string_equal(json_print(a, list), "[null,null,{\"raw\":1}]");
    assert_string_equal(json_print(a, NULL), "null");
    cJSON_Delete(list);
    arena_free(&a);
}

static void test_keys_are_written_with_their_colon(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    json_write_key(&b, "a\"b");
    assert_string_equal(buf_text(&b), "\"a\\\"b\":");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_look_ups_mind_case_and_type),
        cmocka_unit_test(test_arrays_are_no_objects),
        cmocka_unit_test(test_integers_are_exact),
        cmocka_unit_test(test_long_numbers),
        cmocka_unit_test(test_parsing_needs_no_nul_behind),
        cmocka_unit_test(test_texts_are_escaped),
        cmocka_unit_test(test_every_code_point_comes_back),
        cmocka_unit_test(test_trees_come_back),
        cmocka_unit_test(test_what_json_has_no_word_for),
        cmocka_unit_test(test_keys_are_written_with_their_colon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
