/* The daemon as the client sees it: asynchronous calls over one connection
 * that comes back by itself, the session, and the tables it described. */
#ifndef TUI_REMOTE_REMOTE_H
#define TUI_REMOTE_REMOTE_H

#include "common/err.h"
#include "common/i18n.h"
#include "schema/type.h"

#include <uv.h>

struct remote;

enum remote_state {
    REMOTE_connecting,
    REMOTE_signed_out, /* connected; needs a password */
    REMOTE_ready,
    REMOTE_waiting, /* connection lost, next try is coming */
    REMOTE_refused  /* versions do not fit: see remote_reason */
};

struct remote_options {
    const char *server;     /* unix:/path, tcp://127.0.0.1:port */
    const char *token_file; /* kept 0600; NULL: none is kept */
    enum lang lang;
};

/* Called on the loop whenever the state changes. In REMOTE_ready my rights and
 * the option lists are known. */
typedef void remote_state_fn(void *ctx, enum remote_state s);
/* `result` belongs to the remote and is freed after the call; NULL where
 * `err` is set. Never called from inside remote_call. */
typedef void remote_reply_fn(void *ctx, const cJSON *result,
                             const struct err *err);
/* `total` is 0 where the daemon does not know it. */
typedef void remote_progress_fn(void *ctx, int64_t done, int64_t total);

/* A server text that can not be understood gives a remote in REMOTE_refused
 * whose reason says so. */
struct remote *remote_new(uv_loop_t *loop, const struct remote_options *o,
                          remote_state_fn *fn, void *ctx);
/* Unanswered calls are forgotten: their functions are not called. */
void remote_free(struct remote **r);
/* As it was told. */
const char *remote_server(const struct remote *r);
enum remote_state remote_state(const struct remote *r);
const char *remote_reason(const struct remote *r); /* words, translated */
int remote_rtt_ms(const struct remote *r);         /* -1 unknown */
/* Until the next try to connect; -1 where none is due. */
int64_t remote_retry_in_ms(const struct remote *r);
/* The language of the daemon's texts (session.set) from now on. */
void remote_set_lang(struct remote *r, enum lang lang);

/* Sends {"method","params"}; takes `params`. Returns a call for
 * remote_cancel. Reads are sent again after a lost connection; a changing
 * call carries a `key` made here and is sent again with the same one. A call
 * waits while there is no connection, and 30 s for its answer. */
uint64_t remote_call(struct remote *r, const char *method, cJSON *params,
                     remote_reply_fn *fn, void *ctx);
/* Tells how far a running call is, as the daemon reports it; a call that goes
 * on is not overdue. */
void remote_progress(struct remote *r, uint64_t call, remote_progress_fn *fn);
/* fn is not called any more; the daemon is told to stop. 0 and calls that
 * have been answered are harmless. */
void remote_cancel(struct remote *r, uint64_t call);
/* The daemon is told to stop, and fn still gets the answer: ERR_cancelled
 * with what had been done by then, or the result. False where nobody can be
 * told: the call has been answered, or there is no connection. */
bool remote_stop(struct remote *r, uint64_t call);
void remote_login(struct remote *r, const char *user, const char *password,
                  remote_reply_fn *fn, void *ctx);
/* Ends the session and forgets the token; other calls under way are
 * dropped with ERR_cancelled. `fn` may be NULL. */
void remote_logout(struct remote *r, remote_reply_fn *fn, void *ctx);

/* Who I am. */
int64_t remote_user_id(const struct remote *r);
const char *remote_user_name(const struct remote *r);
const char *remote_user_title(const struct remote *r); /* unit · name role */
bool remote_is_admin(const struct remote *r);
/* False where the daemon has not told my rights: nothing is known to be
 * allowed or hidden then. */
bool remote_has_rights(const struct remote *r);
/* The wider scope this action has for me: SCOPE_… of access.h. */
int remote_scope(const struct remote *r, const char *action);
/* May I, for at least some records? `right` as in schema/entity.def: an
 * action, "*" anybody signed in, NULL an administrator. */
bool remote_may(const struct remote *r, const char *right);
/* What I may do with a field: LEVEL_… of access.h. */
int remote_level(const struct remote *r, const struct field *f);
/* May I filter, sort and search by this field of an entity? */
bool remote_may_ask(const struct remote *r, const struct entity *e,
                    const struct field *f);
/* Labels of options and names of users, units, tags that have been seen in
 * records (remote_learn). */
struct names remote_names(const struct remote *r);
void remote_learn(struct remote *r, const char *entity, int64_t id,
                  const char *name);
/* The options of a list in display order; *n of them. */
struct remote_option {
    const char *code, *label, *parent;
};
const struct remote_option *remote_options(const struct remote *r,
                                           const char *list, int *n);

#endif
