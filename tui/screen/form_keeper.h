/* The draft of a screen that is one form: an edit of a record, or a new one
 * without steps (NEW-04). Made with the first key, gone with the save. */
#ifndef TUI_SCREEN_FORM_KEEPER_H
#define TUI_SCREEN_FORM_KEEPER_H

#include "tui/draft/keeper.h"
#include "tui/widget/form.h"

struct form_keeper {
    struct app *app;
    struct form *form;
    const struct entity *entity;
    int64_t record, parent; /* 0: none */
    const char *name;       /* while the form has none; lives as long */
    struct keeper *keeper;  /* NULL: nothing was typed */
};

/* Something was typed, or (`left`) a field was left. */
void form_keeper_touch(struct form_keeper *k, bool left);
/* Puts a draft back into the form, which is editing; takes what *d holds and
 * tells what found no place. */
void form_keeper_resume(struct form_keeper *k, struct draft *d);
/* The connection is lost. */
void form_keeper_save(struct form_keeper *k);
/* Sent, or not wanted any more. */
void form_keeper_drop(struct form_keeper *k);
/* The screen goes; what is typed stays kept. Before the form is freed. */
void form_keeper_end(struct form_keeper *k);
const char *form_keeper_state(const struct form_keeper *k, struct arena *a);

#endif
