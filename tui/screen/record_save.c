/* Asking for a record and saving what was changed: with the version it was
 * read at, so that two editors never overwrite each other unseen (EDIT-02). */
#include "tui/screen/record_impl.h"

#include "common/json.h"
#include "tui/screen/undo.h"
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
    record_part_open(rs);
    app_redraw(rs->screen.app);
}

static void on_get(void *ctx, const cJSON *result, const struct err *err)
{
    struct record_screen *rs = ctx;
    rs->get_call = 0;
    x_free(&rs->failure);
    if (err) {
        rs->failure = x_strdup(err->message);
        app_redraw(rs->screen.app);
        return;
    }
    record_take(rs, json_get(result, "record"));
    if (rs->edit)
        record_start_edit(rs, false);
    rs->edit = false;
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

/* After a conflict: where nothing of mine is left, theirs is what is shown. */
static void save_again(void *ctx)
{
    struct record_screen *rs = ctx;
    if (form_dirty(rs->form)) {
        record_save(rs);
        return;
    }
    form_cancel(rs->form);
    record_get(rs);
    tell_list(rs);
}

static void on_refused(struct record_screen *rs, const struct err *err)
{
    if (err->kind == ERR_conflict) {
        form_conflict(rs->form, err, save_again, rs);
        return;
    }
    if (err->kind != ERR_invalid || !form_faults(rs->form, err))
        app_error(rs->screen.app, err);
}

/* `u` sets the old values back, as long as nobody else has changed it. */
static void remember(struct record_screen *rs, const cJSON *record)
{
    const struct field *f = field_find(rs->entity, rs->entity->title);
    const char *name =
        cell_of(record_remote(rs), f, rs->scratch, json_get(record, f->id))
            .text;
    char *words = x_asprintf(_("Edit “%s”"), name);
    char *method = x_asprintf("%s.update", rs->entity->id);
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)rs->id);
    cJSON_AddNumberToObject(params, "version",
                            (double)json_int(record, "version", 0));
    cJSON_AddItemToObject(params, "values", rs->before);
    rs->before = NULL;
    undo_push_call(words, method, params);
    x_free(&method);
    x_free(&words);
}

static void on_saved(void *ctx, const cJSON *result, const struct err *err)
{
    struct record_screen *rs = ctx;
    rs->save_call = 0;
    app_redraw(rs->screen.app);
    if (err) {
        on_refused(rs, err);
        return;
    }
    form_cancel(rs->form);
    remember(rs, json_get(result, "record"));
    record_take(rs, json_get(result, "record"));
    app_message(rs->screen.app, MESSAGE_good, _("Saved."));
    tell_list(rs);
}

void record_save(struct record_screen *rs)
{
    if (rs->save_call || !form_editing(rs->form) || !form_check(rs->form))
        return;
    if (!form_dirty(rs->form)) {
        form_cancel(rs->form);
        app_message(rs->screen.app, MESSAGE_info, _("Nothing was changed."));
        return;
    }
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)rs->id);
    cJSON_AddNumberToObject(params, "version", (double)form_version(rs->form));
    cJSON_AddItemToObject(params, "values", form_changes(rs->form));
    cJSON_Delete(rs->before);
    rs->before = form_originals(rs->form);
    rs->save_call = call(rs, "update", params, on_saved);
}

bool record_stop_save(struct record_screen *rs)
{
    if (!rs->save_call)
        return false;
    remote_cancel(record_remote(rs), rs->save_call);
    rs->save_call = 0;
    app_message(rs->screen.app, MESSAGE_info,
                _("Stopped. If it had been saved already, saving again will "
                  "tell."));
    return true;
}
