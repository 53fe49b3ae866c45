/* What lies between two versions of a record: pure data, taken from what
 * <entity>.history gives. */
#ifndef TUI_SCREEN_HISTORY_DIFF_H
#define TUI_SCREEN_HISTORY_DIFF_H

#include "schema/field.h"

#include <cjson/cJSON.h>

struct history_change {
    const struct field *field;
    const cJSON *from, *to; /* of the versions given; NULL: empty */
};

/* The changes of one version, in the order of the fields; at most `max` into
 * out. Returns how many. */
int history_changes(const cJSON *version, struct history_change *out, int max);
/* From the state after `older` to the state after `newer`, both of the same
 * record: what every version between them changed, folded; what came back to
 * what it was is left out. `versions` is newest first, as they arrive. */
int history_between(const cJSON *versions, const cJSON *older,
                    const cJSON *newer, struct history_change *out, int max);
/* Do both tell of the same record? */
bool history_same_record(const cJSON *a, const cJSON *b);

#endif
