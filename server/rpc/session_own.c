/* session.*, for who is signed in already: who am I, other settings, out. */
#include "common/date.h"
#include "common/json.h"
#include "server/auth/account.h"
#include "server/rpc/describe.h"
#include "server/rpc/handlers.h"
#include "server/server.h"

#include <stdio.h>
#include <string.h>

bool session_whoami(struct request *r, struct db_conn *c, struct err *e)
{
    struct account a = {.user = BUF_INIT};
    char at[TIME_LEN];
    struct buf *b = &r->reply;
    if (!account_of_session(c, r->session, &a, e))
        return false;
    time_format(r->session->expires_us / 1000000 * 1000000, at);
    buf_str(b, "{\"user\":");
    buf_add(b, a.user.data, a.user.len);
    buf_str(b, ",\"rights\":");
    describe_rights(r->rights, b);
    buf_printf(b, ",\"expires_at\":\"%s\"}", at);
    account_free(&a);
    return true;
}

static void end_session(struct request *r)
{
    conns_revoke(r->server, r->session->hash);
}

bool session_logout(struct request *r, struct db_conn *c, struct err *e)
{
    request_then(r, end_session);
    return account_logout(c, r->session, e);
}

/* The session is immutable, since workers read it: a new one takes its place
 * on every connection that has it. */
static void replace_session(struct request *r)
{
    struct session *s = session_new(r->state);
    conns_replace_session(r->server, s);
    session_unref(&s);
}

static bool is_zone_name(const char *s)
{
    return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                     "0123456789_+-/") == strlen(s);
}

bool session_set(struct request *r, struct db_conn *c, struct err *e)
{
    struct session *s = arena_alloc(r->arena, sizeof(*s));
    struct account a = {.user = BUF_INIT};
    const char *lang = json_str(r->params, "lang", NULL);
    const char *zone = json_str(r->params, "timezone", r->session->timezone);
    session_copy(r->session, s);
    if (lang != NULL && i18n_parse(lang, LANGS) == LANGS)
        return err_param(e, "params.lang", _("zh or en"));
    if (!is_zone_name(zone))
        return err_param(e, "params.timezone",
                         _("the name of a time zone, such as Asia/Shanghai"));
    s->lang = i18n_parse(lang, s->lang);
    snprintf(s->timezone, sizeof(s->timezone), "%s", zone);
    if (!account_set(c, s, e) || !account_of_session(c, s, &a, e))
        return false;
    buf_str(&r->reply, "{\"user\":");
    buf_add(&r->reply, a.user.data, a.user.len);
    buf_char(&r->reply, '}');
    account_free(&a);
    r->state = s;
    request_then(r, replace_session);
    return true;
}
