/* Following records: what is on a screen hears of it when somebody else
 * changes it (UX-10). One subscription for each kind of record, shared by all
 * who follow some; it is made again on every new connection. */
#ifndef TUI_REMOTE_FOLLOW_H
#define TUI_REMOTE_FOLLOW_H

#include "tui/remote/remote.h"

/* Records one follower may name; the rest is left out. */
#define FOLLOW_MAX 450

struct follow;

/* None may free a follow. */
struct follow_events {
    /* One of the records. `kind` as on the wire: updated, deleted, gone …;
     * version 0: none is left. */
    void (*changed)(void *ctx, int64_t id, int64_t version, const char *kind);
    /* Records that were not named changed; NULL: of no interest. */
    void (*others)(void *ctx);
    /* Too much happened at once: read anew. */
    void (*resync)(void *ctx);
    /* What follow_set asked for holds from now on; what was read before may
     * have changed until now. Also after a lost connection. */
    void (*begun)(void *ctx);
};

/* Names nothing yet. `on` and `ctx` outlive it. */
struct follow *follow_new(struct remote *r, const struct entity *e,
                          const struct follow_events *on, void *ctx);
void follow_free(struct follow **f);
/* Follows these from now on, asking anew even where they are the same.
 * `question` ({"filter","search"} of a list, or NULL) narrows `others`;
 * copies both. */
void follow_set(struct follow *f, const int64_t *ids, int n,
                const cJSON *question);

#endif
