/* The tables themselves: every row says what it must, and what it names
 * exists. */
#include "common/i18n.h"
#include "common/mem.h"
#include "schema/access.h"
#include "schema/filter.h"
#include "schema/option.h"
#include "schema/type.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A text of the tables: written, and translated. */
static void check_text(const char *of, const char *text, bool sentence)
{
    if (text == NULL || text[0] == '\0')
        fail_msg("%s: a text is missing", of);
    if (sentence && text[strlen(text) - 1] != '.')
        fail_msg("%s: the help is no sentence: %s", of, text);
    const char *zh = i18n_in(LANG_zh, text);
    if (strcmp(zh, text) == 0)
        fail_msg("%s: not translated: %s", of, text);
}

static bool is_name(const char *id)
{
    return id[0] >= 'a' && id[0] <= 'z' && strlen(id) < 56 &&
           strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(id);
}

static void check_field(const struct entity *e, const struct field *f)
{
    char of[128];
    snprintf(of, sizeof(of), "%s.%s", e->id, f->id);
    if (!is_name(f->id))
        fail_msg("%s: no name for a column", of);
    check_text(of, f->label, false);
    check_text(of, f->help, true);
    if (f->group != NULL)
        check_text(of, f->group, false);
    if (f->flags & (F_LIST | F_SORT) && (f->width < 4 || f->width > 40))
        fail_msg("%s: a column needs a width", of);
    if (f->flags & (F_DEFAULT | F_FIXED | F_SORT) && !(f->flags & F_LIST))
        fail_msg("%s: is no column of a list", of);
    if (f->flags & F_IMPORT && !(f->flags & F_AUDIT))
        fail_msg("%s: can be written but is not audited", of);
    if (f->required_from != LIFE_NONE && !(f->flags & F_REQUIRED))
        fail_msg("%s: required_from without F_REQUIRED", of);
    if (f->max != 0 && f->min > f->max)
        fail_msg("%s: min above max", of);
    if (f->step < 0 || f->step > 5)
        fail_msg("%s: the wizard has five steps", of);
}

static void check_names(const struct entity *e, const struct field *f)
{
    if (f->options != NULL && option_list_find(f->options) == NULL)
        fail_msg("%s.%s: there is no list %s", e->id, f->id, f->options);
    if (f->ref != NULL && entity_find(f->ref) == NULL)
        fail_msg("%s.%s: there is no entity %s", e->id, f->id, f->ref);
    bool choice = f->type == &type_choice || f->type == &type_choices;
    if (choice != (f->options != NULL))
        fail_msg("%s.%s: choices and lists belong together", e->id, f->id);
    bool ref = f->type == &type_ref || f->type == &type_refs;
    if (ref != (f->ref != NULL))
        fail_msg("%s.%s: references name an entity", e->id, f->id);
    struct arena *a = arena_new();
    const char *begins = field_default(f, a);
    bool good = begins == NULL || f->type->check(f, begins, NULL);
    arena_free(&a);
    if (!good)
        fail_msg("%s.%s: its default is not valid", e->id, f->id);
}

static void test_fields(void **state)
{
    (void)state;
    for (int i = 0; i < schema_entity_count; i++)
        for (int k = 0; k < schema_entities[i]->nfields; k++) {
            check_field(schema_entities[i], &schema_entities[i]->fields[k]);
            check_names(schema_entities[i], &schema_entities[i]->fields[k]);
        }
}

static void test_fields_are_found(void **state)
{
    (void)state;
    for (int i = 0; i < schema_entity_count; i++) {
        const struct entity *e = schema_entities[i];
        assert_ptr_equal(entity_find(e->id), e);
        for (int k = 0; k < e->nfields; k++) {
            assert_ptr_equal(field_find(e, e->fields[k].id), &e->fields[k]);
            assert_int_equal(field_index(e, &e->fields[k]), k);
        }
    }
    assert_null(entity_find("nothing"));
    assert_null(field_find(&entity_customer, "nothing"));
    assert_null(field_find(&entity_customer, ""));
    assert_null(field_find(&entity_contact, "customer_name"));
    assert_string_equal(entity_customer.fields[CUSTOMER_owner].id, "owner");
    assert_string_equal(entity_contact.fields[CONTACT_name].id, "name");
}

static void check_action(const struct entity *e, const char *id)
{
    if (id != NULL && strcmp(id, "*") != 0 && action_find(id) < 0)
        fail_msg("%s: there is no action %s", e->id, id);
}

static void test_entities(void **state)
{
    (void)state;
    for (int i = 0; i < schema_entity_count; i++) {
        const struct entity *e = schema_entities[i];
        check_text(e->id, e->label, false);
        check_text(e->id, e->plural, false);
        check_text(e->id, e->help, true);
        check_action(e, e->view);
        check_action(e, e->create);
        check_action(e, e->edit);
        check_action(e, e->remove);
        assert_non_null(field_find(e, e->title));
        assert_non_null(e->table);
        if (e->parent != NULL)
            assert_non_null(entity_find(e->parent));
        assert_null(option_list_find(e->id)); /* struct names: one space */
    }
}

static void test_default_sort_orders_can_be_sorted_by(void **state)
{
    (void)state;
    struct sort_key keys[SORT_KEYS];
    int n;
    for (int i = 0; i < schema_entity_count; i++) {
        const struct entity *e = schema_entities[i];
        if (e->flags & E_INTERNAL || !e->sort)
            continue;
        assert_true(sort_from_text(e, e->sort, keys, &n, NULL));
        assert_in_range(n, 1, SORT_KEYS);
    }
}

/* proves: LIST-01, LIST-16 */
static void test_only_the_name_of_a_customer_is_fixed(void **state)
{
    (void)state;
    for (int k = 0; k < entity_customer.nfields; k++) {
        const struct field *f = &entity_customer.fields[k];
        bool fixed = (f->flags & F_FIXED) != 0;
        assert_int_equal(fixed, k == CUSTOMER_customer_name);
    }
}

/* What is changed in many records at once is undone from the log, and no two
 * of them can share what is unique. */
static void test_fields_of_bulk_changes(void **state)
{
    (void)state;
    const unsigned many = F_BULK | F_ASSIGN | F_TRANSITION | F_PROPOSAL;
    for (int i = 0; i < entity_customer.nfields; i++) {
        const struct field *f = &entity_customer.fields[i];
        if (!(f->flags & many))
            continue;
        assert_true(f->flags & F_AUDIT);
        assert_false(f->flags & (F_UNIQUE | F_SECRET | F_HIDDEN | F_GENERATED));
    }
}

static void test_sorting_columns(void **state)
{
    (void)state;
    char column[64];
    static const struct {
        int field;
        const char *column, *type;
    } cases[] = {
        {CUSTOMER_customer_name, "customer_name_pinyin", "text"},
        {CUSTOMER_grade, "grade", "text"},
        {CUSTOMER_regions, "regions_sort", "text"},
        {CUSTOMER_cooperation_start_date, "cooperation_start_date_sort",
         "date"},
        {CUSTOMER_owner, "owner_sort", "bigint"},
        {CUSTOMER_updated_at, "updated_at", "timestamptz"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct field *f = &entity_customer.fields[cases[i].field];
        assert_string_equal(field_sort_column(f, column), cases[i].column);
        assert_string_equal(field_sort_type(f), cases[i].type);
    }
}

static void test_what_is_stored_for_nothing(void **state)
{
    (void)state;
    const struct field *f = entity_customer.fields;
    assert_string_equal(field_stored(&f[CUSTOMER_industry], NULL), "");
    assert_string_equal(field_stored(&f[CUSTOMER_has_tech_team], NULL), "f");
    assert_string_equal(field_stored(&f[CUSTOMER_regions], NULL), "{}");
    assert_null(field_stored(&f[CUSTOMER_owner], NULL));
    assert_null(field_stored(&f[CUSTOMER_service_start_date], ""));
    assert_string_equal(field_stored(&f[CUSTOMER_industry], "3c"), "3c");
    assert_true(field_is_empty(&f[CUSTOMER_regions], "{}"));
    assert_false(field_is_empty(&f[CUSTOMER_customer_name], "{}"));
    assert_false(field_is_empty(&f[CUSTOMER_has_tech_team], "f"));
}

static void test_fields_as_people_name_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int field;
    } cases[] = {
        {"grade", CUSTOMER_grade},
        {"Grade", CUSTOMER_grade},
        {"分级", CUSTOMER_grade},
        {"客户名称", CUSTOMER_customer_name},
        {"region", CUSTOMER_regions},
        {"start", CUSTOMER_cooperation_start_date},
        {"服务开始时间", CUSTOMER_service_start_date},
        {"Owner", CUSTOMER_owner},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_ptr_equal(field_named(&entity_customer, cases[i].text),
                         &entity_customer.fields[cases[i].field]);
    assert_ptr_equal(field_named(&entity_customer, "id"), &field_id);
    assert_null(field_named(&entity_customer, ""));
    assert_null(field_named(&entity_customer, "search_grams"));
    assert_null(field_named(&entity_customer, "颜色"));
    assert_null(field_named(&entity_user, "password_hash"));
}

static void test_hash_of_the_tables(void **state)
{
    (void)state;
    const char *hash = schema_hash();
    assert_int_equal(strlen(hash), 16);
    assert_int_equal(strspn(hash, "0123456789abcdef"), 16);
    assert_string_equal(schema_hash(), hash);
}

static void test_types(void **state)
{
    (void)state;
    for (int i = 0; i < schema_type_count; i++) {
        const struct type *t = schema_types[i];
        assert_true(is_name(t->name));
        assert_non_null(t->json);
        assert_non_null(t->sql);
        assert_non_null(t->sort_sql);
        assert_non_null(t->parse);
        assert_non_null(t->format);
        assert_non_null(t->check);
        assert_non_null(t->from_json);
        assert_non_null(t->to_json);
        assert_non_null(t->mask);
        assert_true(t->align == 0 || t->align == 1);
        if (t->list)
            assert_string_equal(t->empty, "{}");
    }
    for (int op = 0; op < OPS; op++) {
        const char *name = op_name((enum filter_op)op);
        assert_int_equal(op_find(name, strlen(name)), op);
    }
    assert_int_equal(op_find("eqq", 3), OPS);
    assert_int_equal(op_find("in", 1), OPS);
}

/* Every table whose rows name people's words, at least once each. */
static void test_words_of_the_other_tables(void **state)
{
    (void)state;
    static const struct {
        const char *of, *label, *help;
    } rows[] = {
#define ACTION(id, wire, scoped, label, help) {wire, label, help},
#include "schema/action.def"
#undef ACTION
#define ROLE(id, zh, label, help) {#id, label, help},
#include "schema/role.def"
#undef ROLE
#define LIST(id, label, fixed, free, help) {#id, label, help},
#include "schema/option_list.def"
#undef LIST
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_text(rows[i].of, rows[i].label, false);
        check_text(rows[i].of, rows[i].help, true);
    }
}

/* proves: LIST-01 */
static void test_tabs(void **state)
{
    (void)state;
    static const struct {
        enum tab tab;
        const char *label;
        char key;
    } tabs[] = {
#define TAB(id, label, key) {TAB_##id, label, key},
#include "schema/tab.def"
#undef TAB
    };
    assert_int_equal(sizeof(tabs) / sizeof(tabs[0]), 7);
    for (int i = 0; i < 7; i++) {
        check_text("tab", tabs[i].label, false);
        assert_int_equal(tabs[i].key, '1' + i);
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    i18n_init(argv[0]);
    i18n_use(LANG_en);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_fields_are_found),
        cmocka_unit_test(test_entities),
        cmocka_unit_test(test_default_sort_orders_can_be_sorted_by),
        cmocka_unit_test(test_only_the_name_of_a_customer_is_fixed),
        cmocka_unit_test(test_fields_of_bulk_changes),
        cmocka_unit_test(test_sorting_columns),
        cmocka_unit_test(test_what_is_stored_for_nothing),
        cmocka_unit_test(test_fields_as_people_name_them),
        cmocka_unit_test(test_hash_of_the_tables),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_words_of_the_other_tables),
        cmocka_unit_test(test_tabs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
