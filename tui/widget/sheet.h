/* The ground of every dialog and menu: a sheet across the foot of the screen,
 * under a rule with its title; no box. */
#ifndef TUI_WIDGET_SHEET_H
#define TUI_WIDGET_SHEET_H

#include "tui/term/term.h"

/* Clears the place for `lines` lines (fewer where the screen is low) above
 * the footer, draws the rule and the title, gives what is inside. */
struct rect sheet_draw(struct term *t, struct rect screen, int lines,
                       const char *title);
/* A press above the sheet whose inside this is: it means to leave. */
bool sheet_missed(struct rect inside, const struct event *e);
/* Lines a sheet may have at most, and the cells inside. */
int sheet_lines_max(struct rect screen);
int sheet_width(struct rect screen);

#endif
