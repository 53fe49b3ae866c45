/* The table of a list: header, rows, cards. What did not change draws the same
 * cells again, so that the terminal gets the difference only: moving the focus
 * is its mark and its number, scrolling sideways moves what is there and
 * leaves the frozen column alone (LIST-16, UX-08). */
#include "tui/widget/list_live.h"

#include "common/utf8.h"
#include "schema/search.h"

#define MATCHES_MAX 8 /* in one cell */

static struct term *list_term(const struct list *l)
{
    return app_term(l->owner->app);
}

/* --- one cell --- */

/* Every part of a text that the search found (LIST-03). */
static void highlight(struct list *l, int y, int x, int w, const char *text)
{
    struct search_range found[MATCHES_MAX];
    int n = search_matches(l->scratch, text, l->search, found, MATCHES_MAX);
    for (int i = 0; i < n; i++) {
        size_t start = found[i].start;
        int before = utf8_width_n(text, start);
        int cells = utf8_width_n(text + start, found[i].end - start);
        if (before + cells > w)
            cells = w - before;
        if (cells > 0)
            term_restyle(list_term(l), y, x + before, cells, STYLE_match);
    }
}

/* Returns the cells used. */
static int put_cell(struct list *l, int y, int x, int w, const struct field *f,
                    const struct cell *c)
{
    int used = term_put(list_term(l), y, x, w, c->style, c->text);
    if (l->search[0] && (f->flags & F_SEARCH) && c->style != STYLE_masked)
        highlight(l, y, x, used, c->text);
    return used;
}

static void draw_cell(struct list *l, int y, int x, int w,
                      const struct field *f, const cJSON *row, bool selected)
{
    const cJSON *item = cJSON_GetArrayItem(row, list_cell_index(l, f));
    struct cell c = cell_of(list_remote(l), f, l->scratch, item);
    if (selected)
        c.style = STYLE_selected;
    if (f->type->align == 1)
        term_put_right(list_term(l), y, x, w, c.style, c.text);
    else
        put_cell(l, y, x, w, f, &c);
}

/* --- the header --- */

static void draw_label(struct list *l, int y, const struct list_span *span)
{
    struct term *t = list_term(l);
    const struct field *f = l->columns[span->column].field;
    enum style s = span->column == l->head ? STYLE_focus : STYLE_label;
    char mark[16];
    const char *text = arena_printf(l->scratch, "%s%s", _(f->label),
                                    list_sort_mark(l, f, mark));
    if (f->type->align == 1)
        term_put_right(t, y, span->x, span->w, s, text);
    else
        term_put(t, y, span->x, span->w, s, text);
    if (span->column == l->head)
        term_cursor(t, y, span->x, true);
}

/* In the header alone: on every row it would be a part of what a page costs
 * on the line. */
static void draw_frozen_edge(struct list *l, int y)
{
    struct term *t = list_term(l);
    int x = l->rect.x + LIST_GUTTER + list_column_width(l, 0);
    if (l->ncolumns > 1 && x < l->rect.x + l->rect.w)
        term_put(t, y, x, 1, STYLE_label, term_symbol(t, "frozen"));
}

static void draw_header(struct list *l, const struct list_span *spans, int n)
{
    int y = l->rows_y - 1;
    int x = l->rect.x + LIST_GUTTER;
    /* Gaps in the style of the labels: changing it back and forth would cost
     * more than the labels. */
    struct rect ground = {y, x, 1, n > 0 ? spans[n - 1].x - x : 0};
    term_fill(list_term(l), ground, STYLE_label);
    for (int i = 0; i < n; i++)
        draw_label(l, y, &spans[i]);
    draw_frozen_edge(l, y);
}

void list_table_header(struct list *l)
{
    struct list_span spans[LIST_COLUMNS];
    int n = list_spans(l, spans);
    draw_header(l, spans, n);
    l->shown_last = n ? spans[n - 1].column : -1;
}

/* --- rows --- */

/* Not here yet: never waited for, drawn as it is (UX-05). */
static void draw_missing(struct list *l, int y)
{
    struct term *t = list_term(l);
    const char *dot = term_symbol(t, "missing");
    term_put(t, y, l->rect.x + LIST_GUTTER, 5, STYLE_missing,
             arena_printf(l->scratch, "%s%s%s%s%s", dot, dot, dot, dot, dot));
}

static void draw_row(struct list *l, int y, const cJSON *row,
                     const struct list_span *spans, int n, bool selected)
{
    for (int i = 0; i < n; i++)
        draw_cell(l, y, spans[i].x, spans[i].w,
                  l->columns[spans[i].column].field, row, selected && i == 0);
}

/* A card: the title, and below it what tells most (UX-03). */
static void draw_card(struct list *l, int y, const cJSON *row, bool selected)
{
    const struct field *badges[CELL_BADGES];
    int x = l->rect.x + LIST_GUTTER;
    int right = l->rect.x + l->rect.w;
    draw_cell(l, y, x, right - x, l->columns[0].field, row, selected);
    int n = cell_badges(l->entity, badges);
    for (int i = 0; i < n && x < right; i++) {
        int at = list_cell_index(l, badges[i]);
        struct cell c = cell_of(list_remote(l), badges[i], l->scratch,
                                at < 0 ? NULL : cJSON_GetArrayItem(row, at));
        if (c.text[0])
            x += put_cell(l, y + 1, x, right - x, badges[i], &c) + 2;
    }
}

static void draw_focus(struct list *l, int y)
{
    struct term *t = list_term(l);
    term_put(t, y, l->rect.x, 1, STYLE_text, term_symbol(t, "focus"));
    if (app_settings(l->owner->app)->focus_bar)
        term_restyle(t, y, l->rect.x, l->rect.w, STYLE_focus);
    if (l->head < 0 && !l->typing)
        term_cursor(t, y, l->rect.x, false);
}

/* Beside the mark of the focus: a row can have both. */
static void draw_tick(struct list *l, int y)
{
    struct term *t = list_term(l);
    term_put(t, y, l->rect.x + 1, 1, STYLE_selected, term_symbol(t, "check"));
}

static void draw_rows(struct list *l, const struct window *w, int64_t top,
                      int64_t focus, const struct list_span *spans, int n)
{
    int64_t bound = window_bound(w);
    int step = l->cards ? 2 : 1;
    for (int i = 0; i < l->capacity && top + i < bound; i++) {
        const cJSON *row = window_row(w, top + i);
        int y = l->rows_y + i * step;
        bool selected = list_row_selected(l, w, top + i);
        if (!row)
            draw_missing(l, y);
        else if (l->cards)
            draw_card(l, y, row, selected);
        else
            draw_row(l, y, row, spans, n, selected);
        if (row)
            list_live_draw(l, y, row, spans, n);
        if (selected)
            draw_tick(l, y);
        if (top + i == focus)
            draw_focus(l, y);
    }
}

void list_table_rows(struct list *l, const struct window *w, int64_t top,
                     int64_t focus)
{
    struct list_span spans[LIST_COLUMNS];
    int n = list_spans(l, spans);
    draw_rows(l, w, top, focus, spans, n);
}

/* --- sideways --- */

/* The picture with those columns only that stay. */
static void draw_stage(struct list *l, int last_column)
{
    struct list_span spans[LIST_COLUMNS];
    int n = list_spans(l, spans);
    while (n > 0 && spans[n - 1].column > last_column)
        n--;
    draw_header(l, spans, n);
    draw_rows(l, l->window, l->top, l->cursor, spans, n);
    term_stage(list_term(l));
}

/* To the left: the columns that will have no place go, then there is room for
 * those that come in. */
static void stage_left(struct list *l, int from)
{
    struct list_span spans[LIST_COLUMNS];
    int to = l->scrolled;
    int n = list_spans(l, spans);
    int x = list_column_x(l, 1 + to);
    int room = 0;
    for (int i = 1 + to; i <= from; i++)
        room += list_column_width(l, i) + 1;
    l->scrolled = from;
    draw_stage(l, n ? spans[n - 1].column : -1);
    l->scrolled = to;
    term_make_room(list_term(l), l->rows_y - 1, l->capacity + 1, x, room);
    struct rect r = {l->rows_y - 1, x, l->capacity + 1,
                     l->rect.x + l->rect.w - x};
    term_fill(list_term(l), r, STYLE_text);
}

void list_table_shift(struct list *l)
{
    int from = l->shown_scrolled;
    l->shown_scrolled = l->scrolled;
    if (l->scrolled == from || l->before || window_empty(l->window))
        return;
    if (l->scrolled > from)
        draw_stage(l, l->shown_last);
    else
        stage_left(l, from);
}
