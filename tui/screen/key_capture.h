/* Giving an action another key: the next key pressed, whatever it is. */
#ifndef TUI_SCREEN_KEY_CAPTURE_H
#define TUI_SCREEN_KEY_CAPTURE_H

#include "tui/app/app.h"

/* The key takes the place of the action's keys, or (`further`) stands beside
 * them; where another action has it, the user is asked. Esc leaves all as it
 * was. `then` is called after a change. */
void key_capture_open(struct app *a, enum action_id id, bool further,
                      void (*then)(void *ctx), void *ctx);

#endif
