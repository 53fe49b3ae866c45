/* Calls that wait for their answer: the daemon as the command line sees it.
 * One connection, one call at a time. */
#ifndef TUI_REMOTE_CALLER_H
#define TUI_REMOTE_CALLER_H

#include "tui/remote/wire.h"

struct caller;

struct caller_options {
    const char *server;     /* unix:/path, tcp://127.0.0.1:port */
    const char *token_file; /* NULL: none is read or kept */
    enum lang lang;
    int timeout_ms; /* for each answer; 0: 30 s */
};

/* Connects and says hello. NULL with *e (unavailable: the daemon is away). */
struct caller *caller_open(const struct caller_options *o, struct err *e);
void caller_close(struct caller **c);
/* Sends one request (takes `params`) and waits. The caller owns the result
 * (cJSON_Delete); NULL with *e. Changing methods get a key where `params`
 * has none. */
cJSON *caller_call(struct caller *c, const char *method, cJSON *params,
                   struct err *e);
/* Takes up the kept session, else the one of the operating system's user
 * (unix sockets). Gives the daemon's answer (owned by the caller) or NULL
 * with *e, ERR_unauthenticated where a password is needed. */
cJSON *caller_resume(struct caller *c, struct err *e);
/* Signs in and keeps the token. */
cJSON *caller_login(struct caller *c, const char *user, const char *password,
                    struct err *e);
/* Ends the session and forgets the token. */
bool caller_logout(struct caller *c, struct err *e);

#endif
