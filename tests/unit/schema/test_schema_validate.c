/* The rules of 3.2.2, one by one, on a record that keeps all of them.
 * proves: LIST-02 */
#include "common/date.h"
#include "common/i18n.h"
#include "common/json.h"
#include "common/mem.h"
#include "schema/validate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TODAY 20273 /* 2025-07-04 */

struct record {
    const char *values[CUSTOMER_FIELDS];
    bool changed[CUSTOMER_FIELDS];
    struct record_check check;
    struct faults faults;
};

/* A customer in service without a fault. */
static void fill(struct record *r)
{
    memset(r, 0, sizeof(*r));
    r->values[CUSTOMER_customer_name] = "深圳市艾维科技有限公司";
    r->values[CUSTOMER_cooperation_type] = "full_service";
    r->values[CUSTOMER_industry] = "3c";
    r->values[CUSTOMER_regions] = "{广东,香港}";
    r->values[CUSTOMER_contact_person] = "李娜";
    r->values[CUSTOMER_contact_phone] = "13800138000";
    r->values[CUSTOMER_service_team] = "7";
    r->values[CUSTOMER_cooperation_start_date] = "2025-03-01";
    r->values[CUSTOMER_service_start_date] = "2025-03-15";
    r->values[CUSTOMER_cooperation_end_date] = "2026-02-28";
    r->values[CUSTOMER_grade] = "A";
    r->values[CUSTOMER_lifecycle] = "active";
    r->values[CUSTOMER_sales_person] = "12";
    r->check = (struct record_check){.entity = &entity_customer,
                                     .values = r->values,
                                     .today = TODAY,
                                     .life = LIFE_active};
}

/* The faults found, as "field:rule field:rule". */
static const char *found(struct record *r)
{
    static char text[1024];
    text[0] = '\0';
    r->faults.n = 0;
    bool good = validate_record(&r->check, &r->faults);
    assert_int_equal(good, r->faults.n == 0);
    for (int i = 0; i < r->faults.n; i++) {
        const struct fault *f = &r->faults.at[i];
        assert_true(f->message[0] != '\0');
        if (i > 0)
            strcat(text, " ");
        strcat(strcat(strcat(text, f->field), ":"), f->rule);
    }
    return text;
}

/* A value for a field, and what is found then. */
struct rule_case {
    enum customer_field field;
    const char *value;
    const char *faults;
};

static void check_cases(const struct rule_case *cases, size_t n, enum life l)
{
    struct record r;
    for (size_t i = 0; i < n; i++) {
        fill(&r);
        r.check.life = l;
        r.values[cases[i].field] = cases[i].value;
        const char *is = found(&r);
        if (strcmp(is, cases[i].faults) != 0)
            fail_msg("%s = %s: %s instead of %s",
                     entity_customer.fields[cases[i].field].id,
                     cases[i].value == NULL ? "(nothing)" : cases[i].value, is,
                     cases[i].faults);
    }
}

#define CHECK(cases, life)                                                     \
    check_cases(cases, sizeof(cases) / sizeof(cases[0]), life)

static const char *repeat(const char *s, int n)
{
    static char text[4096];
    text[0] = '\0';
    while (n-- > 0)
        strcat(text, s);
    return text;
}

static void test_a_good_record(void **state)
{
    (void)state;
    struct record r;
    fill(&r);
    assert_string_equal(found(&r), "");
}

static void test_customer_name(void **state)
{
    (void)state;
    static const struct rule_case cases[] = {
        {CUSTOMER_customer_name, NULL, "customer_name:required"},
        {CUSTOMER_customer_name, "", "customer_name:required"},
        {CUSTOMER_customer_name, "艾", "customer_name:length"},
        {CUSTOMER_customer_name, "艾维", ""},
    };
    CHECK(cases, LIFE_active);
    struct rule_case longest = {CUSTOMER_customer_name, repeat("艾", 100), ""};
    check_cases(&longest, 1, LIFE_active);
    struct rule_case longer = {CUSTOMER_customer_name, repeat("艾", 101),
                               "customer_name:length"};
    check_cases(&longer, 1, LIFE_active);
}

static void test_what_is_required_always(void **state)
{
    (void)state;
    static const struct rule_case cases[] = {
        {CUSTOMER_industry, NULL, "industry:required"},
        {CUSTOMER_regions, "{}", "regions:required"},
        {CUSTOMER_regions, NULL, "regions:required"},
        {CUSTOMER_contact_person, NULL, "contact_person:required"},
        {CUSTOMER_contact_phone, NULL, "contact_phone:required"},
        {CUSTOMER_sales_person, NULL, "sales_person:required"},
        {CUSTOMER_lifecycle, NULL, "lifecycle:required"},
    };
    CHECK(cases, LIFE_NONE);
    CHECK(cases, LIFE_potential);
    CHECK(cases, LIFE_churned);
    CHECK(cases, LIFE_active);
}

static void test_what_is_required_from_a_state_on(void **state)
{
    (void)state;
    static const struct rule_case contracted[] = {
        {CUSTOMER_cooperation_type, NULL, "cooperation_type:required"},
        {CUSTOMER_cooperation_start_date, NULL,
         "cooperation_start_date:required"},
        {CUSTOMER_cooperation_end_date, NULL, "cooperation_end_date:required"},
        {CUSTOMER_service_team, NULL, "service_team:required"},
        {CUSTOMER_grade, NULL, "grade:required"},
    };
    static const struct rule_case active[] = {
        {CUSTOMER_service_start_date, NULL, "service_start_date:required"},
    };
    static const struct rule_case optional[] = {
        {CUSTOMER_cooperation_type, NULL, ""},
        {CUSTOMER_cooperation_start_date, NULL, ""},
        {CUSTOMER_cooperation_end_date, NULL, ""},
        {CUSTOMER_service_team, NULL, ""},
        {CUSTOMER_grade, NULL, ""},
        {CUSTOMER_service_start_date, NULL, ""},
    };
    CHECK(optional, LIFE_NONE);
    CHECK(optional, LIFE_negotiating);
    CHECK(optional, LIFE_churned);
    CHECK(contracted, LIFE_contracted);
    CHECK(contracted, LIFE_suspended);
    CHECK(contracted, LIFE_reactivated);
    CHECK(active, LIFE_active);
    CHECK(active, LIFE_renewal);
    struct rule_case may_wait = {CUSTOMER_service_start_date, NULL, ""};
    check_cases(&may_wait, 1, LIFE_contracted);
}

static void test_contact_and_phone(void **state)
{
    (void)state;
    static const struct rule_case cases[] = {
        {CUSTOMER_contact_person, "李", "contact_person:length"},
        {CUSTOMER_contact_person, "李娜", ""},
        {CUSTOMER_contact_phone, "12345", "contact_phone:form"},
        {CUSTOMER_contact_phone, "0755-12345678", ""},
    };
    CHECK(cases, LIFE_active);
    struct rule_case longest = {CUSTOMER_contact_person, repeat("李", 50), ""};
    check_cases(&longest, 1, LIFE_active);
    struct rule_case longer = {CUSTOMER_contact_person, repeat("李", 51),
                               "contact_person:length"};
    check_cases(&longer, 1, LIFE_active);
}

static void test_dates(void **state)
{
    (void)state;
    static const struct rule_case cases[] = {
        {CUSTOMER_cooperation_start_date, "2025-07-05",
         "cooperation_start_date:order service_start_date:order"},
        {CUSTOMER_service_start_date, "2025-02-28", "service_start_date:order"},
        {CUSTOMER_service_start_date, "2025-03-01", ""},
        {CUSTOMER_service_start_date, "2025-12-01", ""}, /* may be future */
        {CUSTOMER_cooperation_end_date, "2025-02-28",
         "cooperation_end_date:order"},
        {CUSTOMER_cooperation_end_date, "2025-03-01", ""},
        {CUSTOMER_cooperation_start_date, "0205-03-01",
         "cooperation_start_date:range"},
        {CUSTOMER_service_start_date, "soon", "service_start_date:form"},
    };
    CHECK(cases, LIFE_active);
    struct record r;
    fill(&r);
    r.values[CUSTOMER_cooperation_start_date] = "2025-07-04";
    r.values[CUSTOMER_service_start_date] = "2025-07-04";
    assert_string_equal(found(&r), ""); /* today is not the future */
}

static void test_choices_of_the_code(void **state)
{
    (void)state;
    static const struct rule_case cases[] = {
        {CUSTOMER_grade, "D", "grade:option"},
        {CUSTOMER_grade, "C", ""},
        {CUSTOMER_lifecycle, "sleeping", "lifecycle:option"},
        {CUSTOMER_overseas_sales_ratio, "100.01", "overseas_sales_ratio:range"},
        {CUSTOMER_overseas_sales_ratio, "-0.01", "overseas_sales_ratio:range"},
        {CUSTOMER_overseas_sales_ratio, "100.00", ""},
        {CUSTOMER_annual_cost_target, "-1.00", "annual_cost_target:range"},
        {CUSTOMER_website_urls, "{https://a.example.com}", ""},
        {CUSTOMER_website_urls, "{https://nothing}", "website_urls:form"},
    };
    CHECK(cases, LIFE_active);
}

static const char *known_option(void *ctx, const char *list, const char *code)
{
    (void)ctx, (void)list;
    return strcmp(code, "mars") == 0 ? NULL : code;
}

static const char *known_ref(void *ctx, const char *entity, int64_t id)
{
    (void)ctx, (void)entity;
    return id == 99 ? NULL : "somebody";
}

/* Lists that an administrator changes, and people, are known to the names. */
static void test_choices_and_people_that_nobody_knows(void **state)
{
    (void)state;
    const struct names names = {.option = known_option, .ref = known_ref};
    static const struct rule_case cases[] = {
        {CUSTOMER_industry, "mars", "industry:option"},
        {CUSTOMER_regions, "{广东,mars}", "regions:option"},
        {CUSTOMER_target_markets, "{us,mars}", ""}, /* takes free text */
        {CUSTOMER_sales_person, "99", "sales_person:reference"},
        {CUSTOMER_tags, "{1,99}", "tags:reference"},
        {CUSTOMER_service_team, "99", "service_team:reference"},
    };
    struct record r;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fill(&r);
        r.values[cases[i].field] = cases[i].value;
        assert_string_equal(found(&r), ""); /* without names nobody knows */
        r.check.names = &names;
        assert_string_equal(found(&r), cases[i].faults);
    }
}

/* Who changes one field is not blamed for what others left. */
static void test_only_changes_are_blamed(void **state)
{
    (void)state;
    struct record r;
    fill(&r);
    r.check.changed = r.changed;
    r.values[CUSTOMER_industry] = NULL;
    r.values[CUSTOMER_contact_phone] = "nonsense";
    r.values[CUSTOMER_cooperation_end_date] = "2024-01-01";
    r.changed[CUSTOMER_internal_notes] = true;
    assert_string_equal(found(&r), "");
    r.changed[CUSTOMER_contact_phone] = true;
    assert_string_equal(found(&r), "contact_phone:form");
    r.changed[CUSTOMER_contact_phone] = false;
    r.changed[CUSTOMER_cooperation_start_date] = true;
    assert_string_equal(found(&r), "cooperation_end_date:order");
    r.changed[CUSTOMER_cooperation_start_date] = false;
    r.changed[CUSTOMER_lifecycle] = true;
    assert_string_equal(found(&r), "industry:required");
}

static void test_one_field_when_it_is_left(void **state)
{
    (void)state;
    struct record r;
    fill(&r);
    r.values[CUSTOMER_industry] = NULL;
    r.values[CUSTOMER_service_start_date] = "2025-01-01";
    assert_true(validate_field(&r.check, CUSTOMER_grade, &r.faults));
    assert_false(validate_field(&r.check, CUSTOMER_industry, &r.faults));
    assert_string_equal(r.faults.at[0].field, "industry");
    r.faults.n = 0;
    assert_false(
        validate_field(&r.check, CUSTOMER_cooperation_start_date, &r.faults));
    assert_string_equal(r.faults.at[0].field, "service_start_date");
}

/* proves: DET-04 */
static void test_contacts(void **state)
{
    (void)state;
    const char *values[CONTACT_FIELDS] = {
        [CONTACT_customer_id] = "42",
        [CONTACT_name] = "王芳",
        [CONTACT_email] = "wang@example.com",
    };
    struct record_check c = {.entity = &entity_contact, .values = values};
    struct faults f = {0};
    assert_true(validate_record(&c, &f)); /* no phone: not the primary one */
    values[CONTACT_is_primary] = "t";
    assert_false(validate_record(&c, &f));
    assert_int_equal(f.n, 1);
    assert_string_equal(f.at[0].field, "phone");
    assert_string_equal(f.at[0].rule, "required");
    values[CONTACT_phone] = "13900139000";
    values[CONTACT_email] = "wang@example";
    f.n = 0;
    assert_false(validate_record(&c, &f));
    assert_string_equal(f.at[0].field, "email");
    values[CONTACT_email] = NULL;
    values[CONTACT_customer_id] = NULL;
    f.n = 0;
    assert_false(validate_record(&c, &f));
    assert_string_equal(f.at[0].field, "customer_id");
}

static void test_faults_as_an_error(void **state)
{
    (void)state;
    struct record r;
    struct err e = {0};
    fill(&r);
    assert_true(faults_err(&r.faults, &e));
    assert_int_equal(e.kind, ERR_NONE);
    r.values[CUSTOMER_customer_name] = "艾";
    r.values[CUSTOMER_industry] = NULL;
    found(&r);
    assert_false(faults_err(&r.faults, &e));
    assert_int_equal(e.kind, ERR_invalid);
    assert_non_null(strstr(e.message, "Customer name"));
    const cJSON *fields = json_get(e.data, "fields");
    assert_int_equal(cJSON_GetArraySize(fields), 2);
    const cJSON *second = cJSON_GetArrayItem(fields, 1);
    assert_string_equal(json_str(second, "field", ""), "industry");
    assert_string_equal(json_str(second, "rule", ""), "required");
    assert_string_equal(json_str(second, "message", ""),
                        "Industry is required.");
    err_clear(&e);
    i18n_use(LANG_zh);
    found(&r);
    faults_err(&r.faults, &e);
    assert_non_null(strstr(e.message, "客户名称"));
    err_clear(&e);
    i18n_use(LANG_en);
}

static void test_more_faults_than_there_is_room_for(void **state)
{
    (void)state;
    struct faults f = {0};
    for (int i = 0; i < 2 * FAULTS_MAX; i++)
        faults_add(&f, "industry", "form", "%s", repeat("艾", 200));
    assert_int_equal(f.n, FAULTS_MAX);
    size_t len = strlen(f.at[0].message);
    assert_in_range(len, 250, 255);
    assert_int_equal(len % strlen("艾"), 0); /* no half character */
}

/* Who reads a record in parts reads what its rules look at. */
static void test_what_a_change_looks_at(void **state)
{
    (void)state;
    const struct entity *e = &entity_customer;
    bool changed[CUSTOMER_FIELDS] = {false};
    changed[CUSTOMER_service_start_date] = true;
    assert_true(validate_looks_at(e, changed, CUSTOMER_service_start_date));
    assert_true(validate_looks_at(e, changed, CUSTOMER_cooperation_start_date));
    assert_true(validate_looks_at(e, changed, CUSTOMER_lifecycle));
    assert_false(validate_looks_at(e, changed, CUSTOMER_cooperation_end_date));
    assert_false(validate_looks_at(e, changed, CUSTOMER_industry));
    changed[CUSTOMER_lifecycle] = true;
    assert_true(validate_looks_at(e, changed, CUSTOMER_industry));
    assert_false(validate_looks_at(e, changed, CUSTOMER_main_products));
}

int main(int argc, char **argv)
{
    (void)argc;
    i18n_init(argv[0]);
    i18n_use(LANG_en);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_record),
        cmocka_unit_test(test_what_a_change_looks_at),
        cmocka_unit_test(test_customer_name),
        cmocka_unit_test(test_what_is_required_always),
        cmocka_unit_test(test_what_is_required_from_a_state_on),
        cmocka_unit_test(test_contact_and_phone),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_choices_of_the_code),
        cmocka_unit_test(test_choices_and_people_that_nobody_knows),
        cmocka_unit_test(test_only_changes_are_blamed),
        cmocka_unit_test(test_one_field_when_it_is_left),
        cmocka_unit_test(test_contacts),
        cmocka_unit_test(test_faults_as_an_error),
        cmocka_unit_test(test_more_faults_than_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
