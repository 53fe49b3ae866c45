/* Pages of a list (LIST-19): so many rows from the first on. They are what
 * "this page" means where rows leave the screen, and a way to go far; the
 * screen itself moves by rows. */
#include "tui/widget/list_impl.h"

enum { ROOM = 100 /* cells of a screen whose footer has room for the page */ };

static int64_t page_rows(const struct list *l)
{
    int rows = client_settings_page(app_settings(l->owner->app));
    if (rows > 0)
        return rows;
    return l->capacity > 0 ? l->capacity : 1;
}

void list_page(const struct list *l, int64_t *first, int *n)
{
    int64_t rows = page_rows(l), bound = window_bound(l->window);
    *first = l->cursor - l->cursor % rows;
    int64_t left = bound > *first ? bound - *first : 0;
    *n = window_empty(l->window) ? 0 : (int)(left < rows ? left : rows);
}

void list_go_page(struct list *l, int64_t page)
{
    int64_t rows = page_rows(l), bound = window_bound(l->window);
    int64_t last = bound > 0 ? (bound - 1) / rows : 0;
    int64_t wanted = page - 1 < last ? page - 1 : last;
    /* The first row of the page is the first of the screen. */
    l->top = wanted * rows;
    list_put_cursor(l, wanted * rows);
}

const char *list_foot_page(const struct list *l, struct arena *a)
{
    const char *foot = list_foot(l, a);
    int64_t total = list_total(l), rows = page_rows(l);
    int lines, cols;
    term_size(app_term(l->owner->app), &lines, &cols);
    if (cols < ROOM || total <= 0 || list_position(l) == 0)
        return foot;
    return arena_printf(a, _("%s · page %s/%s"), foot,
                        cell_count(a, l->cursor / rows + 1),
                        cell_count(a, (total + rows - 1) / rows));
}
