/* What can be done with a row of any list beside opening, editing and
 * deleting it: copy it in several shapes, its site, the lists of what belongs
 * to it (LIST-09). */
#ifndef TUI_SCREEN_ROW_ACT_H
#define TUI_SCREEN_ROW_ACT_H

#include "tui/widget/list.h"

/* The row under the cursor of a list that is a screen. */
struct row_at {
    struct screen *owner;
    const struct entity *entity;
    struct list *list;
    const char *name; /* what people call it */
};

/* Is this one of them? */
bool row_acts(enum action_id a);
/* False also where the kind of record that it opens does not exist. */
bool row_can(const struct row_at *r, enum action_id a);
void row_act(const struct row_at *r, enum action_id a);
/* A screen goes: nothing is done for it any more. */
void row_forget(const struct screen *owner);

#endif
