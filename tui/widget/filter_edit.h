/* The editors of one condition of a filter, by what the type of its field can
 * do: yes or no, values of a list or records, from … to with a calendar, a
 * text. */
#ifndef TUI_WIDGET_FILTER_EDIT_H
#define TUI_WIDGET_FILTER_EDIT_H

#include "tui/app/app.h"

/* A condition as the wire has it, {"grade":{"in":["A"]}}; NULL: none. Valid
 * during the call. */
typedef void filter_edit_fn(void *ctx, const cJSON *condition);

/* Kept by the screen below as long as the editor is open; `now` is looked at
 * while it opens. */
struct filter_edit {
    struct app *app;
    const struct entity *entity;
    const struct field *field;
    const cJSON *now;        /* the condition as it is; NULL: none */
    filter_edit_fn *changed; /* while choosing */
    filter_edit_fn *then;    /* chosen; not called where left with Esc */
    void *ctx;
};

void filter_edit_open(const struct filter_edit *e);

/* filter_pick.c */
void filter_pick_yes_no(const struct filter_edit *e);
void filter_pick_values(const struct filter_edit *e);
/* filter_sheet.c */
void filter_sheet_open(const struct filter_edit *e);

#endif
