/* Questions about many records as SQL, by the list rules: keyset pages, steps
 * through the values of a choice, plans chosen by estimated size. */
#ifndef SERVER_DB_QUERY_H
#define SERVER_DB_QUERY_H

#include "schema/access.h"
#include "schema/filter.h"
#include "schema/search.h"
#include "server/db/sql.h"
#include "server/domain/cursor.h"

struct directory;
struct sight;

/* Checked already: declared names, rights to read, filter, sort, search. */
struct question {
    struct arena *arena;
    const struct entity *entity;
    const struct rights *rights;
    unsigned scopes; /* of the action that reads it: scope_of */
    const struct directory *names;
    bool trash;                  /* what was deleted, instead of what lives */
    const struct filter *filter; /* NULL: all */
    /* Quick search; needle NULL: none. digits of the needle are NULL where
     * phones must not be asked for. */
    const struct search_needle *needle;
    const struct field *const *search; /* fields, where no index exists */
    int nsearch;
    const char *people_field; /* reference that people stand in, or NULL */
    const int64_t *people;    /* users that the needle names */
    int npeople;
    const struct field *const *columns;
    int ncolumns;
    /* The columns are all of this, and made already; or NULL. */
    const struct sight *sight;
    struct sort_key sort[SORT_KEYS];
    int nsort;
    /* Tell for each row whether it lies in the scopes of the edit action too:
     * where that decides what is masked. */
    bool ask_editable;
    unsigned edit_scopes;
};

enum page_kind { PAGE_start, PAGE_end, PAGE_after, PAGE_before, PAGE_offset };

struct page {
    enum page_kind kind;
    struct cursor cursor; /* after, before */
    int64_t offset;
    int limit; /* one row more is asked for, to know whether there are more */
};

/* How a page is read. WALK: along the sort order, everything in the index or
 * left to the planner, complete. BOUNDED: along the order, at most
 * QUERY_WALK_MAX rows are looked at; fewer rows than asked for then mean
 * nothing. FETCH: all rows of scope × filter, sorted; complete. BRANCHES: the
 * ways into a scope one by one, the first along an index that holds it in
 * order, then merged; complete; for one sort key. */
enum query_mode { QUERY_walk, QUERY_bounded, QUERY_fetch, QUERY_branches };

#define QUERY_WALK_MAX 20000
#define QUERY_SORT_MAX 20000 /* rows that may be fetched and sorted */

/* Where each value of a result row stands. */
struct query_layout {
    const int *column; /* of question.columns */
    const int *name;   /* name beside a reference that no cache holds; -1 */
    int key[SORT_KEYS];
    int editable; /* 't' or 'f', or -1 */
};

/* At most so many rows match, by the statistics. */
int64_t query_estimate(const struct question *q);
enum query_mode query_choose(const struct question *q, const struct page *p);
/* True where the statement is worth preparing: its plan does not depend on
 * its values. */
bool query_is_shape(const struct question *q, enum query_mode mode);
/* True where the page comes backwards and has to be turned. */
bool query_is_backwards(const struct page *p);

/* limit + 1 rows at most: id, version, then what `out` says. */
void query_page(struct sql *s, const struct question *q, const struct page *p,
                enum query_mode mode, struct query_layout *out);
/* The one row with this id, if it belongs to the answer. */
void query_row(struct sql *s, const struct question *q, int64_t id,
               struct query_layout *out);
/* A row where any of these records belongs to the answer. */
void query_any(struct sql *s, const struct question *q, const int64_t *ids,
               int n);
/* count(*), and one row more for each value of each field of `split`: for
 * each of them the value and grouping() (0: this row is about it), then the
 * number. The row about none of them is the total. */
void query_count(struct sql *s, const struct question *q,
                 const struct field *const *split, int nsplit);

#endif
