/* Selecting rows of a list (LIST-17): one by one, a range, all that match.
 * Rows are meant by their place as long as they have not arrived: what has
 * been asked for is kept as an errand, and done as soon as their ids are
 * here, so that no key waits. */
#include "tui/widget/list_impl.h"

#include <string.h>

#define ERRAND_ROWS 500 /* of one request */

/* --- words --- */

static void tell_full(struct list *l)
{
    struct app *a = l->owner->app;
    app_message(a, MESSAGE_error,
                _("At most %s rows can be selected one by one; %s selects all "
                  "that match."),
                cell_count(l->scratch, SELECTION_MAX),
                app_keys(a, ACT_select_all));
}

static void tell_answer(struct list *l, enum selection_answer answer)
{
    if (answer == SELECTION_full)
        tell_full(l);
    if (answer == SELECTION_outside)
        app_message(l->owner->app, MESSAGE_info,
                    _("All that matched another search are selected, and this "
                      "row is not among them."));
}

/* --- errands --- */

static void send_errands(struct list *l);

static bool set_row(struct list *l, int64_t id, enum errand_kind kind)
{
    bool on =
        kind == ERRAND_add || selection_has(l->selection, id) != SELECTED_yes;
    enum selection_answer answer = selection_set(l->selection, id, on);
    bool outside = answer == SELECTION_outside;
    /* In a range, rows from outside are just passed over. */
    if (!outside || kind == ERRAND_toggle)
        tell_answer(l, answer);
    return answer != SELECTION_full;
}

static void drop_errand(struct list *l)
{
    cJSON_Delete(l->errand[0].params);
    l->nerrands--;
    memmove(&l->errand[0], &l->errand[1],
            (size_t)l->nerrands * sizeof(l->errand[0]));
}

static void drop_errands(struct list *l)
{
    while (l->nerrands)
        drop_errand(l);
}

/* Does what can be done with the rows that are here. */
static void run_errand(struct list *l, struct errand *e)
{
    const cJSON *row;
    int64_t id;
    while (e->here && e->from <= e->to &&
           (row = window_row(l->window, e->from)) != NULL) {
        if (!json_is_int(row->child, &id) || !set_row(l, id, e->kind))
            e->from = e->to;
        e->from++;
    }
}

static void run_errands(struct list *l)
{
    while (l->nerrands && !l->errand_call) {
        run_errand(l, &l->errand[0]);
        if (l->errand[0].from <= l->errand[0].to)
            break;
        drop_errand(l);
    }
    send_errands(l);
    app_redraw(l->owner->app);
}

static void on_errand(void *ctx, const cJSON *result, const struct err *err)
{
    struct list *l = ctx;
    struct errand *e = &l->errand[0];
    const cJSON *row;
    bool go_on = !err;
    int n = 0;
    l->errand_call = 0;
    if (err)
        app_error(l->owner->app, err);
    cJSON_ArrayForEach(row, json_get(result, "rows"))
    {
        int64_t id;
        n++;
        if (go_on && json_is_int(row->child, &id))
            go_on = set_row(l, id, e->kind);
    }
    e->from += n;
    if (err)
        drop_errands(l);
    else if (!go_on || n == 0)
        e->from = e->to + 1; /* full, or behind the last row */
    run_errands(l);
}

static void send_errands(struct list *l)
{
    if (!l->nerrands || l->errand_call)
        return;
    const struct errand *e = &l->errand[0];
    int64_t rows = e->to - e->from + 1;
    cJSON *params = cJSON_Duplicate(e->params, true);
    cJSON_AddArrayToObject(params, "columns");
    cJSON_AddNumberToObject(params, "offset", (double)e->from);
    cJSON_AddNumberToObject(params, "limit",
                            (double)(rows < ERRAND_ROWS ? rows : ERRAND_ROWS));
    list_call(l, "list", params, on_errand, &l->errand_call);
}

/* One more row of the same kind right behind the last errand makes it longer:
 * the space bar held down is one errand. */
static bool extend_errand(struct list *l, enum errand_kind kind, int64_t from,
                          int64_t to)
{
    struct errand *last = l->nerrands ? &l->errand[l->nerrands - 1] : NULL;
    if (!last || last->kind != kind || !last->here || last->to + 1 != from ||
        (l->nerrands == 1 && l->errand_call))
        return false;
    last->to = to;
    return true;
}

static void add_errand(struct list *l, enum errand_kind kind, int64_t from,
                       int64_t to)
{
    if (!extend_errand(l, kind, from, to)) {
        if (l->nerrands == LIST_ERRANDS) {
            app_message(l->owner->app, MESSAGE_info,
                        _("Rows are still being selected; wait a moment."));
            return;
        }
        cJSON *params = list_params(l);
        cJSON_AddItemToObject(params, "sort", list_sort_json(l));
        l->errand[l->nerrands++] = (struct errand){.kind = kind,
                                                   .from = from,
                                                   .to = to,
                                                   .here = true,
                                                   .params = params};
    }
    run_errands(l);
}

/* --- which rows are among those selected --- */

static void ask_members(struct list *l);

static void on_members(void *ctx, const cJSON *result, const struct err *err)
{
    struct list *l = ctx;
    l->member_call = 0;
    if (err)
        return; /* asked again with the next rows */
    selection_judge(l->selection, l->members, l->nmembers,
                    json_get(result, "rows"));
    ask_members(l);
    app_redraw(l->owner->app);
}

/* Rows around the view of which it is not known. */
static int unknown_rows(const struct list *l, int64_t out[SELECTION_DOUBT])
{
    int n = 0;
    int64_t from = l->top - SELECTION_DOUBT / 2;
    for (int64_t i = from; i < from + SELECTION_DOUBT; i++) {
        const cJSON *row = window_row(l->window, i);
        int64_t id;
        if (row && json_is_int(row->child, &id) &&
            selection_has(l->selection, id) == SELECTED_unknown)
            out[n++] = id;
    }
    return n;
}

static void ask_members(struct list *l)
{
    if (l->member_call || !selection_is_all(l->selection))
        return;
    l->nmembers = selection_doubts(l->selection, l->members);
    if (!l->nmembers)
        l->nmembers = unknown_rows(l, l->members);
    if (!l->nmembers)
        return;
    cJSON *params = selection_ask(l->selection, l->members, l->nmembers);
    cJSON_AddArrayToObject(params, "columns");
    cJSON_AddNumberToObject(params, "limit", SELECTION_DOUBT);
    list_call(l, "list", params, on_members, &l->member_call);
}

/* --- what the list tells --- */

void list_select_rows(struct list *l)
{
    selection_total(l->selection, window_total(l->window));
    run_errands(l);
    ask_members(l);
}

/* The rows on the screen answered the question before: where that is the one
 * of the selection they stay ticked while the new ones come. */
static void know_rows(struct list *l)
{
    for (int64_t i = 0; i < SELECTION_DOUBT; i++) {
        const cJSON *row =
            window_row(l->window, l->top - SELECTION_DOUBT / 2 + i);
        int64_t id;
        if (row && json_is_int(row->child, &id) &&
            selection_has(l->selection, id) == SELECTED_yes)
            selection_know(l->selection, id, true);
    }
}

void list_select_question(struct list *l)
{
    cJSON *question = list_params(l);
    l->ranging = l->range_held = false;
    for (int i = 0; i < l->nerrands; i++)
        l->errand[i].here = false;
    if (selection_is_all(l->selection))
        know_rows(l);
    selection_question(l->selection, question);
    cJSON_Delete(question);
}

void list_select_moved(struct list *l, int64_t by)
{
    l->anchor += by;
    for (int i = 0; i < l->nerrands; i++) {
        l->errand[i].from += by;
        l->errand[i].to += by;
    }
}

void list_select_open(struct list *l)
{
    l->selection = selection_new();
}

void list_select_close(struct list *l)
{
    remote_cancel(list_remote(l), l->errand_call);
    remote_cancel(list_remote(l), l->member_call);
    drop_errands(l);
    selection_free(&l->selection);
}

/* --- ranges --- */

static int64_t range_from(const struct list *l)
{
    return l->anchor < l->cursor ? l->anchor : l->cursor;
}

static int64_t range_to(const struct list *l)
{
    return l->anchor > l->cursor ? l->anchor : l->cursor;
}

static void start_range(struct list *l, bool held)
{
    l->ranging = true;
    l->range_held = held;
    l->anchor = l->cursor;
}

void list_select_commit(struct list *l)
{
    int64_t from = range_from(l), to = range_to(l);
    bool single = !selection_is_all(l->selection);
    int64_t have = single ? selection_count(l->selection) : 0;
    if (!l->ranging)
        return;
    l->ranging = l->range_held = false;
    if (have + to - from + 1 > SELECTION_MAX)
        tell_full(l);
    else
        add_errand(l, ERRAND_add, from, to);
}

/* --- what keys do --- */

static void act_select(struct list *l)
{
    int64_t id = list_current(l);
    if (window_total(l->window) == 0)
        return;
    if (id)
        set_row(l, id, ERRAND_toggle);
    else
        add_errand(l, ERRAND_toggle, l->cursor, l->cursor);
    list_act(l, ACT_down, NULL);
}

static void act_range(struct list *l)
{
    if (l->ranging)
        list_select_commit(l);
    else if (window_total(l->window) != 0)
        start_range(l, false);
}

static void act_all(struct list *l)
{
    if (selection_is_whole(l->selection))
        selection_none(l->selection);
    else
        selection_all(l->selection);
    selection_total(l->selection, window_total(l->window));
}

static void act_invert(struct list *l)
{
    selection_invert(l->selection);
    selection_total(l->selection, window_total(l->window));
    ask_members(l);
}

static void act_none(struct list *l)
{
    list_select_none(l);
}

static void (*const acts[ACTS])(struct list *) = {
    [ACT_select] = act_select,    [ACT_select_range] = act_range,
    [ACT_select_all] = act_all,   [ACT_select_invert] = act_invert,
    [ACT_select_none] = act_none,
};

/* Shift with a move takes the rows on its way. */
static const struct {
    enum action_id held, move;
} held_moves[] = {{ACT_range_up, ACT_up},
                  {ACT_range_down, ACT_down},
                  {ACT_range_page_up, ACT_page_up},
                  {ACT_range_page_down, ACT_page_down}};

static bool act_held(struct list *l, enum action_id a)
{
    for (size_t i = 0; i < sizeof(held_moves) / sizeof(held_moves[0]); i++) {
        if (held_moves[i].held != a)
            continue;
        bool held = !l->ranging || l->range_held;
        if (!l->ranging)
            start_range(l, true);
        l->range_held = false; /* this move belongs to it */
        list_act(l, held_moves[i].move, NULL);
        l->range_held = held;
        return true;
    }
    return false;
}

bool list_select_act(struct list *l, enum action_id a)
{
    if (act_held(l, a))
        return true;
    if (l->ranging && a == ACT_back) {
        l->ranging = l->range_held = false;
        return true;
    }
    if (l->range_held || (l->ranging && acts[a] && a != ACT_select_range))
        list_select_commit(l);
    if (!acts[a])
        return false;
    acts[a](l);
    return true;
}

bool list_select_click(struct list *l, int64_t index, unsigned mods)
{
    if ((mods & (MOD_ctrl | MOD_shift)) == 0) {
        list_select_commit(l);
        return false;
    }
    if (mods & MOD_shift) {
        if (!l->ranging)
            start_range(l, true);
        list_put_cursor(l, index);
        list_select_commit(l);
        return true;
    }
    list_select_commit(l);
    list_put_cursor(l, index);
    add_errand(l, ERRAND_toggle, index, index);
    return true;
}

/* --- looking --- */

bool list_row_selected(const struct list *l, const struct window *w,
                       int64_t index)
{
    const cJSON *row = window_row(w, index);
    int64_t id;
    bool in_range = l->ranging && w == l->window && index >= range_from(l) &&
                    index <= range_to(l);
    return in_range || (row && json_is_int(row->child, &id) &&
                        selection_has(l->selection, id) == SELECTED_yes);
}

static const char *selected_words(const struct list *l, struct arena *a)
{
    int64_t n = selection_count(l->selection);
    int but = selection_exceptions(l->selection);
    if (selection_is_empty(l->selection))
        return "";
    if (n < 0 && but)
        return arena_printf(a, _("Selected: all but %s"), cell_count(a, but));
    if (n < 0)
        return _("Selected: all");
    if (but)
        return arena_printf(a, _("Selected: %s (all but %s)"), cell_count(a, n),
                            cell_count(a, but));
    return arena_printf(a, _("Selected: %s"), cell_count(a, n));
}

const char *list_select_words(const struct list *l, struct arena *a)
{
    const char *words = selected_words(l, a);
    if (!l->ranging)
        return words;
    return arena_printf(a, _("%s%sRange: %s"), words, words[0] ? " " : "",
                        cell_count(a, range_to(l) - range_from(l) + 1));
}

int64_t list_selected(const struct list *l)
{
    return selection_count(l->selection);
}

bool list_has_selection(const struct list *l)
{
    return l->ranging || l->nerrands || !selection_is_empty(l->selection);
}

bool list_is_selecting(const struct list *l)
{
    int64_t doubts[SELECTION_DOUBT];
    return l->nerrands || selection_doubts(l->selection, doubts) > 0;
}

cJSON *list_selection(const struct list *l)
{
    return selection_params(l->selection);
}

void list_select_none(struct list *l)
{
    remote_cancel(list_remote(l), l->errand_call);
    l->errand_call = 0;
    drop_errands(l);
    l->ranging = l->range_held = false;
    selection_none(l->selection);
    app_redraw(l->owner->app);
}

void list_select_ids(struct list *l, const int64_t *ids, int n)
{
    list_select_none(l);
    for (int i = 0; i < n; i++)
        selection_set(l->selection, ids[i], true);
}
