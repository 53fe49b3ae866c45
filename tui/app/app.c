/* The application: its life, the stack of screens, the message line, and the
 * state of the connection. */
#include "tui/app/external.h"
#include "tui/app/inner.h"

#include "tui/screen/login.h"
#include "tui/widget/dialog.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MS = 5000, ERROR_MS = 10000, PATIENCE_MS = 2000 };

/* --- the stack --- */

void *screen_new(struct app *a, const struct screen_ops *ops, size_t size)
{
    struct arena *arena = arena_new();
    struct screen *s = arena_alloc(arena, size);
    s->ops = ops;
    s->app = a;
    s->arena = arena;
    return s;
}

void app_bury(struct app *a)
{
    while (a->dead != NULL) {
        struct screen *s = a->dead;
        struct arena *arena = s->arena;
        a->dead = s->below;
        if (s->ops->free != NULL)
            s->ops->free(s);
        arena_free(&arena);
    }
}

static bool on_stack(const struct app *a, const struct screen *s)
{
    for (const struct screen *i = a->top; i != NULL; i = i->below)
        if (i == s)
            return true;
    return false;
}

/* Those above are freed before those below, whose things they may use. */
static void pop_one(struct app *a)
{
    struct screen *s = a->top;
    struct screen **end = &a->dead;
    a->top = s->below;
    if (s == a->login)
        a->login = NULL;
    while (*end != NULL)
        end = &(*end)->below;
    s->below = NULL;
    *end = s;
}

void app_push(struct app *a, struct screen *s)
{
    s->below = a->top;
    a->top = s;
    app_redraw(a);
}

void app_pop(struct app *a, struct screen *s)
{
    if (!on_stack(a, s))
        return;
    bool last;
    do {
        last = a->top == s;
        pop_one(a);
    } while (!last);
    if (a->top != NULL && a->top->ops->resume != NULL)
        a->top->ops->resume(a->top);
    app_redraw(a);
}

static void pop_all(struct app *a)
{
    while (a->top != NULL)
        pop_one(a);
}

static const char *unsaved(struct screen *s)
{
    return s->ops->unsaved != NULL ? s->ops->unsaved(s) : NULL;
}

static void discard(struct screen *s)
{
    if (unsaved(s) != NULL && s->ops->discard != NULL)
        s->ops->discard(s);
}

static void close_now(void *ctx)
{
    struct screen *s = ctx;
    discard(s);
    app_pop(s->app, s);
}

static void ask_loss(struct app *a, const char *what, void (*then)(void *ctx),
                     void *ctx)
{
    char text[MESSAGE_LEN];
    snprintf(text, sizeof(text), _("Not saved yet: %s"), what);
    struct dialog_question q = {.title = _("Leave without saving?"),
                                .text = text,
                                .yes = _("Discard"),
                                .danger = true};
    dialog_confirm(a, &q, then, ctx);
}

void app_close(struct app *a, struct screen *s)
{
    const char *what = unsaved(s);
    if (what != NULL)
        ask_loss(a, what, close_now, s);
    else
        app_pop(a, s);
}

static void quit_now(void *ctx)
{
    struct app *a = ctx;
    uv_stop(a->loop);
}

static void quit_discarding(void *ctx)
{
    struct app *a = ctx;
    for (struct screen *s = a->top; s != NULL; s = s->below)
        discard(s);
    quit_now(a);
}

void app_quit(struct app *a)
{
    const char *what = NULL;
    for (struct screen *s = a->top; s != NULL && what == NULL; s = s->below)
        what = unsaved(s);
    if (what != NULL)
        ask_loss(a, what, quit_discarding, a);
    else
        quit_now(a);
}

/* --- the message line --- */

static void on_timer(uv_timer_t *timer)
{
    struct app *a = timer->data;
    a->message[0] = '\0';
    app_redraw(a);
}

static void message_set(struct app *a, enum message_kind k, const char *text)
{
    a->kind = k;
    snprintf(a->message, sizeof(a->message), "%s", text);
    a->told = false;
    /* On a slow line it goes with the next key's frame, not in its own. */
    if (term_is_slow(a->term))
        uv_timer_stop(&a->timer);
    else
        uv_timer_start(&a->timer, on_timer,
                       k == MESSAGE_error ? ERROR_MS : MESSAGE_MS, 0);
    app_redraw(a);
}

void app_message(struct app *a, enum message_kind k, const char *fmt, ...)
{
    char text[MESSAGE_LEN];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    message_set(a, k, text);
}

void app_error(struct app *a, const struct err *e)
{
    const char *text =
        e->message[0] != '\0' ? e->message : _(err_row(e->kind)->text);
    message_set(a, MESSAGE_error, text);
}

/* --- the connection --- */

void app_refresh(struct app *a)
{
    for (struct screen *s = a->top; s != NULL; s = s->below)
        if (s->ops->connected != NULL)
            s->ops->connected(s);
    app_redraw(a);
}

/* Key bindings that do not fit are told once, when there is a screen. */
static void tell_report(struct app *a)
{
    if (a->options.fault != NULL)
        dialog_tell(a, _("Settings"), a->options.fault, NULL, NULL);
    a->options.fault = NULL;
    if (a->report.len == 0)
        return;
    dialog_tell(a, _("Key bindings"), buf_text(&a->report), NULL, NULL);
}

static void start(struct app *a)
{
    pop_all(a);
    a->started = true;
    a->options.start(a, a->options.ctx);
    tell_report(a);
}

/* What the user keeps on the daemon goes before the first screen, so that it
 * is drawn once; but it is not waited for for long. */
static void start_if_known(struct app *a)
{
    if (!a->ready || a->started || a->loading > 0)
        return;
    uv_timer_stop(&a->quiet);
    start(a);
}

static void on_patience(uv_timer_t *timer)
{
    struct app *a = timer->data;
    a->loading = 0;
    start_if_known(a);
}

static void on_loaded(void *ctx)
{
    struct app *a = ctx;
    if (a->loading > 0 && --a->loading == 0)
        start_if_known(a);
}

/* Asked for before anybody has signed in, to be on the way with the sign-in. */
static void load(struct app *a)
{
    a->asked = true;
    a->loading = 2;
    prefs_load(a->prefs, a->remote, on_loaded, a);
    saved_load(a->saved, a->remote, true, on_loaded, a);
}

static void on_ready(struct app *a)
{
    int64_t user = remote_user_id(a->remote);
    bool same = a->started && a->user == user;
    if (a->ready)
        return;
    a->ready = true;
    a->user = user;
    if (a->login != NULL)
        app_pop(a, a->login);
    if (!same) {
        a->started = false;
        pop_all(a); /* nothing of one user stays before another */
        if (!a->asked)
            load(a);
        uv_timer_start(&a->quiet, on_patience, PATIENCE_MS, 0);
        start_if_known(a);
        return;
    }
    app_refresh(a);
}

static void on_signed_out(struct app *a)
{
    if (a->login != NULL)
        return;
    a->asked = a->asked && !a->started; /* the next one may be another */
    a->login = login_screen(a);
    app_push(a, a->login);
}

static void on_refused(struct app *a)
{
    dialog_tell(a, _("The daemon can not be used"), remote_reason(a->remote),
                quit_now, a);
}

static void on_lost(struct app *a)
{
    for (struct screen *s = a->top; s != NULL; s = s->below)
        if (s->ops->lost != NULL)
            s->ops->lost(s);
}

void app_remote_changed(void *app, enum remote_state s)
{
    static void (*const rows[])(struct app *) = {
        [REMOTE_ready] = on_ready,
        [REMOTE_signed_out] = on_signed_out,
        [REMOTE_waiting] = on_lost,
        [REMOTE_refused] = on_refused,
    };
    struct app *a = app;
    if (a->remote == NULL || a->term == NULL)
        return; /* remote_new is still at work, or the user has left */
    if (s != REMOTE_ready)
        a->ready = false;
    if ((size_t)s < sizeof(rows) / sizeof(*rows) && rows[s] != NULL)
        rows[s](a);
    app_redraw(a);
}

void app_set_remote(struct app *a, struct remote *r)
{
    a->remote = r;
    if (r == NULL)
        return;
    a->prefs = prefs_new(a->loop);
    a->saved = saved_new();
    load(a);
    app_remote_changed(a, remote_state(r));
}

/* --- life --- */

static void on_hangup(void *app)
{
    quit_now(app);
}

static void on_signal(uv_signal_t *signal, int number)
{
    (void)number;
    quit_now(signal->data);
}

static void start_handles(struct app *a)
{
    uv_timer_init(a->loop, &a->timer);
    uv_timer_init(a->loop, &a->quiet);
    uv_signal_init(a->loop, &a->hup);
    uv_signal_init(a->loop, &a->stop);
    a->timer.data = a->quiet.data = a->hup.data = a->stop.data = a;
    uv_signal_start(&a->hup, on_signal, SIGHUP);
    uv_signal_start(&a->stop, on_signal, SIGTERM);
}

struct app *app_new(uv_loop_t *loop, const struct app_options *o, char **why)
{
    const char *no_color = getenv("NO_COLOR");
    struct term_options t = o->term;
    t.ascii = o->settings->ascii;
    t.mouse = o->settings->mouse;
    t.slow = (enum term_slow)o->settings->low_bandwidth;
    t.linear = o->settings->linear;
    t.theme = client_settings_theme(o->settings);
    t.no_color = no_color != NULL && *no_color != '\0';
    struct term *term = term_open(loop, &t, why);
    if (term == NULL)
        return NULL;
    struct app *a = x_calloc(1, sizeof(*a));
    a->loop = loop;
    a->term = term;
    a->options = *o;
    bindings_make(&a->bindings, o->settings->keys, &a->report);
    start_handles(a);
    term_on_event(term, dispatch_event, on_hangup, a);
    term_on_draw(term, frame_draw, a);
    return a;
}

/* The terminal is given back first; what is still to be written to the daemon
 * goes behind the user's back. */
static void leave(struct app *a)
{
    restore_keep(a);
    uv_timer_stop(&a->quiet);
    pop_all(a);
    app_bury(a);
    term_close(&a->term);
    prefs_finish(a->prefs);
}

int app_run(struct app *a)
{
    if (a->remote == NULL)
        start(a);
    uv_run(a->loop, UV_RUN_DEFAULT);
    leave(a);
    return 0;
}

static void on_closed(uv_handle_t *h)
{
    struct app *a = h->data;
    if (--a->closing > 0)
        return;
    bindings_free(&a->bindings);
    buf_free(&a->report);
    x_free(&a);
}

void app_free(struct app **ap)
{
    struct app *a = *ap;
    if (a == NULL)
        return;
    *ap = NULL;
    pop_all(a);
    app_bury(a);
    external_stop();
    term_close(&a->term);
    prefs_free(&a->prefs);
    saved_free(&a->saved);
    uv_handle_t *handles[] = {(uv_handle_t *)&a->timer,
                              (uv_handle_t *)&a->quiet, (uv_handle_t *)&a->hup,
                              (uv_handle_t *)&a->stop};
    size_t n = sizeof(handles) / sizeof(*handles);
    a->closing = (int)n;
    for (size_t i = 0; i < n; i++)
        uv_close(handles[i], on_closed);
}

/* --- what others ask --- */

struct term *app_term(struct app *a)
{
    return a->term;
}

struct remote *app_remote(struct app *a)
{
    return a->remote;
}

struct prefs *app_prefs(struct app *a)
{
    return a->prefs;
}

struct saved *app_saved(struct app *a)
{
    return a->saved;
}

uv_loop_t *app_loop(struct app *a)
{
    return a->loop;
}

const struct client_settings *app_settings(struct app *a)
{
    return a->options.settings;
}

struct screen *app_top(struct app *a)
{
    return a->top;
}

void app_redraw(struct app *a)
{
    if (a->term != NULL)
        term_wake(a->term);
}

bool app_act_event(struct app *a, enum action_id id, const struct event *e)
{
    app_redraw(a);
    return a->top != NULL && dispatch_action(a, a->top, id, e);
}

bool app_act(struct app *a, enum action_id id)
{
    struct event e = {.kind = EVENT_key};
    return app_act_event(a, id, &e);
}

void app_set_status(struct app *a, const char *text)
{
    snprintf(a->status, sizeof(a->status), "%s", text);
    app_redraw(a);
}

void app_set_lang(struct app *a, enum lang lang)
{
    i18n_use(lang);
    if (a->remote != NULL)
        remote_set_lang(a->remote, lang);
    app_redraw(a);
}

const char *app_keys(struct app *a, enum action_id id)
{
    return bindings_show(&a->bindings, id, a->term, false, a->keys[id],
                         sizeof(a->keys[id]));
}

const char *app_all_keys(struct app *a, enum action_id id, char *out,
                         size_t size)
{
    return bindings_show(&a->bindings, id, a->term, true, out, size);
}

void app_set_commands(struct app *a, const struct app_command *rows, int n)
{
    a->commands = rows;
    a->ncommands = n;
}

const struct app_command *app_commands(struct app *a, int *n)
{
    *n = a->ncommands;
    return a->commands;
}
