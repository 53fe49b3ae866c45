/* Making a connection to PostgreSQL: blocking, so never on the loop. */
#ifndef SERVER_DB_CONNECT_H
#define SERVER_DB_CONNECT_H

#include "common/err.h"

#include <libpq-fe.h>
#include <stdint.h>

struct connect_options {
    const char *conninfo;
    const char *purpose;  /* shown in pg_stat_activity: "kehud quick" */
    int64_t statement_ms; /* statement_timeout; 0: none */
};

/* A connection set up as the daemon needs it, or NULL with *e
 * (`unavailable`). */
PGconn *db_connect(const struct connect_options *o, struct err *e);

#endif
