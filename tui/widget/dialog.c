/* Dialogs: a text, perhaps a line to type, and one or two buttons. */
#include "tui/widget/dialog.h"

#include "common/utf8.h"
#include "tui/widget/edit.h"
#include "tui/widget/linear.h"
#include "tui/widget/sheet.h"
#include "tui/widget/textarea.h"

#include <stdio.h>
#include <string.h>

enum { GAP = 2 };

struct dialog {
    struct screen base;
    const char *title, *text, *label;
    const char *button[DIALOG_BUTTONS]; /* the first one accepts */
    int nbuttons;
    int focus;         /* of the buttons; -1: the line */
    struct edit *edit; /* NULL: nothing to type */
    char fault[sizeof(((struct err *)0)->message)];
    struct rect at, buttons_at; /* as drawn last */
    int line_y, line_x;
    bool (*check)(void *ctx, const char *text, struct err *e);
    void (*then)(void *ctx);
    void (*then_text)(void *ctx, const char *text);
    void *ctx;
    struct dialog_choice choice; /* its `then` set: one of several */
    struct arena *scratch;       /* of the live text */
};

/* --- what it does --- */

static void dialog_press(struct dialog *d, int button)
{
    void (*then)(void *ctx, int button) = d->choice.then;
    void *ctx = d->choice.ctx;
    if (d->choice.stay != NULL && d->choice.stay(ctx, button))
        return;
    app_pop(d->base.app, &d->base);
    then(ctx, button);
}

static void dialog_accept(struct dialog *d)
{
    struct err e = {0};
    const char *text = d->edit != NULL ? edit_text(d->edit) : NULL;
    if (text != NULL && d->check != NULL && !d->check(d->ctx, text, &e)) {
        snprintf(d->fault, sizeof(d->fault), "%s", e.message);
        d->focus = -1;
        err_clear(&e);
        return;
    }
    app_pop(d->base.app, &d->base);
    if (d->then_text != NULL)
        d->then_text(d->ctx, text);
    else if (d->then != NULL)
        d->then(d->ctx);
}

static void dialog_refuse(struct dialog *d)
{
    bool told = d->nbuttons == 1 && d->edit == NULL;
    if (told)
        dialog_accept(d); /* there is nothing to refuse in what is only told */
    else
        app_pop(d->base.app, &d->base);
}

static void move_focus(struct dialog *d, int by)
{
    int first = d->edit != NULL ? -1 : 0;
    int n = d->nbuttons - first;
    d->focus = (d->focus - first + by + n) % n + first;
}

static bool dialog_act(struct screen *s, enum action_id a,
                       const struct event *e)
{
    struct dialog *d = (struct dialog *)s;
    static const struct {
        enum action_id id;
        int by;
    } moves[] = {{ACT_next_field, 1},  {ACT_right, 1}, {ACT_down, 1},
                 {ACT_prev_field, -1}, {ACT_left, -1}, {ACT_up, -1}};
    (void)e;
    for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++) {
        if (moves[i].id == a) {
            move_focus(d, moves[i].by);
            return true;
        }
    }
    bool several = d->choice.then != NULL;
    if (several && a == ACT_open) {
        dialog_press(d, d->focus);
        return true;
    }
    bool yes = a == ACT_yes || (a == ACT_open && d->focus <= 0);
    bool no = a == ACT_no || a == ACT_back || a == ACT_leave ||
              (a == ACT_open && d->focus > 0);
    if (several && (yes || no))
        dialog_press(d, yes ? 0 : d->nbuttons - 1);
    else if (yes)
        dialog_accept(d);
    else if (no)
        dialog_refuse(d);
    return yes || no;
}

static bool dialog_can(struct screen *s, enum action_id a)
{
    struct dialog *d = (struct dialog *)s;
    bool opens = a == ACT_help || a == ACT_menu || a == ACT_palette;
    bool answers = a == ACT_yes || a == ACT_no;
    bool blind = a == ACT_yes && d->choice.danger;
    return !opens && !blind &&
           (!answers || (d->edit == NULL && d->nbuttons > 1));
}

static bool dialog_typing(struct screen *s)
{
    struct dialog *d = (struct dialog *)s;
    return d->edit != NULL && d->focus < 0;
}

static bool dialog_key(struct screen *s, const struct event *e)
{
    struct dialog *d = (struct dialog *)s;
    if (!dialog_typing(s) || !edit_key(d->edit, e))
        return false;
    d->fault[0] = '\0';
    return true;
}

/* --- how it looks --- */

static int button_width(const struct dialog *d, int i)
{
    return utf8_width(d->button[i]) + 4; /* "[ Save ]" */
}

/* Lines the buttons take: one each where they have no room side by side. */
static int button_lines(const struct dialog *d, int w)
{
    int used = -GAP;
    for (int i = 0; i < d->nbuttons; i++)
        used += button_width(d, i) + GAP;
    return used > w ? d->nbuttons : 1;
}

static void draw_buttons(struct dialog *d, struct term *t, struct rect r)
{
    int y = r.y, x = r.x;
    d->buttons_at = r;
    for (int i = 0; i < d->nbuttons; i++) {
        enum style s = i == d->focus ? STYLE_focus : STYLE_accent;
        char text[128];
        snprintf(text, sizeof(text), "[ %s ]", d->button[i]);
        if (i == d->focus)
            term_cursor(t, y, x, false);
        int w = term_put(t, y, x, r.x + r.w - x, s, text) + GAP;
        if (r.h > 1)
            y++;
        else
            x += w;
    }
}

/* The button at a cell; -1. */
static int button_at(const struct dialog *d, int y, int x)
{
    const struct rect *r = &d->buttons_at;
    int at_y = r->y, at_x = r->x;
    for (int i = 0; i < d->nbuttons; i++) {
        int w = button_width(d, i);
        if (y == at_y && x >= at_x && x < at_x + w)
            return i;
        if (r->h > 1)
            at_y++;
        else
            at_x += w + GAP;
    }
    return -1;
}

static void draw_text(struct term *t, struct rect r, const char *text)
{
    size_t len = strlen(text), next = 0;
    for (int i = 0; i < r.h && next < len; i++) {
        size_t at = next;
        size_t end = wrap_line(text, len, at, r.w, &next);
        char *line = x_strndup(text + at, end - at);
        term_put(t, r.y + i, r.x, r.w, STYLE_text, line);
        x_free(&line);
    }
}

/* The question and the button that Enter presses, as one text. */
static void draw_linear(struct dialog *d, struct term *t, struct rect in,
                        const char *words)
{
    const char *text = *words != '\0' ? words : d->label;
    if (d->focus < 0) {
        int used = term_put(t, in.y, in.x, in.w / 2, STYLE_text, d->label);
        int x = in.x + used + 1;
        edit_draw(d->edit, t, in.y, x, in.x + in.w - x, true);
        term_put(t, in.y + 1, in.x, in.w, STYLE_error, d->fault);
        return;
    }
    char *whole = x_asprintf(_("%s – button %s, %d of %d"), text,
                             d->button[d->focus], d->focus + 1, d->nbuttons);
    linear_put(t, in, whole);
    x_free(&whole);
}

static const char *text_now(struct dialog *d)
{
    if (d->choice.live == NULL)
        return d->text;
    arena_reset(d->scratch);
    return d->choice.live(d->choice.ctx, d->scratch);
}

static void dialog_draw(struct screen *s, struct rect r)
{
    struct dialog *d = (struct dialog *)s;
    struct term *t = app_term(s->app);
    const char *words = text_now(d);
    int w = sheet_width(r);
    int buttons = button_lines(d, w);
    int text = *words != '\0' ? wrap_count(words, w) : 0;
    int line = d->edit != NULL ? 2 : 0;
    /* A long text gives way: the line and the buttons are always seen. */
    int most = sheet_lines_max(r) - line - buttons;
    text = text < most ? text : most;
    struct rect in = sheet_draw(t, r, text + line + 1 + buttons, d->title);
    d->at = in;
    if (term_linear(t)) {
        draw_linear(d, t, in, words);
        return;
    }
    draw_text(t, (struct rect){in.y, in.x, text, in.w}, words);
    if (d->edit != NULL) {
        int used =
            term_put(t, in.y + text, in.x, in.w / 2, STYLE_label, d->label);
        int x = in.x + used + 1;
        d->line_y = in.y + text;
        d->line_x = x;
        edit_draw(d->edit, t, in.y + text, x, in.x + in.w - x, d->focus < 0);
        term_put(t, in.y + text + 1, x, in.x + in.w - x, STYLE_error, d->fault);
    }
    draw_buttons(d, t,
                 (struct rect){in.y + in.h - buttons, in.x, buttons, in.w});
}

static bool dialog_mouse(struct screen *s, const struct event *e)
{
    struct dialog *d = (struct dialog *)s;
    if (sheet_missed(d->at, e))
        return app_act(s->app, ACT_back);
    if (d->edit != NULL && e->mouse == MOUSE_press && e->y == d->line_y) {
        d->focus = -1;
        edit_click(d->edit, e->x - d->line_x);
        return true;
    }
    int hit = button_at(d, e->y, e->x);
    if (e->mouse != MOUSE_press || hit < 0)
        return hit >= 0;
    if (d->choice.then != NULL)
        dialog_press(d, hit);
    else if (hit == 0)
        dialog_accept(d);
    else
        dialog_refuse(d);
    return true;
}

static void dialog_free(struct screen *s)
{
    struct dialog *d = (struct dialog *)s;
    if (d->choice.gone != NULL)
        d->choice.gone(d->choice.ctx, s);
    edit_free(&d->edit);
    arena_free(&d->scratch);
}

static const struct screen_ops dialog_ops = {
    .name = "dialog",
    .place = PLACE_dialog,
    .draw = dialog_draw,
    .act = dialog_act,
    .key = dialog_key,
    .mouse = dialog_mouse,
    .can = dialog_can,
    .typing = dialog_typing,
    .free = dialog_free,
};

static struct dialog *dialog_new(struct app *a, const char *title,
                                 const char *text, const char *yes)
{
    struct dialog *d = screen_new(a, &dialog_ops, sizeof(*d));
    struct arena *arena = d->base.arena;
    d->base.overlay = true;
    d->title = arena_strdup(arena, title);
    d->text = arena_strdup(arena, text);
    d->button[0] = arena_strdup(arena, yes);
    d->nbuttons = 1;
    return d;
}

static void add_cancel(struct dialog *d)
{
    d->button[d->nbuttons++] = arena_strdup(d->base.arena, _("Cancel"));
}

void dialog_tell(struct app *a, const char *title, const char *text,
                 void (*then)(void *ctx), void *ctx)
{
    struct dialog *d = dialog_new(a, title, text, _("OK"));
    d->then = then;
    d->ctx = ctx;
    app_push(a, &d->base);
}

void dialog_confirm(struct app *a, const struct dialog_question *q,
                    void (*then)(void *ctx), void *ctx)
{
    struct dialog *d = dialog_new(a, q->title, q->text, q->yes);
    add_cancel(d);
    d->focus = q->danger ? 1 : 0;
    d->then = then;
    d->ctx = ctx;
    app_push(a, &d->base);
}

void dialog_ask(struct app *a, const struct dialog_prompt *p,
                void (*then)(void *ctx, const char *text), void *ctx)
{
    struct dialog *d = dialog_new(a, p->title, "", _("OK"));
    add_cancel(d);
    d->label = arena_strdup(d->base.arena, p->label);
    d->edit = edit_new(p->max, false);
    edit_set(d->edit, p->value != NULL ? p->value : "");
    d->focus = -1;
    d->check = p->check;
    d->then_text = then;
    d->ctx = ctx;
    app_push(a, &d->base);
}

struct screen *dialog_choose(struct app *a, const struct dialog_choice *c)
{
    struct dialog *d =
        dialog_new(a, c->title, c->text != NULL ? c->text : "", c->buttons[0]);
    for (; d->nbuttons < DIALOG_BUTTONS && c->buttons[d->nbuttons] != NULL;
         d->nbuttons++)
        d->button[d->nbuttons] =
            arena_strdup(d->base.arena, c->buttons[d->nbuttons]);
    d->choice = *c;
    d->focus = c->focus;
    d->scratch = arena_new();
    app_push(a, &d->base);
    return &d->base;
}
