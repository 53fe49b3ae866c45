/* A sheet that waits for one key and binds it. */
#include "tui/screen/key_capture.h"

#include "tui/app/bindings.h"
#include "tui/widget/dialog.h"
#include "tui/widget/sheet.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_LEN = 256, TEXT_LEN = 512 };

struct wish {
    struct app *app;
    enum action_id id;
    bool further;
    struct event key;
    enum action_id other; /* that has the key now */
    void (*then)(void *ctx);
    void *ctx;
};

struct capture {
    struct screen base;
    struct wish wish;
    struct rect at;
};

/* There is one user and one keyboard. */
static struct wish asked;

/* Without these nothing could be reached any more. */
static bool is_needed(enum action_id id)
{
    static const enum action_id needed[] = {ACT_up,   ACT_down, ACT_open,
                                            ACT_back, ACT_menu, ACT_settings};
    for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
        if (needed[i] == id)
            return true;
    return false;
}

static void keep(struct app *a, enum action_id id, const char *names)
{
    struct err e = {0};
    if (!app_set_keys(a, id, names, &e))
        app_error(a, &e);
    err_clear(&e);
}

static void fulfil(const struct wish *w)
{
    char names[NAMES_LEN], key[KEY_NAME_LEN];
    const struct bindings *b = app_bindings(w->app);
    if (w->other != ACT_NONE)
        keep(w->app, w->other,
             bindings_names(b, w->other, &w->key, names, sizeof(names)));
    key_spell(&w->key, key);
    names[0] = '\0';
    if (w->further)
        bindings_names(b, w->id, &w->key, names, sizeof(names));
    size_t len = strlen(names);
    if (len + strlen(key) + 2 < sizeof(names))
        snprintf(names + len, sizeof(names) - len, "%s%s", len > 0 ? " " : "",
                 key);
    keep(w->app, w->id, names);
    if (w->then != NULL)
        w->then(w->ctx);
}

static void on_yes(void *ctx)
{
    (void)ctx;
    fulfil(&asked);
}

/* "Lists, Record" */
static const char *shared_places(const struct wish *w, char *out, size_t size)
{
    unsigned both = act_rows[w->id].places & act_rows[w->other].places;
    size_t len = 0;
    *out = '\0';
    for (int i = 0; i < PLACES && len < size; i++)
        if (both & 1u << i)
            len += (size_t)snprintf(out + len, size - len, "%s%s",
                                    len > 0 ? _(", ") : "", _(place_labels[i]));
    return out;
}

static void ask_for_key(const struct wish *w)
{
    char text[TEXT_LEN], key[KEY_NAME_LEN], places[128];
    key_spell(&w->key, key);
    snprintf(text, sizeof(text),
             _("The key %s runs “%s” now (%s). Shall it run “%s”?"), key,
             _(act_rows[w->other].label),
             shared_places(w, places, sizeof(places)),
             _(act_rows[w->id].label));
    struct dialog_question q = {
        .title = _("This key is taken"), .text = text, .yes = _("Take it")};
    asked = *w;
    dialog_confirm(w->app, &q, on_yes, NULL);
}

static void grant(struct wish *w)
{
    char rest[NAMES_LEN];
    const struct bindings *b = app_bindings(w->app);
    w->other = bindings_clash(b, w->id, &w->key);
    if (w->other == ACT_NONE) {
        fulfil(w);
        return;
    }
    bindings_names(b, w->other, &w->key, rest, sizeof(rest));
    if (is_needed(w->other) && rest[0] == '\0')
        app_message(w->app, MESSAGE_error,
                    _("“%s” would be left without a key; give it another "
                      "one first."),
                    _(act_rows[w->other].label));
    else
        ask_for_key(w);
}

static bool capture_key(struct screen *s, const struct event *e)
{
    struct capture *c = (struct capture *)s;
    if (e->kind != EVENT_key)
        return true;
    app_pop(s->app, s);
    if (e->code == KEYC_esc)
        return true;
    c->wish.key = *e;
    if (bindings_can_bind(e))
        grant(&c->wish);
    else
        app_message(s->app, MESSAGE_error, _("This key can not be bound."));
    return true;
}

static bool capture_typing(struct screen *s)
{
    (void)s;
    return true;
}

static bool capture_can(struct screen *s, enum action_id a)
{
    (void)s;
    return a == ACT_back;
}

static bool capture_mouse(struct screen *s, const struct event *e)
{
    struct capture *c = (struct capture *)s;
    return sheet_missed(c->at, e) && app_act(s->app, ACT_back);
}

static void capture_draw(struct screen *s, struct rect r)
{
    struct capture *c = (struct capture *)s;
    struct term *t = app_term(s->app);
    c->at = sheet_draw(t, r, 2, _(act_rows[c->wish.id].label));
    term_put(t, c->at.y, c->at.x, c->at.w, STYLE_text,
             _("Press the new key. Esc leaves it as it is."));
    term_cursor(t, c->at.y, c->at.x, false);
}

static const struct screen_ops capture_ops = {
    .name = "capture",
    .place = PLACE_dialog,
    .draw = capture_draw,
    .key = capture_key,
    .mouse = capture_mouse,
    .can = capture_can,
    .typing = capture_typing,
};

void key_capture_open(struct app *a, enum action_id id, bool further,
                      void (*then)(void *ctx), void *ctx)
{
    struct capture *c = screen_new(a, &capture_ops, sizeof(*c));
    c->base.overlay = true;
    c->wish = (struct wish){.app = a,
                            .id = id,
                            .further = further,
                            .other = ACT_NONE,
                            .then = then,
                            .ctx = ctx};
    app_push(a, &c->base);
}
