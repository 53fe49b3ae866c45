/* The settings of the client and the keys of every action, from their tables:
 * seen, changed, in force at once, kept in the user's file. */
#ifndef TUI_SCREEN_SETTINGS_SCREEN_H
#define TUI_SCREEN_SETTINGS_SCREEN_H

#include "tui/app/app.h"

void settings_screen_open(struct app *a);
/* A menu of the choices of one setting: each is in force while the cursor is
 * on it, the one chosen is kept, Esc goes back to what was. `then` (may be
 * NULL) is called after a choice. */
void choice_menu_open(struct app *a, const char *key, void (*then)(void *ctx),
                      void *ctx);

#endif
