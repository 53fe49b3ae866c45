/* Hashing by libsodium. */
#include "server/auth/password.h"

#include "common/i18n.h"
#include "common/utf8.h"

#include <sodium.h>
#include <string.h>

enum { LEAST = 8, MOST = 128, PASSES = 2, MEMORY = 19 * 1024 * 1024 };

/* Of a random text that nobody kept: checking against it takes the time that
 * a real check takes. */
static const char nobody[PASSWORD_HASH] =
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA"
    "$Q29uc3RhbnQgdGltZSBmb3Igbm9ib2R5IGF0IGFsbC4";

bool password_check(const char *password, struct err *e)
{
    size_t len = strlen(password);
    if (!utf8_valid(password, len))
        return err_set(e, ERR_invalid, _("The password is not valid UTF-8."));
    if (len < LEAST || len > MOST)
        return err_set(e, ERR_invalid,
                       _("A password has %d to %d bytes; this one has %zu."),
                       LEAST, MOST, len);
    return true;
}

bool password_hash(const char *password, char out[PASSWORD_HASH], struct err *e)
{
    _Static_assert(PASSWORD_HASH >= crypto_pwhash_STRBYTES, "room");
    if (crypto_pwhash_str(out, password, strlen(password), PASSES, MEMORY) == 0)
        return true;
    return err_set(e, ERR_unavailable,
                   _("There is not enough memory to hash a password."));
}

bool password_verify(const char *hash, const char *password)
{
    char stored[PASSWORD_HASH] = "";
    bool real = hash != NULL && hash[0] != '\0';
    strncpy(stored, real ? hash : nobody, sizeof(stored) - 1);
    bool same =
        crypto_pwhash_str_verify(stored, password, strlen(password)) == 0;
    return real && same;
}
