/* Purging, a batch of each kind of record that has a trash; several daemons
 * may do it at once. */
#include "server/job/trash.h"

#include "common/err.h"
#include "common/mem.h"
#include "schema/field.h"
#include "server/db/sql.h"

#include <stdlib.h>

/* The log keeps what it was called; of what was private for its author. */
static void add_purge(struct sql *s, const struct entity *e, int64_t keep_ms)
{
    bool private = field_find(e, "is_private") != NULL;
    sql_addf(s,
             "WITH old AS (SELECT id FROM %s WHERE deleted_at < now()"
             " - make_interval(secs => ",
             e->table);
    sql_int(s, keep_ms / 1000);
    sql_addf(s,
             ") ORDER BY deleted_at, id LIMIT %d FOR UPDATE SKIP LOCKED),"
             " gone AS (DELETE FROM %s x USING old WHERE x.id = old.id"
             " RETURNING x.*) INSERT INTO audit (action, entity, record_id,"
             " customer_id, only_user, before) SELECT 'purge', ",
             TRASH_BATCH, e->table);
    sql_value(s, e->id, "text");
    sql_addf(s, ", id, %s, %s, jsonb_build_object(",
             e->scope == SCOPE_child ? "customer_id" : "id",
             private ? "CASE WHEN is_private THEN created_by END" : "NULL");
    sql_value(s, e->title, "text");
    sql_addf(s, ", %s) FROM gone", e->title);
}

static bool purge_kind(struct db_conn *c, struct arena *a,
                       const struct entity *kind, int64_t keep_ms, bool *more,
                       struct err *e)
{
    struct sql s;
    sql_init(&s, a);
    add_purge(&s, kind, keep_ms);
    struct db_query q = sql_query(&s, false);
    PGresult *res = db_exec(c, &q, e);
    sql_free(&s);
    if (res == NULL)
        return false;
    if (strtol(PQcmdTuples(res), NULL, 10) >= TRASH_BATCH)
        *more = true;
    PQclear(res);
    return true;
}

bool trash_purge(struct db_conn *c, int64_t keep_ms, bool *more, struct err *e)
{
    struct arena *a = arena_new();
    bool ok = true;
    *more = false;
    for (int i = 0; ok && keep_ms > 0 && i < schema_entity_count; i++)
        if (schema_entities[i]->flags & E_TRASH)
            ok = purge_kind(c, a, schema_entities[i], keep_ms, more, e);
    arena_free(&a);
    return ok;
}
