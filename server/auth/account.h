/* Sign-in against the database: blocking, on a worker's connection. What
 * fails is `unauthenticated` in the same words whatever the reason. */
#ifndef SERVER_AUTH_ACCOUNT_H
#define SERVER_AUTH_ACCOUNT_H

#include "common/buf.h"
#include "server/auth/session.h"
#include "server/db/db.h"

/* What the client brings beside who it is. */
struct account_ask {
    bool lang_given;
    enum lang lang;
    const char *timezone; /* or NULL */
    const char *client;   /* its own words, or NULL */
    int64_t lifetime_ms;
};

/* A sign-in that worked. `user` is the JSON object of protocol.md. */
struct account {
    struct session session;
    char token[TOKEN_LEN];
    char name[64];
    struct buf user;
};

bool account_login(struct db_conn *c, const char *name, const char *password,
                   const struct account_ask *ask, struct account *out,
                   struct err *e) must_check;
/* Who the caller has proved already to be `name`. */
bool account_trusted(struct db_conn *c, const char *name,
                     const struct account_ask *ask, struct account *out,
                     struct err *e) must_check;
/* Takes up a session by its token and puts off its end. */
bool account_resume(struct db_conn *c, const char *token,
                    const struct account_ask *ask, struct account *out,
                    struct err *e) must_check;
/* The same for a session that is known (whoami). */
bool account_of_session(struct db_conn *c, const struct session *s,
                        struct account *out, struct err *e) must_check;
bool account_logout(struct db_conn *c, const struct session *s,
                    struct err *e) must_check;
/* Language and time zone of the session from now on. */
bool account_set(struct db_conn *c, const struct session *s,
                 struct err *e) must_check;
void account_free(struct account *a);

#endif
