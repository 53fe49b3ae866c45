/* The record engine: list, get, create, update, delete, restore, history and
 * reveal for every entity of the tables. The handlers of "<entity>.<verb>". */
#ifndef SERVER_DOMAIN_RECORD_H
#define SERVER_DOMAIN_RECORD_H

#include "server/rpc/request.h"

request_loop_fn record_list, record_count, record_get;
request_work_fn record_create, record_update, record_delete, record_restore,
    record_history, record_reveal, record_revert;

/* ERR_forbidden with data.action; false, as err_set. NULL: an administrator's
 * business. */
bool record_forbidden(const char *action, struct err *e);
/* The one wording for what is not there and for what is not one's own. */
bool record_not_found(struct err *e);

#endif
