/* Demo data in a real database: what `kehud demo` makes, refuses and leaves
 * alone, and that its computed columns are those of the record engine. */
#include "common/json.h"
#include "tests/support/client.h"
#include "tests/support/daemon.h"
#include "tests/support/program.h"

#include <pwd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define CUSTOMERS 300

static int run_demo(const struct daemon *d, const char *customers,
                    const char *peer, char **errors)
{
    const char *argv[] = {"kehud",   "demo",        "--config",
                          d->config, "--customers", customers,
                          "--peer",  peer,          NULL};
    struct program p = {.argv = argv};
    return program_run(&p, NULL, errors);
}

static void test_all_is_there(void **state)
{
    struct daemon *d = *state;
    assert_int_equal(daemon_sql_int(d, "SELECT count(*) FROM customer"),
                     CUSTOMERS);
    assert_int_equal(daemon_sql_int(d, "SELECT count(*) FROM app_user"), 40);
    assert_int_equal(
        daemon_sql_int(d, "SELECT count(*) FROM contact WHERE is_primary"),
        CUSTOMERS);
    assert_int_equal(
        daemon_sql_int(d, "SELECT value FROM state WHERE name = 'demo'"), 1);
    /* The indexes and foreign keys that stood aside are back. */
    assert_int_equal(daemon_sql_int(d,
                                    "SELECT count(*) FROM pg_class"
                                    " WHERE relname = 'customer_search_grams'"),
                     1);
    assert_true(daemon_sql_int(d, "SELECT count(*) FROM pg_constraint"
                                  " WHERE contype = 'f' AND convalidated AND"
                                  " conrelid = 'customer'::regclass") > 5);
}

/* Every customer's log begins with its record, hangs together, and ends where
 * the customer stands.
 * proves: LIFE-05 */
static void test_log_of_life(void **state)
{
    struct daemon *d = *state;
    static const char moves[] =
        "WITH l AS (SELECT *, lag(to_state, 1, '') OVER w AS before,"
        " lag(at) OVER w AS began, lead(id) OVER w IS NULL AS last"
        " FROM life_log WINDOW w AS (PARTITION BY customer_id ORDER BY id))"
        " SELECT count(*) FROM l JOIN customer c ON c.id = l.customer_id"
        " WHERE %s";
    assert_int_equal(daemon_sql_int(d, moves, "l.last"), CUSTOMERS);
    assert_int_equal(daemon_sql_int(d, moves, "l.from_state <> l.before"), 0);
    assert_int_equal(
        daemon_sql_int(d, moves, "l.since IS DISTINCT FROM l.began"), 0);
    assert_int_equal(daemon_sql_int(d, moves,
                                    "l.at > now() OR l.at < c.created_at"
                                    " - interval '1 second'"),
                     0);
    assert_int_equal(
        daemon_sql_int(d, moves, "l.last AND l.to_state <> c.lifecycle"), 0);
    /* Who comes later has a log as well. */
    assert_int_equal(
        daemon_sql_int(d, "SELECT count(*) FROM pg_trigger WHERE tgname ="
                          " 'customer_lifecycle_begin' AND tgenabled = 'O'"),
        1);
}

/* Rows that people add later must not meet the ids of those that are there. */
static void test_new_ids_follow(void **state)
{
    struct daemon *d = *state;
    assert_int_equal(
        daemon_sql_int(d, "SELECT nextval(pg_get_serial_sequence("
                          "'customer', 'id')) - max(id) FROM customer"),
        1);
}

static void test_again_changes_nothing(void **state)
{
    struct daemon *d = *state;
    char *errors;
    int status = run_demo(d, "5000", "somebody", &errors);
    if (status != 0)
        fail_msg("kehud demo: %s", errors);
    assert_int_equal(daemon_sql_int(d, "SELECT count(*) FROM customer"),
                     CUSTOMERS);
    assert_int_equal(daemon_sql_int(d, "SELECT count(*) FROM app_user"
                                       " WHERE name = 'somebody'"),
                     0);
    free(errors);
}

/* The record engine computes the same columns as the bulk load: a change of a
 * contact makes it write all of them anew. */
static void test_computed_as_by_the_engine(void **state)
{
    static const char columns[] =
        "SELECT md5(concat_ws('|', contact_person, contact_position,"
        " contact_phone, name_key, search_text, search_phones,"
        " search_grams::text)) FROM customer WHERE id = %d";
    struct daemon *d = *state;
    struct client *c = client_as(d, "sales_director");
    for (int id = 1; id <= 20; id++) {
        char *before = daemon_sql(d, columns, id);
        int64_t contact = daemon_sql_int(
            d, "SELECT max(id) FROM contact WHERE customer_id = %d", id);
        char *phone = daemon_sql(d, "SELECT phone FROM contact WHERE id = %lld",
                                 (long long)contact);
        cJSON_Delete(client_result(c, "contact.update",
                                   "{\"id\":%lld,\"version\":1,\"values\":{"
                                   "\"phone\":\"13900000000\"}}",
                                   (long long)contact));
        char *between = daemon_sql(d, columns, id);
        assert_string_not_equal(before, between);
        cJSON_Delete(client_result(
            c, "contact.update",
            "{\"id\":%lld,\"version\":2,\"values\":{\"phone\":\"%s\"}}",
            (long long)contact, phone));
        char *after = daemon_sql(d, columns, id);
        assert_string_equal(before, after);
        free(before);
        free(between);
        free(after);
        free(phone);
    }
    client_close(&c);
}

/* proves: ACC-01 */
static void test_role_users_sign_in(void **state)
{
    static const char *const roles[] = {
        "sales",     "sales_manager",    "sales_director", "project_manager",
        "optimizer", "project_director", "finance"};
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        struct client *c = client_as(*state, roles[i]);
        cJSON *total = client_result(c, "customer.count", "{}");
        assert_true(json_int(total, "total", 0) > 0);
        cJSON_Delete(total);
        client_close(&c);
    }
}

static void test_other_data_is_refused(void **state)
{
    (void)state;
    struct daemon_options o = {.not_started = true};
    struct daemon *d = daemon_start(&o);
    char *errors;
    free(daemon_sql(d, "INSERT INTO app_user (name, display_name)"
                       " VALUES ('wangfang', '王芳')"));
    assert_int_equal(run_demo(d, "10", "wangfang", &errors), 1);
    assert_non_null(strstr(errors, "演示数据"));
    assert_int_equal(daemon_sql_int(d, "SELECT count(*) FROM customer"), 0);
    assert_int_equal(
        daemon_sql_int(d, "SELECT count(*) FROM state WHERE name = 'demo'"), 0);
    assert_int_equal(
        daemon_sql_int(d, "SELECT count(*) FROM app_user WHERE admin"), 0);
    free(errors);
    daemon_free(&d);
}

/* The operating system's user becomes a director only where kehud has made
 * the data and that user with it.
 * proves: ACC-01 */
static void test_peer_is_director_of_demo_data_alone(void **state)
{
    (void)state;
    char peers[64], *errors;
    const char *set[] = {peers, NULL};
    struct daemon_options o = {.set = set, .not_started = true};
    snprintf(peers, sizeof(peers), "session.peers={\"%s\": tester}",
             getpwuid(geteuid())->pw_name);
    struct daemon *d = daemon_start(&o);
    daemon_run(d);
    struct client *c = client_open(d);
    client_refused(c, ERR_unauthenticated, "session.peer", "{}");
    client_close(&c);
    daemon_stop(d);

    if (run_demo(d, "10", "tester", &errors) != 0)
        fail_msg("kehud demo: %s", errors);
    free(errors);
    daemon_run(d);
    c = client_open(d);
    cJSON *answer = client_result(c, "session.peer", "{}");
    const cJSON *user = json_get(answer, "user");
    assert_string_equal(json_str(user, "name", ""), "tester");
    assert_string_equal(json_str(user, "role", ""), "sales_director");
    assert_true(json_bool(user, "admin", false));
    cJSON_Delete(answer);
    client_close(&c);
    daemon_free(&d);
}

static int set_up(void **state)
{
    struct daemon_options o = {.customers = CUSTOMERS};
    *state = daemon_start(&o);
    return 0;
}

static int tear_down(void **state)
{
    daemon_free((struct daemon **)state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_is_there),
        cmocka_unit_test(test_log_of_life),
        cmocka_unit_test(test_new_ids_follow),
        cmocka_unit_test(test_again_changes_nothing),
        cmocka_unit_test(test_computed_as_by_the_engine),
        cmocka_unit_test(test_role_users_sign_in),
        cmocka_unit_test(test_other_data_is_refused),
        cmocka_unit_test(test_peer_is_director_of_demo_data_alone),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
