/* A new record. Its key belongs to the values that were sent: sent again
 * after a time-out they make no second record, other values get another key.
 */
#include "tui/screen/create_screen.h"

#include "common/json.h"
#include "tui/remote/wire.h"
#include "tui/widget/form.h"

#include <string.h>

struct create_screen {
    struct screen screen;
    struct create_options o;
    struct form *form;
    uint64_t call;
    char *sent; /* the values sent last, as text */
    char key[WIRE_KEY_LEN];
};

static struct create_screen *self(struct screen *s)
{
    return (struct create_screen *)s;
}

static bool names_parent(const struct create_screen *cs, const struct field *f)
{
    const char *parent = cs->o.entity->parent;
    return cs->o.parent && parent && f->ref && strcmp(f->ref, parent) == 0;
}

/* An entity with a wizard asks for what its steps name, others for all that
 * can be written. */
static bool has_steps(const struct entity *e)
{
    for (int i = 0; i < e->nfields; i++)
        if (e->fields[i].step)
            return true;
    return false;
}

static bool take_field(void *ctx, const struct field *f)
{
    const struct create_screen *cs = ctx;
    if (f->flags & (F_HIDDEN | F_SECRET | F_READONLY))
        return false;
    return !names_parent(cs, f) && (f->step > 0 || !has_steps(cs->o.entity));
}

static void add_parent(const struct create_screen *cs, cJSON *values)
{
    const struct entity *e = cs->o.entity;
    for (int i = 0; i < e->nfields; i++)
        if (names_parent(cs, &e->fields[i]))
            cJSON_AddNumberToObject(values, e->fields[i].id,
                                    (double)cs->o.parent);
}

static void on_created(void *ctx, const cJSON *result, const struct err *err)
{
    struct create_screen *cs = ctx;
    struct app *app = cs->screen.app;
    cs->call = 0;
    app_redraw(app);
    if (err) {
        if (err->kind != ERR_invalid || !form_faults(cs->form, err))
            app_error(app, err);
        return;
    }
    struct create_options o = cs->o;
    int64_t id = json_int(json_get(result, "record"), "id", 0);
    app_pop(app, &cs->screen);
    app_message(app, MESSAGE_good, _("Added."));
    o.then(o.ctx, id);
}

static void choose_key(struct create_screen *cs, const cJSON *values)
{
    char *text = cJSON_PrintUnformatted(values);
    if (!cs->sent || strcmp(cs->sent, text) != 0)
        wire_key(cs->key);
    x_free(&cs->sent);
    cs->sent = x_strdup(text);
    cJSON_free(text);
}

static void save(struct create_screen *cs)
{
    if (cs->call || !form_check(cs->form))
        return;
    cJSON *values = form_changes(cs->form);
    cJSON *params = cJSON_CreateObject();
    char *method = x_asprintf("%s.create", cs->o.entity->id);
    add_parent(cs, values);
    choose_key(cs, values);
    cJSON_AddItemToObject(params, "values", values);
    cJSON_AddStringToObject(params, "key", cs->key);
    cs->call =
        remote_call(app_remote(cs->screen.app), method, params, on_created, cs);
    x_free(&method);
}

static bool act(struct screen *s, enum action_id a, const struct event *e)
{
    struct create_screen *cs = self(s);
    app_redraw(s->app);
    if (form_act(cs->form, a, e))
        return true;
    if (a == ACT_save) {
        save(cs);
        return true;
    }
    if (a == ACT_back && cs->call) {
        remote_cancel(app_remote(s->app), cs->call);
        cs->call = 0;
        app_message(s->app, MESSAGE_info,
                    _("Stopped. Saving again will not add it twice."));
        return true;
    }
    return false;
}

static void draw(struct screen *s, struct rect r)
{
    struct create_screen *cs = self(s);
    char *title = x_asprintf(_("New: %s"), _(cs->o.entity->label));
    struct rect in =
        app_frame(s->app, s, r, title, cs->call ? _("Saving …") : NULL, NULL);
    x_free(&title);
    form_draw(cs->form, in, app_top(s->app) == s);
}

static bool key(struct screen *s, const struct event *e)
{
    app_redraw(s->app);
    return form_key(self(s)->form, e);
}

static bool mouse(struct screen *s, const struct event *e)
{
    app_redraw(s->app);
    return form_mouse(self(s)->form, e);
}

static bool typing(struct screen *s)
{
    return form_typing(self(s)->form);
}

static const char *unsaved(struct screen *s)
{
    return form_dirty(self(s)->form) ? _("The new record") : NULL;
}

static void free_screen(struct screen *s)
{
    struct create_screen *cs = self(s);
    remote_cancel(app_remote(s->app), cs->call);
    form_free(&cs->form);
    x_free(&cs->sent);
}

static const struct screen_ops ops = {
    .name = "create",
    .place = PLACE_form,
    .draw = draw,
    .act = act,
    .key = key,
    .mouse = mouse,
    .typing = typing,
    .unsaved = unsaved,
    .free = free_screen,
};

void create_screen_open(struct app *a, const struct create_options *o)
{
    struct create_screen *cs = screen_new(a, &ops, sizeof(*cs));
    struct form_options f = {
        .entity = o->entity, .creating = true, .take = take_field, .ctx = cs};
    cs->o = *o;
    cs->form = form_new(&cs->screen, &f);
    form_load(cs->form, NULL);
    app_push(a, &cs->screen);
}
