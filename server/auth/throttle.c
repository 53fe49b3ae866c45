/* Failures by key in a table of fixed size, so that an attacker who invents
 * names fills nothing but it. A set of a few slots belongs to each hash; the
 * one that failed longest ago makes room. The hash is keyed at random, so
 * nobody can aim at a stranger's slots. */
#include "server/auth/throttle.h"

#include "common/mem.h"

#include <sodium.h>
#include <stddef.h>
#include <string.h>

enum { SETS = 1024, WAYS = 4 };
/* The first wait, the longest, and how long a failure is remembered. */
enum { FIRST_MS = 1000, LONGEST_MS = 60000, MEMORY_MS = 15 * 60000 };

struct slot {
    uint64_t hash; /* 0: free */
    int64_t last_ms, until_ms;
    int64_t failures;
};

struct throttle {
    unsigned char key[crypto_shorthash_KEYBYTES];
    struct slot slot[SETS][WAYS];
};

static uint64_t hash_of(const struct throttle *t, const char *key)
{
    uint64_t h;
    _Static_assert(crypto_shorthash_BYTES == sizeof(h), "size");
    crypto_shorthash((unsigned char *)&h, (const unsigned char *)key,
                     strlen(key), t->key);
    return h | 1;
}

static struct slot *find(struct throttle *t, uint64_t hash)
{
    struct slot *set = t->slot[hash >> 54];
    for (int i = 0; i < WAYS; i++)
        if (set[i].hash == hash)
            return &set[i];
    return NULL;
}

static struct slot *make_room(struct throttle *t, uint64_t hash)
{
    struct slot *set = t->slot[hash >> 54], *oldest = set;
    for (int i = 1; i < WAYS; i++)
        if (set[i].last_ms < oldest->last_ms)
            oldest = &set[i];
    *oldest = (struct slot){.hash = hash};
    return oldest;
}

struct throttle *throttle_new(void)
{
    struct throttle *t = x_calloc(1, sizeof(*t));
    crypto_shorthash_keygen(t->key);
    return t;
}

void throttle_free(struct throttle **t)
{
    x_free(t);
}

int64_t throttle_wait(struct throttle *t, const char *key, int64_t now_ms)
{
    const struct slot *s = find(t, hash_of(t, key));
    return s != NULL && s->until_ms > now_ms ? s->until_ms - now_ms : 0;
}

void throttle_failed(struct throttle *t, const char *key, int64_t free_failures,
                     int64_t now_ms)
{
    uint64_t hash = hash_of(t, key);
    struct slot *s = find(t, hash);
    if (s == NULL)
        s = make_room(t, hash);
    if (now_ms - s->last_ms > MEMORY_MS)
        s->failures = 0;
    s->last_ms = now_ms;
    s->failures++;
    int64_t over = s->failures - free_failures;
    int64_t wait = over < 0 ? 0 : FIRST_MS << (over < 6 ? over : 6);
    s->until_ms = now_ms + (wait < LONGEST_MS ? wait : LONGEST_MS);
}

void throttle_succeeded(struct throttle *t, const char *key)
{
    struct slot *s = find(t, hash_of(t, key));
    if (s != NULL)
        *s = (struct slot){.hash = 0};
}
