/* kehud user add, kehud user passwd: the first user of a new database, and
 * the way back in for who forgot the password. */
#include "common/i18n.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/pinyin.h"
#include "common/utf8.h"
#include "schema/access.h"
#include "server/auth/password.h"
#include "server/command/database.h"
#include "server/db/migrate.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* One line; it never comes from an argument, which others could see. */
static bool read_password(char out[160], struct err *e)
{
    if (fgets(out, 160, stdin) == NULL)
        return err_set(e, ERR_invalid,
                       _("No password came from standard input."));
    out[strcspn(out, "\r\n")] = '\0';
    return password_check(out, e);
}

static bool hash_from_stdin(char hash[PASSWORD_HASH], struct err *e)
{
    char password[160] = "";
    bool ok = read_password(password, e) && password_hash(password, hash, e);
    sodium_memzero(password, sizeof(password));
    return ok;
}

static PGresult *query(struct db_conn *c, const char *sql, int n,
                       const char *const *values, struct err *e)
{
    return db_exec(c, &(struct db_query){.sql = sql, .n = n, .values = values},
                   e);
}

static bool run_query(struct db_conn *c, const char *sql, int n,
                      const char *const *values, struct err *e)
{
    PGresult *res = query(c, sql, n, values, e);
    bool ok = res != NULL;
    PQclear(res);
    return ok;
}

/* "sales,finance" as {sales,finance}, each a role there is. */
static char *role_array(const char *text, struct err *e)
{
    struct buf b = BUF_INIT;
    char role[64];
    buf_char(&b, '{');
    while (text != NULL && *text != '\0') {
        size_t len = strcspn(text, ",");
        snprintf(role, sizeof(role), "%.*s", (int)len, text);
        if (role_find(role) < 0) {
            err_set(e, ERR_invalid_params, _("\"%s\" is no role."), role);
            buf_free(&b);
            return NULL;
        }
        if (b.len > 1)
            buf_char(&b, ',');
        buf_str(&b, role);
        text += len + (text[len] == ',');
    }
    buf_char(&b, '}');
    return b.data;
}

/* The id as text in `out`; "" where no unit was named. */
static bool find_unit(struct db_conn *c, const char *name, char out[24],
                      struct err *e)
{
    out[0] = '\0';
    if (name == NULL)
        return true;
    PGresult *res =
        query(c, "SELECT id FROM org_unit WHERE name = $1 ORDER BY id LIMIT 2",
              1, &name, e);
    if (res == NULL)
        return false;
    int n = PQntuples(res);
    if (n == 1)
        snprintf(out, 24, "%s", PQgetvalue(res, 0, 0));
    PQclear(res);
    return n == 1 || err_set(e, ERR_not_found,
                             n == 0 ? _("There is no unit named \"%s\".")
                                    : _("Several units are named \"%s\"."),
                             name);
}

/* What a person does by the command line is in the audit log too; nobody of
 * the application did it. */
static bool write_audit(struct db_conn *c, const char *action, const char *id,
                        const char *after, struct err *e)
{
    const char *const values[] = {action, id, after};
    return run_query(c,
                     "INSERT INTO audit (action, entity, record_id, after) "
                     "VALUES ($1, 'user', $2::bigint, $3::jsonb)",
                     3, values, e);
}

static bool insert_user(struct db_conn *c, const struct command_call *call,
                        const char *const values[7], struct err *e)
{
    struct buf after = BUF_INIT;
    PGresult *res = query(
        c,
        "INSERT INTO app_user (name, display_name, display_name_pinyin, "
        "roles, admin, unit, password_hash) VALUES ($1, $2, $3, $4::text[], "
        "$5::boolean, $6::bigint, $7) RETURNING id",
        7, values, e);
    if (res == NULL)
        return strcmp(db_conn_constraint(c), "app_user_name_unique") == 0
                   ? err_set(e, ERR_conflict,
                             _("The user \"%s\" exists already."), values[0])
                   : false;
    buf_str(&after, "{\"name\":");
    json_write_str(&after, values[0]);
    buf_str(&after, ",\"roles\":");
    json_write_str(&after, call->role != NULL ? call->role : "");
    buf_printf(&after, ",\"admin\":%s}", call->admin ? "true" : "false");
    bool ok =
        write_audit(c, "create", PQgetvalue(res, 0, 0), buf_text(&after), e);
    PQclear(res);
    buf_free(&after);
    return ok;
}

static bool add_user(struct db_conn *c, const struct command_call *call,
                     struct err *e)
{
    char unit[24], hash[PASSWORD_HASH] = "";
    struct arena *a = arena_new();
    const char *name = call->args[0];
    const char *display = call->display != NULL ? call->display : name;
    char *roles = role_array(call->role, e);
    bool ok = roles != NULL && find_unit(c, call->unit, unit, e) &&
              (!call->password_stdin || hash_from_stdin(hash, e));
    if (ok) {
        const char *const values[] = {name,
                                      display,
                                      pinyin_sort_key(a, display),
                                      roles,
                                      call->admin ? "t" : "f",
                                      unit[0] != '\0' ? unit : NULL,
                                      hash};
        ok = insert_user(c, call, values, e);
    }
    x_free(&roles);
    arena_free(&a);
    return ok;
}

/* A new password ends every session that began with the old one. */
static bool set_password(struct db_conn *c, const struct command_call *call,
                         struct err *e)
{
    char hash[PASSWORD_HASH] = "";
    if (!hash_from_stdin(hash, e))
        return false;
    const char *const values[] = {call->args[0], hash};
    PGresult *res = query(c,
                          "UPDATE app_user SET password_hash = $2 WHERE "
                          "lower(name) = lower($1) RETURNING id",
                          2, values, e);
    if (res == NULL)
        return false;
    const char *id = PQntuples(res) == 1 ? PQgetvalue(res, 0, 0) : NULL;
    bool ok = id != NULL || err_set(e, ERR_not_found,
                                    _("There is no user \"%s\"."), values[0]);
    ok = ok &&
         run_query(c,
                   "UPDATE session SET expires_at = now() WHERE user_id = "
                   "$1::bigint AND expires_at > now()",
                   1, &id, e) &&
         write_audit(c, "password", id, "{}", e);
    PQclear(res);
    return ok;
}

static bool in_transaction(struct command_call *call,
                           bool (*fn)(struct db_conn *,
                                      const struct command_call *,
                                      struct err *),
                           struct err *e)
{
    struct database d;
    int missing;
    if (sodium_init() < 0 || !database_open(&d, &call->settings, e))
        return false;
    struct db_conn *c = db_conn_open(d.url, e);
    bool ok = c != NULL && migrate_check(c, &missing, e) && db_begin(c, e) &&
              fn(c, call, e) && db_commit(c, e);
    if (c != NULL)
        db_rollback(c);
    db_conn_close(&c);
    database_close(&d);
    return ok;
}

bool command_user_add(struct command_call *c, struct err *e)
{
    return in_transaction(c, add_user, e);
}

bool command_user_passwd(struct command_call *c, struct err *e)
{
    return in_transaction(c, set_password, e);
}
