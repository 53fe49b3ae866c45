/* What every changing transaction begins and ends with: the session and the
 * rights looked at from inside, and the key that makes it safe to repeat. */
#include "common/json.h"
#include "server/auth/session.h"
#include "server/db/sql.h"
#include "server/domain/change.h"
#include "server/domain/directory.h"
#include "server/rpc/method.h"

#include <sodium.h>
#include <string.h>

#define RELOADS 3 /* of the rights, should they change again and again */

static const char guard_sql[] =
    "SELECT s.value, EXISTS (SELECT 1 FROM session x JOIN app_user u"
    " ON u.id = x.user_id WHERE x.id = $1::bigint AND x.expires_at > now()"
    " AND NOT u.disabled) FROM state s WHERE s.name = 'rights_epoch'";

/* A key is good for a day; after that it is as if it were new. */
static const char key_sql[] =
    "INSERT INTO reply_key (user_id, key, method, params_hash, entity,"
    " record_id) VALUES ($1::bigint, $2, $3, $4::bytea, $5, $6::bigint)"
    " ON CONFLICT (user_id, key) DO UPDATE SET method = excluded.method,"
    " params_hash = excluded.params_hash, entity = excluded.entity,"
    " record_id = excluded.record_id, created_at = now()"
    " WHERE reply_key.created_at < now() - interval '24 hours'"
    " RETURNING 1";

static const char key_again_sql[] =
    "SELECT method = $3 AND params_hash = $4::bytea, record_id"
    " FROM reply_key WHERE user_id = $1::bigint AND key = $2";

static const char key_done_sql[] = "UPDATE reply_key SET record_id = $3::bigint"
                                   " WHERE user_id = $1::bigint AND key = $2";

static PGresult *run(struct change *c, const char *sql,
                     const char *const *values, int n, struct err *e)
{
    struct db_query q = {.sql = sql, .n = n, .values = values, .prepare = true};
    return db_exec(c->conn, &q, e);
}

static const char *number(struct change *c, int64_t n)
{
    return arena_printf(c->arena, "%lld", (long long)n);
}

/* *epoch as the transaction sees it; unauthenticated where the session ended
 * meanwhile. */
static bool look(struct change *c, int64_t *epoch, struct err *e)
{
    const char *values[] = {number(c, c->request->session->id)};
    PGresult *res = run(c, guard_sql, values, 1, e);
    if (!res)
        return false;
    bool standing = PQntuples(res) == 1 && db_bool(res, 0, 1);
    *epoch = standing ? db_int(res, 0, 0) : 0;
    PQclear(res);
    return standing || err_set(e, ERR_unauthenticated, NULL);
}

/* Outside of the transaction, which sees nothing newer than its rights. */
static bool renew(struct change *c, struct err *e)
{
    db_rollback(c->conn);
    directory_unref(&c->fresh);
    c->fresh = directory_load(c->conn, e);
    if (!c->fresh)
        return false;
    c->names = c->fresh;
    c->rights = directory_rights(c->fresh, c->request->session->user_id);
    c->request->names = c->names;
    c->request->rights = c->rights;
    return c->rights || err_set(e, ERR_unauthenticated, NULL);
}

bool change_open(struct change *c, struct err *e)
{
    for (int i = 0; i < RELOADS; i++) {
        int64_t epoch;
        if (!db_begin(c->conn, e) || !look(c, &epoch, e))
            return false;
        if (epoch == directory_epoch(c->names))
            return true;
        if (!renew(c, e))
            return false;
    }
    return err_set(e, ERR_unavailable, NULL);
}

/* bytea literal of a hash over the method's parameters. */
static const char *params_hash(struct change *c)
{
    unsigned char hash[32];
    char hex[sizeof hash * 2 + 1];
    const char *text = json_print(c->arena, c->params);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text,
                       strlen(text), NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return arena_printf(c->arena, "\\x%s", hex);
}

static const char *method_name(const struct change *c)
{
    const struct method *m = c->request->method;
    return m ? m->name : "";
}

static bool answered_before(struct change *c, const char *const *values,
                            int64_t *id, struct err *e)
{
    PGresult *res = run(c, key_again_sql, values, 4, e);
    if (!res)
        return false;
    bool same = PQntuples(res) == 1 && db_bool(res, 0, 0);
    *id = same ? db_int(res, 0, 1) : 0;
    PQclear(res);
    return same ||
           err_param(e, "key", _("a key that was not used for anything else"));
}

bool change_begin(struct change *c, bool *again, int64_t *id, struct err *e)
{
    const char *key = json_str(c->params, "key", NULL);
    *again = false;
    c->held_rights = c->request->rights;
    c->held_names = c->request->names;
    c->rights = c->held_rights;
    c->names = c->held_names;
    if (!change_open(c, e))
        return false;
    if (!key)
        return true;
    const char *values[] = {number(c, c->rights->user_id),
                            key,
                            method_name(c),
                            params_hash(c),
                            c->entity->id,
                            c->id ? number(c, c->id) : NULL};
    PGresult *res = run(c, key_sql, values, 6, e);
    if (!res)
        return false;
    *again = PQntuples(res) == 0;
    PQclear(res);
    return !*again || answered_before(c, values, id, e);
}

bool change_came_of(struct change *c, int64_t id, struct err *e)
{
    const char *key = json_str(c->params, "key", NULL);
    if (!key)
        return true;
    const char *values[] = {number(c, c->rights->user_id), key, number(c, id)};
    PGresult *res = run(c, key_done_sql, values, 3, e);
    PQclear(res);
    return res != NULL;
}

bool change_commit(struct change *c, struct err *e)
{
    if (c->kind == CHANGE_create && c->id && !change_came_of(c, c->id, e))
        return false;
    return db_commit(c->conn, e);
}

void change_end(struct change *c)
{
    db_rollback(c->conn);
    c->request->rights = c->held_rights;
    c->request->names = c->held_names;
    directory_unref(&c->fresh);
}
