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
    const char *server; /* unix:/path, tcp://127.0.0.1:port */
    const char *token_file; /* kept 0600; NULL: none is kept */
    enum lang lang;
};

/* Called on the loop whenever the state changes. */
typedef void remote_state_fn(void *ctx, enum remote_state s);
/* `result` belongs to the remote and is freed after the call; NULL where
 * `err` is set. */
typedef void remote_reply_fn(void *ctx, const cJSON *result,
                             const struct err *err);

struct remote *remote_new(uv_loop_t *loop, const struct remote_options *o,
                          remote_state_fn *fn, void *ctx);
void remote_free(struct remote **r);
enum remote_state remote_state(const struct remote *r);
const char *remote_reason(const struct remote *r); /* words, translated */
int remote_rtt_ms(const struct remote *r);         /* -1 unknown */
int64_t remote_retry_in_ms(const struct remote *r);

/* Sends {"method","params"}; takes `params`. Returns a call for
 * remote_cancel. Reads are sent again after a lost connection; a changing
 * call carries a `key` made here and is sent again with the same one. */
uint64_t remote_call(struct remote *r, const char *method, cJSON *params,
                     remote_reply_fn *fn, void *ctx);
/* fn is not called any more; the daemon is told to stop. */
void remote_cancel(struct remote *r, uint64_t call);
void remote_login(struct remote *r, const char *user, const char *password,
                  remote_reply_fn *fn, void *ctx);
void remote_logout(struct remote *r, remote_reply_fn *fn, void *ctx);

/* Who I am. */
int64_t remote_user_id(const struct remote *r);
const char *remote_user_name(const struct remote *r);
const char *remote_user_title(const struct remote *r); /* unit · name role */
/* The wider scope this action has for me: SCOPE_… of access.h. */
int remote_scope(const struct remote *r, const char *action);
/* What I may do with a field: LEVEL_… of access.h. */
int remote_level(const struct remote *r, const struct field *f);
/* Labels of options and names of users, units, tags. */
struct names remote_names(const struct remote *r);
/* The options of a list in display order; *n of them. */
struct remote_option {
    const char *code, *label, *parent;
};
const struct remote_option *remote_options(const struct remote *r,
                                           const char *list, int *n);

#endif
