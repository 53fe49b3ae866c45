/* The table of steps. */
#include "schema/step.h"

#include "common/i18n.h"

#include <string.h>

static const struct step rows[] = {
#define STEP(entity, number, tab, label, help)                                 \
    {#entity, number, tab, label, help},
#include "schema/step.def"
#undef STEP
};

int step_count(const struct entity *e)
{
    int n = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].entity, e->id) == 0 && rows[i].number > n)
            n = rows[i].number;
    for (int i = 0; i < e->nfields; i++)
        n = e->fields[i].step > n ? e->fields[i].step : n;
    return n;
}

const struct step *step_find(const struct entity *e, int number)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].entity, e->id) == 0 && rows[i].number == number)
            return &rows[i];
    return NULL;
}

int step_of_child(const struct entity *parent, const struct entity *child)
{
    if (child->parent == NULL || strcmp(child->parent, parent->id) != 0 ||
        child->tab == TAB_NONE)
        return 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].entity, parent->id) == 0 &&
            rows[i].tab == child->tab)
            return rows[i].number;
    return 0;
}
