/* The contacts of a customer and what of them stands on the customer's own
 * row: shared by the hooks of both (DET-04). */
#ifndef SERVER_DOMAIN_CONTACTS_H
#define SERVER_DOMAIN_CONTACTS_H

#include "server/domain/change.h"

struct contacts {
    int n;
    int64_t *id;
    const char *const **row; /* n rows by contact_field, in order of rank */
    int primary;             /* position, -1: none */
};

/* All contacts of the customer as they are now in this transaction. */
bool contacts_load(struct change *c, int64_t customer, struct contacts *out,
                   struct err *e) must_check;
/* Position of a contact, -1 where it is not the customer's. */
int contacts_find(const struct contacts *all, int64_t id);
/* Sets what is computed from them in a customer's change (name key, search
 * columns, and for a new customer the copy of its primary contact). */
void contacts_derive(struct change *customer, const struct contacts *all);
/* Writes primary contact, its copy and the search columns to the customer's
 * row. Its version stays: an open form of it meets no conflict. */
bool contacts_refresh(struct change *c, int64_t customer,
                      struct err *e) must_check;

#endif
