/* The inside of the wizard, shared by wizard.c (its life, what keys do),
 * wizard_part.c (the records that go with the new one), wizard_sheet.c (one of
 * them in a form), wizard_check.c (faults), wizard_send.c (the draft, sending
 * it), wizard_review.c (the last page) and wizard_draw.c. */
#ifndef TUI_SCREEN_WIZARD_IMPL_H
#define TUI_SCREEN_WIZARD_IMPL_H

#include "schema/step.h"
#include "tui/draft/keeper.h"
#include "tui/screen/similar.h"
#include "tui/screen/wizard.h"
#include "tui/widget/form.h"

enum { WIZARD_PARTS = 8 };

/* The records of one kind that go with the new one. */
struct wizard_part {
    const struct entity *entity;
    int step;
    cJSON *list;     /* of objects as form_keep gives them, with "primary":true
                        in one of them where there is such a thing */
    char fault[256]; /* of the list as a whole: it needs one */
};

/* A line of the review. */
struct review_line {
    enum { REVIEW_step, REVIEW_value, REVIEW_row, REVIEW_button } kind;
    int step;
    const struct field *field; /* of a value */
    struct wizard_part *part;  /* of a row */
    int row;
    enum action_id button;
    const char *label, *text, *fault; /* translated; fault NULL: none */
};

struct wizard {
    struct screen screen;
    struct create_options o;
    const struct entity *entity;
    int steps, step; /* steps + 1: the review */
    unsigned seen;   /* 1 << step: has been left once */
    struct form *form;
    struct wizard_part parts[WIZARD_PARTS];
    int nparts;
    struct keeper *keeper;
    uint64_t call;           /* the submit */
    bool sending;            /* the draft is being written, then it is sent */
    struct similar *similar; /* NULL: nothing to ask */
    struct arena *scratch;   /* of a frame */

    struct {
        struct arena *arena;
        struct review_line *lines;
        int n, cursor, top;
        struct rect at;
    } review;

    /* One record of a part in a form of its own, in front. */
    struct wizard_sheet *sheet;
    int steps_x[16]; /* where the steps stand in their line, as drawn last */
    int steps_y;
};

static inline bool wizard_in_review(const struct wizard *w)
{
    return w->step > w->steps;
}

/* wizard.c */
void wizard_go(struct wizard *w, int step);
void wizard_changed(struct wizard *w); /* something was typed or chosen */
/* The field that lists the rows of a part is not shown as a value above. */
bool wizard_takes(const struct wizard *w, const struct field *f, int step);

/* wizard_part.c */
void part_make(struct wizard *w);
void part_free(struct wizard *w);
struct wizard_part *part_of_step(struct wizard *w, int step);
struct wizard_part *part_of_entity(struct wizard *w, const char *entity);
extern const struct form_rows part_rows;
/* What stands for one of them on a line; in the arena. */
const char *part_text(struct wizard *w, struct wizard_part *p, int row,
                      struct arena *a);
/* What keys do on a row; false: not theirs. */
bool part_act(struct wizard *w, enum action_id a);
bool part_can(struct wizard *w, enum action_id a);
/* A kept value as people read it, "" empty; in the arena. */
const char *part_value(struct wizard *w, struct wizard_part *p, int row,
                       const struct field *f, struct arena *a);
/* The field of a child that names its parent, or its place: filled in by us.
 */
bool part_fills(const struct wizard_part *p, const struct wizard *w,
                const struct field *f);
bool part_is_primary(const struct wizard_part *p, int row);
/* Is a fault of the parent's field one of this part: contact_phone? */
bool part_stands_for(const struct wizard_part *p, const struct field *f);

/* wizard_sheet.c: row < 0 adds one. */
void sheet_edit(struct wizard *w, struct wizard_part *p, int row);

/* wizard_check.c */
/* The step's faults are shown; false where there are some. */
bool check_step(struct wizard *w);
/* All of it; goes to the first fault. */
bool check_all(struct wizard *w);
/* What is wrong with a row, in words, or NULL. */
const char *check_row(struct wizard *w, struct wizard_part *p, int row,
                      struct arena *a);
/* Is anything wrong in this step, as far as it has been looked at? */
bool check_has_fault(struct wizard *w, int step);
/* The faults of an `invalid` answer go to their places; goes to the first. */
void check_take_faults(struct wizard *w, const struct err *e);

/* wizard_send.c */
bool send_fill(void *wizard, struct draft *d);
/* Takes up a draft; true where something of it found no place. */
void send_restore(struct wizard *w);
void send_submit(struct wizard *w);
bool send_stop(struct wizard *w);

/* wizard_review.c */
void review_make(struct wizard *w);
void review_draw(struct wizard *w, struct rect r, bool focused);
bool review_act(struct wizard *w, enum action_id a);
bool review_mouse(struct wizard *w, const struct event *e);

/* wizard_draw.c */
void wizard_draw(struct screen *s, struct rect r);
/* The step at this cell of the line of steps, 0: none. */
int wizard_step_at(const struct wizard *w, int y, int x);

#endif
