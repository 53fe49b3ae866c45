/* The way of a form's values to the daemon and what comes back. */
#include "tui/screen/saver.h"

#include "common/json.h"
#include "tui/screen/undo.h"
#include "tui/widget/cell.h"

struct saver {
    struct saver_options o;
    uint64_t call;
    cJSON *before; /* what `u` sets back */
};

/* After a conflict: where nothing of mine is left, theirs is what is shown. */
static void save_again(void *ctx)
{
    struct saver *s = ctx;
    if (form_dirty(s->o.form))
        saver_save(s);
    else
        s->o.idle(s->o.ctx, true);
}

void saver_tell(struct saver *s, const struct err *err)
{
    if (err->kind == ERR_conflict)
        form_conflict(s->o.form, err, save_again, s);
    else if (err->kind != ERR_invalid || !form_faults(s->o.form, err))
        app_error(s->o.app, err);
}

/* `u` sets the old values back, as long as nobody else has changed it. */
static void remember(struct saver *s, const cJSON *record)
{
    const struct entity *e = s->o.entity;
    const struct field *f = field_find(e, e->title);
    struct arena *a = arena_new();
    const char *name =
        cell_of(app_remote(s->o.app), f, a, json_get(record, f->id)).text;
    const char *words = arena_printf(a, _("Edit “%s”"), name);
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)json_int(record, "id", 0));
    cJSON_AddNumberToObject(params, "version",
                            (double)json_int(record, "version", 0));
    cJSON_AddItemToObject(params, "values", s->before);
    s->before = NULL;
    undo_push_call(words, arena_printf(a, "%s.update", e->id), params);
    arena_free(&a);
}

static void on_answer(void *ctx, const cJSON *result, const struct err *err)
{
    struct saver *s = ctx;
    s->call = 0;
    app_redraw(s->o.app);
    if (err) {
        if (!s->o.refused || s->o.refused(s->o.ctx, err))
            saver_tell(s, err);
        return;
    }
    const cJSON *record = json_get(result, "record");
    remember(s, record);
    app_message(s->o.app, MESSAGE_good, _("Saved."));
    s->o.saved(s->o.ctx, record);
}

void saver_save(struct saver *s)
{
    struct form *form = s->o.form;
    if (s->call || !form_editing(form) || !form_check(form))
        return;
    if (!form_dirty(form)) {
        app_message(s->o.app, MESSAGE_info, _("Nothing was changed."));
        s->o.idle(s->o.ctx, false);
        return;
    }
    cJSON *params = cJSON_CreateObject();
    cJSON *values = form_changes(form);
    char *method = x_asprintf("%s.update", s->o.entity->id);
    cJSON_AddNumberToObject(params, "id", (double)form_id(form));
    cJSON_AddNumberToObject(params, "version", (double)form_version(form));
    cJSON_AddItemToObject(params, "values", values);
    cJSON_Delete(s->before);
    s->before = form_originals(form);
    s->call = remote_call(app_remote(s->o.app), method, params, on_answer, s);
    x_free(&method);
    if (s->o.sent)
        s->o.sent(s->o.ctx, values);
}

bool saver_busy(const struct saver *s)
{
    return s->call != 0;
}

bool saver_stop(struct saver *s)
{
    if (!s->call)
        return false;
    remote_cancel(app_remote(s->o.app), s->call);
    s->call = 0;
    app_message(s->o.app, MESSAGE_info,
                _("Stopped. If it had been saved already, saving again will "
                  "tell."));
    return true;
}

struct saver *saver_new(const struct saver_options *o)
{
    struct saver *s = x_calloc(1, sizeof(*s));
    s->o = *o;
    return s;
}

void saver_free(struct saver **sp)
{
    struct saver *s = *sp;
    if (!s)
        return;
    remote_cancel(app_remote(s->o.app), s->call);
    cJSON_Delete(s->before);
    x_free(sp);
}
