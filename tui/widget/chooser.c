/* The chooser: a screen in front that holds a menu and, where typing narrows
 * it, a line. */
#include "tui/widget/chooser.h"

#include "common/utf8.h"
#include "tui/widget/edit.h"
#include "tui/widget/sheet.h"

enum { TEXT_MAX = 512, LOW = 24 /* lines of a low screen */ };

struct chooser {
    struct screen base;
    struct chooser_options o;
    struct menu *menu;
    struct edit *edit;
    unsigned seen;  /* changes of the text that the menu knows */
    int rows;       /* the most there have been */
    struct rect at; /* as drawn last */
    int text_x;
    bool on_rows; /* the last key moved among the rows, it typed nothing */
};

/* As high as the most rows there have been needed, also while fewer are left:
 * nothing jumps. */
static int lines_wanted(struct chooser *c, struct rect screen)
{
    int rows = menu_rows(c->menu);
    c->rows = rows > c->rows ? rows : c->rows;
    int lines = c->rows + (c->o.filter ? 1 : 0) + (c->o.note != NULL ? 1 : 0);
    int most = c->o.tall || screen.h < LOW ? screen.h : screen.h / 2;
    lines = lines < most ? lines : most;
    return lines > 2 ? lines : 2;
}

static void chooser_draw(struct screen *s, struct rect r)
{
    struct chooser *c = (struct chooser *)s;
    struct term *t = app_term(s->app);
    struct rect in = sheet_draw(t, r, lines_wanted(c, r), c->o.title);
    struct rect rows = c->at = in;
    if (c->o.filter) {
        rows.y++;
        rows.h--;
    }
    if (c->o.note != NULL) {
        rows.h--;
        term_put(t, rows.y + rows.h, in.x, in.w, STYLE_label, c->o.note);
    }
    menu_draw(c->menu, t, rows);
    if (menu_shown(c->menu) == 0)
        term_put(t, rows.y, rows.x + 2, rows.w - 2, STYLE_missing,
                 c->o.empty != NULL ? c->o.empty : _("Nothing found."));
    if (c->o.filter) {
        int x = in.x + term_put(t, in.y, in.x, 2, STYLE_accent, c->o.prompt);
        /* A reader reads where the cursor is: on the rows after a move. */
        bool text = !(term_linear(t) && c->on_rows);
        c->text_x = x + 1;
        edit_draw(c->edit, t, in.y, x + 1, in.w - (x + 1 - in.x), text);
    }
}

static void tell_tick(struct chooser *c)
{
    if (c->o.ticked != NULL && menu_current(c->menu) != NULL)
        c->o.ticked(c->o.ctx, menu_current(c->menu));
}

static void tell_move(struct chooser *c, const struct menu_item *before)
{
    const struct menu_item *now = menu_current(c->menu);
    if (c->o.moved != NULL && now != NULL && now != before)
        c->o.moved(c->o.ctx, now);
}

static void choose(struct chooser *c)
{
    const struct menu_item *item = menu_current(c->menu);
    if (item == NULL && !c->o.multi)
        return;
    if (item != NULL && c->o.holds != NULL && c->o.holds(c->o.ctx, c, item))
        return;
    if (!c->o.stay)
        app_pop(c->base.app, &c->base);
    c->o.choose(c->o.ctx, c, item);
}

static bool tell_more(struct chooser *c)
{
    const struct menu_item *item = menu_current(c->menu);
    if (c->o.more == NULL || item == NULL)
        return false;
    c->o.more(c->o.ctx, c, item);
    return true;
}

static bool chooser_act(struct screen *s, enum action_id a,
                        const struct event *e)
{
    struct chooser *c = (struct chooser *)s;
    if (a == ACT_open) {
        choose(c);
        return true;
    }
    const struct menu_item *before = menu_current(c->menu);
    if (a == ACT_toggle && !c->o.multi && c->o.key != NULL)
        return c->o.key(c->o.ctx, c, menu_current(c->menu), e);
    if (a == ACT_menu)
        return tell_more(c);
    bool done = menu_act(c->menu, a);
    tell_move(c, before);
    c->on_rows |= done;
    if (done && a == ACT_toggle)
        tell_tick(c);
    return done;
}

static void take_text(struct chooser *c)
{
    c->seen = edit_changes(c->edit);
    if (c->o.typed != NULL)
        c->o.typed(c->o.ctx, c, edit_text(c->edit));
    else
        menu_filter(c->menu, edit_text(c->edit));
}

static void follow_text(struct chooser *c)
{
    if (edit_changes(c->edit) != c->seen)
        take_text(c);
}

static bool chooser_key(struct screen *s, const struct event *e)
{
    struct chooser *c = (struct chooser *)s;
    if (c->o.key != NULL && c->o.key(c->o.ctx, c, menu_current(c->menu), e))
        return true;
    if (!c->o.filter)
        return false;
    if (c->o.multi && key_is_text(e) && e->cp == ' ') {
        menu_toggle(c->menu);
        tell_tick(c);
        return true;
    }
    /* Home and End belong to the rows as long as nothing is typed. */
    bool row_key = e->code == KEYC_home || e->code == KEYC_end;
    if (row_key && *edit_text(c->edit) == '\0')
        return false;
    if (!edit_key(c->edit, e))
        return false;
    c->on_rows = false;
    follow_text(c);
    return true;
}

static bool chooser_mouse(struct screen *s, const struct event *e)
{
    struct chooser *c = (struct chooser *)s;
    if (sheet_missed(c->at, e))
        return app_act(s->app, ACT_back);
    if (c->o.filter && e->mouse == MOUSE_press && e->y == c->at.y) {
        edit_click(c->edit, e->x - c->text_x);
        return true;
    }
    if (!menu_mouse(c->menu, e))
        return false;
    if (e->button == BUTTON_RIGHT)
        return tell_more(c) || true;
    if (c->o.multi) {
        menu_toggle(c->menu);
        tell_tick(c);
    } else {
        choose(c);
    }
    return true;
}

/* What the menu does by itself; the actions of the screens below are not
 * offered while it is in front. */
static bool chooser_can(struct screen *s, enum action_id a)
{
    struct chooser *c = (struct chooser *)s;
    bool opens = a == ACT_help || a == ACT_palette ||
                 (a == ACT_menu && c->o.more == NULL);
    bool ticks = c->o.multi || c->o.key != NULL;
    return !opens && (a != ACT_toggle || ticks);
}

static bool chooser_typing(struct screen *s)
{
    return ((struct chooser *)s)->o.filter;
}

static void chooser_free(struct screen *s)
{
    struct chooser *c = (struct chooser *)s;
    if (c->o.freed != NULL)
        c->o.freed(c->o.ctx);
    menu_free(&c->menu);
    edit_free(&c->edit);
}

static const struct screen_ops chooser_ops = {
    .name = "chooser",
    .place = PLACE_menu,
    .draw = chooser_draw,
    .act = chooser_act,
    .key = chooser_key,
    .mouse = chooser_mouse,
    .can = chooser_can,
    .typing = chooser_typing,
    .free = chooser_free,
};

static const char *copied(struct chooser *c, const char *s)
{
    return s != NULL ? arena_strdup(c->base.arena, s) : NULL;
}

struct chooser *chooser_open(struct app *a, const struct chooser_options *o)
{
    struct chooser *c = screen_new(a, &chooser_ops, sizeof(*c));
    c->base.overlay = true;
    c->o = *o;
    c->o.title = copied(c, o->title);
    c->o.prompt = o->prompt != NULL ? copied(c, o->prompt) : "";
    c->o.empty = copied(c, o->empty);
    c->o.note = copied(c, o->note);
    c->menu = menu_new();
    menu_multi(c->menu, o->multi);
    c->edit = edit_new(TEXT_MAX, false);
    app_push(a, &c->base);
    return c;
}

struct menu *chooser_menu(struct chooser *c)
{
    return c->menu;
}

void chooser_set_text(struct chooser *c, const char *text)
{
    edit_set(c->edit, text);
    take_text(c);
}

const char *chooser_text(const struct chooser *c)
{
    return edit_text(c->edit);
}

struct app *chooser_app(struct chooser *c)
{
    return c->base.app;
}

struct arena *chooser_arena(struct chooser *c)
{
    return c->base.arena;
}

void chooser_close(struct chooser *c)
{
    app_pop(c->base.app, &c->base);
}

/* --- the plain menu --- */

struct plain {
    menu_fn *then;
    void *ctx;
};

static void plain_choose(void *ctx, struct chooser *c,
                         const struct menu_item *item)
{
    struct plain *p = ctx;
    (void)c;
    p->then(p->ctx, item);
}

static void plain_freed(void *ctx)
{
    x_free(&ctx);
}

void menu_open(struct app *a, const char *title, const struct menu_item *items,
               int n, menu_fn *then, void *ctx)
{
    struct plain *p = x_calloc(1, sizeof(*p));
    *p = (struct plain){then, ctx};
    struct chooser_options o = {
        .title = title, .choose = plain_choose, .freed = plain_freed, .ctx = p};
    menu_set(chooser_menu(chooser_open(a, &o)), items, n);
}
