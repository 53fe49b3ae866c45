/* A list as a screen of its own: any entity, customers first. */
#ifndef TUI_SCREEN_LIST_SCREEN_H
#define TUI_SCREEN_LIST_SCREEN_H

#include "tui/widget/list.h"

struct list_screen_options {
    const struct entity *entity;
    int64_t parent;          /* of one record of the entity's parent; 0: all */
    const char *parent_name; /* for the title */
    bool trash;              /* what was deleted, to be brought back */
    const cJSON *state;      /* how it was left (list_state), or NULL */
};

/* The whole list of an entity. */
void list_screen_open(struct app *a, const struct entity *e);
void list_screen_show(struct app *a, const struct list_screen_options *o);
/* {"customer_id":{"eq":42}} by the child's field that names its parent, NULL
 * where it has none. x_free it. */
char *list_screen_parent_filter(const struct entity *child, int64_t parent);
/* As it was left: what its `state` gave. */
void list_screen_restore(struct app *a, const struct entity *e,
                         const cJSON *state);
/* The list of a screen that is one of this kind of record, else NULL. */
struct list *list_screen_list(struct screen *s, const struct entity *e);

#endif
