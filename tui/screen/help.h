/* What can be done here, three ways: `?` lists the keys, `.` the actions in a
 * menu, `:` finds any of them by its name. */
#ifndef TUI_SCREEN_HELP_H
#define TUI_SCREEN_HELP_H

#include "tui/app/app.h"

void help_open(struct app *a);
void action_menu_open(struct app *a);
void palette_open(struct app *a);

#endif
