/* Which database: the settings decide. */
#include "server/command/database.h"

#include "common/mem.h"

bool database_open(struct database *d, const struct settings *s, struct err *e)
{
    bool own = s->database_migrate_url[0] != '\0';
    *d = (struct database){.cluster = NULL};
    if (s->database_url[0] != '\0') {
        d->url = x_strdup(s->database_url);
        d->owner_url = x_strdup(own ? s->database_migrate_url : d->url);
        return true;
    }
    struct cluster_options o = {s->database_embedded, s->database_programs};
    d->cluster = cluster_open(&o, e);
    if (d->cluster == NULL)
        return false;
    d->url = x_strdup(cluster_conninfo(d->cluster));
    d->owner_url = x_strdup(cluster_owner_conninfo(d->cluster));
    return true;
}

void database_close(struct database *d)
{
    cluster_close(&d->cluster);
    x_free(&d->url);
    x_free(&d->owner_url);
}
