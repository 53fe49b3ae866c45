/* The C back end of access (schema/access.h) against the oracle: invented
 * agencies, everybody in them, every action, every class of fields.
 * proves: ACC-02, ACC-03 */
#include "schema/access.h"
#include "tests/support/check.h"
#include "tests/support/oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <string.h>

#define WORLDS 12
#define UNITS  16
#define USERS  24
#define ROWS   60

/* Fields that stand for their class. */
static const struct {
    const char *field;
    enum oracle_class c;
} samples[] = {
    {"industry", ORACLE_public},
    {"contact_phone", ORACLE_sensitive},
    {"annual_cost_target", ORACLE_goal},
    {"internal_notes", ORACLE_internal},
};

struct world {
    struct oracle_unit unit[UNITS];
    struct oracle_user user[USERS];
    struct oracle_row row[ROWS];
    int64_t viewer[ROWS][2];
    struct oracle_world as;
};

static uint64_t state = 20250704;
static int64_t decisions;

static int random_below(int n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (int)(state % (uint64_t)n);
}

/* Ids are not 1, 2, 3, so that an index taken for an id is noticed. */
static int64_t unit_id(int i)
{
    return 100 + i * 3;
}

static int64_t user_id(int i)
{
    return 1000 + i * 7;
}

static int64_t somebody(int one_in)
{
    return random_below(one_in) ? 0 : user_id(random_below(USERS));
}

static void invent(struct world *w)
{
    for (int i = 0; i < UNITS; i++)
        w->unit[i] =
            (struct oracle_unit){.id = unit_id(i),
                                 .parent = i ? unit_id(random_below(i)) : 0,
                                 .manager = somebody(2),
                                 .department = i > 0 && random_below(3) == 0};
    for (int i = 0; i < USERS; i++) {
        w->user[i] = (struct oracle_user){
            .id = user_id(i),
            .unit = random_below(8) ? unit_id(random_below(UNITS)) : 0,
            .roles = 1u << random_below(ORACLE_ROLES),
            .admin = random_below(4) == 0};
        if (random_below(2))
            w->user[i].roles |= 1u << random_below(ORACLE_ROLES);
        if (random_below(10) == 0)
            w->user[i].roles = 0;
    }
    for (int i = 0; i < ROWS; i++) {
        w->viewer[i][0] = user_id(random_below(USERS));
        w->viewer[i][1] = user_id(random_below(USERS));
        w->row[i] = (struct oracle_row){
            .owner = somebody(1 + random_below(2)),
            .project_manager = somebody(2),
            .optimizer = somebody(2),
            .service_team = random_below(4) ? unit_id(random_below(UNITS)) : 0,
            .viewers = w->viewer[i],
            .nviewers = random_below(3)};
    }
    w->as = (struct oracle_world){w->unit, UNITS, w->user, USERS};
}

static const struct oracle_unit *find_unit(const struct world *w, int64_t id)
{
    for (int i = 0; i < UNITS; i++)
        if (w->unit[i].id == id)
            return &w->unit[i];
    return NULL;
}

static bool lies_below(const struct world *w, int64_t id, int64_t top)
{
    for (const struct oracle_unit *u = find_unit(w, id); u;
         u = find_unit(w, u->parent))
        if (u->id == top)
            return true;
    return false;
}

/* The lists that a snapshot of the organisation would hold; `id`s rise with
 * the index, so they come out sorted. */
static int list_team(const struct world *w, const struct oracle_user *u,
                     int64_t out[USERS])
{
    int n = 0;
    for (int i = 0; i < USERS; i++) {
        bool in = w->user[i].id == u->id;
        for (int k = 0; k < UNITS && !in; k++)
            in = w->unit[k].manager == u->id &&
                 lies_below(w, w->user[i].unit, w->unit[k].id);
        if (in)
            out[n++] = w->user[i].id;
    }
    return n;
}

static int list_units(const struct world *w, const struct oracle_user *u,
                      int64_t out[UNITS])
{
    const struct oracle_unit *top = find_unit(w, u->unit);
    while (top && !top->department)
        top = find_unit(w, top->parent);
    int n = 0;
    for (int i = 0; top && i < UNITS; i++)
        if (lies_below(w, w->unit[i].id, top->id))
            out[n++] = w->unit[i].id;
    return n;
}

static struct rights unite(const struct world *w, const struct oracle_user *u,
                           int64_t team[USERS], int64_t units[UNITS])
{
    struct rights r = {.user_id = u->id, .admin = u->admin};
    for (int i = 0; i < ORACLE_ROLES; i++) {
        if (!(u->roles >> i & 1))
            continue;
        int role = role_find(oracle_role_names[i]);
        r.roles |= 1u << role;
        rights_unite_role(&r, access_default[role], access_class_default[role]);
    }
    r.team = team;
    r.nteam = list_team(w, u, team);
    r.units = units;
    r.nunits = list_units(w, u, units);
    return r;
}

static struct scope_keys keys_of(const struct oracle_row *row)
{
    return (struct scope_keys){.owner = row->owner,
                               .project_manager = row->project_manager,
                               .optimizer = row->optimizer,
                               .service_team = row->service_team,
                               .viewers = row->viewers,
                               .nviewers = row->nviewers};
}

static void check_actions(const struct world *w, const struct oracle_user *u,
                          const struct rights *r, const struct oracle_row *row)
{
    struct scope_keys keys = keys_of(row);
    for (int i = 0; oracle_action(i); i++) {
        int a = action_find(oracle_action(i));
        if (a < 0)
            check_fail("schema knows no %s", oracle_action(i));
        bool want = oracle_may(&w->as, u, oracle_action(i), row);
        bool is = access_in_scope(r, (enum action)a, &keys);
        decisions++;
        if (want != is)
            check_fail("%s, user %d, roles %x, owner %d: oracle %d, access %d",
                       oracle_action(i), (int)u->id, u->roles, (int)row->owner,
                       want, is);
    }
}

static void check_classes(const struct world *w, const struct oracle_user *u,
                          const struct rights *r, const struct oracle_row *row)
{
    struct scope_keys keys = keys_of(row);
    if (!oracle_may(&w->as, u, "customer.view", row))
        return;
    bool edits = access_in_scope(r, ACTION_customer_edit, &keys);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct field *f = field_find(&entity_customer, samples[i].field);
        enum oracle_level want = oracle_level(&w->as, u, row, samples[i].c);
        enum level is = access_field(r, f, edits);
        decisions++;
        if (strcmp(oracle_level_names[want], level_id(is)) != 0)
            check_fail("%s, user %d, roles %x, edits %d: oracle %s, access %s",
                       samples[i].field, (int)u->id, u->roles, edits,
                       oracle_level_names[want], level_id(is));
    }
}

/* What may be asked by (filter, sort, search) is what holds on every row. */
static void check_questions(const struct oracle_user *u, const struct rights *r)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct field *f = field_find(&entity_customer, samples[i].field);
        bool want = oracle_may_ask(u, samples[i].c);
        bool is = access_field(r, f, false) >= LEVEL_READ;
        decisions++;
        if (want != is)
            check_fail("asking by %s, roles %x: oracle %d, access %d",
                       samples[i].field, u->roles, want, is);
    }
}

static void test_invented_agencies(void **st)
{
    (void)st;
    for (int n = 0; n < WORLDS; n++) {
        struct world w;
        int64_t team[USERS], units[UNITS];
        invent(&w);
        for (int i = 0; i < USERS; i++) {
            struct rights r = unite(&w, &w.user[i], team, units);
            check_questions(&w.user[i], &r);
            for (int k = 0; k < ROWS; k++) {
                check_actions(&w, &w.user[i], &r, &w.row[k]);
                check_classes(&w, &w.user[i], &r, &w.row[k]);
            }
        }
    }
    assert_true(decisions > 100000);
}

/* Which class a field belongs to is part of who may see it. */
static void test_classes_of_fields(void **st)
{
    (void)st;
    const struct entity *const both[] = {&entity_customer, &entity_contact};
    for (size_t e = 0; e < 2; e++) {
        for (int i = 0; i < both[e]->nfields; i++) {
            const struct field *f = &both[e]->fields[i];
            if (f->flags & (F_HIDDEN | F_SECRET))
                continue;
            assert_string_equal(
                class_id(f->klass),
                oracle_class_names[oracle_class_of(both[e]->id, f->id)]);
        }
    }
}

/* Sentences of the requirements, so that the oracle itself is held to them. */
static void test_sentences(void **st)
{
    (void)st;
    static const struct oracle_unit units[] = {
        {.id = 1},
        {.id = 2, .parent = 1, .department = true},
        {.id = 3, .parent = 2, .manager = 11},
    };
    static const struct oracle_user users[] = {
        {.id = 10, .unit = 3, .roles = 1u << ORACLE_sales},
        {.id = 11, .unit = 2, .roles = 1u << ORACLE_sales_manager},
        {.id = 12, .unit = 2, .roles = 1u << ORACLE_project_manager},
        {.id = 13, .unit = 1, .admin = true},
        {.id = 14, .unit = 1, .roles = 1u << ORACLE_finance},
    };
    static const struct oracle_world w = {units, 3, users, 5};
    static const struct oracle_row row = {.owner = 10, .service_team = 3};
    const struct oracle_user *sales = &users[0], *manager = &users[1],
                             *pm = &users[2], *admin = &users[3],
                             *finance = &users[4];
    assert_true(oracle_may(&w, sales, "customer.edit", &row));
    assert_false(oracle_may(&w, sales, "customer.assign", &row));
    assert_true(oracle_may(&w, manager, "customer.assign", &row));
    assert_false(oracle_may(&w, manager, "customer.delete", &row));
    assert_true(oracle_may(&w, pm, "customer.view", &row));
    assert_false(oracle_may(&w, pm, "sensitive.reveal", &row));
    assert_false(oracle_may(&w, admin, "customer.view", &row));
    assert_int_equal(oracle_level(&w, pm, &row, ORACLE_sensitive),
                     ORACLE_MASKED);
    assert_int_equal(oracle_level(&w, finance, &row, ORACLE_goal), ORACLE_READ);
    assert_int_equal(oracle_level(&w, sales, &row, ORACLE_goal), ORACLE_WRITE);
    assert_false(oracle_may_ask(finance, ORACLE_sensitive));
    assert_true(oracle_may_ask(sales, ORACLE_sensitive));
    assert_true(oracle_may_write(&w, sales, &row, "service_team", false, 0));
    assert_false(oracle_may_write(&w, sales, &row, "service_team", true, 0));
    assert_false(oracle_may_write(&w, sales, &row, "sales_person", true, 1));
    assert_true(oracle_may_write(&w, manager, &row, "sales_person", true, 1));
    assert_false(oracle_may_write(&w, manager, &row, "grade", true, false));
    assert_null(oracle_word("nothing.such", ORACLE_sales));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_classes_of_fields),
        cmocka_unit_test(test_invented_agencies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
