/* What has lain in the trash for long goes for good (EDIT-04). */
#ifndef SERVER_JOB_TRASH_H
#define SERVER_JOB_TRASH_H

#include <stdbool.h>
#include <stdint.h>

struct db_conn;
struct err;

#define TRASH_BATCH 500 /* records of one kind that go at once */

/* Deletes what went to the trash longer ago than this, with what belongs to
 * it, and logs it; *more where there is more than went now. */
bool trash_purge(struct db_conn *c, int64_t keep_ms, bool *more, struct err *e);

#endif
