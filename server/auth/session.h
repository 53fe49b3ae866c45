/* A sign-in that holds: what a connection keeps of it. Immutable and counted;
 * the count is touched on the loop only. */
#ifndef SERVER_AUTH_SESSION_H
#define SERVER_AUTH_SESSION_H

#include "common/i18n.h"

#include <stdbool.h>
#include <stdint.h>

#define TOKEN_LEN    44 /* 32 random bytes as base64url, and NUL */
#define TOKEN_HASH   65 /* their hash in hex, and NUL */
#define TIMEZONE_LEN 65

struct session {
    int refs;
    int64_t id; /* of its row in the table `session` */
    int64_t user_id;
    char hash[TOKEN_HASH];
    enum lang lang;
    char timezone[TIMEZONE_LEN]; /* "" where the client did not say */
    int64_t expires_us;          /* clock_now_us */
};

/* A copy with one reference. */
struct session *session_new(const struct session *from);
/* All but the count; from any thread. */
void session_copy(const struct session *from, struct session *to);
struct session *session_ref(struct session *s);
void session_unref(struct session **s);

void token_make(char token[TOKEN_LEN]);
/* False where it can not be a token. The token itself is never stored. */
bool token_hash(const char *token, char hash[TOKEN_HASH]);

#endif
