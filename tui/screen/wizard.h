/* A new record in steps (NEW-01, NEW-02): titles, progress, back and forth
 * without loss, the records that go with it, a review, one record however
 * often it is sent. What was typed is kept as a draft all the time (NEW-04).
 */
#ifndef TUI_SCREEN_WIZARD_H
#define TUI_SCREEN_WIZARD_H

#include "tui/draft/draft.h"
#include "tui/screen/create_screen.h"

/* Takes what *d holds, a draft to go on with; NULL: a new one. */
void wizard_open(struct app *a, const struct create_options *o,
                 struct draft *d);

#endif
