/* The product design held against the tables: every field, interface and
 * option list it names has a row, or the name of the later work that brings
 * it.
 * proves: LIST-01, DET-01 */
#include "common/i18n.h"
#include "schema/field.h"
#include "schema/option.h"
#include "schema/type.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const char *const later_work[] = {
    "customer list",
    "customer record",
    "projects, renewals, accounts and grades",
};

static const struct entry {
    const char *section, *name, *chinese;
    const char *entity, *field; /* or */
    const char *later;
} entries[] = {
#define IS(section, name, chinese, entity, field)                              \
    {section, name, chinese, #entity, #field, NULL},
#define LATER(section, name, chinese, work)                                    \
    {section, name, chinese, NULL, NULL, work},
#include "tests/unit/schema/design.def"
#undef IS
#undef LATER
};

/* How many names each interface of the design has: none is left out here. */
static const struct {
    const char *section;
    int names;
} sections[] = {{"3.2.1", 14}, {"4.2.1", 6},  {"4.3.1", 18}, {"4.4.1", 11},
                {"4.5.1", 4},  {"4.6.1", 12}, {"4.7.1", 17}, {"6.2.1", 11},
                {"6.4.1", 10}, {"8.2.1", 9}};

static bool is_later_work(const char *name)
{
    for (size_t i = 0; i < N(later_work); i++)
        if (strcmp(later_work[i], name) == 0)
            return true;
    return false;
}

static void test_every_name_has_a_row_or_a_later_work(void **state)
{
    (void)state;
    for (size_t i = 0; i < N(entries); i++) {
        const struct entry *d = &entries[i];
        const struct entity *e =
            d->entity == NULL ? NULL : entity_find(d->entity);
        bool there = e != NULL && (field_find(e, d->field) != NULL ||
                                   strcmp(d->field, field_id.id) == 0);
        if (!there && (d->later == NULL || !is_later_work(d->later)))
            fail_msg("%s %s %s has neither a row nor a later work", d->section,
                     d->name, d->chinese);
    }
}

static void test_no_name_is_left_out(void **state)
{
    (void)state;
    int all = 0;
    for (size_t s = 0; s < N(sections); s++) {
        int n = 0;
        for (size_t i = 0; i < N(entries); i++)
            n += strcmp(entries[i].section, sections[s].section) == 0;
        if (n != sections[s].names)
            fail_msg("%s has %d names instead of %d", sections[s].section, n,
                     sections[s].names);
        all += n;
    }
    assert_int_equal(all, N(entries));
}

/* camelCase → snake_case */
static void snake(const char *name, char out[64])
{
    size_t n = 0;
    for (; *name != '\0' && n < 60; name++) {
        bool upper = *name >= 'A' && *name <= 'Z';
        if (upper)
            out[n++] = '_';
        out[n++] = upper ? (char)(*name - 'A' + 'a') : *name;
    }
    out[n] = '\0';
}

/* Names are the design's own, in snake_case, except where one fact has two
 * names there. */
static void test_names_are_the_designs(void **state)
{
    (void)state;
    static const char *const renamed[] = {"region",
                                          "cooperationStartTime",
                                          "serviceStartTime",
                                          "signingSales",
                                          "contactPersons",
                                          "competitorWebsites",
                                          "qaId",
                                          "issueCategory",
                                          "issueDescription",
                                          "immediateSolution"};
    for (size_t i = 0; i < N(entries); i++) {
        const struct entry *d = &entries[i];
        char name[64];
        bool expected = true;
        if (d->field == NULL)
            continue;
        snake(d->name, name);
        for (size_t k = 0; k < N(renamed); k++)
            if (strcmp(renamed[k], d->name) == 0)
                expected = false;
        if ((strcmp(name, d->field) == 0) != expected)
            fail_msg("%s %s is called %s", d->section, d->name, d->field);
    }
}

/* The table of 3.2.1: width in pixels, shown unless hidden, sortable. */
static void test_columns_of_the_list(void **state)
{
    (void)state;
    static const struct {
        enum customer_field field;
        int pixels;
        bool shown, sorts;
    } columns[] = {
        {CUSTOMER_customer_name, 200, true, true},
        {CUSTOMER_cooperation_type, 120, true, true},
        {CUSTOMER_industry, 120, true, true},
        {CUSTOMER_regions, 100, true, true},
        {CUSTOMER_contact_person, 120, true, false},
        {CUSTOMER_contact_position, 120, false, false},
        {CUSTOMER_contact_phone, 140, false, false},
        {CUSTOMER_service_team, 150, true, true},
        {CUSTOMER_cooperation_start_date, 120, true, true},
        {CUSTOMER_service_start_date, 120, true, true},
        {CUSTOMER_grade, 80, true, true},
        {CUSTOMER_status, 100, true, true},
        {CUSTOMER_sales_person, 120, true, true},
    };
    int last = -1;
    for (size_t i = 0; i < N(columns); i++) {
        const struct field *f = &entity_customer.fields[columns[i].field];
        assert_int_equal(f->width, columns[i].pixels / 10);
        assert_int_equal((f->flags & F_DEFAULT) != 0, columns[i].shown);
        assert_int_equal((f->flags & F_SORT) != 0, columns[i].sorts);
        assert_true(f->flags & F_LIST);
        assert_true((int)columns[i].field > last); /* in this order */
        last = (int)columns[i].field;
    }
}

/* 3.3.1 and 3.3.2: what is searched and what is filtered by. */
static void test_search_and_filter(void **state)
{
    (void)state;
    static const enum customer_field searched[] = {
        CUSTOMER_customer_name, CUSTOMER_contact_person, CUSTOMER_contact_phone,
        CUSTOMER_sales_person};
    static const enum customer_field filtered[] = {
        CUSTOMER_cooperation_type,
        CUSTOMER_industry,
        CUSTOMER_regions,
        CUSTOMER_service_team,
        CUSTOMER_grade,
        CUSTOMER_status,
        CUSTOMER_cooperation_start_date,
        CUSTOMER_service_start_date,
        CUSTOMER_sales_person};
    for (size_t i = 0; i < N(searched); i++)
        assert_true(entity_customer.fields[searched[i]].flags & F_SEARCH);
    for (size_t i = 0; i < N(filtered); i++) {
        const struct field *f = &entity_customer.fields[filtered[i]];
        assert_true(f->flags & F_FILTER);
        bool range = f->type == &type_date;
        bool several = (f->type->ops & (1u << OP_in | 1u << OP_any)) != 0;
        assert_true(range ? f->type->ops & 1u << OP_between : several);
    }
}

/* Steps of 5.1 and tabs of 4.1. */
static void test_steps_and_tabs(void **state)
{
    (void)state;
    static const struct {
        enum tab tab;
        int step;
    } pairs[] = {{TAB_COOPERATION, 1},
                 {TAB_BASIC, 2},
                 {TAB_WEBSITE, 3},
                 {TAB_ATTENTION, 5}};
    for (int i = 0; i < entity_customer.nfields; i++) {
        const struct field *f = &entity_customer.fields[i];
        if (f->flags & (F_HIDDEN | F_READONLY))
            continue;
        bool fits = false;
        for (size_t k = 0; k < N(pairs); k++)
            fits |= f->tab == pairs[k].tab && f->step == pairs[k].step;
        if (!fits)
            fail_msg("%s stands in no tab, or in another step", f->id);
    }
}

/* The option lists of the design: list, Chinese text there, code here. */
static void test_option_lists(void **state)
{
    (void)state;
    static const struct {
        const char *list, *chinese;
    } options[] = {
        {"cooperation_type", "代运营"},
        {"cooperation_type", "咨询服务"},
        {"grade", "A"},
        {"grade", "B"},
        {"grade", "C"},
        {"status", "活跃"},
        {"status", "不活跃"},
        {"business_model", "工贸一体化的B2B外贸工厂"},
        {"business_model", "平台精品卖家"},
        {"business_model", "中国本土品牌出海"},
        {"cooperation_transfer", "服务商转移"},
        {"cooperation_transfer", "内部团队转移"},
        {"target_market", "美国"},
        {"target_market", "欧洲"},
        {"target_market", "加拿大"},
        {"target_market", "澳大利亚"},
        {"target_market", "日本"},
        {"target_market", "其他国家"},
        {"pricing_strategy", "同价"},
        {"pricing_strategy", "独立站价格更高"},
        {"pricing_strategy", "第三方平台价格更高"},
        {"pricing_strategy", "不同产品不同定价策略"},
        {"attention_category", "沟通相关"},
        {"attention_category", "服务相关"},
        {"attention_category", "商务相关"},
        {"attention_category", "技术相关"},
        {"attention_category", "文化相关"},
        {"attention_category", "风险相关"},
        {"qa_category", "服务质量问题"},
        {"qa_category", "响应时间延迟"},
        {"qa_category", "服务质量不达标"},
        {"qa_category", "沟通不及时"},
        {"qa_category", "技术问题"},
        {"qa_category", "系统故障"},
        {"qa_category", "数据错误"},
        {"qa_category", "功能缺陷"},
        {"qa_category", "商务问题"},
        {"qa_category", "合同争议"},
        {"qa_category", "付款问题"},
        {"qa_category", "价格争议"},
        {"qa_category", "沟通问题"},
        {"qa_category", "理解偏差"},
        {"qa_category", "语言障碍"},
        {"qa_category", "文化冲突"},
        {"qa_category", "其他问题"},
        {"project_status", "进行中"},
        {"project_status", "已完成"},
        {"project_status", "暂停"},
        {"ad_platform", "Google Ads"},
        {"ad_platform", "Facebook Ads"},
        {"ad_platform", "Microsoft Ads"},
        {"ad_platform", "其他平台"},
        {"growth", "高"},
        {"growth", "中等"},
        {"growth", "低"},
        {"role", "销售总监"},
        {"role", "销售经理"},
        {"role", "销售人员"},
        {"role", "项目总监"},
        {"role", "项目经理"},
        {"role", "优化师"},
    };
    for (size_t i = 0; i < N(options); i++) {
        bool there = false;
        for (int k = 0; k < option_row_count && !there; k++)
            there = strcmp(option_rows[k].list, options[i].list) == 0 &&
                    strcmp(option_rows[k].zh, options[i].chinese) == 0;
        if (!there)
            fail_msg("%s lacks %s", options[i].list, options[i].chinese);
    }
    assert_true(option_list_find("target_market")->free_text);
}

/* The tree of 4.7.2: which leaf is below what. */
static void test_tree_of_questions(void **state)
{
    (void)state;
    static const struct {
        const char *code, *parent;
    } leaves[] = {
        {"service_delay", "service"},
        {"technical_defect", "technical"},
        {"business_contract", "business"},
        {"communication_culture", "communication"},
    };
    int roots = 0;
    for (int i = 0; i < option_row_count; i++)
        roots += strcmp(option_rows[i].list, "qa_category") == 0 &&
                 option_rows[i].parent == NULL;
    assert_int_equal(roots, 5);
    for (size_t i = 0; i < N(leaves); i++)
        assert_string_equal(option_find("qa_category", leaves[i].code)->parent,
                            leaves[i].parent);
}

/* All 34 units of the first level, by their usual short names. */
static void test_provinces(void **state)
{
    (void)state;
    static const char *const provinces[] = {
        "北京", "天津", "河北",   "山西", "内蒙古", "辽宁", "吉林",
        "上海", "江苏", "黑龙江", "浙江", "安徽",   "福建", "江西",
        "山东", "河南", "湖北",   "湖南", "广东",   "广西", "海南",
        "重庆", "四川", "贵州",   "云南", "西藏",   "陕西", "甘肃",
        "青海", "宁夏", "新疆",   "香港", "澳门",   "台湾"};
    assert_int_equal(N(provinces), 34);
    for (size_t i = 0; i < N(provinces); i++)
        assert_non_null(option_find("region", provinces[i]));
}

/* enum CustomerStatus of 8.1.1. */
static void test_states_of_the_life_cycle(void **state)
{
    (void)state;
    static const struct {
        const char *code, *chinese;
    } states[] = {
        {"potential", "潜在客户"}, {"negotiating", "洽谈中"},
        {"contracted", "已签约"},  {"active", "服务中"},
        {"suspended", "暂停服务"}, {"renewal", "续费中"},
        {"churned", "已流失"},     {"reactivated", "重新激活"},
    };
    for (size_t i = 0; i < N(states); i++)
        assert_string_equal(option_find("lifecycle", states[i].code)->zh,
                            states[i].chinese);
}

int main(int argc, char **argv)
{
    (void)argc;
    i18n_init(argv[0]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_name_has_a_row_or_a_later_work),
        cmocka_unit_test(test_no_name_is_left_out),
        cmocka_unit_test(test_names_are_the_designs),
        cmocka_unit_test(test_columns_of_the_list),
        cmocka_unit_test(test_search_and_filter),
        cmocka_unit_test(test_steps_and_tabs),
        cmocka_unit_test(test_option_lists),
        cmocka_unit_test(test_tree_of_questions),
        cmocka_unit_test(test_provinces),
        cmocka_unit_test(test_states_of_the_life_cycle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
