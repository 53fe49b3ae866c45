/* The picker: a chooser that keeps what is chosen, because with many rows
 * the chosen ones need not be among those shown. */
#include "tui/widget/picker.h"

#include "tui/widget/chooser.h"

#include <string.h>

enum { CLEAR_ID = -1, MAKE_ID = -2 };

struct choice {
    char *value, *label;
};

struct picker {
    struct app *app;
    struct chooser *chooser;
    struct picker_options o;
    struct arena *arena;
    struct choice *chosen;
    int n;
    bool touched; /* something was unticked */
    picker_fn *then;
    void *ctx;
};

/* --- what is chosen --- */

static int find_chosen(const struct picker *p, const char *value)
{
    for (int i = 0; i < p->n; i++)
        if (strcmp(p->chosen[i].value, value) == 0)
            return i;
    return -1;
}

static void add_chosen(struct picker *p, const char *value, const char *label)
{
    if (find_chosen(p, value) >= 0)
        return;
    p->chosen = x_reallocarray(p->chosen, (size_t)p->n + 1, sizeof(*p->chosen));
    p->chosen[p->n++] = (struct choice){x_strdup(value), x_strdup(label)};
}

static void drop_chosen(struct picker *p, int i)
{
    x_free(&p->chosen[i].value);
    x_free(&p->chosen[i].label);
    p->n--;
    memmove(p->chosen + i, p->chosen + i + 1,
            (size_t)(p->n - i) * sizeof(*p->chosen));
}

static void clear_chosen(struct picker *p)
{
    while (p->n > 0)
        drop_chosen(p, p->n - 1);
}

static void make(struct picker *p)
{
    p->o.source->make(p->o.source->ctx, p, chooser_text(p->chooser));
}

/* --- the rows --- */

/* A new one can be made of what was typed, unless there is such a one. */
static bool may_make(const struct picker *p, const struct menu_item *items,
                     int n, const char *typed)
{
    for (int i = 0; i < n; i++)
        if (strcmp(items[i].label, typed) == 0)
            return false;
    return p->o.source != NULL && p->o.source->make != NULL && *typed != '\0';
}

/* The rows with their ticks; in front of them "nothing", behind them the
 * text itself where that may be a value. */
static void show(struct picker *p, const struct menu_item *items, int n,
                 const char *typed)
{
    size_t room = (size_t)n + (size_t)p->o.nextra + 3;
    struct menu_item *rows = x_calloc(room, sizeof(*rows));
    int count = 0;
    bool empty = *typed == '\0';
    if (p->o.may_clear && !p->o.multi && empty)
        rows[count++] = (struct menu_item){
            .label = _("(empty)"), .value = "", .id = CLEAR_ID};
    for (int i = 0; i < n; i++) {
        rows[count] = items[i];
        rows[count++].ticked =
            p->o.multi && find_chosen(p, items[i].value) >= 0;
    }
    if (p->o.free_text && !empty)
        rows[count++] = (struct menu_item){
            .label = typed,
            .value = typed,
            .find = typed,
            .hint = _("as typed"),
            .ticked = p->o.multi && find_chosen(p, typed) >= 0};
    for (int i = 0; i < p->o.nextra; i++) {
        rows[count] = p->o.extra[i];
        rows[count++].ticked = find_chosen(p, p->o.extra[i].value) >= 0;
    }
    if (may_make(p, items, n, typed))
        rows[count++] = (struct menu_item){
            .label = typed, .value = "+", .hint = _("make it"), .id = MAKE_ID};
    menu_set(chooser_menu(p->chooser), rows, count);
    x_free(&rows);
}

static void on_typed(void *ctx, struct chooser *c, const char *text)
{
    struct picker *p = ctx;
    if (p->o.source != NULL) {
        p->o.source->find(p->o.source->ctx, p, text);
        return;
    }
    show(p, p->o.items, p->o.nitems, text);
    menu_filter(chooser_menu(c), text);
}

void picker_rows(struct picker *p, const struct menu_item *items, int n)
{
    show(p, items, n, chooser_text(p->chooser));
    app_redraw(p->app);
}

/* Enter on the row that makes one: the picker stays, for it takes a moment. */
static bool on_holds(void *ctx, struct chooser *c, const struct menu_item *item)
{
    (void)c;
    if (item->id == MAKE_ID)
        make(ctx);
    return item->id == MAKE_ID;
}

/* --- the end --- */

static void give(struct picker *p, picker_fn *to)
{
    const char **values = x_calloc((size_t)p->n + 1, sizeof(*values));
    const char **labels = x_calloc((size_t)p->n + 1, sizeof(*labels));
    for (int i = 0; i < p->n; i++) {
        values[i] = p->chosen[i].value;
        labels[i] = p->chosen[i].label;
    }
    to(p->ctx, values, labels, p->n);
    x_free(&values);
    x_free(&labels);
}

static void on_tick(void *ctx, const struct menu_item *item)
{
    struct picker *p = ctx;
    int at = find_chosen(p, item->value);
    if (item->id == MAKE_ID) {
        menu_toggle(chooser_menu(p->chooser)); /* no value to be ticked */
        make(p);
        return;
    }
    if (item->ticked && at < 0)
        add_chosen(p, item->value, item->label);
    else if (!item->ticked && at >= 0)
        drop_chosen(p, at);
    p->touched |= !item->ticked;
    if (p->o.changed != NULL)
        give(p, p->o.changed);
}

void picker_made(struct picker *p, const char *value, const char *label)
{
    if (!p->o.multi)
        clear_chosen(p);
    add_chosen(p, value, label);
    chooser_set_text(p->chooser, "");
    menu_select(chooser_menu(p->chooser), value);
    app_redraw(p->app);
}

static void on_choose(void *ctx, struct chooser *c,
                      const struct menu_item *item)
{
    struct picker *p = ctx;
    (void)c;
    /* Several may be ticked; who ticked none means the row he is on, unless
     * none is what he wants. */
    bool row = item != NULL && (!p->o.multi || (p->n == 0 && !p->touched));
    if (row) {
        clear_chosen(p);
        if (item->id != CLEAR_ID)
            add_chosen(p, item->value, item->label);
    }
    give(p, p->then);
}

static void on_freed(void *ctx)
{
    struct picker *p = ctx;
    if (p->o.source != NULL)
        p->o.source->stop(p->o.source->ctx);
    clear_chosen(p);
    x_free(&p->chosen);
    arena_free(&p->arena);
    x_free(&p);
}

/* Copies of rows: they are shown anew for each text. */
static const struct menu_item *keep_rows(struct picker *p,
                                         const struct menu_item *items, int n)
{
    struct arena *a = p->arena;
    struct menu_item *rows = arena_array(a, (size_t)n + 1, sizeof(*rows));
    for (int i = 0; i < n; i++) {
        const struct menu_item *from = &items[i];
        rows[i] = *from;
        rows[i].label = arena_strdup(a, from->label);
        rows[i].value = arena_strdup(a, from->value);
        rows[i].hint = from->hint != NULL ? arena_strdup(a, from->hint) : NULL;
        rows[i].find = from->find != NULL ? arena_strdup(a, from->find) : NULL;
        rows[i].help = NULL;
    }
    return rows;
}

void picker_open(struct app *a, const struct picker_options *o, picker_fn *then,
                 void *ctx)
{
    struct picker *p = x_calloc(1, sizeof(*p));
    *p = (struct picker){
        .app = a, .o = *o, .arena = arena_new(), .then = then, .ctx = ctx};
    p->o.items = keep_rows(p, o->items, o->nitems);
    p->o.extra = keep_rows(p, o->extra, o->nextra);
    for (int i = 0; i < o->nvalues; i++)
        add_chosen(p, o->values[i],
                   o->labels != NULL ? o->labels[i] : o->values[i]);
    if (o->source != NULL) {
        struct picker_source *s = arena_alloc(p->arena, sizeof(*s));
        *s = *o->source;
        p->o.source = s;
    }
    struct chooser_options c = {.title = o->title,
                                .prompt = "/",
                                .filter = true,
                                .multi = o->multi,
                                .choose = on_choose,
                                .holds = on_holds,
                                .typed = on_typed,
                                .ticked = on_tick,
                                .freed = on_freed,
                                .ctx = p};
    p->chooser = chooser_open(a, &c);
    on_typed(p, p->chooser, "");
    if (p->n > 0)
        menu_select(chooser_menu(p->chooser), p->chosen[0].value);
}
