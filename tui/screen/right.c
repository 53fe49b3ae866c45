/* Rights as far as the client knows them. */
#include "tui/screen/right.h"

#include "common/json.h"

bool right_to_create(const struct remote *r, const struct entity *e)
{
    return !(e->flags & (E_READONLY | E_NO_CREATE)) && remote_may(r, e->create);
}

bool right_to_edit(const struct remote *r, const struct entity *e)
{
    return !(e->flags & E_READONLY) && remote_may(r, e->edit);
}

bool right_to_remove(const struct remote *r, const struct entity *e)
{
    return !(e->flags & (E_READONLY | E_NO_DELETE)) && remote_may(r, e->remove);
}

static bool is_me(const struct remote *r, const cJSON *record, const char *id)
{
    const cJSON *ref = json_get(record, id);
    int64_t user;
    return cJSON_IsArray(ref) && json_is_int(ref->child, &user) &&
           user == remote_user_id(r);
}

bool right_in_customer(const struct remote *r, const char *action,
                       const cJSON *customer)
{
    static const int mine[] = {CUSTOMER_owner, CUSTOMER_project_manager,
                               CUSTOMER_optimizer};
    if (!action || !remote_may(r, action))
        return false;
    if (remote_scope(r, action) != SCOPE_OWN)
        return true;
    for (size_t i = 0; i < sizeof(mine) / sizeof(mine[0]); i++)
        if (is_me(r, customer, entity_customer.fields[mine[i]].id))
            return true;
    return false;
}

bool right_to_edit_record(const struct remote *r, const struct entity *e,
                          const cJSON *record)
{
    return right_to_edit(r, e) &&
           (e != &entity_customer || right_in_customer(r, e->edit, record));
}
