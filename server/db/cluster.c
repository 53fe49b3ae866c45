/* The life of the private cluster.
 *
 * Two lock files make several daemons share it. `starting` is held, alone,
 * while one looks at the cluster and starts or stops it. `using` is held,
 * shared, by everyone who uses it; who can take it alone is the last one and
 * stops the cluster. The locks belong to open files, so a killed daemon
 * leaves none behind. */
#include "server/db/cluster.h"

#include "common/clock.h"
#include "common/i18n.h"
#include "common/log.h"
#include "common/mem.h"
#include "server/db/cluster_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* Recovery after a crash may take long; it is waited for as long as the
 * postmaster lives and says that it is on its way. */
enum { SAY_MS = 5000, STEP_NS = 5000000, AGAIN_NS = 100000000 };

static int open_lock(const struct cluster *c, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s.lock", c->dir, name);
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

static bool take_locks(struct cluster *c, struct err *e)
{
    c->starting = open_lock(c, "starting");
    c->using = open_lock(c, "using");
    if (c->starting >= 0 && c->using >= 0 && flock(c->starting, LOCK_EX) == 0 &&
        flock(c->using, LOCK_SH) == 0)
        return true;
    return err_set(e, ERR_unavailable, _("Can not lock the folder %s: %s"),
                   c->dir, strerror(errno));
}

/* The settings of ours go over those that initdb found. */
static bool include_settings(const char *folder, struct err *e)
{
    char *path = x_asprintf("%s/postgresql.conf", folder);
    FILE *f = fopen(path, "ae");
    bool ok = f != NULL && fputs("\ninclude 'kehu.conf'\n", f) >= 0;
    if (f != NULL && fclose(f) != 0)
        ok = false;
    if (!ok)
        err_set(e, ERR_unavailable, _("Can not write %s: %s"), path,
                strerror(errno));
    x_free(&path);
    return ok;
}

/* Made under another name and renamed when complete, so that a half-made
 * cluster is never taken for one. */
static bool make_cluster(struct cluster *c, struct err *e)
{
    char fresh[PATH_MAX];
    const char *argv[] = {"initdb",
                          "-D",
                          fresh,
                          "--username=postgres",
                          "--auth=reject",
                          "--encoding=UTF8",
                          "--locale=C",
                          "--data-checksums",
                          NULL};
    snprintf(fresh, sizeof(fresh), "%s.new", c->data);
    log_line(LOG_info, "cluster_init", "dir=%s", log_quote(c->data));
    cluster_remove_tree(fresh);
    if (!cluster_make_dir(fresh, 0700, c->uid, c->gid, e))
        return false;
    if (cluster_run(c, "initdb", argv) != 0)
        return err_set(e, ERR_unavailable,
                       _("PostgreSQL could not make its data folder; see "
                         "%s/initdb.log. The user \"%s\" has to be able to "
                         "enter %s."),
                       c->log, c->user, c->dir);
    if (!include_settings(fresh, e))
        return false;
    return rename(fresh, c->data) == 0 ||
           err_set(e, ERR_unavailable, _("Can not rename %s: %s"), fresh,
                   strerror(errno));
}

static bool has_data(const struct cluster *c)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/PG_VERSION", c->data);
    return access(path, F_OK) == 0;
}

static bool is_interrupted(const struct cluster *c)
{
    return c->interrupted != NULL && atomic_load(c->interrupted);
}

/* Waits while the postmaster lives. A crash may leave backends that hold the
 * memory a moment longer: then the postmaster gives up at once, and the
 * caller tries again. */
static PGconn *wait_until_ready(struct cluster *c, pid_t pid)
{
    uint64_t said = clock_mono_ms();
    for (;;) {
        PGconn *pq = PQconnectdb(c->super);
        if (PQstatus(pq) == CONNECTION_OK)
            return pq;
        if (clock_mono_ms() - said > SAY_MS) {
            said = clock_mono_ms();
            log_line(LOG_info, "cluster_wait", "reason=%s",
                     log_quote(PQerrorMessage(pq)));
        }
        PQfinish(pq);
        if (cluster_has_ended(c, pid) || is_interrupted(c))
            return NULL;
        nanosleep(&(struct timespec){.tv_nsec = STEP_NS}, NULL);
    }
}

/* What has to be there, each with how to tell and how to make it. */
static const struct {
    const char *look, *make;
} parts[] = {
    {"SELECT 1 FROM pg_roles WHERE rolname = 'kehu_owner'",
     "CREATE ROLE kehu_owner LOGIN"},
    {"SELECT 1 FROM pg_roles WHERE rolname = 'kehu_app'",
     "CREATE ROLE kehu_app LOGIN"},
    {"SELECT 1 FROM pg_database WHERE datname = 'kehu'",
     "CREATE DATABASE kehu OWNER kehu_owner TEMPLATE template0"
     " ENCODING 'UTF8'"},
};

static bool make_parts(PGconn *pq, struct err *e)
{
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        PGresult *res = PQexec(pq, parts[i].look);
        bool there = PQntuples(res) > 0;
        PQclear(res);
        if (there)
            continue;
        res = PQexec(pq, parts[i].make);
        bool made = PQresultStatus(res) == PGRES_COMMAND_OK;
        PQclear(res);
        if (!made)
            return err_set(e, ERR_unavailable,
                           _("The private cluster could not be prepared: %s"),
                           PQerrorMessage(pq));
    }
    return true;
}

/* With the lock `starting` held: looks for a living postmaster, else starts
 * one; tries for ten seconds. */
static bool start_cluster(struct cluster *c, struct err *e)
{
    uint64_t until = clock_mono_ms() + 10000;
    PGconn *pq = NULL;
    while (pq == NULL && clock_mono_ms() < until && !is_interrupted(c)) {
        pid_t pid = cluster_postmaster(c);
        if (pid != 0 && pid != c->child && cluster_is_outdated(pid)) {
            cluster_stop(c, pid);
            pid = 0;
        }
        if (pid == 0 && (!cluster_write_files(c, e) || !cluster_spawn(c, e)))
            return false;
        pq = wait_until_ready(c, pid != 0 ? pid : c->child);
        if (pq == NULL)
            nanosleep(&(struct timespec){.tv_nsec = AGAIN_NS}, NULL);
    }
    if (pq == NULL && is_interrupted(c))
        return err_set(e, ERR_cancelled, NULL);
    if (pq == NULL)
        return err_set(e, ERR_unavailable,
                       _("PostgreSQL does not start; see %s/start.log and "
                         "the newest %s/postgres-*.log."),
                       c->log, c->log);
    bool ok = make_parts(pq, e);
    PQfinish(pq);
    return ok;
}

static void cluster_free(struct cluster **p)
{
    struct cluster *c = *p;
    char **const texts[] = {&c->dir,      &c->data, &c->run,  &c->log,
                            &c->programs, &c->user, &c->self, &c->app,
                            &c->owner,    &c->super};
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        x_free(texts[i]);
    if (c->starting >= 0)
        close(c->starting);
    if (c->using >= 0)
        close(c->using);
    x_free(p);
}

/* Whoever can have the lock alone is the last one here. */
static void stop_if_last(struct cluster *c)
{
    pid_t pid = 0;
    if (c->using >= 0 && flock(c->using, LOCK_EX | LOCK_NB) == 0)
        pid = cluster_postmaster(c);
    if (pid != 0)
        cluster_stop(c, pid);
}

struct cluster *cluster_open(const struct cluster_options *o, struct err *e)
{
    struct cluster *c = x_calloc(1, sizeof(*c));
    c->starting = c->using = -1;
    c->interrupted = o->interrupted;
    bool ok = cluster_places(c, o, e) && take_locks(c, e) &&
              (has_data(c) || make_cluster(c, e)) && start_cluster(c, e);
    c->interrupted = NULL;
    if (!ok)
        stop_if_last(c);
    if (c->starting >= 0)
        flock(c->starting, LOCK_UN);
    if (!ok)
        cluster_free(&c);
    return c;
}

const char *cluster_conninfo(const struct cluster *c)
{
    return c->app;
}

const char *cluster_owner_conninfo(const struct cluster *c)
{
    return c->owner;
}

bool cluster_revive(struct cluster *c, struct err *e)
{
    if (c->child != 0)
        cluster_has_ended(c, c->child);
    if (cluster_postmaster(c) != 0)
        return true;
    if (flock(c->starting, LOCK_EX) != 0)
        return err_set(e, ERR_unavailable, "%s", strerror(errno));
    bool ok = start_cluster(c, e);
    flock(c->starting, LOCK_UN);
    return ok;
}

void cluster_close(struct cluster **p)
{
    struct cluster *c = *p;
    if (c == NULL)
        return;
    if (flock(c->starting, LOCK_EX) == 0)
        stop_if_last(c);
    cluster_free(p);
}
