/* The default rights against the matrix of the requirements, written here
 * once more as it stands there, and scope and classes on single rows.
 * proves: ACC-02, ACC-03 */
#include "schema/access.h"
#include "schema/type.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* Columns: sales, sales_manager, sales_director, project_manager,
 * project_director, optimizer, finance. */
static const struct {
    const char *name, *cells;
} matrix[] = {
    {"customer.view", "own team all department all own all"},
    {"customer.create", "yes yes yes no no no no"},
    {"customer.edit", "own team all none none none none"},
    {"customer.delete", "none none all none none none none"},
    {"customer.assign", "none team all none none none none"},
    {"customer.bulk", "own team all none none none none"},
    {"status.change", "own team all none none none none"},
    {"grade.propose", "own team all none none none none"},
    {"grade.approve", "none team all none none none none"},
    {"qa.write", "own team all own all own none"},
    {"project.write", "none none none department none none none"},
    {"renewal.write", "own team all none none none none"},
    {"renewal.approve", "none team all none none none none"},
    {"ad_account.write", "none none none department none own none"},
    {"sensitive.reveal", "none none none own own own none"},
    {"finance.write", "none none none none none none all"},
    {"export", "own team all department all none all"},
    {"export.all", "no no yes no yes no yes"},
    {"import", "own team all none none none none"},
};

static const struct {
    const char *name, *cells;
} classes[] = {
    {"public", "write write write write write write write"},
    {"sensitive", "write write write masked masked masked masked"},
    {"goal", "write write write read read read read"},
    {"finance", "contract contract write hidden read hidden write"},
    {"internal", "write write write read read read read"},
};

/* The n-th word of a row. */
static const char *cell(const char *cells, int n)
{
    static char word[32];
    for (; n > 0; n--)
        cells = strchr(cells, ' ') + 1;
    snprintf(word, sizeof(word), "%.*s", (int)strcspn(cells, " "), cells);
    return word;
}

static void test_actions(void **state)
{
    (void)state;
    assert_int_equal(N(matrix), ACTIONS);
    for (size_t i = 0; i < N(matrix); i++) {
        int a = action_find(matrix[i].name);
        if (a < 0)
            fail_msg("there is no action %s", matrix[i].name);
        for (int r = 0; r < ROLES; r++) {
            const char *is = scope_id(access_default[r][a]);
            const char *should = cell(matrix[i].cells, r);
            bool flag = strcmp(should, "yes") == 0 || strcmp(should, "no") == 0;
            assert_int_equal(action_rows[a].scoped, !flag);
            should = !flag                        ? should
                     : strcmp(should, "yes") == 0 ? "all"
                                                  : "none";
            if (strcmp(is, should) != 0)
                fail_msg("%s, %s: %s instead of %s", role_rows[r].id,
                         matrix[i].name, is, should);
        }
    }
}

static void test_classes(void **state)
{
    (void)state;
    assert_int_equal(N(classes), CLASSES);
    for (size_t i = 0; i < N(classes); i++) {
        int c = class_find(classes[i].name);
        assert_true(c >= 0);
        for (int r = 0; r < ROLES; r++)
            assert_string_equal(level_id(access_class_default[r][c]),
                                cell(classes[i].cells, r));
    }
}

static void test_roles_in_their_order(void **state)
{
    (void)state;
    static const char *const roles[] = {
        "sales",           "sales_manager",    "sales_director",
        "project_manager", "project_director", "optimizer",
        "finance"};
    assert_int_equal(N(roles), ROLES);
    for (int i = 0; i < ROLES; i++) {
        assert_string_equal(role_rows[i].id, roles[i]);
        assert_int_equal(role_find(roles[i]), i);
    }
    assert_int_equal(role_find("boss"), -1);
    assert_int_equal(action_find("customer.steal"), -1);
    assert_int_equal(scope_find("galaxy"), -1);
    assert_int_equal(level_find("guess"), -1);
    assert_int_equal(class_find("secret"), -1);
}

/* Which fields are of which class (8.1.2). */
static void test_classes_of_fields(void **state)
{
    (void)state;
    static const struct {
        enum field_class klass;
        const char *fields;
    } rows[] = {
        {CLASS_sensitive, " contact_phone search_phones "},
        {CLASS_goal, " overseas_sales_scale overseas_sales_ratio "
                     "target_sales_scale last_year_sales annual_sales_target "
                     "annual_cost_target cost_ratio "},
        {CLASS_internal, " service_team internal_notes tags "},
        {CLASS_finance, " "},
    };
    for (int i = 0; i < entity_customer.nfields; i++) {
        const struct field *f = &entity_customer.fields[i];
        char word[64];
        snprintf(word, sizeof(word), " %s ", f->id);
        enum field_class expected = CLASS_public;
        for (size_t k = 0; k < N(rows); k++)
            if (strstr(rows[k].fields, word) != NULL)
                expected = rows[k].klass;
        if (f->klass != expected)
            fail_msg("%s is of the class %s", f->id, class_id(f->klass));
    }
    assert_int_equal(entity_contact.fields[CONTACT_phone].klass,
                     CLASS_sensitive);
    assert_int_equal(entity_contact.fields[CONTACT_email].klass,
                     CLASS_sensitive);
    assert_int_equal(entity_contact.fields[CONTACT_wechat].klass,
                     CLASS_sensitive);
}

enum { ME = 10, COLLEAGUE = 11, STRANGER = 12, MY_UNIT = 5, OTHER_UNIT = 6 };

static const int64_t team[] = {ME, COLLEAGUE};
static const int64_t units[] = {4, MY_UNIT};
static const int64_t viewers[] = {STRANGER, ME};

static bool has_word(const char *words, const char *word)
{
    for (size_t n; *words != '\0'; words += n + (words[n] == ' ')) {
        n = strcspn(words, " ");
        if (strlen(word) == n && memcmp(words, word, n) == 0)
            return true;
    }
    return false;
}

/* Somebody with these roles, who manages COLLEAGUE and whose department has
 * MY_UNIT. */
static struct rights person(const char *roles)
{
    struct rights r = {.user_id = ME,
                       .team = team,
                       .nteam = N(team),
                       .units = units,
                       .nunits = N(units)};
    for (int i = 0; i < ROLES; i++)
        if (has_word(roles, role_rows[i].id))
            rights_unite_role(&r, access_default[i], access_class_default[i]);
    return r;
}

static const struct scope_keys mine = {.owner = ME};
static const struct scope_keys managed = {.project_manager = ME};
static const struct scope_keys optimized = {.optimizer = ME};
static const struct scope_keys granted = {
    .owner = STRANGER, .viewers = viewers, .nviewers = N(viewers)};
static const struct scope_keys teams = {.owner = COLLEAGUE};
static const struct scope_keys departments = {.owner = STRANGER,
                                              .service_team = MY_UNIT};
static const struct scope_keys foreign = {.owner = STRANGER,
                                          .service_team = OTHER_UNIT};
static const struct scope_keys nobodys = {.owner = 0};

static bool sees(const char *roles, const struct scope_keys *k)
{
    struct rights r = person(roles);
    return access_in_scope(&r, ACTION_customer_view, k);
}

static void test_own(void **state)
{
    (void)state;
    assert_true(sees("optimizer", &mine));
    assert_true(sees("optimizer", &managed));
    assert_true(sees("optimizer", &optimized));
    assert_true(sees("optimizer", &granted));
    assert_false(sees("optimizer", &teams));
    assert_false(sees("optimizer", &departments));
    assert_false(sees("optimizer", &foreign));
    assert_false(sees("optimizer", &nobodys));
}

static void test_team_and_department(void **state)
{
    (void)state;
    assert_true(sees("sales_manager", &mine));
    assert_true(sees("sales_manager", &granted));
    assert_true(sees("sales_manager", &teams));
    assert_false(sees("sales_manager", &departments));
    assert_false(sees("sales_manager", &foreign));
    assert_true(sees("project_manager", &departments));
    assert_true(sees("project_manager", &managed));
    assert_false(sees("project_manager", &teams));
    assert_false(sees("project_manager", &foreign));
}

static void test_all_and_nothing(void **state)
{
    (void)state;
    assert_true(sees("sales_director", &foreign));
    assert_true(sees("finance", &nobodys));
    assert_false(sees("", &mine));
    struct rights r = person("finance");
    assert_false(access_in_scope(&r, ACTION_customer_edit, &mine));
    struct rights nobody = {0};
    assert_false(access_in_scope(&nobody, ACTION_customer_view, &nobodys));
}

/* Team and department are two ways to look; both roles together see both. */
static void test_roles_unite(void **state)
{
    (void)state;
    assert_true(sees("sales_manager project_manager", &teams));
    assert_true(sees("sales_manager project_manager", &departments));
    assert_false(sees("sales_manager project_manager", &foreign));
    struct rights r = person("sales_manager project_manager");
    assert_true(rights_has_scope(&r, ACTION_customer_view, SCOPE_TEAM));
    assert_true(rights_has_scope(&r, ACTION_customer_view, SCOPE_DEPARTMENT));
    assert_false(rights_has_scope(&r, ACTION_customer_edit, SCOPE_DEPARTMENT));
}

/* A snapshot that names just the widest scope means that one. */
static void test_a_single_scope(void **state)
{
    (void)state;
    struct rights r = person("");
    memset(r.scopes, 0, sizeof(r.scopes));
    r.scope[ACTION_customer_view] = SCOPE_TEAM;
    assert_true(access_in_scope(&r, ACTION_customer_view, &teams));
    assert_false(access_in_scope(&r, ACTION_customer_view, &departments));
}

static void test_what_may_be_done_at_all(void **state)
{
    (void)state;
    struct rights sales = person("sales"), admin = {.admin = true};
    assert_true(rights_may(&sales, "customer.edit"));
    assert_true(rights_may(&sales, "*"));
    assert_false(rights_may(&sales, "customer.assign"));
    assert_false(rights_may(&sales, NULL));
    assert_false(rights_may(&sales, "customer.steal"));
    assert_true(rights_may(&admin, NULL));
    assert_true(rights_may(&admin, "*"));
    assert_false(rights_may(&admin, "customer.view"));
}

static enum level level_of(const struct rights *r, enum customer_field f,
                           bool editable)
{
    return access_field(r, &entity_customer.fields[f], editable);
}

static void test_fields(void **state)
{
    (void)state;
    struct rights sales = person("sales"), optimizer = person("optimizer");
    assert_int_equal(level_of(&sales, CUSTOMER_contact_phone, true),
                     LEVEL_WRITE);
    assert_int_equal(level_of(&sales, CUSTOMER_contact_phone, false),
                     LEVEL_READ);
    assert_int_equal(level_of(&optimizer, CUSTOMER_contact_phone, false),
                     LEVEL_MASKED);
    assert_int_equal(level_of(&optimizer, CUSTOMER_annual_cost_target, false),
                     LEVEL_READ);
    assert_int_equal(level_of(&sales, CUSTOMER_search_text, true),
                     LEVEL_HIDDEN);
    assert_int_equal(
        access_field(&sales, &entity_user.fields[USER_password_hash], true),
        LEVEL_HIDDEN);
}

/* Finance views every customer with masked phones; being a sales person for a
 * few does not unmask the others. */
static void test_a_second_role_shows_no_more_of_foreign_rows(void **state)
{
    (void)state;
    struct rights both = person("sales finance");
    assert_int_equal(level_of(&both, CUSTOMER_contact_phone, true),
                     LEVEL_WRITE);
    assert_int_equal(level_of(&both, CUSTOMER_contact_phone, false),
                     LEVEL_MASKED);
    rights_unite_level(&both, CLASS_sensitive, LEVEL_READ);
    assert_int_equal(level_of(&both, CUSTOMER_contact_phone, false),
                     LEVEL_READ); /* a grant in person does */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_actions),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_roles_in_their_order),
        cmocka_unit_test(test_classes_of_fields),
        cmocka_unit_test(test_own),
        cmocka_unit_test(test_team_and_department),
        cmocka_unit_test(test_all_and_nothing),
        cmocka_unit_test(test_roles_unite),
        cmocka_unit_test(test_a_single_scope),
        cmocka_unit_test(test_what_may_be_done_at_all),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_a_second_role_shows_no_more_of_foreign_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
