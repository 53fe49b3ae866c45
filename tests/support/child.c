/* Children of customers in tests. */
#include "tests/support/child.h"

#include "common/json.h"
#include "tests/support/check.h"
#include "tests/support/daemon.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void method_of(char out[64], const char *entity, const char *verb)
{
    snprintf(out, 64, "%s.%s", entity, verb);
}

int64_t child_add(struct client *c, const char *entity, int64_t customer,
                  const char *values)
{
    char method[64];
    method_of(method, entity, "create");
    cJSON *r = client_result(c, method,
                             "{\"values\":{\"customer_id\":%" PRId64 "%s%s}}",
                             customer, values[0] ? "," : "", values);
    int64_t id = json_int(json_get(r, "record"), "id", 0);
    cJSON_Delete(r);
    return id;
}

cJSON *child_refused(struct client *c, const char *entity, int64_t customer,
                     const char *values)
{
    char method[64];
    method_of(method, entity, "create");
    return client_error(c, ERR_invalid, method,
                        "{\"values\":{\"customer_id\":%" PRId64 "%s%s}}",
                        customer, values[0] ? "," : "", values);
}

cJSON *child_change(struct client *c, const char *entity, int64_t id,
                    const char *values)
{
    char method[64];
    method_of(method, entity, "update");
    cJSON *r = client_result(c, method,
                             "{\"id\":%" PRId64 ",\"version\":%" PRId64
                             ",\"values\":{%s}}",
                             id, record_version(c, entity, id), values);
    cJSON *record = cJSON_DetachItemFromObjectCaseSensitive(r, "record");
    cJSON_Delete(r);
    return record;
}

void child_faults(struct client *c, const char *entity, int64_t id,
                  const char *values, const char *field, const char *rule)
{
    char method[64];
    method_of(method, entity, "update");
    cJSON *e = client_error(c, ERR_invalid, method,
                            "{\"id\":%" PRId64 ",\"version\":%" PRId64
                            ",\"values\":{%s}}",
                            id, record_version(c, entity, id), values);
    if (!record_has_fault(e, field, rule))
        check_fail("%s: no fault %s of %s", values, rule, field);
    cJSON_Delete(e);
}

int64_t child_found(struct client *c, const char *entity, const char *search)
{
    char method[64];
    method_of(method, entity, "count");
    cJSON *r = client_result(c, method, "{\"search\":\"%s\"}", search);
    int64_t total = json_int(r, "total", -1);
    cJSON_Delete(r);
    return total;
}

bool child_breaks(const struct daemon *d, const char *constraint,
                  const char *fmt, ...)
{
    char sql[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(sql, sizeof sql, fmt, ap);
    va_end(ap);
    PGconn *pg = PQconnectdb(d->owner_conninfo);
    PGresult *r = PQexec(pg, sql);
    const char *name = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    bool breaks = (name && strcmp(name, constraint) == 0) ||
                  (state && strcmp(state, constraint) == 0);
    if (!breaks)
        fprintf(stderr, "%s: %s\n", sql, PQerrorMessage(pg));
    PQclear(r);
    PQfinish(pg);
    return breaks;
}
