/* The client's settings, its symbols and its themes.
 * proves: UX-09 */
#include "common/i18n.h"
#include "common/utf8.h"
#include "tests/support/program.h"
#include "tui/app/settings.h"
#include "tui/term/term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char dir[64], file[128];

static int set_up(void **state)
{
    (void)state;
    i18n_use(LANG_en);
    program_tempdir(dir);
    snprintf(file, sizeof(file), "%s/client.yaml", dir);
    return 0;
}

static void test_defaults(void **state)
{
    (void)state;
    struct client_settings s;
    struct err e = {0};
    setenv("XDG_CONFIG_HOME", dir, 1);
    assert_true(client_settings_load(NULL, &s, &e));
    assert_string_equal(s.server, "");
    assert_string_equal(client_settings_theme(&s), "dark");
    assert_false(s.ascii);
    assert_true(s.mouse);
    assert_null(s.keys);
    client_settings_free(&s);
}

static void test_file(void **state)
{
    (void)state;
    struct client_settings s;
    struct err e = {0};
    program_write_file(file, "server: unix:/run/kehu/kehud.sock\n"
                             "ui:\n  theme: high\n  lang: en\n  ascii: true\n"
                             "keys:\n  edit: x f4\n");
    assert_true(client_settings_load(file, &s, &e));
    assert_string_equal(s.server, "unix:/run/kehu/kehud.sock");
    assert_string_equal(client_settings_theme(&s), "high");
    assert_int_equal(client_settings_lang(&s), LANG_en);
    assert_true(s.ascii);
    assert_string_equal(s.keys->key, "edit");
    assert_string_equal(s.keys->value, "x f4");
    client_settings_free(&s);
}

/* A fault says where, and leaves the defaults. */
static void test_fault(void **state)
{
    (void)state;
    struct client_settings s;
    struct err e = {0};
    program_write_file(file, "ui:\n  theme: pink\n");
    assert_false(client_settings_load(file, &s, &e));
    assert_non_null(strstr(e.message, "2"));
    assert_non_null(strstr(e.message, "dark light mono high"));
    assert_string_equal(client_settings_theme(&s), "dark");
    client_settings_free(&s);
    err_clear(&e);
    assert_false(client_settings_load("/nonexistent", &s, &e));
    client_settings_free(&s);
    err_clear(&e);
}

static void test_language_of_the_environment(void **state)
{
    (void)state;
    struct client_settings s = {0};
    unsetenv("LC_ALL");
    unsetenv("LC_MESSAGES");
    setenv("LANG", "en_US.UTF-8", 1);
    assert_int_equal(client_settings_lang(&s), LANG_en);
    setenv("LC_MESSAGES", "zh_CN.UTF-8", 1);
    assert_int_equal(client_settings_lang(&s), LANG_zh);
    setenv("LC_ALL", "C", 1);
    assert_int_equal(client_settings_lang(&s), LANG_zh);
}

static void test_themes_of_the_settings_exist(void **state)
{
    (void)state;
    int n = 0;
    for (size_t i = 0; i < client_setting_count; i++) {
        const struct setting *row = &client_setting_rows[i];
        if (strcmp(row->key, "ui.theme") != 0)
            continue;
        char choices[64];
        char *save = NULL;
        snprintf(choices, sizeof(choices), "%s", row->choices);
        for (char *c = strtok_r(choices, " ", &save); c != NULL;
             c = strtok_r(NULL, " ", &save))
            assert_string_equal(c, term_theme_at(n++));
    }
    assert_true(n > 0);
    assert_null(term_theme_at(n));
}

/* One cell each, and only ASCII in the twin. */
static void test_symbols(void **state)
{
    (void)state;
    static const struct {
        const char *name, *symbol, *ascii, *help;
    } rows[] = {
#define SYMBOL(id, symbol, ascii, help) {#id, symbol, ascii, help},
#include "tui/term/symbol.def"
#undef SYMBOL
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        assert_int_equal(utf8_width(rows[i].symbol), 1);
        assert_true(strlen(rows[i].ascii) <= 1);
        assert_true((unsigned char)rows[i].ascii[0] < 0x80);
        assert_true(strlen(rows[i].help) > 5);
    }
}

static void test_every_setting_has_help(void **state)
{
    (void)state;
    for (size_t i = 0; i < client_setting_count; i++) {
        assert_true(strlen(client_setting_rows[i].help) > 10);
        assert_string_not_equal(i18n_in(LANG_zh, client_setting_rows[i].help),
                                client_setting_rows[i].help);
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    i18n_init(argv[0]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_fault),
        cmocka_unit_test(test_language_of_the_environment),
        cmocka_unit_test(test_themes_of_the_settings_exist),
        cmocka_unit_test(test_symbols),
        cmocka_unit_test(test_every_setting_has_help),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
