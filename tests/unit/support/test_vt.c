/* The terminal harness against tiny programs: what it draws, sends, waits
 * for and counts must be right before a test of the client can be believed. */
#include "common/mem.h"
#include "tests/support/check.h"
#include "tests/support/vt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static struct vt *shell(const char *script)
{
    const char *const argv[] = {"/bin/sh", "-c", script, NULL};
    return vt_start(&(struct vt_options){.rows = 10, .cols = 40, .argv = argv});
}

static void test_text_and_cells(void **state)
{
    (void)state;
    struct vt *v = shell("printf '\\033[2;3H客户\\033[1;31mred\\033[m\\n"
                         "\\033[7mrev\\033[m'; read x");
    vt_expect(v, "rev");
    int col = -1;
    assert_int_equal(vt_find(v, "red", &col), 1);
    assert_int_equal(col, 6);
    assert_string_equal(vt_row(v, 1), "  客户red");
    assert_string_equal(vt_cell(v, 1, 2).text, "客");
    assert_int_equal(vt_cell(v, 1, 2).width, 2);
    assert_string_equal(vt_cell(v, 1, 3).text, "");
    assert_int_equal(vt_cell(v, 1, 6).fg, 1);
    assert_true(vt_cell(v, 1, 6).bold);
    assert_int_equal(vt_cell(v, 0, 0).fg, -1);
    assert_true(vt_cell(v, 2, 0).reverse);
    assert_false(vt_has(v, "nothing of the kind"));
    assert_non_null(strstr(vt_dump(v), " 1 |  客户red\n"));
    vt_expect_cursor(v, 2, 3);
    vt_stop(&v);
    assert_null(v);
}

/* What the program reads, byte by byte, is what an xterm would send. */
static void test_keys(void **state)
{
    (void)state;
    static const struct {
        const char *keys, *hex;
    } rows[] = {
        {"a科<lt>", "61 e7 a7 91 3c"},
        {"<Enter>", "0d"},
        {"<Tab><S-Tab>", "09 1b 5b 5a"},
        {"<Esc>", "1b"},
        {"<Up><S-Down>", "1b 5b 41 1b 5b 31 3b 32 42"},
        {"<C-s><C-i><C-Space>", "13 09 00"},
        {"<A-x><A-科>", "1b 78 1b e7 a7 91"},
        {"<F1><F12>", "1b 4f 50 1b 5b 32 34 7e"},
        {"<PgDn><Del>", "1b 5b 36 7e 1b 5b 33 7e"},
        {"<C-Right>", "1b 5b 31 3b 35 43"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char script[160];
        snprintf(script, sizeof script,
                 "stty raw -echo; printf ready; head -c %zu | od -An -tx1",
                 (strlen(rows[i].hex) + 1) / 3);
        struct vt *v = shell(script);
        vt_expect(v, "ready");
        vt_keys(v, rows[i].keys);
        vt_expect(v, rows[i].hex);
        vt_stop(&v);
    }
}

static void test_application_keys(void **state)
{
    (void)state;
    struct vt *v = shell("stty raw -echo; printf '\\033[?1hready';"
                         "head -c 3 | od -An -tx1");
    vt_expect(v, "ready");
    vt_keys(v, "<Up>");
    vt_expect(v, "1b 4f 41");
    vt_stop(&v);
}

/* The terminal answers where the cursor is and what it can do. */
static void test_queries(void **state)
{
    (void)state;
    struct vt *v = shell("stty raw -echo; printf '\\033[1;1H—\\033[6n';"
                         "head -c 6 | od -An -tx1");
    vt_expect(v, "1b 5b 31 3b 32 52");
    vt_stop(&v);
    v = shell("stty raw -echo; printf '\\033[c'; head -c 7 | od -An -tx1");
    vt_expect(v, "1b 5b 3f 31 3b 32 63");
    vt_stop(&v);
}

static void test_paste_and_mouse(void **state)
{
    (void)state;
    struct vt *v = shell("stty raw -echo; printf '\\033[?2004hready';"
                         "head -c 14 | od -c -An -w20");
    vt_expect(v, "ready");
    assert_false(vt_mouse(v));
    vt_paste(v, "jj");
    vt_expect(v, "033   [   2   0   0   ~   j   j");
    vt_stop(&v);
    v = shell("stty raw -echo; printf '\\033[?1002h\\033[?1006hready';"
              "head -c 18 | od -c -An -w40 | tr -d ' '");
    vt_expect(v, "ready");
    assert_true(vt_mouse(v));
    vt_click(v, 1, 4, 6);
    vt_expect(v, "033[<0;7;5M033[<0;7;5m");
    vt_stop(&v);
}

static void test_bytes_are_exact(void **state)
{
    (void)state;
    struct vt *v = shell("stty raw -echo; printf ready;"
                         "while x=$(head -c 1); do"
                         " printf '12345\\033[1;1H'; done");
    vt_expect(v, "ready");
    assert_int_equal(vt_bytes(v), 5);
    assert_int_equal(vt_cost(v, "a"), 11);
    assert_string_equal(vt_raw(v), "12345␛[1;1H");
    assert_int_equal(vt_cost(v, "abc"), 33);
    assert_int_equal(vt_cost(v, ""), 0);
    vt_stop(&v);
}

static void test_modes(void **state)
{
    (void)state;
    struct vt *v = shell("printf 'normal\\033[?1049h\\033[?25l\\007"
                         "\\033]0;客户\\007\\033]52;c;aGk=\\007full';"
                         "read x; printf '\\033[?1049l'; exec cat");
    vt_expect(v, "full");
    bool visible;
    vt_cursor(v, NULL, NULL, &visible);
    assert_false(visible);
    assert_true(vt_altscreen(v));
    assert_int_equal(vt_bells(v), 1);
    assert_string_equal(vt_title(v), "客户");
    assert_string_equal(vt_clipboard(v), "c;aGk=");
    assert_false(vt_has(v, "normal"));
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, "full");
    assert_true(vt_has(v, "normal"));
    assert_false(vt_altscreen(v));
    vt_stop(&v);
}

static void test_resize(void **state)
{
    (void)state;
    struct vt *v = shell("trap 'stty size' WINCH; stty size; echo ready;"
                         "while :; do sleep 0.02; done");
    vt_expect(v, "ready");
    assert_true(vt_has(v, "10 40"));
    vt_resize(v, 15, 60);
    vt_expect(v, "15 60");
    int rows, cols;
    vt_size(v, &rows, &cols);
    assert_int_equal(rows * 1000 + cols, 15060);
    vt_stop(&v);
}

static void test_the_end(void **state)
{
    (void)state;
    struct vt *v = shell("echo bye; exit 7");
    assert_int_equal(vt_wait_exit(v, VT_PATIENCE), 7);
    assert_true(vt_has(v, "bye"));
    assert_false(vt_wait_text(v, "more", VT_PATIENCE));
    vt_stop(&v);
    v = shell("kill -9 $$");
    assert_int_equal(vt_wait_exit(v, VT_PATIENCE), 256 + 9);
    vt_stop(&v);
    v = shell("read x");
    assert_int_equal(vt_wait_exit(v, 0), -1);
    assert_false(vt_wait_text(v, "more", 1));
    vt_stop(&v);
}

/* The program sees its own folders and none of ours. */
static void test_surroundings(void **state)
{
    (void)state;
    char *home = check_temp_dir("home");
    const char *const argv[] = {
        "/bin/sh", "-c",
        "test \"$XDG_STATE_HOME\" = \"$HOME/state\" && test -d \"$HOME/run\" &&"
        " test \"$SPECIAL\" = 1 && test -z \"$USER\" && echo \"$TERM\"; read x",
        NULL};
    const char *const env[] = {"SPECIAL=1", NULL};
    struct vt *v = vt_start(&(struct vt_options){
        .argv = argv, .env = env, .term = "vt220", .home = home});
    vt_expect(v, "vt220");
    assert_string_equal(vt_home(v), home);
    vt_stop(&v);
    check_remove_tree(home);
    x_free(&home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_and_cells),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_application_keys),
        cmocka_unit_test(test_queries),
        cmocka_unit_test(test_paste_and_mouse),
        cmocka_unit_test(test_bytes_are_exact),
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_resize),
        cmocka_unit_test(test_the_end),
        cmocka_unit_test(test_surroundings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
