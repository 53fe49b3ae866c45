/* The database of a command: the one the settings name, or the private
 * cluster, started where it does not run. While it is open SIGINT and SIGTERM
 * stop the cluster before they end the program. */
#ifndef SERVER_COMMAND_DATABASE_H
#define SERVER_COMMAND_DATABASE_H

#include "server/command/command.h"
#include "server/db/cluster.h"
#include "server/db/db.h"

struct database {
    struct cluster *cluster; /* NULL: one of somebody else's */
    char *url, *owner_url;
};

bool database_open(struct database *d, const struct settings *s,
                   struct err *e) must_check;
/* From here on the signals are the caller's; they are blocked until he is
 * ready for them. */
void database_release_signals(void);
void database_close(struct database *d);

#endif
