/* The one gate before all handlers: a request passes it or is answered with
 * what is wrong, and handlers hold only their work. */
#ifndef SERVER_RPC_GATE_H
#define SERVER_RPC_GATE_H

#include <stddef.h>

struct conn;

/* A line from a client. */
void gate_line(struct conn *c, const char *line, size_t len);

#endif
