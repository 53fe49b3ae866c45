/* Demo data on its way into the database. */
#ifndef SERVER_DOMAIN_DEMO_STORE_H
#define SERVER_DOMAIN_DEMO_STORE_H

#include "server/db/db.h"
#include "server/domain/demo_make.h"

/* What stands in the way of a bulk load: the indexes and foreign keys of
 * tables, as statements that make them anew. */
struct demo_keys {
    struct arena *arena;
    char **statements;
    int n;
};
/* Drops them; comma-separated names of tables. */
bool demo_keys_drop(struct db_conn *c, const char *tables, struct arena *a,
                    struct demo_keys *out, struct err *e) must_check;
/* Makes them again, which also checks every foreign key. */
bool demo_keys_restore(struct db_conn *c, const struct demo_keys *k,
                       void (*told)(int done, int of),
                       struct err *e) must_check;

/* Units, users and tags of the agency. */
bool demo_store_agency(struct db_conn *c, const struct demo_world *w,
                       struct err *e) must_check;
/* Customers and what belongs to them; `told` hears of how many customers the
 * rows have gone. */
bool demo_store_customers(struct db_conn *c, const struct demo_world *w,
                          int64_t customers,
                          void (*told)(const char *what, int64_t sent,
                                       int64_t of),
                          struct err *e) must_check;

#endif
