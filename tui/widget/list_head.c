/* The header of a list has the keys: it picks a column, and what is done there
 * is done to the order and the width in place (LIST-14, LIST-15). */
#include "tui/widget/list_impl.h"

#include "schema/access.h"

#include <stdio.h>

/* --- order --- */

void list_set_sort(struct list *l, const char *text)
{
    struct err err = {0};
    l->nsort = 0;
    if (text && !sort_from_text(l->entity, text, l->sort, &l->nsort, &err))
        l->nsort = 0;
    err_clear(&err);
}

const char *list_sort_mark(const struct list *l, const struct field *f,
                           char out[16])
{
    struct term *t = app_term(l->owner->app);
    int key = order_find(l->sort, l->nsort, f);
    out[0] = '\0';
    if (key >= 0)
        snprintf(out, 16, "%s%d",
                 term_symbol(t, l->sort[key].desc ? "descending" : "ascending"),
                 key + 1);
    return out;
}

bool list_can_sort(const struct list *l, const struct field *f)
{
    return (f->flags & F_SORT) && remote_may_ask(list_remote(l), l->entity, f);
}

/* Keys that nobody sees, as those a list opens with, are no part of the order
 * that somebody puts together. */
static bool is_order_seen(const struct list *l)
{
    for (int i = 0; i < l->nsort; i++)
        if (l->cards || list_column_of(l, l->sort[i].field) >= 0)
            return true;
    return false;
}

void list_order(struct list *l, enum order_way way, const struct field *f,
                int rank)
{
    struct app *a = l->owner->app;
    if (!list_can_sort(l, f)) {
        app_message(a, MESSAGE_info, _("%s does not sort a list."),
                    _(f->label));
        return;
    }
    if (!is_order_seen(l))
        l->nsort = 0;
    if (!order_change(l->sort, &l->nsort, way, f, rank)) {
        if (way == ORDER_flip)
            app_message(a, MESSAGE_error, _("At most %d columns sort a list."),
                        SORT_KEYS);
        return;
    }
    if (l->nsort == 0)
        list_set_sort(l, l->entity->sort);
    list_question(l, true);
}

/* --- picking --- */

/* The next column from `at` (included) on in this direction; -1. */
static int next_head(const struct list *l, int at, int by)
{
    while (at >= 0 && at < l->ncolumns && !l->columns[at].shown)
        at += by;
    return at >= 0 && at < l->ncolumns ? at : -1;
}

/* Scrolls until the picked column stands on the screen as a whole. */
static void show_head(struct list *l)
{
    int right = l->rect.x + l->rect.w;
    if (l->head <= 0 || l->cards)
        return;
    if (l->head - 1 < l->scrolled)
        l->scrolled = l->head - 1;
    while (l->scrolled < l->head - 1) {
        int x = list_column_x(l, l->head);
        if (x >= 0 && x + list_column_width(l, l->head) <= right)
            return;
        l->scrolled++;
    }
}

static void head_to(struct list *l, int at, int by)
{
    int next = next_head(l, at, by);
    if (next >= 0)
        l->head = next;
    show_head(l);
}

void list_head_open(struct list *l)
{
    int start = l->nsort ? list_column_of(l, l->sort[0].field) : 0;
    if (l->cards) {
        list_sort_menu(l);
        return;
    }
    head_to(l, start < 0 ? 0 : start, 1);
}

bool list_in_header(const struct list *l)
{
    return l->head >= 0 && l->head < l->ncolumns && !l->cards;
}

/* --- what the keys do there --- */

static void head_left(struct list *l, const struct event *e)
{
    (void)e;
    head_to(l, l->head - 1, -1);
}

static void head_right(struct list *l, const struct event *e)
{
    (void)e;
    head_to(l, l->head + 1, 1);
}

static void order_here(struct list *l, enum order_way way, int rank)
{
    list_order(l, way, l->columns[l->head].field, rank);
}

static void head_sort(struct list *l, const struct event *e)
{
    (void)e;
    order_here(l, ORDER_only, 0);
    l->head = -1;
}

static void head_add(struct list *l, const struct event *e)
{
    (void)e;
    order_here(l, ORDER_flip, 0);
    l->head = -1;
}

static void head_flip(struct list *l, const struct event *e)
{
    (void)e;
    order_here(l, ORDER_flip, 0);
}

static void head_drop(struct list *l, const struct event *e)
{
    (void)e;
    order_here(l, ORDER_drop, 0);
}

static void head_rank(struct list *l, const struct event *e)
{
    order_here(l, ORDER_rank, e ? (int)e->cp - '1' : 0);
}

static void head_leave(struct list *l, const struct event *e)
{
    (void)e;
    l->head = -1;
}

typedef void head_fn(struct list *l, const struct event *e);

static head_fn *const acts[ACTS] = {
    [ACT_left] = head_left,      [ACT_prev_field] = head_left,
    [ACT_right] = head_right,    [ACT_next_field] = head_right,
    [ACT_open] = head_sort,      [ACT_sort] = head_sort,
    [ACT_sort_add] = head_add,   [ACT_sort_flip] = head_flip,
    [ACT_sort_drop] = head_drop, [ACT_sort_rank] = head_rank,
    [ACT_back] = head_leave,
};

/* A key that moves among the rows leaves the header and does its work. */
static bool moves_rows(enum action_id a)
{
    return a == ACT_up || a == ACT_down || (a >= ACT_page_up && a <= ACT_last);
}

bool list_head_act(struct list *l, enum action_id a, const struct event *e)
{
    if (moves_rows(a))
        l->head = -1;
    if (!list_in_header(l) || !acts[a])
        return false;
    acts[a](l, e);
    return true;
}

void list_head_click(struct list *l, int x, bool add)
{
    for (int i = 0; i < l->ncolumns; i++) {
        int from = list_column_x(l, i);
        if (from >= 0 && x >= from && x < from + list_column_width(l, i) &&
            list_can_sort(l, l->columns[i].field)) {
            list_order(l, add ? ORDER_flip : ORDER_only, l->columns[i].field,
                       0);
            return;
        }
    }
}
