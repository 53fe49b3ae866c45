/* The sheet of the columns: every one that this reader may see, ticked where
 * it is shown, in the order of the list; what is changed is seen in the list
 * behind at once (LIST-14). */
#include "tui/widget/list_impl.h"

#include "tui/widget/chooser.h"

#include <stdio.h>
#include <string.h>

/* A row keeps its place while the sheet is open, shown or hidden: nothing
 * jumps. */
struct columns {
    struct list *list;
    struct chooser *chooser;
    struct column at[LIST_COLUMNS];
    int n;
};

enum columns_do {
    DO_toggle,
    DO_up,
    DO_down,
    DO_narrower,
    DO_wider,
    DO_reset,
    COLUMNS_DO
};

static bool has(const struct columns *c, const struct field *f)
{
    for (int i = 0; i < c->n; i++)
        if (c->at[i].field == f)
            return true;
    return false;
}

static void read_columns(struct columns *c)
{
    struct list *l = c->list;
    c->n = 0;
    for (int i = 0; i < l->ncolumns; i++)
        if (l->columns[i].shown)
            c->at[c->n++] = l->columns[i];
    for (int i = 0; i < l->entity->nfields && c->n < LIST_COLUMNS; i++) {
        const struct field *f = &l->entity->fields[i];
        if (list_may_show(l, f) && !has(c, f))
            c->at[c->n++] = (struct column){.field = f};
    }
}

/* --- the rows --- */

static int width_of(const struct columns *c, const struct column *col)
{
    int at = list_column_of(c->list, col->field);
    if (at >= 0)
        return list_column_width(c->list, at);
    return col->width > 0 ? col->width : col->field->width;
}

static void show_rows(struct columns *c, const char *select)
{
    struct menu *m = chooser_menu(c->chooser);
    struct menu_item items[LIST_COLUMNS];
    char widths[LIST_COLUMNS][16];
    enum lang other = i18n_lang() == LANG_zh ? LANG_en : LANG_zh;
    for (int i = 0; i < c->n; i++) {
        const struct column *col = &c->at[i];
        snprintf(widths[i], sizeof(widths[i]), "%d", width_of(c, col));
        items[i] = (struct menu_item){.label = _(col->field->label),
                                      .hint = col->shown ? widths[i] : NULL,
                                      .help = _(col->field->help),
                                      .find = i18n_in(other, col->field->label),
                                      .value = col->field->id,
                                      .ticked = col->shown};
    }
    menu_set(m, NULL, 0); /* else the ticks of before would stay */
    menu_set(m, items, c->n);
    menu_filter(m, chooser_text(c->chooser));
    menu_select(m, select);
}

/* --- what is done to them --- */

static void put(struct columns *c)
{
    cJSON *layout = cJSON_CreateArray();
    for (int i = 0; i < c->n; i++) {
        if (!c->at[i].shown)
            continue;
        cJSON *pair = cJSON_CreateArray();
        cJSON_AddItemToArray(pair, cJSON_CreateString(c->at[i].field->id));
        cJSON_AddItemToArray(pair, cJSON_CreateNumber(c->at[i].width));
        cJSON_AddItemToArray(layout, pair);
    }
    list_put_layout(c->list, layout);
}

static void toggle(struct columns *c, int at)
{
    struct column *col = &c->at[at];
    if (col->field->flags & F_FIXED)
        app_message(c->list->owner->app, MESSAGE_info,
                    _("%s stays: rows are known by it."), _(col->field->label));
    else
        col->shown = !col->shown;
}

static void move(struct columns *c, int at, int by)
{
    int to = at + by;
    if (to < 0 || to >= c->n || c->at[at].field->flags & F_FIXED ||
        c->at[to].field->flags & F_FIXED)
        return;
    struct column other = c->at[to];
    c->at[to] = c->at[at];
    c->at[at] = other;
}

static void widen(struct columns *c, int at, int by)
{
    struct column *col = &c->at[at];
    int width = width_of(c, col) + by;
    if (width >= LIST_WIDTH_MIN && width <= LIST_WIDTH_MAX)
        col->width = width;
}

static void reset(struct columns *c)
{
    list_put_layout(c->list, NULL);
    read_columns(c);
}

static void run(struct columns *c, const char *id, enum columns_do what)
{
    int at = 0;
    while (at < c->n && strcmp(c->at[at].field->id, id) != 0)
        at++;
    if (at == c->n)
        return;
    const char *select = c->at[at].field->id; /* `id` goes with the rows */
    if (what == DO_toggle)
        toggle(c, at);
    else if (what == DO_up || what == DO_down)
        move(c, at, what == DO_up ? -1 : 1);
    else if (what != DO_reset)
        widen(c, at, what == DO_narrower ? -1 : 1);
    if (what == DO_reset)
        reset(c);
    else
        put(c);
    show_rows(c, select);
}

/* --- keys --- */

static const struct {
    const char *keys[3];
    enum columns_do what;
} rows[] = {
    {{"space"}, DO_toggle},         {{"K", "shift-up"}, DO_up},
    {{"J", "shift-down"}, DO_down}, {{"<", "-"}, DO_narrower},
    {{">", "+", "="}, DO_wider},    {{"ctrl-r"}, DO_reset},
};

static void more(void *ctx, struct chooser *chooser,
                 const struct menu_item *item);

static bool key(void *ctx, struct chooser *chooser,
                const struct menu_item *item, const struct event *e)
{
    struct event want;
    if (!item)
        return false;
    if (key_is_text(e) && e->cp == '.') {
        more(ctx, chooser, item);
        return true;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (int k = 0; k < 3 && rows[i].keys[k]; k++)
            if (key_parse(rows[i].keys[k], &want) && key_equal(&want, e)) {
                run(ctx, item->value, rows[i].what);
                return true;
            }
    return false;
}

static void ticked(void *ctx, const struct menu_item *item)
{
    run(ctx, item->value, DO_toggle);
}

static void do_more(void *ctx, const struct menu_item *item)
{
    struct columns *c = ctx;
    run(c, item->value, (enum columns_do)item->id);
}

static void more(void *ctx, struct chooser *chooser,
                 const struct menu_item *item)
{
    struct columns *c = ctx;
    const char *id = item->value;
    const struct menu_item items[] = {
        {.label = item->ticked ? _("Hide") : _("Show"),
         .hint = _("Space"),
         .id = DO_toggle,
         .value = id},
        {.label = _("Move up"), .hint = "K", .id = DO_up, .value = id},
        {.label = _("Move down"), .hint = "J", .id = DO_down, .value = id},
        {.label = _("Narrower"), .hint = "<", .id = DO_narrower, .value = id},
        {.label = _("Wider"), .hint = ">", .id = DO_wider, .value = id},
        {.label = _("All as they were at first"),
         .hint = "^R",
         .id = DO_reset,
         .value = id}};
    menu_open(chooser_app(chooser), item->label, items,
              sizeof(items) / sizeof(items[0]), do_more, c);
}

/* Enter: everything is done already. */
static void choose(void *ctx, struct chooser *c, const struct menu_item *item)
{
    (void)ctx, (void)c, (void)item;
}

static void freed(void *ctx)
{
    x_free(&ctx);
}

void list_columns_open(struct list *l)
{
    struct columns *c = x_calloc(1, sizeof(*c));
    struct chooser_options o = {
        .title = _("Columns"),
        .prompt = "/",
        .note = _("Space shows · J K move · < > width · . more"),
        .filter = true,
        .multi = true,
        .choose = choose,
        .ticked = ticked,
        .key = key,
        .more = more,
        .freed = freed,
        .ctx = c};
    c->list = l;
    read_columns(c);
    c->chooser = chooser_open(l->owner->app, &o);
    show_rows(c, list_in_header(l) ? l->columns[l->head].field->id
                                   : c->at[0].field->id);
}
