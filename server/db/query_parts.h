/* What the files of the query builder share. */
#ifndef SERVER_DB_QUERY_PARTS_H
#define SERVER_DB_QUERY_PARTS_H

#include "server/db/query.h"

/* True where the grams of a field's text are among the row's search_grams. */
bool query_is_searched(const struct field *f);
/* "search_grams @> … AND ", nothing for no grams. */
void query_grams(struct sql *s, const int32_t *grams, int n);
/* One condition tree, in brackets. */
void query_filter(struct sql *s, const struct filter *f);

/* " WHERE deleted_at IS NULL" or the like: what every index of the table
 * leaves out too. Always appends a WHERE. */
void query_live(struct sql *s, const struct question *q);
/* " AND …" for scope, filter and search. `by_index`: all rows that match are
 * wanted, in no order, and indexes may find them; else rows come along an
 * index in their order, and are looked at one by one. */
void query_rest(struct sql *s, const struct question *q, bool by_index);
/* The same without the scope. */
void query_wanted(struct sql *s, const struct question *q, bool by_index);
/* True where query_rest would append anything. */
bool query_has_rest(const struct question *q);

/* The distinct columns of the answer, joined by commas. */
struct query_columns {
    const char *list;
    int extras; /* values behind them, see query_wrap_open */
    struct query_layout layout;
};
void query_columns(const struct question *q, struct query_columns *out);
/* Wraps what is looked up row by row, after the limit, around a finished
 * statement: names of references, and whether the row may be edited. */
void query_wrap_open(struct sql *s, const struct question *q,
                     const struct query_columns *c);
void query_wrap_close(struct sql *s, const struct query_columns *c);

/* The values of a field in display order, empty first: what its sort order
 * means. NULL where the column sorts by itself. */
struct query_steps {
    const char *type; /* "text" or "bigint" */
    const char **values;
    int n;
};
const struct query_steps *query_steps(const struct question *q,
                                      const struct field *f);
int query_step_find(const struct query_steps *steps, const char *value);

/* One sort key as SQL. */
struct query_key {
    const struct field *field;
    const char *column;
    const struct query_steps *steps; /* or NULL */
    bool desc;
    const char *value; /* of the cursor, or NULL */
};
/* The keys of a question as a page walks them (turned where backwards);
 * *id_desc is the direction of the closing id. */
int query_keys(const struct question *q, const struct page *p,
               struct query_key keys[SORT_KEYS], bool *id_desc);
/* " ORDER BY keys[from] …, id"; steps are ranked where `rank_first` or when
 * they are not the first key. */
void query_order(struct sql *s, const struct query_key *keys, int n, int from,
                 bool id_desc);
/* "rank or column" of a key, for comparing and sorting. */
void query_key_add(struct sql *s, const struct query_key *k);
void query_key_value(struct sql *s, const struct query_key *k);

/* So many rows hold this value in this column, by the statistics. */
int64_t query_value_rows(const struct question *q, const char *column,
                         const char *value);

bool query_index_serves(const struct entity *e, const char *first,
                        const char *second);

#endif
