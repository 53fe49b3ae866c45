/* `u`: the last things done are taken back one after another, unless somebody
 * else has changed the record since. */
#include "common/i18n.h"
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 60
#define BY_CHANGE "[[\"updated_at\",\"desc\"]]"

static struct daemon *d;
static struct client *c;
static struct vt *v;
static char first[STEPS_NAME];
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

static int open_first(int rows, int cols)
{
    id = steps_customer(c, BY_CHANGE, 1, first);
    v = desk_list(d, &(struct vt_options){.rows = rows, .cols = cols},
                  CUSTOMERS);
    vt_keys(v, "<Enter>");
    vt_expect(v, "客户名称");
    vt_expect_row(v, 0, steps_start(first));
    return 0;
}

static int open_wide(void **state)
{
    (void)state;
    return open_first(40, 120);
}

static int open_narrow(void **state)
{
    (void)state;
    return open_first(15, 40);
}

static int close_screen(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static void expect_name(const char *wanted)
{
    char *text = steps_value(c, id, "customer_name");
    assert_string_equal(text, wanted);
    x_free(&text);
}

/* As long as the message before stands it would be taken for the new one. */
static void save(const char *keys)
{
    vt_keys(v, keys);
    vt_expect(v, "已保存。");
}

/* Two edits of two records, the newer one first; the list knows, too. */
static void test_edits_one_after_another(void **state)
{
    char second[STEPS_NAME];
    int64_t other = steps_customer(c, BY_CHANGE, 2, second);
    (void)state;
    save("e<C-u>甲乙丙丁有限公司<C-s>");
    vt_keys(v, "]");
    vt_expect_row(v, 0, steps_start(second));
    vt_expect_gone(v, "已保存。");
    save("e<C-u>戊己庚辛有限公司<C-s>");
    vt_keys(v, "u");
    vt_expect(v, "已撤销：修改“");
    vt_expect_row(v, 0, steps_start(second));
    expect_name("甲乙丙丁有限公司");
    vt_keys(v, "u");
    vt_expect(v, "“甲乙丙丁");
    vt_expect(v, "已撤销");
    char *text = steps_value(c, other, "customer_name");
    assert_string_equal(text, second);
    x_free(&text);
    expect_name(first);
    /* Nothing is left. */
    vt_keys(v, "u");
    vt_expect(v, "此处不可用");
}

/* What is undone leaves a newer version behind; the edit before it still goes
 * back. */
static void test_two_edits_of_one_record(void **state)
{
    (void)state;
    save("e<C-u>子丑寅卯有限公司<C-s>");
    vt_keys(v, "<C-l>u"); /* also right after it was saved */
    vt_expect(v, "已撤销：修改“子丑");
    expect_name(first);
    save("e<C-u>辰巳午未有限公司<C-s>");
    vt_expect_row(v, 0, "辰巳午未");
    vt_keys(v, "e<C-u>申酉戌亥有限公司<C-s>");
    vt_expect_row(v, 0, "申酉戌亥");
    vt_keys(v, "u");
    vt_expect(v, "已撤销：修改“申酉");
    vt_expect_row(v, 0, "辰巳午未");
    vt_keys(v, "u");
    vt_expect(v, "已撤销：修改“辰巳");
    vt_expect_row(v, 0, steps_start(first));
    expect_name(first);
}

/* In another session it has been changed: that stays, and who did it is named.
 */
static void test_changed_since(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    save("e<C-u>壬癸子丑有限公司<C-s>");
    cJSON *r = client_result(c, "customer.get", "{\"id\":%lld}", (long long)id);
    cJSON *after = client_result(
        c, "customer.update",
        "{\"id\":%lld,\"version\":%lld,\"values\":{\"internal_notes\":\"x\"}}",
        (long long)id,
        (long long)json_int(json_get(r, "record"), "version", 0));
    const cJSON *by = json_get(json_get(after, "record"), "updated_by");
    snprintf(name, sizeof(name), "未撤销，%s",
             cJSON_GetStringValue(cJSON_GetArrayItem(by, 1)));
    cJSON_Delete(after);
    cJSON_Delete(r);
    vt_keys(v, "u");
    vt_expect(v, name);
    expect_name("壬癸子丑有限公司");
    vt_expect_row(v, 0, "壬癸子丑");
}

int main(void)
{
#define CASE(name, how)                                                        \
    {                                                                          \
#name " " #how, test_##name, open_##how, close_screen, NULL            \
    }
    const struct CMUnitTest tests[] = {
        CASE(edits_one_after_another, wide),
        CASE(edits_one_after_another, narrow),
        CASE(two_edits_of_one_record, wide),
        CASE(changed_since, wide),
    };
    i18n_init(NULL); /* cell widths */
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
