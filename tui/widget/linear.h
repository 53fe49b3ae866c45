/* The linear mode, for screen readers (UX-12): what has the focus stands as
 * one text at a fixed place, the terminal's cursor at its start. */
#ifndef TUI_WIDGET_LINEAR_H
#define TUI_WIDGET_LINEAR_H

#include "tui/term/term.h"

/* Draws the text from the first line of `r` on, wrapped, with the cursor at
 * its start; returns the lines it took. */
int linear_put(struct term *t, struct rect r, const char *text);

#endif
