/* From an event to what it does. A key goes to the widget that types, to the
 * action it is bound to on the screen in front, to the application; nobody
 * below the front screen sees it. */
#include "tui/app/inner.h"

#include "common/utf8.h"

#include <string.h>

enum { WHEEL_STEP = 3 };

static enum place place_of(struct screen *s)
{
    return s->ops->where != NULL ? s->ops->where(s) : s->ops->place;
}

bool app_can(struct app *a, struct screen *s, enum action_id id)
{
    const struct act *row = &act_rows[id];
    if ((row->places & 1u << place_of(s)) == 0)
        return false;
    if (row->right != NULL && a->remote != NULL &&
        !remote_may(a->remote, row->right))
        return false;
    if (id == ACT_back && s->below == NULL && s->ops->can == NULL)
        return false;
    return s->ops->can == NULL || s->ops->can(s, id);
}

/* Without a number these are a question first. */
static bool is_question(enum action_id id, const struct event *e)
{
    return (id == ACT_go_row || id == ACT_go_page) && e->number == 0;
}

bool dispatch_action(struct app *a, struct screen *s, enum action_id id,
                     const struct event *e)
{
    const struct act *row = &act_rows[id];
    struct event with_text = *e;
    if (row->right != NULL && a->remote != NULL &&
        !remote_may(a->remote, row->right)) {
        app_message(a, MESSAGE_error, _("%s: you do not have the right."),
                    _(row->label));
        return true;
    }
    if (!app_can(a, s, id)) {
        if (id != ACT_back)
            app_message(a, MESSAGE_info,
                        _("%s: not possible here, or not allowed to you."),
                        _(row->label));
        return false;
    }
    if (id == ACT_search && a->committed[0] != '\0')
        with_text.text = a->committed;
    else if (e->kind != EVENT_key)
        with_text.text = NULL;
    with_text.len = with_text.text != NULL ? strlen(with_text.text) : 0;
    if (!is_question(id, e) && s->ops->act != NULL &&
        s->ops->act(s, id, &with_text))
        return true;
    own_fn *own = own_action(id);
    return own != NULL && own(a, e);
}

/* In its full-width mode an input method gives ： for : and ａ for a. */
static struct event as_key(const struct event *e)
{
    struct event key = *e;
    if (key_is_text(&key))
        key.cp = utf8_ascii_twin(key.cp);
    return key;
}

/* Chinese where no field is runs nothing; it is kept for the search. */
static void offer_search(struct app *a, const char *text, size_t len)
{
    size_t have = strlen(a->committed);
    if (have + len >= sizeof(a->committed))
        return;
    memcpy(a->committed + have, text, len);
    a->committed[have + len] = '\0';
    if (app_can(a, a->top, ACT_search))
        app_message(a, MESSAGE_info,
                    _("“%s” is no command: %s searches for it. For keys, "
                      "switch the input method to English."),
                    a->committed, app_keys(a, ACT_search));
    else
        app_message(a, MESSAGE_info,
                    _("“%s” is no command. For keys, switch the input "
                      "method to English."),
                    a->committed);
}

static void on_loose_text(struct app *a, const struct event *e)
{
    char text[4] = "";
    if (e->kind == EVENT_paste) {
        int used;
        const char *end = memchr(e->text, '\n', e->len);
        size_t len = end != NULL ? (size_t)(end - e->text) : e->len;
        a->committed[0] = '\0';
        offer_search(a, e->text, utf8_fit(e->text, len, 20, &used));
    } else if (e->cp >= 0x80) {
        size_t len = utf8_encode(e->cp, text);
        offer_search(a, text, len);
    }
}

static bool give_key(struct screen *s, const struct event *e)
{
    return s->ops->key != NULL && s->ops->key(s, e);
}

static void on_key(struct app *a, struct screen *s, const struct event *e)
{
    bool typing = s->ops->typing != NULL && s->ops->typing(s);
    if (typing && (give_key(s, e) || key_is_text(e)))
        return;
    struct event key = typing ? *e : as_key(e);
    enum action_id id = bindings_find(&a->bindings, place_of(s), &key);
    bool loose = id == ACT_NONE && key_is_text(&key) && key.cp >= 0x80;
    bool done = id != ACT_NONE && dispatch_action(a, s, id, &key);
    if (!loose)
        a->committed[0] = '\0';
    if (!done && !typing && !give_key(s, &key) && loose)
        on_loose_text(a, &key);
}

/* What a press is on, of those the screen in front has named. */
static const struct spot *spot_at(const struct app *a, const struct event *e)
{
    for (int i = 0; i < a->nspots; i++) {
        const struct spot *p = &a->spots[i];
        if (p->owner == a->top && e->y >= p->at.y && e->y < p->at.y + p->at.h &&
            e->x >= p->at.x && e->x < p->at.x + p->at.w)
            return p;
    }
    return NULL;
}

static bool on_spot(struct app *a, const struct event *e)
{
    bool left = e->mouse == MOUSE_press && e->button == BUTTON_LEFT;
    const struct spot *p = left ? spot_at(a, e) : NULL;
    struct event as_key = {.kind = EVENT_key};
    if (p == NULL)
        return false;
    as_key.cp = p->cp;
    /* What a screen has put there it may do, also where no key of the place
     * does it: another tab while a form is being filled in. */
    if (app_can(a, a->top, p->action) || a->top->ops->act == NULL)
        app_act_event(a, p->action, &as_key);
    else
        a->top->ops->act(a->top, p->action, &as_key);
    return true;
}

static void on_mouse(struct app *a, struct screen *s, const struct event *e)
{
    if (on_spot(a, e))
        return;
    bool done = s->ops->mouse != NULL && s->ops->mouse(s, e);
    if (e->mouse == MOUSE_press && e->button == BUTTON_RIGHT && !s->overlay &&
        a->top == s) {
        app_act(a, ACT_menu);
        return;
    }
    bool up = e->mouse == MOUSE_wheel_up;
    if (done || (!up && e->mouse != MOUSE_wheel_down))
        return;
    for (int i = 0; i < WHEEL_STEP && a->top == s; i++)
        app_act(a, up ? ACT_up : ACT_down);
}

/* Before the first screen there is nothing but a way out. */
static void on_nothing(struct app *a, const struct event *e)
{
    struct event key = as_key(e);
    enum action_id id = bindings_find(&a->bindings, PLACE_list, &key);
    if (id == ACT_quit || id == ACT_leave || id == ACT_back)
        app_quit(a);
}

static void on_event(struct app *a, const struct event *e)
{
    struct screen *s = a->top;
    if (s == NULL)
        on_nothing(a, e);
    else if (e->kind == EVENT_key)
        on_key(a, s, e);
    else if (e->kind == EVENT_mouse)
        on_mouse(a, s, e);
    else if (e->kind == EVENT_paste && !give_key(s, e))
        on_loose_text(a, e);
}

void dispatch_event(void *app, const struct event *e)
{
    struct app *a = app;
    bool key = e->kind == EVENT_key || e->kind == EVENT_paste;
    if (key && a->told && term_is_slow(a->term))
        a->message[0] = '\0';
    on_event(app, e);
    restore_soon(app);
    app_redraw(app);
}
