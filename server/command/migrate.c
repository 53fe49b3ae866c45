/* kehud migrate [--status]. */
#include "server/db/migrate.h"

#include "common/i18n.h"
#include "common/mem.h"
#include "server/command/database.h"

#include <stdio.h>

static bool show(struct db_conn *c, struct err *e)
{
    struct migrate_row *rows = NULL;
    int n;
    bool ok = migrate_list(c, &rows, &n, e);
    for (int i = 0; ok && i < n; i++)
        printf("%s  %s\n", rows[i].name,
               rows[i].applied ? rows[i].at : _("not applied"));
    x_free(&rows);
    return ok;
}

static bool apply(struct db_conn *c, struct err *e)
{
    int applied;
    if (!migrate_run(c, &applied, e))
        return false;
    if (applied == 0)
        printf("%s\n", _("The database is up to date."));
    else
        printf(_("%d migrations applied.\n"), applied);
    return true;
}

bool command_migrate(struct command_call *c, struct err *e)
{
    struct database d;
    if (!database_open(&d, &c->settings, e))
        return false;
    struct db_conn *conn = db_conn_open(d.owner_url, e);
    bool ok = conn != NULL && (c->status ? show(conn, e) : apply(conn, e));
    db_conn_close(&conn);
    database_close(&d);
    return ok;
}
