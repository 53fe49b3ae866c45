/* What the files of the form share and nobody else sees. */
#ifndef TUI_WIDGET_FORM_IMPL_H
#define TUI_WIDGET_FORM_IMPL_H

#include "common/i18n.h"
#include "schema/access.h"
#include "tui/widget/edit.h"
#include "tui/widget/form.h"
#include "tui/widget/textarea.h"

enum { FORM_BUTTONS = 4 };

/* What the form knows of one field. */
struct form_cell {
    const char *loaded; /* canonical */
    const char *value;  /* canonical, now */
    const char *typed;  /* text that could not be read; NULL */
    bool masked;        /* loaded and value are the masked text */
    bool marked;        /* somebody else has just changed it */
};

/* Where something is drawn, in lines and cells of the content. */
struct form_place {
    int y, x, w, h;
    int label; /* cells of its label column */
};

struct form_heading {
    const char *text; /* translated */
    int y;
};

/* How a kind of value is edited; rows in form_editor.c. */
struct editor_kind {
    /* Takes the place of the value; `cell` is form->editor.index. */
    void (*open)(struct form *f);
    /* What was typed becomes the value, or a fault. */
    void (*commit)(struct form *f);
    bool (*key)(struct form *f, const struct event *e);
    /* Enter; false: go on to the next field. */
    bool (*enter)(struct form *f);
    /* Lines it takes at w cells. */
    int (*lines)(struct form *f, int w);
    void (*draw)(struct form *f, struct rect r, bool focused);
};

struct form {
    struct app *app;
    struct form_options o;
    const struct entity *entity;
    struct arena *arena; /* values since form_load */
    struct form_cell *cell;
    int64_t id, version;
    struct faults faults;

    int *order; /* indices of the fields shown, by group */
    int n;
    int nrows; /* of the owner, behind the fields while editing */
    enum action_id buttons[FORM_BUTTONS];
    int nbuttons;
    int cursor; /* of order; while editing rows and buttons follow */
    bool editing;
    struct {
        const struct editor_kind *kind; /* NULL: none is open */
        int index;                      /* of the field */
        struct edit *line;
        struct textarea *area;
        unsigned seen; /* changes when it was opened */
    } editor;

    /* Scratch for validate: by field. */
    const char **values;
    bool *changed;

    /* The layout for `laid_w` cells, in an arena of its own. */
    struct arena *layout;
    struct form_place *places; /* of order, of the rows, of the buttons */
    struct form_heading *headings;
    int nheadings;
    int lines, laid_w;
    enum lang laid_in; /* headings and widths are of a language */
    struct rect at;    /* as last drawn */
    int top;           /* the first line seen */

    /* A conflict being resolved. */
    struct {
        const char **theirs; /* by field; NULL array: none */
        int *rows;           /* fields of the sheet's rows */
        int64_t version;
        void (*then)(void *ctx);
        void *ctx;
    } conflict;
};

/* form_value.c */
struct names form_names(const struct form *f);
const struct field *form_field(const struct form *f, int index);
int form_level(const struct form *f, int index);
/* NULL where it may be changed, else why not (translated). */
const char *form_refusal(const struct form *f, int index);
/* Must it have a value, as the life cycle stands, and may it be given one? */
bool form_required(const struct form *f, int index);
const char *form_text(const struct form *f, int index, struct arena *a);
bool form_changed(const struct form *f, int index);
void form_set_value(struct form *f, int index, const char *value);
/* A canonical value as the wire has it (references as ids); the caller owns
 * it. */
cJSON *form_json(const struct form *f, int index, const char *value);
/* The inverse; false where it is none of this field. */
bool form_from_json(struct form *f, int index, const cJSON *item,
                    const char **out);
/* Checks one field as it is left; its faults replace the old ones. */
void form_check_field(struct form *f, int index);
const struct fault *form_fault(const struct form *f, int index);
void form_add_fault(struct form *f, int index, const char *message);
void form_drop_faults(struct form *f, int index);
/* `record` to canonical values by field, in f->arena. */
void form_read(struct form *f, const cJSON *record, const char **out,
               bool *masked);

/* form_editor.c */
void editor_open(struct form *f);  /* for the field under the cursor */
void editor_close(struct form *f); /* commits */
void editor_drop(struct form *f);  /* forgets */
/* Hands the long text under the cursor to the user's own editor. */
bool editor_external(struct form *f);

/* form_layout.c */
void form_layout(struct form *f, int w);
/* The item next to the cursor in a direction, -1 where there is none. */
int form_neighbour(struct form *f, int dy, int dx);

/* form_rows.c */
const char *form_row_text(const struct form *f, int row, struct arena *a);
const char *form_row_fault(const struct form *f, int row);
const char *form_rows_title(const struct form *f);

/* form.c */
bool form_may_stop(const struct form *f, int item);
int form_items(const struct form *f);
/* The first item that is a button. */
int form_first_button(const struct form *f);
void form_move(struct form *f, int item);
/* The index of the field at an item; -1: a button. */
int form_index(const struct form *f, int item);

#endif
