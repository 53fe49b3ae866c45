/* Languages: a property of the thread, Chinese by default, UTF-8 and the
 * number form of C whatever the user's locale is. */
#include "common/i18n.h"

#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

static const char *const msgid = N_("Cancelled.");

/* proves: UX-07 */
static void test_language_changes_at_run_time(void **state)
{
    (void)state;
    assert_int_equal(i18n_lang(), LANG_zh);
    assert_string_equal(i18n(msgid), "已取消。");
    i18n_use(LANG_en);
    assert_string_equal(i18n(msgid), "Cancelled.");
    assert_string_equal(i18n_in(LANG_zh, msgid), "已取消。");
    i18n_use(LANG_zh);
    assert_string_equal(i18n_in(LANG_en, msgid), "Cancelled.");
}

static void *in_thread(void *arg)
{
    enum lang first = i18n_lang();
    i18n_use(LANG_en);
    *(enum lang *)arg = first;
    return NULL;
}

static void test_language_belongs_to_the_thread(void **state)
{
    (void)state;
    pthread_t thread;
    enum lang first = LANGS;
    i18n_use(LANG_zh);
    assert_int_equal(pthread_create(&thread, NULL, in_thread, &first), 0);
    pthread_join(thread, NULL);
    assert_int_equal(first, LANG_zh);
    assert_int_equal(i18n_lang(), LANG_zh);
}

static void test_what_has_no_translation_stays(void **state)
{
    (void)state;
    assert_string_equal(i18n("no such text"), "no such text");
    assert_string_equal(i18n(""), "");
    assert_string_equal(i18n_in(LANG_en, ""), "");
}

static void test_names_of_languages(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum lang lang;
    } cases[] = {
        {"zh", LANG_zh},
        {"zh_CN", LANG_zh},
        {"zh-TW", LANG_zh},
        {"en", LANG_en},
        {"zh_CN.UTF-8", LANG_zh},
        {"en_GB", LANG_en},
        {"zhx", LANGS},
        {"english", LANGS},
        {"", LANGS},
        {"C.UTF-8", LANGS},
        {NULL, LANGS},
        {"en@quot", LANG_en},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        assert_int_equal(i18n_parse(cases[i].name, LANGS), cases[i].lang);
    for (int l = 0; l < LANGS; l++)
        assert_int_equal(i18n_parse(i18n_code((enum lang)l), LANGS), l);
}

static void test_locale_is_utf8_with_plain_numbers(void **state)
{
    (void)state;
    char number[16];
    assert_string_equal(nl_langinfo(CODESET), "UTF-8");
    assert_int_equal(wcwidth(L'深'), 2);
    snprintf(number, sizeof(number), "%.1f", 1.5);
    assert_string_equal(number, "1.5");
}

int main(int argc, char **argv)
{
    (void)argc;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_language_changes_at_run_time),
        cmocka_unit_test(test_language_belongs_to_the_thread),
        cmocka_unit_test(test_what_has_no_translation_stays),
        cmocka_unit_test(test_names_of_languages),
        cmocka_unit_test(test_locale_is_utf8_with_plain_numbers),
    };
    i18n_init(argv[0]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
