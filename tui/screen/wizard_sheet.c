/* One of the records that go with the new one, in a form on a sheet. What is
 * typed here is in the draft at once, like everything else; leaving with Esc
 * puts back what was there. */
#include "tui/screen/wizard_impl.h"

#include "common/json.h"
#include "tui/widget/sheet.h"

struct wizard_sheet {
    struct screen screen;
    struct wizard *wizard;
    struct wizard_part *part;
    int row;       /* of the list */
    cJSON *before; /* what was there; NULL: it is a new one */
    bool taken;    /* it stays as typed */
    struct form *form;
};

static struct wizard_sheet *self(struct screen *s)
{
    return (struct wizard_sheet *)s;
}

static bool take_field(void *ctx, const struct field *f)
{
    const struct wizard_sheet *ws = ctx;
    return !part_fills(ws->part, ws->wizard, f);
}

/* The row as it is typed now. */
static void follow(struct wizard_sheet *ws)
{
    cJSON *now = form_keep(ws->form);
    cJSON *list = ws->part->list;
    if (!now)
        now = cJSON_CreateObject();
    if (part_is_primary(ws->part, ws->row))
        cJSON_AddTrueToObject(now, "primary");
    cJSON_ReplaceItemInArray(list, ws->row, now);
    wizard_changed(ws->wizard);
}

static void left(void *ctx, const struct field *f)
{
    struct wizard_sheet *ws = ctx;
    (void)f;
    follow(ws);
    keeper_save(ws->wizard->keeper, NULL);
}

static void take(struct wizard_sheet *ws)
{
    struct wizard *w = ws->wizard;
    struct app *app = ws->screen.app;
    if (!form_check(ws->form))
        return;
    follow(ws);
    ws->taken = true;
    int row = ws->row;
    app_pop(app, &ws->screen);
    form_refilter(w->form);
    form_go_row(w->form, row);
    keeper_save(w->keeper, NULL);
}

static bool act(struct screen *s, enum action_id a, const struct event *e)
{
    struct wizard_sheet *ws = self(s);
    app_redraw(s->app);
    if (a == ACT_save) {
        take(ws);
        return true;
    }
    return form_act(ws->form, a, e);
}

static bool key(struct screen *s, const struct event *e)
{
    struct wizard_sheet *ws = self(s);
    app_redraw(s->app);
    if (!form_key(ws->form, e))
        return false;
    follow(ws);
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

static void draw(struct screen *s, struct rect r)
{
    struct wizard_sheet *ws = self(s);
    int lines = form_lines(ws->form, sheet_width(r));
    struct rect in =
        sheet_draw(app_term(s->app), r, lines, _(ws->part->entity->label));
    form_draw(ws->form, in, app_top(s->app) == s);
}

static const char *unsaved(struct screen *s)
{
    struct wizard_sheet *ws = self(s);
    return !ws->taken && form_dirty(ws->form) ? _(ws->part->entity->label)
                                              : NULL;
}

/* Not taken: what was there comes back; where the whole wizard goes, what was
 * typed stays in its draft. */
static void free_screen(struct screen *s)
{
    struct wizard_sheet *ws = self(s);
    struct wizard *w = ws->wizard;
    bool alone = app_top(s->app) == &w->screen;
    w->sheet = NULL;
    if (!ws->taken && alone) {
        if (ws->before)
            cJSON_ReplaceItemInArray(ws->part->list, ws->row,
                                     cJSON_Duplicate(ws->before, true));
        else
            cJSON_DeleteItemFromArray(ws->part->list, ws->row);
        form_refilter(w->form);
        form_go_row(w->form, ws->row);
        wizard_changed(w);
    }
    cJSON_Delete(ws->before);
    form_free(&ws->form);
}

static const struct screen_ops ops = {
    .name = "part",
    .place = PLACE_form,
    .draw = draw,
    .act = act,
    .key = key,
    .mouse = mouse,
    .typing = typing,
    .unsaved = unsaved,
    .free = free_screen,
};

void sheet_edit(struct wizard *w, struct wizard_part *p, int row)
{
    struct wizard_sheet *ws = screen_new(w->screen.app, &ops, sizeof(*ws));
    struct buf lost = BUF_INIT;
    struct form_options f = {.entity = p->entity,
                             .creating = true,
                             .take = take_field,
                             .left = left,
                             .ctx = ws};
    bool fresh = row < 0;
    ws->screen.overlay = true;
    ws->wizard = w;
    ws->part = p;
    w->sheet = ws;
    if (fresh) {
        row = cJSON_GetArraySize(p->list);
        cJSON_AddItemToArray(p->list, cJSON_CreateObject());
        if (row == 0 && field_find(p->entity, "is_primary"))
            cJSON_AddTrueToObject(cJSON_GetArrayItem(p->list, 0), "primary");
    } else {
        ws->before = cJSON_Duplicate(cJSON_GetArrayItem(p->list, row), true);
    }
    ws->row = row;
    ws->form = form_new(&ws->screen, &f);
    form_load(ws->form, NULL);
    if (ws->before)
        form_restore(ws->form, ws->before, 0, &lost);
    buf_free(&lost);
    app_push(w->screen.app, &ws->screen);
}
