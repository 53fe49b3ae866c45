/* What the tests of bulk changes look at. */
#include "tests/support/bulk.h"

#include "common/json.h"
#include "tests/support/check.h"
#include "tests/support/daemon.h"

#include <inttypes.h>
#include <string.h>

int64_t bulk_number(const cJSON *reply, const char *name)
{
    return json_int(reply, name, -1);
}

void bulk_failed(const cJSON *reply, int64_t id, const char *kind)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, json_get(reply, "failed"))
    {
        const char *is = json_str(one, "kind", "");
        if (json_int(one, "id", 0) != id)
            continue;
        if (strcmp(is, kind) != 0 || !json_str(one, "message", "")[0])
            check_fail("%" PRId64 " failed with %s, not %s", id, is, kind);
        return;
    }
    check_fail("%" PRId64 " has not failed", id);
}

cJSON *bulk_undone(struct client *c, const cJSON *done)
{
    return client_result(c, "customer.bulk_undo", "{\"undo\":\"%s\"}",
                         json_str(done, "undo", ""));
}

char *bulk_picture(const struct daemon *d)
{
    return daemon_sql(
        d, "SELECT md5(string_agg((to_jsonb(c) - 'version' - 'updated_at' -"
           " 'updated_by' - 'updated_by_sort')::text, '|' ORDER BY id))"
           " FROM customer c");
}

int64_t bulk_matching(const struct daemon *d)
{
    return daemon_sql_int(d, "SELECT count(*) FROM customer WHERE"
                             " deleted_at IS NULL");
}

int64_t bulk_noted(const struct daemon *d, const char *text)
{
    return daemon_sql_int(d,
                          "SELECT count(*) FROM customer WHERE internal_notes"
                          " LIKE '%%: %s'",
                          text);
}
