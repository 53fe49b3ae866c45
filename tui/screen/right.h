/* May I do this to records of an entity? What the client knows decides what
 * is offered; the daemon decides what is done. */
#ifndef TUI_SCREEN_RIGHT_H
#define TUI_SCREEN_RIGHT_H

#include "schema/access.h"
#include "tui/remote/remote.h"

bool right_to_create(const struct remote *r, const struct entity *e);
bool right_to_edit(const struct remote *r, const struct entity *e);
bool right_to_remove(const struct remote *r, const struct entity *e);
/* The same for one customer: where my scope is `own`, it has to be mine. The
 * record as <entity>.get gives it; of a wider scope the client can not tell
 * more than the daemon's answer will. */
bool right_to_edit_record(const struct remote *r, const struct entity *e,
                          const cJSON *record);

#endif
