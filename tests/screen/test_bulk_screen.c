/* Many customers changed at once: each action from the key to the database,
 * what can not be changed, stopping, undoing.
 * proves: LIST-10, LIST-12, LIST-13, UX-05 */
#include "common/i18n.h"
#include "tests/screen/steps.h"
#include "tests/support/program.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define CUSTOMERS 1300
#define COUNT     "1,300"
#define BY_CHANGE "[[\"updated_at\",\"desc\"]]"
#define ROWS      3

static struct daemon *d;
static struct client *c;
static struct vt *v;
static int64_t ids[ROWS]; /* of the first rows */

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

static void open_at(int rows, int cols)
{
    char name[STEPS_NAME];
    for (int i = 0; i < ROWS; i++)
        ids[i] = steps_customer(c, BY_CHANGE, i + 1, name);
    v = desk_client(d, &(struct vt_options){.rows = rows, .cols = cols});
    vt_expect(v, "1/" COUNT);
    vt_expect_gone(v, "·····");
}

static int open_wide(void **state)
{
    (void)state;
    open_at(40, 120);
    return 0;
}

static int open_narrow(void **state)
{
    (void)state;
    open_at(15, 40);
    return 0;
}

static int close_list(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static void select_rows(void)
{
    vt_keys(v, "<Space><Space><Space>");
    vt_expect(v, "已选 3 ");
}

/* The row of the menu with this name. */
static void choose(const char *label)
{
    char wanted[128];
    snprintf(wanted, sizeof(wanted), "» %s", label);
    vt_keys(v, "b");
    vt_expect(v, "» 修改字段");
    for (int i = 0; i < 8 && !vt_has(v, wanted); i++) {
        vt_keys(v, "j");
        vt_settle(v, 60);
    }
    vt_expect(v, wanted);
    vt_keys(v, "<Enter>");
}

static void expect_each(const char *field, const char *wanted)
{
    for (int i = 0; i < ROWS; i++) {
        char *text = steps_value(c, ids[i], field);
        assert_string_equal(text, wanted);
        x_free(&text);
    }
}

/* `u`, the question, the end. */
static void undo_bulk(int rows)
{
    char words[64];
    snprintf(words, sizeof(words), "已撤销 %s 条",
             rows == 1299 ? "1,299" : (char[]){(char)('0' + rows), 0});
    vt_keys(v, "u");
    vt_expect(v, "[ 撤销 ]");
    vt_keys(v, "<Enter>");
    vt_expect(v, words);
}

static int64_t sql_int(const char *what)
{
    return daemon_sql_int(d, "%s", what);
}

/* --- the actions --- */

/* Two fields at once, without a mouse and without a shortcut. */
static void test_fields(void **state)
{
    (void)state;
    char *before = steps_value(c, ids[0], "industry");
    select_rows();
    choose("修改字段");
    vt_expect(v, "要修改的字段");
    vt_keys(v, "客户行业");
    vt_expect(v, "»   客户行业");
    vt_keys(v, " <C-u>商业及");
    vt_expect(v, "»   商业及");
    vt_keys(v, " <Enter>");
    vt_expect(v, "家居家具"); /* the first of them is asked for at once */
    vt_keys(v, "园艺<Enter>");
    vt_expect(v, "园艺庭院");
    vt_keys(v, "<C-s>");
    vt_expect(v, "有权修改 3");
    vt_expect(v, "客户行业 → 园艺庭院");
    vt_expect(v, "（空）");
    char *still = steps_value(c, ids[0], "industry");
    assert_string_equal(still, before); /* nothing has been changed yet */
    x_free(&still);
    vt_keys(v, "<Enter>");
    vt_expect(v, "完成 3 条");
    expect_each("industry", "garden");
    expect_each("business_model", "");
    vt_expect_gone(v, "已选");
    undo_bulk(3);
    char *after = steps_value(c, ids[0], "industry");
    assert_string_equal(after, before);
    x_free(&after);
    x_free(&before);
}

/* The row under the cursor, where nothing is selected. Esc leads back step by
 * step. */
static void test_leaving(void **state)
{
    (void)state;
    int64_t changes = sql_int("SELECT count(*) FROM audit");
    choose("添加备注");
    vt_expect_row(v, 0, "1 位客户");
    vt_keys(v, "已电话回访");
    vt_expect(v, "已电话回访");
    vt_keys(v, "<C-s>");
    vt_expect(v, "匹配 1");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "匹配 1");
    vt_expect(v, "已电话回访");
    vt_keys(v, "<C-s>");
    vt_expect(v, "匹配 1");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "匹配 1");
    vt_keys(v, "<Esc>");
    vt_expect(v, "1/" COUNT);
    assert_int_equal(sql_int("SELECT count(*) FROM audit"), changes);
}

static void test_note(void **state)
{
    (void)state;
    select_rows();
    choose("添加备注");
    vt_expect_row(v, 0, "3 位客户");
    vt_keys(v, "展会上见过面<C-s>");
    vt_expect(v, "有权修改 3");
    vt_keys(v, "<Enter>");
    vt_expect(v, "完成 3 条");
    for (int i = 0; i < ROWS; i++) {
        char *text = steps_value(c, ids[i], "internal_notes");
        assert_non_null(strstr(text, "展会上见过面"));
        x_free(&text);
    }
    undo_bulk(3);
    for (int i = 0; i < ROWS; i++) {
        char *text = steps_value(c, ids[i], "internal_notes");
        assert_null(strstr(text, "展会上见过面"));
        x_free(&text);
    }
}

static int64_t with_tag(const char *name)
{
    return daemon_sql_int(d,
                          "SELECT count(*) FROM customer c JOIN tag t ON t.id ="
                          " ANY (c.tags) WHERE t.name = '%s'",
                          name);
}

/* A tag that is not there yet is made where it is picked. */
static void tag(const char *way, const char *name)
{
    char words[128];
    choose("标签");
    vt_expect(v, "» 添加标签");
    if (strcmp(way, "添加标签") != 0)
        steps_go_to_field(v, way);
    vt_keys(v, "<Enter>");
    snprintf(words, sizeof(words), "── %s", way);
    vt_expect(v, words);
    vt_keys(v, name);
    snprintf(words, sizeof(words), "»   %s", name);
    vt_expect(v, words);
    if (vt_has(v, "新建")) {
        vt_keys(v, "<Enter>");
        vt_expect(v, "» ✓");
    }
    vt_keys(v, "<Enter>");
    snprintf(words, sizeof(words), "── %s", way);
    vt_expect_gone(v, words);
    vt_keys(v, "<C-s>");
    snprintf(words, sizeof(words), "%s → %s", way, name);
    vt_expect(v, words);
    vt_keys(v, "<Enter>");
}

static void test_tags(void **state)
{
    (void)state;
    select_rows();
    tag("添加标签", "春季展会");
    vt_expect(v, "完成 3 条");
    assert_int_equal(with_tag("春季展会"), 3);
    vt_expect_gone(v, "已选");
    /* Taken away from one of them. */
    vt_keys(v, "g");
    tag("移除标签", "春季展会");
    vt_expect(v, "完成 1 条");
    assert_int_equal(with_tag("春季展会"), 2);
    undo_bulk(1);
    assert_int_equal(with_tag("春季展会"), 3);
    free(daemon_sql(d, "UPDATE customer SET tags = '{}'"));
}

static int64_t owner_of(int64_t id)
{
    return daemon_sql_int(d, "SELECT owner FROM customer WHERE id = %lld",
                          (long long)id);
}

static void test_assign(void **state)
{
    char name[STEPS_NAME];
    int64_t before[ROWS];
    (void)state;
    for (int i = 0; i < ROWS; i++)
        before[i] = owner_of(ids[i]);
    char *who = daemon_sql(d, "SELECT display_name FROM app_user WHERE name ="
                              " 'sales'");
    int64_t his = sql_int("SELECT id FROM app_user WHERE name = 'sales'");
    snprintf(name, sizeof(name), "%s", who);
    x_free(&who);
    select_rows();
    choose("分配");
    vt_keys(v, "负责销售");
    vt_expect(v, "»   负责销售");
    vt_keys(v, "<Enter>");
    vt_expect(v, "── 负责销售");
    vt_keys(v, name);
    vt_expect(v, name);
    vt_expect_gone(v, "没有找到");
    vt_settle(v, 100);
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, "── 负责销售");
    vt_expect(v, name);
    vt_keys(v, "<C-s>");
    vt_expect(v, "负责销售 → ");
    vt_keys(v, "<Enter>");
    vt_expect(v, "完成 ");
    for (int i = 0; i < ROWS; i++)
        assert_int_equal(owner_of(ids[i]), his);
    undo_bulk(3);
    for (int i = 0; i < ROWS; i++)
        assert_int_equal(owner_of(ids[i]), before[i]);
}

static void test_delete(void **state)
{
    (void)state;
    select_rows();
    choose("删除");
    vt_expect(v, "3 条记录将移入回收站");
    /* The button is not under the hand, and `y` is none. */
    vt_keys(v, "y");
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, "移入回收站");
    vt_expect(v, "已选 3 ");
    assert_int_equal(sql_int("SELECT count(*) FROM customer WHERE deleted_at"
                             " IS NOT NULL"),
                     0);
    choose("删除");
    vt_expect(v, "3 条记录将移入回收站");
    vt_keys(v, "<Left><Enter>");
    vt_expect(v, "完成 3 条");
    vt_expect(v, "/1,297");
    assert_int_equal(sql_int("SELECT count(*) FROM customer WHERE deleted_at"
                             " IS NOT NULL"),
                     3);
    undo_bulk(3);
    vt_expect(v, "/" COUNT);
    assert_int_equal(sql_int("SELECT count(*) FROM customer WHERE deleted_at"
                             " IS NOT NULL"),
                     0);
}

static int64_t has_note(void)
{
    return sql_int("SELECT count(*) FROM customer WHERE internal_notes LIKE"
                   " '%全体客户%'");
}

/* All but one; more than a thousand are asked about more plainly. */
static void test_all_but_one(void **state)
{
    (void)state;
    vt_keys(v, "*");
    vt_expect(v, "已选 " COUNT);
    vt_keys(v, "<Space>");
    vt_expect(v, "（除 1）");
    choose("添加备注");
    vt_expect_row(v, 0, "1,299 位客户");
    vt_keys(v, "全体客户<C-s>");
    vt_expect(v, "匹配 1,299");
    vt_expect(v, "将修改 1,299 条");
    vt_keys(v, "<Left><Enter>");
    vt_expect(v, "完成 1,299 条");
    assert_int_equal(has_note(), 1299);
    undo_bulk(1299);
    assert_int_equal(has_note(), 0);
}

/* --- what can not be changed --- */

static void change(int64_t id, const char *values)
{
    cJSON *r = client_result(c, "customer.get", "{\"id\":%lld}", (long long)id);
    int64_t version = json_int(json_get(r, "record"), "version", 0);
    cJSON_Delete(r);
    r = client_result(c, "customer.update",
                      "{\"id\":%lld,\"version\":%lld,\"values\":%s}",
                      (long long)id, (long long)version, values);
    cJSON_Delete(r);
}

/* One changes between the preview and the run: it is told, can be opened, is
 * kept in a file, and tried again. */
static void test_failures(void **state)
{
    char path[512];
    (void)state;
    select_rows();
    choose("修改字段");
    vt_keys(v, "客户行业<Enter>");
    vt_expect(v, "── 客户行业");
    vt_keys(v, "假发<Enter>");
    vt_expect_gone(v, "── 客户行业");
    vt_keys(v, "<C-s>");
    vt_expect(v, "有权修改 3");
    change(ids[1], "{\"internal_notes\":\"另一人\"}");
    vt_keys(v, "<Enter>");
    vt_expect(v, "[ 失败 1 ]");
    vt_keys(v, "<Enter>");
    vt_expect(v, "未修改 1 条");
    vt_keys(v, "<Enter>"); /* the record */
    vt_expect(v, "客户名称");
    vt_keys(v, "<Esc>");
    vt_expect(v, "未修改 1 条");
    vt_keys(v, "<Home>");
    vt_expect(v, "» 导出");
    vt_keys(v, "<Enter>");
    vt_expect(v, ".csv");
    snprintf(path, sizeof(path), "%s/failed.csv", vt_home(v));
    vt_keys(v, "<C-u>~/failed.csv<Enter>");
    vt_expect(v, "已写入");
    char *text = program_read_file(path);
    char id[32];
    snprintf(id, sizeof(id), "\n%lld,\"", (long long)ids[1]);
    assert_non_null(text);
    assert_non_null(strstr(text, id));
    x_free(&text);
    /* Not over a file that is there. */
    vt_keys(v, "<Enter>");
    vt_expect(v, ".csv");
    vt_keys(v, "<C-u>~/failed.csv<Enter>");
    vt_expect(v, "文件已存在");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "文件已存在");
    vt_keys(v, "j");
    vt_expect(v, "» 重试");
    vt_keys(v, "<Enter>");
    vt_expect(v, "匹配 1");
    vt_expect(v, "已选 1 ");
    vt_keys(v, "<Enter>");
    vt_expect(v, "完成 1 条");
    expect_each("industry", "wigs");
    undo_bulk(1);
    undo_bulk(2);
}

/* Rows that were changed since keep what they have. */
static void test_undo_of_rows_changed_since(void **state)
{
    (void)state;
    char *before = steps_value(c, ids[0], "industry");
    char *third = steps_value(c, ids[2], "industry");
    char *back = x_asprintf("{\"industry\":\"%s\"}", third);
    select_rows();
    choose("修改字段");
    vt_keys(v, "客户行业<Enter>");
    vt_expect(v, "── 客户行业");
    vt_keys(v, "五金<Enter>");
    vt_expect_gone(v, "── 客户行业");
    vt_keys(v, "<C-s>");
    vt_expect(v, "有权修改 3");
    vt_keys(v, "<Enter>");
    vt_expect(v, "完成 3 条");
    change(ids[2], "{\"internal_notes\":\"之后又改\"}");
    undo_bulk(2);
    vt_expect(v, "[ 失败 1 ]");
    vt_keys(v, "<Enter>");
    vt_expect(v, "未修改 1 条");
    assert_false(vt_has(v, "重试"));
    char *text = steps_value(c, ids[2], "industry");
    assert_string_equal(text, "tools");
    x_free(&text);
    text = steps_value(c, ids[0], "industry");
    assert_string_equal(text, before);
    change(ids[2], back);
    x_free(&text);
    x_free(&before);
    x_free(&third);
    x_free(&back);
}

/* Esc stops it; what was done until then stays, and `u` takes it back. A lock
 * on the daemon's own table holds the run up until it has been stopped. */
static void test_stopped(void **state)
{
    (void)state;
    PGconn *other = PQconnectdb(d->owner_conninfo);
    assert_int_equal(PQstatus(other), CONNECTION_OK);
    vt_keys(v, "*");
    vt_expect(v, "已选 " COUNT);
    choose("添加备注");
    vt_expect_row(v, 0, COUNT " 位客户");
    vt_keys(v, "全体客户<C-s>");
    vt_expect(v, "匹配 " COUNT);
    PGresult *held =
        PQexec(other, "BEGIN; LOCK TABLE bulk_batch IN SHARE MODE");
    assert_int_equal(PQresultStatus(held), PGRES_COMMAND_OK);
    PQclear(held);
    vt_keys(v, "<Left><Enter>");
    vt_expect(v, "[ 停止 ]");
    /* In the background, and back: there is no second one meanwhile. */
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, "[ 停止 ]");
    vt_keys(v, "jb");
    vt_expect(v, "[ 停止 ]");
    assert_false(vt_has(v, "修改字段"));
    vt_keys(v, "<Esc>");
    vt_expect(v, "正在停止");
    PQclear(PQexec(other, "COMMIT"));
    PQfinish(other);
    vt_expect(v, "已停止");
    vt_expect_gone(v, "正在停止");
    int64_t changed = has_note();
    assert_true(changed < CUSTOMERS);
    if (changed) {
        vt_keys(v, "u");
        vt_expect(v, "[ 撤销 ]");
        vt_keys(v, "<Enter>");
        vt_expect(v, "已撤销 ");
    }
    assert_int_equal(has_note(), 0);
}

/* --- a sales person --- */

static int open_as_sales(void **state)
{
    (void)state;
    return 0;
}

/* Sees his own, and may neither assign nor delete; of those that are under
 * contract the kind of cooperation can not be taken away. */
static void test_sales_person(void **state)
{
    (void)state;
    struct daemon *theirs = desk_daemon(CUSTOMERS, "sales");
    struct client *he = client_as(theirs, "sales");
    char words[64];
    cJSON *all = client_result(he, "customer.count", "{}");
    int total = (int)json_int(all, "total", 0);
    cJSON_Delete(all);
    assert_in_range(total, 2, 999);
    v = desk_client(theirs, NULL);
    snprintf(words, sizeof(words), "1/%d", total);
    vt_expect(v, words);
    vt_keys(v, "*b");
    vt_expect(v, "» 修改字段");
    assert_false(vt_has(v, "  分配"));
    assert_false(vt_has(v, "  删除"));
    vt_keys(v, "<Enter>");
    vt_expect(v, "要修改的字段");
    vt_keys(v, "合作方式<Enter>");
    vt_expect(v, "── 合作方式");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "── 合作方式");
    vt_keys(v, "<C-s>");
    vt_expect(v, "合作方式 → （空）");
    cJSON *preview =
        client_result(he, "customer.bulk",
                      "{\"filter\":{},\"action\":\"update\",\"dry_run\":true,"
                      "\"values\":{\"cooperation_type\":null},\"key\":"
                      "\"a-key-of-the-test-itself-00\"}");
    int failed = (int)json_int(preview, "failed_total", 0);
    cJSON_Delete(preview);
    assert_true(failed > 0);
    snprintf(words, sizeof(words), "不能修改 %d", failed);
    vt_expect(v, words);
    vt_keys(v, "<Right><Enter>");
    snprintf(words, sizeof(words), "未修改 %d 条", failed);
    if (failed < total)
        vt_expect(v, words);
    client_close(&he);
    daemon_free(&theirs);
}

int main(void)
{
#define CASE(name, how)                                                        \
    {                                                                          \
#name " " #how, test_##name, open_##how, close_list, NULL              \
    }
    const struct CMUnitTest tests[] = {
        CASE(fields, wide),
        CASE(fields, narrow),
        CASE(leaving, wide),
        CASE(leaving, narrow),
        CASE(note, wide),
        CASE(note, narrow),
        CASE(tags, wide),
        CASE(tags, narrow),
        CASE(assign, wide),
        CASE(assign, narrow),
        CASE(delete, wide),
        CASE(delete, narrow),
        CASE(all_but_one, wide),
        CASE(all_but_one, narrow),
        CASE(failures, wide),
        CASE(failures, narrow),
        CASE(undo_of_rows_changed_since, wide),
        CASE(undo_of_rows_changed_since, narrow),
        CASE(stopped, wide),
        CASE(stopped, narrow),
        CASE(sales_person, as_sales),
    };
    i18n_init(NULL); /* cell widths */
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
