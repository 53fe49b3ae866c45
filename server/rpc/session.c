/* session.*: signing in, by password, by the operating system, by token; out;
 * who am I.
 *
 * A sign-in goes: loop (limits, place in the queue) → worker (the database,
 * the hash) → loop (the connection gets its session). A user who was added a
 * moment ago is not in the snapshot of rights yet: then the answer waits for
 * the next one. */
#include "common/clock.h"
#include "common/date.h"
#include "common/json.h"
#include "common/log.h"
#include "server/auth/account.h"
#include "server/auth/throttle.h"
#include "server/domain/directory.h"
#include "server/job/watch.h"
#include "server/rpc/handlers.h"
#include "server/rpc/method.h"
#include "server/rpc/sign_in.h"
#include "server/server.h"

#include <stdio.h>
#include <string.h>

enum { WAITING_MOST = 256 };

/* A sign-in under way, in the request's arena. */
struct attempt {
    struct request *request;
    struct attempt *next; /* of those that wait */
    bool (*check)(struct db_conn *c, const char *name, const char *secret,
                  const struct account_ask *ask, struct account *out,
                  struct err *e);
    const char *name, *secret; /* the token, for resume */
    char by_name[96], by_place[96];
    struct account_ask ask;
    struct account account;
    struct err err;
    bool ok, hashes, late;
};

struct sign_in {
    struct server *server;
    struct throttle *throttle;
    int hashing, nwaiting;
    struct attempt *waiting, **last;
};

struct sign_in *sign_in_new(struct server *s)
{
    struct sign_in *all = x_calloc(1, sizeof(*all));
    all->server = s;
    all->throttle = throttle_new();
    all->last = &all->waiting;
    return all;
}

void sign_in_free(struct sign_in **s)
{
    if (*s == NULL)
        return;
    throttle_free(&(*s)->throttle);
    x_free(s);
}

/* --- the answer --- */

static void write_result(struct buf *b, const struct account *a,
                         const char *token)
{
    char at[TIME_LEN];
    time_format(a->session.expires_us / 1000000 * 1000000, at);
    buf_char(b, '{');
    if (token != NULL) {
        buf_str(b, "\"token\":");
        json_write_str(b, token);
        buf_char(b, ',');
    }
    buf_str(b, "\"user\":");
    buf_add(b, a->user.data, a->user.len);
    buf_printf(b, ",\"expires_at\":\"%s\"", at);
}

static void finish(struct attempt *a)
{
    struct request *r = a->request;
    write_result(&r->reply, &a->account, a->account.token);
    buf_char(&r->reply, '}');
    account_free(&a->account);
    request_done(r);
}

static void on_refreshed(void *ctx)
{
    finish(ctx);
}

static void admit(struct attempt *a)
{
    struct request *r = a->request;
    struct session *s = session_new(&a->account.session);
    struct directory *d = watch_directory(r->server->watch);
    log_line(LOG_info, "signed_in", "user=%lld method=%s place=%s",
             (long long)s->user_id, r->method->name, log_quote(a->by_place));
    if (r->conn != NULL)
        conn_sign_in(r->conn, s);
    session_unref(&s);
    if (d == NULL || directory_rights(d, a->account.session.user_id) == NULL)
        watch_refresh(r->server->watch, on_refreshed, a);
    else
        finish(a);
}

static void count_failure(struct sign_in *all, const struct attempt *a)
{
    int64_t now = (int64_t)clock_mono_ms();
    int64_t free_failures = all->server->settings.failures;
    log_line(LOG_warn, "sign_in_failed", "user=%s place=%s", log_quote(a->name),
             log_quote(a->by_place));
    throttle_failed(all->throttle, a->by_name, free_failures, now);
    throttle_failed(all->throttle, a->by_place, free_failures * 4, now);
}

/* --- the worker's part --- */

static void start_next(struct sign_in *all);

static void run_attempt(struct db_conn *c, void *ctx)
{
    struct attempt *a = ctx;
    i18n_use(a->request->lang);
    a->late = c == NULL || request_cancelled(a->request);
    if (a->late)
        err_set(&a->err, ERR_timeout, NULL);
    else
        a->ok = a->check(c, a->name, a->secret, &a->ask, &a->account, &a->err);
}

static void on_attempted(void *ctx)
{
    struct attempt *a = ctx;
    struct request *r = a->request;
    struct sign_in *all = r->server->sign_in;
    bool hashes = a->hashes;
    i18n_use(r->lang);
    if (a->ok) {
        if (hashes)
            throttle_succeeded(all->throttle, a->by_name);
        admit(a);
    } else {
        if (hashes && a->err.kind == ERR_unauthenticated)
            count_failure(all, a);
        account_free(&a->account);
        request_fail(r, &a->err);
    }
    if (hashes) {
        all->hashing--;
        start_next(all);
    }
}

static bool start(struct attempt *a, struct err *e)
{
    struct request *r = a->request;
    int64_t client = r->conn != NULL ? -r->conn->id : 0;
    return db_work(r->server->db, client, r->deadline, run_attempt,
                   on_attempted, a, e);
}

static void start_next(struct sign_in *all)
{
    while (all->waiting != NULL &&
           all->hashing < all->server->settings.hashes) {
        struct err e = {0};
        struct attempt *a = all->waiting;
        all->waiting = a->next;
        if (all->waiting == NULL)
            all->last = &all->waiting;
        all->nwaiting--;
        if (start(a, &e))
            all->hashing++;
        else
            request_fail(a->request, &e);
    }
}

/* --- the loop's part --- */

static struct attempt *attempt_new(struct request *r)
{
    struct attempt *a = arena_alloc(r->arena, sizeof(*a));
    const struct conn *c = r->conn;
    r->state = a;
    a->request = r;
    conn_place(c, a->by_place, sizeof(a->by_place));
    a->ask = (struct account_ask){
        .lang_given = c->lang_given,
        .lang = (enum lang)c->lang,
        .timezone = json_str(r->params, "timezone", NULL),
        .client = c->client != NULL ? arena_strdup(r->arena, c->client) : NULL,
        .lifetime_ms = r->server->settings.session_ms};
    return a;
}

static bool may_try(struct sign_in *all, const struct attempt *a, struct err *e)
{
    int64_t now = (int64_t)clock_mono_ms();
    int64_t name = throttle_wait(all->throttle, a->by_name, now);
    int64_t place = throttle_wait(all->throttle, a->by_place, now);
    int64_t wait = name > place ? name : place;
    if (wait > 0) {
        err_set(e, ERR_rate_limited,
                _("Too many failed sign-ins. Wait %lld seconds."),
                (long long)((wait + 999) / 1000));
        err_data(e, "retry_after_ms", cJSON_CreateNumber((double)wait));
        return false;
    }
    if (all->nwaiting < WAITING_MOST)
        return true;
    err_set(e, ERR_unavailable, NULL);
    err_data(e, "retry_after_ms", cJSON_CreateNumber(1000));
    return false;
}

static bool check_password(struct db_conn *c, const char *name,
                           const char *secret, const struct account_ask *ask,
                           struct account *out, struct err *e)
{
    return account_login(c, name, secret, ask, out, e);
}

void session_login(struct request *r)
{
    struct sign_in *all = r->server->sign_in;
    struct attempt *a = attempt_new(r);
    struct err e = {0};
    a->check = check_password;
    a->hashes = true;
    a->name = json_str(r->params, "user", "");
    a->secret = json_str(r->params, "password", "");
    snprintf(a->by_name, sizeof(a->by_name), "user %s", a->name);
    if (!may_try(all, a, &e)) {
        request_fail(r, &e);
        return;
    }
    *all->last = a;
    all->last = &a->next;
    all->nwaiting++;
    start_next(all);
}

static bool check_peer(struct db_conn *c, const char *name, const char *secret,
                       const struct account_ask *ask, struct account *out,
                       struct err *e)
{
    (void)secret;
    return account_trusted(c, name, ask, out, e);
}

/* Who is at the other end, as the kernel says, and who that is here. */
static const char *mapped_peer(struct request *r, struct err *e)
{
    char name[64];
    if (!conn_peer(r->conn, name, sizeof(name))) {
        err_set(e, ERR_unauthenticated,
                _("Only the unix socket tells who is at its other end. Sign "
                  "in with a password."));
        return NULL;
    }
    const char *user = server_settings_peer(&r->server->settings, name);
    if (user == NULL)
        err_set(e, ERR_unauthenticated,
                _("The system's user \"%s\" stands for nobody here. Sign in "
                  "with a password."),
                name);
    return user;
}

void session_peer(struct request *r)
{
    struct attempt *a = attempt_new(r);
    struct err e = {0};
    const char *user = mapped_peer(r, &e);
    a->check = check_peer;
    a->name = user != NULL ? arena_strdup(r->arena, user) : NULL;
    if (user == NULL || !start(a, &e))
        request_fail(r, &e);
}

static bool check_token(struct db_conn *c, const char *name, const char *secret,
                        const struct account_ask *ask, struct account *out,
                        struct err *e)
{
    (void)name;
    return account_resume(c, secret, ask, out, e);
}

void session_resume(struct request *r)
{
    struct attempt *a = attempt_new(r);
    struct err e = {0};
    a->check = check_token;
    a->secret = json_str(r->params, "token", "");
    if (!start(a, &e))
        request_fail(r, &e);
}
