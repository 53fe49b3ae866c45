/* The database of a command: the one the settings name, or the private
 * cluster, started where it does not run. */
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
void database_close(struct database *d);

#endif
