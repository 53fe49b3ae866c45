/* meta.ping: is anybody there? */
#include "server/rpc/handlers.h"
#include "server/server.h"

void meta_ping(struct request *r)
{
    buf_str(&r->reply, db_is_up(r->server->db) ? "{\"database\":true}"
                                               : "{\"database\":false}");
    request_done(r);
}
