/* The filter language: one tree for the wire's JSON, saved filters, the
 * command line and the client's filter bar. */
#ifndef SCHEMA_FILTER_H
#define SCHEMA_FILTER_H

#include "schema/type.h"

#define FILTER_DEPTH      4
#define FILTER_CONDITIONS 64
#define FILTER_VALUES     500
#define SORT_KEYS         3

enum filter_kind { FILTER_COND, FILTER_AND, FILTER_OR };

struct filter {
    enum filter_kind kind;
    /* FILTER_COND; values are canonical, or words of period.h where the type
     * has spans. between: exactly 2, NULL is open. is_null: values[0] is "t"
     * or "f". */
    const struct field *field;
    enum filter_op op;
    const char **values;
    int nvalues;
    /* FILTER_AND, FILTER_OR */
    struct filter **child;
    int nchild;
};

struct sort_key {
    const struct field *field;
    bool desc;
};

/* The `filter` object of the wire (NULL or {} gives *out = NULL: all rows).
 * {"or":[{…},{…}]} and {"and":[…]} nest, FILTER_DEPTH deep.
 * Undeclared fields, operators a type lacks and bad values are
 * invalid_params with data.path. Rights are the caller's to check. */
bool filter_from_json(const struct entity *e, struct arena *a,
                      const cJSON *json, struct filter **out, struct err *err);
/* The inverse; the caller owns it. NULL gives {}. */
cJSON *filter_to_json(const struct filter *f);
/* The same with the days that its words mean now in a time zone (NULL: that of
 * this process): what has to be asked of a database. */
struct filter *filter_resolve(struct arena *a, struct filter *f,
                              const char *zone);
/* `grade=A,B`, `region:广东`, `start:2025-01..2025-06`, several joined by
 * blanks; a word without a field goes to *search. Field ids, and their
 * labels in either language, name a field. A quote or a backslash behind a
 * backslash is itself. The error names the word that is wrong and what would
 * be right; data.path is the field. */
bool filter_from_text(const struct entity *e, struct arena *a, const char *text,
                      const struct names *names, struct filter **out,
                      const char **search, struct err *err);
/* One condition as it is written behind the name of its field, with a sign or
 * without one: "2025-01..2025-06", ">= 5万". *out is NULL for an empty text. */
bool filter_from_value(const struct entity *e, struct arena *a,
                       const struct field *f, const char *text,
                       const struct names *names, struct filter **out,
                       struct err *err);
/* Does a word of the text have the form of a condition? */
bool filter_has_condition(const char *text);
/* The inverse, with the labels of the reader's language where filter_from_text
 * takes them back; NULL where a text can not say it (one of several conditions
 * on different fields). `f` and `search` may be NULL. */
const char *filter_to_text(const struct entity *e, struct arena *a,
                           const struct filter *f, const char *search,
                           const struct names *names);
/* A condition, or a branch of them, in the reader's words: "Grade A,B". Of a
 * list of values at most `most` are told, and how many more there are; 0: all
 * of them. */
const char *filter_say(struct arena *a, const struct filter *f,
                       const struct names *names, int most);
/* The same without the field's label. */
const char *filter_say_values(struct arena *a, const struct filter *f,
                              const struct names *names, int most);
/* The one field that a condition or a branch is about; NULL: several. */
const struct field *filter_about(const struct filter *f);
/* [["grade","asc"],["customer_name","desc"]] or "grade,-customer_name". */
bool sort_from_json(const struct entity *e, struct arena *a, const cJSON *json,
                    struct sort_key keys[SORT_KEYS], int *n, struct err *err);
bool sort_from_text(const struct entity *e, const char *text,
                    struct sort_key keys[SORT_KEYS], int *n, struct err *err);

#endif
