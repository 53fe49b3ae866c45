/* The gate, question by question, in this order: Is it JSON? A request? Known?
 * Of the declared shape? Are we serving? Is somebody signed in? An
 * administrator, where that is asked for? What a person may do with which
 * rows is the handlers' business, since it is a predicate, not a yes or no. */
#include "server/rpc/gate.h"

#include "common/clock.h"
#include "common/i18n.h"
#include "common/json.h"
#include "server/auth/session.h"
#include "server/db/error.h"
#include "server/domain/directory.h"
#include "server/job/watch.h"
#include "server/rpc/method.h"
#include "server/server.h"

#include <string.h>

enum { ID_BYTES = 64 };

static void refuse(struct conn *c, const cJSON *id, struct err *e)
{
    request_refuse(c, id, e);
    err_clear(e);
    conn_malformed(c);
}

static bool is_id(const cJSON *id)
{
    int64_t n;
    if (cJSON_IsString(id))
        return strlen(id->valuestring) <= ID_BYTES;
    return json_is_int(id, &n);
}

/* The members a request must have; others may be added by later versions. */
static bool is_request(const cJSON *line, struct err *e)
{
    const char *expected = NULL;
    const cJSON *params = json_get(line, "params");
    if (!cJSON_IsObject(line))
        expected = N_("A request is one JSON object a line.");
    else if (strcmp(json_str(line, "jsonrpc", ""), "2.0") != 0)
        expected = N_("\"jsonrpc\" has to be \"2.0\".");
    else if (json_str(line, "method", NULL) == NULL)
        expected = N_("\"method\" has to be a text.");
    else if (!is_id(json_get(line, "id")))
        expected = N_("\"id\" has to be a whole number or a text of at most "
                      "64 bytes.");
    else if (params != NULL && !cJSON_IsObject(params))
        expected = N_("\"params\" has to be an object.");
    return expected == NULL ||
           err_set(e, ERR_invalid_request, "%s", _(expected));
}

/* The only message of a client that has no id and gets no answer. */
static bool is_cancel(const cJSON *line)
{
    return cJSON_IsObject(line) && json_get(line, "id") == NULL &&
           strcmp(json_str(line, "jsonrpc", ""), "2.0") == 0 &&
           strcmp(json_str(line, "method", ""), "cancel") == 0;
}

static void cancel(struct conn *c, const cJSON *line)
{
    struct request *r =
        request_find(c, json_get(json_get(line, "params"), "id"));
    if (r != NULL)
        request_cancel(r, true);
}

/* A session counts while its user is known and enabled, by the newest that
 * is known of the rights; where nothing new can be known nobody is let in. */
static bool check_session(struct request *r, struct err *e)
{
    struct session *s = r->conn->session;
    if (s == NULL)
        return err_set(e, ERR_unauthenticated, NULL);
    if (r->names == NULL)
        return db_unavailable(e);
    r->rights = directory_rights(r->names, s->user_id);
    if (r->rights == NULL || clock_now_us() >= s->expires_us) {
        conn_sign_in(r->conn, NULL);
        return err_set(e, ERR_unauthenticated,
                       _("The session has ended. Sign in again."));
    }
    r->session = session_ref(s);
    return true;
}

static bool admit(struct request *r, struct err *e)
{
    const struct method *m = r->method;
    if (!method_check(m, r->params, e))
        return false;
    if (r->server->stopping)
        return db_unavailable(e);
    if (m->auth == AUTH_none)
        return true;
    if (!check_session(r, e))
        return false;
    if (m->auth == AUTH_admin && !r->rights->admin)
        return err_set(e, ERR_forbidden,
                       _("Only an administrator may do this."));
    return true;
}

static void gate_request(struct conn *c, cJSON *line)
{
    struct err e = {0};
    struct request *r = request_new(c, line);
    const char *name = json_str(line, "method", "");
    struct directory *d = watch_directory(r->server->watch);
    r->names = d != NULL ? directory_ref(d) : NULL;
    r->method = method_find(name, &r->entity);
    if (r->method == NULL)
        err_set(&e, ERR_unknown_method, _("There is no method \"%.100s\"."),
                name);
    if (r->method != NULL && admit(r, &e))
        request_start(r);
    else
        request_fail(r, &e);
}

void gate_line(struct conn *c, const char *line, size_t len)
{
    const struct settings *s = &c->server->settings;
    const struct json_limits limits = {(size_t)s->line_bytes, (int)s->depth, 0};
    struct err e = {0};
    cJSON *json = NULL;
    if (!json_parse(line, len, &limits, &json, &e)) {
        refuse(c, NULL, &e);
        return;
    }
    if (is_cancel(json)) {
        cancel(c, json);
        cJSON_Delete(json);
        return;
    }
    bool ok = is_request(json, &e);
    const cJSON *id = json_get(json, "id");
    if (ok && request_find(c, id) != NULL)
        ok = err_set(&e, ERR_invalid_request,
                     _("A request with this id is still at work."));
    if (!ok) {
        refuse(c, is_id(id) ? id : NULL, &e);
        cJSON_Delete(json);
        return;
    }
    conn_well_formed(c);
    gate_request(c, json);
}
