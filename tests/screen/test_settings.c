/* The settings screen: what is changed is in force at once and kept, in the
 * user's own file with everything else in it.
 * proves: UX-01, UX-07, UX-09, LIST-19 */
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CUSTOMERS 300

static struct daemon *d;
static struct vt *v;
static char *home;

static int set_up(void **state)
{
    (void)state;
    d = desk_daemon(CUSTOMERS, "sales_director");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    daemon_free(&d);
    return 0;
}

static char *file_path(void)
{
    return x_asprintf("%s/config/kehu/client.yaml", home);
}

static char *file_text(void)
{
    char *path = file_path(), *text = x_calloc(1, 4096);
    FILE *f = fopen(path, "re");
    if (f) {
        size_t n = fread(text, 1, 4095, f);
        text[n] = '\0';
        fclose(f);
    }
    x_free(&path);
    return text;
}

static void write_file(const char *text)
{
    static const char *const folders[] = {"config", "config/kehu"};
    for (int i = 0; i < 2; i++) {
        char *folder = x_asprintf("%s/%s", home, folders[i]);
        mkdir(folder, 0700);
        x_free(&folder);
    }
    char *path = file_path();
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    x_free(&path);
}

static void expect_file(const char *text)
{
    char *now = file_text();
    assert_string_equal(now, text);
    x_free(&now);
}

static void open_client(int rows, int cols)
{
    struct vt_options o = {.rows = rows, .cols = cols, .home = home};
    v = desk_list(d, &o, CUSTOMERS);
}

static int new_home(void **state)
{
    (void)state;
    home = check_temp_dir("settings");
    return 0;
}

static int drop_home(void **state)
{
    (void)state;
    vt_stop(&v);
    check_remove_tree(home);
    x_free(&home);
    return 0;
}

/* The colour of the footer's keys tells which theme is in force. */
static int accent(void)
{
    int col, row = vt_find(v, "打开", &col);
    assert_true(row > 0);
    return vt_cell(v, row, col - 1).fg;
}

static bool is_accent(struct vt *vt, void *colour)
{
    int col, row = vt_find(vt, "打开", &col);
    return row > 0 && vt_cell(vt, row, col - 1).fg == *(int *)colour;
}

static void expect_accent(int colour)
{
    if (!vt_wait(v, is_accent, &colour, VT_PATIENCE))
        check_fail("the accent is %d, not %d", accent(), colour);
}

enum { CYAN = 6, BLUE = 4 };

/* F7 shows each theme as the cursor moves; Esc goes back, Enter keeps. */
static void test_theme(void **state)
{
    (void)state;
    open_client(0, 0);
    expect_accent(CYAN);
    vt_keys(v, "<F7>");
    vt_expect(v, "高对比度");
    vt_keys(v, "j");
    expect_accent(BLUE);
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "高对比度");
    expect_accent(CYAN);
    vt_keys(v, "<F7>j<Enter>");
    vt_expect_gone(v, "高对比度");
    expect_accent(BLUE);
    expect_file("ui:\n  theme: light\n");
    vt_stop(&v);
    open_client(0, 0);
    expect_accent(BLUE);
}

/* Each theme on terminals of 256, 8 and no colours: the list is there, the
 * focus is marked by more than a colour, and all of the ground is the theme's.
 */
static void test_every_theme(void **state)
{
    static const char *const terms[] = {"xterm-256color", "xterm", "vt100"};
    (void)state;
    for (size_t i = 0; i < sizeof(terms) / sizeof(*terms); i++) {
        struct vt_options o = {.home = home, .term = terms[i]};
        v = desk_list(d, &o, CUSTOMERS);
        for (int theme = 0; theme < 5; theme++) {
            vt_keys(v, "<F9>/ui.theme<Enter>");
            vt_expect(v, "── 主题");
            vt_keys(v, theme == 0 ? "<Home><Enter>" : "j<Enter>");
            vt_expect_gone(v, "── 主题");
            vt_keys(v, "<Esc><Esc>");
            vt_expect(v, "1/300");
            assert_true(steps_focus(v) == 3);
            struct vt_cell text = vt_cell(v, 3, 2), empty = vt_cell(v, 3, 118);
            assert_int_equal(text.bg, empty.bg);
        }
        vt_stop(&v);
    }
    open_client(0, 0);
}

/* The whole row, where that is wanted. */
static void test_focus_bar(void **state)
{
    (void)state;
    write_file("ui:\n  focus_bar: true\n");
    open_client(0, 0);
    assert_true(vt_cell(v, 3, 2).reverse && vt_cell(v, 3, 110).reverse);
    vt_keys(v, "j");
    vt_expect_cursor(v, 4, 0);
    assert_false(vt_cell(v, 3, 2).reverse);
    assert_true(vt_cell(v, 4, 2).reverse);
}

static void test_kept_beside_what_is_there(void **state)
{
    static const char mine[] = "# my own\n"
                               "ui:\n"
                               "  # at night\n"
                               "  theme: dark  # or light\n"
                               "  mouse: false\n";
    struct stat s;
    (void)state;
    write_file(mine);
    open_client(15, 40);
    assert_false(vt_mouse(v));
    vt_keys(v, "<F9>");
    vt_expect(v, "服务端");
    vt_keys(v, "/鼠标<Enter>");
    vt_expect(v, "ui.mouse");
    vt_expect(v, "开");
    assert_true(vt_mouse(v));
    expect_file("# my own\nui:\n  # at night\n  theme: dark  # or light\n"
                "  mouse: true\n");
    char *path = file_path();
    assert_int_equal(stat(path, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
    x_free(&path);
    vt_keys(v, "<Del>"); /* back to the default: the line goes */
    vt_expect(v, "开");
    vt_keys(v, "<Esc><Esc>");
    vt_expect(v, "1/300");
    expect_file("# my own\nui:\n  # at night\n  theme: dark  # or light\n");
}

/* A file that is no YAML is told at the start, and never written over. */
static void test_fault_is_not_overwritten(void **state)
{
    static const char broken[] = "ui: [\n  theme: dark\n";
    (void)state;
    write_file(broken);
    struct vt_options o = {.home = home};
    v = desk_client(d, &o);
    vt_expect(v, "client.yaml:3:1:");
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, "client.yaml:");
    vt_expect(v, "1/300");
    vt_keys(v, "<F7>j<Enter>");
    vt_expect(v, "client.yaml:");
    expect_accent(BLUE); /* in force all the same */
    expect_file(broken);
}

/* A link (to a folder that is kept elsewhere) stays one. */
static void test_link_is_followed(void **state)
{
    struct stat s;
    (void)state;
    write_file("");
    char *path = file_path();
    char *real = x_asprintf("%s/real.yaml", home);
    assert_int_equal(rename(path, real), 0);
    assert_int_equal(symlink(real, path), 0);
    open_client(0, 0);
    vt_keys(v, "<F7>j<Enter>");
    expect_accent(BLUE);
    expect_file("ui:\n  theme: light\n");
    assert_int_equal(lstat(path, &s), 0);
    assert_true(S_ISLNK(s.st_mode));
    x_free(&path);
    x_free(&real);
}

/* Another key, in force at once; one that is taken is asked for, with where it
 * is taken. */
static void test_keys(void **state)
{
    (void)state;
    open_client(0, 0);
    vt_keys(v, "<F9>/copy<Enter>");
    vt_expect(v, "请按新的键");
    vt_keys(v, "e");
    vt_expect(v, "按键 e 现在是“编辑”（列表、记录）。改为“复制”吗？");
    vt_keys(v, "n"); /* no */
    vt_expect_gone(v, "这个键已被占用");
    expect_file("");
    vt_keys(v, "<Enter>");
    vt_expect(v, "请按新的键");
    vt_keys(v, "<A-y>");
    vt_expect_gone(v, "请按新的键");
    vt_expect(v, "alt-y");
    expect_file("keys:\n  copy: alt-y\n");
    vt_keys(v, "<Enter>");
    vt_expect(v, "请按新的键");
    vt_keys(v, "e");
    vt_expect(v, "这个键已被占用");
    vt_keys(v, "y");
    vt_expect_gone(v, "这个键已被占用");
    expect_file("keys:\n  copy: e\n  edit: \"\"\n");
    vt_keys(v, "<Esc><Esc>");
    vt_expect(v, "1/300");
    vt_keys(v, "e");
    vt_expect(v, "已复制");
    vt_stop(&v);
    open_client(0, 0); /* nothing to complain about */
    assert_false(vt_has(v, "按键设置"));
    vt_keys(v, "e");
    vt_expect(v, "已复制");
}

/* Own keys that clash are told with both places, at the start and in `?`. */
static void test_clash_is_told(void **state)
{
    (void)state;
    write_file("keys:\n  edit: x\n  copy: x\n");
    struct vt_options o = {.home = home};
    v = desk_client(d, &o);
    vt_expect(v, "第 3 行第 3 列");
    vt_expect(v, "第 2 行第 3 列");
    vt_keys(v, "<Enter>");
    vt_expect(v, "1/300");
    vt_keys(v, "?");
    vt_expect(v, "不合适的按键设置");
    vt_expect(v, "第 3 行第 3 列");
    vt_keys(v, "fanye"); /* searched by pinyin, in what is left of it */
    vt_expect_gone(v, "不合适的按键设置");
}

/* proves: LIST-19 */
static void test_pages(void **state)
{
    (void)state;
    open_client(0, 0);
    vt_expect(v, "1/300 · 第 1/9 页"); /* 36 rows fit */
    vt_keys(v, "=");
    vt_expect(v, "随屏幕");
    vt_keys(v, "jj<Enter>");
    vt_expect(v, "1/300 · 第 1/6 页");
    expect_file("ui:\n  page_size: 50\n");
    vt_keys(v, "%");
    vt_expect(v, "页码");
    vt_keys(v, "0<Enter>");
    vt_expect(v, "请输入页码");
    vt_keys(v, "<BS>3<Enter>");
    vt_expect(v, "101/300 · 第 3/6 页");
    vt_keys(v, "%99<Enter>");
    vt_expect(v, "251/300 · 第 6/6 页");
    vt_keys(v, "<PgUp>"); /* the screen's own page, not that one */
    vt_expect(v, "215/300 · 第 5/6 页");
    vt_resize(v, 15, 40); /* no room for the page there */
    vt_expect_gone(v, "页");
    vt_keys(v, "%2<Enter>");
    vt_expect(v, "51/300");
}

/* The palette offers first what was run last. */
static void test_recent_first(void **state)
{
    int reload, first;
    (void)state;
    open_client(0, 0);
    vt_keys(v, ":shuaxin<Enter>");
    vt_expect_gone(v, "── 命令");
    vt_keys(v, ":");
    vt_expect(v, "── 命令");
    reload = vt_find(v, "» 刷新", NULL);
    first = vt_find(v, "── 命令", NULL);
    assert_int_equal(reload, first + 2);
}

int main(void)
{
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, new_home, drop_home)
    const struct CMUnitTest tests[] = {
        CASE(theme),
        CASE(every_theme),
        CASE(focus_bar),
        CASE(kept_beside_what_is_there),
        CASE(fault_is_not_overwritten),
        CASE(link_is_followed),
        CASE(keys),
        CASE(clash_is_told),
        CASE(pages),
        CASE(recent_first),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
