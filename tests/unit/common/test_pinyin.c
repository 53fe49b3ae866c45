/* Pinyin: readings by phrase before those by character, for searching and for
 * sorting. */
#include "common/i18n.h"
#include "common/mem.h"
#include "common/pinyin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

struct reading {
    const char *text, *full, *initials, *sort;
};

/* proves: LIST-03 */
static const struct reading readings[] = {
    {"", "", "", ""},
    {"深圳艾维", "shenzhenaiwei", "szaw", "shen zhen ai wei"},
    {"长沙", "changsha", "cs", "chang sha"},
    {"厦门", "xiamen", "xm", "xia men"},
    {"重庆", "chongqing", "cq", "chong qing"},
    {"重要", "zhongyao", "zy", "zhong yao"},
    {"银行", "yinhang", "yh", "yin hang"},
    {"行走", "xingzou", "xz", "xing zou"},
    {"成长", "chengzhang", "cz", "cheng zhang"},
    {"深圳ab", "shenzhenab", "szab", "shen zhen ab"},
    {"ＡＢ 深圳", "ab shenzhen", "ab sz", "ab shen zhen"},
    {"深 圳", "shen zhen", "s z", "shen zhen"},
    {"3C电子", "3cdianzi", "3cdz", "3cdian zi"},
    {"〇", "ling", "l", "ling"},
    {"é€", "é€", "é€", "é€"},
    {"😀深", "😀shen", "😀s", "😀shen"},
};

static void test_readings(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++) {
        const struct reading *r = &readings[i];
        assert_string_equal(pinyin_full(arena, r->text), r->full);
        assert_string_equal(pinyin_initials(arena, r->text), r->initials);
        assert_string_equal(pinyin_sort_key(arena, r->text), r->sort);
    }
}

/* A phrase that reads as its characters do keeps the next one from taking
 * its last character: 特长|大赛, not 特|长大|赛. */
static void test_phrases_are_not_cut(void **state)
{
    (void)state;
    assert_string_equal(pinyin_full(arena, "长大"), "zhangda");
    assert_string_equal(pinyin_full(arena, "特长大赛"), "techangdasai");
}

static void test_each_code_point_has_its_place(void **state)
{
    (void)state;
    struct pinyin p;
    pinyin_read(arena, "Ａ深€圳", &p);
    assert_string_equal(p.text, "a深€圳");
    assert_int_equal(p.n, 4);
    static const char *const syllables[] = {"a", "shen", "€", "zhen"};
    static const size_t offsets[] = {0, 1, 4, 7};
    for (size_t i = 0; i < p.n; i++) {
        assert_string_equal(p.syllable[i], syllables[i]);
        assert_int_equal(p.offset[i], offsets[i]);
    }
    pinyin_read(arena, "", &p);
    assert_int_equal(p.n, 0);
}

/* Longer phrases than the text has left are never looked for. */
static void test_every_cut_of_a_text(void **state)
{
    (void)state;
    const char *text = "重庆银行股份有限公司长沙分行成长大道";
    for (size_t len = 3; len <= strlen(text); len += 3) {
        char *part = arena_strndup(arena, text, len);
        assert_int_equal(strlen(pinyin_initials(arena, part)), len / 3);
    }
}

static void test_bad_bytes_stand_for_themselves(void **state)
{
    (void)state;
    assert_string_equal(pinyin_full(arena, "深\xff"), "shen\xef\xbf\xbd");
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

int main(int argc, char **argv)
{
    (void)argc;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_readings),
        cmocka_unit_test(test_phrases_are_not_cut),
        cmocka_unit_test(test_each_code_point_has_its_place),
        cmocka_unit_test(test_every_cut_of_a_text),
        cmocka_unit_test(test_bad_bytes_stand_for_themselves),
    };
    i18n_init(argv[0]);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
