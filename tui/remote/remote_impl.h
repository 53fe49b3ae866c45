/* The inside of a remote, shared by remote.c (calls, lines), signin.c (the
 * first messages on a connection) and follow.c (live changes). */
#ifndef TUI_REMOTE_REMOTE_IMPL_H
#define TUI_REMOTE_REMOTE_IMPL_H

#include "tui/remote/calls.h"
#include "tui/remote/known.h"
#include "tui/remote/token.h"
#include "tui/remote/uplink.h"

struct remote {
    uv_loop_t *loop;
    struct uplink *link; /* NULL where the server's URL is wrong */
    bool unix_socket;
    uv_timer_t *deadline; /* active only while an answer is awaited */
    enum remote_state state;
    remote_state_fn *fn;
    void *ctx;
    enum lang lang;
    char *token_file;
    char *server;
    char reason[512];
    struct calls calls;
    uint64_t last_id;
    struct known *known;
    struct follows *follows; /* follow.c */
    /* On this connection; what was known before holds on. */
    bool signed_in, described;
    int rtt_ms;
    uint64_t pinged_at;
    remote_reply_fn *login_fn; /* of remote_login under way */
    void *login_ctx;
};

/* A call of the remote itself: sent at once, whatever the state. */
struct call *remote_own_call(struct remote *r, const char *method,
                             cJSON *params, remote_reply_fn *fn);
/* Sends what has not been sent on this connection yet. */
void remote_flush(struct remote *r);
void remote_set_state(struct remote *r, enum remote_state s);
void remote_set_reason(struct remote *r, const char *why);

/* The connection stands: hello, the kept session or the operating system's
 * user, the tables, and what was waiting, all in one go. */
void signin_begin(struct remote *r);
/* The session has ended while we used it. */
void signin_lost(struct remote *r);

/* follow.c */
struct follows *follows_new(void);
void follows_free(struct follows **fs); /* nobody follows any more */
void follows_ready(struct remote *r);   /* signed in: subscribes (again) */
void follows_event(struct remote *r, const cJSON *params);

#endif
