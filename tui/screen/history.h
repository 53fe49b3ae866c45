/* The history of a record and of what belongs to it: who changed what when,
 * any two versions compared, one seen as it was or brought back (EDIT-03). */
#ifndef TUI_SCREEN_HISTORY_H
#define TUI_SCREEN_HISTORY_H

#include "tui/app/app.h"

struct history_options {
    const struct entity *entity;
    int64_t id;
    const char *name; /* of the record, for the title */
    /* A version was brought back. Not called when `owner` is gone by then:
     * the history lies above it and goes first. May be NULL. */
    void (*changed)(void *ctx);
    void *ctx;
};

void history_open(struct app *a, const struct history_options *o);

#endif
