/* The inside of a record's screen, shared by record_screen.c (its life, who
 * gets a key), record_act.c (what keys do), record_save.c (asking, saving,
 * conflicts), record_part.c (the records that belong to it), record_order.c
 * (their order), record_more.c (history, life cycle, masked values),
 * record_draft.c, record_live.c (changes of others) and record_draw.c. */
#ifndef TUI_SCREEN_RECORD_IMPL_H
#define TUI_SCREEN_RECORD_IMPL_H

#include "tui/remote/follow.h"
#include "tui/screen/form_keeper.h"
#include "tui/screen/record_screen.h"
#include "tui/screen/saver.h"
#include "tui/widget/form.h"

struct record_screen {
    struct screen screen;
    const struct entity *entity;
    int64_t id;
    struct list *from;
    bool edit;         /* as soon as it is here */
    const char *as_of; /* in the screen's arena; NULL: as it is now */
    bool restored;
    struct arena *scratch;

    cJSON *record; /* NULL: not here yet */
    char *failure; /* words, NULL */
    uint64_t get_call, save_call, reveal_call;
    struct saver *saver; /* of the form; save_call is of a part */

    struct record_live *live; /* record_live.c */

    struct form_keeper draft;
    bool take_draft;       /* without asking */
    int64_t draft_offered; /* the record whose draft was looked for */

    struct form *form;
    enum tab tab;      /* TAB_NONE where the entity has no tabs */
    struct list *part; /* the tab's list of children, NULL */
    const struct entity *part_entity;
    bool below;        /* the part has the keys, not the form */
    int step;          /* the part's row moves up (-1) or down (1) … */
    cJSON *swap;       /* … past this one, */
    int64_t swap_rank; /* which goes here */

    /* as drawn last */
    struct rect form_rect, part_rect;
};

static inline struct remote *record_remote(const struct record_screen *rs)
{
    return app_remote(rs->screen.app);
}

/* record_act.c */
bool record_act(struct record_screen *rs, enum action_id a,
                const struct event *e);
void record_open_tab(struct record_screen *rs, int tab);

/* Taken to be changed, not seen as it was once. */
bool record_is_live(const struct record_screen *rs);

/* record_save.c */
void record_get(struct record_screen *rs);
void record_save_open(struct record_screen *rs);
void record_save(struct record_screen *rs);
bool record_saving(const struct record_screen *rs);
/* Stops the save under way; false where there is none. */
bool record_stop_save(struct record_screen *rs);
void record_start_edit(struct record_screen *rs, bool all);
/* Takes over a record as the daemon gave it. */
void record_take(struct record_screen *rs, const cJSON *record);

/* record_live.c: what others change in it. */
void record_live_open(struct record_screen *rs);
void record_live_close(struct record_screen *rs);
/* The record of rs->id is being read: from now on it is followed. */
void record_live_follow(struct record_screen *rs);
/* That it was changed while it is being edited, and by whom; NULL. */
const char *record_live_note(struct record_screen *rs);

/* record_draft.c */
/* Something was typed, or (`left`) a field was left. */
void record_draft_touch(struct record_screen *rs, bool left);
void record_draft_drop(struct record_screen *rs);
/* Offers the draft of the record that has just come. */
void record_draft_offer(struct record_screen *rs);

/* record_part.c */
/* The entity whose records stand in this tab, or NULL. */
const struct entity *record_part_of(const struct entity *e, enum tab tab);
void record_part_open(struct record_screen *rs);
void record_part_close(struct record_screen *rs);
void record_part_new(struct record_screen *rs);
void record_part_edit(struct record_screen *rs);
void record_part_remove(struct record_screen *rs);
void record_part_primary(struct record_screen *rs);
/* May a further one be added, changed, taken away? */
bool record_part_can(struct record_screen *rs, enum action_id a);
/* After a change of a part: the record carries copies of it. */
void record_part_changed(void *record_screen);

/* record_more.c: history, life cycle, masked values. */
void record_history(struct record_screen *rs);
void record_transition(struct record_screen *rs);
void record_reveal(struct record_screen *rs);
bool record_can_reveal(const struct record_screen *rs);

/* The row under the cursor is the customer's primary contact. */
bool record_part_is_primary(const struct record_screen *rs);

/* record_order.c */
void record_part_raise(struct record_screen *rs);
void record_part_lower(struct record_screen *rs);
/* Its records stand in an order of the user's own. */
bool record_part_has_order(const struct record_screen *rs);
/* True where the row is a primary contact: the successor is asked for. */
bool record_part_remove_primary(struct record_screen *rs);

/* record_draw.c */
void record_draw(struct screen *s, struct rect r);

/* record_tabs.c */
void record_draw_tabs(struct record_screen *rs, int y);
void record_tab_menu(struct record_screen *rs);

#endif
