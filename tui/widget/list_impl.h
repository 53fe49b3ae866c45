/* The inside of a list, shared by its files: list.c (life, moves, keys),
 * list_ask.c (questions to the daemon), list_search.c (the search box),
 * list_mouse.c, list_page.c, list_linear.c,
 * list_timer.c, list_column.c (columns and sort), list_view.c
 * (what is shown, as a whole), list_draw.c, list_table.c. */
#ifndef TUI_WIDGET_LIST_IMPL_H
#define TUI_WIDGET_LIST_IMPL_H

#include "common/json.h"
#include "schema/filter.h"
#include "tui/widget/cell.h"
#include "tui/widget/edit.h"
#include "tui/widget/list.h"
#include "tui/widget/list_window.h"
#include "tui/widget/selection.h"

#define LIST_COLUMNS 40
#define LIST_GUTTER  2  /* cells before the first column */
#define LIST_NARROW  80 /* cells; below, a row is a card */
#define LIST_ERRANDS 16

/* Each is active only while something is waited for. */
enum list_timer {
    TIMER_search,   /* half a second after the last key in the box */
    TIMER_patience, /* the old picture gives way to dots */
    TIMER_retry,    /* the daemon asked us to come again */
    TIMER_follow,   /* the view rests: its rows are followed */
    TIMER_read,     /* rows that changed are read again */
    TIMER_marks,    /* what was marked as changed is so no longer */
    LIST_TIMERS
};

struct column {
    const struct field *field;
    bool shown; /* else only asked for (a badge of the card) */
    int width;  /* the user's; 0: that of the table */
};

/* Where a column stands on the screen. */
struct list_span {
    int column, x, w;
};

/* Rows to be selected by their places in an order, once their ids are known.
 */
enum errand_kind { ERRAND_add, ERRAND_toggle };
struct errand {
    enum errand_kind kind;
    int64_t from, to; /* indexes that are left, both included */
    bool here;        /* of the question shown */
    cJSON *params;    /* of it: filter, search, sort */
};

struct list_live; /* list_live.h */

struct list {
    struct screen *owner;
    const struct entity *entity;
    struct list_options o;
    cJSON *fixed;          /* of o.fixed_filter */
    cJSON *filter;         /* the user's, beside it; NULL: none */
    struct arena *scratch; /* of one frame */

    /* columns and sort */
    struct column columns[LIST_COLUMNS];
    int ncolumns;
    cJSON *layout; /* columns the user chose, [["grade",8],…] in his order;
                      NULL: those of the table */
    int scrolled;  /* columns hidden at the left, behind the frozen one */
    struct sort_key sort[SORT_KEYS];
    int nsort;
    int head; /* the header has the keys: column picked; -1: no */

    /* search */
    struct edit *box;
    bool typing;
    char *search; /* in force; "" */

    /* rows */
    struct window *window;
    struct window *before; /* rows of the question before: shown until the
                              first answer to the new one, or NULL */
    int64_t before_top;
    int64_t top, cursor; /* indexes */
    int64_t kept;        /* id of the row the cursor stays on, 0 */
    int64_t whole;       /* rows without search and filter, -1 unknown */
    uint64_t rows_call, count_call;
    struct ask asked;
    char *asked_cursor;
    char *failure; /* words, NULL */
    uv_timer_t *timer[LIST_TIMERS];
    struct list_live *live;

    /* selection */
    struct selection *selection;
    bool ranging;    /* a range is open, from `anchor` to the cursor */
    bool range_held; /* by Shift: the next other key ends it */
    int64_t anchor;
    struct errand errand[LIST_ERRANDS];
    int nerrands;
    uint64_t errand_call, member_call;
    int64_t members[SELECTION_DOUBT]; /* what member_call asks about */
    int nmembers;

    /* a step that waits for its row */
    void (*step_then)(void *ctx, int64_t id);
    void *step_ctx;

    /* as drawn last */
    struct rect rect, box_at; /* the whole, the search box */
    int rows_y;               /* first line of the rows */
    int capacity;             /* rows that fit */
    bool cards;
    int shown_scrolled, shown_last; /* `scrolled`, and the last column */
    int64_t shown_top;              /* of the rows that stood there last */
    bool impatient;                 /* no longer: dots */
};

static inline struct remote *list_remote(const struct list *l)
{
    return app_remote(l->owner->app);
}

/* list_view.c */
/* Search or filter leave rows out. */
bool list_is_narrowed(const struct list *l);
/* The order as the wire has it; the caller's. */
cJSON *list_sort_json(const struct list *l);

/* list_column.c */
/* From the field table and my rights; true where they are others now. */
bool list_set_columns(struct list *l);
void list_set_sort(struct list *l, const char *text);
int list_column_width(const struct list *l, int column);
/* Where a column starts on the screen; -1: not seen now. */
int list_column_x(const struct list *l, int column);
/* The columns on the screen, from the left. One that does not fit as a whole
 * waits until the list is scrolled, unless it would stand alone: half a date
 * tells nothing. */
int list_spans(const struct list *l, struct list_span out[LIST_COLUMNS]);
/* "↑1" of a column that sorts, "" of others; into out. */
const char *list_sort_mark(const struct list *l, const struct field *f,
                           char out[16]);
/* Sorts by a column; `add` makes it the last key. The same again flips. */
void list_sort_by(struct list *l, const struct field *f, bool add);
/* The header takes the keys: s, S. */
void list_head_open(struct list *l);
bool list_head_act(struct list *l, enum action_id a);
void list_head_click(struct list *l, int x, bool add);
void list_sideways(struct list *l, int by);
/* Position of a field's value in a row as it came; -1. */
int list_cell_index(const struct list *l, const struct field *f);

/* list_ask.c */
/* Asks for what the view lacks. Cheap where nothing is missing. */
void list_fetch(struct list *l);
/* Another search or sort: from the first row, the old rows stay on the
 * screen until the new ones come. */
void list_question(struct list *l, bool same_set);
void list_jump_last(struct list *l);
void list_stop(struct list *l); /* cancels what is under way */
/* <entity>.<verb>; takes `params`. */
void list_call(struct list *l, const char *verb, cJSON *params,
               remote_reply_fn *fn, uint64_t *out);

/* list_select.c */
void list_select_open(struct list *l);
void list_select_close(struct list *l);
bool list_select_act(struct list *l, enum action_id a);
/* A click on a row with Ctrl or Shift; false: without. */
bool list_select_click(struct list *l, int64_t index, unsigned mods);
/* Rows or their number have come. */
void list_select_rows(struct list *l);
/* Another question, or another order, before its rows come. */
void list_select_question(struct list *l);
/* All indexes have moved. */
void list_select_moved(struct list *l, int64_t by);
bool list_row_selected(const struct list *l, const struct window *w,
                       int64_t index);
/* "Selected: 12" for the footer, "" where nothing is; in the arena. */
const char *list_select_words(const struct list *l, struct arena *a);

/* list_table.c */
void list_table_header(struct list *l);
/* `focus`: the row that has it, -1 none. */
void list_table_rows(struct list *l, const struct window *w, int64_t top,
                     int64_t focus);
/* Scrolled sideways since the last frame: first a picture in which the columns
 * that stay have only moved, which a terminal does by itself. The whole table
 * anew would cost three times as much. */
void list_table_shift(struct list *l);

/* list_linear.c: the row under the cursor, as a text. */
void list_linear(struct list *l);

/* list_timer.c */
void list_timers_open(struct list *l);
void list_timers_close(struct list *l);
void list_timer_start(struct list *l, enum list_timer which, uint64_t ms,
                      void (*fn)(struct list *l));
void list_timer_stop(struct list *l, enum list_timer which);

/* list_page.c */
void list_go_page(struct list *l, int64_t page); /* from 1 */

/* list_search.c */
void list_search_open(struct list *l, const char *text);
bool list_search_key(struct list *l, const struct event *e);
bool list_search_act(struct list *l, enum action_id a);
void list_search_clear(struct list *l);

/* list.c */
/* The cursor to a row; the view follows as little as it must, or (move_to)
 * shows what stands around it. */
void list_put_cursor(struct list *l, int64_t index);
void list_move_to(struct list *l, int64_t index);
void list_open(struct list *l); /* the row under the cursor */
/* Brings cursor and top back into the rows and the view. */
void list_settle(struct list *l);

#endif
