/* Help, the action menu and the palette: the same rows from the action table,
 * narrowed to what is in force on the screen below. */
#include "tui/screen/help.h"

#include "tui/widget/chooser.h"
#include "tui/widget/sheet.h"
#include "tui/widget/textarea.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ids of rows that are no actions; commands go down from the last one, offers
 * up. */
enum {
    KEYS_LEN = 64,
    FILTER_ID = ACTS,
    OFFER_ID,
    ROW_ID = -2,
    COMMAND_ID = -3
};

enum { FAULT_ROWS = 6, MARK = 2 /* cells before a row */ };

/* Rows under construction, in an arena that goes with the list. */
struct offer {
    struct arena *arena;
    struct menu_item *items;
    int n, cap;
};

static struct menu_item *add(struct offer *o, const char *label,
                             const char *help)
{
    if (o->n == o->cap) {
        o->cap = o->cap > 0 ? o->cap * 2 : 64;
        o->items = x_reallocarray(o->items, (size_t)o->cap, sizeof(*o->items));
    }
    struct menu_item *item = &o->items[o->n++];
    enum lang other = i18n_lang() == LANG_zh ? LANG_en : LANG_zh;
    *item = (struct menu_item){
        .label = _(label), .help = _(help), .find = i18n_in(other, label)};
    return item;
}

static void offer_free(struct offer *o)
{
    arena_free(&o->arena);
    x_free(&o->items);
}

/* Moves of the cursor are for the fingers, and a menu that offers itself is
 * no use either. */
bool action_offered(enum action_id id)
{
    bool moves = id <= ACT_last || id == ACT_next_field || id == ACT_prev_field;
    return !moves && id != ACT_menu;
}

static void offer_action(struct offer *o, struct app *a, enum action_id id,
                         bool help)
{
    char keys[KEYS_LEN];
    app_all_keys(a, id, keys, sizeof(keys));
    struct menu_item *item = add(o, act_rows[id].label, act_rows[id].help);
    item->id = (int)id;
    item->value = act_rows[id].name;
    item->hint = arena_strdup(o->arena, help ? keys : app_keys(a, id));
}

static void offer_actions(struct offer *o, struct app *a, bool help)
{
    struct screen *s = app_top(a);
    /* A menu begins with what can be done with the record, not with ways to
     * other rows. */
    int first = help ? 0 : ACT_open;
    for (int i = 0; i < ACTS; i++) {
        enum action_id id = (enum action_id)((i + first) % ACTS);
        if (app_can(a, s, id) && (help || action_offered(id)))
            offer_action(o, a, id, help);
    }
}

static void run_action(void *ctx, struct chooser *c,
                       const struct menu_item *item)
{
    (void)c;
    app_act(ctx, (enum action_id)item->id);
}

/* What is wrong with the user's own keys stands above them. */
static void add_report(struct offer *o, const char *report)
{
    if (*report == '\0')
        return;
    add(o, N_("Keys that do not fit"), "")->heading = true;
    while (*report != '\0') {
        size_t len = strcspn(report, "\n");
        struct menu_item *item = add(o, "", "");
        item->label = arena_strndup(o->arena, report, len);
        item->off = true;
        report += len + (report[len] == '\n');
    }
    add(o, N_("Keys"), "")->heading = true;
}

void help_open(struct app *a)
{
    struct offer o = {.arena = arena_new()};
    add_report(&o, app_key_report(a));
    offer_actions(&o, a, true);
    struct chooser_options c = {.title = _("Keys of this screen"),
                                .prompt = "/",
                                .filter = true,
                                .tall = true,
                                .choose = run_action,
                                .ctx = a};
    menu_set(chooser_menu(chooser_open(a, &c)), o.items, o.n);
    offer_free(&o);
}

void action_menu_open(struct app *a)
{
    struct offer o = {.arena = arena_new()};
    offer_actions(&o, a, false);
    struct chooser_options c = {
        .title = _("Actions"), .choose = run_action, .ctx = a};
    menu_set(chooser_menu(chooser_open(a, &c)), o.items, o.n);
    offer_free(&o);
}

/* --- the palette --- */

enum { RECENT_MAX = 8 };

/* Ids of what was run from the palette, the last one first. */
static struct {
    int id[RECENT_MAX];
    int n;
} recent;

static void remember(int id)
{
    int at = 0;
    while (at < recent.n && recent.id[at] != id)
        at++;
    if (at == recent.n && recent.n < RECENT_MAX)
        recent.n++;
    else if (at == recent.n)
        at--;
    memmove(recent.id + 1, recent.id, (size_t)at * sizeof(*recent.id));
    recent.id[0] = id;
}

static void put_recent_first(struct offer *o)
{
    for (int r = recent.n - 1; r >= 0; r--) {
        int at = 0;
        while (at < o->n && o->items[at].id != recent.id[r])
            at++;
        if (at == o->n)
            continue;
        struct menu_item item = o->items[at];
        memmove(o->items + 1, o->items, (size_t)at * sizeof(*o->items));
        o->items[0] = item;
    }
}

struct palette {
    struct app *app;
    struct screen *below; /* that the palette was opened on */
    struct offer offer;
    struct screen_offer *more; /* of the screen below */
    int nmore;
    bool row; /* the one row is what was typed: a place, a filter */
};

/* A number of a row; 0: none. */
static int64_t row_number(const char *text)
{
    char *end;
    if (*text < '0' || *text > '9')
        return 0;
    long long n = strtoll(text, &end, 10);
    return *end == '\0' ? n : 0;
}

static bool offer_row(struct menu *m, const char *text)
{
    char label[64];
    struct menu_item item = {.label = label, .id = ROW_ID, .value = text};
    if (row_number(text) <= 0)
        return false;
    snprintf(label, sizeof(label), _("Go to row %s"), text);
    menu_set(m, &item, 1);
    return true;
}

/* Words that can not be chosen, on as many rows as they need. */
static void tell_fault(struct app *a, struct menu *m, const char *words)
{
    struct menu_item rows[FAULT_ROWS];
    struct rect screen = {0};
    size_t len = strlen(words), at = 0, next = 0;
    struct arena *arena = arena_new();
    int n = 0;
    term_size(app_term(a), &screen.h, &screen.w);
    for (; at < len && n < FAULT_ROWS; at = next) {
        size_t end =
            wrap_line(words, len, at, sheet_width(screen) - MARK, &next);
        rows[n++] = (struct menu_item){
            .label = arena_strndup(arena, words + at, end - at),
            .id = FILTER_ID,
            .value = "",
            .off = true};
    }
    menu_set(m, rows, n);
    arena_free(&arena);
}

/* A filter as text; one that is wrong says so. */
static bool offer_filter(struct palette *p, struct menu *m, const char *text)
{
    struct screen *s = p->below;
    struct arena *arena = arena_new();
    bool fault = false;
    const char *words =
        s->ops->offer != NULL ? s->ops->offer(s, arena, text, &fault) : NULL;
    struct menu_item item = {.label = words, .id = FILTER_ID, .value = text};
    if (words != NULL && fault)
        tell_fault(p->app, m, words);
    else if (words != NULL)
        menu_set(m, &item, 1);
    arena_free(&arena);
    return words != NULL;
}

static void palette_typed(void *ctx, struct chooser *c, const char *text)
{
    struct palette *p = ctx;
    struct menu *m = chooser_menu(c);
    if (offer_row(m, text) || offer_filter(p, m, text)) {
        p->row = true;
        return;
    }
    if (p->row)
        menu_set(m, p->offer.items, p->offer.n);
    p->row = false;
    menu_filter(m, text);
}

static void palette_choose(void *ctx, struct chooser *c,
                           const struct menu_item *item)
{
    struct palette *p = ctx;
    int n;
    (void)c;
    if (item->id != ROW_ID && item->id != FILTER_ID)
        remember(item->id);
    if (item->id == FILTER_ID) {
        struct event e = {
            .kind = EVENT_key, .text = item->value, .len = strlen(item->value)};
        app_act_event(p->app, ACT_filter, &e);
    } else if (item->id == ROW_ID) {
        struct event e = {.kind = EVENT_key, .number = row_number(item->value)};
        app_act_event(p->app, ACT_go_row, &e);
    } else if (item->id <= COMMAND_ID) {
        const struct app_command *command =
            app_commands(p->app, &n) + (COMMAND_ID - item->id);
        command->run(p->app, command->arg);
    } else if (item->id >= OFFER_ID) {
        const struct screen_offer *more = &p->more[item->id - OFFER_ID];
        struct event e = {.kind = EVENT_key, .number = more->number};
        app_act_event(p->app, more->action, &e);
    } else {
        app_act(p->app, (enum action_id)item->id);
    }
}

static void add_offers(struct palette *p)
{
    struct screen *s = app_top(p->app);
    if (s->ops->offers == NULL)
        return;
    p->nmore = s->ops->offers(s, p->offer.arena, &p->more);
    for (int i = 0; i < p->nmore; i++) {
        struct menu_item *item =
            add(&p->offer, p->more[i].label, p->more[i].help);
        item->id = OFFER_ID + i;
    }
}

static void palette_freed(void *ctx)
{
    struct palette *p = ctx;
    offer_free(&p->offer);
    x_free(&p);
}

/* The command of many lists: each names its own. */
static void name_of(struct offer *o, struct menu_item *item,
                    const struct app_command *c)
{
    enum lang other = i18n_lang() == LANG_zh ? LANG_en : LANG_zh;
    item->label = arena_printf(o->arena, "%s · %s", _(c->label), _(c->of));
    item->find = arena_printf(o->arena, "%s · %s", i18n_in(other, c->label),
                              i18n_in(other, c->of));
}

void palette_open(struct app *a)
{
    struct palette *p = x_calloc(1, sizeof(*p));
    p->app = a;
    p->below = app_top(a);
    p->offer.arena = arena_new();
    int n;
    const struct app_command *rows = app_commands(a, &n);
    offer_actions(&p->offer, a, false);
    add_offers(p);
    for (int i = 0; i < n; i++) {
        struct menu_item *item = add(&p->offer, rows[i].label, rows[i].help);
        item->id = COMMAND_ID - i;
        if (rows[i].of != NULL)
            name_of(&p->offer, item, &rows[i]);
    }
    put_recent_first(&p->offer);
    struct chooser_options c = {.title = _("Command"),
                                .prompt = ":",
                                .filter = true,
                                .choose = palette_choose,
                                .typed = palette_typed,
                                .freed = palette_freed,
                                .ctx = p};
    menu_set(chooser_menu(chooser_open(a, &c)), p->offer.items, p->offer.n);
}
