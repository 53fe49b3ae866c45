/* Inside of the private cluster: what its files share. */
#ifndef SERVER_DB_CLUSTER_IMPL_H
#define SERVER_DB_CLUSTER_IMPL_H

#include "server/db/cluster.h"

#include <limits.h>
#include <sys/types.h>

struct cluster {
    char *dir;      /* what the administrator named */
    char *data;     /* dir/pg: PGDATA */
    char *run;      /* folder of the socket */
    char *log;      /* dir/log */
    char *programs; /* folder of the PostgreSQL programs */
    char *user;     /* who runs PostgreSQL */
    char *self;     /* who we are */
    uid_t uid;
    gid_t gid, groups[32];
    int ngroups;
    int starting; /* lock file: held while starting or stopping */
    int using;    /* lock file: held, shared, as long as we use it */
    pid_t child;  /* where we started it ourselves, else 0 */
    const atomic_bool *interrupted;
    char *app, *owner, *super; /* conninfo */
};

/* --- cluster_files.c --- */

/* Names, users and folders; the data folder may not exist yet. */
bool cluster_places(struct cluster *c, const struct cluster_options *o,
                    struct err *e) must_check;
/* Who may connect, and the settings that follow from this machine; written
 * at every start, since both may have changed. */
bool cluster_write_files(const struct cluster *c, struct err *e) must_check;
void cluster_remove_tree(const char *path);
bool cluster_make_dir(const char *path, mode_t mode, uid_t uid, gid_t gid,
                      struct err *e) must_check;

/* --- cluster_process.c --- */

/* Runs a program as the cluster's user; its output goes to log/NAME.log. The
 * exit status, -1 where it could not be run. */
int cluster_run(const struct cluster *c, const char *name,
                const char *const *argv);
/* Starts the postmaster, detached from the terminal. */
bool cluster_spawn(struct cluster *c, struct err *e) must_check;
/* The living postmaster of this data folder; 0: none. A pid file that names
 * a stranger is removed. */
pid_t cluster_postmaster(const struct cluster *c);
/* Its program has been replaced on the disk since it was started. */
bool cluster_is_outdated(pid_t pid);
/* Fast shutdown; waits for its end. */
void cluster_stop(struct cluster *c, pid_t pid);
/* Whether the process has ended; reaps it where it is our child. */
bool cluster_has_ended(struct cluster *c, pid_t pid);

#endif
