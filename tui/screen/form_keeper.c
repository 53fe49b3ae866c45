/* One form and its draft. */
#include "tui/screen/form_keeper.h"

#include "tui/screen/drafts.h"

#include <string.h>

static bool fill(void *ctx, struct draft *d)
{
    struct form_keeper *k = ctx;
    const struct field *title = field_find(k->entity, k->entity->title);
    const char *name = form_value(k->form, title);
    cJSON_Delete(d->form);
    d->form = form_editing(k->form) ? form_keep(k->form) : NULL;
    d->version = form_version(k->form);
    if (!d->named)
        draft_text(d, &d->name, name ? name : k->name ? k->name : "");
    return d->form != NULL;
}

static void start(struct form_keeper *k)
{
    struct remote *r = app_remote(k->app);
    struct draft d;
    draft_init(&d);
    draft_text(&d, &d.entity, k->entity->id);
    draft_text(&d, &d.server, remote_server(r));
    d.user = remote_user_id(r);
    d.record = k->record;
    d.parent = k->parent;
    k->keeper = keeper_new(k->app, &d, fill, k);
}

void form_keeper_touch(struct form_keeper *k, bool left)
{
    if (!form_editing(k->form))
        return;
    if (!k->keeper)
        start(k);
    keeper_touch(k->keeper);
    if (left)
        keeper_save(k->keeper, NULL);
}

void form_keeper_resume(struct form_keeper *k, struct draft *d)
{
    struct buf lost = BUF_INIT;
    bool older = strcmp(d->schema, schema_hash()) != 0;
    form_restore(k->form, d->form, d->version, &lost);
    draft_text(d, &d->schema, schema_hash());
    k->keeper = keeper_new(k->app, d, fill, k);
    keeper_touch(k->keeper);
    drafts_tell_loss(k->app, &lost, older);
    buf_free(&lost);
}

void form_keeper_save(struct form_keeper *k)
{
    if (k->keeper && keeper_is_kept(k->keeper))
        keeper_save(k->keeper, NULL);
}

void form_keeper_drop(struct form_keeper *k)
{
    if (k->keeper)
        keeper_drop(k->keeper);
    keeper_free(&k->keeper);
}

void form_keeper_end(struct form_keeper *k)
{
    keeper_free(&k->keeper);
}

const char *form_keeper_state(const struct form_keeper *k, struct arena *a)
{
    return k->keeper ? keeper_state(k->keeper, a) : "";
}
