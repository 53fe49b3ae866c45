/* The inside of the history's screen, shared by history.c (its life, asking,
 * keys) and history_draw.c. */
#ifndef TUI_SCREEN_HISTORY_IMPL_H
#define TUI_SCREEN_HISTORY_IMPL_H

#include "tui/screen/history.h"
#include "tui/screen/history_diff.h"

/* Kept at most; a longer past is in the audit log. */
enum { HISTORY_VERSIONS = 2000 };

struct history {
    struct screen screen;
    struct history_options o;
    struct arena *scratch;

    cJSON *versions; /* array, newest first */
    const cJSON **row;
    int n;
    char *next; /* cursor of older ones; NULL: these are all */
    char *failure;
    uint64_t call, restore_call;
    int64_t restoring; /* the version being brought back */

    int cursor, top, height; /* of the rows */
    int detail_top;          /* lines of the detail scrolled away */
    int64_t marked;          /* the version compared with; 0: none */
    int rows_y, rows_w;      /* as drawn last */
};

const cJSON *history_current(const struct history *h);
/* The marked version where it can be compared with the one under the cursor,
 * NULL else; *newer and *older are the two of them in order. */
bool history_compared(const struct history *h, const cJSON **older,
                      const cJSON **newer);

/* history_draw.c */
void history_draw(struct screen *s, struct rect r);

#endif
