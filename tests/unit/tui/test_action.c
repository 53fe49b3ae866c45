/* The table of actions, and the keys bound to them.
 * proves: UX-01 */
#include "common/i18n.h"
#include "schema/access.h"
#include "tui/app/bindings.h"
#include "tui/screen/help.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <string.h>

static struct bindings b;
static struct buf report;

static int tear_down(void **state)
{
    (void)state;
    bindings_free(&b);
    buf_free(&report);
    return 0;
}

/* Every action says what it is, in both languages, and can be reached. */
static void test_rows(void **state)
{
    (void)state;
    for (int i = 0; i < ACTS; i++) {
        const struct act *row = &act_rows[i];
        assert_true(row->label != NULL && *row->label != '\0');
        assert_true(row->help != NULL && strlen(row->help) > 10);
        assert_true(row->places != 0 && row->places < 1u << PLACES);
        assert_true(row->keys != NULL && *row->keys != '\0');
        assert_string_not_equal(i18n_in(LANG_zh, row->label), row->label);
        assert_string_not_equal(i18n_in(LANG_zh, row->help), row->help);
        assert_true(row->right == NULL || action_find(row->right) >= 0);
    }
}

static void test_default_keys(void **state)
{
    (void)state;
    for (int i = 0; i < ACTS; i++) {
        char keys[128];
        char *save = NULL;
        strncpy(keys, act_rows[i].keys, sizeof(keys) - 1);
        keys[sizeof(keys) - 1] = '\0';
        for (char *k = strtok_r(keys, " ", &save); k != NULL;
             k = strtok_r(NULL, " ", &save)) {
            struct event e;
            assert_true(key_parse(k, &e));
            assert_string_not_equal(k, "~"); /* ssh's escape */
        }
    }
}

static void test_no_key_twice_in_one_place(void **state)
{
    (void)state;
    bindings_make(&b, NULL, &report);
    for (int i = 0; i < b.n; i++)
        for (int j = 0; j < i; j++)
            if (key_equal(&b.at[i].key, &b.at[j].key))
                assert_int_equal(act_rows[b.at[i].action].places &
                                     act_rows[b.at[j].action].places,
                                 0);
    assert_int_equal(report.len, 0);
}

/* Arrows, Tab, Enter, Esc and the menu are all that is needed; every place
 * has them. */
static void test_plain_keys_suffice(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        enum action_id action;
    } rows[] = {{"up", ACT_up},       {"down", ACT_down},  {"left", ACT_left},
                {"right", ACT_right}, {"enter", ACT_open}, {"esc", ACT_back},
                {".", ACT_menu}};
    bindings_make(&b, NULL, &report);
    for (int place = 0; place < PLACES; place++) {
        for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
            struct event e;
            key_parse(rows[i].key, &e);
            assert_int_equal(bindings_find(&b, (enum place)place, &e),
                             rows[i].action);
        }
    }
}

/* Is one of the keys that every terminal has bound to it? */
static bool has_plain_key(enum action_id id)
{
    static const char *const plain[] = {
        "up", "down", "left", "right", "tab", "shift-tab", "enter", "esc", "."};
    for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
        struct event e;
        key_parse(plain[i], &e);
        for (int j = 0; j < b.n; j++)
            if (b.at[j].action == id && key_equal(&b.at[j].key, &e))
                return true;
    }
    return false;
}

/* What only does several plain moves at once. */
static bool is_long_move(enum action_id id)
{
    static const enum action_id moves[] = {ACT_page_up, ACT_page_down,
                                           ACT_half_up, ACT_half_down,
                                           ACT_first,   ACT_last};
    for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++)
        if (moves[i] == id)
            return true;
    return false;
}

/* Ctrl, Alt, F keys and letters are only extras: in every place each action
 * stands in the menu, or is a move that arrows, Tab, Enter and Esc make; the
 * places without a menu have their actions as buttons. */
static void test_nothing_needs_a_shortcut(void **state)
{
    (void)state;
    bindings_make(&b, NULL, &report);
    for (int i = 0; i < ACTS; i++) {
        enum action_id id = (enum action_id)i;
        if (!action_offered(id) && !has_plain_key(id) && !is_long_move(id))
            fail_msg("%s is in no menu and has no plain key", act_rows[i].name);
    }
}

static enum action_id found(const char *key, enum place place)
{
    struct event e;
    assert_true(key_parse(key, &e));
    return bindings_find(&b, place, &e);
}

static void test_own_keys(void **state)
{
    (void)state;
    struct setting_pair own = {"edit", "x ctrl-e", 3, 5, NULL};
    bindings_make(&b, &own, &report);
    assert_int_equal(report.len, 0);
    assert_int_equal(found("x", PLACE_list), ACT_edit);
    assert_int_equal(found("ctrl-e", PLACE_detail), ACT_edit);
    assert_int_equal(found("e", PLACE_list), ACT_NONE);
    assert_int_equal(found("x", PLACE_dialog), ACT_NONE);
}

/* A default gives way, and both are named. */
static void test_own_key_takes_a_default(void **state)
{
    (void)state;
    struct setting_pair own = {"edit", "s", 3, 5, NULL};
    i18n_use(LANG_en);
    bindings_make(&b, &own, &report);
    assert_int_equal(found("s", PLACE_list), ACT_edit);
    assert_string_equal(buf_text(&report),
                        "Line 3, column 5: the key s runs edit now, and no "
                        "longer sort.");
}

/* A key moved from one action to another, both bound anew: no clash. */
static void test_own_keys_exchanged(void **state)
{
    (void)state;
    struct setting_pair second = {"sort", "e", 4, 3, NULL};
    struct setting_pair first = {"edit", "s", 3, 3, &second};
    bindings_make(&b, &first, &report);
    assert_int_equal(report.len, 0);
    assert_int_equal(found("s", PLACE_list), ACT_edit);
    assert_int_equal(found("e", PLACE_list), ACT_sort);
}

/* Of two own ones the first stays, and both places are told. */
static void test_own_keys_clash(void **state)
{
    (void)state;
    struct setting_pair second = {"sort", "z", 4, 9, NULL};
    struct setting_pair first = {"edit", "z", 3, 5, &second};
    i18n_use(LANG_en);
    bindings_make(&b, &first, &report);
    assert_int_equal(found("z", PLACE_list), ACT_edit);
    assert_string_equal(buf_text(&report),
                        "Line 4, column 9: the key z of sort is already "
                        "bound to edit in line 3, column 5; it stays there.");
}

static void test_nonsense(void **state)
{
    (void)state;
    struct setting_pair tilde = {"copy", "~", 6, 1, NULL};
    struct setting_pair no_key = {"edit", "hyper-x", 4, 1, &tilde};
    struct setting_pair no_action = {"fly", "x", 3, 1, &no_key};
    i18n_use(LANG_en);
    bindings_make(&b, &no_action, &report);
    assert_string_equal(buf_text(&report),
                        "Line 3, column 1: there is no action “fly”.\n"
                        "Line 4, column 1: “hyper-x” is no key that can be "
                        "bound.\n"
                        "Line 6, column 1: “~” is no key that can be bound.");
}

static void test_shown(void **state)
{
    (void)state;
    char out[64];
    bindings_make(&b, NULL, &report);
    static const struct {
        enum action_id action;
        const char *first, *all;
    } rows[] = {{ACT_open, "Enter", "Enter"},
                {ACT_save, "^S", "^S"},
                {ACT_help, "?", "? F1 ^G"},
                {ACT_prev_field, "S-Tab", "S-Tab"},
                {ACT_toggle, "Space", "Space"},
                {ACT_page_down, "PgDn", "PgDn ^F"},
                {ACT_range_up, "S-Up", "S-Up"},
                {ACT_up, "Up", "Up k"},
                {ACT_theme, "F7", "F7"},
                {ACT_range_page_up, "S-PgUp", "S-PgUp"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        assert_string_equal(
            bindings_show(&b, rows[i].action, NULL, false, out, sizeof(out)),
            rows[i].first);
        assert_string_equal(
            bindings_show(&b, rows[i].action, NULL, true, out, sizeof(out)),
            rows[i].all);
    }
    bindings_show(&b, ACT_help, NULL, true, out, 4);
    assert_string_equal(out, "?");
}

#define TEST(f) cmocka_unit_test_teardown(f, tear_down)

int main(int argc, char **argv)
{
    (void)argc;
    i18n_init(argv[0]);
    const struct CMUnitTest tests[] = {
        TEST(test_rows),
        TEST(test_default_keys),
        TEST(test_no_key_twice_in_one_place),
        TEST(test_plain_keys_suffice),
        TEST(test_nothing_needs_a_shortcut),
        TEST(test_own_keys),
        TEST(test_own_key_takes_a_default),
        TEST(test_own_keys_exchanged),
        TEST(test_own_keys_clash),
        TEST(test_nonsense),
        TEST(test_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
