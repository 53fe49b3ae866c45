/* What a database has to hold before anybody works with it: the built-in
 * option lists and the default access matrix. */
#ifndef SERVER_DB_SEED_H
#define SERVER_DB_SEED_H

#include "server/db/db.h"

/* Adds what is missing; what an administrator has changed stays. */
bool seed_run(struct db_conn *c, struct err *e) must_check;

#endif
