/* How many records match what is being chosen (LIST-05, LIST-07): asked 300 ms
 * after the last change, the old question cancelled; the number of before
 * stays, marked, until the new one is here. */
#ifndef TUI_WIDGET_MATCHES_H
#define TUI_WIDGET_MATCHES_H

#include "tui/app/app.h"

struct matches;

struct matches *matches_new(struct app *a, const struct entity *e);
void matches_free(struct matches **m); /* cancels */
/* <entity>.count of these parameters; takes them. */
void matches_ask(struct matches *m, cJSON *params);
int64_t matches_total(const struct matches *m); /* -1: not known yet */
/* Lines it can fill: the number, then a line a split field. */
int matches_lines(const struct matches *m);
void matches_draw(struct matches *m, struct rect r);

#endif
