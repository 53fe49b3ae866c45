/* What the families of types share among themselves. */
#ifndef SCHEMA_TYPE_IMPL_H
#define SCHEMA_TYPE_IMPL_H

#include "common/i18n.h"
#include "common/mem.h"
#include "schema/type.h"

#define BIT(op) (1u << OP_##op)
/* Sets of operators that several types have. */
#define OPS_SAME   (BIT(eq) | BIT(ne) | BIT(in) | BIT(not_in) | BIT(is_null))
#define OPS_RANGE  (BIT(lt) | BIT(le) | BIT(gt) | BIT(ge) | BIT(between))
#define OPS_SEARCH (BIT(contains) | BIT(starts))
#define OPS_LIST   (BIT(any) | BIT(all) | BIT(is_null))

/* ERR_invalid with data.rule, which must be a literal: it is not copied.
 * Returns false. */
bool type_fault(struct err *e, const char *rule, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* "expected": what the wire should have held. */
bool type_wrong_json(struct err *e, const char *expected);
/* True for a missing item and for null, which every field takes. */
bool type_json_null(const cJSON *item);

/* Text from outside as it is stored; *out is NULL where nothing is left.
 * False where it is not UTF-8. */
bool type_clean(struct arena *a, const char *input, bool multiline,
                const char **out, struct err *e);
/* A string of the wire, cleaned. */
bool type_json_text(struct arena *a, const cJSON *item, bool multiline,
                    const char **out, struct err *e);
/* Code points between min and max (0: no bound) of the row. */
bool type_check_length(const struct field *f, const char *value, struct err *e);
bool type_check_none(const struct field *f, const char *value, struct err *e);
const char *type_format_plain(const struct field *f, struct arena *a,
                              const char *value, const struct names *names);
void type_to_json_text(const struct field *f, const char *value, size_t len,
                       const struct names *names, struct buf *out);
const char *type_mask_all(struct arena *a, const char *value);
const char *type_mask_text(struct arena *a, const char *value);

/* A host name with a dot whose last label is no number, or an IPv4 address;
 * [s, end) of a longer text. */
bool type_is_host(const char *s, const char *end);
/* Nothing but digits, at most `max`. */
bool type_is_number(const char *s, const char *end, long max);
char *type_lower(char *s, size_t n); /* ASCII, in place */

/* Walks a canonical list; *at starts at the literal. The item, whose memory
 * is `scratch`, is NUL-terminated and valid until the next call. False at the
 * end, and with *at NULL where the literal is malformed. */
bool list_next(const char **at, struct buf *scratch, const char **item,
               size_t *len);
/* Splits what a person typed at commas, 、;and line ends, and at blanks where
 * asked; each piece trimmed, none empty, at most `max`. */
size_t list_pieces(struct arena *a, const char *input, bool blanks,
                   const char **out, size_t max);
/* Adds an item unless it is there. */
void list_add(const char **items, size_t *n, const char *item);
bool list_check_count(const struct field *f, size_t n, struct err *e);
/* Items as they are, joined for people; as a JSON array of strings. */
const char *list_format(const struct field *f, struct arena *a,
                        const char *value, const struct names *names);
void list_to_json(const struct field *f, const char *value, size_t len,
                  const struct names *names, struct buf *out);
/* Joins what `name` says of each item by the language's list separator. */
const char *list_format_by(struct arena *a, const char *value,
                           const char *(*name)(void *ctx, const char *item),
                           void *ctx);
/* A JSON array whose items are all strings → cleaned, distinct items. */
bool list_from_json(struct arena *a, const cJSON *item, const char ***items,
                    size_t *n, struct err *e);
/* The same as a type's from_json. */
bool list_texts_from_json(const struct field *f, struct arena *a,
                          const cJSON *item, const char **out, struct err *e);

#define LIST_MAX 500 /* items of a list from outside */

#endif
