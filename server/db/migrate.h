/* Bringing the database up to this program: the migrations embedded in it,
 * in order, each in one transaction, under an advisory lock. */
#ifndef SERVER_DB_MIGRATE_H
#define SERVER_DB_MIGRATE_H

#include "server/db/db.h"

struct migrate_row {
    int number;
    char name[64];
    bool applied;
    char at[40]; /* when, as the database says it; "" where not applied */
};

/* Applies what is missing, then seeds option lists and role rights. Needs the
 * rights of the owner. *applied gets how many were applied. Refused where an
 * applied one has changed since, or is unknown here. */
bool migrate_run(struct db_conn *c, int *applied, struct err *e) must_check;
/* True where this program and the database fit together; *missing gets how
 * many migrations wait (then false). */
bool migrate_check(struct db_conn *c, int *missing, struct err *e) must_check;
/* Every migration of this program; the caller frees *rows. */
bool migrate_list(struct db_conn *c, struct migrate_row **rows, int *n,
                  struct err *e) must_check;

#endif
