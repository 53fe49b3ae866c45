/* A new record in one form, sent under one key: sent again after a time-out it
 * makes no second record. */
#include "tui/screen/create_screen.h"

#include "common/json.h"
#include "schema/step.h"
#include "tui/remote/wire.h"
#include "tui/screen/drafts.h"
#include "tui/screen/form_keeper.h"
#include "tui/screen/wizard.h"
#include "tui/widget/form.h"

#include <string.h>

struct create_screen {
    struct screen screen;
    struct create_options o;
    struct form *form;
    struct form_keeper draft;
    struct arena *scratch;
    uint64_t call;
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

static bool take_field(void *ctx, const struct field *f)
{
    const struct create_screen *cs = ctx;
    return !(f->flags & (F_HIDDEN | F_SECRET | F_READONLY)) &&
           !names_parent(cs, f);
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
    form_keeper_drop(&cs->draft);
    app_pop(app, &cs->screen);
    app_message(app, MESSAGE_good, _("Added."));
    o.then(o.ctx, id);
}

/* The draft's key, or one for the life of this screen: a refused save leaves
 * nothing behind, so that the key serves again, and one that went through
 * without an answer is found by it. */
static const char *key_of(struct create_screen *cs)
{
    if (cs->draft.keeper)
        return keeper_draft(cs->draft.keeper)->key;
    if (!cs->key[0])
        wire_key(cs->key);
    return cs->key;
}

static void save(struct create_screen *cs)
{
    if (cs->call || !form_check(cs->form))
        return;
    cJSON *values = form_changes(cs->form);
    cJSON *params = cJSON_CreateObject();
    char *method = x_asprintf("%s.create", cs->o.entity->id);
    add_parent(cs, values);
    cJSON_AddItemToObject(params, "values", values);
    cJSON_AddStringToObject(params, "key", key_of(cs));
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
    arena_reset(cs->scratch);
    const char *state =
        cs->call ? _("Saving …") : form_keeper_state(&cs->draft, cs->scratch);
    struct rect in = app_frame(s->app, s, r, title, state, NULL);
    x_free(&title);
    form_draw(cs->form, in, app_top(s->app) == s);
}

static bool key(struct screen *s, const struct event *e)
{
    app_redraw(s->app);
    if (!form_key(self(s)->form, e))
        return false;
    form_keeper_touch(&self(s)->draft, false);
    return true;
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

static void lost(struct screen *s)
{
    form_keeper_save(&self(s)->draft);
}

static void discard(struct screen *s)
{
    form_keeper_drop(&self(s)->draft);
}

static const char *unsaved(struct screen *s)
{
    return form_dirty(self(s)->form) ? _("The new record") : NULL;
}

static void free_screen(struct screen *s)
{
    struct create_screen *cs = self(s);
    remote_cancel(app_remote(s->app), cs->call);
    form_keeper_end(&cs->draft);
    form_free(&cs->form);
    arena_free(&cs->scratch);
}

static const struct screen_ops ops = {
    .name = "create",
    .place = PLACE_form,
    .draw = draw,
    .act = act,
    .key = key,
    .mouse = mouse,
    .typing = typing,
    .lost = lost,
    .discard = discard,
    .unsaved = unsaved,
    .free = free_screen,
};

static void left(void *ctx, const struct field *f)
{
    struct create_screen *cs = ctx;
    (void)f;
    form_keeper_touch(&cs->draft, true);
}

static void open_form(struct app *a, const struct create_options *o,
                      struct draft *d)
{
    struct create_screen *cs = screen_new(a, &ops, sizeof(*cs));
    struct form_options f = {.entity = o->entity,
                             .creating = true,
                             .take = take_field,
                             .left = left,
                             .ctx = cs};
    cs->o = *o;
    cs->scratch = arena_new();
    cs->form = form_new(&cs->screen, &f);
    form_load(cs->form, NULL);
    cs->draft = (struct form_keeper){
        .app = a, .form = cs->form, .entity = o->entity, .parent = o->parent};
    app_push(a, &cs->screen);
    if (d)
        form_keeper_resume(&cs->draft, d);
}

void create_screen_continue(struct app *a, const struct create_options *o,
                            struct draft *d)
{
    if (step_count(o->entity) > 0)
        wizard_open(a, o, d);
    else
        open_form(a, o, d);
}

void create_screen_open(struct app *a, const struct create_options *o)
{
    if (!drafts_offer(a, o, create_screen_continue))
        create_screen_continue(a, o, NULL);
}
