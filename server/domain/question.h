/* The parameters of list and count, read and checked: what becomes a question
 * to the query builder. */
#ifndef SERVER_DOMAIN_QUESTION_H
#define SERVER_DOMAIN_QUESTION_H

#include "server/db/query.h"
#include "server/rpc/request.h"

#define PAGE_LIMIT     50
#define PAGE_LIMIT_MAX 500

/* Rights and trash alone, with every column the person may read: for one
 * record. */
bool question_read_record(struct request *r, struct question *q,
                          struct err *e) must_check;
/* Rights, filter, search and trash; no columns and no order. */
bool question_read(struct request *r, struct question *q,
                   struct err *e) must_check;
/* Adds columns and sort keys, each one checked against the rights. */
bool question_read_list(struct request *r, struct question *q,
                        struct err *e) must_check;
/* after, before, offset and limit; `around` is the list's own. */
bool question_read_page(struct request *r, const struct question *q,
                        struct page *p, struct err *e) must_check;
/* By which a cursor knows its question. */
uint64_t question_fingerprint(struct request *r, const struct question *q);

#endif
