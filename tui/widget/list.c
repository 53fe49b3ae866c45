/* A list's life, its moves and its keys. Rows have indexes; the cursor is one
 * of them whether its row is here already or not, so no key ever waits. */
#include "tui/widget/list_live.h"

#include "common/json.h"

#include <string.h>

struct list *list_new(struct screen *owner, const struct list_options *o)
{
    struct list *l = x_calloc(1, sizeof(*l));
    l->owner = owner;
    l->entity = o->entity;
    l->o = *o;
    l->o.fixed_filter = l->o.sort = NULL;
    l->o.state = NULL;
    l->fixed = o->fixed_filter ? cJSON_Parse(o->fixed_filter) : NULL;
    l->scratch = arena_new();
    l->search = x_strdup("");
    l->window = window_new();
    list_select_open(l);
    l->whole = -1;
    list_timers_open(l);
    list_live_open(l);
    l->head = l->dragged = l->recalled = -1;
    l->o.sort = o->sort;
    list_begin(l, o->state);
    l->o.sort = NULL;
    return l;
}

void list_free(struct list **lp)
{
    struct list *l = *lp;
    if (!l)
        return;
    list_stop(l);
    list_select_close(l);
    list_live_close(l);
    list_timers_close(l);
    edit_free(&l->box);
    x_free(&l->search);
    window_free(&l->window);
    window_free(&l->before);
    cJSON_Delete(l->fixed);
    cJSON_Delete(l->filter);
    cJSON_Delete(l->dropped);
    cJSON_Delete(l->split);
    cJSON_Delete(l->layout);
    list_saved_close(l);
    x_free(&l->typed);
    x_free(&l->left_out);
    x_free(&l->asked_cursor);
    x_free(&l->failure);
    arena_free(&l->scratch);
    x_free(lp);
}

/* --- moving --- */

static int view_height(const struct list *l)
{
    return l->capacity > 0 ? l->capacity : 1;
}

void list_settle(struct list *l)
{
    int64_t bound = window_bound(l->window);
    int height = view_height(l);
    if (l->cursor >= bound)
        l->cursor = bound - 1;
    if (l->cursor < 0)
        l->cursor = 0;
    if (l->top > l->cursor)
        l->top = l->cursor;
    if (l->top < l->cursor - height + 1)
        l->top = l->cursor - height + 1;
    if (l->top > bound - height)
        l->top = bound - height;
    if (l->top < 0)
        l->top = 0;
}

void list_put_cursor(struct list *l, int64_t index)
{
    l->step_then = NULL;
    l->kept = 0;
    l->to_last = false;
    x_free(&l->failure); /* moving on asks again */
    l->cursor = index;
    list_settle(l);
    list_fetch(l);
    app_redraw(l->owner->app);
}

void list_move_to(struct list *l, int64_t index)
{
    /* A jump lands in the middle, so that what stands around it is seen. */
    if (index < l->top || index >= l->top + view_height(l))
        l->top = index - view_height(l) / 2;
    list_put_cursor(l, index);
}

static void move_page(struct list *l, int64_t by)
{
    l->top += by;
    list_put_cursor(l, l->cursor + by);
}

/* --- what keys do --- */

static void act_up(struct list *l)
{
    list_put_cursor(l, l->cursor - 1);
}

static void act_down(struct list *l)
{
    list_put_cursor(l, l->cursor + 1);
}

static void act_left(struct list *l)
{
    list_sideways(l, -1);
}

static void act_right(struct list *l)
{
    list_sideways(l, 1);
}

static void act_page_up(struct list *l)
{
    move_page(l, -view_height(l));
}

static void act_page_down(struct list *l)
{
    move_page(l, view_height(l));
}

static void act_half_up(struct list *l)
{
    move_page(l, -(view_height(l) + 1) / 2);
}

static void act_half_down(struct list *l)
{
    move_page(l, (view_height(l) + 1) / 2);
}

static void act_first(struct list *l)
{
    list_put_cursor(l, 0);
}

/* A row that is still on its way is opened when it is here. */
void list_open(struct list *l)
{
    if (!l->o.open)
        return;
    if (list_current(l)) {
        l->o.open(l->o.ctx, list_current(l));
        return;
    }
    l->step_then = l->o.open;
    l->step_ctx = l->o.ctx;
}

static void act_narrower(struct list *l)
{
    list_widen(l, -1);
}

static void act_wider(struct list *l)
{
    list_widen(l, 1);
}

static void (*const acts[ACTS])(struct list *) = {
    [ACT_up] = act_up,
    [ACT_down] = act_down,
    [ACT_left] = act_left,
    [ACT_right] = act_right,
    [ACT_page_up] = act_page_up,
    [ACT_page_down] = act_page_down,
    [ACT_half_up] = act_half_up,
    [ACT_half_down] = act_half_down,
    [ACT_first] = act_first,
    [ACT_last] = list_jump_last,
    [ACT_open] = list_open,
    [ACT_sort] = list_head_open,
    [ACT_sort_add] = list_head_open,
    [ACT_reload] = list_reload,
    [ACT_columns] = list_columns_open,
    [ACT_narrower] = act_narrower,
    [ACT_wider] = act_wider,
    [ACT_searches] = list_searches_open,
};

/* Esc leaves the search first, then the screen. */
static bool act_back(struct list *l)
{
    if (!l->search[0])
        return false;
    list_search_clear(l);
    return true;
}

/* Actions that come with something: a row's number, a text to search for. */
static bool act_with(struct list *l, enum action_id a, const struct event *e)
{
    if (a == ACT_go_row && e && e->number > 0) {
        list_move_to(l, e->number - 1);
        return true;
    }
    if (a == ACT_go_page && e && e->number > 0) {
        list_go_page(l, e->number);
        return true;
    }
    if (a == ACT_saved && !l->o.part) {
        if (e && e->number > 0)
            list_saved_apply(l, e->number);
        else
            list_saved_menu(l);
        return true;
    }
    if (a == ACT_search && !l->o.part) {
        list_search_open(l, e ? e->text : NULL);
        return true;
    }
    return false;
}

/* What a screen does with rows, unlike menus and help, which are everywhere:
 * from then on undo is about that. */
static bool is_deed(enum action_id a)
{
    return act_rows[a].places != act_rows[ACT_menu].places && a != ACT_undo;
}

bool list_act(struct list *l, enum action_id a, const struct event *e)
{
    if (a < 0 || a >= ACTS)
        return false;
    app_redraw(l->owner->app);
    if (list_filter_act(l, a, e))
        return true;
    if (l->typing && list_search_act(l, a))
        return true;
    bool leaves_range = l->ranging && a == ACT_back;
    if (l->head >= 0 && !leaves_range && list_head_act(l, a, e))
        return true;
    if (list_select_act(l, a))
        return true;
    if (a == ACT_back)
        return act_back(l);
    if (act_with(l, a, e))
        return true;
    if (acts[a])
        acts[a](l);
    else if (is_deed(a))
        list_filter_forget(l);
    return acts[a] != NULL;
}

bool list_key(struct list *l, const struct event *e)
{
    bool done = l->dropping ? list_filter_key(l, e)
                            : l->typing && list_search_key(l, e);
    if (done)
        app_redraw(l->owner->app);
    return done;
}

bool list_typing(const struct list *l)
{
    return l->typing || l->dropping;
}

bool list_can(const struct list *l, enum action_id a)
{
    switch (a) {
    case ACT_narrower:
    case ACT_wider:
        return !l->cards;
    case ACT_sort_flip:
    case ACT_sort_drop:
    case ACT_sort_rank:
        return list_in_header(l);
    case ACT_saved:
    case ACT_searches:
        return !l->o.part;
    default:
        return list_filter_can(l, a);
    }
}

bool list_takes_back(const struct list *l)
{
    return l->typing || l->ranging || l->head >= 0 || l->search[0];
}

/* --- looking --- */

static const cJSON *current_row(const struct list *l)
{
    return window_row(l->window, l->cursor);
}

int64_t list_current(const struct list *l)
{
    const cJSON *row = current_row(l);
    int64_t id = 0;
    return row && json_is_int(row->child, &id) ? id : 0;
}

int64_t list_version(const struct list *l)
{
    const cJSON *row = current_row(l);
    int64_t version = 0;
    return row && json_is_int(row->child->next, &version) ? version : 0;
}

const cJSON *list_cell(const struct list *l, const struct field *f)
{
    const cJSON *row = current_row(l);
    int at = list_cell_index(l, f);
    return row && at >= 0 ? cJSON_GetArrayItem(row, at) : NULL;
}

int64_t list_position(const struct list *l)
{
    bool known = window_placed(l->window) && !window_empty(l->window);
    return known ? l->cursor + 1 : 0;
}

int64_t list_total(const struct list *l)
{
    return window_total(l->window);
}

const char *list_foot(const struct list *l, struct arena *a)
{
    int64_t total = list_total(l);
    int64_t position = list_position(l);
    const char *at = position ? cell_count(a, position) : "?";
    const char *selected = list_select_words(l, a);
    const char *gap = selected[0] ? "  " : "";
    if (total == 0)
        return arena_printf(a, "%s%s0", selected, gap);
    if (window_empty(l->window))
        return selected;
    /* As wide as it will be at the last row: the hints beside it stay. */
    const char *all = total < 0 ? "?" : cell_count(a, total);
    return arena_printf(a, "%s%s%*s/%s", selected, gap, (int)strlen(all), at,
                        all);
}

bool list_at_first(const struct list *l)
{
    return l->cursor == 0;
}

bool list_at_last(const struct list *l)
{
    return l->cursor >= window_bound(l->window) - 1;
}

bool list_step(struct list *l, int by, void (*then)(void *ctx, int64_t id),
               void *ctx)
{
    int64_t to = l->cursor + by;
    if (to < 0 || to >= window_bound(l->window))
        return false;
    list_put_cursor(l, to);
    if (list_current(l)) {
        then(ctx, list_current(l));
        return true;
    }
    l->step_then = then;
    l->step_ctx = ctx;
    return true;
}

void list_forget(struct list *l, const void *ctx)
{
    if (l->step_ctx == ctx)
        l->step_then = NULL;
}
