/* Two people changed the same record (EDIT-02): before, theirs and mine side
 * by side, one key a field. */
#ifndef TUI_WIDGET_CONFLICT_H
#define TUI_WIDGET_CONFLICT_H

#include "tui/app/app.h"

enum conflict_pick { PICK_before, PICK_theirs, PICK_mine, PICKS };

/* One field; texts as people read them. */
struct conflict_row {
    const char *label;
    const char *text[PICKS];
    enum conflict_pick pick; /* where the dialog starts: mine */
};

/* `then` gets the pick of each row, in order; not called on Esc. */
typedef void conflict_fn(void *ctx, const enum conflict_pick *picks, int n);
void conflict_open(struct app *a, const struct conflict_row *rows, int n,
                   conflict_fn *then, void *ctx);

#endif
