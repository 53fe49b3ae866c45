/* SQLSTATE to error kind, by a table: the longest matching start wins. */
#include "server/db/error.h"

#include "common/i18n.h"
#include "common/log.h"

#include <string.h>

static const struct {
    const char *start;
    enum err_kind kind;
} kinds[] = {
    {"08", ERR_unavailable},    /* connection exceptions */
    {"25006", ERR_unavailable}, /* the server has become read-only */
    {"40001", ERR_unavailable}, /* serialization failure: try again */
    {"40P01", ERR_unavailable}, /* deadlock: try again */
    {"53", ERR_unavailable},    /* disk full, out of memory, connections */
    {"55P03", ERR_unavailable}, /* lock not available */
    {"57014", ERR_timeout},     /* statement_timeout, or a cancel */
    {"57P", ERR_unavailable},   /* shutdown, crash, starting up */
    {"58", ERR_unavailable},    /* input/output errors */
};

enum err_kind db_error_kind(const char *sqlstate)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strncmp(sqlstate, kinds[i].start, strlen(kinds[i].start)) == 0)
            return kinds[i].kind;
    return ERR_internal;
}

static const char *field(const PGresult *res, int code)
{
    const char *text = PQresultErrorField(res, code);
    return text != NULL ? text : "";
}

/* The primary message of class 42 (syntax, unknown names) holds names only;
 * others may quote a value, which is no business of the log. */
static void log_internal(const PGresult *res, const char *sql, struct err *e)
{
    char incident[17];
    const char *state = field(res, PG_DIAG_SQLSTATE);
    bool names_only = strncmp(state, "42", 2) == 0;
    log_line(LOG_error, "db_error",
             "incident=%s sqlstate=%s constraint=%s text=%s sql=%s",
             log_incident(incident), log_quote(state),
             log_quote(field(res, PG_DIAG_CONSTRAINT_NAME)),
             log_quote(names_only ? field(res, PG_DIAG_MESSAGE_PRIMARY) : ""),
             log_quote(sql != NULL ? sql : ""));
    err_data(e, "incident", cJSON_CreateString(incident));
}

bool db_error_is_fatal(const PGresult *res)
{
    const char *severity =
        PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity != NULL &&
           (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

bool db_unavailable(struct err *e)
{
    err_set(e, ERR_unavailable, NULL);
    err_data(e, "retry_after_ms", cJSON_CreateNumber(500));
    return false;
}

/* A broken rule of the database (class 23) is the caller's to name, since it
 * may be an ordinary answer ("this name exists already"); where he does not
 * know it the request ends as internal and gets its incident there. */
void db_error(const PGresult *res, const char *sql, struct err *e)
{
    const char *state = field(res, PG_DIAG_SQLSTATE);
    enum err_kind kind =
        state[0] != '\0' ? db_error_kind(state) : ERR_unavailable;
    if (kind == ERR_unavailable) {
        log_line(LOG_warn, "db_unavailable", "sqlstate=%s", log_quote(state));
        db_unavailable(e);
        return;
    }
    err_set(e, kind, NULL);
    if (strncmp(state, "23", 2) == 0)
        log_line(LOG_info, "db_constraint", "constraint=%s",
                 log_quote(field(res, PG_DIAG_CONSTRAINT_NAME)));
    else if (kind == ERR_internal)
        log_internal(res, sql, e);
}
