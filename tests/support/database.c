/* Databases of tests. A template is made once for each build of kehud, under
 * an advisory lock, by kehud's own commands; a copy takes a tenth of a
 * second. */
#include "tests/support/database.h"
#include "tests/support/daemon.h"
#include "tests/support/program.h"

#include "common/mem.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define TEMPLATES_LOCK 779300 /* advisory: one process makes a template */
#define DEMO_USERS     40

const char *database_cluster(void)
{
    static char dir[64];
    const char *note = getenv("KEHU_TEST_CLUSTER");
    if (dir[0])
        return dir;
    note = note ? note : KEHU_BUILD "/test-cluster";
    const char *up[] = {KEHU_SOURCE "/tests/support/cluster", "up", KEHU_BUILD,
                        NULL};
    struct program p = {.argv = up};
    char *errors = NULL;
    if (program_run(&p, NULL, &errors) != 0)
        fail_msg("no cluster for the tests: %s", errors);
    free(errors);
    char *text = program_read_file(note);
    if (!text)
        fail_msg("%s is missing", note);
    snprintf(dir, sizeof(dir), "%.*s", (int)strcspn(text, "\n"), text);
    free(text);
    return dir;
}

void database_conninfo(char out[256], const char *name, const char *user)
{
    snprintf(out, 256, "host=%s dbname=%s user=%s", database_cluster(), name,
             user);
}

static PGconn *connect_to(const char *conninfo)
{
    PGconn *pg = PQconnectdb(conninfo);
    if (PQstatus(pg) != CONNECTION_OK)
        fail_msg("%s: %s", conninfo, PQerrorMessage(pg));
    return pg;
}

static PGconn *connect_admin(void)
{
    char conninfo[256];
    database_conninfo(conninfo, "postgres", "postgres");
    return connect_to(conninfo);
}

static char *query(PGconn *pg, const char *sql)
{
    PGresult *r = PQexec(pg, sql);
    ExecStatusType s = PQresultStatus(r);
    if (s != PGRES_TUPLES_OK && s != PGRES_COMMAND_OK)
        fail_msg("%s\n%s", sql, PQerrorMessage(pg));
    bool any = s == PGRES_TUPLES_OK && PQntuples(r) > 0;
    char *value = x_strdup(any ? PQgetvalue(r, 0, 0) : "");
    PQclear(r);
    return value;
}

static void run(PGconn *pg, const char *sql)
{
    free(query(pg, sql));
}

char *database_sql(const char *conninfo, const char *sql)
{
    PGconn *pg = connect_to(conninfo);
    char *value = query(pg, sql);
    PQfinish(pg);
    return value;
}

/* kehud as a command over a database, with a file of settings for it. */
static void command(const char *database, const char *const *argv,
                    const char *input)
{
    char dir[64], file[96], app[256], owner[256], text[1024];
    const char *full[16];
    size_t n = 0;
    program_tempdir(dir);
    snprintf(file, sizeof(file), "%s/config.yaml", dir);
    database_conninfo(app, database, "kehu_app");
    database_conninfo(owner, database, "kehu_owner");
    snprintf(text, sizeof(text),
             "database:\n  url: \"%s\"\n  migrate_url: \"%s\"\n", app, owner);
    program_write_file(file, text);
    for (; argv[n]; n++)
        full[n] = argv[n];
    full[n++] = "--config";
    full[n++] = file;
    full[n] = NULL;
    char *errors = NULL;
    struct program p = {.argv = full, .input = input, .timeout_ms = 120000};
    int status = program_run(&p, NULL, &errors);
    if (status != 0)
        fail_msg("kehud %s ended with %d:\n%s", argv[1], status, errors);
    free(errors);
}

/* Everybody gets the password that one has been given by the command:
 * hashing it for each would take seconds. */
static void fill_demo(const char *database, int customers)
{
    char count[16], users[16], owner[256];
    snprintf(count, sizeof(count), "%d", customers);
    snprintf(users, sizeof(users), "%d", DEMO_USERS);
    const char *demo[] = {"kehud",   "demo", "--customers", count,
                          "--users", users,  NULL};
    const char *passwd[] = {
        "kehud", "user", "passwd", "sales", "--password-stdin", NULL};
    command(database, demo, NULL);
    command(database, passwd, DAEMON_PASSWORD "\n");
    database_conninfo(owner, database, "kehu_owner");
    free(database_sql(owner,
                      "UPDATE app_user SET password_hash = s.password_hash"
                      " FROM app_user s WHERE s.name = 'sales'"));
}

/* Another build of kehud may have other migrations, seeds or demo data. */
static void build_prefix(char out[64])
{
    struct stat st;
    if (stat(KEHU_BUILD "/bin/kehud", &st) != 0)
        fail_msg("kehud has not been built");
    snprintf(out, 64, "kehu_template_%llx_%llx", (unsigned long long)st.st_size,
             (unsigned long long)st.st_mtim.tv_sec * 1000000000ULL +
                 (unsigned long long)st.st_mtim.tv_nsec);
}

static void template_name(char out[128], enum database_content content,
                          int customers)
{
    char prefix[64];
    build_prefix(prefix);
    snprintf(out, 128, "%s_%d_%d", prefix, content, customers);
}

/* Those of former builds; one that is just being copied stays. */
static void drop_old_templates(PGconn *pg)
{
    char prefix[64], sql[256];
    build_prefix(prefix);
    snprintf(sql, sizeof(sql),
             "SELECT datname FROM pg_database WHERE datname LIKE"
             " 'kehu_template_%%' AND NOT starts_with(datname, '%s')",
             prefix);
    PGresult *r = PQexec(pg, sql);
    for (int i = 0; i < PQntuples(r); i++) {
        snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS %s",
                 PQgetvalue(r, i, 0));
        PQclear(PQexec(pg, sql));
    }
    PQclear(r);
}

static bool exists(PGconn *pg, const char *name)
{
    char sql[224];
    snprintf(sql, sizeof(sql), "SELECT 1 FROM pg_database WHERE datname = '%s'",
             name);
    char *found = query(pg, sql);
    bool yes = found[0] != '\0';
    free(found);
    return yes;
}

/* Made under another name first: a run that is cut short leaves no template
 * that is half full. */
static void make_template(PGconn *pg, const char *name,
                          enum database_content content, int customers)
{
    static const char *const migrate[] = {"kehud", "migrate", NULL};
    char draft[64], sql[256];
    drop_old_templates(pg);
    snprintf(draft, sizeof(draft), "kehu_draft_%d", (int)getpid());
    snprintf(sql, sizeof(sql), "CREATE DATABASE %s OWNER kehu_owner", draft);
    run(pg, sql);
    command(draft, migrate, NULL);
    if (content == DATABASE_demo)
        fill_demo(draft, customers);
    snprintf(sql, sizeof(sql), "ALTER DATABASE %s RENAME TO %s", draft, name);
    run(pg, sql);
}

static void find_template(PGconn *pg, char name[128],
                          enum database_content content, int customers)
{
    char sql[64];
    template_name(name, content, customers);
    snprintf(sql, sizeof(sql), "SELECT pg_advisory_lock(%d)", TEMPLATES_LOCK);
    run(pg, sql);
    if (!exists(pg, name))
        make_template(pg, name, content, customers);
    snprintf(sql, sizeof(sql), "SELECT pg_advisory_unlock(%d)", TEMPLATES_LOCK);
    run(pg, sql);
}

void database_create(char name[64], enum database_content content,
                     int customers)
{
    static int made;
    char template[128] = "template1", sql[320];
    PGconn *pg = connect_admin();
    if (content != DATABASE_bare)
        find_template(pg, template, content, customers);
    snprintf(name, 64, "kehu_%d_%d", (int)getpid(), made++);
    snprintf(sql, sizeof(sql),
             "CREATE DATABASE %s OWNER kehu_owner TEMPLATE %s", name, template);
    run(pg, sql);
    PQfinish(pg);
}

void database_drop(const char *name)
{
    char sql[128];
    PGconn *pg = connect_admin();
    snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
    run(pg, sql);
    PQfinish(pg);
}
