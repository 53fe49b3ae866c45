/* Demo data in one transaction: the agency, then customers and what belongs
 * to them copied into bare tables whose indexes are made afterwards. */
#include "server/domain/demo.h"
#include "server/domain/demo_make.h"
#include "server/domain/demo_store.h"

#include "common/date.h"
#include "common/i18n.h"
#include "common/mem.h"

#include <stdio.h>
#include <unistd.h>

/* What is loaded in bulk. */
#define TABLES                                                                 \
    "customer, contact, life_log, competitor, attention, qa, follow_up"

#define USUAL_SEED  20250704
#define USUAL_USERS 200
#define LEAST_USERS 20

/* --- progress, for who waits before a terminal --- */

static void clear_line(void)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
}

static void tell_rows(const char *what, int64_t done, int64_t of)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%s %lld / %lld", what, (long long)done,
                (long long)of);
}

static void tell_indexes(int done, int of)
{
    tell_rows(_("Indexes"), done, of);
}

/* --- the database as it is --- */

/* One value of one row, as a number; -1 with *e. */
static int64_t ask(struct db_conn *c, const char *sql, struct err *e)
{
    struct db_query q = {.sql = sql};
    PGresult *r = db_exec(c, &q, e);
    if (!r)
        return -1;
    int64_t n = PQntuples(r) > 0 ? db_int(r, 0, 0) : 0;
    PQclear(r);
    return n;
}

enum content { CONTENT_failed, CONTENT_none, CONTENT_demo };

/* Under a lock, so that of two starts at once the second finds what the first
 * has made. */
static enum content find_content(struct db_conn *c, struct err *e)
{
    if (ask(c, "SELECT 1 FROM pg_advisory_xact_lock(hashtext('demo'))", e) < 0)
        return CONTENT_failed;
    int64_t demo = ask(c, "SELECT value FROM state WHERE name = 'demo'", e);
    if (demo != 0)
        return demo > 0 ? CONTENT_demo : CONTENT_failed;
    int64_t others = ask(c,
                         "SELECT (EXISTS (SELECT FROM app_user)"
                         " OR EXISTS (SELECT FROM customer))::int",
                         e);
    if (others > 0)
        err_set(e, ERR_conflict,
                _("This database holds data of its own; demo data goes only "
                  "into an empty one."));
    return others == 0 ? CONTENT_none : CONTENT_failed;
}

/* --- filling it --- */

/* Truncated in the same transaction, so that rows go in frozen: nothing has
 * to be written a second time to mark them visible. */
static const char prepare[] = "SET LOCAL maintenance_work_mem = '256MB';"
                              "SET LOCAL max_parallel_maintenance_workers = 2;"
                              "SET LOCAL statement_timeout = 0;"
                              "TRUNCATE " TABLES " CASCADE;"
                              "ALTER TABLE customer"
                              " DISABLE TRIGGER customer_lifecycle_begin;"
                              "INSERT INTO state VALUES ('demo', 1)";

/* Rows came with ids of their own. */
static const char set_sequences[] =
    "SELECT setval(pg_get_serial_sequence(t, 'id'), n) FROM (VALUES"
    " ('org_unit', (SELECT max(id) FROM org_unit)),"
    " ('app_user', (SELECT max(id) FROM app_user)),"
    " ('tag', (SELECT max(id) FROM tag)),"
    " ('customer', (SELECT max(id) FROM customer)),"
    " ('contact', (SELECT max(id) FROM contact)),"
    " ('life_log', (SELECT max(id) FROM life_log)),"
    " ('competitor', (SELECT max(id) FROM competitor)),"
    " ('attention', (SELECT max(id) FROM attention)),"
    " ('qa', (SELECT max(id) FROM qa)),"
    " ('follow_up', (SELECT max(id) FROM follow_up))) v (t, n)";

static const char finish[] =
    "ALTER TABLE customer ENABLE TRIGGER customer_lifecycle_begin";

static const char analyze[] = "ANALYZE " TABLES ", app_user, org_unit, tag";

static bool fill(struct db_conn *c, const struct demo_world *w,
                 int64_t customers, struct arena *a, struct err *e)
{
    struct demo_keys keys;
    return db_run(c, prepare, e) && demo_store_agency(c, w, e) &&
           demo_keys_drop(c, TABLES, a, &keys, e) &&
           demo_store_customers(c, w, customers, tell_rows, e) &&
           demo_keys_restore(c, &keys, tell_indexes, e) &&
           db_run(c, set_sequences, e) && db_run(c, finish, e);
}

static bool make(struct db_conn *c, const struct demo_options *o, struct err *e)
{
    struct arena *a = arena_new();
    struct demo_agency agency;
    int users = o->users ? o->users : USUAL_USERS;
    struct demo_world w = {.agency = &agency,
                           .seed = o->seed ? o->seed : USUAL_SEED,
                           .today = date_today()};
    demo_agency(a, w.seed, users < LEAST_USERS ? LEAST_USERS : users,
                o->peer_user, &agency);
    bool ok = fill(c, &w, o->customers, a, e);
    arena_free(&a);
    clear_line();
    return ok;
}

bool demo_run(struct db_conn *c, const struct demo_options *o, struct err *e)
{
    if (!db_begin(c, e))
        return false;
    enum content content = find_content(c, e);
    bool ok =
        content == CONTENT_demo || (content == CONTENT_none && make(c, o, e));
    if (!ok || !db_commit(c, e)) {
        db_rollback(c);
        return false;
    }
    return content == CONTENT_demo || db_run(c, analyze, e);
}
