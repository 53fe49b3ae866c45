/* Columns that are computed from others: of a customer the copy of its
 * primary contact and the key of its name, of any record what quick search
 * compares. One place for the hooks of the record engine and for bulk loads. */
#ifndef SERVER_DOMAIN_DERIVED_H
#define SERVER_DOMAIN_DERIVED_H

#include "schema/field.h"

struct arena;

/* Sets contact_person, contact_position, contact_phone, name_key, search_text,
 * search_phones and search_grams in `customer` (by customer_field, canonical).
 * `contacts` are rows by contact_field in order of rank; the primary one is
 * found by is_primary and given by its position, -1 where there is none. */
int derived_set(struct arena *a, const char **customer,
                const char *const *const *contacts, int n);
/* Sets search_text and search_grams of any other record that has them, out of
 * its searched fields; by pinyin too what names it. */
void derived_search(struct arena *a, const struct entity *e,
                    const char **values);

#endif
