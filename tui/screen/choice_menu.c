/* The choices of one setting as a menu that shows what each of them is like
 * while the cursor is on it. */
#include "tui/screen/settings_screen.h"

#include "tui/widget/chooser.h"

struct choice {
    struct app *app;
    const struct setting *setting;
    struct buf before; /* the value to go back to */
    bool chosen;
    void (*then)(void *ctx);
    void *ctx;
};

static void try(struct choice *c, const char *value)
{
    struct err e = {0};
    if (!app_try_setting(c->app, c->setting->key, value, &e))
        app_error(c->app, &e);
    err_clear(&e);
}

static void on_moved(void *ctx, const struct menu_item *item)
{
    try(ctx, item->value);
}

static void on_chosen(void *ctx, struct chooser *chooser,
                      const struct menu_item *item)
{
    struct choice *c = ctx;
    struct err e = {0};
    (void)chooser;
    c->chosen = true;
    if (!app_set_setting(c->app, c->setting->key, item->value, &e))
        app_error(c->app, &e);
    err_clear(&e);
    if (c->then != NULL)
        c->then(c->ctx);
}

static void on_freed(void *ctx)
{
    struct choice *c = ctx;
    if (!c->chosen)
        try(c, buf_text(&c->before));
    buf_free(&c->before);
    x_free(&c);
}

static void add_rows(struct menu *m, const struct choice *c)
{
    enum { CHOICES = 16 };
    struct menu_item items[CHOICES] = {0};
    struct arena *a = arena_new();
    int n = 0;
    for (; n < client_setting_choices(c->setting) && n < CHOICES; n++) {
        items[n].value = client_setting_choice(c->setting, n, a);
        items[n].label = client_setting_word(c->setting, items[n].value, a);
    }
    menu_set(m, items, n);
    menu_select(m, buf_text(&c->before));
    arena_free(&a);
}

void choice_menu_open(struct app *a, const char *key, void (*then)(void *ctx),
                      void *ctx)
{
    struct choice *c = x_calloc(1, sizeof(*c));
    c->app = a;
    c->setting = client_setting(key);
    c->then = then;
    c->ctx = ctx;
    settings_text(c->setting, app_settings(a), &c->before);
    struct chooser_options o = {.title = _(c->setting->label),
                                .choose = on_chosen,
                                .moved = on_moved,
                                .freed = on_freed,
                                .ctx = c};
    add_rows(chooser_menu(chooser_open(a, &o)), c);
}
