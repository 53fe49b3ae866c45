/* kehud serve. */
#include "server/command/database.h"
#include "server/db/migrate.h"
#include "server/server.h"

/* The private cluster is ours to migrate. Another database is only looked at,
 * once it can be reached. */
static bool bring_up_to_date(const struct database *d, struct err *e)
{
    int applied;
    if (d->cluster == NULL)
        return true;
    struct db_conn *conn = db_conn_open(d->owner_url, e);
    bool ok = conn != NULL && migrate_run(conn, &applied, e);
    db_conn_close(&conn);
    return ok;
}

static bool reread(void *ctx, struct settings *out, struct err *e)
{
    return command_read_settings(ctx, out, e);
}

bool command_serve(struct command_call *c, struct err *e)
{
    struct database d;
    struct server_options o = {.reread = reread, .ctx = c};
    if (!database_open(&d, &c->settings, e))
        return false;
    o.settings = &c->settings;
    o.url = d.url;
    o.cluster = d.cluster;
    bool ok = bring_up_to_date(&d, e);
    database_release_signals();
    ok = ok && server_run(&o, e);
    database_close(&d);
    return ok;
}
