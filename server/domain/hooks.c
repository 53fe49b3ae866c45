/* The entities with rules of their own. */
#include "server/domain/hooks.h"

static const struct domain_hooks *const rows[] = {
    &customer_hooks, &contact_hooks,   &competitor_hooks,   &attention_hooks,
    &qa_hooks,       &follow_up_hooks, &user_hooks,         &org_unit_hooks,
    &option_hooks,   &tag_hooks,       &saved_filter_hooks, &preference_hooks};
static const struct domain_hooks none;

const struct domain_hooks *domain_hooks(const struct entity *e)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i]->entity == e)
            return rows[i];
    return &none;
}
