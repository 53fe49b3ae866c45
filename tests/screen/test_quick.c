/* Quick edit: the common fields of a row in a sheet over the list; the row
 * shows at once what is being saved, and goes back where it was refused. */
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>

#define CUSTOMERS 80
#define BY_CHANGE "[[\"updated_at\",\"desc\"]]"

static const struct vt_options wide = {.rows = 40, .cols = 120};
static const struct vt_options narrow = {.rows = 15, .cols = 40};

static struct daemon *d;
static struct client *c;
static struct vt *v;
static char name[STEPS_NAME];
static int64_t id;

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

static int close_screen(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static int count_now(void)
{
    cJSON *r = client_result(c, "customer.count", "{}");
    int n = (int)json_int(r, "total", 0);
    cJSON_Delete(r);
    return n;
}

/* The sheet of the second row, open for typing. */
static void open_sheet(const struct vt_options *o)
{
    id = steps_customer(c, BY_CHANGE, 2, name);
    v = desk_list(d, o, count_now());
    vt_keys(v, "j");
    steps_expect_focus(v, steps_start(name));
    vt_keys(v, "e");
    vt_expect(v, "编辑：");
    vt_expect(v, "客户名称 *"); /* the record is here */
}

static int64_t version_of(int64_t which)
{
    cJSON *r =
        client_result(c, "customer.get", "{\"id\":%lld}", (long long)which);
    int64_t version = json_int(json_get(r, "record"), "version", 0);
    cJSON_Delete(r);
    return version;
}

static void change_behind_the_back(const char *values)
{
    cJSON_Delete(client_result(
        c, "customer.update", "{\"id\":%lld,\"version\":%lld,\"values\":%s}",
        (long long)id, (long long)version_of(id), values));
}

static void delete_behind_the_back(void)
{
    cJSON_Delete(client_result(c, "customer.delete",
                               "{\"id\":%lld,\"version\":%lld}", (long long)id,
                               (long long)version_of(id)));
}

static void expect_stored(const char *wanted)
{
    char *text = steps_value(c, id, "customer_name");
    assert_string_equal(text, wanted);
    x_free(&text);
}

static void expect_saves(const struct vt_options *o, const char *fresh)
{
    open_sheet(o);
    vt_keys(v, "<C-u>");
    vt_keys(v, fresh);
    vt_keys(v, "<C-s>");
    vt_expect_gone(v, "编辑：");
    vt_expect(v, "已保存。");
    /* Where it stood, though the order is by the last change. */
    steps_expect_focus(v, steps_start(fresh));
    expect_stored(fresh);
    vt_keys(v, "<C-r>u");
    vt_expect(v, steps_start(name));
    expect_stored(name);
}

/* proves: EDIT-01 */
static void test_saves(void **state)
{
    (void)state;
    expect_saves(&wide, "延吉市长白贸易有限公司");
}

/* proves: EDIT-01 */
static void test_saves_narrow(void **state)
{
    (void)state;
    expect_saves(&narrow, "景德镇市青瓷贸易有限公司");
}

/* Without ^S: the buttons behind the last field.
 * proves: EDIT-01 */
static void test_buttons(void **state)
{
    (void)state;
    open_sheet(&narrow);
    vt_keys(v, "<C-u>丹东市鸭绿江贸易有限公司<S-Tab><S-Tab>");
    vt_expect(v, "» [ 保存 ]");
    vt_keys(v, "<Enter>");
    vt_expect(v, "已保存。");
    expect_stored("丹东市鸭绿江贸易有限公司");
}

/* The row shows what is being saved before the daemon has answered.
 * proves: UX-04 */
static void test_at_once(void **state)
{
    (void)state;
    open_sheet(&wide);
    kill(d->pid, SIGSTOP);
    vt_keys(v, "<C-u>伊犁市天马贸易有限公司<C-s>");
    vt_expect_gone(v, "编辑：");
    steps_expect_focus(v, "伊犁市天马贸易");
    vt_settle(v, 200);
    assert_false(vt_has(v, "已保存。"));
    /* It can not be lost by leaving: that is asked. */
    vt_keys(v, "q");
    vt_expect(v, "正在保存的修改");
    vt_keys(v, "<Esc>");
    kill(d->pid, SIGCONT);
    vt_expect(v, "已保存。");
    steps_expect_focus(v, "伊犁市天马贸易");
    expect_stored("伊犁市天马贸易有限公司");
}

/* Refused: the old name is in the row again, and the sheet is back with what
 * was typed and why.
 * proves: UX-04, LIST-02 */
static void test_refused(void **state)
{
    (void)state;
    char taken[STEPS_NAME];
    steps_customer(c, BY_CHANGE, 5, taken);
    open_sheet(&wide);
    vt_keys(v, "<C-u>");
    vt_keys(v, taken);
    vt_keys(v, "<C-s>");
    vt_expect(v, "已被占用，请换一个。");
    vt_expect(v, "编辑：");
    vt_expect(v, "已恢复原值");
    vt_expect_row(v, 4, steps_start(name));
    expect_stored(name);
    vt_keys(v, "<C-u>喀什市丝路贸易有限公司<C-s>");
    vt_expect(v, "已保存。");
    expect_stored("喀什市丝路贸易有限公司");
}

static void test_faults_at_their_field(void **state)
{
    (void)state;
    open_sheet(&narrow);
    vt_keys(v, "<C-u>短<C-s>");
    vt_expect(v, "编辑：");
    vt_expect(v, "2");
    vt_settle(v, 200);
    assert_false(vt_has(v, "已保存。"));
    expect_stored(name);
}

/* Somebody is at something else when it comes back: he is told, and has the
 * sheet when he returns to the list.
 * proves: UX-04, UX-06 */
static void test_refused_meanwhile(void **state)
{
    (void)state;
    open_sheet(&wide);
    delete_behind_the_back();
    kill(d->pid, SIGSTOP);
    vt_keys(v, "<C-u>阿勒泰市雪都贸易有限公司<C-s>");
    steps_expect_focus(v, "阿勒泰市雪都贸易");
    vt_keys(v, "?");
    vt_expect(v, "本页按键");
    kill(d->pid, SIGCONT);
    vt_expect(v, "未能保存");
    vt_expect(v, "本页按键");
    vt_keys(v, "<Esc>");
    vt_expect(v, "编辑：");
    vt_expect(v, "阿勒泰市雪都贸易有限公司");
    vt_expect_row(v, 4, steps_start(name));
    vt_keys(v, "<Esc>");
    vt_expect(v, "不保存就离开吗？");
    vt_keys(v, "y");
    vt_expect_gone(v, "编辑：");
}

/* proves: EDIT-02 */
static void test_conflict(void **state)
{
    (void)state;
    static const struct vt_options *const sizes[] = {&wide, &narrow};
    for (int i = 0; i < 2; i++) {
        open_sheet(sizes[i]);
        change_behind_the_back(
            i ? "{\"customer_name\":\"澳门莲花贸易有限公司\"}"
              : "{\"customer_name\":\"香港紫荆贸易有限公司\"}");
        vt_keys(v, "<C-u>");
        vt_keys(v, i ? "台州市临海贸易有限公司" : "衢州市烂柯贸易有限公司");
        vt_keys(v, "<C-s>");
        vt_expect(v, "此记录已被他人同时修改");
        vt_keys(v, i ? "t<C-s>" : "m<C-s>");
        if (i == 0)
            vt_expect(v, "已保存。");
        vt_expect_gone(v, "编辑：");
        steps_expect_focus(v, i ? "澳门莲花贸易" : "衢州市烂柯贸易");
        expect_stored(i ? "澳门莲花贸易有限公司" : "衢州市烂柯贸易有限公司");
        if (i == 0)
            vt_stop(&v);
    }
}

static void test_esc_asks(void **state)
{
    (void)state;
    open_sheet(&wide);
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "编辑：");
    vt_keys(v, "e");
    vt_expect(v, "客户名称 *");
    vt_keys(v, "x<Esc>");
    vt_expect(v, "不保存就离开吗？");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "不保存就离开吗？");
    vt_expect(v, "编辑：");
    vt_keys(v, "<Esc>");
    vt_expect(v, "不保存就离开吗？");
    vt_keys(v, "y");
    vt_expect_gone(v, "编辑：");
    expect_stored(name);
}

/* The whole record, from its first field on. */
static void test_edit_all(void **state)
{
    (void)state;
    id = steps_customer(c, BY_CHANGE, 1, name);
    v = desk_list(d, &wide, count_now());
    vt_keys(v, "E");
    vt_expect(v, "[1合作详情]");
    vt_expect(v, "[ 保存 ]");
}

/* Contacts have the sheet for nothing.
 * proves: EDIT-01 */
static void test_contacts(void **state)
{
    (void)state;
    static const struct vt_options *const sizes[] = {&wide, &narrow};
    for (int i = 0; i < 2; i++) {
        v = desk_list(d, sizes[i], count_now());
        vt_keys(v, ":联系人<Enter>");
        vt_expect_row(v, 0, "联系人");
        vt_expect(v, "1/");
        vt_keys(v, "e");
        vt_expect(v, "编辑：");
        vt_expect(v, "姓名 *");
        vt_expect(v, "岗位");
        vt_keys(v, i ? "<C-u>公孙大娘<C-s>" : "<C-u>诸葛孔明<C-s>");
        vt_expect(v, "已保存。");
        steps_expect_focus(v, i ? "公孙大娘" : "诸葛孔明");
        if (i == 0)
            vt_stop(&v);
    }
}

/* proves: ACC-02 */
static void test_who_may_not(void **state)
{
    (void)state;
    struct daemon *other = desk_daemon(CUSTOMERS, "project_manager");
    v = desk_client(other, &wide);
    vt_expect(v, "?帮助");
    vt_expect(v, "»");
    assert_false(vt_has(v, "e编辑"));
    vt_keys(v, "e");
    vt_expect(v, "此处不可用");
    assert_false(vt_has(v, "[ 保存 ]"));
    vt_stop(&v);
    daemon_free(&other);
    v = NULL;
}

int main(void)
{
#define CASE(name) cmocka_unit_test_teardown(test_##name, close_screen)
    const struct CMUnitTest tests[] = {
        CASE(saves),    CASE(saves_narrow), CASE(buttons),
        CASE(at_once),  CASE(refused),      CASE(faults_at_their_field),
        CASE(conflict), CASE(esc_asks),     CASE(edit_all),
        CASE(contacts), CASE(who_may_not),  CASE(refused_meanwhile),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
