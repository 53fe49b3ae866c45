/* Rows on their way into a table by COPY, made from the table of fields: the
 * columns, their order and the pinyin twins follow from it. */
#ifndef SERVER_DOMAIN_DEMO_COPY_H
#define SERVER_DOMAIN_DEMO_COPY_H

#include "common/buf.h"
#include "schema/field.h"

#include "server/db/db.h"

struct arena;

/* Appends one line of COPY text: canonical values by field index. */
void demo_copy_row(struct buf *out, struct arena *a, const struct entity *e,
                   int64_t id, const char *const *values);
/* Begins COPY … FROM STDIN of the entity's table; `frozen` where the table was
 * emptied in this transaction, so that no row has to be marked later on. */
bool demo_copy_begin(struct db_conn *c, const struct entity *e, bool frozen,
                     struct err *err) must_check;
bool demo_copy_send(struct db_conn *c, const struct buf *rows,
                    struct err *err) must_check;
/* Ends it, with *err where the database refused a row. */
bool demo_copy_end(struct db_conn *c, struct err *err) must_check;

/* COPY of n rows made by `make`, on a thread beside the one that sends, so
 * that making and storing take a core each. `make` appends row number `index`,
 * in an arena that is emptied after each; `told` (may be NULL) hears how many
 * have been sent. */
typedef void demo_make_fn(void *ctx, struct arena *a, struct buf *out,
                          int64_t index);
struct demo_bulk {
    const struct entity *entity;
    int64_t n;
    demo_make_fn *make;
    void (*told)(void *ctx, int64_t sent);
    void *ctx;
};
bool demo_copy_bulk(struct db_conn *c, const struct demo_bulk *b,
                    struct err *err) must_check;

#endif
