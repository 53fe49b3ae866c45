/* What stands on the screen after signing in, and the lists the palette
 * offers. */
#ifndef TUI_SCREEN_START_H
#define TUI_SCREEN_START_H

#include "tui/app/app.h"

/* For app_options.start. */
void start_screens(struct app *a, void *ctx);

#endif
