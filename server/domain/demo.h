/* Synthetic data to try the product with and to measure it by: an agency, its
 * people and believable customers. The same seed gives the same data, with
 * dates counted back from today. */
#ifndef SERVER_DOMAIN_DEMO_H
#define SERVER_DOMAIN_DEMO_H

#include "server/db/db.h"

struct demo_options {
    int64_t customers; /* with one to three contacts each */
    int users;         /* in all; 0 takes 200, 20 is the least */
    uint64_t seed;     /* 0 takes the usual one */
    /* Login of one more user, with the director's role and the
     * administrator's flag: the operating system's user who tries the
     * product. NULL: none. */
    const char *peer_user;
};

/* Fills a migrated database that holds neither users nor customers, with the
 * rights of kehu_owner, and marks it as demo data (state `demo`). Where it is
 * marked already nothing is changed, so that it can be called at every start;
 * any other content is refused with ERR_conflict. One transaction: all or
 * nothing. */
bool demo_run(struct db_conn *c, const struct demo_options *o,
              struct err *e) must_check;

#endif
