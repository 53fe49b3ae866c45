/* Records for tests of the daemon: customers made over the wire, values read
 * out of replies. */
#ifndef TESTS_SUPPORT_RECORD_H
#define TESTS_SUPPORT_RECORD_H

#include "tests/support/client.h"

/* The id of a person of the demo organisation. */
int64_t record_user(const struct daemon *d, const char *login);
/* Makes a customer of this name with one contact; `more` are further members
 * of values ("\"grade\":\"A\"") or "". Its id. */
int64_t record_customer(struct client *c, const char *name, const char *more);
/* The record as <entity>.get gives it; the caller owns it. */
cJSON *record_read(struct client *c, const char *entity, int64_t id);
/* The version of a record. */
int64_t record_version(struct client *c, const char *entity, int64_t id);
/* data.fields of an `invalid` error has this fault. */
bool record_has_fault(const cJSON *error, const char *field, const char *rule);
/* Fails the test where the text differs; NULL stands for null. */
void record_is(const cJSON *record, const char *field, const char *text);

#endif
