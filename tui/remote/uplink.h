/* One connection that comes back by itself: libuv sockets, lines in and out,
 * waiting longer after each failure. It knows nothing of what it carries. */
#ifndef TUI_REMOTE_UPLINK_H
#define TUI_REMOTE_UPLINK_H

#include "common/buf.h"
#include "tui/remote/wire.h"

#include <uv.h>

struct uplink;

/* All are called on the loop; none may free the uplink. */
struct uplink_events {
    void (*up)(void *ctx); /* connected: send the first lines now */
    void (*line)(void *ctx, const char *text, size_t len);
    void (*down)(void *ctx, const char *why); /* lost, or never came up; the
                                                 next try is on its way */
};

struct uplink *uplink_new(uv_loop_t *loop, const struct wire_url *url,
                          const struct uplink_events *events, void *ctx);
void uplink_free(struct uplink **u);
bool uplink_is_up(const struct uplink *u);
/* Sends what `b` holds and leaves it empty; dropped while not up. */
void uplink_send(struct uplink *u, struct buf *b);
/* The other end has proved itself: the next failure is retried at once. */
void uplink_is_good(struct uplink *u);
/* Ends this connection and tries again after the usual wait. */
void uplink_again(struct uplink *u, const char *why);
/* Ends this connection for good. */
void uplink_stop(struct uplink *u);
/* Milliseconds until the next try, -1 where none is due. */
int64_t uplink_retry_in_ms(const struct uplink *u);
/* How long to wait before try n (0, 1, 2 …): 100 ms doubling up to 5 s, of
 * which `random` (any number) takes up to a half away, so that many clients
 * do not come back at the same moment. */
uint64_t uplink_backoff_ms(unsigned n, uint32_t random);

#endif
