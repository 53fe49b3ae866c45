/* What the work lane needs of a worker's connection beyond db.h. */
#ifndef SERVER_DB_CONN_H
#define SERVER_DB_CONN_H

#include "server/db/db.h"

/* A connection that is made when it is first needed and made anew after it
 * was lost. statement_ms bounds each statement; 0: none. */
struct db_conn *db_conn_lazy(const char *conninfo, const char *purpose,
                             int64_t statement_ms);
/* Before a job: connects where there is no living connection, notices one
 * that was lost while nothing used it. False with *e where the database is
 * away. */
bool db_conn_ready(struct db_conn *c, struct err *e);
/* Asked a few times a second while a statement runs: true gives the
 * connection up, since nobody answers any more. */
void db_conn_watch(struct db_conn *c, bool (*is_away)(const void *ctx),
                   const void *ctx);

#endif
