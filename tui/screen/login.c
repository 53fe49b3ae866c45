/* Sign-in: two lines and a button. The password is wiped with its editor. */
#include "tui/screen/login.h"

#include "common/utf8.h"
#include "tui/widget/edit.h"

#include <stdio.h>
#include <string.h>

enum { USER, PASSWORD, BUTTON, PARTS };
enum { NAME_MAX_LEN = 64, PASSWORD_MAX_LEN = 256, LABEL = 12, WIDTH = 40 };

struct login {
    struct screen base;
    struct edit *edit[BUTTON];
    int focus;
    bool busy; /* asked, no answer yet */
    char fault[sizeof(((struct err *)0)->message)];
    int top; /* as last drawn, for the mouse */
};

static void on_reply(void *ctx, const cJSON *result, const struct err *err)
{
    struct login *l = ctx;
    (void)result;
    l->busy = false;
    edit_set(l->edit[PASSWORD], "");
    if (err != NULL) {
        snprintf(l->fault, sizeof(l->fault), "%s", err->message);
        l->focus = PASSWORD;
    }
    app_redraw(l->base.app);
}

static void submit(struct login *l)
{
    const char *user = edit_text(l->edit[USER]);
    struct remote *r = app_remote(l->base.app);
    if (*user == '\0' || l->busy || r == NULL) {
        l->focus = USER;
        return;
    }
    l->busy = true;
    l->fault[0] = '\0';
    remote_login(r, user, edit_text(l->edit[PASSWORD]), on_reply, l);
}

static bool login_act(struct screen *s, enum action_id a, const struct event *e)
{
    struct login *l = (struct login *)s;
    static const struct {
        enum action_id id;
        int by;
    } moves[] = {
        {ACT_next_field, 1}, {ACT_down, 1}, {ACT_prev_field, -1}, {ACT_up, -1}};
    (void)e;
    for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++) {
        if (moves[i].id == a) {
            l->focus = (l->focus + moves[i].by + PARTS) % PARTS;
            return true;
        }
    }
    if (a == ACT_open && l->focus == USER)
        l->focus = PASSWORD;
    else if (a == ACT_open)
        submit(l);
    else if (a == ACT_back || a == ACT_leave)
        app_quit(s->app);
    else
        return false;
    return true;
}

static bool login_typing(struct screen *s)
{
    return ((struct login *)s)->focus < BUTTON;
}

static bool login_key(struct screen *s, const struct event *e)
{
    struct login *l = (struct login *)s;
    return login_typing(s) && edit_key(l->edit[l->focus], e);
}

static bool login_mouse(struct screen *s, const struct event *e)
{
    struct login *l = (struct login *)s;
    int part = (e->y - l->top) / 2;
    if (e->mouse != MOUSE_press || e->y < l->top || part >= PARTS)
        return false;
    l->focus = part;
    if (part == BUTTON)
        submit(l);
    return true;
}

static bool login_can(struct screen *s, enum action_id a)
{
    (void)s;
    return a != ACT_logout;
}

static void login_draw(struct screen *s, struct rect r)
{
    struct login *l = (struct login *)s;
    struct term *t = app_term(s->app);
    const char *labels[] = {_("User"), _("Password")};
    char button[64];
    struct rect in = app_frame(s->app, s, r, _("Sign in"), NULL, NULL);
    int w = in.w < WIDTH ? in.w - 4 : WIDTH - 4;
    int y = in.y + (in.h - 7) / 2, x = in.x + (in.w - w) / 2;
    y = y > in.y ? y : in.y;
    l->top = y;
    for (int i = 0; i < BUTTON; i++) {
        term_put(t, y + i * 2, x, LABEL - 1, STYLE_label, labels[i]);
        edit_draw(l->edit[i], t, y + i * 2, x + LABEL, w - LABEL,
                  l->focus == i);
    }
    y += BUTTON * 2;
    snprintf(button, sizeof(button), "[ %s ]",
             l->busy ? _("Signing in …") : _("Sign in"));
    term_put(t, y, x + LABEL, w - LABEL,
             l->focus == BUTTON ? STYLE_focus : STYLE_accent, button);
    if (l->focus == BUTTON)
        term_cursor(t, y, x + LABEL, false);
    term_put(t, y + 2, x, in.x + in.w - x, STYLE_error, l->fault);
}

/* An answer under way would come back to a screen that is gone; the remote
 * drops calls of a session that ends, and this screen only goes with the
 * answer or with the program. */
static void login_free(struct screen *s)
{
    struct login *l = (struct login *)s;
    for (int i = 0; i < BUTTON; i++)
        edit_free(&l->edit[i]);
}

static const struct screen_ops login_ops = {
    .name = "login",
    .place = PLACE_login,
    .draw = login_draw,
    .act = login_act,
    .key = login_key,
    .mouse = login_mouse,
    .can = login_can,
    .typing = login_typing,
    .free = login_free,
};

struct screen *login_screen(struct app *a)
{
    struct login *l = screen_new(a, &login_ops, sizeof(*l));
    l->edit[USER] = edit_new(NAME_MAX_LEN, false);
    l->edit[PASSWORD] = edit_new(PASSWORD_MAX_LEN, true);
    return &l->base;
}
