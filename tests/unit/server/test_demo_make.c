/* The demo data in memory: valid by every rule of a record, without two equal
 * names, the same for the same seed. */
#include "server/domain/demo_copy.h"
#include "server/domain/demo_make.h"
#include "server/domain/demo_words.h"

#include "common/date.h"
#include "common/mem.h"
#include "schema/option.h"
#include "schema/validate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SEED   42
#define SAMPLE 3000
#define NAMES  20000

static struct demo_agency agency;
static struct demo_world world = {.agency = &agency, .seed = SEED};
static struct arena *keep;

static int set_up(void **state)
{
    (void)state;
    keep = arena_new();
    world.today = date_today();
    demo_agency(keep, SEED, 200, "zhangwei", &agency);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&keep);
    return 0;
}

static const struct demo_user *user_called(const char *login)
{
    for (int i = 0; i < agency.nusers; i++)
        if (strcmp(agency.users[i].login, login) == 0)
            return &agency.users[i];
    return NULL;
}

static void test_one_user_per_role(void **state)
{
    (void)state;
    for (int i = 0; i < ROLES; i++) {
        const struct demo_user *u = user_called(role_rows[i].id);
        assert_non_null(u);
        assert_int_equal(u->roles, 1u << i);
        assert_false(u->admin);
    }
    assert_true(user_called("admin")->admin);
    assert_int_equal(user_called("admin")->roles, 0);
    assert_int_equal(agency.nusers, 200);
}

static void test_peer_is_director_and_administrator(void **state)
{
    (void)state;
    const struct demo_user *u = user_called("zhangwei");
    assert_non_null(u);
    assert_true(u->admin);
    assert_int_equal(u->roles, 1u << ROLE_sales_director);
}

/* A login that a role has already gets the director's role besides, so that
 * neither loses what it was made for. */
static void test_peer_named_as_a_role(void **state)
{
    (void)state;
    struct demo_agency other;
    demo_agency(keep, SEED, 20, "sales", &other);
    assert_string_equal(other.users[0].login, "sales");
    assert_int_equal(other.users[0].roles,
                     1u << ROLE_sales | 1u << ROLE_sales_director);
    assert_true(other.users[0].admin);
}

static void test_tree_hangs_together(void **state)
{
    (void)state;
    for (int i = 0; i < agency.nunits; i++) {
        assert_in_range(agency.units[i].parent, 0, i);
        assert_in_range(agency.units[i].manager, 0, agency.nusers);
    }
    for (int i = 0; i < agency.nusers; i++) {
        assert_in_range(agency.users[i].unit, 1, agency.nunits);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(agency.users[i].login,
                                    agency.users[k].login);
    }
    for (int i = 0; i < agency.ngroups; i++)
        assert_int_equal(
            agency.users[agency.groups[i].project_manager - 1].roles,
            1u << ROLE_project_manager);
}

static const char *option_of(void *ctx, const char *list, const char *code)
{
    (void)ctx;
    const struct option_row *row = option_find(list, code);
    return row ? row->zh : NULL;
}

static const char *ref_of(void *ctx, const char *entity, int64_t id)
{
    (void)ctx;
    int64_t last = strcmp(entity, "user") == 0       ? agency.nusers
                   : strcmp(entity, "org_unit") == 0 ? agency.nunits
                   : strcmp(entity, "tag") == 0      ? agency.ntags
                                                     : INT64_MAX;
    return id >= 1 && id <= last ? "somebody" : NULL;
}

static const struct names all_names = {.option = option_of, .ref = ref_of};

static void check(const struct entity *e, const char *const *values,
                  enum life life)
{
    struct faults faults = {0};
    struct record_check c = {.entity = e,
                             .values = values,
                             .today = world.today,
                             .life = life,
                             .names = &all_names};
    if (!validate_record(&c, &faults))
        fail_msg("%s: %s: %s: %s", e->id, values[0], faults.at[0].field,
                 faults.at[0].message);
}

/* proves: LIST-02 */
static void test_every_rule_holds(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    int seen[LIVES] = {0};
    for (int64_t i = 0; i < SAMPLE; i++) {
        const char *v[CUSTOMER_FIELDS];
        struct demo_contacts contacts;
        demo_customer(a, &world, i, v, &contacts);
        enum life life = life_find(v[CUSTOMER_lifecycle]);
        seen[life]++;
        check(&entity_customer, v, life);
        assert_in_range(contacts.n, 1, DEMO_CONTACTS);
        for (int k = 0; k < contacts.n; k++) {
            check(&entity_contact, contacts.value[k], LIFE_NONE);
            assert_string_equal(contacts.value[k][CONTACT_is_primary],
                                k == 0 ? "t" : "f");
        }
        assert_string_equal(v[CUSTOMER_contact_person],
                            contacts.value[0][CONTACT_name]);
        arena_reset(a);
    }
    for (int life = LIFE_NONE + 1; life < LIVES; life++)
        assert_true(seen[life] > SAMPLE / 200);
    arena_free(&a);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Both ends of the walk through the names, since there a third character
 * joins the brand. */
static void test_no_two_names_are_equal(void **state)
{
    (void)state;
    int64_t round = (int64_t)(demo_city_count * demo_brand_first_count *
                              demo_brand_second_count);
    struct arena *a = arena_new();
    const char **keys = x_calloc(2 * NAMES, sizeof(*keys));
    for (int64_t i = 0; i < 2 * NAMES; i++) {
        const char *v[CUSTOMER_FIELDS];
        struct demo_contacts contacts;
        demo_customer(a, &world, i < NAMES ? i : round - 2 * NAMES + i, v,
                      &contacts);
        keys[i] = x_strdup(v[CUSTOMER_name_key]);
        arena_reset(a);
    }
    qsort(keys, 2 * NAMES, sizeof(*keys), by_text);
    for (size_t i = 1; i < 2 * NAMES; i++)
        assert_string_not_equal(keys[i - 1], keys[i]);
    for (size_t i = 0; i < 2 * NAMES; i++)
        free((char *)(uintptr_t)keys[i]);
    x_free(&keys);
    arena_free(&a);
}

static void copy_of(struct arena *a, uint64_t seed, int64_t index,
                    struct buf *out)
{
    struct demo_world w = world;
    const char *v[CUSTOMER_FIELDS];
    struct demo_contacts contacts;
    w.seed = seed;
    demo_customer(a, &w, index, v, &contacts);
    demo_copy_row(out, a, &entity_customer, index + 1, v);
}

static void test_same_seed_same_data(void **state)
{
    (void)state;
    struct buf one = BUF_INIT, two = BUF_INIT, other = BUF_INIT;
    for (int64_t i = 0; i < 20; i++)
        copy_of(keep, 7, i, &one);
    for (int64_t i = 0; i < 20; i++)
        copy_of(keep, 7, i, &two);
    for (int64_t i = 0; i < 20; i++)
        copy_of(keep, 8, i, &other);
    assert_string_equal(buf_text(&one), buf_text(&two));
    assert_string_not_equal(buf_text(&one), buf_text(&other));
    buf_free(&one);
    buf_free(&two);
    buf_free(&other);
}

static void test_contacts_alone_are_the_same(void **state)
{
    (void)state;
    for (int64_t i = 0; i < 50; i++) {
        const char *v[CUSTOMER_FIELDS];
        struct demo_contacts with, alone;
        struct buf one = BUF_INIT, two = BUF_INIT;
        demo_customer(keep, &world, i, v, &with);
        demo_contacts(keep, &world, i, &alone);
        assert_int_equal(with.n, alone.n);
        for (int k = 0; k < with.n; k++) {
            demo_copy_row(&one, keep, &entity_contact, with.id[k],
                          with.value[k]);
            demo_copy_row(&two, keep, &entity_contact, alone.id[k],
                          alone.value[k]);
        }
        assert_string_equal(buf_text(&one), buf_text(&two));
        buf_free(&one);
        buf_free(&two);
    }
}

/* proves: LIST-03 */
static void test_first_customer_is_found_by_its_initials(void **state)
{
    (void)state;
    const char *v[CUSTOMER_FIELDS];
    struct demo_contacts contacts;
    demo_customer(keep, &world, 0, v, &contacts);
    assert_non_null(strstr(v[CUSTOMER_customer_name], "深圳艾维"));
    assert_non_null(strstr(v[CUSTOMER_search_text], "szaw"));
}

/* What COPY takes for the end of a value or of a row is written as text. */
static void test_copy_text_is_escaped(void **state)
{
    (void)state;
    struct buf out = BUF_INIT;
    const char *v[TAG_FIELDS] = {[TAG_name] = "a\tb\nc\\.", [TAG_color] = NULL};
    demo_copy_row(&out, keep, &entity_tag, 7, v);
    const char *start = "7\ta\\tb\\nc\\\\.\t";
    assert_int_equal(strncmp(buf_text(&out), start, strlen(start)), 0);
    assert_string_equal(strchr(buf_text(&out), '\n'), "\n");
    assert_non_null(strstr(buf_text(&out), "\\N"));
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_user_per_role),
        cmocka_unit_test(test_peer_is_director_and_administrator),
        cmocka_unit_test(test_peer_named_as_a_role),
        cmocka_unit_test(test_tree_hangs_together),
        cmocka_unit_test(test_every_rule_holds),
        cmocka_unit_test(test_no_two_names_are_equal),
        cmocka_unit_test(test_same_seed_same_data),
        cmocka_unit_test(test_contacts_alone_are_the_same),
        cmocka_unit_test(test_first_customer_is_found_by_its_initials),
        cmocka_unit_test(test_copy_text_is_escaped),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
