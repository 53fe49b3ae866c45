/* The private PostgreSQL cluster in a data folder: made where there is none,
 * started, adopted when a killed daemon left it running, watched, stopped by
 * the last daemon that uses it. Reached by a unix socket only. */
#ifndef SERVER_DB_CLUSTER_H
#define SERVER_DB_CLUSTER_H

#include "common/err.h"

#include <stdatomic.h>

struct cluster;

struct cluster_options {
    const char *dir;      /* absolute; made where it is missing */
    const char *programs; /* folder of initdb and postgres, "" finds them */
    const atomic_bool *interrupted; /* gives up waiting; or NULL */
};

/* Blocks until the cluster answers, with its roles and its database in
 * place; NULL with *e, and what was started for it stopped again. */
struct cluster *cluster_open(const struct cluster_options *o, struct err *e);
/* libpq texts, as the daemon (kehu_app) and as the owner (kehu_owner). */
const char *cluster_conninfo(const struct cluster *c);
const char *cluster_owner_conninfo(const struct cluster *c);
/* Starts it again where it has died; blocking, from any one thread. True
 * where it runs. */
bool cluster_revive(struct cluster *c, struct err *e);
/* Stops the cluster where no other daemon uses it, and frees. */
void cluster_close(struct cluster **c);

#endif
