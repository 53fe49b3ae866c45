/* Indexes and foreign keys out of the way of a bulk load: twenty indexes kept
 * up row by row cost ten times what making them afterwards does. */
#include "server/domain/demo_store.h"

#include "common/mem.h"

#include <string.h>

/* Foreign keys first, since they lean on indexes; in that order they are
 * dropped, the other way round they are made. What a constraint keeps (a
 * primary key) stays. $1 is the tables. */
static const char find_keys[] =
    "WITH t AS (SELECT trim(n)::regclass AS id"
    "           FROM regexp_split_to_table($1, ',') n)"
    "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I',"
    "              conrelid::regclass, conname),"
    "       format('ALTER TABLE %s ADD CONSTRAINT %I %s',"
    "              conrelid::regclass, conname, pg_get_constraintdef(oid))"
    "  FROM pg_constraint JOIN t ON conrelid = t.id WHERE contype = 'f' "
    "UNION ALL "
    "SELECT format('DROP INDEX %s', indexrelid::regclass),"
    "       pg_get_indexdef(indexrelid)"
    "  FROM pg_index JOIN t ON indrelid = t.id WHERE NOT EXISTS ("
    "    SELECT FROM pg_constraint"
    "    WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))";

bool demo_keys_drop(struct db_conn *c, const char *tables, struct arena *a,
                    struct demo_keys *out, struct err *e)
{
    struct db_query q = {
        .sql = find_keys, .n = 1, .values = (const char *const[]){tables}};
    PGresult *r = db_exec(c, &q, e);
    if (!r)
        return false;
    bool ok = true;
    out->n = PQntuples(r);
    out->statements =
        arena_array(a, (size_t)out->n + 1, sizeof(*out->statements));
    for (int i = 0; ok && i < out->n; i++) {
        out->statements[i] = arena_strdup(a, db_text(r, i, 1));
        ok = db_run(c, db_text(r, i, 0), e);
    }
    PQclear(r);
    return ok;
}

bool demo_keys_restore(struct db_conn *c, const struct demo_keys *k,
                       void (*told)(int done, int of), struct err *e)
{
    for (int i = k->n - 1; i >= 0; i--) {
        told(k->n - 1 - i, k->n);
        if (!db_run(c, k->statements[i], e))
            return false;
    }
    told(k->n, k->n);
    return true;
}
