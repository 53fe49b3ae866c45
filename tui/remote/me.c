/* The session seen from the screens: language, sign-out, who I am and what I
 * may do. */
#include "tui/remote/remote_impl.h"

#include "common/json.h"

#include <string.h>

static void on_set(void *ctx, const cJSON *result, const struct err *err)
{
    /* A language that could not be set is told again at the next hello. */
    (void)ctx, (void)result, (void)err;
}

void remote_set_lang(struct remote *r, enum lang lang)
{
    r->lang = lang;
    if (r->state != REMOTE_ready)
        return;
    cJSON *params = cJSON_CreateObject();
    cJSON_AddStringToObject(params, "lang", i18n_code(lang));
    remote_own_call(r, "session.set", params, on_set);
}

static void drop_calls(struct remote *r)
{
    struct calls dropped = r->calls;
    struct err cancelled = {0};
    struct call *c;
    err_set(&cancelled, ERR_cancelled, NULL);
    r->calls.first = NULL;
    while ((c = dropped.first)) {
        remote_reply_fn *fn = c->fn;
        void *ctx = c->ctx;
        call_free(&dropped, c);
        fn(ctx, NULL, &cancelled);
    }
}

static void on_logout(void *ctx, const cJSON *result, const struct err *err)
{
    struct remote *r = ctx;
    remote_reply_fn *fn = r->login_fn;
    r->login_fn = NULL;
    if (fn)
        fn(r->login_ctx, result, err);
}

void remote_logout(struct remote *r, remote_reply_fn *fn, void *ctx)
{
    if (r->token_file)
        token_forget(r->token_file);
    drop_calls(r);
    known_sign_out(r->known);
    r->signed_in = r->described = false;
    r->login_fn = fn;
    r->login_ctx = ctx;
    if (uplink_is_up(r->link))
        remote_own_call(r, "session.logout", NULL, on_logout);
    remote_set_reason(r, "");
    remote_set_state(r, REMOTE_signed_out);
}

int64_t remote_user_id(const struct remote *r)
{
    return known_user_id(r->known);
}

const char *remote_user_name(const struct remote *r)
{
    return known_user_name(r->known);
}

const char *remote_user_title(const struct remote *r)
{
    return known_user_title(r->known);
}

bool remote_is_admin(const struct remote *r)
{
    return known_is_admin(r->known);
}

bool remote_has_rights(const struct remote *r)
{
    return known_has_rights(r->known);
}

int remote_scope(const struct remote *r, const char *action)
{
    return known_scope(r->known, action);
}

bool remote_may(const struct remote *r, const char *right)
{
    if (!right)
        return remote_is_admin(r);
    return strcmp(right, "*") == 0 || remote_scope(r, right) > SCOPE_NOTHING;
}

int remote_level(const struct remote *r, const struct field *f)
{
    return known_level(r->known, f);
}

bool remote_may_ask(const struct remote *r, const struct entity *e,
                    const struct field *f)
{
    return known_may_ask(r->known, e, f);
}

struct names remote_names(const struct remote *r)
{
    return known_names(r->known);
}

void remote_learn(struct remote *r, const char *entity, int64_t id,
                  const char *name)
{
    known_learn(r->known, entity, id, name);
}

const struct remote_option *remote_options(const struct remote *r,
                                           const char *list, int *n)
{
    return known_options(r->known, list, n);
}
