/* The tabs of a record: a bar where all of them fit, else the open one alone,
 * which opens a menu of all (UX-03). */
#include "tui/screen/record_impl.h"

#include "common/utf8.h"
#include "tui/widget/menu.h"

/* The tabs of a customer's detail, from the table (DET-01). */
static const struct tab_row {
    const char *label;
    char key;
} tab_rows[TABS] = {
#define TAB(id, l, k) [TAB_##id] = {.label = (l), .key = (k)},
#include "schema/tab.def"
#undef TAB
};

enum { FRAME = 3 /* the key, and a bracket or a blank at both sides */ };

static int bar_width(void)
{
    int w = 0;
    for (int tab = TAB_NONE + 1; tab < TABS; tab++)
        w += utf8_width(_(tab_rows[tab].label)) + FRAME;
    return w;
}

/* The open one stands in brackets: colour alone would not tell (UX-12). */
static int draw_tab(struct record_screen *rs, int y, int x, int tab)
{
    struct app *a = rs->screen.app;
    const struct tab_row *row = &tab_rows[tab];
    int right = rs->form_rect.x + rs->form_rect.w;
    bool open = tab == (int)rs->tab;
    const char *text = arena_printf(rs->scratch, open ? "[%c%s]" : " %c%s ",
                                    row->key, _(row->label));
    int w = term_put(app_term(a), y, x, right - x,
                     open ? STYLE_accent : STYLE_label, text);
    app_spot(a, &rs->screen, (struct rect){y, x, 1, w}, ACT_tab_open,
             (uint32_t)row->key);
    return x + w;
}

/* "1Cooperation ▾ 1/7" */
static void draw_folded(struct record_screen *rs, int y)
{
    struct app *a = rs->screen.app;
    struct term *t = app_term(a);
    const struct tab_row *row = &tab_rows[rs->tab];
    struct rect r = {y, rs->form_rect.x, 1, rs->form_rect.w};
    const char *name = arena_printf(rs->scratch, "[%c%s]%s", row->key,
                                    _(row->label), term_symbol(t, "below"));
    int used = term_put(t, y, r.x, r.w, STYLE_accent, name) + 1;
    term_put(t, y, r.x + used, r.w - used, STYLE_label,
             arena_printf(rs->scratch, "%d/%d", (int)rs->tab, TABS - 1));
    app_spot(a, &rs->screen, r, ACT_tab_open, 0);
}

void record_draw_tabs(struct record_screen *rs, int y)
{
    int x = rs->form_rect.x;
    if (bar_width() > rs->form_rect.w ||
        term_linear(app_term(rs->screen.app))) {
        draw_folded(rs, y);
        return;
    }
    for (int tab = TAB_NONE + 1; tab < TABS; tab++)
        x = draw_tab(rs, y, x, tab);
}

static void on_tab(void *ctx, const struct menu_item *item)
{
    record_open_tab(ctx, item->id);
}

void record_tab_menu(struct record_screen *rs)
{
    struct menu_item items[TABS] = {0};
    int n = 0;
    for (int tab = TAB_NONE + 1; tab < TABS; tab++) {
        const struct tab_row *row = &tab_rows[tab];
        items[n++] = (struct menu_item){
            .label = _(row->label),
            .hint = arena_printf(rs->scratch, "%c", row->key),
            .id = tab};
    }
    menu_open(rs->screen.app, _("Open a tab"), items, n, on_tab, rs);
}
