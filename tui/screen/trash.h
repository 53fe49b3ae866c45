/* Deleting a record after a question; `u` brings it back. */
#ifndef TUI_SCREEN_TRASH_H
#define TUI_SCREEN_TRASH_H

#include "tui/app/app.h"

/* Asks, deletes, then calls `then` (unless `owner` is gone by then). `name`
 * is what people call the record. */
struct trash_item {
    struct screen *owner;
    const struct entity *entity;
    int64_t id, version;
    const char *name;
};
void trash_remove(const struct trash_item *item, void (*then)(void *ctx),
                  void *ctx);
/* A screen goes: nothing is called for it any more. */
void trash_forget(struct screen *owner);
/* Somebody else may sit here now. */
void trash_clear(void);

#endif
