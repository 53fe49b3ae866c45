/* What a person sees of one record: columns, levels, the SELECT list. Made
 * once for each combination of levels there is, then shared by all requests
 * and threads, since reading one record is what is asked for most. */
#ifndef SERVER_DOMAIN_SIGHT_H
#define SERVER_DOMAIN_SIGHT_H

#include "schema/access.h"
#include "server/db/query_parts.h"

struct sight {
    const struct sight *next;           /* of the same entity */
    uint64_t key;                       /* the levels it is for */
    const struct field *const *columns; /* all that may be read, in order */
    int ncolumns;
    bool varies; /* what is masked depends on the row's edit scope */
    const enum level *inside, *outside; /* by column, see column_level */
    const char *const *names;           /* by column: `,"field":` */
    struct query_columns query;
};

/* Never freed, never NULL. Thread-safe. */
const struct sight *sight_of(const struct rights *r, const struct entity *e);

#endif
