/* The column gate: what a person reads, writes, and may ask by. Every way out
 * of the database (lists, records, history, conflicts) passes it. */
#ifndef SERVER_DOMAIN_COLUMN_H
#define SERVER_DOMAIN_COLUMN_H

#include "schema/access.h"
#include "schema/type.h"

struct question;

/* On a row that is in view; `editable`: it is in the edit scope as well.
 * Records that are no business of customers (users, options …) are the
 * administrator's to read and to write. */
enum level column_level(const struct rights *r, const struct entity *e,
                        const struct field *f, bool editable);
/* Shown on some row at least, if only masked. */
bool column_is_readable(const struct rights *r, const struct entity *e,
                        const struct field *f);
/* Shown unmasked on every row in view: may be filtered, sorted, searched. */
bool column_is_askable(const struct rights *r, const struct entity *e,
                       const struct field *f);
/* True where what is shown depends on whether the row may be edited. */
bool column_varies(const struct rights *r, const struct entity *e,
                   const struct field *f);
/* Appends the value as JSON: in full, masked, or null. `value` is as it came
 * from the database, NULL for SQL NULL. */
void column_write(struct arena *a, const struct field *f, enum level level,
                  const char *value, size_t len, const struct names *names,
                  struct buf *out);

#endif
