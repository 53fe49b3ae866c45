/* Where clients come in: the unix socket, and plain TCP on loopback. */
#ifndef SERVER_NET_LISTENER_H
#define SERVER_NET_LISTENER_H

#include "common/err.h"

struct listeners;
struct server;

/* Opens what the settings name; NULL with *e. */
struct listeners *listeners_open(struct server *s, struct err *e);
/* Takes no more clients; the memory goes by itself. */
void listeners_close(struct listeners **l);

#endif
