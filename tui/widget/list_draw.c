/* How a list looks. What did not change draws the same cells again, so that
 * the terminal gets the difference only: moving the focus is its mark and its
 * number, scrolling sideways leaves the frozen column alone. */
#include "tui/widget/list_impl.h"

#include "common/utf8.h"
#include "schema/search.h"

#include <string.h>

static struct term *list_term(const struct list *l)
{
    return app_term(l->owner->app);
}

/* --- one cell --- */

/* The part of a text that the search found (LIST-03), in cells. */
static void highlight(struct list *l, int y, int x, int w, const char *text)
{
    size_t start, end;
    if (!search_match(l->scratch, text, l->search, &start, &end))
        return;
    int before = utf8_width_n(text, start);
    int cells = utf8_width_n(text + start, end - start);
    if (before + cells > w)
        cells = w - before;
    if (cells > 0)
        term_restyle(list_term(l), y, x + before, cells, STYLE_match);
}

static void draw_cell(struct list *l, int y, int x, int w,
                      const struct field *f, const cJSON *row)
{
    struct term *t = list_term(l);
    const cJSON *item = cJSON_GetArrayItem(row, list_cell_index(l, f));
    struct cell c = cell_of(list_remote(l), f, l->scratch, item);
    if (f->type->align == 1) {
        term_put_right(t, y, x, w, c.style, c.text);
        return;
    }
    term_put(t, y, x, w, c.style, c.text);
    if (l->search[0] && (f->flags & F_SEARCH) && c.style != STYLE_masked)
        highlight(l, y, x, w, c.text);
}

/* --- the header --- */

static void draw_head(struct list *l, int y, int column, int x, int w)
{
    struct term *t = list_term(l);
    const struct field *f = l->columns[column].field;
    enum style s = column == l->head ? STYLE_focus : STYLE_label;
    char mark[16];
    const char *text = arena_printf(l->scratch, "%s%s", _(f->label),
                                    list_sort_mark(l, f, mark));
    if (f->type->align == 1)
        term_put_right(t, y, x, w, s, text);
    else
        term_put(t, y, x, w, s, text);
    if (column == l->head)
        term_cursor(t, y, x, true);
}

/* Calls `each` for the columns on the screen. One that does not fit as a
 * whole waits until the list is scrolled, unless it would stand alone: half a
 * date tells nothing. */
static void each_column(struct list *l, int y, const cJSON *row,
                        void (*each)(struct list *, int y, int column, int x,
                                     int w, const cJSON *row))
{
    int right = l->rect.x + l->rect.w;
    for (int i = 0; i < l->ncolumns; i++) {
        int x = list_column_x(l, i);
        int w = list_column_width(l, i);
        if (x < 0 || (i > 0 && !l->columns[i].shown))
            continue;
        if (x + w > right && i > l->scrolled + 1)
            continue;
        if (l->column_limit >= 0 && i > l->column_limit)
            continue;
        l->shown_last = i;
        each(l, y, i, x, x + w < right ? w : right - x, row);
    }
}

static void head_column(struct list *l, int y, int column, int x, int w,
                        const cJSON *row)
{
    (void)row;
    draw_head(l, y, column, x, w);
}

static void no_column(struct list *l, int y, int column, int x, int w,
                      const cJSON *row)
{
    (void)l, (void)y, (void)column, (void)x, (void)w, (void)row;
}

static void row_column(struct list *l, int y, int column, int x, int w,
                       const cJSON *row)
{
    draw_cell(l, y, x, w, l->columns[column].field, row);
}

static void ground_column(struct list *l, int y, int column, int x, int w,
                          const cJSON *row)
{
    (void)w, (void)row;
    int from = l->rect.x + LIST_GUTTER;
    struct rect r = {.y = y, .x = from, .h = 1, .w = x - from};
    if (column > 0)
        term_fill(list_term(l), r, STYLE_label);
}

/* In the header alone: on every row it would be a tenth of what a page costs
 * on the line. */
static void draw_frozen_edge(struct list *l, int y)
{
    struct term *t = list_term(l);
    int x = l->rect.x + LIST_GUTTER + list_column_width(l, 0);
    if (l->ncolumns > 1 && x < l->rect.x + l->rect.w)
        term_put(t, y, x, 1, STYLE_label, term_symbol(t, "frozen"));
}

/* Gaps in the style of the labels: changing it back and forth would cost more
 * than the labels. */
static void draw_header(struct list *l, int y)
{
    each_column(l, y, NULL, ground_column);
    each_column(l, y, NULL, head_column);
    draw_frozen_edge(l, y);
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

static void draw_row(struct list *l, int y, const cJSON *row)
{
    if (!row) {
        draw_missing(l, y);
        return;
    }
    each_column(l, y, row, row_column);
}

/* A card: the title, and below it what tells most (UX-03). */
static void draw_card(struct list *l, int y, const cJSON *row)
{
    const struct field *badges[CELL_BADGES];
    struct term *t = list_term(l);
    int x = l->rect.x + LIST_GUTTER;
    int right = l->rect.x + l->rect.w;
    if (!row) {
        draw_missing(l, y);
        return;
    }
    draw_cell(l, y, x, right - x, l->columns[0].field, row);
    int n = cell_badges(l->entity, badges);
    for (int i = 0; i < n && x < right; i++) {
        int at = list_cell_index(l, badges[i]);
        struct cell c = cell_of(list_remote(l), badges[i], l->scratch,
                                at < 0 ? NULL : cJSON_GetArrayItem(row, at));
        if (c.text[0])
            x += term_put(t, y + 1, x, right - x, c.style, c.text) + 2;
    }
}

static void draw_rows(struct list *l, const struct window *w, int64_t top,
                      int64_t focus, bool focused)
{
    struct term *t = list_term(l);
    int64_t bound = window_bound(w);
    int step = l->cards ? 2 : 1;
    for (int i = 0; i < l->capacity && top + i < bound; i++) {
        const cJSON *row = window_row(w, top + i);
        int y = l->rows_y + i * step;
        if (l->cards)
            draw_card(l, y, row);
        else
            draw_row(l, y, row);
        if (top + i != focus || !focused)
            continue;
        term_put(t, y, l->rect.x, 1, STYLE_text, term_symbol(t, "focus"));
        if (l->head < 0 && !l->typing)
            term_cursor(t, y, l->rect.x, false);
    }
}

/* --- a jump --- */

#define PATIENCE_MS 150

static void lose_patience(struct list *l)
{
    l->impatient = true;
}

static bool is_away(const struct list *l)
{
    for (int i = 0; i < l->capacity; i++)
        if (window_row(l->window, l->top + i))
            return false;
    return true;
}

/* After a jump the old rows stay for a moment: they are replaced once, not
 * twice, where the answer is quick. */
static void draw_view(struct list *l, bool focused)
{
    bool away = is_away(l) && l->rows_call;
    if (away && !l->impatient) {
        list_timer_start(l, TIMER_patience, PATIENCE_MS, lose_patience);
        draw_rows(l, l->window, l->shown_top, -1, false);
        return;
    }
    if (!away) {
        l->shown_top = l->top;
        l->impatient = false;
    }
    draw_rows(l, l->window, l->top, l->cursor, focused);
}

/* --- sideways --- */

static void stage(struct list *l, int last_column)
{
    l->column_limit = last_column;
    draw_header(l, l->rows_y - 1);
    draw_rows(l, l->window, l->top, -1, false);
    l->column_limit = -1;
    term_stage(list_term(l));
}

/* The picture without the columns that will have no place, then room for
 * those that come in. */
static void stage_left(struct list *l, int from)
{
    int to = l->scrolled;
    int x = list_column_x(l, 1 + to);
    int room = 0;
    each_column(l, l->rows_y, NULL, no_column); /* finds shown_last */
    for (int i = 1 + to; i <= from; i++)
        room += list_column_width(l, i) + 1;
    l->scrolled = from;
    stage(l, l->shown_last);
    l->scrolled = to;
    term_make_room(list_term(l), l->rows_y - 1, l->capacity + 1, x, room);
    struct rect r = {l->rows_y - 1, x, l->capacity + 1,
                     l->rect.x + l->rect.w - x};
    term_fill(list_term(l), r, STYLE_text);
}

/* Scrolled sideways since the last frame: first a picture in which the columns
 * that stay have only moved, which a terminal does by itself, then those that
 * are new. The whole table anew would cost three times as much. */
static void stage_shift(struct list *l)
{
    int from = l->shown_scrolled;
    l->shown_scrolled = l->scrolled;
    if (l->scrolled == from || l->before || window_empty(l->window))
        return;
    if (l->scrolled > from)
        stage(l, l->shown_last);
    else
        stage_left(l, from);
}

/* --- words instead of rows --- */

static void put_words(struct list *l, enum style s, const char *first,
                      const char *second)
{
    struct term *t = list_term(l);
    int x = l->rect.x + LIST_GUTTER;
    int w = l->rect.x + l->rect.w - x;
    term_put(t, l->rows_y, x, w, s, first);
    if (second && l->rect.y + l->rect.h > l->rows_y + 1)
        term_put(t, l->rows_y + 1, x, w, STYLE_label, second);
}

/* An empty list says what would fill it and the key that does. */
static void draw_empty(struct list *l)
{
    struct app *a = l->owner->app;
    const char *hint = NULL;
    if (l->search[0]) {
        put_words(
            l, STYLE_text,
            arena_printf(l->scratch, _("Nothing matches “%s”."), l->search),
            _("Esc shows all again; / changes the search."));
        return;
    }
    if (app_can(a, l->owner, ACT_new))
        hint = arena_printf(l->scratch, _("%s adds the first one."),
                            app_keys(a, ACT_new));
    put_words(
        l, STYLE_text,
        arena_printf(l->scratch, _("%s: none yet."), _(l->entity->plural)),
        hint);
}

static void draw_failure(struct list *l)
{
    put_words(l, STYLE_error, l->failure,
              arena_printf(l->scratch, _("%s asks again."),
                           app_keys(l->owner->app, ACT_reload)));
}

/* --- the search line --- */

static const char *count_words(struct list *l)
{
    struct arena *a = l->scratch;
    int64_t total = window_total(l->window);
    if (total < 0)
        return l->impatient ? _("Loading …") : "";
    if (l->search[0] && l->whole >= 0)
        return arena_printf(a, _("%s of %s"), cell_count(a, total),
                            cell_count(a, l->whole));
    return arena_printf(a, _("%s in all"), cell_count(a, total));
}

static void draw_search(struct list *l, int y)
{
    struct term *t = list_term(l);
    const char *count = count_words(l);
    int x = l->rect.x + 1;
    int right = l->rect.x + l->rect.w - 1;
    int w = right - utf8_width(count) - 1 - (x + 2);
    term_put_right(t, y, x, right - x, STYLE_label, count);
    if (w < 4)
        return;
    if (w > 40)
        w = 40;
    term_put(t, y, x, 1, STYLE_accent, "/");
    if (l->typing)
        edit_draw(l->box, t, y, x + 2, w, true);
    else if (l->search[0])
        term_put(t, y, x + 2, w, STYLE_text, l->search);
    else
        term_put(t, y, x + 2, w, STYLE_missing, _("Search"));
}

/* --- the whole --- */

static void lay_out(struct list *l, struct rect r)
{
    int above = l->o.part ? 0 : 1;
    int lines, cols;
    term_size(list_term(l), &lines, &cols);
    l->rect = r;
    l->cards = cols < LIST_NARROW;
    if (!l->cards)
        above++;
    l->rows_y = r.y + above;
    l->capacity = (r.h - above) / (l->cards ? 2 : 1);
    if (l->capacity < 1)
        l->capacity = 1;
    list_settle(l);
}

void list_draw(struct list *l, struct rect r, bool focused)
{
    arena_reset(l->scratch);
    if (list_set_columns(l)) /* my rights have come, or are others now */
        list_question(l, true);
    lay_out(l, r);
    if (!l->o.part)
        draw_search(l, r.y);
    if (!l->cards) {
        stage_shift(l);
        draw_header(l, l->rows_y - 1);
    }
    if (l->failure && window_empty(l->window)) {
        draw_failure(l);
    } else if (l->before) {
        draw_rows(l, l->before, l->before_top, -1, false);
    } else if (window_total(l->window) == 0) {
        draw_empty(l);
    } else if (!window_empty(l->window)) {
        draw_view(l, focused);
    } else if (!l->impatient) {
        list_timer_start(l, TIMER_patience, PATIENCE_MS, lose_patience);
    }
    list_fetch(l);
}
