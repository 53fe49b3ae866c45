/* The conflict sheet: one row a field, three columns, one key each. */
#include "tui/widget/conflict.h"

#include "common/utf8.h"
#include "tui/widget/linear.h"
#include "tui/widget/sheet.h"

#include <string.h>

enum {
    LABEL = 16,
    GAP = 2,
    HEAD = 1,
    FOOT = 2,
    NARROW = 60,       /* cells; below, the three stand under each other */
    STACK = 1 + PICKS, /* lines of a field then: its label, and they */
    NAME = 8,          /* cells of "before", "theirs", "mine" there */
};

struct conflict {
    struct screen base;
    struct conflict_row *rows;
    int n, cursor, top, height; /* cursor == n: the button */
    struct rect at;
    conflict_fn *then;
    void *ctx;
};

static const char *const pick_labels[PICKS] = {N_("Before"), N_("Theirs"),
                                               N_("Mine")};

/* --- what it does --- */

static void finish(struct conflict *c)
{
    enum conflict_pick *picks =
        arena_array(c->base.arena, (size_t)c->n + 1, sizeof(*picks));
    for (int i = 0; i < c->n; i++)
        picks[i] = c->rows[i].pick;
    app_pop(c->base.app, &c->base);
    c->then(c->ctx, picks, c->n);
}

static void pick(struct conflict *c, int column)
{
    if (c->cursor < c->n)
        c->rows[c->cursor].pick = (enum conflict_pick)column;
}

static void turn(struct conflict *c, int by)
{
    if (c->cursor < c->n)
        pick(c, ((int)c->rows[c->cursor].pick + by + PICKS) % PICKS);
}

static void move(struct conflict *c, int by)
{
    int to = c->cursor + by;
    c->cursor = to < 0 ? 0 : to > c->n ? c->n : to;
}

static bool conflict_act(struct screen *s, enum action_id a,
                         const struct event *e)
{
    static const struct {
        enum action_id id;
        void (*run)(struct conflict *c, int by);
        int by;
    } rows[] = {{ACT_up, move, -1},
                {ACT_down, move, 1},
                {ACT_first, move, -1000},
                {ACT_last, move, 1000},
                {ACT_left, turn, -1},
                {ACT_right, turn, 1},
                {ACT_toggle, turn, 1},
                {ACT_pick_before, pick, PICK_before},
                {ACT_pick_theirs, pick, PICK_theirs},
                {ACT_pick_mine, pick, PICK_mine}};
    struct conflict *c = (struct conflict *)s;
    (void)e;
    if (a == ACT_save || (a == ACT_open && c->cursor == c->n)) {
        finish(c);
        return true;
    }
    if (a == ACT_open) {
        move(c, 1);
        return true;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (rows[i].id == a) {
            rows[i].run(c, rows[i].by);
            return true;
        }
    }
    return false;
}

/* --- how it looks --- */

static int row_lines(const struct conflict *c)
{
    return c->at.w < NARROW ? STACK : 1;
}

static int column_width(const struct conflict *c)
{
    int w = (c->at.w - 2 - LABEL - PICKS * GAP) / PICKS;
    return w > 4 ? w : 4;
}

static int column_x(const struct conflict *c, int column)
{
    return c->at.x + 2 + LABEL + GAP + column * (column_width(c) + GAP);
}

/* "Grade: before A, theirs B, mine C; taken: mine" */
static void draw_linear(struct conflict *c, struct term *t)
{
    const struct conflict_row *row = &c->rows[c->cursor];
    char *text;
    if (c->cursor == c->n)
        text = x_asprintf(_("Button %s"), _("Save"));
    else
        text = x_asprintf(_("%s: before %s, theirs %s, mine %s; taken: %s"),
                          row->label, row->text[0], row->text[1], row->text[2],
                          _(pick_labels[row->pick]));
    linear_put(t, c->at, text);
    x_free(&text);
}

/* One of the three on a line of its own. */
static void draw_stacked(struct conflict *c, struct term *t, int y,
                         const struct conflict_row *row, int i)
{
    bool picked = row->pick == (enum conflict_pick)i;
    const char *text = row->text[i];
    int x = c->at.x + 2 + GAP;
    if (picked)
        term_put(t, y, x - GAP, 1, STYLE_selected, term_symbol(t, "check"));
    term_put(t, y, x, NAME, STYLE_label, _(pick_labels[i]));
    term_put(t, y, x + NAME, c->at.w - (x + NAME - c->at.x),
             picked ? STYLE_selected : STYLE_text,
             *text != '\0' ? text : term_symbol(t, "empty"));
}

static void draw_row(struct conflict *c, struct term *t, int y, int index)
{
    const struct conflict_row *row = &c->rows[index];
    bool stacked = row_lines(c) > 1;
    if (index == c->cursor) {
        term_put(t, y, c->at.x, 1, STYLE_accent, term_symbol(t, "focus"));
        term_cursor(t, y, c->at.x, false);
    }
    term_put(t, y, c->at.x + 2, stacked ? c->at.w - 2 : LABEL, STYLE_label,
             row->label);
    for (int i = 0; stacked && i < PICKS; i++)
        draw_stacked(c, t, y + 1 + i, row, i);
    for (int i = 0; !stacked && i < PICKS; i++) {
        int x = column_x(c, i);
        bool picked = row->pick == (enum conflict_pick)i;
        const char *text = row->text[i];
        if (picked)
            term_put(t, y, x - GAP, 1, STYLE_selected, term_symbol(t, "check"));
        term_put(t, y, x, column_width(c), picked ? STYLE_selected : STYLE_text,
                 *text != '\0' ? text : term_symbol(t, "empty"));
    }
}

static void conflict_draw(struct screen *s, struct rect r)
{
    struct conflict *c = (struct conflict *)s;
    struct term *t = app_term(s->app);
    int lines = sheet_width(r) < NARROW ? STACK : 1;
    c->at = sheet_draw(t, r, HEAD + c->n * lines + FOOT,
                       _("Somebody else changed this record meanwhile"));
    if (term_linear(t)) {
        draw_linear(c, t);
        return;
    }
    c->height = (c->at.h - HEAD - FOOT) / lines;
    c->height = c->height > 0 ? c->height : 1;
    int row = c->cursor < c->n ? c->cursor : c->n - 1;
    c->top = row < c->top ? row : c->top;
    c->top = row >= c->top + c->height ? row - c->height + 1 : c->top;
    for (int i = 0; lines == 1 && i < PICKS; i++)
        term_put(t, c->at.y, column_x(c, i), column_width(c), STYLE_label,
                 _(pick_labels[i]));
    for (int i = 0; i < c->height && c->top + i < c->n; i++)
        draw_row(c, t, c->at.y + HEAD + i * lines, c->top + i);
    bool focused = c->cursor == c->n;
    int y = c->at.y + c->at.h - 1;
    char *button = x_asprintf("[ %s ]", _("Save"));
    term_put(t, y, c->at.x + 2, c->at.w - 2,
             focused ? STYLE_focus : STYLE_accent, button);
    if (focused)
        term_cursor(t, y, c->at.x + 2, false);
    x_free(&button);
}

static bool conflict_mouse(struct screen *s, const struct event *e)
{
    struct conflict *c = (struct conflict *)s;
    int lines = row_lines(c), line = e->y - c->at.y - HEAD;
    int row = (line > 0 ? line : 0) / lines + c->top;
    if (sheet_missed(c->at, e))
        return app_act(s->app, ACT_back);
    if (e->mouse != MOUSE_press)
        return false;
    if (e->y == c->at.y + c->at.h - 1) {
        finish(c);
        return true;
    }
    if (e->y < c->at.y + HEAD || row >= c->n)
        return false;
    c->cursor = row;
    if (lines > 1 && line % lines > 0)
        pick(c, line % lines - 1);
    for (int i = 0; lines == 1 && i < PICKS; i++)
        if (e->x >= column_x(c, i) - GAP &&
            e->x < column_x(c, i) + column_width(c))
            pick(c, i);
    return true;
}

static bool conflict_can(struct screen *s, enum action_id a)
{
    (void)s;
    return a != ACT_menu && a != ACT_palette;
}

static const struct screen_ops conflict_ops = {
    .name = "conflict",
    .place = PLACE_conflict,
    .draw = conflict_draw,
    .act = conflict_act,
    .mouse = conflict_mouse,
    .can = conflict_can,
};

void conflict_open(struct app *a, const struct conflict_row *rows, int n,
                   conflict_fn *then, void *ctx)
{
    struct conflict *c = screen_new(a, &conflict_ops, sizeof(*c));
    struct arena *arena = c->base.arena;
    c->base.overlay = true;
    c->rows = arena_array(arena, (size_t)n + 1, sizeof(*c->rows));
    c->n = n;
    c->then = then;
    c->ctx = ctx;
    for (int i = 0; i < n; i++) {
        c->rows[i].label = arena_strdup(arena, rows[i].label);
        c->rows[i].pick = rows[i].pick;
        for (int p = 0; p < PICKS; p++)
            c->rows[i].text[p] = arena_strdup(arena, rows[i].text[p]);
    }
    app_push(a, &c->base);
}
