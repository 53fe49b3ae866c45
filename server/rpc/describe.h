/* The daemon serves its own tables: meta.hello, meta.describe and
 * rpc.discover (the handlers stand in handlers.h). */
#ifndef SERVER_RPC_DESCRIBE_H
#define SERVER_RPC_DESCRIBE_H

#include "common/buf.h"
#include "schema/access.h"

/* Raised only by a change of the wire that breaks clients. */
#define WIRE_NUMBER 1

/* {"scopes":{action:scope},"classes":{class:level}} */
void describe_rights(const struct rights *r, struct buf *out);

#endif
