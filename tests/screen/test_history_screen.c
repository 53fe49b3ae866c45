/* The history on the screen: versions, the difference of two, a record as it
 * was; long texts as Markdown and in the user's own editor. */
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define CUSTOMERS 60
#define BY_CHANGE "[[\"updated_at\",\"desc\"]]"

static struct daemon *d;
static struct client *c;
static struct vt *v;
static char first[STEPS_NAME];
static int64_t id;
static char editor[256];

/* An editor that puts a line before what it gets, and one that fails. */
static void write_editor(const char *name, const char *script)
{
    snprintf(editor, sizeof(editor), "/tmp/kehu-%s-%d", name, (int)getpid());
    FILE *f = fopen(editor, "w");
    assert_non_null(f);
    fputs(script, f);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(editor, 0700), 0);
}

static int set_up(void **state)
{
    (void)state;
    d = desk_daemon(CUSTOMERS, "sales_director");
    c = client_as(d, "sales_director");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_close(&c);
    daemon_free(&d);
    return 0;
}

static void update(const char *values)
{
    cJSON *r = client_result(c, "customer.get", "{\"id\":%lld}", (long long)id);
    int64_t version = json_int(json_get(r, "record"), "version", 0);
    cJSON_Delete(r);
    r = client_result(c, "customer.update",
                      "{\"id\":%lld,\"version\":%lld,\"values\":%s}",
                      (long long)id, (long long)version, values);
    cJSON_Delete(r);
}

static void open_record(int rows, int cols)
{
    char setting[300];
    const char *env[] = {setting, NULL};
    snprintf(setting, sizeof(setting), "EDITOR=%s", editor);
    struct vt_options o = {.rows = rows, .cols = cols, .env = env};
    id = steps_customer(c, BY_CHANGE, 1, first);
    update("{\"special_conditions\":null,\"industry\":\"pets\"}");
    update("{\"special_conditions\":\"先付**三成**\"}");
    update("{\"special_conditions\":\"先付**五成**\",\"industry\":\"garden\"}");
    v = desk_list(d, &o, CUSTOMERS);
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 0, steps_start(first));
    vt_expect(v, "合作方式");
}

static int close_screen(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static void check_history(void)
{
    vt_keys(v, "H");
    vt_expect(v, "‹ 历史");
    vt_expect(v, "先付**三成** → 先付**五成**");
    vt_keys(v, "j");
    vt_expect(v, "先付**三成**");
    vt_expect_gone(v, "先付**五成**");
    /* The two compared: what lies between them. */
    vt_keys(v, "<Space>k");
    vt_expect(v, "先付**三成** → 先付**五成**");
    vt_expect(v, "✓");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "✓");
    /* The record as it was, to be read only. */
    vt_keys(v, "j<Enter>");
    vt_expect_row(v, 0, "截至");
    vt_expect(v, "先付三成");
    vt_keys(v, "e");
    vt_expect_gone(v, "[ 保存 ]");
    vt_keys(v, "<Esc>");
    vt_expect(v, "‹ 历史");
    vt_keys(v, "<Esc>");
    vt_expect_row(v, 0, steps_start(first));
}

/* proves: EDIT-03, DET-02 */
static void test_history(void **state)
{
    (void)state;
    open_record(40, 120);
    check_history();
}

/* proves: EDIT-03, UX-03 */
static void test_history_narrow(void **state)
{
    (void)state;
    open_record(24, 60);
    check_history();
}

/* Bold is bold and its marks are gone.
 * proves: DET-02 */
static void test_markdown(void **state)
{
    int col;
    (void)state;
    open_record(40, 120);
    vt_expect(v, "先付五成");
    int row = vt_find(v, "五成", &col);
    assert_true(vt_cell(v, row, col).bold);
    assert_false(vt_cell(v, row, col - 2).bold);
}

/* proves: DET-02 */
static void test_own_editor(void **state)
{
    (void)state;
    write_editor("add", "#!/bin/sh\n"
                        "[ \"$(stat -c %a \"$1\")\" = 600 ] || exit 1\n"
                        "{ echo '- 新的一条'; cat \"$1\"; } >\"$1.new\"\n"
                        "cat \"$1.new\" >\"$1\"; rm \"$1.new\"\n");
    open_record(40, 120);
    for (int i = 0; i < 6 && !vt_has(v, "» 其它特殊合作条件"); i++) {
        struct steps_mark was = steps_mark(v);
        vt_keys(v, "<Tab>");
        vt_wait(v, steps_moved, &was, VT_PATIENCE);
    }
    vt_keys(v, "<C-o>");
    vt_expect(v, "- 新的一条");
    vt_keys(v, "<C-s>");
    vt_expect(v, "已保存。");
    char *text = steps_value(c, id, "special_conditions");
    assert_string_equal(text, "- 新的一条\n先付**五成**");
    x_free(&text);
    vt_expect(v, "· 新的一条");
    unlink(editor);
}

/* What an editor that fails leaves is not taken.
 * proves: DET-02 */
static void test_own_editor_fails(void **state)
{
    (void)state;
    write_editor("fail", "#!/bin/sh\necho broken >\"$1\"\nexit 3\n");
    open_record(40, 120);
    for (int i = 0; i < 6 && !vt_has(v, "» 其它特殊合作条件"); i++) {
        struct steps_mark was = steps_mark(v);
        vt_keys(v, "<Tab>");
        vt_wait(v, steps_moved, &was, VT_PATIENCE);
    }
    vt_keys(v, "<C-o>");
    vt_expect(v, "编辑器以错误结束");
    assert_false(vt_has(v, "broken"));
    unlink(editor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_history, close_screen),
        cmocka_unit_test_teardown(test_history_narrow, close_screen),
        cmocka_unit_test_teardown(test_markdown, close_screen),
        cmocka_unit_test_teardown(test_own_editor, close_screen),
        cmocka_unit_test_teardown(test_own_editor_fails, close_screen),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
