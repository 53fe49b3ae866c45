/* The settings as one list: those of the table, then every action with its
 * keys. Enter changes what the cursor is on, by its type. */
#include "tui/screen/settings_screen.h"

#include "common/utf8.h"
#include "tui/screen/key_capture.h"
#include "tui/widget/dialog.h"
#include "tui/widget/edit.h"
#include "tui/widget/menu.h"

#include <string.h>

enum {
    FILTER_MAX = 64,
    VALUE_MAX = 256,
    KEYS_SHOWN = 64,
    ROWS_MAX = 256,
    BESIDE_HELP = 60 /* cells of a row that its help does not get */
};

struct settings_screen {
    struct screen base;
    struct menu *menu;
    struct edit *filter;
    bool typing; /* the filter has the keys */
    struct arena *scratch;
    const struct setting *asked; /* for a text */
    int filter_x;
};

/* --- the rows --- */

/* Settings have negative ids, actions their own. */
static int setting_id(size_t i)
{
    return -1 - (int)i;
}

static const struct setting *setting_of(const struct menu_item *item)
{
    return item->id < 0 ? &client_setting_rows[-1 - item->id] : NULL;
}

static const char *value_text(struct settings_screen *s,
                              const struct setting *row)
{
    struct buf text = BUF_INIT;
    settings_text(row, app_settings(s->base.app), &text);
    const char *shown = client_setting_word(
        row, arena_strdup(s->scratch, buf_text(&text)), s->scratch);
    buf_free(&text);
    return *shown != '\0' ? shown : "–";
}

static int add_settings(struct settings_screen *s, struct menu_item *items)
{
    int n = 0;
    items[n++] = (struct menu_item){.label = _("Settings"), .heading = true};
    for (size_t i = 0; i < client_setting_count; i++) {
        const struct setting *row = &client_setting_rows[i];
        if (row->type == SETTING_map || row->label == NULL)
            continue;
        items[n++] = (struct menu_item){.label = _(row->label),
                                        .hint = value_text(s, row),
                                        .help = _(row->help),
                                        .find = row->key,
                                        .value = row->key,
                                        .id = setting_id(i)};
    }
    return n;
}

static int add_keys(struct settings_screen *s, struct menu_item *items)
{
    int n = 0;
    items[n++] = (struct menu_item){.label = _("Keys"), .heading = true};
    for (int i = 0; i < ACTS && n < ROWS_MAX / 2; i++) {
        char keys[KEYS_SHOWN];
        app_all_keys(s->base.app, (enum action_id)i, keys, sizeof(keys));
        items[n++] = (struct menu_item){.label = _(act_rows[i].label),
                                        .hint = arena_strdup(s->scratch, keys),
                                        .help = _(act_rows[i].help),
                                        .find = act_rows[i].name,
                                        .value = act_rows[i].name,
                                        .id = i};
    }
    return n;
}

static void make_rows(struct settings_screen *s)
{
    struct menu_item items[ROWS_MAX];
    arena_reset(s->scratch);
    int n = add_settings(s, items);
    n += add_keys(s, items + n);
    const struct menu_item *now = menu_current(s->menu);
    const char *at = now != NULL && now->value != NULL
                         ? arena_strdup(s->scratch, now->value)
                         : NULL;
    menu_set(s->menu, items, n);
    if (*edit_text(s->filter) != '\0') {
        menu_filter(s->menu, edit_text(s->filter));
        if (at != NULL)
            menu_select(s->menu, at);
    }
}

static void on_changed(void *ctx)
{
    make_rows(ctx);
}

/* --- changing --- */

static void change(struct settings_screen *s, const struct setting *row,
                   const char *value)
{
    struct err e = {0};
    if (!app_set_setting(s->base.app, row->key, value, &e))
        app_error(s->base.app, &e);
    err_clear(&e);
    make_rows(s);
}

static void change_bool(struct settings_screen *s, const struct setting *row)
{
    struct buf text = BUF_INIT;
    settings_text(row, app_settings(s->base.app), &text);
    change(s, row, strcmp(buf_text(&text), "true") == 0 ? "false" : "true");
    buf_free(&text);
}

static void change_choice(struct settings_screen *s, const struct setting *row)
{
    choice_menu_open(s->base.app, row->key, on_changed, s);
}

static void on_text(void *ctx, const char *text)
{
    struct settings_screen *s = ctx;
    change(s, s->asked, text);
}

static void change_text(struct settings_screen *s, const struct setting *row)
{
    struct buf text = BUF_INIT;
    settings_text(row, app_settings(s->base.app), &text);
    struct dialog_prompt p = {.title = _(row->label),
                              .label = _("Value"),
                              .value = buf_text(&text),
                              .max = VALUE_MAX};
    s->asked = row;
    dialog_ask(s->base.app, &p, on_text, s);
    buf_free(&text);
}

static void act_open(struct settings_screen *s, const struct menu_item *item)
{
    static void (*const changes[])(struct settings_screen *,
                                   const struct setting *) = {
        [SETTING_string] = change_text,   [SETTING_int] = change_text,
        [SETTING_bool] = change_bool,     [SETTING_choice] = change_choice,
        [SETTING_duration] = change_text, [SETTING_bytes] = change_text,
    };
    const struct setting *row = setting_of(item);
    if (row != NULL)
        changes[row->type](s, row);
    else
        key_capture_open(s->base.app, (enum action_id)item->id, false,
                         on_changed, s);
}

static void act_add(struct settings_screen *s, const struct menu_item *item)
{
    if (setting_of(item) == NULL)
        key_capture_open(s->base.app, (enum action_id)item->id, true,
                         on_changed, s);
}

static void act_reset(struct settings_screen *s, const struct menu_item *item)
{
    struct err e = {0};
    const struct setting *row = setting_of(item);
    if (row != NULL) {
        change(s, row, NULL);
        return;
    }
    if (!app_set_keys(s->base.app, (enum action_id)item->id, NULL, &e))
        app_error(s->base.app, &e);
    err_clear(&e);
    make_rows(s);
}

static void (*const acts[ACTS])(struct settings_screen *,
                                const struct menu_item *) = {
    [ACT_open] = act_open,
    [ACT_key_add] = act_add,
    [ACT_reset] = act_reset,
};

/* --- keys --- */

static void set_filter(struct settings_screen *s, const char *text)
{
    edit_set(s->filter, text);
    menu_filter(s->menu, text);
}

/* Esc clears the filter first, then leaves. */
static bool act_back(struct settings_screen *s)
{
    if (!s->typing && *edit_text(s->filter) == '\0')
        return false;
    s->typing = false;
    set_filter(s, "");
    return true;
}

static bool act(struct screen *screen, enum action_id a, const struct event *e)
{
    struct settings_screen *s = (struct settings_screen *)screen;
    const struct menu_item *item = menu_current(s->menu);
    (void)e;
    if (a == ACT_search) {
        s->typing = true;
        return true;
    }
    if (a == ACT_back)
        return act_back(s);
    if (menu_act(s->menu, a))
        return true;
    if (acts[a] == NULL)
        return false;
    s->typing = false;
    if (item != NULL)
        acts[a](s, item);
    return true;
}

static bool key(struct screen *screen, const struct event *e)
{
    struct settings_screen *s = (struct settings_screen *)screen;
    if (!s->typing || !edit_key(s->filter, e))
        return false;
    menu_filter(s->menu, edit_text(s->filter));
    return true;
}

static bool typing(struct screen *screen)
{
    return ((struct settings_screen *)screen)->typing;
}

static bool can(struct screen *screen, enum action_id a)
{
    struct settings_screen *s = (struct settings_screen *)screen;
    const struct menu_item *item = menu_current(s->menu);
    if (a == ACT_key_add)
        return item != NULL && setting_of(item) == NULL;
    return a != ACT_settings; /* it is open */
}

static bool mouse(struct screen *screen, const struct event *e)
{
    struct settings_screen *s = (struct settings_screen *)screen;
    if (!menu_mouse(s->menu, e))
        return false;
    if (e->twice)
        app_act(screen->app, ACT_open);
    return true;
}

/* --- how it looks --- */

static void draw_filter(struct settings_screen *s, struct rect r)
{
    struct app *a = s->base.app;
    struct term *t = app_term(a);
    int x = r.x + 3, w = r.w - 4;
    const char *text = edit_text(s->filter);
    term_put(t, r.y, r.x + 1, 1, STYLE_accent, "/");
    if (s->typing)
        edit_draw(s->filter, t, r.y, x, w, true);
    else
        term_put(t, r.y, x, w, *text != '\0' ? STYLE_text : STYLE_missing,
                 *text != '\0' ? text : _("Search"));
    if (!s->typing)
        app_spot(a, &s->base, (struct rect){r.y, r.x, 1, r.w}, ACT_search, 0);
}

/* What the row under the cursor is, in full where the row had no room for it,
 * and what it was before anybody came. */
static void draw_about(struct settings_screen *s, struct rect r)
{
    struct term *t = app_term(s->base.app);
    const struct menu_item *item = menu_current(s->menu);
    if (item == NULL)
        return;
    struct arena *a = arena_new();
    const struct setting *row = setting_of(item);
    const struct act *act = row == NULL ? &act_rows[item->id] : NULL;
    const char *usual =
        row != NULL ? client_setting_word(row, row->value, a) : act->keys;
    const char *help = row != NULL ? _(row->help) : _(act->help);
    if (utf8_width(help) > r.w - BESIDE_HELP)
        term_put(t, r.y, r.x + 2, r.w - 3, STYLE_label, help);
    term_put(t, r.y + 1, r.x + 2, r.w - 3, STYLE_label,
             arena_printf(a, _("%s · default: %s"),
                          row != NULL ? row->key : act->name,
                          *usual != '\0' ? usual : _("none")));
    arena_free(&a);
}

static void draw(struct screen *screen, struct rect r)
{
    struct settings_screen *s = (struct settings_screen *)screen;
    struct app *a = screen->app;
    struct arena *scratch = arena_new();
    const char *title = arena_printf(
        scratch, "%s %s", term_symbol(app_term(a), "back"), _("Settings"));
    struct rect in = app_frame(a, screen, r, title, NULL, NULL);
    enum { ABOUT = 3 };
    draw_filter(s, in);
    struct rect rows = {in.y + 1, in.x, in.h - 1 - ABOUT, in.w - 1};
    menu_draw(s->menu, app_term(a), rows);
    if (menu_count(s->menu) == 0)
        term_put(app_term(a), rows.y, rows.x + 2, rows.w - 2, STYLE_missing,
                 _("Nothing found."));
    draw_about(s, (struct rect){in.y + in.h - ABOUT + 1, in.x, 2, in.w});
    arena_free(&scratch);
}

static void resume(struct screen *screen)
{
    make_rows((struct settings_screen *)screen);
}

static void free_screen(struct screen *screen)
{
    struct settings_screen *s = (struct settings_screen *)screen;
    menu_free(&s->menu);
    edit_free(&s->filter);
    arena_free(&s->scratch);
}

static const struct screen_ops ops = {
    .name = "settings",
    .place = PLACE_settings,
    .draw = draw,
    .act = act,
    .key = key,
    .mouse = mouse,
    .can = can,
    .typing = typing,
    .resume = resume,
    .free = free_screen,
};

void settings_screen_open(struct app *a)
{
    struct settings_screen *s = screen_new(a, &ops, sizeof(*s));
    s->menu = menu_new();
    s->filter = edit_new(FILTER_MAX, false);
    s->scratch = arena_new();
    make_rows(s);
    app_push(a, &s->base);
}
