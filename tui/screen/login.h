/* The sign-in screen: name and password. */
#ifndef TUI_SCREEN_LOGIN_H
#define TUI_SCREEN_LOGIN_H

#include "tui/app/app.h"

/* Pushed by the application when the daemon wants a password; it goes by
 * itself once signed in. */
struct screen *login_screen(struct app *a);

#endif
