/* Cursors of list pages: where a page ended, as one opaque word. It gives no
 * more than a filter would: its values are checked at each use. */
#ifndef SERVER_DOMAIN_CURSOR_H
#define SERVER_DOMAIN_CURSOR_H

#include "schema/filter.h"

#include <stdint.h>

struct arena;

struct cursor {
    uint64_t question; /* fingerprint of entity, filter, search and sort */
    int n;             /* sort keys */
    const char *keys[SORT_KEYS]; /* values of the sort columns, never NULL */
    int64_t id;
};

/* FNV-1a over text with its closing NUL, so that "ab","c" is not "a","bc". */
uint64_t cursor_hash(uint64_t seed, const char *text);
#define CURSOR_SEED 1469598103934665603ULL

/* base64url in the arena. */
char *cursor_write(struct arena *a, const struct cursor *c);
/* False where `text` is no cursor at all. The values are checked against
 * `sort` (their columns' types); whether `question` fits is the caller's. */
bool cursor_read(struct arena *a, const char *text, const struct sort_key *sort,
                 int nsort, struct cursor *out);

#endif
