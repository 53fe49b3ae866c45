/* The migration runner. What was applied is kept with its checksum: a
 * migration is history and is never edited, so one that differs means that
 * program and database have grown apart, and nothing is touched. */
#include "server/db/migrate.h"

#include "common/i18n.h"
#include "common/log.h"
#include "common/mem.h"
#include "schema/migration.h"
#include "server/db/seed.h"

#include <stdio.h>
#include <string.h>

/* Any number, as long as nothing else takes it. */
#define LOCK_KEY "7201001"

static PGresult *query(struct db_conn *c, const char *sql, struct err *e)
{
    return db_exec(c, &(struct db_query){.sql = sql}, e);
}

static bool has_table(struct db_conn *c, bool *there, struct err *e)
{
    PGresult *res =
        query(c, "SELECT to_regclass('schema_migration') IS NOT NULL", e);
    if (res == NULL)
        return false;
    *there = db_bool(res, 0, 0);
    PQclear(res);
    return true;
}

/* What has been applied, in order; no rows where nothing has. */
static PGresult *applied_rows(struct db_conn *c, struct err *e)
{
    bool there;
    if (!has_table(c, &there, e))
        return NULL;
    return query(c,
                 there ? "SELECT number, name, checksum, applied_at FROM "
                         "schema_migration ORDER BY number"
                       : "SELECT 1, '', '', '' WHERE false",
                 e);
}

/* The applied ones have to be the first of ours, unchanged. */
static bool fits(const PGresult *applied, struct err *e)
{
    for (int i = 0; i < PQntuples(applied); i++) {
        const char *name = PQgetvalue(applied, i, 1);
        if (i >= migration_count)
            return err_set(e, ERR_conflict,
                           _("The database has migration %s, which this "
                             "program does not know: a newer version has "
                             "been at work. Install that version."),
                           name);
        if (db_int(applied, i, 0) != migration_rows[i].number)
            return err_set(e, ERR_conflict,
                           _("Migration %s is missing in the database "
                             "although later ones have been applied. Restore "
                             "the database from its backup."),
                           migration_rows[i].name);
        if (strcmp(PQgetvalue(applied, i, 2), migration_rows[i].checksum) != 0)
            return err_set(e, ERR_conflict,
                           _("Migration %s has been changed since it was "
                             "applied. Install the version that belongs to "
                             "this database."),
                           name);
    }
    return true;
}

static bool prepare(struct db_conn *c, struct err *e)
{
    PGresult *res =
        query(c, "SELECT 1 FROM pg_roles WHERE rolname = 'kehu_app'", e);
    if (res == NULL)
        return false;
    bool there = PQntuples(res) > 0;
    PQclear(res);
    if (!there)
        return err_set(e, ERR_conflict,
                       _("The database has no role kehu_app, as which the "
                         "daemon serves. Create it: CREATE ROLE kehu_app "
                         "LOGIN"));
    return db_run(c,
                  "CREATE TABLE IF NOT EXISTS schema_migration ("
                  "number int PRIMARY KEY, name text NOT NULL,"
                  " checksum text NOT NULL,"
                  " applied_at timestamptz NOT NULL DEFAULT now());"
                  "GRANT SELECT ON schema_migration TO kehu_app",
                  e);
}

static bool record(struct db_conn *c, const struct migration *m, struct err *e)
{
    char number[16];
    const char *const values[] = {number, m->name, m->checksum};
    snprintf(number, sizeof(number), "%d", m->number);
    const struct db_query q = {
        .sql = "INSERT INTO schema_migration (number, name, checksum) VALUES "
               "($1::int, $2, $3)",
        .n = 3,
        .values = values};
    PGresult *res = db_exec(c, &q, e);
    bool ok = res != NULL;
    PQclear(res);
    return ok;
}

/* A migration's own error is for the administrator in PostgreSQL's words. */
static bool apply(struct db_conn *c, const struct migration *m, struct err *e)
{
    log_line(LOG_info, "migrate", "name=%s", m->name);
    if (!db_begin(c, e))
        return false;
    if (!db_run(c, m->sql, e)) {
        err_set(e, ERR_conflict, _("Migration %s failed: %s"), m->name,
                db_conn_pq(c) != NULL ? PQerrorMessage(db_conn_pq(c)) : "");
        db_rollback(c);
        return false;
    }
    if (record(c, m, e) && db_commit(c, e))
        return true;
    db_rollback(c);
    return false;
}

static bool run_locked(struct db_conn *c, int *applied, struct err *e)
{
    PGresult *rows = applied_rows(c, e);
    if (rows == NULL)
        return false;
    int n = PQntuples(rows);
    bool ok = fits(rows, e);
    PQclear(rows);
    for (int i = n; ok && i < migration_count; i++) {
        ok = apply(c, &migration_rows[i], e);
        *applied += ok;
    }
    return ok && seed_run(c, e);
}

bool migrate_run(struct db_conn *c, int *applied, struct err *e)
{
    struct err ignored = {0};
    *applied = 0;
    if (!db_run(c, "SELECT pg_advisory_lock(" LOCK_KEY ")", e))
        return false;
    bool ok = prepare(c, e) && run_locked(c, applied, e);
    if (!db_run(c, "SELECT pg_advisory_unlock(" LOCK_KEY ")", &ignored))
        err_clear(&ignored);
    return ok;
}

bool migrate_check(struct db_conn *c, int *missing, struct err *e)
{
    PGresult *rows = applied_rows(c, e);
    *missing = 0;
    if (rows == NULL)
        return false;
    bool ok = fits(rows, e);
    *missing = ok ? migration_count - PQntuples(rows) : 0;
    PQclear(rows);
    if (*missing > 0)
        return err_set(e, ERR_conflict,
                       _("The database lacks %d migrations of this version. "
                         "Run \"kehud migrate\" first."),
                       *missing);
    return ok;
}

bool migrate_list(struct db_conn *c, struct migrate_row **rows, int *n,
                  struct err *e)
{
    PGresult *applied = applied_rows(c, e);
    if (applied == NULL)
        return false;
    bool ok = fits(applied, e);
    *n = ok ? migration_count : 0;
    *rows = x_calloc((size_t)*n + 1, sizeof(**rows));
    for (int i = 0; i < *n; i++) {
        struct migrate_row *r = &(*rows)[i];
        r->number = migration_rows[i].number;
        r->applied = i < PQntuples(applied);
        snprintf(r->name, sizeof(r->name), "%s", migration_rows[i].name);
        if (r->applied)
            snprintf(r->at, sizeof(r->at), "%s", PQgetvalue(applied, i, 3));
    }
    PQclear(applied);
    return ok;
}
