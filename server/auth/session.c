/* Sessions in memory, and their tokens: 32 random bytes, known to the client
 * alone; a reader of the database finds only hashes that open nothing. */
#include "server/auth/session.h"

#include "common/mem.h"

#include <sodium.h>
#include <stddef.h>
#include <string.h>

enum { TOKEN_BYTES = 32 };

void session_copy(const struct session *from, struct session *to)
{
    const size_t start = offsetof(struct session, id);
    memcpy((char *)to + start, (const char *)from + start, sizeof(*to) - start);
}

struct session *session_new(const struct session *from)
{
    struct session *s = x_calloc(1, sizeof(*s));
    session_copy(from, s);
    s->refs = 1;
    return s;
}

struct session *session_ref(struct session *s)
{
    if (s != NULL)
        s->refs++;
    return s;
}

void session_unref(struct session **s)
{
    if (*s != NULL && --(*s)->refs == 0)
        x_free(s);
    *s = NULL;
}

void token_make(char token[TOKEN_LEN])
{
    unsigned char bytes[TOKEN_BYTES];
    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2base64(token, TOKEN_LEN, bytes, sizeof(bytes),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof(bytes));
}

bool token_hash(const char *token, char hash[TOKEN_HASH])
{
    unsigned char bytes[TOKEN_BYTES], digest[TOKEN_BYTES];
    size_t len;
    const char *end;
    if (sodium_base642bin(bytes, sizeof(bytes), token, strlen(token), NULL,
                          &len, &end,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        *end != '\0' || len != sizeof(bytes))
        return false;
    crypto_generichash(digest, sizeof(digest), bytes, sizeof(bytes), NULL, 0);
    sodium_bin2hex(hash, TOKEN_HASH, digest, sizeof(digest));
    sodium_memzero(bytes, sizeof(bytes));
    return true;
}
