/* The steps in which a record is made (NEW-01); rows of step.def. */
#ifndef SCHEMA_STEP_H
#define SCHEMA_STEP_H

#include "schema/field.h"

struct step {
    const char *entity;
    int number; /* from 1 */
    enum tab tab;
    const char *label, *help; /* msgids */
};

/* How many steps making a record of it takes; 0: it is made in one form. */
int step_count(const struct entity *e);
/* NULL where the table does not know the step. */
const struct step *step_find(const struct entity *e, int number);
/* The step that a child entity's records are given in; 0: none. */
int step_of_child(const struct entity *parent, const struct entity *child);

#endif
