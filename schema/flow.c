/* The table of states that follow each other. */
#include "schema/flow.h"

#include <stddef.h>
#include <string.h>

const struct flow_row flow_rows[] = {
#define FLOW(list, from, to) {#list, #from, #to},
#include "schema/flow.def"
#undef FLOW
};
const int flow_row_count = (int)(sizeof(flow_rows) / sizeof(flow_rows[0]));

bool flow_rules(const char *list)
{
    for (int i = 0; list != NULL && i < flow_row_count; i++)
        if (strcmp(flow_rows[i].list, list) == 0)
            return true;
    return false;
}

bool flow_may(const char *list, const char *from, const char *to)
{
    for (int i = 0; i < flow_row_count; i++)
        if (strcmp(flow_rows[i].list, list) == 0 &&
            strcmp(flow_rows[i].from, from) == 0 &&
            strcmp(flow_rows[i].to, to) == 0)
            return true;
    return false;
}
