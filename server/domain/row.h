/* Result rows on their way to the wire, through the column gate. */
#ifndef SERVER_DOMAIN_ROW_H
#define SERVER_DOMAIN_ROW_H

#include "server/db/query.h"
#include "server/rpc/request.h"

struct row_writer {
    struct arena *arena;
    const struct question *question;
    const struct query_layout *layout;
    struct names names;
    const enum level *inside;  /* by column: where the row may be edited */
    const enum level *outside; /* where it may not */
};

/* `question` and `layout` must outlive it. */
void row_writer_init(struct row_writer *w, struct request *r,
                     const struct question *q,
                     const struct query_layout *layout);
/* [id,version,…] */
void row_write_array(const struct row_writer *w, const PGresult *res, int row,
                     struct buf *out);
/* {"id":…,"version":…,…}, of a question with a sight */
void row_write_object(const struct row_writer *w, const PGresult *res, int row,
                      struct buf *out);
/* The cursor of this row, in the arena. */
const char *row_cursor(const struct row_writer *w, const PGresult *res, int row,
                       uint64_t fingerprint);

#endif
