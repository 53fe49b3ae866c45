/* A menu on a sheet, with a line to type what narrows it: what the palette,
 * help, pickers and the action menu are made of. */
#ifndef TUI_WIDGET_CHOOSER_H
#define TUI_WIDGET_CHOOSER_H

#include "tui/widget/menu.h"

struct chooser;

struct chooser_options {
    const char *title;
    const char *prompt; /* before the typed text: ":", "/" */
    const char *empty;  /* where no row is left; NULL: a common text */
    bool filter;        /* typing narrows; else keys are moves */
    bool tall;          /* may cover the screen; else half of it */
    bool multi;
    bool stay;        /* after a choice it stays in front */
    const char *note; /* on the last line: keys of its own; NULL: none */
    /* A row was chosen (multi: Enter was pressed; item may be NULL, see the
     * ticks). The chooser has left the stack, its rows still live. */
    void (*choose)(void *ctx, struct chooser *c, const struct menu_item *item);
    /* A key before the chooser itself gets it; true: done. `item` is the row
     * under the cursor, or NULL. */
    bool (*key)(void *ctx, struct chooser *c, const struct menu_item *item,
                const struct event *e);
    /* The actions key, or the right button: what can be done with the row. */
    void (*more)(void *ctx, struct chooser *c, const struct menu_item *item);
    /* Enter on a row that does something while the chooser stays: true where
     * it was one. May be NULL. */
    bool (*holds)(void *ctx, struct chooser *c, const struct menu_item *item);
    /* The typed text changed; NULL: the menu is narrowed by it. */
    void (*typed)(void *ctx, struct chooser *c, const char *text);
    /* A row was ticked or unticked. */
    void (*ticked)(void *ctx, const struct menu_item *item);
    /* Another row is under the cursor. */
    void (*moved)(void *ctx, const struct menu_item *item);
    /* Before it goes; ctx may be freed. */
    void (*freed)(void *ctx);
    void *ctx;
};

struct chooser *chooser_open(struct app *a, const struct chooser_options *o);
struct menu *chooser_menu(struct chooser *c);
const char *chooser_text(const struct chooser *c);
/* As if it had been typed. */
void chooser_set_text(struct chooser *c, const char *text);
struct app *chooser_app(struct chooser *c);
struct arena *chooser_arena(struct chooser *c); /* goes with it */
void chooser_close(struct chooser *c);

#endif
