/* A customer moves to another state of its life cycle: the one way there is,
 * for one customer and for many (LIFE-02, LIFE-04). */
#ifndef SERVER_DOMAIN_TRANSITION_H
#define SERVER_DOMAIN_TRANSITION_H

#include "schema/option.h"
#include "server/domain/change.h"

struct transition {
    enum life to;
    const char *reason;  /* checked by transition_reason */
    const cJSON *values; /* what else the new state asks for; or NULL */
    int64_t version;     /* that was seen; 0: whichever there is */
};

/* One customer inside a transaction under way: `c` comes from change_beside,
 * for the customer and CHANGE_update. Refuses with not_found, forbidden,
 * conflict, or invalid with all that the new state lacks. Nothing is written
 * unless it returns true. */
bool transition_run(struct change *c, int64_t id, const struct transition *t,
                    struct faults *f, struct err *e) must_check;
/* The move alone, set in a row that is read already; where it stands there
 * already there is none. */
bool transition_apply(struct change *c, enum life to, const char *reason,
                      struct faults *f, struct err *e) must_check;
/* The reason as it is stored; NULL and a fault of "reason" where it is none. */
const char *transition_reason(struct arena *a, const cJSON *item,
                              struct faults *f);

#endif
