/* States that follow each other by a table: which may come next. */
#ifndef SCHEMA_FLOW_H
#define SCHEMA_FLOW_H

#include <stdbool.h>

struct flow_row {
    const char *list; /* option list of the state */
    const char *from, *to;
};
extern const struct flow_row flow_rows[];
extern const int flow_row_count;

/* True where the list has rows at all: then nothing else is allowed. */
bool flow_rules(const char *list);
bool flow_may(const char *list, const char *from, const char *to);

#endif
