/* A count split by the values of some fields, as the table says which (F_SPLIT,
 * LIST-07): what to ask for, and the answer in words. */
#ifndef TUI_WIDGET_SPLIT_H
#define TUI_WIDGET_SPLIT_H

#include "tui/app/app.h"

enum { SPLIT_MAX = 4 };

/* The fields that this user may have counted; how many. */
int split_fields(struct remote *r, const struct entity *e,
                 const struct field *out[SPLIT_MAX]);
/* Adds them to the parameters of <entity>.count, where there are any. */
void split_ask(struct remote *r, const struct entity *e, cJSON *params);
/* "A 120 · B 400" in the order of the options, from the `split` of the answer;
 * "" where it says nothing of the field. */
const char *split_words(struct app *a, struct arena *arena,
                        const struct field *f, const cJSON *split);

#endif
