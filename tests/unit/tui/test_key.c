/* The decoder of keys: every row of its table, sequences that arrive in any
 * pieces, pastes, mice, what is no key; and names of keys both ways. */
#include "tui/term/key.h"

#include "common/mem.h"
#include "tui/term/key_seq.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static struct key_decoder *d;

static int set_up(void **state)
{
    (void)state;
    d = key_decoder_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    key_decoder_free(&d);
    return 0;
}

/* Events as words: "ctrl-s", "paste:…", "press0@3,4", "reply:R 2 7". */
static void spell(const struct event *e, char *out, size_t size)
{
    static const char *const mice[] = {"press", "release", "drag", "wheel-up",
                                       "wheel-down"};
    char name[KEY_NAME_LEN];
    if (e->kind == EVENT_key) {
        key_spell(e, name);
        snprintf(out, size, "%s", name);
    } else if (e->kind == EVENT_paste) {
        snprintf(out, size, "paste:%.*s", (int)e->len, e->text);
    } else if (e->kind == EVENT_mouse) {
        snprintf(out, size, "%s%d@%d,%d", mice[e->mouse], e->button, e->y,
                 e->x);
    } else if (e->kind == EVENT_reply) {
        snprintf(out, size, "reply:%c %d %d", e->reply, e->arg[0], e->arg[1]);
    } else {
        snprintf(out, size, "focus%d", e->arg[0]);
    }
}

static void drain(char *out, size_t size)
{
    struct event e;
    size_t len = strlen(out);
    while (key_next(d, &e)) {
        char word[256];
        spell(&e, word, sizeof(word));
        len += (size_t)snprintf(out + len, size - len, "%s%s",
                                len > 0 ? " " : "", word);
    }
}

/* The same events whether the bytes come at once, one by one, or cut in two
 * anywhere. */
static void expect(const char *bytes, size_t len, const char *events)
{
    for (size_t cut = 0; cut <= len; cut++) {
        char out[512] = "";
        key_feed(d, bytes, cut);
        drain(out, sizeof(out));
        key_feed(d, bytes + cut, len - cut);
        drain(out, sizeof(out));
        assert_string_equal(out, events);
        assert_false(key_pending(d));
    }
    char out[512] = "";
    for (size_t i = 0; i < len; i++) {
        key_feed(d, bytes + i, 1);
        drain(out, sizeof(out));
    }
    assert_string_equal(out, events);
}

#define EXPECT(bytes, events) expect(bytes, sizeof(bytes) - 1, events)

static void test_characters(void **state)
{
    (void)state;
    EXPECT("aG? ", "a G ? space");
    EXPECT("科技", "科 技");
    EXPECT("\r\n\t\x7f\x08", "enter enter tab backspace backspace");
    EXPECT("\x01\x1a\x1c", "ctrl-a ctrl-z ctrl-\\");
    expect("\0", 1, "ctrl-space");
    EXPECT("😀é", "😀 é");
}

static void test_bad_bytes_are_no_keys(void **state)
{
    (void)state;
    EXPECT("a\xff"
           "b\xc0\xaf"
           "c",
           "a b c");
    EXPECT("\xe7\xa7"
           "a",
           "a");
    EXPECT("\xc2\x9b"
           "a",
           "a"); /* a C1 control */
}

/* A row of the table, and the same with a modifier where its form has room
 * for one. */
static void test_every_sequence(void **state)
{
    (void)state;
    for (int i = 0; i < key_seq_count; i++) {
        const struct key_seq *s = &key_seqs[i];
        struct event want = {
            .kind = EVENT_key, .code = s->code, .cp = s->cp, .mods = s->mods};
        char bytes[32], name[KEY_NAME_LEN];
        key_spell(&want, name);
        int n = s->number > 0 ? snprintf(bytes, sizeof(bytes), "\033%c%d%c",
                                         s->intro, s->number, s->final)
                              : snprintf(bytes, sizeof(bytes), "\033%c%c",
                                         s->intro, s->final);
        expect(bytes, (size_t)n, name);
        if (s->intro != '[' || s->mods != 0)
            continue;
        want.mods = MOD_ctrl | MOD_shift;
        key_spell(&want, name);
        n = snprintf(bytes, sizeof(bytes), "\033[%d;6%c",
                     s->number > 0 ? s->number : 1, s->final);
        expect(bytes, (size_t)n, name);
    }
}

static void test_other_forms(void **state)
{
    (void)state;
    EXPECT("\033[[A\033[[E", "f1 f5");                   /* the Linux console */
    EXPECT("\033[3^\033[3@", "ctrl-del ctrl-shift-del"); /* rxvt */
    EXPECT("\033[97;5u\033[27;5;97~", "ctrl-a ctrl-a");
    EXPECT("\033[65;2u\033[13u\033[27u", "A enter esc");
    EXPECT("\033a\033\x7f", "alt-a alt-backspace");
    EXPECT("\033[I\033[O", "focus1 focus0");
}

static void test_esc(void **state)
{
    (void)state;
    char out[64] = "";
    key_feed(d, "\033", 1);
    drain(out, sizeof(out));
    assert_string_equal(out, "");
    assert_true(key_pending(d));
    key_flush(d);
    drain(out, sizeof(out));
    assert_string_equal(out, "esc");
    assert_false(key_pending(d));
    EXPECT("\033\033[A", "esc up");
    EXPECT("\033科", "esc 科");
}

/* A sequence cut off by the line: nothing of it is taken for typing. */
static void test_cut_short(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *events;
    } rows[] = {{"\033[", "alt-["},
                {"\033[1;5", ""},
                {"\033O", "alt-O"},
                {"\xe7\xa7", ""},
                {"\033]52;c", ""}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char out[64] = "";
        key_feed(d, rows[i].bytes, strlen(rows[i].bytes));
        drain(out, sizeof(out));
        key_flush(d);
        drain(out, sizeof(out));
        assert_string_equal(out, rows[i].events);
        EXPECT("x", "x");
    }
}

static void test_no_keys(void **state)
{
    (void)state;
    EXPECT("a\033]52;c;abc\ab", "a b");
    EXPECT("a\033]0;t\033\\b", "a b");
    EXPECT("a\033P1$r0m\033\\b", "a b");
    EXPECT("a\033[999zb", "a b");
    EXPECT("a\033[1\033[Ab", "a up b");
    EXPECT("\033[M !!a", "a"); /* the old mouse report */
}

static void test_replies(void **state)
{
    (void)state;
    EXPECT("\033[2;3R", "reply:R 2 3");
    EXPECT("\033[?64;1c", "reply:c 64 1");
    EXPECT("\033[1;2R", "shift-f3");
}

/* proves: UX-02 */
static void test_mouse(void **state)
{
    (void)state;
    EXPECT("\033[<0;5;3M\033[<0;5;3m", "press0@2,4 release0@2,4");
    EXPECT("\033[<2;1;1M", "press2@0,0");
    EXPECT("\033[<32;7;8M", "drag0@7,6");
    EXPECT("\033[<64;1;1M\033[<65;1;1M", "wheel-up0@0,0 wheel-down1@0,0");
    EXPECT("\033[<0;0;0Ma", "a");
}

static void test_paste(void **state)
{
    (void)state;
    EXPECT("\033[200~a\tb\r\nq\x01\033[31m科\033[201~x",
           "paste:a b\nq[31m科 x");
    EXPECT("\033[200~\033[201~", "paste:");
}

static void test_paste_is_bounded(void **state)
{
    (void)state;
    enum { PIECE = 4096, PIECES = 300 };
    char piece[PIECE];
    struct event e;
    memset(piece, 'a', sizeof(piece));
    key_feed(d, "\033[200~", 6);
    for (int i = 0; i < PIECES; i++) {
        key_feed(d, piece, sizeof(piece));
        assert_false(key_next(d, &e));
    }
    key_feed(d, "\033[201~", 6);
    assert_true(key_next(d, &e));
    assert_int_equal(e.kind, EVENT_paste);
    assert_int_equal(e.len, KEY_PASTE_MAX);
    assert_false(key_next(d, &e));
}

static void test_names(void **state)
{
    (void)state;
    static const char *const names[] = {"a",
                                        "G",
                                        "?",
                                        "-",
                                        "space",
                                        "ctrl-s",
                                        "alt-x",
                                        "ctrl--",
                                        "中",
                                        "shift-tab",
                                        "ctrl-alt-shift-f12",
                                        "alt-space"};
    struct event e;
    char name[KEY_NAME_LEN];
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        assert_true(key_parse(names[i], &e));
        key_spell(&e, name);
        assert_string_equal(name, names[i]);
    }
    for (int i = KEYC_NONE + 1; i < KEYCS; i++) {
        struct event key = {.kind = EVENT_key, .code = (enum key_code)i};
        key_spell(&key, name);
        assert_true(key_parse(name, &e));
        assert_true(key_equal(&key, &e));
    }
}

static void test_no_names(void **state)
{
    (void)state;
    static const char *const names[] = {"",    "ctrl", "ctrl-", "ab",
                                        "f13", "Esc",  "\xff",  "\t"};
    struct event e;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        assert_false(key_parse(names[i], &e));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_characters),
        TEST(test_bad_bytes_are_no_keys),
        TEST(test_every_sequence),
        TEST(test_other_forms),
        TEST(test_esc),
        TEST(test_cut_short),
        TEST(test_no_keys),
        TEST(test_replies),
        TEST(test_mouse),
        TEST(test_paste),
        TEST(test_paste_is_bounded),
        TEST(test_names),
        TEST(test_no_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
