/* May I do this to records of an entity? What the client knows decides what
 * is offered; the daemon decides what is done. */
#ifndef TUI_SCREEN_RIGHT_H
#define TUI_SCREEN_RIGHT_H

#include "schema/access.h"
#include "tui/remote/remote.h"

bool right_to_create(const struct remote *r, const struct entity *e);
bool right_to_edit(const struct remote *r, const struct entity *e);
bool right_to_remove(const struct remote *r, const struct entity *e);
/* An action on what belongs to a customer, given as <entity>.get has it: where
 * my scope is `own`, the customer has to be mine. */
bool right_in_customer(const struct remote *r, const char *action,
                       const cJSON *customer);
/* The same for one customer: where my scope is `own`, it has to be mine. The
 * record as <entity>.get gives it; of a wider scope the client can not tell
 * more than the daemon's answer will. */
bool right_to_edit_record(const struct remote *r, const struct entity *e,
                          const cJSON *record);

#endif
