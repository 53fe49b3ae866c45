/* How live changes look in a list: a changed cell has a sign before it and its
 * own style, a row that is gone is dim with a sign in the gutter, and that
 * other rows came is a word beside the count. */
#include "tui/widget/list_live.h"

#include "common/utf8.h"

static struct term *list_term(const struct list *l)
{
    return app_term(l->owner->app);
}

static struct cell cell_in(struct list *l, const struct field *f,
                           const cJSON *row)
{
    return cell_of(list_remote(l), f, l->scratch,
                   cJSON_GetArrayItem(row, list_cell_index(l, f)));
}

static bool is_marked(const struct list *l, const struct field *f,
                      uint64_t cells)
{
    int at = list_cell_index(l, f);
    return at >= 2 && (cells & (uint64_t)1 << (at - 2));
}

/* The sign stands right before the text: both go out together. */
static void draw_mark(struct list *l, int y, int x, int w)
{
    struct term *t = list_term(l);
    term_put(t, y, x - 1, 1, STYLE_changed, term_symbol(t, "changed"));
    if (w > 0)
        term_restyle(t, y, x, w, STYLE_changed);
}

static void mark_span(struct list *l, int y, const struct list_span *span,
                      const cJSON *row)
{
    const struct field *f = l->columns[span->column].field;
    int w = utf8_width(cell_in(l, f, row).text);
    int used = w < span->w ? w : span->w;
    draw_mark(l, y, f->type->align == 1 ? span->x + span->w - used : span->x,
              used);
}

static void mark_badges(struct list *l, int y, const cJSON *row, uint64_t cells)
{
    const struct field *badges[CELL_BADGES];
    int x = l->rect.x + LIST_GUTTER, right = l->rect.x + l->rect.w;
    int n = cell_badges(l->entity, badges);
    for (int i = 0; i < n && x < right; i++) {
        bool here = list_cell_index(l, badges[i]) >= 0;
        int w = here ? utf8_width(cell_in(l, badges[i], row).text) : 0;
        if (is_marked(l, badges[i], cells))
            draw_mark(l, y, x, w < right - x ? w : right - x);
        x += w ? w + 2 : 0;
    }
}

static void draw_gone(struct list *l, int y, int lines)
{
    struct term *t = list_term(l);
    int x = l->rect.x + LIST_GUTTER;
    term_put(t, y, x - 1, 1, STYLE_missing, term_symbol(t, "gone"));
    for (int i = 0; i < lines; i++)
        term_restyle(t, y + i, x, l->rect.x + l->rect.w - x, STYLE_missing);
}

void list_live_draw(struct list *l, int y, const cJSON *row,
                    const struct list_span *spans, int n)
{
    uint64_t cells = list_live_marks(l, row);
    for (int i = 0; i < n && cells && !l->cards; i++)
        if (is_marked(l, l->columns[spans[i].column].field, cells))
            mark_span(l, y, &spans[i], row);
    if (cells && l->cards) {
        struct list_span title = {0, l->rect.x + LIST_GUTTER,
                                  l->rect.w - LIST_GUTTER};
        if (is_marked(l, l->columns[0].field, cells))
            mark_span(l, y, &title, row);
        mark_badges(l, y + 1, row, cells);
    }
    if (list_live_gone(l, row))
        draw_gone(l, y, l->cards ? 2 : 1);
}

const char *list_live_hint(struct list *l)
{
    if (!l->live->others)
        return "";
    return arena_printf(l->scratch, _("updated, %s shows  "),
                        app_keys(l->owner->app, ACT_reload));
}
