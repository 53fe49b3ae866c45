/* Connections: time limits for a server that went silent, and the settings
 * of a session that results depend on. */
#include "server/db/connect.h"

#include "common/i18n.h"
#include "common/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What stands before `dbname` can be overruled by the conninfo. The times
 * together stay under the five seconds after which an absent database has to
 * be reported. */
static const char *const usual[][2] = {
    {"connect_timeout", "3"},
    {"tcp_user_timeout", "4000"},
    {"keepalives_idle", "5"},
    {"keepalives_interval", "2"},
    {"keepalives_count", "2"},
    {"fallback_application_name", "kehud"},
    {"target_session_attrs", "read-write"},
};

enum { USUAL = sizeof(usual) / sizeof(*usual) };

static PGconn *open_conninfo(const char *conninfo)
{
    const char *key[USUAL + 3], *value[USUAL + 3];
    for (int i = 0; i < USUAL; i++) {
        key[i] = usual[i][0];
        value[i] = usual[i][1];
    }
    key[USUAL] = "dbname";
    value[USUAL] = conninfo;
    key[USUAL + 1] = "client_encoding";
    value[USUAL + 1] = "UTF8";
    key[USUAL + 2] = NULL;
    value[USUAL + 2] = NULL;
    return PQconnectdbParams(key, value, 1);
}

/* Parallel workers would multiply what one list may cost the others, and
 * compiling a statement takes longer than running it. */
static bool set_up(PGconn *pq, const struct connect_options *o)
{
    char sql[512];
    snprintf(sql, sizeof(sql),
             "SET application_name = '%s'; SET statement_timeout = %" PRId64
             "; SET max_parallel_workers_per_gather = 0; SET jit = off;"
             " SET datestyle = 'ISO'; SET timezone = 'UTC';"
             " SET intervalstyle = 'iso_8601';"
             " SET idle_in_transaction_session_timeout = '120s'",
             o->purpose, o->statement_ms);
    PGresult *res = PQexec(pq, sql);
    bool ok = PQresultStatus(res) == PGRES_COMMAND_OK;
    PQclear(res);
    return ok;
}

/* Notices would go to standard error as they are. */
static void no_notice(void *arg, const PGresult *res)
{
    (void)arg;
    log_line(LOG_debug, "db_notice", "text=%s",
             log_quote(PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY)));
}

PGconn *db_connect(const struct connect_options *o, struct err *e)
{
    PGconn *pq = open_conninfo(o->conninfo);
    if (PQstatus(pq) == CONNECTION_OK) {
        PQsetNoticeReceiver(pq, no_notice, NULL);
        if (set_up(pq, o))
            return pq;
    }
    err_set(e, ERR_unavailable, _("The database can not be reached: %.300s"),
            PQerrorMessage(pq));
    e->message[strcspn(e->message, "\n")] = '\0';
    PQfinish(pq);
    return NULL;
}
