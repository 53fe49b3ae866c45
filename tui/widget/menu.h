/* The one menu: rows with a hint at the right, narrowed by typing Chinese,
 * pinyin, initials or English. The palette, help, pickers, the action menu
 * and choices in dialogs are all this. */
#ifndef TUI_WIDGET_MENU_H
#define TUI_WIDGET_MENU_H

#include "tui/app/app.h"

struct menu_item {
    const char *label; /* translated */
    const char *hint;  /* at the right: keys; or NULL */
    const char *help;  /* second column on wide screens; or NULL. With
                          menu_values the value of the row, always seen */
    const char *find;  /* its name in the other language; or NULL */
    const char *value; /* the caller's: a code, an id */
    int id;            /* the caller's: an action */
    bool off;          /* shown, can not be chosen */
    bool heading;      /* a group's name; never chosen */
    bool ticked;
};

struct menu;

struct menu *menu_new(void);
void menu_free(struct menu **m);
/* Copies the rows. Ticks and the row under the cursor stay by `value`. */
void menu_set(struct menu *m, const struct menu_item *items, int n);
/* Only rows that match, best first; "" shows all in their order. */
void menu_filter(struct menu *m, const char *text);
void menu_multi(struct menu *m, bool on); /* rows can be ticked */
/* Rows are labels of so many cells with a value behind; 0: they are not. */
void menu_values(struct menu *m, int label_cells);
int menu_count(const struct menu *m); /* rows shown that can be chosen */
int menu_shown(const struct menu *m); /* all of them */
/* The row under the cursor or NULL; lives until menu_set. */
const struct menu_item *menu_current(const struct menu *m);
/* All rows as given, with their ticks; NULL past the last. */
const struct menu_item *menu_item(const struct menu *m, int i);
int menu_rows(const struct menu *m);
void menu_select(struct menu *m, const char *value);
void menu_toggle(struct menu *m); /* the row under the cursor */
/* The moves; true: done. */
bool menu_act(struct menu *m, enum action_id a);
/* True where a press hit a row, which is then under the cursor. */
bool menu_mouse(struct menu *m, const struct event *e);
void menu_draw(struct menu *m, struct term *t, struct rect r);

/* A menu as an overlay; `then` gets the chosen row, valid during the call, and
 * is not called where the user leaves with Esc. */
typedef void menu_fn(void *ctx, const struct menu_item *item);
void menu_open(struct app *a, const char *title, const struct menu_item *items,
               int n, menu_fn *then, void *ctx);

#endif
