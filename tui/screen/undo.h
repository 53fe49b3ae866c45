/* What `u` takes back: the last things done in this session that can be
 * undone, the newest first, for a day. Whoever changes something adds a step
 * with its words and the way back. */
#ifndef TUI_SCREEN_UNDO_H
#define TUI_SCREEN_UNDO_H

#include "tui/app/app.h"

struct undo_step {
    const char *words; /* what was done, translated: "Delete “x”" */
    /* The way back. The step stays until undo_drop(ctx), so that it can be
     * tried again where it did not work. */
    void (*run)(struct app *a, void *ctx);
    void (*drop)(void *ctx); /* frees ctx; may be NULL */
    void *ctx;
};

void undo_push(const struct undo_step *s);
/* A step that is one call of a changing method (takes `params`). Where the
 * record was changed since it says by whom, and gives the step up. */
void undo_push_call(const char *words, const char *method, cJSON *params);
/* This step is done with, or can not be undone any more. */
void undo_drop(const void *ctx);
bool undo_can(void);
/* Undoes the newest; says what it is. */
void undo_last(struct app *a);
/* Somebody else may sit here now. */
void undo_clear(void);

#endif
