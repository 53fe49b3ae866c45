/* Quick edit: the common fields of a row in a sheet over its list (EDIT-01).
 * Saving closes the sheet and shows the new values in the row at once; what
 * the daemon refuses brings the old ones back, and the sheet with what was
 * typed (UX-04). */
#ifndef TUI_SCREEN_QUICK_H
#define TUI_SCREEN_QUICK_H

#include "tui/widget/list.h"

struct quicks;

/* Those of one list; `owner` is its screen, and outlives them. */
struct quicks *quicks_new(struct screen *owner, const struct entity *e,
                          struct list *list);
void quicks_free(struct quicks **q);
/* Opens the sheet for a record, which people call `name`. */
void quicks_edit(struct quicks *q, int64_t id, const char *name);
/* The owner is in front again: what was refused meanwhile can be shown. */
void quicks_resume(struct quicks *q);
/* Names what would be lost with the list (translated), or NULL. */
const char *quicks_unsaved(const struct quicks *q);

#endif
