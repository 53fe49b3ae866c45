/* Synthetic data to try the product with and to measure it by: an agency, its
 * people and believable customers. The same seed gives the same data. */
#ifndef SERVER_DOMAIN_DEMO_H
#define SERVER_DOMAIN_DEMO_H

#include "server/db/db.h"

struct demo_options {
    int64_t customers; /* with one to three contacts each */
    int users;         /* in all; 0 takes 200 */
    uint64_t seed;     /* 0 takes the usual one */
    /* The operating system's user who is to become a director with the
     * administrator's flag by session.peer; NULL: nobody. */
    const char *peer_user;
};

/* Fills a migrated database that holds no customer and no organisation yet,
 * with the rights of kehu_owner (indexes are made anew), and marks it as demo
 * data (state `demo`). Where the database is marked already nothing is
 * changed, so that it can be called at every start; anything else in there is
 * refused with ERR_conflict. One transaction: all or nothing. */
bool demo_run(struct db_conn *c, const struct demo_options *o,
              struct err *e) must_check;

#endif
