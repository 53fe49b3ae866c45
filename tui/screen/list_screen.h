/* A list as a screen of its own: any entity, customers first. */
#ifndef TUI_SCREEN_LIST_SCREEN_H
#define TUI_SCREEN_LIST_SCREEN_H

#include "tui/app/app.h"

void list_screen_open(struct app *a, const struct entity *e);

#endif
