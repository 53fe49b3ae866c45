/* What PostgreSQL's errors mean to us. */
#ifndef SERVER_DB_ERROR_H
#define SERVER_DB_ERROR_H

#include "common/err.h"

#include <libpq-fe.h>

/* The kind of a SQLSTATE ("57014": timeout). */
enum err_kind db_error_kind(const char *sqlstate);
/* Fills *e from a failed result; logs what is worth it, without values. `sql`
 * is the statement's text for the log, or NULL. */
void db_error(const PGresult *res, const char *sql, struct err *e);
/* The server ended the connection with this. */
bool db_error_is_fatal(const PGresult *res);
/* `unavailable` with retry_after_ms. */
bool db_unavailable(struct err *e);

#endif
