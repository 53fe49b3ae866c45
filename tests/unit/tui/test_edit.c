/* The editors of one line and of many: Chinese, combining marks and emoji,
 * words, limits, pastes; and breaking text into lines. */
#include "tui/widget/edit.h"

#include "common/i18n.h"
#include "common/utf8.h"
#include "tui/widget/textarea.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <string.h>

static struct edit *e;
static struct textarea *a;

static int set_up(void **state)
{
    (void)state;
    e = edit_new(0, false);
    a = textarea_new(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    edit_free(&e);
    textarea_free(&a);
    return 0;
}

/* Keys by name, blank-separated; a word that names none is typed. */
static struct event next_key(const char **keys, char *word, bool *named)
{
    struct event key;
    size_t n = strcspn(*keys, " ");
    memcpy(word, *keys, n);
    word[n] = '\0';
    *keys += n + ((*keys)[n] == ' ');
    *named = key_parse(word, &key);
    return key;
}

static bool press(bool (*give)(const struct event *key), const char *keys)
{
    bool taken = true;
    while (*keys != '\0') {
        char word[64];
        bool named;
        struct event key = next_key(&keys, word, &named);
        if (named) {
            taken = give(&key);
            continue;
        }
        for (size_t at = 0; word[at] != '\0';) {
            key = (struct event){.kind = EVENT_key};
            at += utf8_decode(word + at, strlen(word + at), &key.cp);
            taken = give(&key);
        }
    }
    return taken;
}

static bool to_edit(const struct event *key)
{
    return edit_key(e, key);
}

static bool to_area(const struct event *key)
{
    return textarea_key(a, key);
}

static void expect(const char *text, size_t cursor)
{
    assert_string_equal(edit_text(e), text);
    assert_int_equal(edit_cursor(e), cursor);
}

static void test_typing(void **state)
{
    (void)state;
    assert_true(press(to_edit, "深圳 space ab"));
    expect("深圳 ab", 9);
    press(to_edit, "left left left left 市");
    expect("深市圳 ab", 6);
    press(to_edit, "backspace del home del");
    expect(" ab", 0);
}

/* What people see as one character is one step and one deletion. */
static void test_graphemes(void **state)
{
    (void)state;
    static const char *const one[] = {"é",  "e\xcc\x81", "👨‍👩‍👧",
                                      "🇨🇳", "👍🏽",  "น้ำ"};
    for (size_t i = 0; i < sizeof(one) / sizeof(*one); i++) {
        struct event left = {.kind = EVENT_key, .code = KEYC_left};
        struct event del = {.kind = EVENT_key, .code = KEYC_delete};
        edit_set(e, one[i]);
        size_t len = strlen(one[i]), first = utf8_next(one[i], len, 0);
        edit_key(e, &left);
        while (edit_cursor(e) > 0)
            edit_key(e, &left);
        edit_key(e, &del);
        assert_string_equal(edit_text(e), one[i] + first);
    }
}

static void test_words(void **state)
{
    (void)state;
    edit_set(e, "ab cd, 深圳 ef");
    press(to_edit, "ctrl-w");
    expect("ab cd, 深圳 ", 14);
    press(to_edit, "ctrl-w");
    expect("ab cd, ", 7);
    press(to_edit, "alt-b alt-b alt-b");
    expect("ab cd, ", 0);
    press(to_edit, "alt-f ctrl-right");
    expect("ab cd, ", 5);
    press(to_edit, "ctrl-u");
    expect(", ", 0);
    press(to_edit, "ctrl-k");
    expect("", 0);
}

/* Ctrl-U and Ctrl-K on nothing, Enter, Tab, arrows up and down are left to
 * the screen. */
static void test_not_taken(void **state)
{
    (void)state;
    static const char *const keys[] = {"ctrl-u", "ctrl-k", "enter", "tab",
                                       "up",     "down",   "esc",   "ctrl-s",
                                       "f1",     "alt-x"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        assert_false(press(to_edit, keys[i]));
    expect("", 0);
}

static void test_limit(void **state)
{
    (void)state;
    edit_free(&e);
    e = edit_new(3, false);
    edit_set(e, "深圳市艾维");
    expect("深圳市", 9);
    unsigned before = edit_changes(e);
    press(to_edit, "x");
    expect("深圳市", 9);
    assert_int_equal(edit_changes(e), before);
}

static void test_paste(void **state)
{
    (void)state;
    static const char text[] = "一行\n二行";
    struct event paste = {
        .kind = EVENT_paste, .text = text, .len = sizeof(text) - 1};
    edit_set(e, "()");
    press(to_edit, "left");
    assert_true(edit_key(e, &paste));
    expect("(一行 二行)", 14);
    textarea_set(a, "");
    assert_true(textarea_key(a, &paste));
    assert_string_equal(textarea_text(a), text);
}

static void test_changes_are_counted(void **state)
{
    (void)state;
    unsigned n = edit_changes(e);
    press(to_edit, "a left right home end");
    assert_int_equal(edit_changes(e), n + 1);
    press(to_edit, "backspace backspace");
    assert_int_equal(edit_changes(e), n + 2);
}

/* --- many lines --- */

static void test_area_lines(void **state)
{
    (void)state;
    press(to_area, "ab enter cd enter ef");
    assert_string_equal(textarea_text(a), "ab\ncd\nef");
    assert_int_equal(textarea_lines(a, 10), 3);
    assert_true(press(to_area, "up x"));
    assert_string_equal(textarea_text(a), "ab\ncdx\nef");
    assert_true(press(to_area, "up home y"));
    assert_string_equal(textarea_text(a), "yab\ncdx\nef");
    assert_false(press(to_area, "up"));
    press(to_area, "down down end");
    assert_false(press(to_area, "down"));
    press(to_area, "ctrl-u backspace");
    assert_string_equal(textarea_text(a), "yab\ncdx");
}

/* Up and down keep to the cell, past a shorter line. */
static void test_area_goal(void **state)
{
    (void)state;
    textarea_set(a, "深圳市\na\nabcdefg");
    press(to_area, "home right right right right right up up x");
    assert_string_equal(textarea_text(a), "深圳x市\na\nabcdefg");
}

static void test_area_empty_last_line(void **state)
{
    (void)state;
    press(to_area, "a enter");
    assert_int_equal(textarea_lines(a, 10), 2);
    press(to_area, "b");
    assert_string_equal(textarea_text(a), "a\nb");
    press(to_area, "up home ctrl-k del");
    assert_string_equal(textarea_text(a), "b");
}

/* --- breaking lines --- */

static void expect_lines(const char *text, int w, const char *lines)
{
    char out[256] = "";
    size_t len = strlen(text), next = 0;
    do {
        size_t at = next;
        size_t end = wrap_line(text, len, at, w, &next);
        strncat(out, text + at, end - at);
        strcat(out, "|");
    } while (next < len);
    assert_string_equal(out, lines);
}

static void test_wrap(void **state)
{
    (void)state;
    expect_lines("", 5, "|");
    expect_lines("one two three", 7, "one two|three|");
    expect_lines("one two three", 8, "one two|three|");
    expect_lines("abcdefgh", 3, "abc|def|gh|");
    expect_lines("深圳市艾维", 4, "深圳|市艾|维|");
    expect_lines("深圳市", 3, "深|圳|市|");
    expect_lines("深", 1, "深|");
    expect_lines("ab深圳", 3, "ab|深|圳|");
    expect_lines("深圳，市", 4, "深|圳，|市|"); /* no sign begins a line */
    expect_lines("深圳, 市", 4, "深|圳,|市|");
    expect_lines("。。。", 4, "。。|。|");
    expect_lines("a\n\nb", 5, "a||b|");
    assert_int_equal(wrap_count("a\n\nb", 5), 3);
    assert_int_equal(wrap_count("a\n", 5), 2);
    assert_int_equal(wrap_count("", 5), 1);
    assert_int_equal(wrap_count("one two three", 7), 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(int argc, char **argv)
{
    (void)argc;
    i18n_init(argv[0]);
    const struct CMUnitTest tests[] = {
        TEST(test_typing),
        TEST(test_graphemes),
        TEST(test_words),
        TEST(test_not_taken),
        TEST(test_limit),
        TEST(test_paste),
        TEST(test_changes_are_counted),
        TEST(test_area_lines),
        TEST(test_area_goal),
        TEST(test_area_empty_last_line),
        TEST(test_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
