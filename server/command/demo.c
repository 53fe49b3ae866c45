/* kehud demo [--customers N]: synthetic data for an empty database. */
#include "server/domain/demo.h"

#include "server/command/database.h"
#include "server/db/migrate.h"

enum { CUSTOMERS = 20000 };

bool command_demo(struct command_call *c, struct err *e)
{
    struct database d;
    int applied;
    const struct demo_options o = {.customers = c->customers >= 0 ? c->customers
                                                                  : CUSTOMERS,
                                   .users = (int)c->users,
                                   .seed = (uint64_t)c->seed,
                                   .peer_user = c->peer};
    if (!database_open(&d, &c->settings, e))
        return false;
    struct db_conn *conn = db_conn_open(d.owner_url, e);
    bool ok =
        conn != NULL && migrate_run(conn, &applied, e) && demo_run(conn, &o, e);
    db_conn_close(&conn);
    database_close(&d);
    return ok;
}
