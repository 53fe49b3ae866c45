/* The user's own editor for long texts (DET-02): $VISUAL, $EDITOR or vi on a
 * file of his alone, while the terminal is lent to it and the loop goes on. */
#ifndef TUI_APP_EXTERNAL_H
#define TUI_APP_EXTERNAL_H

#include "tui/app/app.h"

/* What came of it, cleaned; not called where the editor failed or was left
 * with an error, which the message line tells. */
typedef void external_fn(void *ctx, const char *text);

/* One at a time; false with a message where it can not be started. */
bool external_edit(struct app *a, const char *text, external_fn *fn, void *ctx);
/* The one who asked is gone: what comes back is dropped. */
void external_forget(const void *ctx);
/* The app ends: the editor goes with it. */
void external_stop(void);

#endif
