/* A form from the field table: sections by group, two columns on wide
 * screens, one on narrow ones; read, and edited in place. It knows nothing of
 * customers: an entity, a record, and what this reader may do with it. */
#ifndef TUI_WIDGET_FORM_H
#define TUI_WIDGET_FORM_H

#include "schema/validate.h"
#include "tui/app/app.h"

struct form;

/* Lines between the last field and the buttons that belong to the owner:
 * records that go with the one in the form (the contacts of a new customer).
 * The cursor goes through them like through fields; Enter runs ACT_open on the
 * owner, who asks form_row. */
struct form_rows {
    /* How many there are now; asked again by form_refilter. */
    int (*count)(void *ctx);
    /* What stands in one, in the arena. */
    const char *(*text)(void *ctx, int row, struct arena *a);
    /* What is wrong with it (translated), or NULL. */
    const char *(*fault)(void *ctx, int row);
    /* The heading above them (translated), or NULL. */
    const char *(*title)(void *ctx);
};

struct form_options {
    const struct entity *entity;
    bool creating; /* a new record: defaults filled in, starts editing */
    /* Is this field part of the form? NULL: all that are not F_HIDDEN,
     * F_SECRET. May answer otherwise later: form_refilter. */
    bool (*take)(void *ctx, const struct field *f);
    /* LEVEL_… of access.h for this reader and record; NULL: remote_level. */
    int (*level)(void *ctx, const struct field *f);
    /* A field was left and its value is another than before (drafts, similar
     * customers). May be NULL. */
    void (*left)(void *ctx, const struct field *f);
    /* Words under a field that are no fault (translated), or NULL; asked
     * again after form_relayout. */
    const char *(*note)(void *ctx, const struct field *f);
    /* Shown after the last field while editing, ended by ACT_NONE; NULL:
     * save and back. Enter on one runs the action on the owner. */
    const enum action_id *buttons;
    const struct form_rows *rows; /* while editing; NULL: none */
    void *ctx;
};

struct form *form_new(struct screen *owner, const struct form_options *o);
void form_free(struct form **f);
/* The record as <entity>.get gives it (or `current` of a conflict). Edits
 * under way are forgotten. NULL: an empty record with the defaults. */
void form_load(struct form *f, const cJSON *record);
/* Asks `take` again (another tab); the cursor goes to the first field shown
 * unless its field is still there. */
void form_refilter(struct form *f);

void form_draw(struct form *f, struct rect r, bool focused);
bool form_act(struct form *f, enum action_id a, const struct event *e);
bool form_key(struct form *f, const struct event *e);
bool form_mouse(struct form *f, const struct event *e);
bool form_typing(const struct form *f);

/* Editing starts at the field under the cursor (or, `all`, the first that may
 * be changed); false with *e where this one may not (why, in words). */
bool form_edit(struct form *f, bool all, struct err *e);
bool form_editing(const struct form *f);
/* A long text that may be changed is under the cursor (ACT_external). */
bool form_can_external(const struct form *f);
/* Back to reading; what was typed is dropped. */
void form_cancel(struct form *f);
/* True where something differs from what was loaded. */
bool form_dirty(const struct form *f);
/* Checks everything; the first fault gets the cursor and false is returned.
 * Where true, form_changes is what to send. */
bool form_check(struct form *f);
/* {"grade":"A",…}: only what was changed, as the wire has it (a new record:
 * everything that is not empty). The caller owns it. */
cJSON *form_changes(struct form *f);
/* The same fields as they were loaded: what takes the changes back. */
cJSON *form_originals(struct form *f);
/* Puts the faults of an `invalid` answer under their fields. True where each
 * of them has a field in this form (else tell the message too). */
bool form_faults(struct form *f, const struct err *e);
/* A `conflict` answer: shows before, theirs, mine; then the form holds their
 * record with the values picked as changes, and `then` may save again. Not
 * called where the user leaves; then the form is as it was. */
void form_conflict(struct form *f, const struct err *e, void (*then)(void *ctx),
                   void *ctx);

/* A field that somebody else has just changed: shown with a sign, until
 * form_unmark or form_load. */
void form_mark(struct form *f, const struct field *field);
void form_unmark(struct form *f);

/* The record loaded. */
int64_t form_id(const struct form *f);      /* 0: none */
int64_t form_version(const struct form *f); /* 0: none */
/* The field under the cursor; NULL: none, or a button. */
const struct field *form_current(const struct form *f);
/* No field of it is shown now. */
bool form_is_empty(const struct form *f);
/* At the first/last thing that can have the cursor: for the screen to move
 * on to its neighbour (a list under the form). */
bool form_at_first(struct form *f);
bool form_at_last(struct form *f);
/* False where this field is not shown. */
bool form_go_to(struct form *f, const struct field *field);
void form_go_first(struct form *f);
void form_go_last(struct form *f);
/* Canonical value now (with what was typed), NULL empty; what a person
 * reads, never NULL. Both live until the next change. */
const char *form_value(struct form *f, const struct field *field);
const char *form_shown(struct form *f, const struct field *field);
/* Sets a value as if typed (canonical). */
void form_set(struct form *f, const struct field *field, const char *value);
/* The owner's row under the cursor, -1: none; puts the cursor on one. */
int form_row(const struct form *f);
void form_go_row(struct form *f, int row);
/* Puts the cursor on a field; false where it is not shown or can not be
 * stopped at. */
bool form_go_field(struct form *f, const struct field *field);
/* How many of the fields shown have a fault; the first of them in *first. */
int form_fault_count(struct form *f, const struct field **first);
/* The message of a field's fault, NULL. */
const char *form_fault_of(struct form *f, const struct field *field);
/* Everything is checked, shown or not; moves nothing. The first field with a
 * fault in the order of the table, NULL: none. */
const struct field *form_check_all(struct form *f);

/* What was changed, the text of the open editor included, as a draft keeps
 * it: {"values":{"grade":"A"},"typed":{"contact_phone":"13"},"before":{…},
 * "names":{"user":{"7":"王芳"}}}; values as the wire has them, typed what can
 * not be read yet, before what was loaded (of an edit). NULL: nothing was
 * changed. The caller owns it; nothing is closed or checked. */
cJSON *form_keep(struct form *f);
/* The inverse, over what is loaded; the form has to be editing. `version` is
 * what the edit is based on (0: a new record). Names what found no place in
 * *lost. */
void form_restore(struct form *f, const cJSON *kept, int64_t version,
                  struct buf *lost);
/* Remembers the names that what was kept carries. */
void form_learn(struct app *a, const cJSON *kept);
/* What stands under the fields has changed. */
void form_relayout(struct form *f);
/* Lines the content takes at this width. */
int form_lines(struct form *f, int w);

#endif
