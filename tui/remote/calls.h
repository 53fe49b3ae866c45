/* The calls under way: what was asked, whether it has been sent on the
 * present connection, and whom to tell. */
#ifndef TUI_REMOTE_CALLS_H
#define TUI_REMOTE_CALLS_H

#include "tui/remote/remote.h"

struct call {
    struct call *next;
    uint64_t id;
    char *method;
    cJSON *params; /* may be NULL */
    remote_reply_fn *fn;
    remote_progress_fn *progress;
    void *ctx;
    uint64_t sent_at; /* clock_mono_ms; 0: not on this connection */
    bool own;         /* of the remote itself: dies with the connection */
    bool measures;    /* its answer tells the round trip */
    bool refused;     /* has been answered `unauthenticated` once */
};

/* In the order they were made; zero-initialise it. */
struct calls {
    struct call *first;
};

/* Takes `params`. */
struct call *call_add(struct calls *calls, uint64_t id, const char *method,
                      cJSON *params, remote_reply_fn *fn, void *ctx);
struct call *call_find(struct calls *calls, uint64_t id);
/* The first that was sent `age_ms` ago or earlier, or NULL. */
struct call *call_overdue(struct calls *calls, uint64_t now, uint64_t age_ms);
/* When the one sent first was sent, 0 where none is out. */
uint64_t call_oldest(const struct calls *calls);
/* Takes it out and frees it; its function is not called. */
void call_free(struct calls *calls, struct call *c);

#endif
