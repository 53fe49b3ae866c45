/* Bulk changes in tests: their answers, and the customers before and after. */
#ifndef TESTS_SUPPORT_BULK_H
#define TESTS_SUPPORT_BULK_H

#include "tests/support/client.h"

struct daemon;

/* A number of an answer, -1 where it is not there. */
int64_t bulk_number(const cJSON *reply, const char *name);
/* The record is among the failed ones, with this kind. */
void bulk_failed(const cJSON *reply, int64_t id, const char *kind);
/* The answer of the undo of what was answered, which has to succeed. */
cJSON *bulk_undone(struct client *c, const cJSON *done);
/* All that people see of the customers, but for versions and stamps; the
 * caller frees it. */
char *bulk_picture(const struct daemon *d);
/* Customers that are not in the trash; those whose last note has this text. */
int64_t bulk_matching(const struct daemon *d);
int64_t bulk_noted(const struct daemon *d, const char *text);

#endif
