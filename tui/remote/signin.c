/* The first messages on a connection. Everything is sent in one go, so that
 * the first rows arrive one round trip after the connection stands: what is
 * refused because the sign-in was still under way is sent once more when it
 * is over. */
#include "tui/remote/remote_impl.h"

#include "common/clock.h"
#include "common/json.h"

#include <string.h>

/* Signed in, and knowing what we may do: now the screens may ask. */
static void ready(struct remote *r)
{
    remote_set_state(r, REMOTE_ready);
    remote_flush(r);
}

/* A daemon that can not describe itself is used all the same; nothing is
 * offered then that needs a right. */
static void on_tables(void *ctx, const cJSON *result, const struct err *err)
{
    struct remote *r = ctx;
    if (result) {
        known_set_tables(r->known, result);
        r->described = true;
    }
    if (!r->signed_in)
        return;
    if (err && err->kind == ERR_unavailable && uplink_is_up(r->link))
        uplink_again(r->link, err->message);
    else if (!err || uplink_is_up(r->link))
        ready(r);
}

/* Option lists and my rights. The fields we have ourselves, so the daemon is
 * asked for those of the smallest entity only. */
static void ask_tables(struct remote *r)
{
    cJSON *params = cJSON_CreateObject();
    cJSON_AddStringToObject(params, "entity", entity_tag.id);
    remote_own_call(r, "meta.describe", params, on_tables);
}

static void signed_in(struct remote *r, const cJSON *result)
{
    const char *token = json_str(result, "token", NULL);
    struct err err = {0};
    if (token && r->token_file && !token_save(r->token_file, token, &err))
        remote_set_reason(r, err.message);
    err_clear(&err);
    known_set_user(r->known, json_get(result, "user"));
    r->signed_in = true;
    if (r->described)
        ready(r);
    else
        ask_tables(r);
}

static void signed_out(struct remote *r, const struct err *err)
{
    known_sign_out(r->known);
    r->signed_in = r->described = false;
    remote_set_reason(r, err->message);
    remote_set_state(r, REMOTE_signed_out);
}

/* What is not a refusal is the daemon's trouble: try again later. */
static bool is_refusal(const struct err *err)
{
    return err->kind == ERR_unauthenticated || err->kind == ERR_forbidden ||
           err->kind == ERR_not_found || err->kind == ERR_invalid_params ||
           err->kind == ERR_unknown_method;
}

static void on_peer(void *ctx, const cJSON *result, const struct err *err)
{
    struct remote *r = ctx;
    if (result)
        signed_in(r, result);
    else if (is_refusal(err))
        signed_out(r, err);
    else if (uplink_is_up(r->link))
        uplink_again(r->link, err->message);
}

static void try_peer(struct remote *r, const struct err *why_not)
{
    if (r->unix_socket)
        remote_own_call(r, "session.peer", wire_zone(NULL), on_peer);
    else
        signed_out(r, why_not);
}

static void on_resume(void *ctx, const cJSON *result, const struct err *err)
{
    struct remote *r = ctx;
    if (result) {
        signed_in(r, result);
    } else if (is_refusal(err)) {
        token_forget(r->token_file);
        try_peer(r, err);
    } else if (uplink_is_up(r->link)) {
        uplink_again(r->link, err->message);
    }
}

static void on_hello(void *ctx, const cJSON *result, const struct err *err)
{
    struct remote *r = ctx;
    struct err misfit = {0};
    if (!result) {
        if (uplink_is_up(r->link))
            uplink_again(r->link, err->message);
        return;
    }
    uplink_is_good(r->link);
    if (wire_fits(result, &misfit))
        return;
    uplink_stop(r->link);
    remote_set_reason(r, misfit.message);
    err_clear(&misfit);
    remote_set_state(r, REMOTE_refused);
}

void signin_begin(struct remote *r)
{
    char token[TOKEN_MAX];
    bool kept = r->token_file && token_load(r->token_file, token);
    r->signed_in = r->described = false;
    remote_set_state(r, REMOTE_connecting);
    r->pinged_at = clock_mono_ms();
    remote_own_call(r, "meta.hello", wire_hello(r->lang), on_hello)->measures =
        true;
    if (kept) {
        cJSON *params = cJSON_CreateObject();
        cJSON_AddStringToObject(params, "token", token);
        explicit_bzero(token, sizeof(token));
        remote_own_call(r, "session.resume", wire_zone(params), on_resume);
    } else {
        struct err none = {0};
        err_set(&none, ERR_unauthenticated, NULL);
        try_peer(r, &none);
    }
    if (r->state == REMOTE_signed_out)
        return;
    remote_flush(r);
    ask_tables(r);
}

void signin_lost(struct remote *r)
{
    struct err over = {0};
    if (r->state != REMOTE_ready)
        return;
    if (r->token_file)
        token_forget(r->token_file);
    r->signed_in = r->described = false;
    err_set(&over, ERR_unauthenticated, _("Your session has ended."));
    remote_set_state(r, REMOTE_connecting);
    try_peer(r, &over);
}

static void on_login(void *ctx, const cJSON *result, const struct err *err)
{
    struct remote *r = ctx;
    remote_reply_fn *fn = r->login_fn;
    r->login_fn = NULL;
    if (result)
        signed_in(r, result);
    if (fn)
        fn(r->login_ctx, result, err);
}

void remote_login(struct remote *r, const char *user, const char *password,
                  remote_reply_fn *fn, void *ctx)
{
    cJSON *params = cJSON_CreateObject();
    cJSON_AddStringToObject(params, "user", user);
    cJSON_AddStringToObject(params, "password", password);
    r->login_fn = fn;
    r->login_ctx = ctx;
    remote_own_call(r, "session.login", wire_zone(params), on_login);
}
