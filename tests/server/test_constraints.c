/* The database by itself: it refuses what the validation refuses, holds
 * exactly one primary contact, and gives the serving role no more than it
 * needs.
 * proves: LIST-02, DET-04, ACC-05 */
#include "common/buf.h"
#include "common/date.h"
#include "common/mem.h"
#include "schema/search.h"
#include "schema/validate.h"
#include "tests/support/database.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static char database[64];
static PGconn *app, *owner;
static struct arena *arena;

static PGconn *connect_as(const char *user)
{
    char conninfo[256];
    database_conninfo(conninfo, database, user);
    PGconn *pg = PQconnectdb(conninfo);
    if (PQstatus(pg) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(pg));
    return pg;
}

/* The constraint or the SQLSTATE that a statement broke, "" where none. */
static const char *broken(PGconn *pg, const char *sql)
{
    PGresult *r = PQexec(pg, sql);
    ExecStatusType s = PQresultStatus(r);
    const char *what = "";
    if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK) {
        what = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
        what = what != NULL ? what : PQresultErrorField(r, PG_DIAG_SQLSTATE);
        what = what != NULL ? what : "no connection";
    }
    what = arena_strdup(arena, what);
    PQclear(r);
    return what;
}

static void run(PGconn *pg, const char *sql)
{
    const char *what = broken(pg, sql);
    if (what[0] != '\0')
        fail_msg("%s: %s", sql, PQerrorMessage(pg));
}

static long long number(PGconn *pg, const char *sql)
{
    PGresult *r = PQexec(pg, sql);
    if (PQresultStatus(r) != PGRES_TUPLES_OK || PQntuples(r) < 1)
        fail_msg("%s: %s", sql, PQerrorMessage(pg));
    long long n = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
    PQclear(r);
    return n;
}

/* --- a customer, written as the tables say --- */

static const char *days_from_now(int days)
{
    char text[DATE_LEN];
    date_format(date_today() + days, text);
    return arena_strdup(arena, text);
}

/* A customer in service without a fault. */
static void fill(const char *values[CUSTOMER_FIELDS])
{
    memset(values, 0, CUSTOMER_FIELDS * sizeof(*values));
    values[CUSTOMER_customer_name] = "深圳市艾维科技有限公司";
    values[CUSTOMER_cooperation_type] = "full_service";
    values[CUSTOMER_industry] = "3c";
    values[CUSTOMER_regions] = "{广东,香港}";
    values[CUSTOMER_contact_person] = "李娜";
    values[CUSTOMER_contact_phone] = "13800138000";
    values[CUSTOMER_service_team] = "7";
    values[CUSTOMER_cooperation_start_date] = days_from_now(-90);
    values[CUSTOMER_service_start_date] = days_from_now(-60);
    values[CUSTOMER_cooperation_end_date] = days_from_now(275);
    values[CUSTOMER_grade] = "A";
    values[CUSTOMER_lifecycle] = "active";
    values[CUSTOMER_sales_person] = "12";
    values[CUSTOMER_currency] = "CNY";
}

static void add_text(struct buf *sql, const char *value)
{
    char *quoted =
        value == NULL ? NULL : PQescapeLiteral(app, value, strlen(value));
    buf_str(sql, quoted == NULL ? "NULL" : quoted);
    PQfreemem(quoted);
}

static bool is_column(const struct field *f)
{
    return !(f->flags & (F_HIDDEN | F_GENERATED)) &&
           field_index(&entity_customer, f) < CUSTOMER_created_at;
}

/* Writes customer 100 with contact 200, undoes it, and tells what broke. */
static const char *stored(const char *const values[CUSTOMER_FIELDS])
{
    struct buf sql = BUF_INIT;
    const char *name = values[CUSTOMER_customer_name];
    buf_str(&sql, "INSERT INTO customer (id, primary_contact_id, name_key");
    for (int i = 0; i < entity_customer.nfields; i++)
        if (is_column(&entity_customer.fields[i]))
            buf_printf(&sql, ", %s", entity_customer.fields[i].id);
    buf_str(&sql, ") VALUES (100, 200, ");
    add_text(&sql, search_name_key(arena, name == NULL ? "" : name));
    for (int i = 0; i < entity_customer.nfields; i++)
        if (is_column(&entity_customer.fields[i])) {
            buf_str(&sql, ", ");
            add_text(&sql, field_stored(&entity_customer.fields[i], values[i]));
        }
    buf_str(&sql, "); INSERT INTO contact (id, customer_id, name, phone, "
                  "is_primary) VALUES (200, 100, ");
    add_text(&sql, field_stored(&entity_customer.fields[CUSTOMER_customer_name],
                                values[CUSTOMER_contact_person]));
    buf_str(&sql, ", ");
    add_text(&sql, field_stored(&entity_customer.fields[CUSTOMER_contact_phone],
                                values[CUSTOMER_contact_phone]));
    buf_str(&sql, ", true); SET CONSTRAINTS ALL IMMEDIATE");
    run(app, "BEGIN");
    const char *what = broken(app, buf_text(&sql));
    run(app, "ROLLBACK");
    buf_free(&sql);
    return what;
}

static bool valid(const char *const values[CUSTOMER_FIELDS], enum life life)
{
    struct faults faults = {0};
    struct record_check c = {.entity = &entity_customer,
                             .values = values,
                             .today = date_today(),
                             .life = life};
    return validate_record(&c, &faults);
}

static const char *repeat(const char *s, int n)
{
    char *text = arena_alloc(arena, strlen(s) * (size_t)n + 1);
    while (n-- > 0)
        strcat(text, s);
    return text;
}

/* One value changed in a good record: the database and the validation say
 * the same, and the database names the field. */
static void check_both(enum customer_field field, const char *value,
                       const char *lifecycle, enum life life)
{
    const char *values[CUSTOMER_FIELDS];
    fill(values);
    values[CUSTOMER_lifecycle] = lifecycle;
    values[field] = value;
    const char *id = entity_customer.fields[field].id;
    const char *what = stored(values);
    bool good = valid(values, life);
    if (good != (what[0] == '\0'))
        fail_msg("%s = %s (%s): the validation says %s, the database %s", id,
                 value == NULL ? "nothing" : value, lifecycle,
                 good ? "yes" : "no", what[0] == '\0' ? "yes" : what);
}

static void test_database_and_validation_agree(void **state)
{
    (void)state;
    const struct {
        enum customer_field field;
        const char *value;
    } cases[] = {
        {CUSTOMER_special_conditions, "as it is"},
        {CUSTOMER_customer_name, NULL},
        {CUSTOMER_customer_name, "艾"},
        {CUSTOMER_customer_name, "艾维"},
        {CUSTOMER_customer_name, repeat("艾", 100)},
        {CUSTOMER_customer_name, repeat("艾", 101)},
        {CUSTOMER_industry, NULL},
        {CUSTOMER_regions, NULL},
        {CUSTOMER_contact_person, NULL},
        {CUSTOMER_contact_person, "李"},
        {CUSTOMER_contact_person, repeat("李", 50)},
        {CUSTOMER_contact_person, repeat("李", 51)},
        {CUSTOMER_contact_phone, NULL},
        {CUSTOMER_sales_person, NULL},
        {CUSTOMER_cooperation_type, NULL},
        {CUSTOMER_cooperation_end_date, NULL},
        {CUSTOMER_service_team, NULL},
        {CUSTOMER_service_start_date, NULL},
        {CUSTOMER_grade, NULL},
        {CUSTOMER_grade, "D"},
        {CUSTOMER_grade, "C"},
        {CUSTOMER_cooperation_start_date, days_from_now(0)},
        {CUSTOMER_cooperation_start_date, days_from_now(3)},
        {CUSTOMER_service_start_date, days_from_now(-91)},
        {CUSTOMER_service_start_date, days_from_now(-90)},
        {CUSTOMER_service_start_date, days_from_now(30)},
        {CUSTOMER_cooperation_end_date, days_from_now(-91)},
        {CUSTOMER_cooperation_end_date, days_from_now(-90)},
        {CUSTOMER_overseas_sales_ratio, "100.00"},
        {CUSTOMER_overseas_sales_ratio, "100.01"},
        {CUSTOMER_overseas_sales_ratio, "-0.01"},
        {CUSTOMER_annual_cost_target, "-0.01"},
        {CUSTOMER_annual_sales_target, "999999999999.99"},
        {CUSTOMER_special_conditions, repeat("条", 20000)},
        {CUSTOMER_special_conditions, repeat("条", 20001)},
        {CUSTOMER_risk_factors, repeat("险", 5000)},
    };
    static const struct {
        const char *code;
        enum life life;
    } states[] = {
        {"potential", LIFE_potential},   {"negotiating", LIFE_negotiating},
        {"contracted", LIFE_contracted}, {"active", LIFE_active},
        {"suspended", LIFE_suspended},   {"renewal", LIFE_renewal},
        {"churned", LIFE_churned},       {"reactivated", LIFE_reactivated},
    };
    for (size_t i = 0; i < N(cases); i++)
        for (size_t k = 0; k < N(states); k++)
            check_both(cases[i].field, cases[i].value, states[k].code,
                       states[k].life);
}

static void test_forms_of_phones(void **state)
{
    (void)state;
    static const char *const phones[] = {
        "13800138000",   "12800138000",       "1380013800",
        "0755-12345678", "010-12345678-801",  "0755-12345678-1234567",
        "075512345678",  "4001234567",        "400-123-4567",
        "8001234567",    "5001234567",        "+14155552671",
        "+0123456789",   "+1234567890123456", "call me",
        "0755-123456",   "0755-123456789",    "+1234567"};
    for (size_t i = 0; i < N(phones); i++)
        check_both(CUSTOMER_contact_phone, phones[i], "active", LIFE_active);
}

static void test_faults_are_told_by_name(void **state)
{
    (void)state;
    const char *values[CUSTOMER_FIELDS];
    fill(values);
    values[CUSTOMER_cooperation_type] = NULL;
    assert_string_equal(stored(values), "customer_cooperation_type_required");
    fill(values);
    values[CUSTOMER_lifecycle] = "sleeping";
    assert_string_equal(stored(values), "customer_lifecycle_option");
    fill(values);
    values[CUSTOMER_cooperation_end_date] = "2001-01-01";
    assert_string_equal(stored(values), "customer_cooperation_end_date_order");
    fill(values);
    values[CUSTOMER_sales_person] = "999";
    assert_string_equal(stored(values), "customer_sales_person_fkey");
}

/* --- what only the database can hold --- */

#define CUSTOMER_SQL(id, contact, name)                                        \
    "INSERT INTO customer (id, primary_contact_id, name_key, customer_name, "  \
    "industry, regions, contact_person, contact_phone, sales_person) VALUES "  \
    "(" #id ", " #contact ", '" name "', '" name                               \
    "', '3c', '{广东}', '李娜', '13800138000', 12); "
#define CONTACT_SQL(id, customer, primary)                                     \
    "INSERT INTO contact (id, customer_id, name, phone, is_primary) VALUES "   \
    "(" #id ", " #customer ", '李娜', '13800138000', " #primary "); "

static const char *together(const char *sql)
{
    run(app, "BEGIN");
    const char *what = broken(app, sql);
    if (what[0] == '\0')
        what = broken(app, "SET CONSTRAINTS ALL IMMEDIATE");
    run(app, "ROLLBACK");
    return what;
}

static void test_exactly_one_primary_contact(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *broken;
    } cases[] = {
        {CUSTOMER_SQL(1, 2, "艾维") CONTACT_SQL(2, 1, true), ""},
        {CONTACT_SQL(2, 1, true) CUSTOMER_SQL(1, 2, "艾维"), ""},
        {CUSTOMER_SQL(1, 2, "艾维") CONTACT_SQL(2, 1, true)
             CONTACT_SQL(3, 1, false),
         ""},
        /* none */
        {CUSTOMER_SQL(1, 2, "艾维"), "customer_primary_contact_id_reference"},
        /* one that says it is not */
        {CUSTOMER_SQL(1, 2, "艾维") CONTACT_SQL(2, 1, false),
         "customer_primary_contact_id_reference"},
        /* somebody else's */
        {CUSTOMER_SQL(1, 2, "艾维") CONTACT_SQL(2, 1, true)
             CUSTOMER_SQL(4, 2, "艾德"),
         "customer_primary_contact_id_reference"},
        /* two */
        {CUSTOMER_SQL(1, 2, "艾维") CONTACT_SQL(2, 1, true)
             CONTACT_SQL(3, 1, true),
         "contact_is_primary_unique"},
        /* the last one leaves */
        {CUSTOMER_SQL(1, 2, "艾维")
             CONTACT_SQL(2, 1, true) "DELETE FROM contact WHERE id = 2",
         "customer_primary_contact_id_reference"},
        /* the primary one becomes another, in one transaction */
        {CUSTOMER_SQL(1, 2, "艾维") CONTACT_SQL(2, 1, true) CONTACT_SQL(
             3, 1,
             false) "UPDATE contact SET is_primary = false WHERE id = 2; "
                    "UPDATE contact SET is_primary = true WHERE id = 3; "
                    "UPDATE customer SET primary_contact_id = 3 WHERE id = 1",
         ""},
        {CUSTOMER_SQL(1, 2, "艾维") CONTACT_SQL(
             2, 1, true) "UPDATE contact SET is_primary = false WHERE id = 2",
         "customer_primary_contact_id_reference"},
        /* without a customer */
        {CONTACT_SQL(2, 1, true), "contact_customer_id_fkey"},
        /* without a phone, as the primary one */
        {CUSTOMER_SQL(1, 2, "艾维")
             CONTACT_SQL(2, 1, true) "UPDATE contact SET phone = ''",
         "contact_phone_required"},
    };
    for (size_t i = 0; i < N(cases); i++)
        assert_string_equal(together(cases[i].sql), cases[i].broken);
}

static void test_names_are_unique_among_the_living(void **state)
{
    (void)state;
    assert_string_equal(together(CUSTOMER_SQL(1, 2, "艾维") CONTACT_SQL(
                            2, 1, true) CUSTOMER_SQL(3, 4, "艾维")),
                        "customer_customer_name_unique");
    assert_string_equal(
        together(CUSTOMER_SQL(1, 2, "艾维") CONTACT_SQL(
            2, 1, true) "UPDATE customer SET deleted_at = now() WHERE id = "
                        "1; " CUSTOMER_SQL(3, 4, "艾维")
                            CONTACT_SQL(4, 3, true)),
        "");
}

/* What is computed can not drift: nobody writes it. */
static void test_computed_columns(void **state)
{
    (void)state;
    run(app, "BEGIN");
    run(app, CUSTOMER_SQL(1, 2, "艾维") CONTACT_SQL(
                 2, 1, true) "UPDATE customer SET annual_sales_target = 300, "
                             "annual_cost_target = 100");
    assert_int_equal(number(app, "SELECT count(*) FROM customer WHERE "
                                 "cost_ratio = 33.33 AND status = 'inactive' "
                                 "AND regions_sort = '广东' "
                                 "AND cooperation_start_date_sort = "
                                 "'-infinity' AND owner_sort = 0"),
                     1);
    run(app, "UPDATE customer SET annual_sales_target = 0.01, "
             "annual_cost_target = 999999999999.99");
    assert_int_equal(
        number(app, "SELECT count(*) FROM customer WHERE cost_ratio = 99999"),
        1);
    assert_string_equal(broken(app, "UPDATE customer SET status = 'active'"),
                        "428C9");
    run(app, "ROLLBACK");
}

/* --- the serving role --- */

static void test_what_the_serving_role_may_not(void **state)
{
    (void)state;
    static const char *const forbidden[] = {
        "CREATE TABLE mine (id int)",
        "DROP TABLE customer",
        "ALTER TABLE customer ADD mine int",
        "TRUNCATE customer",
        "UPDATE audit SET action = 'nothing'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "UPDATE event SET kind = 'nothing'",
        "DELETE FROM event",
        "INSERT INTO state VALUES ('mine', 1)",
        "SELECT event_partition_make('2030-01-01')",
    };
    for (size_t i = 0; i < N(forbidden); i++)
        if (strcmp(broken(app, forbidden[i]), "42501") != 0)
            fail_msg("%s: %s", forbidden[i], PQerrorMessage(app));
    run(app, "INSERT INTO audit (action) VALUES ('test')");
    run(app, "INSERT INTO event (entity, kind) VALUES ('customer', 'test')");
}

/* proves: ACC-02 */
static void test_changes_of_rights_are_noticed(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "UPDATE app_user SET disabled = true WHERE id = 13",
        "INSERT INTO org_unit (name, kind) VALUES ('x', 'team')",
        "UPDATE role_right SET value = 'none' WHERE subject = 'export'",
        "INSERT INTO tag (name) VALUES ('new')",
        "DELETE FROM tag",
        "UPDATE option_item SET disabled = true WHERE code = 'vape'",
        "INSERT INTO user_class_grant (user_id, field_class, level) "
        "VALUES (12, 'goal', 'read')",
    };
    const char *epoch = "SELECT value FROM state WHERE name = 'rights_epoch'";
    run(app, "BEGIN");
    for (size_t i = 0; i < N(changes); i++) {
        long long before = number(app, epoch);
        run(app, changes[i]);
        assert_int_equal(number(app, epoch), before + 1);
    }
    long long before = number(app, epoch);
    run(app, CUSTOMER_SQL(1, 2, "艾维") CONTACT_SQL(2, 1, true));
    assert_int_equal(number(app, epoch), before);
    run(app, "ROLLBACK");
}

#define DAYS_OF_EVENTS                                                         \
    "SELECT count(*) FROM pg_inherits WHERE inhparent = 'event'::regclass"

static void test_days_of_events_come_and_go(void **state)
{
    (void)state;
    run(owner, "BEGIN");
    long long days = number(owner, DAYS_OF_EVENTS);
    assert_int_equal(number(owner, "SELECT event_partitions()"), 0);
    /* A day nobody prepared goes to the default partition, and moves. */
    run(owner, "INSERT INTO event (at, entity, kind) "
               "VALUES ('2001-02-03 12:00+00', 'customer', 'old')");
    assert_int_equal(number(owner, "SELECT count(*) FROM event_default"), 1);
    run(owner, "SELECT event_partition_make('2001-02-03')");
    assert_int_equal(number(owner, "SELECT count(*) FROM event_default"), 0);
    assert_int_equal(number(owner, "SELECT count(*) FROM event_20010203"), 1);
    assert_int_equal(number(owner, DAYS_OF_EVENTS), days + 1);
    assert_int_equal(number(owner, "SELECT event_partitions()"), 1);
    assert_int_equal(number(owner, DAYS_OF_EVENTS), days);
    run(owner, "ROLLBACK");
    /* The serving role keeps them by this function alone. */
    assert_int_equal(number(app, "SELECT event_partitions(7, 3)"), 0);
    assert_string_equal(broken(app, "SELECT event_partitions(0, 3)"), "P0001");
}

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    database_create(database, DATABASE_migrated, 0);
    app = connect_as("kehu_app");
    owner = connect_as("kehu_owner");
    run(owner, "INSERT INTO org_unit (id, name, kind) "
               "VALUES (7, '华南一组', 'project_group')");
    run(owner, "INSERT INTO app_user (id, name, display_name) "
               "VALUES (12, 'wang', '王芳'), (13, 'li', '李雷')");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    PQfinish(app);
    PQfinish(owner);
    database_drop(database);
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_database_and_validation_agree),
        cmocka_unit_test(test_forms_of_phones),
        cmocka_unit_test(test_faults_are_told_by_name),
        cmocka_unit_test(test_exactly_one_primary_contact),
        cmocka_unit_test(test_names_are_unique_among_the_living),
        cmocka_unit_test(test_computed_columns),
        cmocka_unit_test(test_what_the_serving_role_may_not),
        cmocka_unit_test(test_changes_of_rights_are_noticed),
        cmocka_unit_test(test_days_of_events_come_and_go),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
