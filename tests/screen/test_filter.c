/* The advanced filter on the screen: the form and each kind of its editors,
 * the live number, chips, the filter as text; on customers and on contacts,
 * at 120 × 40 and at 40 × 15. */
#include "common/date.h"
#include "common/i18n.h"
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 300
#define SEARCH    1 /* row of the search line */

static struct daemon *d;
static struct client *c;
static struct vt *v;

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

static int open_list(void **state)
{
    (void)state;
    v = desk_list(d, NULL, CUSTOMERS);
    return 0;
}

static int open_narrow(void **state)
{
    (void)state;
    struct vt_options o = {.rows = 15, .cols = 40};
    v = desk_list(d, &o, CUSTOMERS);
    return 0;
}

static int close_list(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static int64_t count_of(const char *entity, const char *filter)
{
    char method[64];
    snprintf(method, sizeof(method), "%s.count", entity);
    cJSON *r = client_result(c, method, "{\"filter\":%s}", filter);
    int64_t total = json_int(r, "total", -1);
    cJSON_Delete(r);
    return total;
}

/* The list shows as many rows as the daemon counts for this filter. */
static void expect_rows(const char *filter)
{
    char words[64];
    int64_t n = count_of("customer", filter);
    snprintf(words, sizeof(words), "%lld 条 / 共 300", (long long)n);
    vt_expect_row(v, SEARCH, words);
}

/* The form shows the same number. */
static void expect_matches(const char *filter)
{
    char words[64];
    snprintf(words, sizeof(words), "匹配 %lld",
             (long long)count_of("customer", filter));
    vt_expect_row(v, 1, words);
    vt_expect_gone(v, "…匹配");
}

/* Opens the form and goes to a field by its name. */
static void go_to(const char *label)
{
    char focus[128];
    vt_keys(v, "f");
    vt_expect(v, "· 筛选");
    vt_keys(v, "/");
    vt_keys(v, label);
    snprintf(focus, sizeof(focus), "» %s", label);
    vt_expect(v, focus);
}

#define GRADE_A  "{\"grade\":{\"eq\":\"A\"}}"
#define GRADE_AB "{\"grade\":{\"in\":[\"A\",\"B\"]}}"

/* The number is live while one chooses; Ctrl-S shows the rows, the condition is
 * a chip.
 * proves: LIST-05, LIST-07 */
static void test_values(void **state)
{
    (void)state;
    assert_true(count_of("customer", GRADE_A) > 0);
    go_to("分级");
    expect_matches("{}");
    vt_keys(v, "<Enter>");
    vt_expect(v, "── 分级");
    vt_keys(v, "<Space>");
    expect_matches(GRADE_A);
    vt_keys(v, "<Down><Space>");
    expect_matches(GRADE_AB);
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, "── 分级");
    vt_expect_row(v, 2, "A ");
    vt_keys(v, "<C-s>");
    expect_rows(GRADE_AB);
    vt_expect_row(v, SEARCH, "[分级 A,B ✕1]");
    vt_expect(v, " 1/");
}

/* Esc leaves the editor and the form without a change. */
static void test_leaving(void **state)
{
    (void)state;
    go_to("分级");
    vt_keys(v, "<Enter>");
    vt_expect(v, "── 分级");
    vt_keys(v, "<Space>");
    expect_matches(GRADE_A);
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "── 分级");
    expect_matches("{}");
    vt_settle(v, 100);
    vt_keys(v, "<Esc>");
    vt_expect_row(v, SEARCH, "共 300 条");
    assert_false(vt_has(v, "✕1"));
}

/* All but some, empty, not empty: as far as the type has them. */
static void test_not_and_empty(void **state)
{
    (void)state;
    go_to("分级");
    vt_keys(v, "<Enter>");
    vt_expect(v, "── 分级");
    vt_keys(v, "<Space><Down><Down><Down><Space>");
    expect_matches("{\"grade\":{\"ne\":\"A\"}}");
    vt_keys(v, "<Enter><C-s>");
    expect_rows("{\"grade\":{\"ne\":\"A\"}}");
    vt_expect_row(v, SEARCH, "[分级 非 A ✕1]");
    vt_keys(v, "0");
    vt_expect_row(v, SEARCH, "共 300 条");
    go_to("分级");
    vt_keys(v, "<Enter>");
    vt_expect(v, "── 分级");
    vt_keys(v, "<End><Enter><C-s>");
    expect_rows("{\"grade\":{\"is_null\":false}}");
    vt_expect_row(v, SEARCH, "[分级 不为空 ✕1]");
}

/* People and units by name, from the daemon as one types. */
static void test_records_by_name(void **state)
{
    (void)state;
    char name[STEPS_NAME], keys[STEPS_NAME + 32], filter[128];
    cJSON *r = client_result(
        c, "customer.list",
        "{\"columns\":[\"sales_person\"],\"sort\":[],\"limit\":1}");
    const cJSON *pair =
        cJSON_GetArrayItem(cJSON_GetArrayItem(json_get(r, "rows"), 0), 2);
    snprintf(name, sizeof(name), "%s",
             cJSON_GetArrayItem(pair, 1)->valuestring);
    snprintf(filter, sizeof(filter), "{\"sales_person\":{\"eq\":%d}}",
             cJSON_GetArrayItem(pair, 0)->valueint);
    cJSON_Delete(r);
    go_to("签单销售");
    vt_keys(v, "<Enter>");
    vt_expect(v, "── 签单销售");
    vt_keys(v, name);
    snprintf(keys, sizeof(keys), "»   %s", name);
    vt_expect(v, keys);
    vt_keys(v, "<Enter><C-s>");
    expect_rows(filter);
    vt_expect_row(v, SEARCH, name);
}

/* From … to, words, what can not be understood; the field says what it means.
 */
static void test_days(void **state)
{
    (void)state;
    go_to("合作开始时间");
    vt_keys(v, "<Enter>");
    vt_expect(v, "── 合作开始时间");
    vt_keys(v, "2025-01");
    expect_matches("{\"cooperation_start_date\":{\"between\":"
                   "[\"2025-01-01\",\"2025-01-31\"]}}");
    vt_keys(v, "<Tab>2025-06");
    vt_expect(v, " 2025-01..2025-06");
    expect_matches("{\"cooperation_start_date\":{\"between\":"
                   "[\"2025-01-01\",\"2025-06-30\"]}}");
    vt_keys(v, "x");
    vt_expect(v, "这不是日期");
    vt_keys(v, "<BS><Enter><C-s>");
    vt_expect_row(v, SEARCH, "[合作开始时间 2025-01..2025-06 ✕1]");
    expect_rows("{\"cooperation_start_date\":{\"between\":"
                "[\"2025-01-01\",\"2025-06-30\"]}}");
    /* Its chip opens its editor, with what it is. */
    int col;
    assert_int_equal(vt_find(v, "[合作", &col), SEARCH);
    vt_click(v, 1, SEARCH, col + 3);
    vt_expect(v, "── 合作开始时间");
    vt_expect(v, "从 2025-01");
    vt_keys(v, "<Down><Down><Down><Down><Down><Down>");
    vt_expect(v, "» 上月");
    vt_keys(v, "<Enter><C-s>");
    vt_expect_row(v, SEARCH, "[合作开始时间 上月 ✕1]");
    expect_rows("{\"cooperation_start_date\":{\"eq\":\"last_month\"}}");
}

/* In the calendar Enter picks the first day, then the last. */
static void test_calendar(void **state)
{
    (void)state;
    char first[DATE_LEN], last[DATE_LEN], filter[160], words[64];
    int32_t today = date_today();
    date_format(today - 7, first);
    date_format(today, last);
    go_to("合作开始时间");
    vt_keys(v, "<Enter>");
    vt_expect(v, "── 合作开始时间");
    vt_keys(v, "<Tab><Tab><Enter>");
    snprintf(words, sizeof(words), "≥ %s", last);
    vt_expect(v, words);
    vt_keys(v, "<PgDn><PgUp>k<Enter>"); /* a week before: the other end */
    snprintf(filter, sizeof(filter),
             "{\"cooperation_start_date\":{\"between\":[\"%s\",\"%s\"]}}",
             first, last);
    snprintf(words, sizeof(words), "从 %s", first);
    vt_expect(v, words);
    expect_matches(filter);
    vt_keys(v, "<Enter><C-s>");
    expect_rows(filter);
}

static void test_numbers(void **state)
{
    (void)state;
    go_to("海外销售占比");
    vt_keys(v, "<Enter>");
    vt_expect(v, "── 海外销售占比");
    vt_keys(v, "50");
    expect_matches("{\"overseas_sales_ratio\":{\"between\":[\"50\",null]}}");
    vt_keys(v, "<Tab>60");
    expect_matches("{\"overseas_sales_ratio\":{\"between\":[\"50\",\"60\"]}}");
    vt_keys(v, "<Tab><C-u>>55<Tab><C-u>");
    expect_matches("{\"overseas_sales_ratio\":{\"gt\":\"55\"}}");
    vt_keys(v, "<Enter><C-s>");
    expect_rows("{\"overseas_sales_ratio\":{\"gt\":\"55\"}}");
}

static void test_texts(void **state)
{
    (void)state;
    go_to("客户名称");
    vt_keys(v, "<Enter>");
    vt_expect(v, "── 客户名称");
    vt_keys(v, "科技");
    expect_matches("{\"customer_name\":{\"contains\":\"科技\"}}");
    vt_keys(v, "<C-u>深圳<Down>");
    expect_matches("{\"customer_name\":{\"starts\":\"深圳\"}}");
    vt_keys(v, "<Enter><C-s>");
    expect_rows("{\"customer_name\":{\"starts\":\"深圳\"}}");
    vt_expect_row(v, SEARCH, "以“深圳”开头");
}

static void test_yes_or_no(void **state)
{
    (void)state;
    go_to("网站及素材团队");
    vt_keys(v, "<Enter>");
    vt_expect(v, "不限");
    vt_keys(v, "<Down><Enter>");
    expect_matches("{\"has_tech_team\":{\"eq\":false}}");
    vt_keys(v, "<C-s>");
    expect_rows("{\"has_tech_team\":{\"eq\":false}}");
}

/* Chips go one by one, all at once, and come back.
 * proves: LIST-05, LIST-08 */
static void test_chips(void **state)
{
    (void)state;
    vt_keys(v, ":grade:A,B status:active region:广东<Enter>");
    vt_expect_row(v, SEARCH, "[分级 A,B ✕1] [状态 活跃 ✕2] [地区 广东 ✕3]");
    vt_keys(v, "-");
    vt_expect_row(v, SEARCH, "移除第几个？");
    vt_keys(v, "2");
    vt_expect_row(v, SEARCH, "[分级 A,B ✕1] [地区 广东 ✕2]");
    expect_rows("{\"grade\":{\"in\":[\"A\",\"B\"]},"
                "\"regions\":{\"any\":[\"广东\"]}}");
    /* Any other key does nothing but end the question. */
    vt_keys(v, "-x");
    vt_expect_gone(v, "移除第几个？");
    vt_keys(v, "-1");
    vt_expect_row(v, SEARCH, "[地区 广东 ✕1]");
    vt_keys(v, "0");
    vt_expect_row(v, SEARCH, "共 300 条");
    vt_keys(v, "u");
    vt_expect(v, "筛选已恢复。"); /* and no more how to bring it back */
    vt_expect_row(v, SEARCH, "[地区 广东 ✕1]");
    vt_keys(v, "u");
    vt_expect_row(v, SEARCH, "[分级 A,B ✕1] [地区 广东 ✕2]");
    vt_keys(v, "u");
    vt_expect_row(v, SEARCH, "[分级 A,B ✕1] [状态 活跃 ✕2] [地区 广东 ✕3]");
    /* The ✕ takes it away. */
    int col;
    assert_int_equal(vt_find(v, "✕1", &col), SEARCH);
    vt_click(v, 1, SEARCH, col);
    vt_expect_row(v, SEARCH, "[状态 活跃 ✕1] [地区 广东 ✕2]");
}

/* What does not fit is counted; the form shows all. */
static void test_many_chips(void **state)
{
    (void)state;
    vt_keys(v, ":grade:A,B,C status:active region:广东,浙江 industry!=3c "
               "lifecycle:active start:2020..2030 name:司<Enter>");
    vt_expect_row(v, SEARCH, "[分级 A,B,C ✕1]");
    vt_expect_row(v, SEARCH, "+");
    vt_keys(v, "f");
    vt_expect(v, "2020..2030");
    vt_expect(v, "“司”");
    vt_keys(v, "0");
    vt_expect_gone(v, "2020..2030");
    expect_matches("{}");
    vt_keys(v, "<C-s>");
    vt_expect_row(v, SEARCH, "共 300 条");
}

/* The filter outlives another order and a reload; the cursor is on a row. */
static void test_stays(void **state)
{
    (void)state;
    vt_keys(v, ":grade:A<Enter>");
    vt_expect_row(v, SEARCH, "[分级 A ✕1]");
    expect_rows(GRADE_A);
    vt_keys(v, "G");
    vt_keys(v, "s<Enter>");
    vt_expect(v, "客户名称↑1");
    expect_rows(GRADE_A);
    vt_expect(v, " 1/");
    vt_keys(v, "jj<F5>");
    expect_rows(GRADE_A);
    vt_expect(v, " 3/");
    vt_expect_row(v, SEARCH, "[分级 A ✕1]");
}

static void test_nothing_matches(void **state)
{
    (void)state;
    vt_keys(v, ":name:没有这样的客户<Enter>");
    vt_expect(v, "无匹配：没有符合筛选条件的记录。");
    vt_expect(v, "按 0 清除筛选");
    vt_expect_cursor(v, SEARCH + 2, 0); /* on the words */
    vt_keys(v, "0");
    vt_expect_row(v, SEARCH, "共 300 条");
}

/* The palette says what a text means before it is run, and what is wrong.
 * proves: BEY-03 */
static void test_as_text(void **state)
{
    (void)state;
    vt_keys(v, ":分级：A 科技");
    vt_expect(v, "筛选：分级 A，搜索“科技”");
    vt_keys(v, "<Enter>");
    vt_expect_row(v, SEARCH, "科技");
    vt_expect_row(v, SEARCH, "[分级 A ✕1]");
    vt_keys(v, ":region:火星");
    vt_expect(v, "“region:火星”：");
    vt_expect(v, "例如有：");
    vt_keys(v, "<Enter>"); /* can not be chosen */
    vt_expect(v, "“region:火星”：");
    vt_keys(v, "<C-u>colour:red");
    vt_expect(v, "没有名为“colour”的字段");
    vt_keys(v, "<C-u>没有条件");
    vt_expect_gone(v, "colour");
    vt_keys(v, "<Esc>");
    vt_expect_row(v, SEARCH, "[分级 A ✕1]");
    vt_settle(v, 100);
    vt_keys(v, ":end:未来30天<Enter>");
    vt_expect_row(v, SEARCH, "[合同到期日 未来30天 ✕1]");
    expect_rows("{\"cooperation_end_date\":{\"eq\":\"next_30_days\"}}");
}

/* The count with its split in the form, in the order of the options.
 * proves: LIST-07 */
static void test_split(void **state)
{
    (void)state;
    char words[64];
    vt_keys(v, "f");
    vt_expect(v, "· 筛选");
    snprintf(words, sizeof(words), "A %lld · B ",
             (long long)count_of("customer", GRADE_A));
    vt_expect_row(v, 2, words);
    vt_expect_row(v, 3, "服务中 ");
    vt_settle(v, 100);
    vt_keys(v, "<Esc>");
    vt_resize(v, 40, 170);
    vt_expect_row(v, SEARCH, words);
}

/* Those of all customers. */
static void open_contacts(void)
{
    char words[64];
    vt_keys(v, ":联系人");
    vt_expect(v, "» 联系人");
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 0, "‹ 联系人");
    snprintf(words, sizeof(words), "共 %lld 条",
             (long long)count_of("contact", "{}"));
    vt_expect_row(v, SEARCH, words);
}

/* Another entity: the same form from its own table; what may not be asked by
 * is not in it.
 * proves: LIST-05 */
static void test_contacts(void **state)
{
    (void)state;
    open_contacts();
    vt_keys(v, "f");
    vt_expect(v, "· 筛选");
    vt_expect(v, "» 客户");
    vt_keys(v, "/岗位<Enter>");
    vt_expect(v, "── 岗位");
    vt_keys(v, "经理<Enter><C-s>");
    vt_expect_row(v, SEARCH, "[岗位 “经理” ✕1]");
    char words[64];
    snprintf(words, sizeof(words), "%lld 条 / 共",
             (long long)count_of("contact",
                                 "{\"position\":{\"contains\":\"经理\"}}"));
    vt_expect_row(v, SEARCH, words);
    vt_keys(v, ":is_primary:是<Enter>");
    vt_expect_row(v, SEARCH, "是 ✕1]");
    vt_keys(v, "-1");
    vt_expect_gone(v, "✕1");
}

/* proves: LIST-05, LIST-08 */
static void test_narrow(void **state)
{
    (void)state;
    go_to("分级");
    vt_keys(v, "<Enter>");
    vt_expect(v, "── 分级");
    vt_keys(v, "<Space>");
    expect_matches(GRADE_A);
    vt_keys(v, "<Enter><C-s>");
    vt_expect_row(v, SEARCH, "1 个条件");
    go_to("合作开始时间");
    vt_keys(v, "<Enter>");
    vt_expect(v, "── 合作开始时间");
    vt_expect(v, "一 二 三 四 五 六 日");
    vt_keys(v, "2020..<Enter>");
    vt_expect(v, "≥ 2020-01-01");
    vt_keys(v, "<C-s>");
    vt_expect_row(v, SEARCH, "2 个条件");
    vt_keys(v, "-");
    vt_expect_row(v, SEARCH, "1 ");
    vt_expect_row(v, SEARCH, "2 ");
    vt_keys(v, "2");
    vt_expect_row(v, SEARCH, "1 个条件");
    vt_keys(v, "0");
    vt_expect_gone(v, "个条件");
    vt_keys(v, "u");
    vt_expect_row(v, SEARCH, "1 个条件");
}

static void test_narrow_contacts(void **state)
{
    (void)state;
    open_contacts();
    vt_keys(v, ":岗位:经理<Enter>");
    vt_expect_row(v, SEARCH, "1 个条件");
    vt_keys(v, "f");
    vt_expect(v, "“经理”");
    vt_keys(v, "0<C-s>");
    vt_expect_gone(v, "个条件");
}

int main(void)
{
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, open_list, close_list)
#define NARROW(name)                                                           \
    cmocka_unit_test_setup_teardown(test_##name, open_narrow, close_list)
    const struct CMUnitTest tests[] = {
        CASE(values),          CASE(leaving),    CASE(not_and_empty),
        CASE(records_by_name), CASE(days),       CASE(calendar),
        CASE(numbers),         CASE(texts),      CASE(yes_or_no),
        CASE(chips),           CASE(many_chips), CASE(stays),
        CASE(nothing_matches), CASE(as_text),    CASE(split),
        CASE(contacts),        NARROW(narrow),   NARROW(narrow_contacts),
    };
    i18n_init(NULL); /* cell widths */
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
