/* A setting changed while the program runs: taken over, in force at once, and
 * kept in the user's file. */
#include "tui/app/inner.h"

#include "common/settings.h"

#include <string.h>

static void apply_lang(struct app *a)
{
    app_set_lang(a, client_settings_lang(a->options.settings));
}

static void apply_theme(struct app *a)
{
    term_set_theme(a->term, client_settings_theme(a->options.settings));
}

static void apply_ascii(struct app *a)
{
    term_set_ascii(a->term, a->options.settings->ascii);
}

static void apply_mouse(struct app *a)
{
    term_set_mouse(a->term, a->options.settings->mouse);
}

static void apply_slow(struct app *a)
{
    term_set_slow(a->term, (enum term_slow)a->options.settings->low_bandwidth);
}

static void apply_linear(struct app *a)
{
    term_set_linear(a->term, a->options.settings->linear);
}

static void apply_keys(struct app *a)
{
    bindings_free(&a->bindings);
    buf_clear(&a->report);
    bindings_make(&a->bindings, a->options.settings->keys, &a->report);
}

/* What is not here is asked for where it is needed, each time. */
static const struct {
    const char *key;
    void (*apply)(struct app *a);
} rows[] = {
    {"ui.lang", apply_lang},
    {"ui.theme", apply_theme},
    {"ui.ascii", apply_ascii},
    {"ui.mouse", apply_mouse},
    {"ui.low_bandwidth", apply_slow},
    {"ui.linear", apply_linear},
    {"keys", apply_keys},
};

static void apply(struct app *a, const char *key)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (strcmp(rows[i].key, key) == 0)
            rows[i].apply(a);
    app_redraw(a);
}

bool app_try_setting(struct app *a, const char *key, const char *value,
                     struct err *e)
{
    const struct setting *s = client_setting(key);
    const char *text = value != NULL || s == NULL ? value : s->value;
    if (!settings_set(client_setting_rows, client_setting_count,
                      a->options.settings, key, text, e))
        return false;
    apply(a, key);
    return true;
}

bool app_set_setting(struct app *a, const char *key, const char *value,
                     struct err *e)
{
    return app_try_setting(a, key, value, e) &&
           client_settings_save(NULL, key, value, e);
}

bool app_set_keys(struct app *a, enum action_id id, const char *keys,
                  struct err *e)
{
    const char *name = act_rows[id].name;
    char *key = x_asprintf("keys.%s", name);
    setting_pair_set(&a->options.settings->keys, name, keys);
    apply(a, "keys");
    bool ok = client_settings_save(NULL, key, keys, e);
    x_free(&key);
    return ok;
}

const char *app_key_report(struct app *a)
{
    return buf_text(&a->report);
}

const struct bindings *app_bindings(struct app *a)
{
    return &a->bindings;
}
