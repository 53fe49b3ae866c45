/* Bringing a database up to date, and refusing what does not fit. */
#include "server/db/migrate.h"

#include "schema/access.h"
#include "schema/migration.h"
#include "schema/option.h"
#include "tests/support/daemon.h"
#include "tests/support/database.h"
#include "tests/support/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A bare database and a connection to it as the owner. */
struct fresh {
    char name[64], owner[256], app[256];
    struct db_conn *conn;
};

static void fresh_open(struct fresh *f)
{
    struct err e = {0};
    database_create(f->name, DATABASE_bare, 0);
    database_conninfo(f->owner, f->name, "kehu_owner");
    database_conninfo(f->app, f->name, "kehu_app");
    f->conn = db_conn_open(f->owner, &e);
    assert_non_null(f->conn);
}

static void fresh_close(struct fresh *f)
{
    db_conn_close(&f->conn);
    database_drop(f->name);
}

static int64_t look(const struct fresh *f, const char *sql)
{
    char *text = database_sql(f->owner, sql);
    int64_t n = strtoll(text, NULL, 10);
    free(text);
    return n;
}

static void change(const struct fresh *f, const char *sql)
{
    free(database_sql(f->owner, sql));
}

static void test_fresh(void **state)
{
    (void)state;
    struct fresh f;
    struct err e = {0};
    int applied, missing;
    fresh_open(&f);
    assert_false(migrate_check(f.conn, &missing, &e));
    assert_int_equal(missing, migration_count);
    assert_int_equal(e.kind, ERR_conflict);
    if (!migrate_run(f.conn, &applied, &e))
        fail_msg("%s", e.message);
    assert_int_equal(applied, migration_count);
    assert_true(migrate_check(f.conn, &missing, &e));
    assert_true(migrate_run(f.conn, &applied, &e));
    assert_int_equal(applied, 0);
    err_clear(&e);
    fresh_close(&f);
}

static void test_list(void **state)
{
    (void)state;
    struct fresh f;
    struct err e = {0};
    struct migrate_row *rows;
    int n, applied;
    fresh_open(&f);
    assert_true(migrate_list(f.conn, &rows, &n, &e));
    assert_int_equal(n, migration_count);
    assert_false(rows[0].applied);
    free(rows);
    assert_true(migrate_run(f.conn, &applied, &e));
    assert_true(migrate_list(f.conn, &rows, &n, &e));
    for (int i = 0; i < n; i++) {
        assert_true(rows[i].applied);
        assert_string_not_equal(rows[i].at, "");
        assert_int_equal(rows[i].number, migration_rows[i].number);
    }
    free(rows);
    fresh_close(&f);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const damages[] = {
        "UPDATE schema_migration SET checksum = 'x' WHERE number = 1",
        "DELETE FROM schema_migration WHERE number = 1",
        "INSERT INTO schema_migration VALUES (9999, '9999_future', 'x')"};
    for (size_t i = 0; i < sizeof(damages) / sizeof(*damages); i++) {
        struct fresh f;
        struct err e = {0};
        int n;
        fresh_open(&f);
        assert_true(migrate_run(f.conn, &n, &e));
        change(&f, damages[i]);
        int64_t before = look(&f, "SELECT count(*) FROM schema_migration");
        assert_false(migrate_run(f.conn, &n, &e));
        assert_int_equal(e.kind, ERR_conflict);
        assert_true(strlen(e.message) > 0);
        err_clear(&e);
        assert_false(migrate_check(f.conn, &n, &e));
        assert_int_equal(e.kind, ERR_conflict);
        err_clear(&e);
        assert_int_equal(look(&f, "SELECT count(*) FROM schema_migration"),
                         before);
        fresh_close(&f);
    }
}

/* What stands in the way of one is told, and leaves nothing half done. */
static void test_failing(void **state)
{
    (void)state;
    struct fresh f;
    struct err e = {0};
    int applied;
    fresh_open(&f);
    change(&f, "CREATE TABLE contact (in_the_way int)");
    assert_false(migrate_run(f.conn, &applied, &e));
    assert_int_equal(e.kind, ERR_conflict);
    assert_non_null(strstr(e.message, "contact"));
    assert_true(applied < migration_count);
    assert_int_equal(look(&f, "SELECT count(*) FROM schema_migration"),
                     applied);
    change(&f, "DROP TABLE contact");
    err_clear(&e);
    assert_true(migrate_run(f.conn, &applied, &e));
    fresh_close(&f);
}

/* proves: ACC-02 */
static void test_seed(void **state)
{
    (void)state;
    struct fresh f;
    struct err e = {0};
    int applied;
    fresh_open(&f);
    assert_true(migrate_run(f.conn, &applied, &e));
    assert_int_equal(look(&f, "SELECT count(*) FROM option_item"),
                     option_row_count);
    assert_int_equal(look(&f, "SELECT count(*) FROM role_right"),
                     ROLES * (ACTIONS + CLASSES));
    int64_t epoch =
        look(&f, "SELECT value FROM state WHERE name = 'rights_epoch'");
    /* What an administrator changed stays; what is missing comes back. */
    change(&f, "UPDATE role_right SET value = 'all' WHERE role = 'sales' AND "
               "subject = 'customer.view'");
    change(&f, "UPDATE option_item SET zh = '改过' WHERE list = 'grade' AND "
               "code = 'A'");
    assert_true(migrate_run(f.conn, &applied, &e));
    assert_int_equal(
        look(&f, "SELECT count(*) FROM role_right WHERE role = 'sales' AND "
                 "subject = 'customer.view' AND value = 'all'"),
        1);
    assert_int_equal(
        look(&f, "SELECT count(*) FROM option_item WHERE zh = '改过'"), 1);
    assert_int_equal(
        look(&f, "SELECT value FROM state WHERE name = 'rights_epoch'"),
        epoch + 2);
    change(&f, "DELETE FROM role_right WHERE role = 'finance'");
    assert_true(migrate_run(f.conn, &applied, &e));
    assert_int_equal(look(&f, "SELECT count(*) FROM role_right"),
                     ROLES * (ACTIONS + CLASSES));
    fresh_close(&f);
}

/* Two at once: one does the work, the other finds it done. */
static void test_two_at_once(void **state)
{
    (void)state;
    struct fresh f;
    char dir[64], config[96], log[96], text[700];
    fresh_open(&f);
    program_tempdir(dir);
    snprintf(config, sizeof(config), "%s/c.yaml", dir);
    snprintf(log, sizeof(log), "%s/log", dir);
    snprintf(text, sizeof(text), "database:\n  url: \"%s\"\n", f.owner);
    program_write_file(config, text);
    const char *argv[] = {"kehud", "migrate", "--config", config, NULL};
    struct program p = {.argv = argv, .log = log};
    pid_t first = program_spawn(&p), second = program_spawn(&p);
    int status = -1;
    assert_true(program_ended(first, 30000, &status));
    assert_int_equal(status, 0);
    assert_true(program_ended(second, 30000, &status));
    assert_int_equal(status, 0);
    assert_int_equal(look(&f, "SELECT count(*) FROM schema_migration"),
                     migration_count);
    fresh_close(&f);
}

/* The serving role can neither change the schema nor what was logged. */
static void test_serving_role(void **state)
{
    (void)state;
    static const char *const forbidden[] = {
        "CREATE TABLE mine (a int)",   "ALTER TABLE customer ADD x int",
        "DROP TABLE customer",         "UPDATE audit SET action = 'x'",
        "DELETE FROM audit",           "TRUNCATE audit",
        "DELETE FROM schema_migration"};
    struct fresh f;
    struct err e = {0};
    int n;
    fresh_open(&f);
    assert_true(migrate_run(f.conn, &n, &e));
    struct db_conn *app = db_conn_open(f.app, &e);
    assert_non_null(app);
    for (size_t i = 0; i < sizeof(forbidden) / sizeof(*forbidden); i++) {
        if (db_run(app, forbidden[i], &e))
            fail_msg("%s was allowed", forbidden[i]);
        assert_string_equal(db_conn_sqlstate(app), "42501");
        err_clear(&e);
    }
    assert_true(migrate_check(app, &n, &e));
    db_conn_close(&app);
    fresh_close(&f);
}

/* An unmigrated database is not served. */
static void test_serving_refused(void **state)
{
    (void)state;
    struct daemon *d =
        daemon_start(&(struct daemon_options){.not_started = true});
    free(daemon_sql(d, "DELETE FROM schema_migration WHERE number = "
                       "(SELECT max(number) FROM schema_migration)"));
    const char *argv[] = {"kehud", "serve", "--config", d->config, NULL};
    char *out, *errors;
    struct program p = {.argv = argv, .timeout_ms = 20000};
    assert_int_equal(program_run(&p, &out, &errors), 1);
    assert_non_null(strstr(errors, "kehud migrate"));
    free(out);
    free(errors);
    daemon_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fresh),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_failing),
        cmocka_unit_test(test_seed),
        cmocka_unit_test(test_two_at_once),
        cmocka_unit_test(test_serving_role),
        cmocka_unit_test(test_serving_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
