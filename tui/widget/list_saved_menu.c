/* The menu of saved filters: mine and those shared with me. A digit or Enter
 * applies one, the actions key does the rest (LIST-06). */
#include "tui/widget/list_impl.h"

#include "common/utf8.h"
#include "tui/app/saved.h"
#include "tui/widget/chooser.h"
#include "tui/widget/dialog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 500, DIGITS = 9, NAME_LEN_MAX = 50 };

/* What a row is; a saved filter has its id as the value. */
enum { ROW_filter, ROW_save, ROW_none };

static struct saved *store(const struct list *l)
{
    return app_saved(l->owner->app);
}

static const struct saved_row *row_of(struct list *l,
                                      const struct menu_item *item)
{
    bool filter = item && item->id == ROW_filter && item->value;
    return filter ? saved_find(store(l), strtoll(item->value, NULL, 10)) : NULL;
}

/* --- the rows --- */

static const char *sharing(struct list *l, const char *code)
{
    int n;
    const struct remote_option *o =
        remote_options(list_remote(l), "filter_sharing", &n);
    for (int i = 0; i < n; i++)
        if (strcmp(o[i].code, code) == 0)
            return o[i].label;
    return code;
}

/* "Default · My team", or whose it is. */
static const char *about(struct list *l, struct arena *a,
                         const struct saved_row *row)
{
    bool shared = strcmp(row->shared, "none") != 0;
    if (!row->mine)
        return arena_printf(a, _("Shared by %s."), row->owner);
    return arena_printf(a, "%s%s%s", row->is_default ? _("Default") : "",
                        row->is_default && shared ? " · " : "",
                        shared ? sharing(l, row->shared) : "");
}

/* The digit that applies it; a sign at the one in force. */
static const char *hint_of(struct list *l, struct arena *a,
                           const struct saved_row *row, int number)
{
    const char *sign = row->id == l->saved
                           ? term_symbol(app_term(l->owner->app), "check")
                           : "";
    if (number > DIGITS)
        return sign;
    return arena_printf(a, "%s %d", sign, number);
}

static void add_filter(struct list *l, struct arena *a, struct menu_item *item,
                       const struct saved_row *row, int number)
{
    bool wide = !l->cards;
    const char *words = about(l, a, row);
    *item = (struct menu_item){
        .label = wide || !*words ? row->name
                                 : arena_printf(a, "%s · %s", row->name, words),
        .hint = hint_of(l, a, row, number),
        .help = wide ? words : NULL,
        .value = arena_printf(a, "%lld", (long long)row->id),
        .id = ROW_filter};
}

static void show_rows(struct list *l, struct menu *m)
{
    int n, count = 0;
    struct arena *a = arena_new();
    const struct saved_row *const *rows =
        saved_rows(store(l), l->entity->id, &n);
    struct menu_item *items = arena_array(a, (size_t)n + 3, sizeof(*items));
    for (int i = 0; i < n; i++) {
        if (!rows[i]->mine && (i == 0 || rows[i - 1]->mine))
            items[count++] = (struct menu_item){.label = _("Shared with me"),
                                                .heading = true};
        add_filter(l, a, &items[count++], rows[i], i + 1);
    }
    items[count++] = (struct menu_item){.label = _("Save what the list shows"),
                                        .hint = "+",
                                        .value = "save",
                                        .id = ROW_save};
    items[count++] = (struct menu_item){
        .label = _("No filter"), .hint = "0", .value = "none", .id = ROW_none};
    menu_set(m, items, count);
    arena_free(&a);
}

void list_saved_refresh(void *list)
{
    struct list *l = list;
    if (l->saved_menu)
        show_rows(l, chooser_menu(l->saved_menu));
    app_redraw(l->owner->app);
}

/* --- changes --- */

static void on_changed(void *ctx, int64_t id, const struct err *err)
{
    struct list *l = ctx;
    (void)id;
    if (err)
        app_error(l->owner->app, err);
    const struct saved_row *row = saved_find(store(l), l->saved);
    if (row && strcmp(row->name, l->saved_name) != 0) {
        x_free(&l->saved_name);
        l->saved_name = x_strdup(row->name);
    }
    list_saved_refresh(l);
}

/* {"id","version"} of a row. */
static cJSON *params_of(const struct saved_row *row)
{
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)row->id);
    cJSON_AddNumberToObject(params, "version", (double)row->version);
    return params;
}

static void set_value(struct list *l, const struct saved_row *row,
                      const char *field, cJSON *value)
{
    cJSON *params = params_of(row);
    cJSON *values = cJSON_AddObjectToObject(params, "values");
    cJSON_AddItemToObject(values, field, value);
    saved_change(store(l), "update", params, on_changed, l);
}

/* What the user is asked about: the row by its id, since rows are read anew
 * meanwhile. */
static const struct saved_row *asked(struct list *l)
{
    return saved_find(store(l), l->overwritten);
}

static void do_apply(struct list *l, const struct saved_row *row)
{
    int64_t id = row->id;
    if (l->saved_menu)
        chooser_close(l->saved_menu);
    list_saved_apply(l, id);
}

static void do_overwrite(struct list *l, const struct saved_row *row)
{
    list_saved_overwrite(l, row->id);
}

static void renamed(void *ctx, const char *text)
{
    struct list *l = ctx;
    if (asked(l))
        set_value(l, asked(l), "name", cJSON_CreateString(text));
}

static void do_rename(struct list *l, const struct saved_row *row)
{
    struct dialog_prompt p = {.title = _("Rename the filter"),
                              .label = _("Name"),
                              .value = row->name,
                              .max = NAME_LEN_MAX,
                              .check = list_saved_name_ok};
    dialog_ask(l->owner->app, &p, renamed, l);
}

static void do_default(struct list *l, const struct saved_row *row)
{
    set_value(l, row, "is_default", cJSON_CreateBool(!row->is_default));
}

static void shared(void *ctx, const struct menu_item *item)
{
    struct list *l = ctx;
    if (asked(l))
        set_value(l, asked(l), "shared", cJSON_CreateString(item->value));
}

static void do_share(struct list *l, const struct saved_row *row)
{
    int n;
    const struct remote_option *o =
        remote_options(list_remote(l), "filter_sharing", &n);
    struct menu_item *items = x_calloc((size_t)n + 1, sizeof(*items));
    for (int i = 0; i < n; i++)
        items[i] = (struct menu_item){
            .label = o[i].label,
            .value = o[i].code,
            .hint = strcmp(o[i].code, row->shared) == 0 ? _("now") : NULL};
    menu_open(l->owner->app, _("Share with"), items, n, shared, l);
    x_free(&items);
}

static void do_up(struct list *l, const struct saved_row *row)
{
    saved_move(store(l), row->id, -1, on_changed, l);
}

static void do_down(struct list *l, const struct saved_row *row)
{
    saved_move(store(l), row->id, 1, on_changed, l);
}

static void deleted(void *ctx)
{
    struct list *l = ctx;
    const struct saved_row *row = asked(l);
    if (!row)
        return;
    if (row->id == l->saved)
        l->saved = 0;
    saved_change(store(l), "delete", params_of(row), on_changed, l);
}

static void do_delete(struct list *l, const struct saved_row *row)
{
    char *text = x_asprintf(_("“%s” will be gone for good."), row->name);
    struct dialog_question q = {.title = _("Delete the filter?"),
                                .text = text,
                                .yes = _("Delete"),
                                .danger = true};
    dialog_confirm(l->owner->app, &q, deleted, l);
    x_free(&text);
}

/* One of somebody else becomes one of mine. */
static void do_copy(struct list *l, const struct saved_row *row)
{
    cJSON *params =
        list_saved_new(l, row->name, cJSON_Duplicate(row->definition, true));
    saved_change(store(l), "create", params, on_changed, l);
}

/* TO ADD what can be done with a saved filter: a row. */
static const struct {
    const char *label, *key, *hint; /* hint: where it is not the key */
    void (*run)(struct list *l, const struct saved_row *row);
    bool mine, others;
} deeds[] = {
    {N_("Apply"), "enter", N_("Enter"), do_apply, true, true},
    {N_("Overwrite with this view"), "o", NULL, do_overwrite, true, false},
    {N_("Rename"), "r", NULL, do_rename, true, false},
    {N_("Make it the default"), "d", NULL, do_default, true, false},
    {N_("Share"), "s", NULL, do_share, true, false},
    {N_("Move up"), "K", NULL, do_up, true, false},
    {N_("Move down"), "J", NULL, do_down, true, false},
    {N_("Keep a copy of my own"), "c", NULL, do_copy, false, true},
    {N_("Delete"), "del", N_("Del"), do_delete, true, false},
};
enum { DEEDS = sizeof(deeds) / sizeof(deeds[0]) };

static bool fits(int deed, const struct saved_row *row)
{
    return row->mine ? deeds[deed].mine : deeds[deed].others;
}

static const char *label_of(int deed, const struct saved_row *row)
{
    bool no_longer = deeds[deed].run == do_default && row->is_default;
    return no_longer ? _("No longer the default") : _(deeds[deed].label);
}

static void do_deed(void *ctx, const struct menu_item *item)
{
    struct list *l = ctx;
    const struct saved_row *row = asked(l);
    if (row)
        deeds[item->id].run(l, row);
}

static void more(void *ctx, struct chooser *c, const struct menu_item *item)
{
    struct list *l = ctx;
    const struct saved_row *row = row_of(l, item);
    struct menu_item items[DEEDS];
    int n = 0;
    if (!row)
        return;
    for (int i = 0; i < DEEDS; i++)
        if (fits(i, row))
            items[n++] = (struct menu_item){
                .label = label_of(i, row),
                .hint = deeds[i].hint ? _(deeds[i].hint) : deeds[i].key,
                .id = i};
    l->overwritten = row->id;
    menu_open(chooser_app(c), row->name, items, n, do_deed, l);
}

/* --- keys --- */

static bool by_digit(struct list *l, const struct event *e)
{
    int n, number = (int)e->cp - '0';
    const struct saved_row *const *rows =
        saved_rows(store(l), l->entity->id, &n);
    if (!key_is_text(e) || number < 1 || number > DIGITS)
        return false;
    if (number <= n)
        do_apply(l, rows[number - 1]);
    return true;
}

static bool by_deed(struct list *l, const struct menu_item *item,
                    const struct event *e)
{
    const struct saved_row *row = row_of(l, item);
    struct event want;
    for (int i = 1; row && i < DEEDS; i++)
        if (fits(i, row) && key_parse(deeds[i].key, &want) &&
            key_equal(&want, e)) {
            l->overwritten = row->id;
            deeds[i].run(l, row);
            return true;
        }
    return false;
}

static void choose(void *ctx, struct chooser *c, const struct menu_item *item)
{
    static void (*const acts[])(struct list *) = {
        [ROW_save] = list_saved_save, [ROW_none] = list_saved_none};
    struct list *l = ctx;
    const struct saved_row *row = row_of(l, item);
    (void)c;
    if (row)
        list_saved_apply(l, row->id);
    else if (acts[item->id])
        acts[item->id](l);
}

static bool key(void *ctx, struct chooser *c, const struct menu_item *item,
                const struct event *e)
{
    struct list *l = ctx;
    bool text = key_is_text(e);
    if (by_digit(l, e) || by_deed(l, item, e))
        return true;
    if (!text || (e->cp != '+' && e->cp != '0'))
        return false;
    chooser_close(c);
    if (e->cp == '+')
        list_saved_save(l);
    else
        list_saved_none(l);
    return true;
}

static void freed(void *ctx)
{
    ((struct list *)ctx)->saved_menu = NULL;
}

void list_saved_menu(struct list *l)
{
    struct chooser_options o = {.title = _("Saved filters"),
                                .note = _("1–9 apply · + saves · . more"),
                                .choose = choose,
                                .key = key,
                                .more = more,
                                .freed = freed,
                                .ctx = l};
    if (!store(l))
        return;
    l->saved_menu = chooser_open(l->owner->app, &o);
    show_rows(l, chooser_menu(l->saved_menu));
    saved_load(store(l), list_remote(l), false, list_saved_refresh, l);
}
