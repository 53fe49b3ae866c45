/* What is to be changed in many records: a form of the fields that were
 * picked, made from the field table. */
#include "tui/screen/bulk_impl.h"

#include "common/json.h"
#include "schema/access.h"
#include "tui/widget/dialog.h"
#include "tui/widget/form.h"
#include "tui/widget/picker.h"

#include <string.h>

enum { REASON_MAX = 500 };

struct bulk_form {
    struct screen screen;
    struct bulk_request request;
    struct list *list;
    const struct entity *entity; /* of the form */
    struct form *form;
    bool *taken; /* by field */
};

static struct bulk_form *self(struct screen *s)
{
    return (struct bulk_form *)s;
}

/* --- the fields --- */

static bool take_field(void *ctx, const struct field *f)
{
    const struct bulk_form *bf = ctx;
    return bf->taken[field_index(bf->entity, f)];
}

static int field_level(void *ctx, const struct field *f)
{
    const struct bulk_form *bf = ctx;
    return bf->request.kind->form ? LEVEL_WRITE
                                  : remote_level(app_remote(bf->screen.app), f);
}

/* What has a procedure of its own needs the right to it. */
static bool may_change(const struct bulk_form *bf, const struct field *f)
{
    static const struct {
        unsigned flag;
        const char *right;
    } own[] = {{F_TRANSITION, "status.change"}, {F_PROPOSAL, "grade.propose"}};
    const struct remote *r = app_remote(bf->screen.app);
    if (!(f->flags & bf->request.kind->fields) ||
        remote_level(r, f) < LEVEL_WRITE)
        return false;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if ((f->flags & own[i].flag) && !remote_may(r, own[i].right))
            return false;
    return true;
}

static int taken_fields(const struct bulk_form *bf)
{
    int n = 0;
    for (int i = 0; i < bf->entity->nfields; i++)
        n += bf->taken[i];
    return n;
}

/* A new form does not begin with the values of a new record. */
static void empty_form(struct bulk_form *bf)
{
    form_load(bf->form, NULL);
    for (int i = 0; i < bf->entity->nfields; i++)
        form_set(bf->form, &bf->entity->fields[i], NULL);
}

/* Fields that have been picked stand in the form; the first new one has the
 * cursor, and where it is picked from a list, that is open. */
static void on_picked(void *ctx, const char *const *values,
                      const char *const *labels, int n)
{
    struct bulk_form *bf = ctx;
    const struct field *first = NULL;
    bool *before = x_calloc((size_t)bf->entity->nfields + 1, sizeof(*before));
    (void)labels;
    memcpy(before, bf->taken, (size_t)bf->entity->nfields * sizeof(*before));
    memset(bf->taken, 0, (size_t)bf->entity->nfields * sizeof(*before));
    for (int i = 0; i < n; i++) {
        const struct field *f = field_find(bf->entity, values[i]);
        bf->taken[field_index(bf->entity, f)] = true;
        if (!first && !before[field_index(bf->entity, f)])
            first = f;
    }
    x_free(&before);
    form_refilter(bf->form);
    form_edit(bf->form, true, NULL);
    if (first && form_go_to(bf->form, first))
        form_act(bf->form, ACT_open, NULL);
}

static void pick_fields(struct bulk_form *bf)
{
    enum lang other = i18n_lang() == LANG_zh ? LANG_en : LANG_zh;
    int n = 0, chosen = 0;
    size_t most = (size_t)bf->entity->nfields + 1;
    struct menu_item *items = x_calloc(most, sizeof(*items));
    const char **values = x_calloc(most, sizeof(*values));
    const char **labels = x_calloc(most, sizeof(*labels));
    for (int i = 0; i < bf->entity->nfields; i++) {
        const struct field *f = &bf->entity->fields[i];
        if (!may_change(bf, f))
            continue;
        items[n++] = (struct menu_item){.label = _(f->label),
                                        .help = _(f->help),
                                        .find = i18n_in(other, f->label),
                                        .value = f->id};
        if (bf->taken[i]) {
            values[chosen] = f->id;
            labels[chosen++] = _(f->label);
        }
    }
    struct picker_options o = {.title = _("Fields to change"),
                               .multi = true,
                               .items = items,
                               .nitems = n,
                               .values = values,
                               .labels = labels,
                               .nvalues = chosen};
    picker_open(bf->screen.app, &o, on_picked, bf);
    x_free(&items);
    x_free(&values);
    x_free(&labels);
}

/* --- going on --- */

/* "Industry → Furniture", a line each. */
static char *words_of(struct bulk_form *bf)
{
    struct buf out = BUF_INIT;
    for (int i = 0; i < bf->entity->nfields; i++) {
        const struct field *f = &bf->entity->fields[i];
        bool empty = form_value(bf->form, f) == NULL;
        if (!bf->taken[i] || (empty && bf->request.kind->form))
            continue;
        buf_printf(&out, "%s%s → %s", out.len ? "\n" : "", _(f->label),
                   empty ? _("(empty)") : form_shown(bf->form, f));
    }
    char *words = x_strdup(buf_text(&out));
    buf_free(&out);
    return words;
}

/* As the form has it; a field that was picked and left empty is emptied. */
static cJSON *values_of(struct bulk_form *bf)
{
    cJSON *values = form_changes(bf->form);
    for (int i = 0; i < bf->entity->nfields; i++) {
        const char *id = bf->entity->fields[i].id;
        if (bf->taken[i] && !bf->request.kind->form && !json_get(values, id))
            cJSON_AddNullToObject(values, id);
    }
    return values;
}

static bool needs_reason(const struct bulk_form *bf)
{
    for (int i = 0; i < bf->entity->nfields; i++)
        if (bf->taken[i] &&
            (bf->entity->fields[i].flags & (F_TRANSITION | F_PROPOSAL)))
            return true;
    return false;
}

static void preview(struct bulk_form *bf, const char *reason)
{
    struct bulk_request *r = &bf->request;
    x_free(&r->words);
    x_free(&r->reason);
    cJSON_Delete(r->values);
    r->values = values_of(bf);
    r->words = words_of(bf);
    r->reason = reason ? x_strdup(reason) : NULL;
    bulk_preview(bf->screen.app, bf->list, &bf->screen, r);
}

static bool is_reason(void *ctx, const char *text, struct err *e)
{
    (void)ctx;
    return text[strspn(text, " ")] != '\0' ||
           err_set(e, ERR_invalid,
                   _("Say why; it is kept in the history of each record."));
}

static void on_reason(void *ctx, const char *text)
{
    preview(ctx, text);
}

static void act_preview(struct bulk_form *bf)
{
    struct app *a = bf->screen.app;
    if (!form_check(bf->form))
        return;
    cJSON *values = values_of(bf);
    bool empty = values->child == NULL;
    cJSON_Delete(values);
    if (empty) {
        app_message(a, MESSAGE_info, _("Nothing has been chosen yet."));
        return;
    }
    struct dialog_prompt p = {.title = _("Why?"),
                              .label = _("Reason"),
                              .value = bf->request.reason,
                              .max = REASON_MAX,
                              .check = is_reason};
    if (needs_reason(bf))
        dialog_ask(a, &p, on_reason, bf);
    else
        preview(bf, NULL);
}

/* --- the screen --- */

static bool act(struct screen *s, enum action_id a, const struct event *e)
{
    struct bulk_form *bf = self(s);
    app_redraw(s->app);
    if (a == ACT_bulk_fields || (a == ACT_open && taken_fields(bf) == 0)) {
        pick_fields(bf);
        return true;
    }
    if (form_act(bf->form, a, e))
        return true;
    if (a != ACT_bulk_preview)
        return false;
    act_preview(bf);
    return true;
}

static void draw(struct screen *s, struct rect r)
{
    struct bulk_form *bf = self(s);
    struct arena *arena = arena_new();
    const char *title =
        arena_printf(arena, "%s · %s", _(bf->request.kind->label),
                     bulk_count_words(&bf->request, arena));
    struct rect in = app_frame(s->app, s, r, title, NULL, NULL);
    if (taken_fields(bf) == 0)
        term_put(app_term(s->app), in.y, in.x + 2, in.w - 3, STYLE_label,
                 arena_printf(arena, _("%s picks the fields to change."),
                              app_keys(s->app, ACT_open)));
    else
        form_draw(bf->form, in, app_top(s->app) == s);
    arena_free(&arena);
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

static bool can(struct screen *s, enum action_id a)
{
    struct bulk_form *bf = self(s);
    if (a == ACT_bulk_fields)
        return bf->request.kind->form == NULL;
    return a != ACT_bulk_preview || taken_fields(bf) > 0;
}

static void free_screen(struct screen *s)
{
    struct bulk_form *bf = self(s);
    bulk_form_gone(s);
    form_free(&bf->form);
    bulk_request_free(&bf->request);
}

static const struct screen_ops ops = {
    .name = "bulk",
    .place = PLACE_bulk,
    .draw = draw,
    .act = act,
    .key = key,
    .mouse = mouse,
    .typing = typing,
    .can = can,
    .free = free_screen,
};

void bulk_form_open(struct screen *owner, struct list *l,
                    const struct bulk_request *r)
{
    static const enum action_id own_buttons[] = {ACT_bulk_preview, ACT_back,
                                                 ACT_NONE};
    static const enum action_id buttons[] = {ACT_bulk_fields, ACT_bulk_preview,
                                             ACT_back, ACT_NONE};
    struct bulk_form *bf = screen_new(owner->app, &ops, sizeof(*bf));
    const struct entity *form = r->kind->form;
    bf->request = bulk_request_copy(r);
    bf->list = l;
    bf->entity = form ? form : r->entity;
    bf->taken = arena_array(bf->screen.arena, (size_t)bf->entity->nfields + 1,
                            sizeof(*bf->taken));
    for (int i = 0; i < bf->entity->nfields; i++)
        bf->taken[i] = form != NULL;
    struct form_options o = {.entity = bf->entity,
                             .creating = true,
                             .take = take_field,
                             .level = field_level,
                             .buttons = form ? own_buttons : buttons,
                             .ctx = bf};
    bf->form = form_new(&bf->screen, &o);
    app_push(owner->app, &bf->screen);
    empty_form(bf);
    if (!form)
        pick_fields(bf);
}
