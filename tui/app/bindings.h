/* Which key runs which action: the defaults of the action table, then the
 * user's own. */
#ifndef TUI_APP_BINDINGS_H
#define TUI_APP_BINDINGS_H

#include "common/buf.h"
#include "tui/app/app.h"

struct binding {
    struct event key;
    enum action_id action;
    const struct setting_pair *from; /* the user's row; NULL: a default */
};

struct bindings {
    struct binding *at;
    int n;
};

/* The user's rows replace the keys of the actions they name; a key of theirs
 * is taken from the default that had it. What does not fit (an unknown
 * action, no key, a key bound twice in one place) is told in `report`, a line
 * each with both places, and the first one stays. */
void bindings_make(struct bindings *b, const struct setting_pair *user,
                   struct buf *report);
void bindings_free(struct bindings *b);
/* ACT_NONE where the key does nothing in this place. */
enum action_id bindings_find(const struct bindings *b, enum place place,
                             const struct event *key);
/* The other action that this key runs in a place that it shares with `id`;
 * ACT_NONE. */
enum action_id bindings_clash(const struct bindings *b, enum action_id id,
                              const struct event *key);
/* Its keys as the settings name them, blank-separated, but for one (NULL: all
 * of them). Returns out. */
const char *bindings_names(const struct bindings *b, enum action_id id,
                           const struct event *without, char *out, size_t size);
bool bindings_can_bind(const struct event *key);
/* The keys of an action as people read them ("⏎", "^S", "PgDn"): the first,
 * or all, blank-separated; `t` says whether symbols may be drawn (NULL: not).
 * Returns out. */
const char *bindings_show(const struct bindings *b, enum action_id id,
                          const struct term *t, bool all, char *out,
                          size_t size);

#endif
