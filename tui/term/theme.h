/* Themes: how each style looks at each depth of colour, for tui/term alone. */
#ifndef TUI_TERM_THEME_H
#define TUI_TERM_THEME_H

#include "tui/term/term.h"

#include <curses.h>

/* What ncurses needs to draw a style. */
struct look {
    attr_t attr;
    short pair;
};

/* The theme's index, -1 where there is none of this name. */
int theme_find(const char *name);
const char *theme_name(int theme);
int theme_count(void);
/* Makes the colour pairs of a theme (on the current ncurses screen) and fills
 * `looks`. */
void theme_apply(int theme, enum depth depth, struct look looks[STYLES]);

#endif
