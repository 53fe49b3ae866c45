/* A new record as a form from its table: required fields first told, faults
 * under their fields, one record however often it is sent. */
#ifndef TUI_SCREEN_CREATE_SCREEN_H
#define TUI_SCREEN_CREATE_SCREEN_H

#include "tui/app/app.h"

struct create_options {
    const struct entity *entity;
    int64_t parent; /* the record it belongs to, 0 where it has none */
    /* Called after the screen has closed. */
    void (*then)(void *ctx, int64_t id);
    void *ctx;
};

/* Drafts of such a record are offered first. An entity with steps is made in
 * the wizard. */
void create_screen_open(struct app *a, const struct create_options *o);
/* Goes on with a draft (takes what *d holds), or, NULL, starts anew. */
struct draft;
void create_screen_continue(struct app *a, const struct create_options *o,
                            struct draft *d);

#endif
