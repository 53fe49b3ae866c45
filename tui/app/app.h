/* The application: the loop, the stack of screens, the actions. A key goes
 * widget → screen → application; each answers "done" or "not mine". */
#ifndef TUI_APP_APP_H
#define TUI_APP_APP_H

#include "common/err.h"
#include "tui/remote/remote.h"
#include "tui/term/key.h"
#include "tui/term/term.h"

struct app;
struct screen;

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
    const char *name;  /* "record-edit": settings bind keys to it */
    const char *keys;  /* default keys, blank-separated: "e", "ctrl-s f2" */
    unsigned places;   /* 1 << PLACE_… */
    int footer;        /* order in the footer; 0: not shown there */
    const char *label; /* msgid, one or two words */
    const char *help;  /* msgid, one sentence */
    const char *right; /* action of schema/action.def it needs, or NULL */
};
extern const struct act act_rows[ACTS];

/* A screen is one small file with one of these. */
struct screen_ops {
    const char *name;
    enum place place;
    void (*draw)(struct screen *s, struct rect r);
    /* An action in force here; true: done. */
    bool (*act)(struct screen *s, enum action_id a, const struct event *e);
    /* A key no action is bound to (typing); true: done. May be NULL. */
    bool (*key)(struct screen *s, const struct event *e);
    bool (*mouse)(struct screen *s, const struct event *e);
    /* May this action run now? NULL: all may. (Footer, menu, palette.) */
    bool (*can)(struct screen *s, enum action_id a);
    /* Text goes in here: keys are not actions except Ctrl, F and Esc. */
    bool (*typing)(struct screen *s);
    /* The screen above left; back in front. */
    void (*resume)(struct screen *s);
    /* Names what would be lost (translated), or NULL: may be left. */
    const char *(*unsaved)(struct screen *s);
    void (*free)(struct screen *s);
};

struct screen {
    const struct screen_ops *ops;
    struct app *app;
    struct screen *below;
    struct arena *arena;
    bool overlay; /* a dialog or a menu: the one below is drawn first */
};

struct app *app_of(struct screen *s);
struct term *app_term(struct app *a);
struct remote *app_remote(struct app *a);
uv_loop_t *app_loop(struct app *a);
void app_push(struct app *a, struct screen *s);
/* Takes the screen (and what lies above it) off the stack and frees it. */
void app_pop(struct app *a, struct screen *s);
struct screen *app_top(struct app *a);
void app_redraw(struct app *a);
void app_quit(struct app *a);
/* Runs an action as if its key had been pressed. */
bool app_act(struct app *a, enum action_id id);
/* The message line; leaves by itself after a while. */
enum message_kind { MESSAGE_info, MESSAGE_good, MESSAGE_error };
void app_message(struct app *a, enum message_kind k, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void app_error(struct app *a, const struct err *e);
void app_set_lang(struct app *a, enum lang lang);
/* The keys bound to an action, for hints: "e", "^S". */
const char *app_keys(struct app *a, enum action_id id);

/* The frame of every full screen: `left` and `right` of the title line (with
 * connection state), the footer from the action table, the message line.
 * Returns what is left for the content. */
struct rect app_frame(struct app *a, struct screen *s, struct rect r,
                      const char *left, const char *right);

#endif
