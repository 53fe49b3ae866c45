/* A customer's story through four hands: recorded by a salesperson who is cut
 * off twice, corrected by two at once, read and asked about by its project
 * manager, brought back from its history and from the trash, a masked phone
 * shown and found in the log. What each step does in full is tested beside;
 * this shows that they fit together. */
#include "tests/screen/draft_steps.h"
#include "tests/screen/qa_steps.h"
#include "tests/support/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 40

/* One daemon for each of them: the user of the operating system, who signs in
 * without a password, is somebody else there. */
enum hand { SELLER, MANAGER, SERVICE, DIRECTOR, HANDS };
static const char *const roles[HANDS] = {"sales", "sales_manager",
                                         "project_manager", "sales_director"};

static struct daemon *d[HANDS];
static struct client *c; /* the director's */
static struct vt *v[HANDS];
static struct vt_options options;
static char home[64];
static const char *name; /* as it was entered; so are the others */
static int64_t id;

static int set_up(void **state)
{
    (void)state;
    d[SELLER] = desk_daemon(CUSTOMERS, roles[SELLER]);
    daemon_sql_int(d[SELLER], "UPDATE app_user SET admin = true WHERE"
                              " name = 'sales_director' RETURNING id");
    for (int i = MANAGER; i < HANDS; i++)
        d[i] = desk_join(d[SELLER], roles[i]);
    c = client_as(d[DIRECTOR], roles[DIRECTOR]);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_close(&c);
    for (int i = HANDS - 1; i >= 0; i--)
        daemon_free(&d[i]);
    return 0;
}

static int close_screens(void **state)
{
    (void)state;
    for (int i = 0; i < HANDS; i++)
        vt_stop(&v[i]);
    return 0;
}

static int64_t count_of(const char *entity)
{
    char method[64];
    snprintf(method, sizeof(method), "%s.count", entity);
    cJSON *r =
        client_result(c, method, "{\"filter\":{\"customer_id\":{\"eq\":%lld}}}",
                      (long long)id);
    int64_t total = json_int(r, "total", -1);
    cJSON_Delete(r);
    return total;
}

static void expect_stored(const char *wanted)
{
    char *text = steps_value(c, id, "customer_name");
    assert_string_equal(text, wanted);
    x_free(&text);
}

/* --- recorded --- */

static void start(void)
{
    v[SELLER] = desk_client(d[SELLER], &options);
    vt_expect(v[SELLER], "1/");
}

/* Starts again and takes up the draft. */
static void go_on(int step, const char *title)
{
    vt_stop(&v[SELLER]);
    start();
    vt_keys(v[SELLER], "n");
    vt_expect(v[SELLER], "有 1 份草稿");
    vt_keys(v[SELLER], "<Enter>");
    vt_expect_gone(v[SELLER], "全部草稿");
    wizard_expect_step(v[SELLER], step, title);
}

/* Two contacts; killed in the middle of the second one's phone. */
static void record_people(struct vt *t)
{
    vt_keys(t, "n");
    wizard_expect_step(t, 1, "合作信息");
    vt_expect(t, "» 客户名称 *");
    char *person = daemon_sql(
        d[SELLER], "SELECT display_name FROM app_user WHERE name = '%s'",
        roles[SELLER]);
    wizard_sign_first(t, name, person);
    x_free(&person);
    wizard_fill_second(t);
    wizard_add_contact(t, "诸葛亮", "13700001111");
    wizard_go_to_add(t);
    vt_keys(t, "<Enter>");
    vt_expect(t, "» 姓名 *");
    vt_keys(t, "赵子龙");
    steps_go_to_field(t, "电话");
    vt_keys(t, "1390000");
    drafts_expect(t, "\"1390000\"");
    drafts_kill(t);
    go_on(2, "基础信息");
    t = v[SELLER];
    steps_tab_to(t, "2  赵子龙");
    vt_keys(t, "<Enter>");
    vt_expect(t, "» 姓名 *");
    steps_go_to_field(t, "电话");
    vt_keys(t, "2222<C-s>");
    vt_expect_gone(t, "姓名 *");
}

/* Three competitors; hung up after the second. */
static void record_rivals(struct vt *t)
{
    vt_keys(t, "<C-n>");
    wizard_expect_step(t, 3, "独立站情况");
    vt_keys(t, "<C-n>");
    wizard_expect_step(t, 4, "竞争对手");
    wizard_add_competitor(t, "甲公司", "https://a.example.com");
    wizard_add_competitor(t, "乙公司", "https://b.example.com");
    go_on(4, "竞争对手");
    t = v[SELLER];
    vt_expect(t, "乙公司");
    wizard_add_competitor(t, "丙公司", "https://c.example.com");
}

static void record_rest(struct vt *t)
{
    vt_keys(t, "<C-n>");
    wizard_expect_step(t, 5, "特别关注");
    wizard_add_attention(t, "每周一上午开会");
    wizard_add_attention(t, "周报用英文");
    vt_keys(t, "<C-n>");
    vt_expect(t, "» [ 提交 ]");
    vt_keys(t, "<Enter>");
    vt_expect(t, "已新建。");
    vt_expect_row(t, 0, steps_start(name));
    drafts_expect_none(t);
    id = daemon_sql_int(
        d[SELLER], "SELECT id FROM customer WHERE customer_name = '%s'", name);
    assert_int_equal(count_of("contact"), 2);
    assert_int_equal(count_of("competitor"), 3);
    assert_int_equal(count_of("attention"), 2);
}

/* --- corrected --- */

/* Signs in and opens the customer. */
static struct vt *open_record(enum hand who)
{
    struct vt *t = desk_client(d[who], &options);
    v[who] = t;
    vt_expect(t, "1/");
    vt_keys(t, "/");
    vt_keys(t, name);
    vt_keys(t, "<Enter>");
    vt_expect(t, "1/1");
    vt_keys(t, "<Enter>");
    vt_expect_row(t, 0, steps_start(name));
    vt_expect(t, "» 客户名称");
    return t;
}

static void type_name(struct vt *t, const char *fresh)
{
    vt_expect(t, "» 客户名称");
    vt_keys(t, "e");
    vt_expect(t, "» 客户名称 *");
    vt_keys(t, "<C-u>");
    vt_keys(t, fresh);
    vt_expect(t, fresh);
}

/* Both have it open for editing; who saves later is asked, and insists. */
static void collide(struct vt *first, const char *one, struct vt *later,
                    const char *other)
{
    type_name(first, one);
    type_name(later, other);
    vt_keys(first, "<C-s>");
    vt_expect_row(first, 0, one);
    expect_stored(one);
    vt_keys(later, "<C-s>");
    vt_expect(later, "此记录已被他人同时修改");
    if (options.cols >= 80) /* narrow, the values are cut */
        vt_expect(later, one);
    expect_stored(one);
    vt_keys(later, "m<C-s>");
    vt_expect_gone(later, "此记录已被他人同时修改");
    vt_expect_row(later, 0, other);
    vt_keys(first, "<C-r>");
    vt_expect_row(first, 0, other);
    expect_stored(other);
}

/* The version before the last one is in force again. */
static void bring_back(struct vt *t, const char *wanted)
{
    vt_keys(t, "H");
    vt_expect(t, "‹ 历史");
    vt_expect(t, wanted);
    vt_keys(t, "jR");
    vt_expect(t, "要把记录恢复成");
    vt_keys(t, "<Enter>");
    vt_expect(t, "已恢复该版本");
    expect_stored(wanted);
    vt_settle(t, 100);
    vt_keys(t, "<Esc>");
    vt_expect_row(t, 0, wanted);
}

/* --- served --- */

static void serve(struct vt *t)
{
    assert_false(vt_has(t, "e编辑"));
    vt_keys(t, "e");
    vt_expect(t, "编辑：此处不可用");
    assert_false(vt_has(t, "^S保存"));
    vt_keys(t, "6");
    vt_expect(t, "6客户Q&A");
    qa_add(t, "后台打不开");
    qa_close_without_cause(t);
    qa_name_cause(t);
    char *state =
        daemon_sql(d[SELLER], "SELECT status FROM qa WHERE customer_id = %lld",
                   (long long)id);
    assert_string_equal(state, "closed");
    x_free(&state);
    vt_settle(t, 100);
    vt_keys(t, "<Esc>");
    vt_expect(t, "6客户Q&A");
}

/* From the customer to its first contact, whose phone is shown. */
static void unmask(struct vt *t)
{
    vt_keys(t, "2");
    vt_expect(t, "137****1111");
    assert_false(vt_has(t, "13700001111"));
    for (int i = 0; i < 60 && !vt_has(t, "‹ 联系人"); i++)
        vt_keys(t, i < 40 ? "<Tab>" : "<Enter>");
    vt_keys(t, "<Enter>");
    vt_expect(t, "137****1111");
    steps_go_to_field(t, "电话");
    vt_keys(t, "v");
    vt_expect(t, "13700001111");
}

/* --- deleted, and the log --- */

static void delete_and_restore(struct vt *t)
{
    vt_keys(t, "d");
    vt_expect(t, "删除“");
    vt_keys(t, "y");
    vt_expect(t, "已删除");
    client_refused(c, ERR_not_found, "customer.get", "{\"id\":%lld}",
                   (long long)id);
    vt_keys(t, ":回收站客户");
    vt_expect(t, "» 回收站 · 客户");
    vt_keys(t, "<Enter>");
    vt_expect_row(t, 0, "回收站");
    vt_expect(t, steps_start(name));
    vt_keys(t, "R");
    vt_expect(t, "已恢复");
    vt_expect_gone(t, steps_start(name));
    assert_int_equal(count_of("contact"), 2);
    assert_int_equal(count_of("competitor"), 3);
    vt_keys(t, "<Esc>");
    vt_expect_gone(t, "回收站");
}

static void expect_in_log(struct vt *t)
{
    vt_keys(t, ":操作日志<Enter>");
    vt_expect_row(t, 0, "操作日志");
    vt_keys(t, ":action:reveal<Enter>");
    vt_expect_row(t, 1, options.cols < 80 ? "1 个条件" : "条 / 共");
    vt_keys(t, "<Enter>");
    vt_expect_row(t, 0, "reveal");
    vt_expect(t, steps_start(name));
    assert_int_equal(
        daemon_sql_int(d[SELLER],
                       "SELECT count(*) FROM audit WHERE action = 'reveal'"
                       " AND customer_id = %lld",
                       (long long)id),
        1);
}

static void tell(int rows, int cols, const char *const names[5])
{
    program_tempdir(home);
    options = (struct vt_options){.home = home, .rows = rows, .cols = cols};
    name = names[0];
    start();
    record_people(v[SELLER]);
    record_rivals(v[SELLER]);
    record_rest(v[SELLER]);
    options.home = NULL;
    struct vt *seller = v[SELLER], *manager = open_record(MANAGER);
    collide(manager, names[1], seller, names[2]);
    collide(seller, names[3], manager, names[4]);
    bring_back(seller, names[3]);
    name = names[3];
    cJSON_Delete(client_result(
        c, "customer.update",
        "{\"id\":%lld,\"version\":%lld,\"values\":{\"project_manager\":%lld}}",
        (long long)id, (long long)record_version(c, "customer", id),
        (long long)record_user(d[SELLER], roles[SERVICE])));
    struct vt *service = open_record(SERVICE);
    serve(service);
    unmask(service);
    struct vt *director = open_record(DIRECTOR);
    delete_and_restore(director);
    expect_in_log(director);
}

/* proves: NEW-01, NEW-04, EDIT-02, EDIT-03, EDIT-04, QA-01, ACC-02, ACC-05 */
static void test_story(void **state)
{
    static const char *const names[] = {"武夷山玉女出海公司", "主管改的公司",
                                        "销售改的公司", "销售再改的公司",
                                        "主管再改的公司"};
    (void)state;
    tell(40, 120, names);
}

/* proves: UX-03, NEW-01, NEW-04, EDIT-02, EDIT-03, EDIT-04, QA-01, ACC-02 */
static void test_story_narrow(void **state)
{
    static const char *const names[] = {"景德镇昌江出海公司", "主管写的公司",
                                        "销售写的公司", "销售再写的公司",
                                        "主管再写的公司"};
    (void)state;
    tell(15, 40, names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_story, close_screens),
        cmocka_unit_test_teardown(test_story_narrow, close_screens),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
