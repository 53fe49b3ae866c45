/* Users and sessions in the database. Times are those of this process's
 * clock, which tests move; a session also ends by the database's clock. */
#include "server/auth/account.h"

#include "common/clock.h"
#include "common/json.h"
#include "common/utf8.h"
#include "server/auth/password.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* The columns that every sign-in reads, in the order of enum column. */
#define USER_COLUMNS                                                           \
    "u.id, u.name, u.display_name, array_to_json(u.roles), u.admin, u.unit, "  \
    "o.name, u.lang, u.timezone, u.disabled, u.password_hash"
#define USER_FROM "app_user u LEFT JOIN org_unit o ON o.id = u.unit"

enum column {
    COLUMN_id,
    COLUMN_name,
    COLUMN_display,
    COLUMN_roles,
    COLUMN_admin,
    COLUMN_unit,
    COLUMN_unit_name,
    COLUMN_lang,
    COLUMN_timezone,
    COLUMN_disabled,
    COLUMN_password,
    COLUMNS
};

static PGresult *query(struct db_conn *c, const char *sql, int n,
                       const char *const *values, struct err *e)
{
    const struct db_query q = {
        .sql = sql, .n = n, .values = values, .prepare = true};
    return db_exec(c, &q, e);
}

static bool command(struct db_conn *c, const char *sql, int n,
                    const char *const *values, struct err *e)
{
    PGresult *res = query(c, sql, n, values, e);
    bool ok = res != NULL;
    PQclear(res);
    return ok;
}

static void write_text(struct buf *b, const char *key, const char *value)
{
    buf_char(b, ',');
    json_write_key(b, key);
    json_write_str(b, value != NULL ? value : "");
}

/* `role` is the first one, for programs that show just one. */
static void write_user(struct buf *b, const PGresult *r,
                       const struct session *s)
{
    const char *roles = PQgetvalue(r, 0, COLUMN_roles), *end;
    buf_printf(b, "{\"id\":%" PRId64, db_int(r, 0, COLUMN_id));
    write_text(b, "name", db_text(r, 0, COLUMN_name));
    write_text(b, "display", db_text(r, 0, COLUMN_display));
    buf_str(b, ",\"roles\":");
    buf_str(b, roles);
    buf_str(b, ",\"role\":");
    end = strpbrk(roles, ",]");
    if (end != NULL && end > roles + 1)
        buf_add(b, roles + 1, (size_t)(end - roles - 1));
    else
        buf_str(b, "null");
    buf_str(b, db_bool(r, 0, COLUMN_admin) ? ",\"admin\":true"
                                           : ",\"admin\":false");
    buf_str(b, ",\"unit\":");
    if (db_text(r, 0, COLUMN_unit) != NULL) {
        buf_printf(b, "[%" PRId64 ",", db_int(r, 0, COLUMN_unit));
        json_write_str(b, PQgetvalue(r, 0, COLUMN_unit_name));
        buf_char(b, ']');
    } else {
        buf_str(b, "null");
    }
    write_text(b, "lang", i18n_code(s->lang));
    write_text(b, "timezone", s->timezone);
    buf_char(b, '}');
}

/* What the client said goes over what the user has set. */
static void fill_session(struct session *s, const PGresult *r,
                         const struct account_ask *ask)
{
    const char *zone =
        ask->timezone != NULL ? ask->timezone : db_text(r, 0, COLUMN_timezone);
    s->user_id = db_int(r, 0, COLUMN_id);
    s->lang = ask->lang_given ? ask->lang
                              : i18n_parse(db_text(r, 0, COLUMN_lang), LANG_zh);
    snprintf(s->timezone, sizeof(s->timezone), "%s", zone ? zone : "");
    s->expires_us = clock_now_us() + ask->lifetime_ms * 1000;
}

static void expires_text(const struct session *s, char out[40])
{
    snprintf(out, 40, "%" PRId64 ".%06" PRId64, s->expires_us / 1000000,
             s->expires_us % 1000000);
}

static bool open_session(struct db_conn *c, const PGresult *user,
                         const struct account_ask *ask, struct account *out,
                         struct err *e)
{
    struct session *s = &out->session;
    char id[24], expires[40];
    fill_session(s, user, ask);
    token_make(out->token);
    if (!token_hash(out->token, s->hash))
        return err_set(e, ERR_internal, NULL);
    snprintf(id, sizeof(id), "%" PRId64, s->user_id);
    expires_text(s, expires);
    const char *const values[] = {
        s->hash,     id,
        expires,     i18n_code(s->lang),
        s->timezone, ask->client != NULL ? ask->client : ""};
    PGresult *res =
        query(c,
              "INSERT INTO session (token_hash, user_id, expires_at, lang, "
              "timezone, client) VALUES (decode($1, 'hex'), $2::bigint, "
              "to_timestamp($3::double precision), $4, $5, $6) RETURNING id",
              6, values, e);
    if (res == NULL)
        return false;
    s->id = db_int(res, 0, 0);
    PQclear(res);
    snprintf(out->name, sizeof(out->name), "%s",
             PQgetvalue(user, 0, COLUMN_name));
    write_user(&out->user, user, s);
    return true;
}

static PGresult *find_user(struct db_conn *c, const char *name, struct err *e)
{
    return query(c,
                 "SELECT " USER_COLUMNS " FROM " USER_FROM
                 " WHERE lower(u.name) = lower($1)",
                 1, &name, e);
}

bool account_login(struct db_conn *c, const char *name, const char *password,
                   const struct account_ask *ask, struct account *out,
                   struct err *e)
{
    PGresult *user = find_user(c, name, e);
    if (user == NULL)
        return false;
    bool known = PQntuples(user) == 1;
    bool right = password_verify(
        known ? PQgetvalue(user, 0, COLUMN_password) : NULL, password);
    bool ok = known && right && !db_bool(user, 0, COLUMN_disabled);
    if (!ok)
        err_set(e, ERR_unauthenticated,
                _("User or password is wrong, or the user is disabled."));
    ok = ok && open_session(c, user, ask, out, e);
    PQclear(user);
    return ok;
}

bool account_trusted(struct db_conn *c, const char *name,
                     const struct account_ask *ask, struct account *out,
                     struct err *e)
{
    PGresult *user = find_user(c, name, e);
    if (user == NULL)
        return false;
    bool ok = PQntuples(user) == 1 && !db_bool(user, 0, COLUMN_disabled);
    if (!ok)
        err_set(e, ERR_unauthenticated,
                _("The user \"%s\" does not exist or is disabled."), name);
    ok = ok && open_session(c, user, ask, out, e);
    PQclear(user);
    return ok;
}

/* The session's own language and zone hold, unless the client says else. */
static void take_up(struct session *s, const PGresult *r,
                    const struct account_ask *ask)
{
    fill_session(s, r, ask);
    s->id = db_int(r, 0, COLUMNS);
    if (!ask->lang_given)
        s->lang = i18n_parse(PQgetvalue(r, 0, COLUMNS + 1), s->lang);
    if (ask->timezone == NULL)
        snprintf(s->timezone, sizeof(s->timezone), "%s",
                 PQgetvalue(r, 0, COLUMNS + 2));
}

bool account_resume(struct db_conn *c, const char *token,
                    const struct account_ask *ask, struct account *out,
                    struct err *e)
{
    struct session *s = &out->session;
    char now[40], expires[40];
    if (!token_hash(token, s->hash))
        return err_set(e, ERR_unauthenticated,
                       _("The session has ended. Sign in again."));
    s->expires_us = clock_now_us();
    expires_text(s, now);
    s->expires_us += ask->lifetime_ms * 1000;
    expires_text(s, expires);
    const char *const values[] = {s->hash, now, expires};
    PGresult *res = query(
        c,
        "WITH s AS (UPDATE session SET last_seen = "
        "to_timestamp($2::double precision), expires_at = "
        "to_timestamp($3::double precision) WHERE token_hash = "
        "decode($1, 'hex') AND expires_at > to_timestamp($2::double "
        "precision) AND expires_at > now() RETURNING id, user_id, lang, "
        "timezone) SELECT " USER_COLUMNS ", s.id, s.lang, s.timezone FROM s "
        "JOIN app_user u ON u.id = s.user_id AND NOT u.disabled LEFT JOIN "
        "org_unit o ON o.id = u.unit",
        3, values, e);
    if (res == NULL)
        return false;
    bool ok = PQntuples(res) == 1;
    if (ok) {
        take_up(s, res, ask);
        write_user(&out->user, res, s);
        snprintf(out->token, sizeof(out->token), "%s", token);
    }
    PQclear(res);
    return ok || err_set(e, ERR_unauthenticated,
                         _("The session has ended. Sign in again."));
}

bool account_of_session(struct db_conn *c, const struct session *s,
                        struct account *out, struct err *e)
{
    char id[24];
    const char *const values[] = {id};
    snprintf(id, sizeof(id), "%" PRId64, s->user_id);
    PGresult *res = query(
        c, "SELECT " USER_COLUMNS " FROM " USER_FROM " WHERE u.id = $1::bigint",
        1, values, e);
    if (res == NULL)
        return false;
    bool ok = PQntuples(res) == 1;
    session_copy(s, &out->session);
    if (ok)
        write_user(&out->user, res, s);
    PQclear(res);
    return ok || err_set(e, ERR_unauthenticated, NULL);
}

/* A session ends by its time being over, which every daemon looks for. */
bool account_logout(struct db_conn *c, const struct session *s, struct err *e)
{
    char id[24];
    const char *const values[] = {id};
    snprintf(id, sizeof(id), "%" PRId64, s->id);
    return command(c,
                   "UPDATE session SET expires_at = now() WHERE id = "
                   "$1::bigint AND expires_at > now()",
                   1, values, e);
}

bool account_set(struct db_conn *c, const struct session *s, struct err *e)
{
    char id[24];
    const char *const values[] = {id, i18n_code(s->lang), s->timezone};
    snprintf(id, sizeof(id), "%" PRId64, s->id);
    return command(c,
                   "UPDATE session SET lang = $2, timezone = $3 WHERE id = "
                   "$1::bigint",
                   3, values, e);
}

void account_free(struct account *a)
{
    buf_free(&a->user);
    sodium_memzero(a->token, sizeof(a->token));
}
