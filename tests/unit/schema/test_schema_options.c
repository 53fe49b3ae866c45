/* Option lists and the life cycle. */
#include "common/i18n.h"
#include "common/utf8.h"
#include "schema/access.h"
#include "schema/option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_every_row_is_of_a_list_and_distinct(void **state)
{
    (void)state;
    for (int i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        if (option_list_find(row->list) == NULL)
            fail_msg("there is no list %s", row->list);
        if (option_find(row->list, row->code) != row)
            fail_msg("%s: %s stands there twice", row->list, row->code);
        assert_in_range(utf8_length(row->code), 1, 40);
        assert_in_range(utf8_length(row->zh), 1, 50);
        assert_in_range(utf8_length(row->en), 1, 80);
        assert_null(strpbrk(row->code, ",{}\"\\ \n"));
        if (row->parent != NULL && option_find(row->list, row->parent) == NULL)
            fail_msg("%s: %s is below nothing", row->list, row->code);
    }
}

static void test_every_list_has_rows(void **state)
{
    (void)state;
    for (int i = 0; i < option_list_count; i++) {
        int n = 0;
        for (int k = 0; k < option_row_count; k++)
            n += strcmp(option_rows[k].list, option_lists[i].id) == 0;
        if (n < 2)
            fail_msg("the list %s has %d values", option_lists[i].id, n);
        assert_ptr_equal(option_list_find(option_lists[i].id),
                         &option_lists[i]);
    }
    assert_null(option_list_find("nothing"));
    assert_null(option_find("grade", "D"));
    assert_null(option_find("nothing", "A"));
}

/* The Chinese of states, roles, scopes and levels stands in their tables for
 * the option lists and in the catalogue for messages: both must agree. */
static void test_chinese_of_the_tables_is_that_of_the_catalogue(void **state)
{
    (void)state;
    static const struct {
        const char *zh, *label;
    } rows[] = {
#define LIFE(id, zh, label, active, sign, rules) {zh, label},
#include "schema/life.def"
#undef LIFE
#define ROLE(id, zh, label, help) {zh, label},
#include "schema/role.def"
#undef ROLE
#define SCOPE(id, code, zh, label) {zh, label},
#include "schema/scope.def"
#undef SCOPE
#define LEVEL(id, code, zh, label) {zh, label},
#include "schema/level.def"
#undef LEVEL
#define CLASS(id, zh, label) {zh, label},
#include "schema/class.def"
#undef CLASS
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(i18n_in(LANG_zh, rows[i].label), rows[i].zh);
}

static void test_labels(void **state)
{
    (void)state;
    const struct option_row *row = option_find("industry", "3c");
    assert_non_null(row);
    assert_string_equal(option_label(row, LANG_zh), "3C电子");
    assert_string_equal(option_label(row, LANG_en), "Consumer electronics");
    assert_string_equal(option_find("lifecycle", "active")->zh, "服务中");
}

/* The seed of the matrix and the option lists speak of the same roles. */
static void test_lists_of_the_tables(void **state)
{
    (void)state;
    for (int i = 0; i < ROLES; i++)
        assert_non_null(option_find("role", role_rows[i].id));
    for (int i = 0; i < SCOPES; i++)
        assert_non_null(option_find("scope", scope_id((enum scope)i)));
    for (int i = 0; i < LEVELS; i++)
        assert_non_null(option_find("level", level_id((enum level)i)));
    for (int i = 0; i < CLASSES; i++)
        assert_non_null(
            option_find("field_class", class_id((enum field_class)i)));
    for (int i = LIFE_NONE + 1; i < LIVES; i++)
        assert_non_null(option_find("lifecycle", life_code((enum life)i)));
}

/* proves: LIFE-01 */
static void test_states(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        bool active;
    } states[] = {
        {"potential", false}, {"negotiating", false}, {"contracted", true},
        {"active", true},     {"suspended", false},   {"renewal", true},
        {"churned", false},   {"reactivated", true},
    };
    assert_int_equal(LIVES - 1, sizeof(states) / sizeof(states[0]));
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        enum life l = life_find(states[i].code);
        assert_int_equal(l, i + 1);
        assert_string_equal(life_code(l), states[i].code);
        assert_int_equal(life_is_active(l), states[i].active);
        assert_int_equal(utf8_width(life_sign(l)), 1);
        assert_true(life_label(l)[0] != '\0');
    }
    assert_int_equal(life_find("gone"), LIFE_NONE);
    assert_int_equal(life_find(""), LIFE_NONE);
}

/* The sentence of LIFE-02, read into a table of its own.
 * proves: LIFE-02 */
static void test_moves(void **state)
{
    (void)state;
    static const char *const may[] = {
        "potential negotiating churned",
        "negotiating contracted churned",
        "contracted active churned",
        "active suspended renewal churned",
        "suspended active renewal churned",
        "renewal active suspended churned",
        "churned reactivated",
        "reactivated negotiating contracted active churned",
    };
    for (int from = LIFE_NONE; from < LIVES; from++)
        for (int to = LIFE_NONE; to < LIVES; to++) {
            char word[32] = " ";
            const char *row = from == LIFE_NONE ? "" : may[from - 1];
            strcat(word, life_code((enum life)to));
            bool expected = to != LIFE_NONE && strstr(row, word) != NULL;
            if (life_may((enum life)from, (enum life)to) != expected)
                fail_msg("%s to %s", life_code((enum life)from),
                         life_code((enum life)to));
        }
}

/* What LIST-02 requires "from contracted" and "from active" on.
 * proves: LIST-02 */
static void test_which_rules_hold_in_which_state(void **state)
{
    (void)state;
    static const struct {
        enum life now;
        bool contracted, active;
    } cases[] = {
        {LIFE_potential, false, false}, {LIFE_negotiating, false, false},
        {LIFE_contracted, true, false}, {LIFE_active, true, true},
        {LIFE_suspended, true, true},   {LIFE_renewal, true, true},
        {LIFE_churned, false, false},   {LIFE_reactivated, true, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum life now = cases[i].now;
        assert_true(life_reached(now, LIFE_NONE));
        assert_true(life_reached(now, LIFE_potential));
        assert_int_equal(life_reached(now, LIFE_contracted),
                         cases[i].contracted);
        assert_int_equal(life_reached(now, LIFE_active), cases[i].active);
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    i18n_init(argv[0]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_is_of_a_list_and_distinct),
        cmocka_unit_test(test_every_list_has_rows),
        cmocka_unit_test(test_chinese_of_the_tables_is_that_of_the_catalogue),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_lists_of_the_tables),
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_which_rules_hold_in_which_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
