/* The inside of bulk changes, shared by bulk.c (what can be done, the menu),
 * bulk_form.c (what is wanted), bulk_run.c (preview, run, undo) and
 * bulk_failures.c (what could not be changed). */
#ifndef TUI_SCREEN_BULK_IMPL_H
#define TUI_SCREEN_BULK_IMPL_H

#include "tui/screen/bulk.h"

/* One row an action of <entity>.bulk. */
struct bulk_kind {
    const char *action; /* on the wire */
    const char *label, *help;
    const char *right; /* beside the right to bulk changes */
    /* Fields of the entity to choose from: those with one of these flags. */
    unsigned fields;
    /* Or a form of its own, whose values are those on the wire. */
    const struct entity *form;
    bool severe; /* asks more plainly */
};

/* What is to be done to which records. */
struct bulk_request {
    const struct entity *entity;
    const struct bulk_kind *kind;
    cJSON *target; /* as list_selection gives it */
    int64_t count; /* of it, -1 unknown */
    cJSON *values; /* NULL: none */
    char *reason;  /* NULL: none */
    char *words;   /* what will be changed, a line each; NULL: none */
};

struct bulk_request bulk_request_copy(const struct bulk_request *r);
void bulk_request_free(struct bulk_request *r);
/* "12 customers", "all customers that match". */
const char *bulk_count_words(const struct bulk_request *r, struct arena *a);

/* bulk.c */
void bulk_menu_forget(const struct list *l);

/* bulk_form.c; copies the request. */
void bulk_form_open(struct screen *owner, struct list *l,
                    const struct bulk_request *r);

/* bulk_run.c: one at a time. */
/* Asks the daemon what would come of it and shows that; `form` leaves when it
 * runs. Copies the request. */
void bulk_preview(struct app *a, struct list *l, struct screen *form,
                  const struct bulk_request *r);
bool bulk_is_busy(void);
/* Shows how far it is, or what came of it and has not been seen. False where
 * there is nothing to show. */
bool bulk_show(struct app *a);
void bulk_form_gone(const struct screen *form);

/* bulk_failures.c */
struct bulk_failures {
    const struct entity *entity;
    const cJSON *list; /* [{"id","name","kind","message"}]; copied */
    int64_t total;
    void (*retry)(struct app *a); /* NULL: there is nothing to retry */
};
void bulk_failures_open(struct app *a, const struct bulk_failures *f);

#endif
