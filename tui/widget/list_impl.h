/* The inside of a list, shared by its files: list.c (life, moves, keys),
 * list_ask.c (questions to the daemon), list_search.c (the search box),
 * list_searches.c, list_mouse.c, list_page.c, list_linear.c, list_timer.c,
 * list_column.c, list_layout.c and list_columns.c (columns), list_head.c and
 * list_sort_menu.c (order), list_view.c (what is shown, as a whole),
 * list_filter.c (chips), list_names.c (names in it), list_saved.c and
 * list_saved_menu.c (under a name), list_draw.c, list_table.c. */
#ifndef TUI_WIDGET_LIST_IMPL_H
#define TUI_WIDGET_LIST_IMPL_H

#include "common/json.h"
#include "schema/filter.h"
#include "tui/widget/cell.h"
#include "tui/widget/edit.h"
#include "tui/widget/list.h"
#include "tui/widget/list_window.h"
#include "tui/widget/order.h"
#include "tui/widget/selection.h"

#define LIST_COLUMNS 64  /* a bit each in list_live_marks */
#define LIST_GUTTER  2   /* cells before the first column */
#define LIST_NARROW  80  /* cells; below, a row is a card */
#define LIST_WIDE    160 /* from here on a count shows its split */
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

/* What another choice of columns means for the rows that are here. */
enum list_change {
    LIST_same, /* they hold what is shown */
    LIST_more, /* they lack a column */
    LIST_other /* they can not be used: my rights are others now */
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

/* Names that are being asked for, one field's after another (list_names.c). */
struct list_naming {
    uint64_t call;
    const struct entity *entity;
    char *after; /* cursor of the next page */
    int field, pages;
    bool all;   /* the small kinds are known as a whole */
    bool again; /* the filter has changed meanwhile */
};

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
    const struct field *wanted[LIST_COLUMNS]; /* as the rows have them */
    int nwanted;
    int scrolled; /* columns hidden at the left, behind the frozen one */
    int dragged;  /* column whose edge the mouse holds; -1: none */
    struct sort_key sort[SORT_KEYS];
    int nsort;
    int head; /* the header has the keys: column picked; -1: no */

    /* filter */
    bool dropping;  /* the next digit takes a chip away */
    cJSON *dropped; /* filters before chips were taken away, the last at the
                       end: for `u` */
    struct list_naming naming;

    /* search */
    struct edit *box;
    bool typing;
    char *search; /* in force; "" */
    int recalled; /* of the earlier searches, the one in the box; -1: none */
    char *typed;  /* what stood there before; NULL */
    unsigned opened_at; /* edit_changes of the box when it was opened */
    bool noting; /* goes to the earlier searches once it finds something */

    /* the saved filter that was applied last, 0: none */
    int64_t saved;
    char *saved_name;
    cJSON *saved_view;          /* what the list showed then */
    int64_t overwritten;        /* the one asked about */
    char *left_out;             /* fields of a view not for this reader; NULL */
    struct chooser *saved_menu; /* while it is open */

    /* rows */
    struct window *window;
    struct window *before; /* rows of the question before: shown until the
                              first answer to the new one, or NULL */
    int64_t before_top;
    int64_t top, cursor; /* indexes */
    bool to_last;        /* the cursor waits for the last row */
    int64_t kept;        /* id of the row the cursor stays on, 0 */
    int64_t whole;       /* rows without search and filter, -1 unknown */
    cJSON *split;        /* of the count, on wide screens; or NULL */
    bool wide;           /* there is room for it */
    uint64_t rows_call, count_call, whole_call;
    struct ask asked;
    char *asked_cursor;
    bool restoring; /* the first question, for where the user was */
    char *failure;  /* words, NULL */
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
/* As list_set_filter, but what was taken away can still be brought back. */
void list_put_filter(struct list *l, const cJSON *filter);
/* Filter and search at once. */
void list_put_question(struct list *l, const cJSON *filter, const char *search);
/* The order as the wire has it; the caller's. */
cJSON *list_sort_json(const struct list *l);

/* Everything that `view` says, without asking for rows. */
bool list_take_view(struct list *l, const cJSON *view);
/* A copy of the columns [["grade",8],…] that this reader may see; NULL where
 * it is no array. Adds what is left out to l->left_out. */
cJSON *list_known_columns(struct list *l, const cJSON *columns);
bool list_may_show(const struct list *l, const struct field *f);

/* list_layout.c */
enum { LIST_WIDTH_MIN = 3, LIST_WIDTH_MAX = 80 };
/* The columns this user chose for this kind of record; NULL: those of the
 * table. */
cJSON *list_own_layout(struct list *l);
/* As they are now, [["grade",8],…]; the caller's. */
cJSON *list_layout(const struct list *l);
/* Takes over others (NULL: those of the table) and keeps them for the user. */
void list_put_layout(struct list *l, cJSON *layout);
void list_set_width(struct list *l, int column, int width);
void list_tell_width(struct list *l, int column);
/* Of the picked column, or the first behind the frozen one. */
void list_widen(struct list *l, int by);

/* list_columns.c: the sheet that shows, hides, orders them. */
void list_columns_open(struct list *l);

/* list_column.c */
/* From the field table, the layout and my rights. */
enum list_change list_set_columns(struct list *l);
/* Its place among the columns shown; -1. */
int list_column_of(const struct list *l, const struct field *f);
int list_column_width(const struct list *l, int column);
/* Where a column starts on the screen; -1: not seen now. */
int list_column_x(const struct list *l, int column);
/* The columns on the screen, from the left. One that does not fit as a whole
 * waits until the list is scrolled, unless it would stand alone: half a date
 * tells nothing. */
int list_spans(const struct list *l, struct list_span out[LIST_COLUMNS]);
void list_sideways(struct list *l, int by);
/* Position of a field's value in a row as it came; -1. */
int list_cell_index(const struct list *l, const struct field *f);

/* list_head.c */
void list_set_sort(struct list *l, const char *text);
/* "↑1" of a column that sorts, "" of others; into out. */
const char *list_sort_mark(const struct list *l, const struct field *f,
                           char out[16]);
bool list_can_sort(const struct list *l, const struct field *f);
/* Changes the order and asks anew. */
void list_order(struct list *l, enum order_way way, const struct field *f,
                int rank);
/* The header takes the keys: s, S; without one a menu opens. */
void list_head_open(struct list *l);
bool list_head_act(struct list *l, enum action_id a, const struct event *e);
void list_head_click(struct list *l, int x, bool add);

/* list_sort_menu.c */
void list_sort_menu(struct list *l);

/* list_saved.c */
/* Before the first question: the default filter, or what `state` says. */
void list_begin(struct list *l, const cJSON *state);
/* The view of a saved filter, with words for what is not for this reader. */
void list_saved_apply(struct list *l, int64_t id);
void list_saved_none(struct list *l); /* back to the plain list */
/* Asks for a name, and before overwriting. */
void list_saved_save(struct list *l);
/* Parameters for one more, the last of mine; takes the definition. */
cJSON *list_saved_new(struct list *l, const char *name, cJSON *definition);
void list_saved_overwrite(struct list *l, int64_t id);
bool list_saved_name_ok(void *ctx, const char *text, struct err *e);
/* Its name, with a mark where the list was changed since; NULL: none. */
const char *list_saved_words(struct list *l);
void list_saved_close(struct list *l);

/* list_saved_menu.c */
void list_saved_menu(struct list *l);
void list_saved_refresh(void *list); /* where it is open */

/* list_searches.c */
/* Up (1) and down (-1) among the earlier searches; false at the end. */
bool list_searches_step(struct list *l, int by);
void list_searches_typed(struct list *l); /* the user wrote something else */
/* What is in force goes to the earlier searches. */
void list_searches_note(struct list *l);
void list_searches_open(struct list *l);

/* list_ask.c */
/* The same rows with another set of columns; the cursor stays. */
void list_refetch(struct list *l);
/* The first question, for a row that is expected there. */
void list_ask_around(struct list *l, int64_t id, int64_t index);
/* Asks for what the view lacks. Cheap where nothing is missing. */
void list_fetch(struct list *l);
/* Another search or sort: from the first row, the old rows stay on the
 * screen until the new ones come. */
void list_question(struct list *l, bool same_set);
void list_jump_last(struct list *l);
/* Is there room for the split of the count? Asks for it where it is not here.
 */
void list_set_wide(struct list *l, bool wide);
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

/* list_filter.c */
/* The user's filter as a tree, NULL: none. */
struct filter *list_tree(const struct list *l, struct arena *a);
/* The chips that fit between x and right, and how many there are besides. */
void list_chips_draw(struct list *l, int y, int x, int right);
/* "3 conditions", "" where there are none. */
const char *list_chips_words(struct list *l);
/* While a digit is waited for: the chips with their digits, on a whole line. */
void list_chips_ask(struct list *l, int y, int x, int right);
bool list_filter_act(struct list *l, enum action_id a, const struct event *e);
/* May this action run now? True for those that are not about the filter. */
bool list_filter_can(const struct list *l, enum action_id a);
bool list_filter_key(struct list *l, const struct event *e);
/* Something else has been done since chips were taken away. */
void list_filter_forget(struct list *l);

/* list_names.c */
void list_names_ask(struct list *l);
void list_names_stop(struct list *l);

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
void list_search_found(struct list *l); /* rows have come */

/* list.c */
/* The cursor to a row; the view follows as little as it must, or (move_to)
 * shows what stands around it. */
void list_put_cursor(struct list *l, int64_t index);
void list_move_to(struct list *l, int64_t index);
void list_open(struct list *l); /* the row under the cursor */
/* Brings cursor and top back into the rows and the view. */
void list_settle(struct list *l);

#endif
