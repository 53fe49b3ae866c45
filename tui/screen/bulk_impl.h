/* The inside of bulk changes, shared by bulk.c (what can be done, the menu),
 * bulk_form.c (what is wanted), bulk_run.c (preview, run, undo), bulk_words.c
 * (what is said of it) and bulk_failures.c (what could not be changed). */
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

enum bulk_stage {
    STAGE_none,
    STAGE_looking, /* the daemon looks what would come of it */
    STAGE_looked,  /* the preview stands */
    STAGE_running,
    STAGE_done /* what came of it has not been seen yet */
};

struct way_back;

/* The one under way; what it says of itself stands in bulk_words.c. */
struct bulk_job {
    struct app *app;
    enum bulk_stage stage;
    struct bulk_request request;
    struct list *list;     /* NULL: gone */
    struct screen *form;   /* where it was asked for; NULL */
    struct screen *sheet;  /* what shows it now; NULL: nothing */
    char *undoing;         /* words of what is being undone; NULL: no undo */
    struct way_back *back; /* of it, as long as it is kept */
    uint64_t call;
    int64_t done, total; /* of progress; total 0: not known */
    uint64_t started_at; /* ms */
    bool stopping;
    cJSON *result; /* of the preview, or of the run */
};

/* bulk_words.c: of the job, or (void *) for the sheets that show it. Texts lie
 * in the arena. */
int64_t bulk_number(const struct bulk_job *job, const char *name);
int64_t bulk_will_change(const struct bulk_job *job);
bool bulk_is_severe(const struct bulk_job *job);
int bulk_percent(const struct bulk_job *job);
const char *bulk_title(const struct bulk_job *job, struct arena *a);
const char *bulk_done_words(const struct bulk_job *job, struct arena *a);
const char *bulk_preview_text(void *job, struct arena *a);
const char *bulk_progress_text(void *job, struct arena *a);
const char *bulk_result_text(void *job, struct arena *a);

/* bulk_failures.c */
struct bulk_failures {
    const struct entity *entity;
    const cJSON *list; /* [{"id","name","kind","message"}]; copied */
    int64_t total;
    void (*retry)(struct app *a); /* NULL: there is nothing to retry */
};
void bulk_failures_open(struct app *a, const struct bulk_failures *f);

#endif
