/* One deletion at a time, and the way back from it for `u`. */
#include "tui/screen/trash.h"

#include "common/json.h"
#include "tui/screen/undo.h"
#include "tui/widget/dialog.h"

#include <stdio.h>

/* There is one user and one keyboard, hence one of these. */
static struct {
    struct app *app;
    struct screen *owner; /* NULL: nobody waits */
    void (*then)(void *ctx);
    void *ctx;
    struct trash_item item;
    char name[256]; /* of the record */
    uint64_t call;
} trash;

static void finish(void)
{
    void (*then)(void *ctx) = trash.owner ? trash.then : NULL;
    trash.owner = NULL;
    trash.call = 0;
    if (then)
        then(trash.ctx);
}

static cJSON *record_params(int64_t id, int64_t version)
{
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)id);
    cJSON_AddNumberToObject(params, "version", (double)version);
    return params;
}

/* True where `u` can bring it back. */
static bool remember(const cJSON *result)
{
    const struct trash_item *item = &trash.item;
    if (!(item->entity->flags & E_TRASH))
        return false;
    int64_t version =
        json_int(json_get(result, "record"), "version", item->version + 1);
    char *words = x_asprintf(_("Delete “%s”"), trash.name);
    char *method = x_asprintf("%s.restore", item->entity->id);
    undo_push_call(words, method, record_params(item->id, version));
    x_free(&words);
    x_free(&method);
    return true;
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
    if (remember(result))
        app_message(trash.app, MESSAGE_good, _("Deleted. %s brings it back."),
                    app_keys(trash.app, ACT_undo));
    else
        app_message(trash.app, MESSAGE_good, _("Deleted."));
    finish();
}

static void on_yes(void *ctx)
{
    (void)ctx;
    const struct trash_item *item = &trash.item;
    if (!trash.owner)
        return;
    char *method = x_asprintf("%s.delete", item->entity->id);
    trash.call =
        remote_call(app_remote(trash.app), method,
                    record_params(item->id, item->version), on_removed, NULL);
    x_free(&method);
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
    snprintf(trash.name, sizeof(trash.name), "%s", item->name);
    struct dialog_question q = {.title = _(item->entity->label),
                                .text = text,
                                .yes = _("Delete"),
                                .danger = true};
    dialog_confirm(trash.app, &q, on_yes, NULL);
}

void trash_forget(struct screen *owner)
{
    if (trash.owner == owner)
        trash.owner = NULL;
}

void trash_clear(void)
{
    trash.owner = NULL;
    trash.call = 0;
}
