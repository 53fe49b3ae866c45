/* Building one statement: SQL text from declared names only, values always
 * as parameters. */
#ifndef SERVER_DB_SQL_H
#define SERVER_DB_SQL_H

#include "common/buf.h"
#include "server/db/db.h"

struct arena;

struct sql {
    struct arena *arena;
    struct buf text;
    const char **values;
    const char **types; /* static text, as given to sql_value */
    int n, cap;
};

void sql_init(struct sql *s, struct arena *a);
/* Literal SQL, a name from the tables, formatted SQL (never user text). */
void sql_add(struct sql *s, const char *literal);
void sql_addf(struct sql *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Appends $n::type and keeps a copy of the value (NULL: SQL NULL). The same
 * value and type twice takes the same parameter. `type` must outlive s; with ""
 * the place it stands in decides. */
void sql_value(struct sql *s, const char *value, const char *type);
void sql_int(struct sql *s, int64_t value);
void sql_ints(struct sql *s, const int64_t *values, int n); /* bigint[] */
struct db_query sql_query(struct sql *s, bool prepare);
void sql_free(struct sql *s);

#endif
