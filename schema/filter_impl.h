/* What the parts of reading a filter from text share: words become tokens
 * (filter_text.c), tokens become conditions (filter_cond.c), what is wrong is
 * told with what would be right (filter_fault.c). */
#ifndef SCHEMA_FILTER_IMPL_H
#define SCHEMA_FILTER_IMPL_H

#include "schema/filter.h"

struct filter_reader {
    const struct entity *entity;
    struct arena *arena;
    const struct names *names;
    struct err *err;
    struct filter *all; /* FILTER_AND of what was read so far */
    struct buf search;  /* words that belong to no field */
    const char *word;   /* the one being read, as typed */
    int values;
};

/* Adds what a sign makes of a field and its values (n > 0) to r->all. */
typedef bool filter_read_fn(struct filter_reader *r, const struct field *f,
                            const char **pieces, size_t n);

/* The signs people write. `empty` is what one means with nothing behind it:
 * is_null true, is_null false, or NULL where that is not allowed. */
struct filter_sign {
    const char *text;
    filter_read_fn *read;
    const char *empty;
    enum filter_op op; /* what a type must have for it, or `other` of these */
    enum filter_op other;
};

/* The longest sign that `s` begins with, or NULL. */
const struct filter_sign *filter_sign_at(const char *s);
/* All signs, for those who list them; NULL past the last. */
const struct filter_sign *filter_sign(int i);
bool filter_read_empty(struct filter_reader *r, const struct field *f,
                       const struct filter_sign *sign);
/* Faults of the word being read; all return false. */
bool filter_no_field(struct filter_reader *r, const char *name);
bool filter_cannot(struct filter_reader *r, const struct field *f);
bool filter_no_value(struct filter_reader *r, const struct field *f,
                     const char *message);
/* A node with room for FILTER_CONDITIONS children. */
struct filter *filter_new_node(struct filter_reader *r, enum filter_kind kind);

#endif
