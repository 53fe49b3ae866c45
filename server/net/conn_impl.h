/* Inside of the connections: what conn.c and conn_io.c share. */
#ifndef SERVER_NET_CONN_IMPL_H
#define SERVER_NET_CONN_IMPL_H

#include "server/net/conn.h"

/* Bytes that the client has not taken. */
size_t conn_unsent(const struct conn *c);
/* Gates the lines that are there and may begin; reads on where it may. */
void conn_process(struct conn *c);
/* Not to be written to any more. */
void conn_unqueue(struct conn *c);
/* One write for everybody who has something to get. */
void conns_flush(struct server *s);

#endif
