/* Many records changed at once (LIST-10, LIST-12, LIST-13): what is wanted, a
 * preview, the run with its progress, what failed, and the way back by `u`. */
#ifndef TUI_SCREEN_BULK_H
#define TUI_SCREEN_BULK_H

#include "tui/widget/list.h"

/* Is there something this user may do to many records of this kind? */
bool bulk_offered(const struct remote *r, const struct entity *e);
/* The menu of it, for what is selected in the list, or the row under its
 * cursor. While a change is under way: its progress. */
void bulk_open(struct screen *owner, const struct entity *e, struct list *l);
/* A list goes. */
void bulk_forget(const struct list *l);
/* Somebody else may sit here now. */
void bulk_clear(void);

#endif
