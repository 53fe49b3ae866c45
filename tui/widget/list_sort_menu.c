/* The order of a list where it has no header, on narrow screens: a menu of the
 * columns that sort, with the same keys as the header (LIST-15, UX-03). */
#include "tui/widget/list_impl.h"

#include "common/utf8.h"
#include "tui/widget/chooser.h"

static void show_rows(struct list *l, struct menu *m)
{
    struct menu_item items[LIST_COLUMNS];
    char marks[LIST_COLUMNS][16];
    int n = 0;
    for (int i = 0; i < l->entity->nfields && n < LIST_COLUMNS; i++) {
        const struct field *f = &l->entity->fields[i];
        enum lang other = i18n_lang() == LANG_zh ? LANG_en : LANG_zh;
        if (!list_may_show(l, f) || !list_can_sort(l, f))
            continue;
        items[n] = (struct menu_item){.label = _(f->label),
                                      .hint = list_sort_mark(l, f, marks[n]),
                                      .find = i18n_in(other, f->label),
                                      .value = f->id};
        n++;
    }
    menu_set(m, items, n);
}

static void order(struct list *l, struct chooser *c, const char *id,
                  enum order_way way, int rank)
{
    list_order(l, way, field_find(l->entity, id), rank);
    show_rows(l, chooser_menu(c));
}

static void choose(void *ctx, struct chooser *c, const struct menu_item *item)
{
    struct list *l = ctx;
    (void)c;
    list_order(l, ORDER_only, field_find(l->entity, item->value), 0);
}

static bool key(void *ctx, struct chooser *c, const struct menu_item *item,
                const struct event *e)
{
    bool drop = (key_is_text(e) && e->cp == 'x') || e->code == KEYC_delete;
    if (!item)
        return false;
    if (key_is_text(e) && e->cp == ' ')
        order(ctx, c, item->value, ORDER_flip, 0);
    else if (key_is_text(e) && e->cp >= '1' && e->cp < '1' + SORT_KEYS)
        order(ctx, c, item->value, ORDER_rank, (int)e->cp - '1');
    else if (drop)
        order(ctx, c, item->value, ORDER_drop, 0);
    else
        return false;
    return true;
}

/* What the keys do, for those who have none of them. */
struct more {
    struct list *list;
    struct chooser *chooser;
    const struct field *field;
};

static void do_more(void *ctx, const struct menu_item *item)
{
    struct more *m = ctx;
    order(m->list, m->chooser, m->field->id, (enum order_way)item->id, 0);
}

static void more(void *ctx, struct chooser *c, const struct menu_item *item)
{
    struct list *l = ctx;
    const struct menu_item items[] = {
        {.label = _("Sort by this alone"), .id = ORDER_only},
        {.label = _("Turn round, or add"),
         .hint = _("Space"),
         .id = ORDER_flip},
        {.label = _("Make it the first key"), .hint = "1", .id = ORDER_rank},
        {.label = _("Do not sort by it"), .hint = "x", .id = ORDER_drop}};
    struct more *m = arena_alloc(chooser_arena(c), sizeof(*m));
    *m = (struct more){l, c, field_find(l->entity, item->value)};
    menu_open(l->owner->app, item->label, items,
              sizeof(items) / sizeof(items[0]), do_more, m);
}

void list_sort_menu(struct list *l)
{
    struct chooser_options o = {.title = _("Sort by"),
                                .note = _("Space turns · 1–3 rank · x removes"),
                                .tall = true,
                                .choose = choose,
                                .key = key,
                                .more = more,
                                .ctx = l};
    struct chooser *c = chooser_open(l->owner->app, &o);
    show_rows(l, chooser_menu(c));
    if (l->nsort)
        menu_select(chooser_menu(c), l->sort[0].field->id);
}
