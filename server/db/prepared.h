/* The statements prepared on one connection: text to name, the least recently
 * used one makes room. It talks to no database itself. */
#ifndef SERVER_DB_PREPARED_H
#define SERVER_DB_PREPARED_H

#include <stdbool.h>

#define PREPARED_MAX  256
#define PREPARED_NAME 16

struct prepared;

struct prepared *prepared_new(void);
void prepared_free(struct prepared **p);
/* The name of the statement with this text. *fresh: the caller has to prepare
 * it first; `evicted` is then the name to deallocate before, or "". The name
 * lives until its entry goes. */
const char *prepared_name(struct prepared *p, const char *sql, bool *fresh,
                          char evicted[PREPARED_NAME]);
/* Preparing failed, or the server does not know it any more. */
void prepared_forget(struct prepared *p, const char *sql);
/* The connection is a new one: it knows nothing. */
void prepared_clear(struct prepared *p);

#endif
