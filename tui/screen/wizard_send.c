/* The wizard and its draft: what is kept, taking it up again, and sending it
 * once however often it is sent. One key stands for the draft's whole life: a
 * refused submit leaves nothing behind, so the key serves again, and one that
 * went through without an answer is found by it. */
#include "tui/screen/wizard_impl.h"

#include "common/json.h"
#include "tui/screen/drafts.h"
#include "tui/widget/dialog.h"

#include <string.h>

static struct app *app_of(struct wizard *w)
{
    return w->screen.app;
}

/* --- the draft --- */

static bool has_content(const cJSON *row)
{
    return json_get(row, "values") || json_get(row, "typed");
}

static cJSON *keep_part(const struct wizard_part *p)
{
    cJSON *out = NULL;
    const cJSON *row;
    cJSON_ArrayForEach(row, p->list)
    {
        if (!has_content(row))
            continue;
        if (!out)
            out = cJSON_CreateArray();
        cJSON_AddItemToArray(out, cJSON_Duplicate(row, true));
    }
    return out;
}

bool send_fill(void *wizard, struct draft *d)
{
    struct wizard *w = wizard;
    const struct field *title = field_find(w->entity, w->entity->title);
    const char *name = form_value(w->form, title);
    cJSON_Delete(d->form);
    cJSON_Delete(d->children);
    d->form = form_keep(w->form);
    d->children = NULL;
    for (int i = 0; i < w->nparts; i++) {
        cJSON *rows = keep_part(&w->parts[i]);
        if (!rows)
            continue;
        if (!d->children)
            d->children = cJSON_CreateObject();
        cJSON_AddItemToObject(d->children, w->parts[i].entity->id, rows);
    }
    if (!d->named)
        draft_text(d, &d->name, name ? name : "");
    d->step = w->step;
    d->steps = w->steps;
    return d->form || d->children;
}

static void restore_part(struct wizard *w, const cJSON *rows, struct buf *lost)
{
    struct wizard_part *p = part_of_entity(w, rows->string);
    const cJSON *row;
    int n = 0;
    if (!p) {
        const struct entity *e = entity_find(rows->string);
        buf_printf(lost, "%s%s", lost->len ? ", " : "",
                   e ? _(e->plural) : rows->string);
        return;
    }
    cJSON_ArrayForEach(row, rows)
    {
        if (!cJSON_IsObject(row) || !has_content(row) || n++ == DRAFT_CHILDREN)
            continue;
        form_learn(app_of(w), row);
        cJSON_AddItemToArray(p->list, cJSON_Duplicate(row, true));
    }
}

static void call_daemon(struct wizard *w, cJSON *params);

static void send_again(void *ctx)
{
    struct wizard *w = ctx;
    const cJSON *sent = keeper_draft(w->keeper)->sent;
    if (sent)
        call_daemon(w, cJSON_Duplicate(sent, true));
}

/* It had been sent, and the answer never came: the same once more either
 * finds what was made or makes it now. */
static void ask_again(struct wizard *w)
{
    struct dialog_question q = {
        .title = _("Was it added?"),
        .text = _("This had been submitted, but the answer did not come "
                  "through. Submitting it again tells; it will not be added "
                  "twice."),
        .yes = _("Submit again")};
    dialog_confirm(app_of(w), &q, send_again, w);
}

void send_restore(struct wizard *w)
{
    struct draft *d = keeper_draft(w->keeper);
    struct buf lost = BUF_INIT;
    const cJSON *rows;
    form_restore(w->form, d->form, 0, &lost);
    cJSON_ArrayForEach(rows, d->children)
    {
        restore_part(w, rows, &lost);
    }
    for (int step = 1; step < d->step; step++)
        w->seen |= 1u << step;
    wizard_go(w, d->step);
    bool older = strcmp(d->schema, schema_hash()) != 0;
    draft_text(d, &d->schema, schema_hash());
    drafts_tell_loss(app_of(w), &lost, older);
    if (d->sent)
        ask_again(w);
    buf_free(&lost);
    keeper_touch(w->keeper); /* it is held by this process now */
}

/* --- sending --- */

static void on_added(struct wizard *w, const cJSON *result)
{
    struct create_options o = w->o;
    struct app *app = app_of(w);
    int64_t id = json_int(json_get(result, "record"), "id", 0);
    keeper_drop(w->keeper);
    app_pop(app, &w->screen);
    app_message(app, MESSAGE_good, _("Added."));
    o.then(o.ctx, id);
}

/* Nothing came of it for certain: it may be sent otherwise. */
static void forget_sent(struct wizard *w)
{
    struct draft *d = keeper_draft(w->keeper);
    cJSON_Delete(d->sent);
    d->sent = NULL;
    keeper_touch(w->keeper);
}

static void on_refused(struct wizard *w, const struct err *e)
{
    struct app *app = app_of(w);
    bool open = e->kind == ERR_timeout || e->kind == ERR_unavailable ||
                e->kind == ERR_cancelled || e->kind == ERR_internal;
    if (e->kind == ERR_invalid_params &&
        strcmp(json_str(e->data, "path", ""), "key") == 0) {
        dialog_tell(app, _("Added already"),
                    _("It was added when it was submitted first. What was "
                      "changed since then is still here; change it in the "
                      "record itself, and delete this draft."),
                    NULL, NULL);
        return;
    }
    if (!open)
        forget_sent(w);
    if (e->kind == ERR_invalid)
        check_take_faults(w, e);
    else
        app_error(app, e);
}

static void on_reply(void *ctx, const cJSON *result, const struct err *err)
{
    struct wizard *w = ctx;
    w->call = 0;
    app_redraw(app_of(w));
    if (err)
        on_refused(w, err);
    else
        on_added(w, result);
}

static void call_daemon(struct wizard *w, cJSON *params)
{
    char *method = x_asprintf("%s.create", w->entity->id);
    w->call = remote_call(app_remote(app_of(w)), method, params, on_reply, w);
    x_free(&method);
}

/* The draft with what is sent is on the disk first: a client that is killed
 * now knows afterwards what it did. */
static void on_kept(void *ctx)
{
    struct wizard *w = ctx;
    const cJSON *sent = keeper_draft(w->keeper)->sent;
    if (w->sending && sent)
        call_daemon(w, cJSON_Duplicate(sent, true));
    w->sending = false;
}

static void add_child(cJSON *list, struct wizard_part *p, int row)
{
    const cJSON *kept = cJSON_GetArrayItem(p->list, row);
    if (!has_content(kept))
        return;
    cJSON *values = cJSON_Duplicate(json_get(kept, "values"), true);
    if (!values)
        values = cJSON_CreateObject();
    if (part_is_primary(p, row))
        cJSON_AddTrueToObject(values, "is_primary");
    cJSON_AddItemToArray(list, values);
}

static cJSON *children(struct wizard *w)
{
    cJSON *out = cJSON_CreateObject();
    for (int i = 0; i < w->nparts; i++) {
        struct wizard_part *p = &w->parts[i];
        int n = cJSON_GetArraySize(p->list);
        if (n == 0)
            continue;
        cJSON *list = cJSON_AddArrayToObject(out, p->entity->id);
        for (int row = 0; row < n; row++)
            add_child(list, p, row);
    }
    return out;
}

void send_submit(struct wizard *w)
{
    struct draft *d = keeper_draft(w->keeper);
    cJSON *params = cJSON_CreateObject();
    for (int i = 0; i < w->nparts; i++)
        for (int row = 0; row < cJSON_GetArraySize(w->parts[i].list); row++)
            cJSON_DeleteItemFromObjectCaseSensitive(
                cJSON_GetArrayItem(w->parts[i].list, row), "fault");
    cJSON_AddItemToObject(params, "values", form_changes(w->form));
    cJSON_AddItemToObject(params, "children", children(w));
    cJSON_AddStringToObject(params, "key", d->key);
    cJSON_Delete(d->sent);
    d->sent = params;
    w->sending = true;
    keeper_touch(w->keeper);
    keeper_save(w->keeper, on_kept);
}

bool send_stop(struct wizard *w)
{
    if (!w->call && !w->sending)
        return false;
    remote_cancel(app_remote(app_of(w)), w->call);
    w->call = 0;
    w->sending = false;
    app_message(app_of(w), MESSAGE_info,
                _("Stopped. Submitting again will not add it twice."));
    return true;
}
