/* One value of a record as a cell of a list, a card or a header: the text, its
 * style, the sign that goes with a state. */
#ifndef TUI_WIDGET_CELL_H
#define TUI_WIDGET_CELL_H

#include "schema/type.h"
#include "tui/remote/remote.h"
#include "tui/term/term.h"

struct arena;

struct cell {
    const char *text; /* on one line, in the arena; "" where empty */
    enum style style;
};

/* `item` as the wire has it; NULL is empty. */
struct cell cell_of(struct remote *r, const struct field *f, struct arena *a,
                    const cJSON *item);
/* The names of references in a record are remembered, so that forms and
 * pickers can show them. `record` is an object by field id. */
void cell_learn(struct remote *r, const struct entity *e, const cJSON *record);
#define CELL_BADGES 3
/* The few fields that tell about a record at a glance, beside its title: in
 * headers and on cards. Returns how many. */
int cell_badges(const struct entity *e, const struct field *out[CELL_BADGES]);
/* "1,204,000" */
const char *cell_count(struct arena *a, int64_t n);

#endif
