/* Which database: the settings decide. Signals: the cluster has a session of
 * its own and would outlive an interrupted command, so a thread waits for
 * them and stops it first. */
#include "server/command/database.h"

#include "common/mem.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

enum { INTERRUPTED = 130 };

static struct {
    pthread_t thread;
    bool running;
    atomic_bool opening, interrupted;
    struct database *database;
} guard;

static sigset_t guarded(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

/* While the cluster is being opened its owner notices by himself. */
static void *wait_for_signal(void *arg)
{
    sigset_t set = guarded();
    int sig;
    (void)arg;
    while (sigwait(&set, &sig) != 0)
        continue;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    atomic_store(&guard.interrupted, true);
    while (atomic_load(&guard.opening))
        usleep(10000);
    cluster_close(&guard.database->cluster);
    _exit(INTERRUPTED);
}

static void guard_signals(struct database *d)
{
    sigset_t set = guarded();
    guard.database = d;
    atomic_store(&guard.opening, true);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    guard.running =
        pthread_create(&guard.thread, NULL, wait_for_signal, NULL) == 0;
    if (!guard.running)
        pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void database_release_signals(void)
{
    if (!guard.running)
        return;
    guard.running = false;
    pthread_cancel(guard.thread);
    pthread_join(guard.thread, NULL);
}

static bool open_cluster(struct database *d, const struct settings *s,
                         struct err *e)
{
    struct cluster_options o = {.dir = s->database_embedded,
                                .programs = s->database_programs,
                                .interrupted = &guard.interrupted};
    guard_signals(d);
    d->cluster = cluster_open(&o, e);
    atomic_store(&guard.opening, false);
    if (d->cluster == NULL) {
        database_release_signals();
        return false;
    }
    d->url = x_strdup(cluster_conninfo(d->cluster));
    d->owner_url = x_strdup(cluster_owner_conninfo(d->cluster));
    return true;
}

bool database_open(struct database *d, const struct settings *s, struct err *e)
{
    bool own = s->database_migrate_url[0] != '\0';
    *d = (struct database){.cluster = NULL};
    if (s->database_url[0] == '\0')
        return open_cluster(d, s, e);
    d->url = x_strdup(s->database_url);
    d->owner_url = x_strdup(own ? s->database_migrate_url : d->url);
    return true;
}

void database_close(struct database *d)
{
    database_release_signals();
    cluster_close(&d->cluster);
    x_free(&d->url);
    x_free(&d->owner_url);
}
