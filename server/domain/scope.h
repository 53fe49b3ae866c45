/* Which rows a person sees or changes: scope as SQL predicates. The same
 * rules in C are access_in_scope (schema/access.h). */
#ifndef SERVER_DOMAIN_SCOPE_H
#define SERVER_DOMAIN_SCOPE_H

#include "schema/access.h"
#include "server/db/sql.h"

struct directory;

/* The scopes in which an action may be done, a union over the person's roles:
 * 1 << SCOPE_…. `action` is an id, "*" (everybody) or NULL (administrators),
 * as entities have them. 0: not at all. */
unsigned scope_of(const struct rights *r, const char *action);

/* Appends a predicate in brackets: the row of `e` that stands in FROM (its
 * columns named with `prefix`, "" or "c.") is within the scopes, and what it
 * belongs to is not in the trash. Appends "true" where every row is. */
void scope_where(struct sql *s, const struct entity *e, const char *prefix,
                 const struct rights *r, unsigned set);
/* The same, never as a join: for rows whose order must be kept. */
void scope_where_each(struct sql *s, const struct entity *e, const char *prefix,
                      const struct rights *r, unsigned set);
/* False where scope_where says no more than "true". */
bool scope_narrows(const struct entity *e, const struct rights *r,
                   unsigned set);
/* True where the predicate compares with single values only, so that a
 * generic plan is a good plan. */
bool scope_is_single(const struct rights *r, unsigned set);
/* A scope over customers as disjoint branches, each a way in by one column
 * that leaves out what the ways before it let in. */
int scope_branches(unsigned set);
void scope_branch(struct sql *s, const struct rights *r, unsigned set, int at);
/* True where an index holds the branch in the order of `field`. */
bool scope_branch_is_sorted(unsigned set, int at, const char *field);
/* The indexes that are for this: (column, field, id); field NULL: just the
 * column. False past the last; for the drift test. */
bool scope_index(size_t i, const char **column, const char **field);
/* At most so many customers lie within (by the statistics). */
int64_t scope_rows(const struct directory *d, const struct rights *r,
                   unsigned set);

/* The columns of a customer that scope looks at, in the order of
 * scope_read_keys. */
extern const char *const scope_columns[];
#define SCOPE_COLUMNS 5
/* Reads them from a result where they stand `at`; lists in the arena. */
void scope_read_keys(struct arena *a, const PGresult *res, int row,
                     const int at[SCOPE_COLUMNS], struct scope_keys *out);

#endif
