/* What a field's value can do: a vtable a type. A value in memory is its
 * canonical text, the one PostgreSQL reads and writes ("2025-07-04",
 * "12345.60", "t", "{a,b}", "42"); NULL is empty. There is no switch over
 * types outside schema/type_*.c. */
#ifndef SCHEMA_TYPE_H
#define SCHEMA_TYPE_H

#include "common/buf.h"
#include "common/err.h"
#include "schema/field.h"

struct arena;

enum filter_op {
    OP_eq,
    OP_ne,
    OP_in,
    OP_not_in,
    OP_lt,
    OP_le,
    OP_gt,
    OP_ge,
    OP_between,
    OP_contains,
    OP_starts,
    OP_any,
    OP_all,
    OP_is_null,
    OPS
};
const char *op_name(enum filter_op op);
/* OPS where there is none. */
enum filter_op op_find(const char *name, size_t len);

/* Which widget edits it. */
enum editor {
    EDITOR_line,
    EDITOR_text, /* many lines, Markdown */
    EDITOR_date,
    EDITOR_choice,
    EDITOR_choices,
    EDITOR_bool,
    EDITOR_ref,
    EDITOR_number,
    EDITOR_none
};

/* Names behind codes and ids, given by the caller: the daemon from its
 * caches, the client from meta.describe and what came with rows. Either may
 * return NULL (unknown). */
struct names {
    const char *(*option)(void *ctx, const char *list, const char *code);
    const char *(*ref)(void *ctx, const char *entity, int64_t id);
    /* The inverse, for what people type; exact, folded. For a reference
     * `list` is the entity and the answer an id. NULL allowed. */
    const char *(*code)(void *ctx, const char *list, const char *text);
    void *ctx;
};

struct type {
    const char *name;      /* on the wire, in meta.describe */
    const char *json;      /* its JSON Schema type, for describe */
    const char *sql;       /* PostgreSQL type of its column */
    const char *empty;     /* how the column stores "nothing": "", "f", "{}";
                              NULL: as SQL NULL */
    const char *sort_twin; /* SQL sentinel of an empty value in the sorting
                              twin <id>_sort ("'-infinity'::date"), which
                              is never NULL and holds a list's first item;
                              NULL: the column itself sorts */
    const char *sort_sql;  /* type of what sorts: "date", "text" … */
    bool list;             /* canonical values are array literals */
    unsigned ops;          /* 1 << OP_… */
    enum editor editor;
    int align; /* 0 left, 1 right */
    /* What a person typed → canonical. Empty input gives NULL. */
    bool (*parse)(const struct field *f, struct arena *a, const char *input,
                  const struct names *names, const char **out, struct err *e);
    /* Canonical → what a person reads (never NULL). */
    const char *(*format)(const struct field *f, struct arena *a,
                          const char *value, const struct names *names);
    /* The rules of the row (length, range, form) on a canonical value that
     * is not empty. The message says how to mend it; data.rule is one of
     * validate.h's. */
    bool (*check)(const struct field *f, const char *value, struct err *e);
    /* Wire → canonical; a wrong JSON type is ERR_invalid in words. */
    bool (*from_json)(const struct field *f, struct arena *a, const cJSON *item,
                      const char **out, struct err *e);
    /* PostgreSQL text (len bytes, NUL-terminated) → the wire. A NULL value
     * is the caller's. `names` may be NULL: then a reference is its id. */
    void (*to_json)(const struct field *f, const char *value, size_t len,
                    const struct names *names, struct buf *out);
    /* What a person typed, or a word of period.h, as a span ("2025-01" is its
     * first and last day) as it is now in a time zone (NULL: that of this
     * process), for filters. NULL where a value is only itself. */
    bool (*period)(const struct field *f, struct arena *a, const char *zone,
                   const char *input, const char **low, const char **high);
    /* "138****5678"; never shows more than the class's rule allows. */
    const char *(*mask)(struct arena *a, const char *value);
};

/* schema/type_*.c, one file a family. */
extern const struct type type_text, type_longtext, type_phone, type_email,
    type_url, type_date, type_time, type_money, type_percent, type_integer,
    type_boolean, type_choice, type_choices, type_textlist, type_ref, type_refs,
    type_json, type_id, type_urls, type_internal;

extern const struct type *const schema_types[];
extern const int schema_type_count;

/* The host of a web address without "www.", in lower case; "" where there is
 * none. */
const char *url_host(struct arena *a, const char *url);

/* PostgreSQL array literals of text: "{a,\"b c\"}". */
char *list_join(struct arena *a, const char *const *items, size_t n);
/* False where `text` is no one-dimensional array of non-NULL elements. */
bool list_split(struct arena *a, const char *text, const char ***items,
                size_t *n);

#endif
