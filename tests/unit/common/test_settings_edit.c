/* Changing one setting of a file and nothing else.
 * proves: UX-09 */
#include "common/i18n.h"
#include "common/mem.h"
#include "common/settings_edit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *text, const char *key, const char *value,
                   const char *wanted)
{
    struct err e = {0};
    char *out = settings_edit("k.yaml", text, key, value, &e);
    if (out == NULL)
        fail_msg("refused: %s", e.message);
    assert_string_equal(out, wanted);
    x_free(&out);
}

static void expect_refusal(const char *text, const char *key,
                           const char *message)
{
    struct err e = {0};
    i18n_use(LANG_en);
    char *out = settings_edit("k.yaml", text, key, "light", &e);
    if (out != NULL)
        fail_msg("was taken: %s", out);
    assert_int_equal(e.kind, ERR_invalid);
    if (strstr(e.message, message) == NULL)
        fail_msg("\"%s\" has no \"%s\"", e.message, message);
    err_clear(&e);
}

static const char file[] = "# mine\n"
                           "server: unix:/run/k # here\n"
                           "\n"
                           "ui:\n"
                           "  # at night\n"
                           "  theme: dark   # or light\n"
                           "  lang: \"zh\"\n"
                           "\n"
                           "later: {a: [1, 2]}\n";

static void test_changed(void **state)
{
    (void)state;
    expect(file, "ui.theme", "light",
           "# mine\nserver: unix:/run/k # here\n\nui:\n  # at night\n"
           "  theme: light   # or light\n  lang: \"zh\"\n\n"
           "later: {a: [1, 2]}\n");
    expect(file, "ui.lang", "en",
           "# mine\nserver: unix:/run/k # here\n\nui:\n  # at night\n"
           "  theme: dark   # or light\n  lang: en\n\n"
           "later: {a: [1, 2]}\n");
    expect(file, "server", "tcp://127.0.0.1:7",
           "# mine\nserver: \"tcp://127.0.0.1:7\" # here\n\nui:\n"
           "  # at night\n  theme: dark   # or light\n  lang: \"zh\"\n\n"
           "later: {a: [1, 2]}\n");
}

static void test_added(void **state)
{
    (void)state;
    expect("", "ui.theme", "light", "ui:\n  theme: light\n");
    expect("# only this\n", "server", "x", "# only this\nserver: x\n");
    expect("ui:\n    lang: zh", "ui.theme", "light",
           "ui:\n    lang: zh\n    theme: light\n");
    expect("ui:\n  lang: zh\n\nserver: x\n", "ui.theme", "light",
           "ui:\n  lang: zh\n  theme: light\n\nserver: x\n");
    expect("keys:\nserver: x\n", "keys.save", "ctrl-s ?",
           "keys:\n  save: \"ctrl-s ?\"\nserver: x\n");
    expect("ui:\n  theme:\n", "ui.theme", "light", "ui:\n  theme: light\n");
    expect("ui:\n  theme: # none\n", "ui.theme", "light",
           "ui:\n  theme: light # none\n");
    expect("ui:\r\n  theme: dark\r\n", "ui.theme", "light",
           "ui:\r\n  theme: light\r\n");
    expect("ui:\n  theme: 'da''rk' # x\n", "server", "a\"b\\c#d",
           "ui:\n  theme: 'da''rk' # x\nserver: \"a\\\"b\\\\c#d\"\n");
}

static void test_removed(void **state)
{
    (void)state;
    expect("ui:\n  lang: zh\n  theme: dark\n", "ui.theme", NULL,
           "ui:\n  lang: zh\n");
    /* An empty group would be refused when the file is read again. */
    expect("server: x\nui:\n  theme: dark\n", "ui.theme", NULL, "server: x\n");
    expect("ui:\n  lang: zh\n", "ui.theme", NULL, "ui:\n  lang: zh\n");
    expect("", "ui.theme", NULL, "");
}

static void test_refused(void **state)
{
    (void)state;
    expect_refusal("ui: [\n", "ui.theme", "k.yaml:2:1: not valid YAML");
    expect_refusal("ui: {theme: dark}\n", "ui.theme", "with an editor");
    expect_refusal("ui:\n  theme: >\n    da\n    rk\n", "ui.theme",
                   "with an editor");
    expect_refusal("- a\n- b\n", "ui.theme", "with an editor");
    expect_refusal("a: &x 1\nb: *x\n", "ui.theme", "with an editor");
    expect_refusal("server: x\n---\nserver: y\n", "ui.theme", "with an editor");
    expect_refusal("server: x\n...\n", "ui.theme", "with an editor");
    expect_refusal("ui:\n  theme: a\n  theme: b\n", "ui.theme",
                   "with an editor");
    expect_refusal("server: x\nserver: {a: b}\n", "ui.theme", "with an editor");
    expect_refusal("", "ui.The me", "with an editor");
    expect_refusal("", "a.b.c", "with an editor");
}

int main(int argc, char **argv)
{
    (void)argc;
    i18n_init(argv[0]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changed), cmocka_unit_test(test_added),
        cmocka_unit_test(test_removed), cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
