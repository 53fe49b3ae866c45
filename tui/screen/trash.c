/* One deletion at a time, and the memory of the last one for `u`. */
#include "tui/screen/trash.h"

#include "common/json.h"
#include "tui/widget/dialog.h"

#include <stdio.h>

/* There is one user and one keyboard, hence one of these. */
static struct {
    struct app *app;
    struct screen *owner; /* NULL: nobody waits */
    void (*then)(void *ctx);
    void *ctx;
    struct trash_item item;
    uint64_t call;
    /* What can be brought back. */
    const struct entity *entity;
    int64_t id, version;
} trash;

static void finish(void)
{
    void (*then)(void *ctx) = trash.owner ? trash.then : NULL;
    trash.owner = NULL;
    trash.call = 0;
    if (then)
        then(trash.ctx);
}

static void remember(const cJSON *result)
{
    const cJSON *record = json_get(result, "record");
    trash.entity = NULL;
    if (!(trash.item.entity->flags & E_TRASH))
        return;
    trash.entity = trash.item.entity;
    trash.id = trash.item.id;
    trash.version = json_int(record, "version", trash.item.version + 1);
}

static void on_removed(void *ctx, const cJSON *result, const struct err *err)
{
    (void)ctx;
    if (err) {
        trash.owner = NULL;
        trash.call = 0;
        app_error(trash.app, err);
        return;
    }
    remember(result);
    if (trash.entity)
        app_message(trash.app, MESSAGE_good, _("Deleted. %s brings it back."),
                    app_keys(trash.app, ACT_undo));
    else
        app_message(trash.app, MESSAGE_good, _("Deleted."));
    finish();
}

static void call(const char *verb, const struct entity *e, int64_t id,
                 int64_t version, remote_reply_fn *fn)
{
    cJSON *params = cJSON_CreateObject();
    char *method = x_asprintf("%s.%s", e->id, verb);
    cJSON_AddNumberToObject(params, "id", (double)id);
    cJSON_AddNumberToObject(params, "version", (double)version);
    trash.call = remote_call(app_remote(trash.app), method, params, fn, NULL);
    x_free(&method);
}

static void on_yes(void *ctx)
{
    (void)ctx;
    if (trash.owner)
        call("delete", trash.item.entity, trash.item.id, trash.item.version,
             on_removed);
}

void trash_remove(const struct trash_item *item, void (*then)(void *ctx),
                  void *ctx)
{
    char text[512];
    if (trash.call)
        return; /* one is under way */
    snprintf(text, sizeof(text), _("Delete “%s”?"), item->name);
    trash.app = item->owner->app;
    trash.owner = item->owner;
    trash.then = then;
    trash.ctx = ctx;
    trash.item = *item;
    trash.item.name = NULL;
    struct dialog_question q = {.title = _(item->entity->label),
                                .text = text,
                                .yes = _("Delete"),
                                .danger = true};
    dialog_confirm(trash.app, &q, on_yes, NULL);
}

bool trash_can_undo(void)
{
    return trash.entity != NULL && !trash.call;
}

static void on_restored(void *ctx, const cJSON *result, const struct err *err)
{
    (void)ctx, (void)result;
    if (err) {
        trash.owner = NULL;
        trash.call = 0;
        app_error(trash.app, err);
        return;
    }
    trash.entity = NULL;
    app_message(trash.app, MESSAGE_good, _("It is back."));
    finish();
}

void trash_undo(struct screen *owner, void (*then)(void *ctx), void *ctx)
{
    if (!trash_can_undo())
        return;
    trash.app = owner->app;
    trash.owner = owner;
    trash.then = then;
    trash.ctx = ctx;
    call("restore", trash.entity, trash.id, trash.version, on_restored);
}

void trash_forget(struct screen *owner)
{
    if (trash.owner == owner)
        trash.owner = NULL;
}

void trash_clear(void)
{
    trash.owner = NULL;
    trash.entity = NULL;
    trash.call = 0;
}
