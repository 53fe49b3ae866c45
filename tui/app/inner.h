/* What the files of tui/app share and nobody else sees. */
#ifndef TUI_APP_INNER_H
#define TUI_APP_INNER_H

#include "tui/app/app.h"
#include "tui/app/bindings.h"
#include "tui/app/prefs.h"
#include "tui/app/saved.h"

enum {
    COMMITTED_MAX = 64,
    MESSAGE_LEN = 512,
    STATUS_LEN = 64,
    KEYS_LEN = 16,
    SPOTS_MAX = 64
};

/* A part of the screen that runs an action when it is clicked. */
struct spot {
    struct rect at;
    const struct screen *owner;
    enum action_id action;
    uint32_t cp;
};

struct app {
    uv_loop_t *loop;
    struct term *term;
    struct remote *remote;
    struct app_options options;
    struct bindings bindings;
    char keys[ACTS][KEYS_LEN]; /* what app_keys gave */
    const struct app_command *commands;
    int ncommands;

    struct screen *top;
    struct screen *dead; /* popped, freed before the next frame */

    struct spot spots[SPOTS_MAX]; /* of the frame drawn last */
    int nspots;

    struct prefs *prefs; /* NULL without a daemon (tests) */
    struct saved *saved;
    int loading; /* of these two, whose answer is awaited before the start */
    bool asked;  /* they were asked for, for who signs in next */

    bool ready;   /* signed in, and the stack was told */
    bool started; /* the stack was built … */
    int64_t user; /* … for this user */
    int closing;  /* handles whose close callback is still to come */
    struct screen *login;

    uv_timer_t timer; /* takes the message away */
    uv_timer_t quiet; /* notes where the user is; patience at the start */
    uv_signal_t hup, stop;
    enum message_kind kind;
    char message[MESSAGE_LEN]; /* "" where there is none */
    bool told;                 /* it has been on the screen */
    char status[STATUS_LEN];   /* what goes on in the background */
    struct buf report;         /* of the user's key bindings */
    /* Text an input method committed where no field was: offered to the
     * search. */
    char committed[COMMITTED_MAX];
};

/* dispatch.c */
void dispatch_event(void *app, const struct event *e);
bool dispatch_action(struct app *a, struct screen *s, enum action_id id,
                     const struct event *e);

/* app.c: frees what was popped. */
void app_bury(struct app *a);

/* own.c: what the application does itself. NULL: nothing. */
typedef bool own_fn(struct app *a, const struct event *e);
own_fn *own_action(enum action_id id);

/* restore.c: keeps where the user is; so does `soon`, when he pauses. */
void restore_keep(struct app *a);
void restore_soon(struct app *a);

/* frame.c */
void frame_draw(void *app);

#endif
