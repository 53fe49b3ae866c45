/* The form of a filter, made from the field table (LIST-05, LIST-08): a row a
 * field with its condition in words, an editor by what the type can do, the
 * live number of matches. */
#ifndef TUI_WIDGET_FILTER_FORM_H
#define TUI_WIDGET_FILTER_FORM_H

#include "tui/app/app.h"

struct filter_form_options {
    const struct entity *entity;
    const cJSON *filter;    /* as it is; NULL: none */
    const cJSON *fixed;     /* what always holds beside it, or NULL */
    const char *search;     /* the same; "" */
    bool trash;             /* of what was deleted */
    const struct field *at; /* its editor is opened at once; or NULL */
    /* Applied; valid during the call, {} where nothing is left. Not called
     * where the user leaves. */
    void (*then)(void *ctx, const cJSON *filter);
    void *ctx;
};

void filter_form_open(struct app *a, const struct filter_form_options *o);

#endif
