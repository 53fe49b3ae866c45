/* Dialogs: a question, a line to type, a choice. Each can be left with Esc.
 * `then` is called after the dialog has left the stack, and never where the
 * screen below was popped with it, so that its ctx may be that screen. */
#ifndef TUI_WIDGET_DIALOG_H
#define TUI_WIDGET_DIALOG_H

#include "tui/app/app.h"

/* Tells something that must be read. `then` may be NULL. */
void dialog_tell(struct app *a, const char *title, const char *text,
                 void (*then)(void *ctx), void *ctx);
/* A question; `yes` names what will happen ("Delete"). Where `danger`, the
 * focus starts on Cancel. Called only on yes. */
struct dialog_question {
    const char *title, *text, *yes;
    bool danger;
};
void dialog_confirm(struct app *a, const struct dialog_question *q,
                    void (*then)(void *ctx), void *ctx);
/* A line of text; `check` may refuse it with words in *e (NULL: all pass).
 * Called only where it was accepted. */
struct dialog_prompt {
    const char *title, *label, *value;
    size_t max; /* code points */
    bool (*check)(void *ctx, const char *text, struct err *e);
};
void dialog_ask(struct app *a, const struct dialog_prompt *p,
                void (*then)(void *ctx, const char *text), void *ctx);

/* Several ways on, and perhaps a text that changes while it stands (the
 * progress of something; app_redraw shows it anew). Esc is the last button. */
#define DIALOG_BUTTONS 4
struct dialog_choice {
    const char *title;
    const char *text;
    const char *(*live)(void *ctx, struct arena *a); /* in place of text */
    const char *buttons[DIALOG_BUTTONS];             /* NULL ends them */
    int focus;
    bool danger; /* `y` answers nothing: the button has to be chosen */
    /* True: done, and the dialog stays. May be NULL. */
    bool (*stay)(void *ctx, int button);
    void (*then)(void *ctx, int button);
    /* It is freed, however it was left; may be NULL. */
    void (*gone)(void *ctx, const struct screen *dialog);
    void *ctx;
};
struct screen *dialog_choose(struct app *a, const struct dialog_choice *c);

#endif
