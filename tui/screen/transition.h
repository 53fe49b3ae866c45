/* Moving a customer to another state of its life cycle by hand: only legal
 * next states are offered, a reason is asked, what is missing is named
 * (LIFE-02, LIFE-04). */
#ifndef TUI_SCREEN_TRANSITION_H
#define TUI_SCREEN_TRANSITION_H

#include "tui/app/app.h"

struct transition {
    struct screen *owner;
    int64_t id, version;
    const char *from; /* code of the state it is in */
    /* It has moved. Not called where `owner` is gone by then. */
    void (*then)(void *ctx);
    void *ctx;
};

void transition_open(const struct transition *t);
/* A screen goes: nothing is called for it any more. */
void transition_forget(struct screen *owner);

#endif
