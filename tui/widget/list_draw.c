/* How a list looks around its rows: the search line, words where there are
 * none, what stays on the screen while an answer is on its way. */
#include "tui/widget/list_live.h"

#include "common/utf8.h"
#include "tui/widget/split.h"

#include <string.h>

#define PATIENCE_MS 150

static struct term *list_term(const struct list *l)
{
    return app_term(l->owner->app);
}

/* --- rows, or what stands for them --- */

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
        list_table_rows(l, l->window, l->shown_top, -1);
        return;
    }
    if (!away) {
        l->shown_top = l->top;
        l->impatient = false;
    }
    list_table_rows(l, l->window, l->top, focused ? l->cursor : -1);
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

/* Which keys bring rows back. */
static void draw_filtered_out(struct list *l)
{
    struct app *a = l->owner->app;
    struct arena *s = l->scratch;
    put_words(
        l, STYLE_text,
        l->search[0]
            ? arena_printf(s, _("No match for the filter together with “%s”."),
                           l->search)
            : _("No match for this filter."),
        arena_printf(s,
                     l->search[0]
                         ? _("%s clears the filter, %s changes it; Esc "
                             "leaves the search.")
                         : _("%s clears the filter, %s changes it."),
                     app_keys(a, ACT_filter_clear), app_keys(a, ACT_filter)));
}

/* An empty list says what would fill it and the key that does. */
static void draw_empty(struct list *l)
{
    struct app *a = l->owner->app;
    const char *hint = NULL;
    if (l->filter) {
        draw_filtered_out(l);
        return;
    }
    if (l->search[0]) {
        put_words(
            l, STYLE_text,
            arena_printf(l->scratch, _("Nothing matches “%s”."), l->search),
            _("Esc shows all again; / changes the search."));
        return;
    }
    if (l->o.trash) {
        put_words(l, STYLE_text, _("The trash is empty."), NULL);
        return;
    }
    if (app_can(a, l->owner, ACT_new))
        hint = arena_printf(l->scratch, _("%s adds the first one."),
                            app_keys(a, ACT_new));
    put_words(l, STYLE_text,
              arena_printf(l->scratch, _("%s: none yet."), _(l->entity->label)),
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
    const char *hint = list_live_hint(l);
    const char *count = cell_count(a, total);
    if (l->cards && *hint)
        return hint; /* the search needs the room; the foot has the number */
    if (l->cards && l->filter)
        return total == 1 ? _("1 match")
                          : arena_printf(a, _("%s matches"), count);
    if (list_is_narrowed(l) && l->whole >= 0)
        count = arena_printf(a, _("%s of %s"), count, cell_count(a, l->whole));
    else if (list_is_narrowed(l))
        count = arena_printf(a, _("%s found"), count);
    else
        count = arena_printf(a, _("%s in all"), count);
    return arena_printf(a, "%s%s", hint, count);
}

/* The name of the saved filter in force stands quietly before the count; on a
 * narrow screen it gives way to the search. */
static const char *right_words(struct list *l)
{
    const char *count = count_words(l);
    const char *saved = list_saved_words(l);
    int room = l->rect.w / 3;
    if (!saved)
        return count;
    int used;
    size_t len = strlen(saved);
    size_t fits = utf8_fit(saved, len, room, &used);
    return arena_printf(l->scratch, "%.*s%s  %s", (int)fits, saved,
                        fits < len ? term_symbol(list_term(l), "cut") : "",
                        count);
}

/* As many of the split fields as have room; the form tells all. */
static const char *split_line(struct list *l, int room)
{
    const struct field *f[SPLIT_MAX];
    const char *out = "";
    int n = split_fields(list_remote(l), l->entity, f);
    for (int i = 0; l->wide && l->split && i < n; i++) {
        const char *more = arena_printf(
            l->scratch, "%s%s  ", out,
            split_words(l->owner->app, l->scratch, f[i], l->split));
        if (utf8_width(more) > room)
            return out;
        out = more;
    }
    return out;
}

/* The count, and left of it its split where there is room for both. Where
 * they begin. */
static int draw_count(struct list *l, int y, int x, int right)
{
    struct term *t = list_term(l);
    const char *count = right_words(l);
    int w = utf8_width(count);
    const char *split = split_line(l, (right - x) / 2 - w);
    int s = utf8_width(split);
    term_put_right(t, y, x, right - x, STYLE_label, count);
    term_put(t, y, right - w - s, s, STYLE_label, split);
    return right - w - s;
}

static void draw_box(struct list *l, int y, int x, int w)
{
    struct term *t = list_term(l);
    l->box_at = (struct rect){y, x, 1, w + 2};
    if (!l->typing)
        app_spot(l->owner->app, l->owner, l->box_at, ACT_search, 0);
    term_put(t, y, x, 1, STYLE_accent, "/");
    if (l->typing)
        edit_draw(l->box, t, y, x + 2, w, true);
    else if (l->dropping)
        term_put(t, y, x + 2, w, STYLE_accent, _("Which one goes?"));
    else if (l->search[0])
        term_put(t, y, x + 2, w, STYLE_text, l->search);
    else
        term_put(t, y, x + 2, w, STYLE_missing, _("Search"));
}

/* On a narrow screen the chips are their number, or, while a digit is waited
 * for, a line of their own. */
static void draw_narrow(struct list *l, int y, int x, int right)
{
    const char *words = list_chips_words(l);
    int w = utf8_width(words);
    if (l->dropping) {
        list_chips_ask(l, y, x, right);
        return;
    }
    right = draw_count(l, y, x, right) - 1;
    if (w && right - w - 1 - x >= 8) {
        struct rect at = {y, right - w, 1, w};
        app_spot(l->owner->app, l->owner, at, ACT_filter, 0);
        term_put(list_term(l), y, at.x, w, STYLE_chip, words);
        right -= w + 1;
    }
    if (right - x - 2 >= 4)
        draw_box(l, y, x, right - x - 2);
}

static void draw_search(struct list *l, int y)
{
    int x = l->rect.x + 1;
    int right = l->rect.x + l->rect.w - 1;
    if (l->cards) {
        draw_narrow(l, y, x, right);
        return;
    }
    right = draw_count(l, y, x, right) - 1;
    int w = right - (x + 2);
    int most = l->filter ? 20 : 40;
    if (w < 4)
        return;
    if (w > most)
        w = most;
    draw_box(l, y, x, w);
    if (l->filter)
        list_chips_draw(l, y, x + 2 + w + 1, right);
}

/* --- the whole --- */

void list_place(struct list *l, struct rect r)
{
    int above = l->o.part ? 0 : 1;
    int lines, cols;
    term_size(list_term(l), &lines, &cols);
    l->rect = r;
    l->cards = cols < LIST_NARROW;
    list_set_wide(l, cols >= LIST_WIDE);
    bool linear = term_linear(list_term(l));
    if (!l->cards && !linear)
        above++;
    l->rows_y = r.y + above;
    l->capacity = (r.h - above) / (l->cards ? 2 : 1);
    if (l->capacity < 1)
        l->capacity = 1;
    list_settle(l);
}

/* Where no row has the cursor, the words have it. */
static void park(struct list *l)
{
    if (window_empty(l->window) && l->head < 0 && !l->typing)
        term_cursor(list_term(l), l->rows_y, l->rect.x, false);
}

void list_draw(struct list *l, struct rect r, bool focused)
{
    arena_reset(l->scratch);
    enum list_change change = list_set_columns(l);
    if (change == LIST_other) /* my rights have come, or are others now */
        list_question(l, true);
    else if (change == LIST_more)
        list_refetch(l);
    list_place(l, r);
    if (!l->o.part)
        draw_search(l, r.y);
    bool linear = term_linear(list_term(l));
    if (!l->cards && !linear) {
        list_table_shift(l);
        list_table_header(l);
    }
    if (focused)
        park(l);
    if (l->failure && window_empty(l->window)) {
        draw_failure(l);
    } else if (linear && !window_empty(l->window)) {
        if (focused)
            list_linear(l);
    } else if (l->before) {
        list_table_rows(l, l->before, l->before_top, -1);
    } else if (window_total(l->window) == 0) {
        draw_empty(l);
    } else if (!window_empty(l->window)) {
        draw_view(l, focused);
    } else if (!l->impatient) {
        list_timer_start(l, TIMER_patience, PATIENCE_MS, lose_patience);
    }
    list_fetch(l);
    list_live_view(l);
}
