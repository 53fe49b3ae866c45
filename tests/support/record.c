/* Making and reading records over the wire. */
#include "tests/support/record.h"

#include "common/json.h"
#include "tests/support/check.h"
#include "tests/support/daemon.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int64_t record_user(const struct daemon *d, const char *login)
{
    return daemon_sql_int(d, "SELECT id FROM app_user WHERE name = '%s'",
                          login);
}

int64_t record_customer(struct client *c, const char *name, const char *more)
{
    cJSON *r = client_result(
        c, "customer.create",
        "{\"values\":{\"customer_name\":\"%s\",\"industry\":\"outdoor\","
        "\"regions\":[\"广东\"],\"contact_person\":\"王小明\","
        "\"contact_phone\":\"13800138000\"%s%s}}",
        name, more[0] ? "," : "", more);
    int64_t id = json_int(json_get(r, "record"), "id", 0);
    cJSON_Delete(r);
    return id;
}

cJSON *record_read(struct client *c, const char *entity, int64_t id)
{
    char method[64];
    snprintf(method, sizeof method, "%s.get", entity);
    cJSON *r = client_result(c, method, "{\"id\":%" PRId64 "}", id);
    cJSON *record = cJSON_DetachItemFromObjectCaseSensitive(r, "record");
    cJSON_Delete(r);
    return record;
}

int64_t record_version(struct client *c, const char *entity, int64_t id)
{
    cJSON *record = record_read(c, entity, id);
    int64_t version = json_int(record, "version", 0);
    cJSON_Delete(record);
    return version;
}

bool record_has_fault(const cJSON *error, const char *field, const char *rule)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, json_get(json_get(error, "data"), "fields"))
    {
        if (strcmp(json_str(one, "field", ""), field) == 0 &&
            strcmp(json_str(one, "rule", ""), rule) == 0)
            return true;
    }
    return false;
}

void record_is(const cJSON *record, const char *field, const char *text)
{
    const char *value = json_str(record, field, NULL);
    if (text ? !value || strcmp(value, text) != 0 : value != NULL)
        check_fail("%s is %s, not %s", field, value ? value : "null",
                   text ? text : "null");
}
