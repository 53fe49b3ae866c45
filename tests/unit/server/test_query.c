/* The texts of statements: scope, filters, and cursors without a database. */
#include "common/json.h"
#include "common/mem.h"
#include "schema/type.h"
#include "server/db/query_parts.h"
#include "server/domain/cursor.h"
#include "server/domain/scope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

/* --- filters --- */

static void check_filter(const char *json, const char *wanted)
{
    struct sql s;
    struct filter *f = NULL;
    struct err e = {0};
    cJSON *tree = cJSON_Parse(json);
    if (!filter_from_json(&entity_customer, arena, tree, &f, &e))
        fail_msg("%s: %s", json, e.message);
    sql_init(&s, arena);
    query_filter(&s, f);
    assert_string_equal(buf_text(&s.text), wanted);
    sql_free(&s);
    cJSON_Delete(tree);
}

/* proves: LIST-05 */
static void test_filters(void **state)
{
    (void)state;
    static const struct {
        const char *json, *sql;
    } cases[] = {
        {"{\"grade\":{\"eq\":\"A\"}}", "(grade = $1::text)"},
        /* One value is never = ANY. */
        {"{\"grade\":{\"in\":[\"A\"]}}", "(grade = $1::text)"},
        {"{\"grade\":{\"in\":[\"A\",\"B\"]}}", "(grade = ANY($1::text[]))"},
        {"{\"grade\":{\"not_in\":[\"A\",\"B\"]}}",
         "((grade = ANY($1::text[])) IS NOT TRUE)"},
        {"{\"grade\":{\"is_null\":true}}", "((grade = ''))"},
        /* The twin that has the index, never NULL. */
        {"{\"cooperation_start_date\":{\"ge\":\"2025-01-01\"}}",
         "(cooperation_start_date_sort >= $1::date)"},
        {"{\"cooperation_start_date\":{\"lt\":\"2025-01-01\"}}",
         "(cooperation_start_date_sort < $1::date AND cooperation_start_date"
         " IS NOT NULL)"},
        {"{\"cooperation_start_date\":{\"between\":[null,\"2025-01-01\"]}}",
         "(cooperation_start_date_sort <= $1::date AND NOT"
         " cooperation_start_date IS NULL)"},
        {"{\"website_launch_time\":{\"ne\":\"2025-01-01\"}}",
         "(website_launch_time IS DISTINCT FROM $1::date)"},
        {"{\"regions\":{\"any\":[\"广东\"]}}", "(regions && $1::text[])"},
        {"{\"regions\":{\"all\":[\"广东\"]}}", "(regions @> $1::text[])"},
        {"{\"special_conditions\":{\"contains\":\"a\"}}",
         "(strpos(lower(special_conditions::text), lower($1::text)) > 0)"},
        {"{\"customer_name\":{\"contains\":\"a\"}}",
         "(search_grams @> $1::integer[] AND"
         " strpos(lower(customer_name::text), lower($2::text)) > 0)"},
        {"{\"has_tech_team\":{\"eq\":true}}", "(has_tech_team = $1::boolean)"},
        {"{\"id\":{\"in\":[1,2]}}", "(id = ANY($1::bigint[]))"},
        {"{\"or\":[{\"grade\":{\"eq\":\"A\"}},{\"grade\":{\"eq\":\"B\"}}]}",
         "((grade = $1::text) OR (grade = $2::text))"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_filter(cases[i].json, cases[i].sql);
}

/* --- scope --- */

static void check_scope(const struct entity *e, const struct rights *r,
                        const char *action, const char *wanted)
{
    struct sql s;
    sql_init(&s, arena);
    scope_where(&s, e, "", r, scope_of(r, action));
    assert_string_equal(buf_text(&s.text), wanted);
    sql_free(&s);
}

/* proves: ACC-02 */
static void test_scope(void **state)
{
    (void)state;
    const int64_t team[] = {7, 8, 9};
    const int64_t units[] = {3};
    struct rights r = {
        .user_id = 7, .team = team, .nteam = 3, .units = units, .nunits = 1};
    check_scope(&entity_customer, &r, "customer.view", "false");
    rights_unite(&r, ACTION_customer_view, SCOPE_OWN);
    check_scope(&entity_customer, &r, "customer.view",
                "(owner = $1::bigint OR project_manager = $1::bigint OR"
                " optimizer = $1::bigint OR viewers @> $2::bigint[])");
    rights_unite(&r, ACTION_customer_view, SCOPE_TEAM);
    rights_unite(&r, ACTION_customer_view, SCOPE_DEPARTMENT);
    check_scope(&entity_customer, &r, "customer.view",
                "(owner = ANY($1::bigint[]) OR project_manager = $2::bigint"
                " OR optimizer = $2::bigint OR service_team = $3::bigint OR"
                " viewers @> $4::bigint[])");
    assert_false(scope_is_single(&r, scope_of(&r, "customer.view")));
    check_scope(&entity_tag, &r, "*", "true");
    check_scope(&entity_role_right, &r, NULL, "false");
    assert_true(scope_narrows(&entity_role_right, &r, 0));
    rights_unite(&r, ACTION_customer_view, SCOPE_ALL);
    check_scope(&entity_customer, &r, "customer.view", "true");
    check_scope(&entity_contact, &r, "customer.view",
                "EXISTS (SELECT 1 FROM customer c WHERE c.id = customer_id"
                " AND c.deleted_at IS NULL)");
    assert_int_equal(scope_of(&r, "nothing.known"), 0);
}

/* Branches cover a scope and do not overlap. */
static void test_branches(void **state)
{
    (void)state;
    struct rights r = {.user_id = 7};
    struct sql s;
    rights_unite(&r, ACTION_customer_view, SCOPE_OWN);
    unsigned set = scope_of(&r, "customer.view");
    assert_int_equal(scope_branches(set), 4);
    assert_true(scope_is_single(&r, set));
    sql_init(&s, arena);
    scope_branch(&s, &r, set, 2);
    assert_string_equal(buf_text(&s.text),
                        "optimizer = $1::bigint AND (owner = $1::bigint) IS"
                        " NOT TRUE AND (project_manager = $1::bigint) IS NOT"
                        " TRUE");
    sql_free(&s);
    assert_true(scope_branch_is_sorted(set, 0, "updated_at"));
    assert_true(scope_branch_is_sorted(set, 0, "customer_name"));
    assert_false(scope_branch_is_sorted(set, 1, "customer_name"));
    assert_false(scope_branch_is_sorted(set, 0, "grade"));
}

/* --- cursors --- */

static const struct field *field(const char *id)
{
    return field_find(&entity_customer, id);
}

static void test_cursor_round_trip(void **state)
{
    (void)state;
    struct sort_key sort[] = {{field("customer_name"), false},
                              {field("cooperation_start_date"), true},
                              {field("sales_person"), false}};
    struct cursor c = {.question = 0xfedcba9876543210ULL,
                       .n = 3,
                       .keys = {"chang sha ai wei", "-infinity", "17"},
                       .id = 9007199254740991};
    struct cursor back;
    char *text = cursor_write(arena, &c);
    assert_true(strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
                             "UVWXYZ0123456789-_") == strlen(text));
    assert_true(cursor_read(arena, text, sort, 3, &back));
    assert_int_equal(back.question, c.question);
    assert_int_equal(back.id, c.id);
    for (int i = 0; i < 3; i++)
        assert_string_equal(back.keys[i], c.keys[i]);
    /* One key less or more is another list. */
    assert_false(cursor_read(arena, text, sort, 2, &back));
}

/* What comes back is checked against the columns it is compared with. */
static void test_cursor_values(void **state)
{
    (void)state;
    static const struct {
        const char *field, *value;
        bool good;
    } cases[] = {
        {"cooperation_start_date", "2025-02-28", true},
        {"cooperation_start_date", "2025-02-30", false},
        {"cooperation_start_date", "x", false},
        {"sales_person", "12", true},
        {"sales_person", "12; DROP TABLE customer", false},
        {"sales_person", "", false},
        {"sales_person", "99999999999999999999", false},
        {"updated_at", "2026-11-22 17:03:33.1+00", true},
        {"updated_at", "now()", false},
        {"grade", "A", true},
        {"customer_name", "\xff\xfe", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sort_key sort = {field(cases[i].field), false};
        struct cursor c = {.n = 1, .keys = {cases[i].value}, .id = 1};
        struct cursor back;
        bool good =
            cursor_read(arena, cursor_write(arena, &c), &sort, 1, &back);
        if (good != cases[i].good)
            fail_msg("%s %s", cases[i].field, cases[i].value);
    }
}

static void test_cursor_garbage(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "A", "====", "AAAAAAAAAAAA",
                                      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    struct sort_key sort = {field("grade"), false};
    struct cursor back;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(cursor_read(arena, bad[i], &sort, 1, &back));
    /* Cut anywhere, it is none any more. */
    struct cursor c = {.n = 1, .keys = {"A"}, .id = 12};
    char *text = cursor_write(arena, &c);
    for (size_t len = 0; len < strlen(text); len++)
        assert_false(cursor_read(arena, arena_strndup(arena, text, len), &sort,
                                 1, &back));
}

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_scope),
        cmocka_unit_test(test_branches),
        cmocka_unit_test(test_cursor_round_trip),
        cmocka_unit_test(test_cursor_values),
        cmocka_unit_test(test_cursor_garbage),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
