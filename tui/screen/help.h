/* What can be done here, three ways: `?` lists the keys, `.` the actions in a
 * menu, `:` finds any of them by its name. */
#ifndef TUI_SCREEN_HELP_H
#define TUI_SCREEN_HELP_H

#include "tui/app/app.h"

/* Does the action stand in the menu and in the palette, where it is possible?
 * The others are the keys that move, and the menu itself. */
bool action_offered(enum action_id id);
void help_open(struct app *a);
void action_menu_open(struct app *a);
void palette_open(struct app *a);

#endif
