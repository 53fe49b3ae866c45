/* Going on with what was not sent: the screen of drafts, the offers of them,
 * opening one (NEW-04). */
#ifndef TUI_SCREEN_DRAFTS_H
#define TUI_SCREEN_DRAFTS_H

#include "tui/draft/store.h"
#include "tui/screen/create_screen.h"

/* The drafts of this person at this daemon that nobody has open, last saved
 * first: of new records of an entity below `parent`, or, `e` NULL, all. Free
 * it with store_list_free. */
void drafts_find(struct app *a, const struct entity *e, int64_t parent,
                 struct store_list *out);
/* The one of an edit of this record; false: there is none. */
bool drafts_find_edit(struct app *a, const struct entity *e, int64_t record,
                      struct draft *out);

/* The screen of all of them. */
void drafts_open(struct app *a);
/* A quiet word at the start where there are some. */
void drafts_tell(struct app *a);
/* Goes on with the draft of this id. */
void drafts_continue(struct app *a, const char *id);
/* Drafts of such new records wait: asks whether to go on with one, calls
 * `anew` for a new one. False where there are none. */
bool drafts_offer(struct app *a, const struct create_options *o,
                  void (*anew)(struct app *a, const struct create_options *o,
                               struct draft *d));
/* "深圳艾维…, step 2 of 5, 3 min ago" */
const char *drafts_line(const struct draft *d, struct arena *a);
/* What a draft holds, a line a value; in the arena. */
const char *drafts_text(struct app *a, const struct draft *d,
                        struct arena *arena);
/* Tells what of a draft found no place; nothing where that is empty. */
void drafts_tell_loss(struct app *a, const struct buf *lost, bool older);

#endif
