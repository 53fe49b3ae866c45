/* Phones, e-mail and web addresses: what is taken, what it becomes, what is
 * left of it under a mask.
 * proves: LIST-02, DET-04, ACC-03 */
#include "common/i18n.h"
#include "common/mem.h"
#include "schema/type.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static struct arena *arena;

static const struct field phone = {.id = "phone", .type = &type_phone};
static const struct field email = {
    .id = "email", .type = &type_email, .max = 254};
static const struct field url = {.id = "url", .type = &type_url};
static const struct field urls = {.id = "urls", .type = &type_urls, .max = 20};

/* What is typed, and what it becomes; NULL: it is refused. */
struct address {
    const char *typed, *value;
};

static void check_all(const struct field *f, const struct address *cases,
                      size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *value = NULL;
        struct err e = {0};
        bool good =
            f->type->parse(f, arena, cases[i].typed, NULL, &value, &e) &&
            value != NULL && f->type->check(f, value, &e);
        const char *is = good ? value : NULL;
        if ((is == NULL) != (cases[i].value == NULL) ||
            (is != NULL && strcmp(is, cases[i].value) != 0))
            fail_msg("%s gives %s", cases[i].typed,
                     is == NULL ? "(refused)" : is);
        assert_int_equal(e.message[0] != '\0', !good);
        err_clear(&e);
    }
}

static void test_phones(void **state)
{
    (void)state;
    static const struct address cases[] = {
        {"13800138000", "13800138000"},
        {"19912345678", "19912345678"},
        {"138 0013 8000", "13800138000"},
        {"138-0013-8000", "13800138000"},
        {"１３８００１３８０００", "13800138000"},
        {"+86 138 0013 8000", "13800138000"},
        {"0755-12345678", "0755-12345678"},
        {"075512345678", "0755-12345678"},
        {"01012345678", "010-12345678"},
        {"02112345678", "021-12345678"},
        {"(0755) 1234567", "0755-1234567"},
        {"（0755）12345678", "0755-12345678"},
        {"0755—12345678", "0755-12345678"},
        {"0755-12345678-801", "0755-12345678-801"},
        {"0755-12345678转801", "0755-12345678-801"},
        {"010-12345678", "010-12345678"},
        {"400-123-4567", "4001234567"},
        {"8001234567", "8001234567"},
        {"+1 415 555 2671", "+14155552671"},
        {"+852-2123-4567", "+85221234567"},
        {"+4915112345678", "+4915112345678"},
        /* refused */
        {"12800138000", NULL},
        {"1380013800", NULL},
        {"138001380000", NULL},
        {"12345678", NULL},
        {"0755-123456", NULL},
        {"0755-123456789", NULL},
        {"07555-12345678", NULL},
        {"1755-12345678", NULL},
        {"0755-12345678-", NULL},
        {"0755-12345678-1234567", NULL},
        {"13800138000-801", NULL},
        {"400123456", NULL},
        {"500-123-4567", NULL},
        {"+0123456789", NULL},
        {"+123456", NULL},
        {"+1234567890123456", NULL},
        {"call me", NULL},
        {"13800138000 or 13900139000", NULL},
        {"1380013800a", NULL},
    };
    check_all(&phone, cases, N(cases));
}

static void test_nothing_of_a_phone_is_nothing(void **state)
{
    (void)state;
    static const char *const blanks[] = {"", "  ", "--", "()"};
    for (size_t i = 0; i < N(blanks); i++) {
        const char *value = "(untouched)";
        assert_true(
            type_phone.parse(&phone, arena, blanks[i], NULL, &value, NULL));
        assert_null(value);
    }
}

static void test_masked_phones(void **state)
{
    (void)state;
    static const struct address cases[] = {
        {"13800138000", "138****8000"},
        {"0755-12345678", "0755-****5678"},
        {"0755-1234567", "0755-****567"},
        {"010-12345678-801", "010-****5678"},
        {"4001234567", "400****567"},
        {"+8613800138000", "+86****8000"},
        {"+1234567", "+12****7"},
        {"123456", "****"},
        {"no phone", "****"},
        {"", ""},
    };
    for (size_t i = 0; i < N(cases); i++)
        assert_string_equal(type_phone.mask(arena, cases[i].typed),
                            cases[i].value);
    assert_string_equal(type_phone.mask(arena, NULL), "");
}

/* At most seven digits and the area code are left of any phone, and four or
 * more are hidden. */
static void test_masks_hide_enough(void **state)
{
    (void)state;
    static const char *const phones[] = {
        "13800138000", "0755-12345678", "010-1234567", "0755-1234567-123456",
        "4001234567",  "+14155552671",  "+1234567",    "+123456789012345"};
    for (size_t i = 0; i < N(phones); i++) {
        const char *masked = type_phone.mask(arena, phones[i]);
        size_t shown = 0, digits = 0;
        for (const char *p = masked; *p != '\0'; p++)
            shown += strchr("0123456789", *p) != NULL;
        for (const char *p = phones[i]; *p != '\0'; p++)
            digits += strchr("0123456789", *p) != NULL;
        assert_in_range(shown, 0, 8);
        assert_true(digits >= shown + 4);
    }
}

static void test_emails(void **state)
{
    (void)state;
    static const struct address cases[] = {
        {"zhang@example.com", "zhang@example.com"},
        {" Zhang.San+ads@Example.COM ", "Zhang.San+ads@example.com"},
        {"zhang＠example．com", "zhang@example.com"},
        {"a@b.cn", "a@b.cn"},
        {"zhang@mail.example.co.uk", "zhang@mail.example.co.uk"},
        {"zhang", NULL},
        {"zhang@", NULL},
        {"@example.com", NULL},
        {"zhang@example", NULL},
        {"zhang@@example.com", NULL},
        {"zhang@example..com", NULL},
        {"zhang@-example.com", NULL},
        {"zhang@example.com.", NULL},
        {"zh ang@example.com", NULL},
        {".zhang@example.com", NULL},
        {"zhang.@example.com", NULL},
        {"zh..ang@example.com", NULL},
        {"zhang@example.123", NULL},
        {"a\"b@example.com", NULL},
    };
    check_all(&email, cases, N(cases));
}

static void test_masked_emails(void **state)
{
    (void)state;
    static const struct address cases[] = {
        {"zhang@example.com", "z***@example.com"},
        {"z@example.com", "z***@example.com"},
        {"张伟@example.com", "张***@example.com"},
        {"nothing", "n***"},
        {"", ""},
    };
    for (size_t i = 0; i < N(cases); i++)
        assert_string_equal(type_email.mask(arena, cases[i].typed),
                            cases[i].value);
}

static void test_urls(void **state)
{
    (void)state;
    static const struct address cases[] = {
        {"https://www.example.com", "https://www.example.com"},
        {"HTTPS://WWW.Example.com/Path?Q=1",
         "https://www.example.com/Path?Q=1"},
        {"www.example.com", "https://www.example.com"},
        {"example.com/shop", "https://example.com/shop"},
        {"http://example.com:8080/", "http://example.com:8080/"},
        {"https://艾维.中国", "https://艾维.中国"},
        {"http://192.168.1.10/", "http://192.168.1.10/"},
        {"example", NULL},
        {"https://", NULL},
        {"https://example", NULL},
        {"ftp://example.com", NULL},
        {"javascript:alert(1)", NULL},
        {"https://user:pass@example.com", NULL},
        {"https://example.com:99999", NULL},
        {"https://example.com:", NULL},
        {"https://.com", NULL},
        {"https://a..com", NULL},
        {"https://-a.com", NULL},
        {"https://a-.com", NULL},
        {"https://1.2.3.4.5", NULL},
        {"https://1.2.3", NULL},
        {"https://1.2.3.256", NULL},
        {"https://exa mple.com", NULL},
        {"https://example.com/<b>", NULL},
    };
    check_all(&url, cases, N(cases));
}

static void test_several_urls(void **state)
{
    (void)state;
    static const struct address cases[] = {
        {"a.com b.com", "{https://a.com,https://b.com}"},
        {"https://a.com\nhttps://b.com/x", "{https://a.com,https://b.com/x}"},
        {"a.com，a.com、b.com", "{https://a.com,https://b.com}"},
        {"a.com, nothing", NULL},
    };
    check_all(&urls, cases, N(cases));
    cJSON *item = cJSON_Parse("[\"a.com\",\"HTTP://B.com/C\"]");
    const char *value;
    assert_true(type_urls.from_json(&urls, arena, item, &value, NULL));
    assert_string_equal(value, "{https://a.com,http://b.com/C}");
    cJSON_Delete(item);
    item = cJSON_Parse("[1]");
    assert_false(type_urls.from_json(&urls, arena, item, &value, NULL));
    cJSON_Delete(item);
}

/* WeChat names have no form; a mask leaves the first character. */
static void test_masked_text(void **state)
{
    (void)state;
    assert_string_equal(type_text.mask(arena, "weixin_88"), "w***");
    assert_string_equal(type_text.mask(arena, "微信"), "微***");
    assert_string_equal(type_text.mask(arena, ""), "");
    assert_string_equal(type_longtext.mask(arena, "long story"), "***");
    assert_string_equal(type_urls.mask(arena, "{https://a.com}"), "***");
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
        TEST(test_phones),        TEST(test_nothing_of_a_phone_is_nothing),
        TEST(test_masked_phones), TEST(test_masks_hide_enough),
        TEST(test_emails),        TEST(test_masked_emails),
        TEST(test_urls),          TEST(test_several_urls),
        TEST(test_masked_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
