/* The application: the loop, the stack of screens, the actions. A key goes
 * widget → screen → application; each answers "done" or "not mine". */
#ifndef TUI_APP_APP_H
#define TUI_APP_APP_H

#include "common/err.h"
#include "common/i18n.h"
#include "common/mem.h"
#include "tui/app/settings.h"
#include "tui/remote/remote.h"
#include "tui/term/key.h"
#include "tui/term/term.h"

struct app;
struct prefs;
struct saved;
struct screen;
struct bindings;

/* Where an action applies; one bit a place. */
enum place {
#define PLACE(id, label) PLACE_##id,
#include "tui/app/place.def"
#undef PLACE
    PLACES
};

enum action_id {
    ACT_NONE = -1,
#define ACT(id, ...) ACT_##id,
#include "tui/app/action.def"
#undef ACT
    ACTS
};

/* One row an action of the user: key dispatch, footer, `?`, palette and
 * manual read it. */
struct act {
    const char *name;  /* its id: "edit_all"; settings bind keys to it */
    const char *keys;  /* default keys, blank-separated: "e", "ctrl-s f2" */
    unsigned places;   /* 1 << PLACE_… */
    int footer;        /* order in the footer; 0: not shown there */
    const char *label; /* msgid, one or two words */
    const char *help;  /* msgid, one sentence */
    const char *right; /* action of schema/action.def it needs, or NULL */
};
extern const struct act act_rows[ACTS];
/* By how many of n rows a move takes the cursor where `height` of them are
 * seen; 0: the action is no move. */
int act_step(enum action_id a, int height, int n);

extern const char *const place_labels[PLACES]; /* msgids */

/* What the palette offers beside actions and commands: a text, and the action
 * that runs with this number in its event. */
struct screen_offer {
    const char *label, *help; /* translated */
    enum action_id action;
    int64_t number;
};

/* A screen is one small file with one of these. */
struct screen_ops {
    const char *name;
    enum place place;
    /* Where its keys come from now, when that changes (a record being edited
     * is a form); NULL: always `place`. */
    enum place (*where)(struct screen *s);
    void (*draw)(struct screen *s, struct rect r);
    /* An action in force here; true: done. What nobody takes the application
     * does: back and leave close the screen, menu, help, palette … open.
     * `e` is the key (or a synthetic event from the palette): go_row has
     * e->number, tab_open the digit in e->cp, search and filter may have
     * e->text (what to look for). NULL: takes no action. */
    bool (*act)(struct screen *s, enum action_id a, const struct event *e);
    /* A key no action is bound to, any key that types while `typing`, and
     * pasted text; true: done. May be NULL. */
    bool (*key)(struct screen *s, const struct event *e);
    /* Press, drag, wheel. The right button opens the menu of what it was
     * pressed on, so put the cursor there. Where false: the wheel is up and
     * down. May be NULL. */
    bool (*mouse)(struct screen *s, const struct event *e);
    /* May this action run now? NULL: all of the place may. (Footer, menu,
     * palette, help; the right of the row is asked before.) */
    bool (*can)(struct screen *s, enum action_id a);
    /* What a text typed in the palette would do here beside the actions, in
     * words that live in `a`; where *fault, what is wrong with it. NULL: it
     * means nothing. When chosen it comes as ACT_filter with e->text. */
    const char *(*offer)(struct screen *s, struct arena *a, const char *text,
                         bool *fault);
    /* Text goes in here: `key` gets every key first, and what it leaves runs
     * actions only by Ctrl, Alt, F and the other keys that type nothing. */
    bool (*typing)(struct screen *s);
    /* The screen above left; back in front. */
    void (*resume)(struct screen *s);
    /* The daemon is there (again): ask anew for what is shown. */
    void (*connected)(struct screen *s);
    /* The connection to the daemon went away: keep what was typed. */
    void (*lost)(struct screen *s);
    /* Left although `unsaved` named something, and its user knows. */
    void (*discard)(struct screen *s);
    /* Names what would be lost (translated), or NULL: may be left. */
    const char *(*unsaved)(struct screen *s);
    /* Rows for the palette, in the arena; returns how many. May be NULL. */
    int (*offers)(struct screen *s, struct arena *a, struct screen_offer **out);
    /* How to come back to it at the next start, the caller's; NULL: not at
     * all. Whatever opens the first screens reads it (app_left_at). */
    cJSON *(*state)(struct screen *s);
    /* Frees what the arena does not hold; cancels calls under way. */
    void (*free)(struct screen *s);
};

/* The head of every screen's own struct, which is allocated in its arena by
 * screen_new; the arena is freed with the screen. */
struct screen {
    const struct screen_ops *ops;
    struct app *app;
    struct screen *below;
    struct arena *arena;
    bool overlay; /* a dialog or a menu: the one below is drawn first */
};

/* A zeroed struct of `size` bytes that begins with a struct screen. */
void *screen_new(struct app *a, const struct screen_ops *ops, size_t size);

struct app_options {
    /* The tty and its type; what else term_options has comes from the
     * settings and from NO_COLOR. */
    struct term_options term;
    struct client_settings *settings; /* outlives the app */
    const char *fault; /* of the settings' file, told at the start; NULL */
    /* Signed in (again, or as somebody else): the stack is empty, push the
     * first screen. */
    void (*start)(struct app *a, void *ctx);
    void *ctx;
};

/* NULL with *why (x_free it) where there is no usable terminal. */
struct app *app_new(uv_loop_t *loop, const struct app_options *o, char **why);
/* The daemon; give app_remote_changed and the app to remote_new. The app
 * shows its state, asks for a password when signed out, starts when ready.
 * NULL (tests): starts at once in app_run. */
void app_set_remote(struct app *a, struct remote *r);
void app_remote_changed(void *app, enum remote_state s);
/* Until the user leaves, SIGTERM, SIGHUP or the terminal is gone. Returns
 * the exit code of the program. */
int app_run(struct app *a);
/* Frees the screens and restores the terminal; run the loop once more
 * afterwards, for the close callbacks. */
void app_free(struct app **a);

struct term *app_term(struct app *a);
struct remote *app_remote(struct app *a); /* NULL in tests */
/* What the daemon keeps of this user; NULL in tests. */
struct prefs *app_prefs(struct app *a);
struct saved *app_saved(struct app *a);
/* Where he was when he left, from the first screen up: what `state` gave, with
 * the screen's name as "screen". NULL: from the beginning. */
const cJSON *app_left_at(struct app *a);
uv_loop_t *app_loop(struct app *a);
const struct client_settings *app_settings(struct app *a);
/* A setting of the client at another value (NULL: its default), in force at
 * once; `set` also keeps it in the user's file. False with *e: the value is
 * none (nothing has changed), or it could not be kept (it is in force). */
bool app_try_setting(struct app *a, const char *key, const char *value,
                     struct err *e);
bool app_set_setting(struct app *a, const char *key, const char *value,
                     struct err *e);
/* The keys of an action, blank-separated (NULL: the defaults); likewise. */
bool app_set_keys(struct app *a, enum action_id id, const char *keys,
                  struct err *e);
/* The bindings in force; they change with the user's keys. */
const struct bindings *app_bindings(struct app *a);
/* What does not fit among the user's own keys, a line each; "" where all
 * does. */
const char *app_key_report(struct app *a);
void app_push(struct app *a, struct screen *s);
/* Takes the screen (and what lies above it) off the stack. It is freed before
 * the next frame, so that a screen may pop itself in any of its functions. A
 * screen that is not there any more is let be. Asks nothing: that is
 * app_close. */
void app_pop(struct app *a, struct screen *s);
/* As app_pop, but asks first where `unsaved` names something. */
void app_close(struct app *a, struct screen *s);
struct screen *app_top(struct app *a);
void app_redraw(struct app *a);
/* Something was changed behind the screens: each asks anew for what it shows,
 * as after a lost connection. */
void app_refresh(struct app *a);
/* Asks where something is unsaved, then ends app_run. */
void app_quit(struct app *a);
/* Runs an action on the top screen as if its key had been pressed. */
bool app_act(struct app *a, enum action_id id);
bool app_act_event(struct app *a, enum action_id id, const struct event *e);
/* Is this action in force on this screen now: place, right, `can`? */
bool app_can(struct app *a, struct screen *s, enum action_id id);
/* This part of the screen runs the action when it is clicked, as long as `s`
 * is in front; said anew in every frame. The event has `cp`. */
void app_spot(struct app *a, const struct screen *s, struct rect r,
              enum action_id id, uint32_t cp);
/* The message line; leaves by itself after a while. */
enum message_kind { MESSAGE_info, MESSAGE_good, MESSAGE_error };
void app_message(struct app *a, enum message_kind k, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void app_error(struct app *a, const struct err *e);
/* What goes on in the background, in the footer of every screen; "": nothing.
 */
void app_set_status(struct app *a, const char *text);
void app_set_lang(struct app *a, enum lang lang);
/* The first key bound to an action, for hints: "e", "^S"; "" where none. The
 * text lives as long as the app. */
const char *app_keys(struct app *a, enum action_id id);
/* All of them, blank-separated. Returns out. */
const char *app_all_keys(struct app *a, enum action_id id, char *out,
                         size_t size);

/* What the palette offers beside the actions: lists of every entity … The
 * rows outlive the app. */
struct app_command {
    const char *label; /* msgid */
    const char *of;    /* msgid, behind the label: "Trash · Customers"; NULL */
    const char *help;  /* msgid */
    void (*run)(struct app *a, const void *arg);
    const void *arg;
};
void app_set_commands(struct app *a, const struct app_command *rows, int n);
const struct app_command *app_commands(struct app *a, int *n);

/* The frame of every full screen: `left` and `right` of the title line (the
 * connection's state stands behind `right`), the footer from the action table
 * with `foot` at its right end ("7/1,204"); a message takes the footer's
 * place. NULL texts are left out. Returns what is left for the content. */
struct rect app_frame(struct app *a, struct screen *s, struct rect r,
                      const char *left, const char *right, const char *foot);
/* That rect, without drawing. */
struct rect app_inside(struct rect r);

#endif
