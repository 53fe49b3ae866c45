/* What was typed and not sent is there again after a kill, a hang-up, a lost
 * daemon; a submit that was cut off adds one customer only. */
#include "common/clock.h"
#include "tests/screen/draft_steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

#define CUSTOMERS 40
#define BY_CHANGE "[[\"updated_at\",\"desc\"]]"

static struct daemon *d;
static struct client *c;
static struct vt *v;
static char home[64];
static struct vt_options options;

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

static void start(void)
{
    v = desk_client(d, &options);
    vt_expect(v, "1/");
}

static int open_wide(void **state)
{
    (void)state;
    program_tempdir(home);
    options = (struct vt_options){.home = home};
    start();
    return 0;
}

static int open_narrow(void **state)
{
    (void)state;
    program_tempdir(home);
    options = (struct vt_options){.home = home, .rows = 15, .cols = 40};
    start();
    return 0;
}

static int close_screen(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static int64_t count(void)
{
    cJSON *r = client_result(c, "customer.count", "{}");
    int64_t total = json_int(r, "total", -1);
    cJSON_Delete(r);
    return total;
}

static void kill_and_come_back(void)
{
    drafts_kill(v);
    vt_stop(&v);
    start();
}

static void open_new(void)
{
    vt_keys(v, "n");
    wizard_expect_step(v, 1, "合作信息");
    vt_expect(v, "» 客户名称 *");
}

/* `n` offers the draft; the first row goes on with it. */
static void go_on(const char *line)
{
    vt_keys(v, "n");
    vt_expect(v, "有 1 份草稿");
    vt_expect(v, line);
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, "全部草稿");
}

/* --- cut off --- */

/* Killed in the middle of a contact's phone, come back, finished.
 * proves: NEW-04, NEW-01 */
static void killed_and_finished(const char *name)
{
    int64_t before = count();
    open_new();
    wizard_fill_first(v, name);
    wizard_fill_second(v);
    wizard_go_to_add(v);
    vt_keys(v, "<Enter>");
    vt_expect(v, "» 姓名 *");
    vt_keys(v, "诸葛亮");
    steps_go_to_field(v, "电话");
    vt_keys(v, "1370000");
    drafts_expect(v, "\"1370000\"");
    kill_and_come_back();
    go_on(steps_start(name));
    wizard_expect_step(v, 2, "基础信息");
    steps_tab_to(v, "1  诸葛亮");
    steps_expect_focus(v, "1370000");
    vt_keys(v, "<Enter>");
    vt_expect(v, "» 姓名 *");
    steps_go_to_field(v, "电话");
    vt_keys(v, "1111<C-s>");
    vt_expect_gone(v, "姓名 *");
    wizard_to_review(v);
    vt_keys(v, "<Enter>");
    vt_expect(v, "已新建。");
    assert_int_equal(count(), before + 1);
    drafts_expect_none(v);
}

static void test_killed_and_finished(void **state)
{
    (void)state;
    killed_and_finished("郑州市黄河出海有限公司");
}

static void test_killed_and_finished_narrow(void **state)
{
    (void)state;
    killed_and_finished("洛阳市伊河出海有限公司");
}

/* Everything up to the last key is there when the line is cut.
 * proves: NEW-04 */
static void test_hang_up(void **state)
{
    (void)state;
    open_new();
    vt_keys(v, "断线前最后一个字");
    vt_expect(v, "断线前最后一个字");
    vt_stop(&v); /* hangs up */
    char *text = drafts_text_of(home);
    assert_non_null(text);
    assert_non_null(strstr(text, "断线前最后一个字"));
    x_free(&text);
    start();
    vt_expect(v, "有 1 份草稿");
    go_on("断线前最后一个字");
    vt_expect(v, "» 客户名称 *");
    vt_expect(v, "断线前最后一个字");
}

/* proves: NEW-04 */
static void test_terminated(void **state)
{
    (void)state;
    open_new();
    vt_keys(v, "被要求结束的时候");
    vt_expect(v, "被要求结束的时候");
    kill(vt_pid(v), SIGTERM);
    assert_int_equal(vt_wait_exit(v, VT_PATIENCE), 0);
    char *text = drafts_text_of(home);
    assert_non_null(text);
    assert_non_null(strstr(text, "被要求结束的时候"));
    x_free(&text);
}

/* A program that dies of its own fault saves first.
 * proves: NEW-04 */
static void test_crash(void **state)
{
    (void)state;
    open_new();
    vt_keys(v, "崩溃之前");
    vt_expect(v, "崩溃之前");
    kill(vt_pid(v), SIGSEGV);
    vt_wait_exit(v, VT_PATIENCE);
    char *text = drafts_text_of(home);
    assert_non_null(text);
    assert_non_null(strstr(text, "崩溃之前"));
    x_free(&text);
}

static void test_lost_daemon(void **state)
{
    (void)state;
    open_new();
    vt_keys(v, "服务断开的时候<Tab>");
    client_close(&c);
    daemon_kill(d);
    vt_expect(v, "已断开");
    drafts_expect(v, "服务断开的时候");
    daemon_run(d);
    c = client_as(d, "sales_director");
    vt_expect(v, "服务断开的时候");
}

/* --- a submit that was cut off --- */

static void fill_and_cut(const char *name)
{
    open_new();
    wizard_fill(v, name);
    client_close(&c);
    daemon_kill(d);
    vt_expect(v, "已断开");
    vt_keys(v, "<Enter>");
    vt_expect(v, "保存中");
    drafts_expect(v, "\"sent\"");
    drafts_kill(v);
    vt_stop(&v);
    daemon_run(d);
    c = client_as(d, "sales_director");
}

static void submit_again(const char *name, int64_t wanted)
{
    start();
    go_on(steps_start(name));
    vt_expect(v, "是否已新建？");
    vt_keys(v, "<Enter>");
    vt_expect(v, "已新建。");
    assert_int_equal(count(), wanted);
    drafts_expect_none(v);
}

/* It never reached the daemon.
 * proves: NEW-01, NEW-04 */
static void test_cut_off_before(void **state)
{
    (void)state;
    int64_t before = count();
    fill_and_cut("开封市汴河出海有限公司");
    submit_again("开封市汴河出海有限公司", before + 1);
}

/* It did, and only the answer was lost.
 * proves: NEW-01, NEW-04 */
static void test_cut_off_after(void **state)
{
    cJSON *draft = NULL;
    (void)state;
    int64_t before = count();
    fill_and_cut("安阳市洹河出海有限公司");
    char *text = drafts_text_of(home);
    assert_true(json_parse(text, strlen(text), NULL, &draft, NULL));
    x_free(&text);
    text = cJSON_PrintUnformatted(json_get(draft, "sent"));
    cJSON_Delete(client_result(c, "customer.create", "%s", text));
    cJSON_free(text);
    cJSON_Delete(draft);
    assert_int_equal(count(), before + 1);
    submit_again("安阳市洹河出海有限公司", before + 1);
}

/* --- leaving, and the list --- */

/* proves: NEW-04 */
static void test_esc_keeps_it(void **state)
{
    (void)state;
    open_new();
    vt_keys(v, "<Esc>"); /* nothing typed: nothing kept */
    vt_expect_gone(v, "新建客户");
    drafts_expect_none(v);
    open_new();
    vt_keys(v, "半途而废的公司");
    vt_expect(v, "半途而废的公司");
    vt_keys(v, "<Esc>");
    vt_expect(v, "已存为草稿，按 D 查看草稿。");
    drafts_expect(v, "半途而废的公司");
}

/* proves: NEW-04 */
static void test_screen_of_drafts(void **state)
{
    (void)state;
    open_new();
    vt_keys(v, "列表里的公司");
    vt_keys(v, "<C-s>");
    vt_expect(v, "草稿已存。");
    vt_keys(v, "<Esc>");
    vt_expect(v, "已存为草稿");
    vt_keys(v, "D");
    vt_expect_row(v, 0, "草稿");
    vt_expect(v, "» 列表里的公司");
    vt_expect(v, "新建客户  第 1/5 步");
    vt_keys(v, "p");
    vt_expect(v, "客户名称: 列表里的公司");
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, "客户名称: ");
    vt_keys(v, "r<C-u>我的备忘<Enter>");
    vt_expect(v, "» 我的备忘");
    vt_keys(v, "<Enter>");
    wizard_expect_step(v, 1, "合作信息");
    vt_expect(v, "列表里的公司");
    vt_keys(v, "<Esc>");
    vt_expect(v, "» 我的备忘");
    vt_keys(v, "d");
    vt_expect(v, "删除这份草稿？");
    vt_keys(v, "y");
    vt_expect(v, "没有草稿");
    drafts_expect_none(v);
}

/* Another client does not take what this one has open.
 * proves: NEW-04 */
static void test_open_elsewhere(void **state)
{
    (void)state;
    open_new();
    vt_keys(v, "正在填写的公司");
    drafts_expect(v, "正在填写的公司");
    struct vt *other = desk_client(d, &options);
    vt_expect(other, "1/");
    vt_keys(other, "n");
    wizard_expect_step(other, 1, "合作信息");
    assert_false(vt_has(other, "正在填写的公司"));
    vt_stop(&other);
}

/* proves: NEW-04 */
static void test_older_schema(void **state)
{
    char path[512];
    (void)state;
    open_new();
    vt_keys(v, "旧版本的公司");
    drafts_expect(v, "旧版本的公司");
    drafts_kill(v);
    vt_stop(&v);
    assert_int_equal(drafts_count(home, path), 1);
    char *text = program_read_file(path);
    char *at = strstr(text, "\"schema\":\"");
    assert_non_null(at);
    memset(at + 10, '0', 16);
    at = strstr(text, "\"values\":{");
    assert_non_null(at);
    char *other =
        x_asprintf("%.*s\"fax_number\":\"010-1\",\"industry\":\"telegraph\",%s",
                   (int)(at + 10 - text), text, at + 10);
    program_write_file(path, other);
    x_free(&other);
    x_free(&text);
    start();
    go_on("旧版本的公司");
    vt_expect(v, "草稿未能全部恢复");
    vt_expect(v, "fax_number");
    vt_expect(v, "telegraph");
    vt_keys(v, "<Enter>");
    vt_expect(v, "旧版本的公司");
}

/* A file that is none is told and set aside, and nothing else suffers.
 * proves: NEW-04 */
static void test_broken_file(void **state)
{
    char path[512];
    (void)state;
    open_new();
    vt_keys(v, "会坏掉的公司");
    drafts_expect(v, "会坏掉的公司");
    drafts_kill(v);
    vt_stop(&v);
    assert_int_equal(drafts_count(home, path), 1);
    program_write_file(path, "{\"kehu_draft\":1,\"entity\":");
    start();
    vt_expect(v, "有 1 份草稿无法读取");
    drafts_expect_none(v);
}

/* There is no room: told, shown, and tried again.
 * proves: NEW-04 */
static void test_no_room(void **state)
{
    char path[512], folder[512];
    (void)state;
    open_new();
    vt_keys(v, "第一次");
    drafts_expect(v, "第一次");
    assert_int_equal(drafts_count(home, path), 1);
    snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path),
             path);
    remove(path);
    for (int i = 0; i < 200; i++) {
        char *other = x_asprintf("%s/%016x.json", folder, i);
        program_write_file(other, "{\"kehu_draft\":99}");
        x_free(&other);
    }
    vt_keys(v, "第二次");
    vt_expect(v, "已有 200 份草稿");
    vt_expect(v, "草稿未存");
    char *other = x_asprintf("%s/%016x.json", folder, 7);
    remove(other);
    x_free(&other);
    vt_expect(v, "草稿已存");
    assert_int_equal(drafts_count(home, path), 200);
}

/* --- edits --- */

static int64_t open_record(char name[STEPS_NAME])
{
    int64_t id = steps_customer(c, BY_CHANGE, 1, name);
    vt_keys(v, "<C-r>g");
    steps_expect_focus(v, steps_start(name));
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 0, name);
    return id;
}

static void change_behind_the_back(int64_t id, const char *values)
{
    cJSON *r = client_result(c, "customer.get", "{\"id\":%lld}", (long long)id);
    int64_t version = json_int(json_get(r, "record"), "version", 0);
    cJSON_Delete(r);
    r = client_result(c, "customer.update",
                      "{\"id\":%lld,\"version\":%lld,\"values\":%s}",
                      (long long)id, (long long)version, values);
    cJSON_Delete(r);
}

static void expect_stored(int64_t id, const char *name)
{
    char *text = steps_value(c, id, "customer_name");
    assert_string_equal(text, name);
    x_free(&text);
}

/* proves: NEW-04 */
static void test_edit_comes_back(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    int64_t id = open_record(name);
    vt_keys(v, "e<C-u>改到一半的名字");
    drafts_expect(v, "改到一半的名字");
    kill_and_come_back();
    open_record(name);
    vt_expect(v, "未保存的修改");
    vt_keys(v, "<Enter>");
    vt_expect(v, "改到一半的名字");
    vt_keys(v, "<C-s>");
    vt_expect(v, "已保存。");
    expect_stored(id, "改到一半的名字");
    drafts_expect_none(v);
}

/* Somebody changed the record meanwhile: before, theirs, mine.
 * proves: NEW-04, EDIT-02 */
static void test_edit_comes_back_to_a_conflict(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    int64_t id = open_record(name);
    vt_keys(v, "e<C-u>我在离线时改的名字");
    drafts_expect(v, "我在离线时改的名字");
    drafts_kill(v);
    vt_stop(&v);
    change_behind_the_back(id, "{\"customer_name\":\"对方改成的名字\"}");
    start();
    open_record(name);
    vt_expect(v, "未保存的修改");
    vt_keys(v, "<Enter>");
    vt_expect(v, "此记录已被他人同时修改");
    vt_expect(v, "对方改成的名字");
    vt_expect(v, "我在离线时改的名字");
    vt_keys(v, "m<C-s>");
    vt_expect_gone(v, "此记录已被他人同时修改");
    expect_stored(id, "对方改成的名字");
    vt_keys(v, "<C-s>");
    vt_expect(v, "已保存。");
    expect_stored(id, "我在离线时改的名字");
    drafts_expect_none(v);
}

/* Dropped on purpose, it does not come back. */
static void test_edit_dropped(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    int64_t id = open_record(name);
    vt_keys(v, "e<C-u>不要的名字");
    drafts_expect(v, "不要的名字");
    vt_keys(v, "<Esc>");
    vt_expect(v, "放弃修改？");
    vt_keys(v, "y");
    vt_expect_gone(v, "放弃修改？");
    drafts_expect_none(v);
    expect_stored(id, name);
}

/* --- the command line --- */

static char *run(const char *verb, const char *id, int wanted)
{
    const char *argv[] = {"kehu", "drafts", verb, id, NULL};
    char *where = x_asprintf("HOME=%s", home);
    char *state = x_asprintf("XDG_STATE_HOME=%s/state", home);
    const char *env[] = {where, state, "LC_ALL=zh_CN.UTF-8", NULL};
    struct program p = {.argv = argv, .env = env};
    char *out = NULL;
    assert_int_equal(program_run(&p, &out, NULL), wanted);
    x_free(&where);
    x_free(&state);
    return out;
}

static void test_command_line(void **state)
{
    char path[512], id[17];
    (void)state;
    open_new();
    vt_keys(v, "命令行里的公司");
    drafts_expect(v, "命令行里的公司");
    assert_int_equal(drafts_count(home, path), 1);
    snprintf(id, sizeof(id), "%.16s", strrchr(path, '/') + 1);
    char *out = run("list", NULL, 0);
    assert_non_null(strstr(out, id));
    assert_non_null(strstr(out, "命令行里的公司"));
    x_free(&out);
    out = run("delete", id, 1); /* open in a terminal */
    x_free(&out);
    drafts_kill(v);
    vt_stop(&v);
    const char *argv[] = {KEHU_BUILD "/bin/kehu", "drafts", "open", id, NULL};
    struct vt_options o = {.home = home, .argv = argv};
    v = desk_client(d, &o);
    wizard_expect_step(v, 1, "合作信息");
    vt_expect(v, "命令行里的公司");
    drafts_kill(v);
    out = run("delete", id, 0);
    x_free(&out);
    drafts_expect_none(v);
    out = run("delete", id, 1);
    x_free(&out);
}

/* --- again and again --- */

#define ROUNDS 10
/* What is typed: the first letter is the round's own. */
static char alphabet[] = "Abcdefghijklmnopqrstuvwxyz";

/* KEHU_DRAFT_ROUNDS: the long run of tests/bench/draft_kills. */
static int rounds(void)
{
    const char *text = getenv("KEHU_DRAFT_ROUNDS");
    return text ? atoi(text) : ROUNDS;
}

/* The wizard, with what the round before left. */
static void open_again(bool first)
{
    start();
    vt_keys(v, "n");
    if (!first) {
        vt_expect(v, "有 1 份草稿");
        vt_keys(v, "<Enter>");
    }
    wizard_expect_step(v, 1, "合作信息");
    vt_expect(v, "» 客户名称 *");
    vt_keys(v, "<C-u>");
}

/* Types n letters, in the long run at the pace of a person; when each of them
 * stood on the screen goes to `at`. */
static void type_letters(int n, uint64_t *at)
{
    char text[32];
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof(text), "%c", alphabet[i]);
        vt_keys(v, text);
        snprintf(text, sizeof(text), "%.*s", i + 1, alphabet);
        vt_expect(v, text);
        at[i] = clock_mono_ms();
        vt_settle(v, rand() % (rounds() > ROUNDS ? 200 : 30));
    }
}

/* How many letters the draft holds: it is whole, and begins as what was typed
 * does. */
static int letters_kept(void)
{
    cJSON *all = NULL;
    char *kept = drafts_text_of(home);
    assert_non_null(kept);
    assert_true(json_parse(kept, strlen(kept), NULL, &all, NULL));
    const char *name = json_str(json_get(json_get(all, "form"), "values"),
                                "customer_name", "");
    int n = (int)strlen(name);
    assert_true(strncmp(name, alphabet, (size_t)n) == 0);
    cJSON_Delete(all);
    x_free(&kept);
    return n;
}

/* Killed at whatever moment: never a whole draft is lost, and of the typing
 * two seconds at most (told by the long run alone, on a machine that has time
 * for it).
 * proves: NEW-04 */
static void test_killed_at_any_moment(void **state)
{
    uint64_t at[sizeof(alphabet)], worst = 0;
    (void)state;
    srand(20250704);
    drafts_kill(v);
    for (int i = 0; i < rounds(); i++) {
        char text[32];
        int n = 5 + rand() % 20;
        alphabet[0] = (char)('A' + i % 26);
        vt_stop(&v);
        open_again(i == 0);
        type_letters(n, at);
        /* This round's own is there, so that it is not the last one's. */
        snprintf(text, sizeof(text), "\"%.*s", n / 3, alphabet);
        drafts_expect(v, text);
        vt_settle(v, rand() % 1200);
        uint64_t end = clock_mono_ms();
        drafts_kill(v);
        int kept = letters_kept();
        assert_true(kept >= n / 3);
        if (kept < n && end - at[kept] > worst)
            worst = end - at[kept];
    }
    if (getenv("KEHU_DRAFT_ROUNDS")) {
        printf("%d kills; %llu ms of typing lost at the worst\n", rounds(),
               (unsigned long long)worst);
        assert_true(worst <= 2000);
    }
}

int main(void)
{
#define WIDE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, open_wide, close_screen)
#define NARROW(name)                                                           \
    cmocka_unit_test_setup_teardown(test_##name, open_narrow, close_screen)
    const struct CMUnitTest tests[] = {
        WIDE(killed_and_finished),
        NARROW(killed_and_finished_narrow),
        WIDE(hang_up),
        WIDE(terminated),
        WIDE(crash),
        WIDE(lost_daemon),
        WIDE(cut_off_before),
        WIDE(cut_off_after),
        WIDE(esc_keeps_it),
        WIDE(screen_of_drafts),
        WIDE(open_elsewhere),
        WIDE(older_schema),
        WIDE(broken_file),
        WIDE(no_room),
        WIDE(edit_comes_back),
        WIDE(edit_comes_back_to_a_conflict),
        WIDE(edit_dropped),
        WIDE(command_line),
        WIDE(killed_at_any_moment),
    };
    const struct CMUnitTest last[] = {WIDE(killed_at_any_moment)};
    if (getenv("KEHU_DRAFT_ROUNDS"))
        return cmocka_run_group_tests(last, set_up, tear_down);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
