/* The screen of drafts: go on with one, look inside, rename, delete. */
#include "tui/screen/drafts.h"

#include "tui/draft/keeper.h"
#include "tui/widget/dialog.h"
#include "tui/widget/menu.h"

#include <string.h>

struct drafts {
    struct screen screen;
    struct store_list found;
    struct menu *menu;
    struct arena *scratch;
    char at[DRAFT_ID_LEN]; /* the one that is asked about */
};

static struct drafts *self(struct screen *s)
{
    return (struct drafts *)s;
}

/* "New: Customer  step 2 of 5", "Edit: Customer" */
static const char *kind_of(const struct draft *d, struct arena *a)
{
    const struct entity *e = entity_find(d->entity);
    const char *kind =
        arena_printf(a, d->record ? _("Edit: %s") : _("New: %s"), _(e->label));
    const char *progress = draft_progress(d, a);
    return *progress ? arena_printf(a, "%s  %s", kind, progress) : kind;
}

static void reload(struct drafts *ds)
{
    keeper_settle();
    store_list_free(&ds->found);
    drafts_find(ds->screen.app, NULL, 0, &ds->found);
    struct menu_item *items = x_calloc((size_t)ds->found.n + 1, sizeof(*items));
    struct arena *a = arena_new();
    for (int i = 0; i < ds->found.n; i++) {
        const struct draft *d = &ds->found.at[i];
        items[i] = (struct menu_item){.label = draft_title(d, a),
                                      .help = kind_of(d, a),
                                      .hint = draft_age(d, a),
                                      .value = d->id};
    }
    menu_set(ds->menu, items, ds->found.n);
    x_free(&items);
    arena_free(&a);
    app_redraw(ds->screen.app);
}

static struct draft *find(struct drafts *ds, const char *id)
{
    for (int i = 0; i < ds->found.n; i++)
        if (strcmp(ds->found.at[i].id, id) == 0)
            return &ds->found.at[i];
    return NULL;
}

static struct draft *current(struct drafts *ds)
{
    const struct menu_item *item = menu_current(ds->menu);
    return item ? find(ds, item->value) : NULL;
}

/* --- what keys do --- */

static void act_open(struct drafts *ds, struct draft *d)
{
    drafts_continue(ds->screen.app, d->id);
}

static void act_preview(struct drafts *ds, struct draft *d)
{
    arena_reset(ds->scratch);
    dialog_tell(ds->screen.app, drafts_line(d, ds->scratch),
                drafts_text(ds->screen.app, d, ds->scratch), NULL, NULL);
}

/* As it is on the disk, with another name. */
static bool write_name(struct drafts *ds, const char *name, struct err *e)
{
    struct store *s = keeper_store(e);
    struct draft d;
    keeper_settle();
    if (!s || !store_read(s, ds->at, &d, e))
        return false;
    draft_text(&d, &d.name, name);
    d.named = *name != '\0';
    char *text = draft_print(&d);
    struct store_result r = store_write(s, ds->at, text, strlen(text));
    const char *words = store_words(r, ds->scratch);
    x_free(&text);
    draft_free(&d);
    return r.end <= STORE_moved || err_set(e, ERR_unavailable, "%s", words);
}

static void rename_now(void *ctx, const char *name)
{
    struct drafts *ds = ctx;
    struct err e = {0};
    if (!write_name(ds, name, &e))
        app_error(ds->screen.app, &e);
    err_clear(&e);
    reload(ds);
}

static void act_rename(struct drafts *ds, struct draft *d)
{
    struct dialog_prompt p = {.title = _("Rename the draft"),
                              .label = _("Name"),
                              .value = d->name,
                              .max = DRAFT_NAME_MAX};
    memcpy(ds->at, d->id, sizeof(ds->at));
    dialog_ask(ds->screen.app, &p, rename_now, ds);
}

static void remove_now(void *ctx)
{
    struct drafts *ds = ctx;
    struct err e = {0};
    struct store *s = keeper_store(&e);
    keeper_settle();
    if (!s || !store_remove(s, ds->at, &e))
        app_error(ds->screen.app, &e);
    else
        app_message(ds->screen.app, MESSAGE_good, _("The draft is deleted."));
    err_clear(&e);
    reload(ds);
}

static void act_remove(struct drafts *ds, struct draft *d)
{
    struct dialog_question q = {.title = _("Delete the draft?"),
                                .text = drafts_line(d, ds->scratch),
                                .yes = _("Delete"),
                                .danger = true};
    memcpy(ds->at, d->id, sizeof(ds->at));
    dialog_confirm(ds->screen.app, &q, remove_now, ds);
}

static void (*const acts[ACTS])(struct drafts *, struct draft *) = {
    [ACT_open] = act_open,
    [ACT_preview] = act_preview,
    [ACT_rename] = act_rename,
    [ACT_remove] = act_remove,
};

static bool act(struct screen *s, enum action_id a, const struct event *e)
{
    struct drafts *ds = self(s);
    struct draft *d = current(ds);
    (void)e;
    app_redraw(s->app);
    if (acts[a] && d)
        acts[a](ds, d);
    return (acts[a] && d) || menu_act(ds->menu, a);
}

static bool can(struct screen *s, enum action_id a)
{
    return !acts[a] || current(self(s)) != NULL;
}

static bool mouse(struct screen *s, const struct event *e)
{
    app_redraw(s->app);
    return menu_mouse(self(s)->menu, e);
}

static void draw(struct screen *s, struct rect r)
{
    struct drafts *ds = self(s);
    struct term *t = app_term(s->app);
    struct rect in = app_frame(s->app, s, r, _("Drafts"), NULL, NULL);
    struct rect rows = {in.y, in.x + 1, in.h, in.w - 2};
    if (ds->found.n == 0)
        term_put(t, in.y, in.x + 3, in.w - 4, STYLE_missing,
                 _("Nothing waits here. What is typed into a form and not "
                   "sent is kept by itself."));
    else
        menu_draw(ds->menu, t, rows);
}

/* One was opened meanwhile, and perhaps sent. */
static void resume(struct screen *s)
{
    reload(self(s));
}

static void free_screen(struct screen *s)
{
    struct drafts *ds = self(s);
    store_list_free(&ds->found);
    menu_free(&ds->menu);
    arena_free(&ds->scratch);
}

static const struct screen_ops ops = {
    .name = "drafts",
    .place = PLACE_drafts,
    .draw = draw,
    .act = act,
    .mouse = mouse,
    .can = can,
    .resume = resume,
    .free = free_screen,
};

void drafts_open(struct app *a)
{
    struct drafts *ds = screen_new(a, &ops, sizeof(*ds));
    ds->menu = menu_new();
    ds->scratch = arena_new();
    reload(ds);
    app_push(a, &ds->screen);
}
