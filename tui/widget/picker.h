/* Picks one value or several from an option list or from records of another
 * entity, by typing Chinese, pinyin, initials or English. */
#ifndef TUI_WIDGET_PICKER_H
#define TUI_WIDGET_PICKER_H

#include "schema/type.h"
#include "tui/widget/menu.h"

struct picker;

/* Where rows come from when they are too many to hold: called when the typed
 * text changes (also once with ""), answers now or later by picker_rows.
 * `stop` is called before the picker goes: no picker_rows, picker_made after
 * it. */
struct picker_source {
    void (*find)(void *ctx, struct picker *p, const char *text);
    /* Makes a new one of this name, and tells by picker_made; NULL: nobody
     * may. */
    void (*make)(void *ctx, struct picker *p, const char *text);
    void (*stop)(void *ctx);
    void *ctx;
};

/* The chosen values (multi: any number; else 0 or 1) and their labels, valid
 * during the call. Not called where left with Esc. */
typedef void picker_fn(void *ctx, const char *const *values,
                       const char *const *labels, int n);

struct picker_options {
    const char *title;
    bool multi;
    bool may_clear; /* an empty answer is allowed */
    bool may_make;  /* of a field: a record that is not there yet, where its
                       entity and my rights allow it */
    bool free_text; /* what is typed may be the value ("其他国家") */
    /* Either the rows, or where to find them. */
    const struct menu_item *items;
    int nitems;
    const struct picker_source *source;
    /* Rows behind all others, whatever the others are: "(empty)". */
    const struct menu_item *extra;
    int nextra;
    /* A row was ticked or unticked; may be NULL. Gets what `then` gets. */
    picker_fn *changed;
    /* Chosen now: n values (with labels where the rows may lack them). */
    const char *const *values;
    const char *const *labels; /* or NULL */
    int nvalues;
};

void picker_open(struct app *a, const struct picker_options *o, picker_fn *then,
                 void *ctx);
void picker_rows(struct picker *p, const struct menu_item *items, int n);
/* It is there: chosen, beside what has been chosen before. */
void picker_made(struct picker *p, const char *value, const char *label);
/* Opens the picker for a field of type choice, choices, ref or refs: its
 * options from the daemon's description, or its records by <entity>.list.
 * `value` is canonical. */
void picker_open_field(struct app *a, const struct field *f, const char *value,
                       picker_fn *then, void *ctx);
/* The same for a value that goes on from another: of states that follow each
 * other by a table (schema/flow.def) only those are offered that may follow
 * `from`. */
void picker_open_next(struct app *a, const struct field *f, const char *value,
                      const char *from, picker_fn *then, void *ctx);
/* The same with what `o` says beside its title and its rows. */
void picker_open_values(struct app *a, const struct field *f,
                        const struct picker_options *o, picker_fn *then,
                        void *ctx);

#endif
