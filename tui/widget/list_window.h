/* The rows of a list that are here: a few pages around what is seen, out of
 * any number. Pure data: it says what to ask next and takes the answer. */
#ifndef TUI_WIDGET_LIST_WINDOW_H
#define TUI_WIDGET_LIST_WINDOW_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#define WINDOW_PAGE_ROWS 100 /* of one request */
#define WINDOW_PAGES     6   /* kept at most: memory does not grow */

struct window;

enum ask_kind {
    ASK_first,
    ASK_last,
    ASK_after,  /* `cursor` */
    ASK_before, /* `cursor` */
    ASK_offset, /* `offset` */
    ASK_around  /* `id`, which is expected at `offset` */
};

struct ask {
    enum ask_kind kind;
    const char *cursor; /* lives until the window changes */
    int64_t offset;     /* index of the first row asked for */
    int64_t id;
};

struct window *window_new(void);
void window_free(struct window **w);
/* Another question: nothing is known any more. */
void window_reset(struct window *w);
/* Rows are asked anew, the number of them is still believed. */
void window_forget_rows(struct window *w);

/* What to ask so that the rows top … top+height-1 are here, and a screen
 * more on each side; false where nothing is missing. */
bool window_want(const struct window *w, int64_t top, int height,
                 struct ask *out);
/* Does the answer to this still help to show these rows? */
bool window_useful(const struct window *w, const struct ask *a, int64_t top,
                   int height);
/* Takes the `rows`, `next` and `prev` of an answer (a copy). Returns by how
 * much every row's index has moved, where the true place of a row turned out
 * to be another one than was believed: add it to positions held outside. */
int64_t window_take(struct window *w, const struct ask *a, const cJSON *result);

/* NULL: not here. */
const cJSON *window_row(const struct window *w, int64_t index);
int64_t window_find(const struct window *w, int64_t id); /* -1: not here */
/* A row with this id takes the place of the one that is here (a copy). False
 * where none is. */
bool window_put(struct window *w, const cJSON *row);
bool window_empty(const struct window *w); /* no rows are here */
/* Rows in all, -1 unknown; the count that was told, or seen at the end. */
int64_t window_total(const struct window *w);
/* Returns a move of the indexes like window_take. */
int64_t window_set_total(struct window *w, int64_t total);
/* The index behind the last row that may exist: the total, or a guess that
 * lets the cursor run ahead of the answers. */
int64_t window_bound(const struct window *w);
/* Indexes are true, not guessed from the end. */
bool window_placed(const struct window *w);

#endif
