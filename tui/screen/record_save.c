/* Asking for a record and saving what was changed: with the version it was
 * read at, so that two editors never overwrite each other unseen (EDIT-02). */
#include "tui/screen/record_impl.h"

#include "common/json.h"
#include "tui/widget/cell.h"

static void replace_record(struct record_screen *rs, const cJSON *record)
{
    cJSON *fresh = cJSON_Duplicate(record, true);
    cJSON_Delete(rs->record);
    rs->record = fresh;
    cell_learn(record_remote(rs), rs->entity, fresh);
}

void record_take(struct record_screen *rs, const cJSON *record)
{
    replace_record(rs, record);
    form_load(rs->form, rs->record);
    record_live_follow(rs);
    record_part_open(rs);
    app_redraw(rs->screen.app);
}

static void on_get(void *ctx, const cJSON *result, const struct err *err)
{
    struct record_screen *rs = ctx;
    rs->get_call = 0;
    x_free(&rs->failure);
    bool gone =
        err && (err->kind == ERR_not_found || err->kind == ERR_forbidden);
    if (gone && rs->restored) {
        app_pop(rs->screen.app, &rs->screen);
        return;
    }
    rs->restored = rs->restored && err;
    if (err) {
        rs->failure = x_strdup(err->message);
        app_redraw(rs->screen.app);
        return;
    }
    record_take(rs, json_get(result, "record"));
    if (rs->edit)
        record_start_edit(rs, false);
    rs->edit = false;
    record_draft_offer(rs);
}

static uint64_t call(struct record_screen *rs, const char *verb, cJSON *params,
                     remote_reply_fn *fn)
{
    char *method = x_asprintf("%s.%s", rs->entity->id, verb);
    uint64_t id = remote_call(record_remote(rs), method, params, fn, rs);
    x_free(&method);
    return id;
}

void record_get(struct record_screen *rs)
{
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)rs->id);
    if (rs->as_of)
        cJSON_AddStringToObject(params, "as_of", rs->as_of);
    record_live_follow(rs);
    remote_cancel(record_remote(rs), rs->get_call);
    rs->get_call = call(rs, "get", params, on_get);
}

void record_start_edit(struct record_screen *rs, bool all)
{
    struct err err = {0};
    if (rs->record && !form_edit(rs->form, all, &err))
        app_error(rs->screen.app, &err);
    err_clear(&err);
}

static void tell_list(struct record_screen *rs)
{
    if (rs->from)
        list_reload(rs->from);
}

static void on_saved(void *ctx, const cJSON *record)
{
    struct record_screen *rs = ctx;
    form_cancel(rs->form);
    record_draft_drop(rs);
    record_take(rs, record);
    tell_list(rs);
}

/* Nothing of mine is left: theirs is what is shown. */
static void on_idle(void *ctx, bool theirs)
{
    struct record_screen *rs = ctx;
    form_cancel(rs->form);
    record_draft_drop(rs);
    if (!theirs)
        return;
    record_get(rs);
    tell_list(rs);
}

void record_save_open(struct record_screen *rs)
{
    struct saver_options o = {.app = rs->screen.app,
                              .entity = rs->entity,
                              .form = rs->form,
                              .saved = on_saved,
                              .idle = on_idle,
                              .ctx = rs};
    rs->saver = saver_new(&o);
}

void record_save(struct record_screen *rs)
{
    if (!rs->save_call)
        saver_save(rs->saver);
}

bool record_saving(const struct record_screen *rs)
{
    return rs->save_call || saver_busy(rs->saver);
}

bool record_stop_save(struct record_screen *rs)
{
    if (saver_stop(rs->saver))
        return true;
    if (!rs->save_call)
        return false;
    remote_cancel(record_remote(rs), rs->save_call);
    rs->save_call = 0;
    app_message(rs->screen.app, MESSAGE_info,
                _("Stopped. If it had been saved already, saving again will "
                  "tell."));
    return true;
}
