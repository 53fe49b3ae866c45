/* A list for screen readers (UX-12): the row under the cursor as one text,
 * "Row 7 of 1,204: NAME, mode agency, …", in the same place always. */
#include "tui/widget/list_impl.h"

#include "common/utf8.h"
#include "tui/widget/linear.h"

#include <string.h>

enum { SIGNS_FROM = 0x2190, SIGNS_TO = 0x2bff /* arrows … circles */ };

/* The sign that goes with a state is for the eye; the word says it. */
static const char *without_sign(const char *text)
{
    uint32_t cp = 0;
    size_t used = utf8_decode(text, strlen(text), &cp);
    bool sign = cp >= SIGNS_FROM && cp <= SIGNS_TO && text[used] == ' ';
    return sign ? text + used + 1 : text;
}

static const char *cell_text(struct list *l, const struct field *f,
                             const cJSON *row)
{
    const cJSON *item = cJSON_GetArrayItem(row, list_cell_index(l, f));
    return without_sign(cell_of(list_remote(l), f, l->scratch, item).text);
}

/* What is empty is not read out. */
static const char *row_text(struct list *l, const cJSON *row)
{
    const char *text = cell_text(l, l->columns[0].field, row);
    for (int i = 1; i < l->ncolumns; i++) {
        const struct field *f = l->columns[i].field;
        const char *value = l->columns[i].shown ? cell_text(l, f, row) : "";
        if (*value != '\0')
            text = arena_printf(l->scratch, _("%s, %s %s"), text, _(f->label),
                                value);
    }
    return text;
}

static const char *place_text(struct list *l)
{
    int64_t at = list_position(l), total = list_total(l);
    if (at == 0 || total < 0)
        return _("Row");
    return arena_printf(l->scratch, _("Row %s of %s"),
                        cell_count(l->scratch, at),
                        cell_count(l->scratch, total));
}

/* The header has the keys: the column and how it sorts. */
static const char *head_text(struct list *l)
{
    char mark[16];
    const struct field *f = l->columns[l->head].field;
    return arena_printf(l->scratch, _("Sort by: %s %s"), _(f->label),
                        list_sort_mark(l, f, mark));
}

void list_linear(struct list *l)
{
    struct term *t = app_term(l->owner->app);
    const cJSON *row = window_row(l->window, l->cursor);
    struct rect r = {l->rows_y, l->rect.x, l->rect.y + l->rect.h - l->rows_y,
                     l->rect.w - 1};
    bool selected = list_row_selected(l, l->window, l->cursor);
    const char *text =
        l->head >= 0 ? head_text(l)
                     : arena_printf(l->scratch, _("%s%s: %s"), place_text(l),
                                    selected ? _(", selected") : "",
                                    row ? row_text(l, row) : _("Loading …"));
    int y, x;
    term_cursor_at(t, &y, &x);
    linear_put(t, r, text);
    if (l->typing) /* the box keeps it */
        term_cursor(t, y, x, true);
}
