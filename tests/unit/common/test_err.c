/* Errors: the table of kinds, messages that are cut at a character, data that
 * has one owner. */
#include "common/err.h"
#include "common/i18n.h"
#include "common/json.h"
#include "common/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_every_kind_has_a_distinct_row(void **state)
{
    (void)state;
    for (int k = ERR_NONE + 1; k < ERR_KINDS; k++) {
        const struct err_row *row = err_row((enum err_kind)k);
        assert_int_equal(err_kind_of(row->name), k);
        assert_true(row->code <= -32000 && row->code >= -32768);
        assert_in_range(row->exit_code, 1, 5);
        assert_true(strlen(row->text) > 0);
        for (int other = k + 1; other < ERR_KINDS; other++)
            assert_int_not_equal(row->code,
                                 err_row((enum err_kind)other)->code);
    }
}

static void test_unknown_kinds(void **state)
{
    (void)state;
    assert_int_equal(err_kind_of("no_such_kind"), ERR_NONE);
    assert_int_equal(err_kind_of(""), ERR_NONE);
    assert_ptr_equal(err_row(ERR_NONE), err_row(ERR_internal));
    assert_ptr_equal(err_row(ERR_KINDS), err_row(ERR_internal));
}

/* proves: UX-06 */
static void test_the_row_words_what_the_callee_does_not(void **state)
{
    (void)state;
    struct err e = {0};
    i18n_use(LANG_en);
    assert_false(err_set(&e, ERR_forbidden, NULL));
    assert_int_equal(e.kind, ERR_forbidden);
    assert_string_equal(e.message, err_row(ERR_forbidden)->text);
    i18n_use(LANG_zh);
    err_set(&e, ERR_forbidden, NULL);
    assert_string_equal(e.message, "您没有权限执行此操作。");
    err_clear(&e);
    assert_int_equal(e.kind, ERR_NONE);
    assert_string_equal(e.message, "");
}

static void test_long_messages_end_at_a_character(void **state)
{
    (void)state;
    char text[1200];
    for (size_t lead = 0; lead < 4; lead++) {
        struct err e = {0};
        size_t len = lead;
        memset(text, 'x', lead);
        for (; len + 4 < sizeof(text); len += 3)
            memcpy(text + len, "深", 3);
        text[len] = '\0';
        err_set(&e, ERR_invalid, "%s", text);
        size_t got = strlen(e.message);
        assert_true(got > 500 && got < sizeof(e.message));
        assert_true(utf8_valid(e.message, got));
        assert_memory_equal(e.message, text, got);
    }
}

static void test_data_is_replaced_and_moved(void **state)
{
    (void)state;
    struct err a = {0}, b = {0};
    err_set(&a, ERR_conflict, "%s", "one");
    err_data(&a, "n", cJSON_CreateNumber(1));
    err_data(&a, "n", cJSON_CreateNumber(2));
    err_set(&b, ERR_invalid, "%s", "two");
    err_data(&b, "x", cJSON_CreateTrue());
    err_move(&b, &a);
    assert_int_equal(b.kind, ERR_conflict);
    assert_string_equal(b.message, "one");
    assert_int_equal(cJSON_GetArraySize(b.data), 1);
    assert_int_equal(json_int(b.data, "n", 0), 2);
    assert_int_equal(a.kind, ERR_NONE);
    assert_null(a.data);
    err_move(&b, &b);
    assert_int_equal(json_int(b.data, "n", 0), 2);
    err_move(NULL, &b);
    assert_null(b.data);
}

static void test_setting_again_drops_the_data(void **state)
{
    (void)state;
    struct err e = {0};
    err_set(&e, ERR_conflict, NULL);
    err_data(&e, "n", cJSON_CreateNumber(1));
    err_set(&e, ERR_internal, NULL);
    assert_null(e.data);
    err_clear(&e);
}

static void test_a_wrong_parameter_is_named(void **state)
{
    (void)state;
    struct err e = {0};
    i18n_use(LANG_en);
    assert_false(err_param(&e, "sort[0]", "a field name"));
    assert_int_equal(e.kind, ERR_invalid_params);
    assert_string_equal(e.message, "sort[0]: expected a field name.");
    assert_string_equal(json_str(e.data, "path", ""), "sort[0]");
    assert_string_equal(json_str(e.data, "expected", ""), "a field name");
    err_clear(&e);
}

static void test_nobody_has_to_listen(void **state)
{
    (void)state;
    assert_false(err_set(NULL, ERR_internal, "%d", 1));
    assert_false(err_param(NULL, "a", "b"));
    err_data(NULL, "n", cJSON_CreateNumber(1));
    err_clear(NULL);
}

int main(int argc, char **argv)
{
    (void)argc;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_has_a_distinct_row),
        cmocka_unit_test(test_unknown_kinds),
        cmocka_unit_test(test_the_row_words_what_the_callee_does_not),
        cmocka_unit_test(test_long_messages_end_at_a_character),
        cmocka_unit_test(test_data_is_replaced_and_moved),
        cmocka_unit_test(test_setting_again_drops_the_data),
        cmocka_unit_test(test_a_wrong_parameter_is_named),
        cmocka_unit_test(test_nobody_has_to_listen),
    };
    i18n_init(argv[0]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
