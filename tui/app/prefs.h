/* What the client keeps for its user on the daemon, so that it follows him to
 * another host: columns, searches, where he was. Read once after signing in,
 * written two seconds after the last change; the last writer wins. Without a
 * daemon everything works and nothing is kept. */
#ifndef TUI_APP_PREFS_H
#define TUI_APP_PREFS_H

#include "tui/remote/remote.h"

struct prefs;

struct prefs *prefs_new(uv_loop_t *loop);
/* What was not written is lost. The remote still stands. */
void prefs_free(struct prefs **p);
/* Forgets what it knows and asks for all; `then` once that is here, or will
 * not come. Waits like any call until somebody is signed in. */
void prefs_load(struct prefs *p, struct remote *r, void (*then)(void *ctx),
                void *ctx);
/* NULL: never set. An object or an array; lives until it is put anew. Both
 * take NULL for p (tests). */
const cJSON *prefs_get(const struct prefs *p, const char *key);
/* Takes `value`, an object or an array. The same again writes nothing. */
void prefs_put(struct prefs *p, const char *key, cJSON *value);
/* Sends now what waits to be sent. */
void prefs_flush(struct prefs *p);
/* The same, and runs the loop until it is written, for a second at most. */
void prefs_finish(struct prefs *p);

#endif
