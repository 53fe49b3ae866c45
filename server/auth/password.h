/* Passwords: argon2id, 19 MiB, two passes. Each check costs a processor some
 * 30 ms, so the callers bound how many run at once. */
#ifndef SERVER_AUTH_PASSWORD_H
#define SERVER_AUTH_PASSWORD_H

#include "common/err.h"

#define PASSWORD_HASH 128

/* Length 8 … 128 bytes of valid UTF-8. */
bool password_check(const char *password, struct err *e) must_check;
bool password_hash(const char *password, char out[PASSWORD_HASH],
                   struct err *e) must_check;
/* NULL or "" for `hash` (no such user, no password) takes as long and is
 * false. */
bool password_verify(const char *hash, const char *password);

#endif
