/* Children of customers in tests: making, changing and finding them over the
 * wire, whatever kind they are. */
#ifndef TESTS_SUPPORT_CHILD_H
#define TESTS_SUPPORT_CHILD_H

#include "tests/support/record.h"

/* Makes one; `values` are members after customer_id ("\"way\":\"phone\"").
 * Its id. */
int64_t child_add(struct client *c, const char *entity, int64_t customer,
                  const char *values);
/* Refused: the error object; the caller owns it. */
cJSON *child_refused(struct client *c, const char *entity, int64_t customer,
                     const char *values);
/* Changes one at its present version; the record as it is then. */
cJSON *child_change(struct client *c, const char *entity, int64_t id,
                    const char *values);
/* The change is invalid and blames the field by the rule. */
void child_faults(struct client *c, const char *entity, int64_t id,
                  const char *values, const char *field, const char *rule);
/* How many the person finds by quick search; "" counts all he sees. */
int64_t child_found(struct client *c, const char *entity, const char *search);
/* True where a statement breaks this constraint, or SQLSTATE. */
bool child_breaks(const struct daemon *d, const char *constraint,
                  const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
