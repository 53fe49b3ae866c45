/* Records made together with the one they belong to, in its transaction:
 * {"children":{"competitor":[{…},…]}} of <entity>.create (NEW-01). */
#ifndef SERVER_DOMAIN_NEWBORN_H
#define SERVER_DOMAIN_NEWBORN_H

#include "server/domain/change.h"

#define NEWBORN_MAX 50 /* of one kind */

struct newborns {
    struct change *at;
    const char **place; /* "competitor[1]", for faults */
    int n;
};

/* Reads and checks them before anything is written, so that all faults are
 * told at once, each by its place ("competitor[1].website_url"). Those that
 * the hook of the parent makes itself are left to it. False where the kind
 * does not belong here or may not be added. */
bool newborn_read(struct change *c, struct newborns *out, struct faults *f,
                  struct err *e) must_check;
/* Once the parent's row is there. */
bool newborn_write(struct change *c, struct newborns *n,
                   struct err *e) must_check;
/* The list of one kind in the request, NULL. */
const cJSON *newborn_list(const struct change *c, const char *kind);
/* Adds faults under the name of their place. */
void newborn_faults(struct change *c, const struct faults *from,
                    const char *place, struct faults *to);

#endif
