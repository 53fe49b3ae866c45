/* A month as a table of days, with a cursor and a chosen span. Knows no
 * screen but the one it is drawn on. */
#ifndef TUI_WIDGET_CALENDAR_H
#define TUI_WIDGET_CALENDAR_H

#include "tui/app/app.h"

enum { CALENDAR_LINES = 8, CALENDAR_CELLS = 20 };

struct calendar {
    int32_t cursor, today; /* days since 1970 */
    bool from_set, to_set;
    int32_t from, to; /* the chosen span, marked */
    struct rect at;   /* as last drawn */
};

/* Arrows by days and weeks, pages by months, first and last of the month. */
bool calendar_act(struct calendar *c, enum action_id a);
/* A press on a day puts the cursor there. */
bool calendar_mouse(struct calendar *c, const struct event *e);
void calendar_draw(struct calendar *c, struct term *t, int y, int x,
                   bool focused);

#endif
