/* The earlier searches of this user in this kind of record: up and down in
 * the box walk them, a menu shows and forgets them (LIST-04). */
#include "tui/widget/list_impl.h"

#include "tui/app/prefs.h"
#include "tui/widget/chooser.h"
#include "tui/widget/searches.h"

#include <string.h>

static const char *key_of(struct list *l)
{
    return arena_printf(l->scratch, "history.%s", l->entity->id);
}

static const cJSON *all_of(struct list *l)
{
    return prefs_get(app_prefs(l->owner->app), key_of(l));
}

/* A copy to change; list_searches_put takes it. */
static cJSON *copy_of(struct list *l)
{
    const cJSON *all = all_of(l);
    return cJSON_IsArray(all) ? cJSON_Duplicate(all, true)
                              : cJSON_CreateArray();
}

static void put(struct list *l, cJSON *all)
{
    prefs_put(app_prefs(l->owner->app), key_of(l), all);
    l->recalled = -1;
}

void list_searches_typed(struct list *l)
{
    l->recalled = -1;
    x_free(&l->typed);
}

void list_searches_note(struct list *l)
{
    cJSON *all = copy_of(l);
    searches_add(all, l->search);
    put(l, all);
}

/* Past the newest what the user had typed comes back. */
bool list_searches_step(struct list *l, int by)
{
    const cJSON *all = all_of(l);
    if (by < 0 && l->recalled < 0)
        return false;
    /* The search in force, untouched, is no start that others must have. */
    bool untouched = edit_changes(l->box) == l->opened_at;
    if (l->recalled < 0) {
        x_free(&l->typed);
        l->typed = x_strdup(untouched ? "" : edit_text(l->box));
    }
    int at = searches_step(all, l->typed, l->recalled, by);
    const char *text = searches_at(all, at);
    if (untouched && text && strcmp(text, edit_text(l->box)) == 0)
        at = searches_step(all, l->typed, at, by);
    if (at < 0 && by > 0)
        return true; /* the oldest stays */
    l->recalled = at;
    edit_set(l->box, at < 0 ? l->typed : searches_at(all, at));
    return true;
}

/* --- the menu --- */

enum { ROW_text, ROW_clear };

static void show_rows(struct list *l, struct menu *m)
{
    struct menu_item items[SEARCHES_MAX + 1];
    const cJSON *all = all_of(l);
    int n = 0;
    for (; n < SEARCHES_MAX && searches_at(all, n); n++)
        items[n] = (struct menu_item){.label = searches_at(all, n),
                                      .value = searches_at(all, n),
                                      .id = ROW_text};
    if (n > 0)
        items[n++] = (struct menu_item){
            .label = _("Forget them all"), .value = "", .id = ROW_clear};
    menu_set(m, items, n);
}

static void forget(struct list *l, struct chooser *c,
                   const struct menu_item *item)
{
    cJSON *all = copy_of(l);
    searches_drop(all, item->value);
    put(l, all);
    show_rows(l, chooser_menu(c));
    menu_filter(chooser_menu(c), chooser_text(c));
}

static bool key(void *ctx, struct chooser *c, const struct menu_item *item,
                const struct event *e)
{
    if (!item || item->id != ROW_text || e->code != KEYC_delete)
        return false;
    forget(ctx, c, item);
    return true;
}

/* One row without the key that forgets it. */
struct one {
    struct list *list;
    struct chooser *chooser;
    struct menu_item item;
};

static void forget_one(void *ctx, const struct menu_item *item)
{
    struct one *o = ctx;
    (void)item;
    forget(o->list, o->chooser, &o->item);
}

static void more(void *ctx, struct chooser *c, const struct menu_item *item)
{
    struct list *l = ctx;
    const struct menu_item items[] = {
        {.label = _("Forget this search"), .hint = _("Del")}};
    struct one *o = arena_alloc(chooser_arena(c), sizeof(*o));
    if (item->id != ROW_text)
        return;
    *o = (struct one){l, c, {0}};
    o->item.value = arena_strdup(chooser_arena(c), item->value);
    menu_open(l->owner->app, item->label, items, 1, forget_one, o);
}

static void choose(void *ctx, struct chooser *c, const struct menu_item *item)
{
    struct list *l = ctx;
    (void)c;
    if (item->id == ROW_text)
        list_search_open(l, item->value);
    else
        put(l, cJSON_CreateArray());
}

void list_searches_open(struct list *l)
{
    struct chooser_options o = {.title = _("Earlier searches"),
                                .prompt = "/",
                                .empty = _("Nothing has been searched for."),
                                .note = _("Enter searches · Del forgets"),
                                .filter = true,
                                .choose = choose,
                                .key = key,
                                .more = more,
                                .ctx = l};
    l->typing = false;
    show_rows(l, chooser_menu(chooser_open(l->owner->app, &o)));
}
