/* The actions of the application itself: what no screen takes. */
#include "tui/app/inner.h"

#include "tui/screen/drafts.h"
#include "tui/screen/help.h"
#include "tui/screen/settings_screen.h"
#include "tui/widget/dialog.h"

#include <signal.h>
#include <stdlib.h>

static bool do_back(struct app *a, const struct event *e)
{
    (void)e;
    if (a->top->below == NULL)
        return false;
    app_close(a, a->top);
    return true;
}

static bool do_leave(struct app *a, const struct event *e)
{
    if (!do_back(a, e))
        app_quit(a);
    return true;
}

static bool do_quit(struct app *a, const struct event *e)
{
    (void)e;
    app_quit(a);
    return true;
}

static bool do_help(struct app *a, const struct event *e)
{
    (void)e;
    help_open(a);
    return true;
}

static bool do_menu(struct app *a, const struct event *e)
{
    (void)e;
    action_menu_open(a);
    return true;
}

static bool do_palette(struct app *a, const struct event *e)
{
    (void)e;
    palette_open(a);
    return true;
}

static bool do_drafts(struct app *a, const struct event *e)
{
    (void)e;
    drafts_open(a);
    return true;
}

static bool do_language(struct app *a, const struct event *e)
{
    (void)e;
    app_set_lang(a, i18n_lang() == LANG_zh ? LANG_en : LANG_zh);
    return true;
}

static bool do_theme(struct app *a, const struct event *e)
{
    (void)e;
    choice_menu_open(a, "ui.theme", NULL, NULL);
    return true;
}

static bool do_settings(struct app *a, const struct event *e)
{
    (void)e;
    settings_screen_open(a);
    return true;
}

static bool do_mouse(struct app *a, const struct event *e)
{
    (void)e;
    bool on = !term_mouse(a->term);
    term_set_mouse(a->term, on);
    app_message(a, MESSAGE_info, "%s",
                on ? _("The mouse works here again.")
                   : _("The mouse selects text in the terminal now."));
    return true;
}

static bool do_redraw(struct app *a, const struct event *e)
{
    (void)e;
    term_redraw(a->term);
    return true;
}

/* SIGTSTP to the whole group, as the terminal would send it; the shell's fg
 * continues behind kill. */
static bool do_suspend(struct app *a, const struct event *e)
{
    (void)e;
    term_suspend(a->term);
    kill(0, SIGTSTP);
    term_resume(a->term);
    return true;
}

static void log_out(void *ctx)
{
    struct app *a = ctx;
    restore_keep(a);
    prefs_flush(a->prefs);
    remote_logout(a->remote, NULL, NULL);
}

static bool do_logout(struct app *a, const struct event *e)
{
    (void)e;
    struct dialog_question q = {
        .title = _("Sign out"),
        .text = _("Sign out of the daemon? What is not saved is lost."),
        .yes = _("Sign out")};
    if (a->remote == NULL || remote_state(a->remote) != REMOTE_ready)
        return false;
    dialog_confirm(a, &q, log_out, a);
    return true;
}

static bool is_number(const char *text)
{
    char *end;
    long long n = strtoll(text, &end, 10);
    return *end == '\0' && n > 0;
}

static bool is_row_number(void *ctx, const char *text, struct err *e)
{
    (void)ctx;
    return is_number(text) ||
           err_set(e, ERR_invalid,
                   _("Type the number of a row, for example 1234."));
}

static bool is_page_number(void *ctx, const char *text, struct err *e)
{
    (void)ctx;
    return is_number(text) ||
           err_set(e, ERR_invalid,
                   _("Type the number of a page, for example 12."));
}

static void go(struct app *a, enum action_id id, const char *text)
{
    struct event e = {.kind = EVENT_key, .number = strtoll(text, NULL, 10)};
    app_act_event(a, id, &e);
}

static void go_row(void *ctx, const char *text)
{
    go(ctx, ACT_go_row, text);
}

static void go_page(void *ctx, const char *text)
{
    go(ctx, ACT_go_page, text);
}

static bool do_go_row(struct app *a, const struct event *e)
{
    (void)e;
    struct dialog_prompt p = {.title = _("Go to row"),
                              .label = _("Row"),
                              .max = 12,
                              .check = is_row_number};
    dialog_ask(a, &p, go_row, a);
    return true;
}

static bool do_go_page(struct app *a, const struct event *e)
{
    (void)e;
    struct dialog_prompt p = {.title = _("Go to page"),
                              .label = _("Page"),
                              .max = 12,
                              .check = is_page_number};
    dialog_ask(a, &p, go_page, a);
    return true;
}

static bool do_page_size(struct app *a, const struct event *e)
{
    (void)e;
    choice_menu_open(a, "ui.page_size", NULL, NULL);
    return true;
}

own_fn *own_action(enum action_id id)
{
    static own_fn *const own[ACTS] = {
        [ACT_back] = do_back,         [ACT_leave] = do_leave,
        [ACT_quit] = do_quit,         [ACT_help] = do_help,
        [ACT_menu] = do_menu,         [ACT_palette] = do_palette,
        [ACT_language] = do_language, [ACT_theme] = do_theme,
        [ACT_mouse] = do_mouse,       [ACT_redraw] = do_redraw,
        [ACT_suspend] = do_suspend,   [ACT_logout] = do_logout,
        [ACT_go_row] = do_go_row,     [ACT_settings] = do_settings,
        [ACT_go_page] = do_go_page,   [ACT_page_size] = do_page_size,
        [ACT_drafts] = do_drafts,
    };
    return own[id];
}
