/* Prepared statements by their text. 256 hashes lie next to each other, so a
 * look-up reads 2 KiB at most, which is less than any statement costs. */
#include "server/db/prepared.h"

#include "common/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct entry {
    char *sql;
    char name[PREPARED_NAME];
    uint64_t used;
};

struct prepared {
    uint64_t hash[PREPARED_MAX];
    struct entry at[PREPARED_MAX];
    int n;
    uint64_t uses;
    unsigned names; /* given out so far; a name is never used twice */
};

/* FNV-1a. The texts are our own, nobody outside can make them collide. */
static uint64_t hash_of(const char *sql)
{
    uint64_t h = 14695981039346656037u;
    for (; *sql != '\0'; sql++)
        h = (h ^ (unsigned char)*sql) * 1099511628211u;
    return h;
}

static int find(const struct prepared *p, const char *sql, uint64_t hash)
{
    for (int i = 0; i < p->n; i++)
        if (p->hash[i] == hash && strcmp(p->at[i].sql, sql) == 0)
            return i;
    return -1;
}

static int least_used(const struct prepared *p)
{
    int least = 0;
    for (int i = 1; i < p->n; i++)
        if (p->at[i].used < p->at[least].used)
            least = i;
    return least;
}

static void drop(struct prepared *p, int i)
{
    x_free(&p->at[i].sql);
    p->n--;
    p->at[i] = p->at[p->n];
    p->hash[i] = p->hash[p->n];
}

struct prepared *prepared_new(void)
{
    return x_calloc(1, sizeof(struct prepared));
}

void prepared_clear(struct prepared *p)
{
    while (p->n > 0)
        drop(p, p->n - 1);
}

void prepared_free(struct prepared **p)
{
    if (*p == NULL)
        return;
    prepared_clear(*p);
    x_free(p);
}

const char *prepared_name(struct prepared *p, const char *sql, bool *fresh,
                          char evicted[PREPARED_NAME])
{
    uint64_t hash = hash_of(sql);
    int i = find(p, sql, hash);
    evicted[0] = '\0';
    *fresh = i < 0;
    if (i < 0 && p->n == PREPARED_MAX) {
        int least = least_used(p);
        memcpy(evicted, p->at[least].name, PREPARED_NAME);
        drop(p, least);
    }
    if (i < 0) {
        i = p->n++;
        p->hash[i] = hash;
        p->at[i].sql = x_strdup(sql);
        snprintf(p->at[i].name, PREPARED_NAME, "q%u", ++p->names);
    }
    p->at[i].used = ++p->uses;
    return p->at[i].name;
}

void prepared_forget(struct prepared *p, const char *sql)
{
    int i = find(p, sql, hash_of(sql));
    if (i >= 0)
        drop(p, i);
}
