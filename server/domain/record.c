/* What the verbs of the record engine have in common: their refusals. */
#include "server/domain/record.h"

bool record_forbidden(const char *action, struct err *e)
{
    err_set(e, ERR_forbidden, NULL);
    err_data(e, "action", cJSON_CreateString(action ? action : "admin"));
    return false;
}

bool record_not_found(struct err *e)
{
    return err_set(e, ERR_not_found, NULL);
}
