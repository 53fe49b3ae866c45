/* A cluster that tests may kill (see postgres.h); made by the same script as
 * the common one, with commits that wait for the operating system. */
#include "tests/support/postgres.h"

#include "common/clock.h"
#include "common/mem.h"
#include "tests/support/check.h"
#include "tests/support/database.h"
#include "tests/support/program.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define PATIENCE 60000

static const char *programs(void)
{
    const char *dir = getenv("KEHU_PG_BIN");
    return dir ? dir : "/usr/lib/postgresql/15/bin";
}

/* pg_ctl as the owner of the data; PostgreSQL refuses to run as root. */
static int control(const struct postgres *p, const char *verb)
{
    char program[256], log[160];
    snprintf(program, sizeof program, "%s/pg_ctl", programs());
    snprintf(log, sizeof log, "%s/../log", p->data);
    const char *argv[] = {"runuser", "-u", "postgres", "--", program, "-D",
                          p->data,   "-l", log,        "-m", "fast",  "-w",
                          "-t",      "60", verb,       NULL};
    struct program run = {.argv = geteuid() == 0 ? argv : argv + 4,
                          .timeout_ms = PATIENCE};
    return program_run(&run, NULL, NULL);
}

static void cluster(const struct postgres *p, const char *verb)
{
    const char *argv[] = {KEHU_SOURCE "/tests/support/cluster", verb, p->note,
                          NULL};
    struct program run = {.argv = argv, .timeout_ms = PATIENCE};
    char *errors = NULL;
    if (program_run(&run, NULL, &errors) != 0)
        check_fail("cluster %s: %s", verb, errors);
    free(errors);
}

static char *superuser_sql(const char *sql)
{
    char conninfo[256];
    database_conninfo(conninfo, "postgres", "postgres");
    return database_sql(conninfo, sql);
}

static pid_t postmaster(const struct postgres *p)
{
    char path[160];
    snprintf(path, sizeof path, "%s/postmaster.pid", p->data);
    char *text = program_read_file(path);
    pid_t pid = text ? (pid_t)strtol(text, NULL, 10) : 0;
    free(text);
    return pid;
}

static bool gone(void *ctx)
{
    return kill(*(pid_t *)ctx, 0) < 0 && errno == ESRCH;
}

void postgres_start(struct postgres *p)
{
    char path[96];
    program_tempdir(p->note);
    cluster(p, "up");
    snprintf(path, sizeof path, "%s/test-cluster", p->note);
    setenv("KEHU_TEST_CLUSTER", path, 1);
    snprintf(p->data, sizeof p->data, "%s/data", database_cluster());
    free(superuser_sql("ALTER SYSTEM SET synchronous_commit = on"));
    free(superuser_sql("SELECT pg_reload_conf()"));
}

void postgres_stop(struct postgres *p)
{
    if (control(p, "stop") != 0)
        check_fail("PostgreSQL does not stop");
}

void postgres_kill(struct postgres *p)
{
    pid_t pid = postmaster(p);
    if (pid <= 1)
        check_fail("no PostgreSQL to kill");
    kill(pid, SIGKILL);
    if (!check_wait(gone, &pid, PATIENCE))
        check_fail("PostgreSQL outlives SIGKILL");
}

bool postgres_kill_backend(struct postgres *p)
{
    (void)p;
    char *pid = superuser_sql("SELECT pid FROM pg_stat_activity"
                              " WHERE usename = 'kehu_app' LIMIT 1");
    pid_t victim = (pid_t)strtol(pid, NULL, 10);
    free(pid);
    return victim > 1 && kill(victim, SIGKILL) == 0;
}

void postgres_run(struct postgres *p)
{
    /* Right after a kill its children still hold the shared memory, and a
     * start is refused until they have noticed. */
    uint64_t end = clock_mono_ms() + PATIENCE;
    while (control(p, "start") != 0)
        if (clock_mono_ms() > end)
            check_fail("PostgreSQL does not start");
}

void postgres_free(struct postgres *p)
{
    cluster(p, "down");
}
