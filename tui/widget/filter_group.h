/* The fields of a filter's form in groups, as the record's own screen has them;
 * those that are rarely asked by are folded. */
#ifndef TUI_WIDGET_FILTER_GROUP_H
#define TUI_WIDGET_FILTER_GROUP_H

#include "tui/app/app.h"

struct filter_group {
    const char *label; /* msgid; NULL: none */
    bool folded;
    int fields, used; /* of the form, and with a condition */
};

struct filter_groups {
    struct filter_group *group;
    int n;
    int *of; /* by field of the entity: its group; -1: not in the form */
};

/* In the arena. What this reader may not ask by is in no group. */
struct filter_groups
filter_groups_make(struct remote *r, const struct entity *e, struct arena *a);

#endif
