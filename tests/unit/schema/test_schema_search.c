/* Quick search: what is stored, what is asked, what is highlighted.
 * proves: LIST-03 */
#include "common/buf.h"
#include "common/i18n.h"
#include "common/mem.h"
#include "schema/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static struct arena *arena;

static struct search_doc doc_of(const char *name, const char *person,
                                const char *phone)
{
    struct search_doc d;
    const char *names[] = {name, person}, *phones[] = {phone};
    search_doc(arena, names, 2, phones, 1, &d);
    return d;
}

static bool has_gram(const int32_t *grams, int n, int32_t gram)
{
    for (int i = 0; i < n; i++)
        if (grams[i] == gram)
            return true;
    return false;
}

static bool has_all(const struct search_doc *d, const int32_t *grams, int n)
{
    for (int i = 0; i < n; i++)
        if (!has_gram(d->grams, d->ngrams, grams[i]))
            return false;
    return true;
}

/* As the database does it: through the index, then by LIKE. */
static bool finds(const struct search_doc *d, const char *needle)
{
    struct search_needle n;
    if (!search_needle(arena, needle, &n))
        return false;
    bool text = strstr(d->text, n.folded) != NULL;
    bool phone = n.digits != NULL && strstr(d->phones, n.digits) != NULL;
    /* The index never loses what the comparison finds. */
    if (text)
        assert_true(has_all(d, n.grams, n.ngrams));
    if (phone)
        assert_true(has_all(d, n.phone_grams, n.nphone_grams));
    return text || phone;
}

static void test_what_finds_a_customer(void **state)
{
    (void)state;
    struct search_doc d =
        doc_of("深圳市艾维科技有限公司", "李娜", "13800138000");
    static const char *const found[] = {
        "艾",     "艾维",     "深圳市艾维",  "公司",     "aw",        "szs",
        "szsaw",  "aiwei",    "AIWEI",       "ShenZhen", "艾维 科技", "ａｗ",
        "李娜",   "娜",       "ln",          "lina",     "138",       "0138",
        "138000", "138 0013", "13800138000", "138-0013", "w",
    };
    static const char *const not_found[] = {
        "艾德", "szx", "139", "aiweii", "李雷", "00000", "13", "x公司",
    };
    for (size_t i = 0; i < N(found); i++)
        if (!finds(&d, found[i]))
            fail_msg("%s does not find it", found[i]);
    for (size_t i = 0; i < N(not_found); i++)
        if (finds(&d, not_found[i]))
            fail_msg("%s finds it", not_found[i]);
}

/* The example of the requirement. */
static void test_szaw(void **state)
{
    (void)state;
    struct search_doc d = doc_of("深圳艾维网络", NULL, NULL);
    assert_true(finds(&d, "szaw"));
    assert_true(finds(&d, "shenzhenaiwei"));
    assert_true(finds(&d, "szAW"));
}

static void test_names_that_are_not_chinese(void **state)
{
    (void)state;
    struct search_doc d = doc_of("Acme Trading (HK) Ltd.", "O'Brien", NULL);
    assert_string_equal(d.text, "acmetrading(hk)ltd.\no'brien");
    assert_string_equal(d.phones, "");
    assert_true(finds(&d, "acme trading"));
    assert_true(finds(&d, "ACMET"));
    assert_true(finds(&d, "（HK）"));
    assert_false(finds(&d, "ltd.o")); /* not across names */
}

static void test_lines_of_a_chinese_name(void **state)
{
    (void)state;
    struct search_doc d = doc_of("艾维Ads", NULL, "0755-12345678-801");
    assert_string_equal(d.text, "艾维ads\naiweiads\nawads");
    assert_string_equal(d.phones, "075512345678801");
}

static void test_grams_are_sorted_and_distinct(void **state)
{
    (void)state;
    struct search_doc d = doc_of("上海上海上海", "海上", "11111111111");
    assert_true(d.ngrams > 3);
    for (int i = 1; i < d.ngrams; i++)
        assert_true(d.grams[i - 1] < d.grams[i]);
    assert_int_equal(d.grams[0], -112); /* 111, told from all else */
    assert_true(has_gram(d.grams, d.ngrams, 0x4e0a));
}

/* Who sees phones masked gets none of their grams from a text. */
static void test_phones_are_told_from_text(void **state)
{
    (void)state;
    struct search_doc d = doc_of("138工厂", NULL, NULL);
    struct search_needle n;
    assert_true(search_needle(arena, "138", &n));
    assert_true(has_all(&d, n.grams, n.ngrams));
    assert_false(has_all(&d, n.phone_grams, n.nphone_grams));
    for (int i = 0; i < n.ngrams; i++)
        assert_true(n.grams[i] > 0);
    for (int i = 0; i < n.nphone_grams; i++)
        assert_in_range(-n.phone_grams[i], 1, 1000);
}

static void test_needles(void **state)
{
    (void)state;
    struct search_needle n;
    assert_false(search_needle(arena, "", &n));
    assert_false(search_needle(arena, " 　", &n));
    assert_true(search_needle(arena, "艾", &n));
    assert_int_equal(n.ngrams, 1);
    assert_int_equal(n.grams[0], 0x827e);
    assert_null(n.digits);
    assert_true(search_needle(arena, "艾维科技", &n));
    assert_int_equal(n.ngrams, 3);
    assert_true(search_needle(arena, "13", &n));
    assert_null(n.digits);
    assert_true(search_needle(arena, "+86 138", &n));
    assert_string_equal(n.digits, "86138");
    assert_int_equal(n.nphone_grams, 3);
    assert_true(search_needle(arena, "138a", &n));
    assert_null(n.digits);
    char longer[1000];
    memset(longer, 'a', sizeof(longer));
    longer[999] = '\0';
    assert_true(search_needle(arena, longer, &n));
    assert_int_equal(strlen(n.folded), 64);
}

static void test_nothing_to_store(void **state)
{
    (void)state;
    struct search_doc d = doc_of(NULL, "", NULL);
    assert_string_equal(d.text, "");
    assert_string_equal(d.phones, "");
    assert_int_equal(d.ngrams, 0);
}

/* proves: LIST-02 */
static void test_names_that_are_the_same(void **state)
{
    (void)state;
    static const char *const same[][2] = {
        {"艾维科技（深圳）", "艾维科技(深圳)"},
        {"ACME Ltd", "acme  ltd"},
        {"ＡＣＭＥ", "acme"},
        {"艾维 科技", "艾维科技"},
        {"艾维【中国】", "艾维(中国)"},
        {"艾维［中国］", "艾维（中国）"},
        {"艾维　科技", "艾维科技"},
    };
    static const char *const other[][2] = {
        {"艾维科技", "艾维科技有限公司"},
        {"艾维(深圳)", "艾维深圳"},
        {"艾维1", "艾维2"},
    };
    for (size_t i = 0; i < N(same); i++)
        assert_string_equal(search_name_key(arena, same[i][0]),
                            search_name_key(arena, same[i][1]));
    for (size_t i = 0; i < N(other); i++)
        assert_string_not_equal(search_name_key(arena, other[i][0]),
                                search_name_key(arena, other[i][1]));
}

/* The marked parts between bars. */
static const char *marked(const char *shown, const char *needle)
{
    struct search_range r[8];
    const char *out = "";
    size_t at = 0;
    int n = search_matches(arena, shown, needle, r, N(r));
    for (int i = 0; i < n; i++) {
        out = arena_printf(arena, "%s%.*s|%.*s|", out, (int)(r[i].start - at),
                           shown + at, (int)(r[i].end - r[i].start),
                           shown + r[i].start);
        at = r[i].end;
    }
    return arena_printf(arena, "%s%s", out, shown + at);
}

/* proves: LIST-03 */
static void test_highlights(void **state)
{
    (void)state;
    static const struct {
        const char *needle, *marked;
    } cases[] = {
        {"艾维", "深圳|艾维|科技"},
        {"aw", "深圳|艾维|科技"},
        {"aiwei", "深圳|艾维|科技"},
        {"henai", "深|圳艾|维科技"},
        {"SZ", "|深圳|艾维科技"},
        {"szaw", "|深圳 艾维|"},
        {"圳艾", "深|圳 艾|维"},
        {"meTr", "Ac|me Tr|ading"},
        {"bc", "Ａ|ＢＣ|公司"},
        {"075512", "|0755-12|345678"},
        {"0013", "138|0013|8000"},
        {"艾维", "|艾维|"},
        /* every one, in whichever way it matches */
        {"艾维", "|艾维|与|艾维|"},
        {"aiwei", "|艾维| (|Aiwei|)"},
        {"aw", "|艾维|、|AW|、|爱玩|"},
        {"aa", "b|aaa|b"},
        {"an", "|安|全与|An|na"},
        {"100", "|100|2|100|3"},
        /* none */
        {"广州", "深圳艾维"},
        {"", "深圳艾维"},
        {"a", ""},
        {"0013", "138****8000"},
    };
    for (size_t i = 0; i < N(cases); i++) {
        char *shown = arena_strdup(arena, cases[i].marked), *to = shown;
        for (const char *s = cases[i].marked; *s != '\0'; s++)
            if (*s != '|')
                *to++ = *s;
        *to = '\0';
        assert_string_equal(marked(shown, cases[i].needle), cases[i].marked);
    }
    struct search_range r[2];
    assert_int_equal(search_matches(arena, "a b a b a", "b", r, 1), 1);
    assert_int_equal(r[0].start, 2);
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
    const struct CMUnitTest tests[] = {
        TEST(test_what_finds_a_customer),
        TEST(test_szaw),
        TEST(test_names_that_are_not_chinese),
        TEST(test_lines_of_a_chinese_name),
        TEST(test_grams_are_sorted_and_distinct),
        TEST(test_phones_are_told_from_text),
        TEST(test_needles),
        TEST(test_nothing_to_store),
        TEST(test_names_that_are_the_same),
        TEST(test_highlights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
