/* The one list: rows by keyset windows with constant memory, a frozen first
 * column, sideways scroll, sort, search, a count that comes later. Every list
 * of every entity is this (LIST-01, LIST-03, LIST-07, LIST-15, LIST-16,
 * LIST-18). */
#ifndef TUI_WIDGET_LIST_H
#define TUI_WIDGET_LIST_H

#include "tui/app/app.h"

struct list;

struct list_options {
    const struct entity *entity;
    const char *fixed_filter; /* JSON that always holds (customer_id), NULL */
    const char *sort;         /* NULL: the entity's */
    bool trash;               /* what was deleted */
    bool part;          /* part of a screen: no search line above the header */
    const cJSON *state; /* of list_state: where it was left; or NULL */
    void (*open)(void *ctx, int64_t id); /* Enter */
    void *ctx;
};

/* Asks for its first rows at once. */
struct list *list_new(struct screen *owner, const struct list_options *o);
void list_free(struct list **l);
/* Tells where it will be drawn, for what depends on it before that. */
void list_place(struct list *l, struct rect r);
void list_draw(struct list *l, struct rect r, bool focused);
bool list_act(struct list *l, enum action_id a, const struct event *e);
bool list_key(struct list *l, const struct event *e);
bool list_mouse(struct list *l, const struct event *e);
bool list_typing(const struct list *l); /* the search box has the keys */
/* Esc has something to leave here: the search, the header. */
bool list_takes_back(const struct list *l);
void list_reload(struct list *l); /* keeps the cursor on its row */
/* Shows these values ({"grade":"A"} as they are about to be saved) in the row
 * at once (UX-04), until list_tried says what came of it: not `saved` brings
 * the old ones back. Rows that are not here are let be. */
void list_try(struct list *l, int64_t id, const cJSON *values);
void list_tried(struct list *l, int64_t id, bool saved);
/* What the user has narrowed the list to, as the wire has it: the filter
 * beside the fixed one (NULL: none), and {"filter","search"} as rows are asked
 * for, the fixed filter included (the caller owns it). */
const cJSON *list_filter(const struct list *l);
cJSON *list_params(const struct list *l);
/* What a filter typed as text would show, in words in the arena, or *fault and
 * what is wrong with it; NULL where the text is no filter. ACT_filter with
 * this text applies it. */
const char *list_offer(struct list *l, struct arena *a, const char *text,
                       bool *fault);
/* Asks anew where it is another one. NULL, {}: none. Copies it. */
void list_set_filter(struct list *l, const cJSON *filter);
/* What the list shows as one object, the caller's: {"filter","search",
 * "sort":[["grade","asc"]],"columns":[["grade",8],…]} (LIST-06). A width of 0
 * is that of the table; without "columns" they are those of the table. */
cJSON *list_view(const struct list *l);
/* The inverse, parts that are missing as in a new list. False where something
 * had to be left out: fields that are not there, or not for this reader. */
bool list_set_view(struct list *l, const cJSON *view);
/* Rows selected; -1: all that match, whose number is not known yet. */
int64_t list_selected(const struct list *l);
/* Something is selected, or will be as soon as the rows are here. */
bool list_has_selection(const struct list *l);
/* Rows that were selected by their place have not come yet. */
bool list_is_selecting(const struct list *l);
/* An open range ends, its rows are selected. */
void list_select_commit(struct list *l);
/* What is selected as parameters of a bulk method, the caller's: {"ids"}, or
 * {"filter","search","except","expected_total"}; NULL where nothing is. */
cJSON *list_selection(const struct list *l);
void list_select_none(struct list *l);
void list_select_ids(struct list *l, const int64_t *ids, int n);
/* Where the user is in it, for the next start; the caller's. */
cJSON *list_state(struct list *l);
/* The header has the keys. */
bool list_in_header(const struct list *l);
/* May this action run in the list now? */
bool list_can(const struct list *l, enum action_id a);
/* What the palette offers: "apply filter X", each as an event of ACT_saved. */
int list_offers(struct list *l, struct arena *a, struct screen_offer **out);
/* The row under the cursor; 0: none. Its cell of a field, or NULL. */
int64_t list_current(const struct list *l);
int64_t list_version(const struct list *l);
const cJSON *list_cell(const struct list *l, const struct field *f);
/* The columns shown, from the left; NULL past the last. */
const struct field *list_column(const struct list *l, int i);
int64_t list_position(const struct list *l); /* 1-based; 0: not known yet */
int64_t list_total(const struct list *l);    /* -1 unknown */
/* "7/1,204" for the footer; lives in the arena. */
const char *list_foot(const struct list *l, struct arena *a);
/* The same with the page where the screen has room: "7/1,204 · page 1/25". */
const char *list_foot_page(const struct list *l, struct arena *a);
/* The rows of the page that the cursor is on: the index of the first (from 0)
 * and how many; none where the list is empty or not known yet (LIST-19). */
void list_page(const struct list *l, int64_t *first, int *n);
/* At the first/last row: for the screen to move on to its neighbour. */
bool list_at_first(const struct list *l);
bool list_at_last(const struct list *l);
/* Moves to the neighbour and tells its id (DET-11); false at the ends. It
 * may have to be loaded first: `then` is called when it is here, unless the
 * cursor is moved otherwise meanwhile or list_forget is called. */
bool list_step(struct list *l, int by, void (*then)(void *ctx, int64_t id),
               void *ctx);
/* The one who asked for a step is gone. */
void list_forget(struct list *l, const void *ctx);

#endif
