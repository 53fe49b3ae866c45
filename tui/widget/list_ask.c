/* Questions to the daemon: pages of rows as the view moves, the count beside
 * them. A new question cancels the old one; the rows of the old one stay on
 * the screen until the first answer, so that nothing flickers. */
#include "tui/widget/list_live.h"

#include "tui/widget/split.h"

#include <string.h>

#define RETRY_MS       1000
#define RETRY_LEAST_MS 200

static void send_count(struct list *l);

static void add_cursor(cJSON *params, const struct ask *a)
{
    cJSON_AddStringToObject(params, "after", a->cursor);
}

static void add_before(cJSON *params, const struct ask *a)
{
    cJSON_AddStringToObject(params, "before", a->cursor);
}

static void add_last(cJSON *params, const struct ask *a)
{
    (void)a;
    cJSON_AddStringToObject(params, "before", ""); /* before the end */
}

static void add_offset(cJSON *params, const struct ask *a)
{
    cJSON_AddNumberToObject(params, "offset", (double)a->offset);
}

static void add_around(cJSON *params, const struct ask *a)
{
    cJSON_AddNumberToObject(params, "around", (double)a->id);
}

static void (*const add_place[])(cJSON *, const struct ask *) = {
    [ASK_first] = NULL,        [ASK_last] = add_last,
    [ASK_after] = add_cursor,  [ASK_before] = add_before,
    [ASK_offset] = add_offset, [ASK_around] = add_around,
};

static cJSON *rows_params(const struct list *l, const struct ask *a)
{
    cJSON *params = list_params(l);
    cJSON *columns = cJSON_AddArrayToObject(params, "columns");
    for (int i = 0; i < l->nwanted; i++)
        cJSON_AddItemToArray(columns, cJSON_CreateString(l->wanted[i]->id));
    cJSON_AddItemToObject(params, "sort", list_sort_json(l));
    cJSON_AddNumberToObject(params, "limit", WINDOW_PAGE_ROWS);
    if (add_place[a->kind])
        add_place[a->kind](params, a);
    return params;
}

static void forget_before(struct list *l)
{
    window_free(&l->before);
}

static void ask_again(struct list *l)
{
    x_free(&l->failure);
    list_fetch(l);
    if (window_total(l->window) < 0 && !l->count_call)
        send_count(l);
}

/* The daemon is in trouble for a moment: ask again when it says so. */
static void plan_retry(struct list *l, const struct err *err)
{
    int64_t ms = json_int(err->data, "retry_after_ms", RETRY_MS);
    if (err->kind != ERR_unavailable && err->kind != ERR_rate_limited)
        return;
    ms = ms < RETRY_LEAST_MS ? RETRY_LEAST_MS : ms;
    list_timer_start(l, TIMER_retry, (uint64_t)ms, ask_again);
}

static void fail(struct list *l, const struct err *err)
{
    plan_retry(l, err);
    x_free(&l->failure);
    l->failure = x_strdup(err->message);
    forget_before(l);
    if (!window_empty(l->window))
        app_error(l->owner->app, err);
    app_redraw(l->owner->app);
}

static void move_all(struct list *l, int64_t by)
{
    l->cursor += by;
    l->top += by;
    list_select_moved(l, by);
}

/* The row that was under the cursor is looked for among the new ones. */
static void keep_row(struct list *l)
{
    int64_t found = l->kept ? window_find(l->window, l->kept) : -1;
    /* Who looks at the first rows sees what came before his. */
    bool stays = l->top == 0 && found < l->capacity;
    if (found >= 0) {
        list_select_moved(l, found - l->cursor);
        l->top += stays ? 0 : found - l->cursor;
        l->cursor = found;
    }
    l->kept = 0;
}

static void finish_step(struct list *l)
{
    void (*then)(void *ctx, int64_t id) = l->step_then;
    int64_t id = list_current(l);
    if (!then || !id)
        return;
    l->step_then = NULL;
    then(l->step_ctx, id);
}

static void send_ask(struct list *l, const struct ask *a);

/* A cursor that the daemon does not take any more, a row that has gone: the
 * place itself is asked for instead. */
static bool ask_otherwise(struct list *l, const struct err *err)
{
    bool by_cursor = l->asked.kind == ASK_after || l->asked.kind == ASK_before;
    bool gone = l->asked.kind == ASK_around && err->kind == ERR_not_found;
    struct ask a = {.kind = ASK_offset, .offset = l->top};
    if (!gone && !(by_cursor && err->kind == ERR_invalid_params))
        return false;
    if (l->restoring)
        a.offset = l->top = l->cursor = 0;
    l->restoring = false;
    if (a.offset <= 0)
        a.kind = ASK_first;
    send_ask(l, &a);
    return true;
}

static void on_rows(void *ctx, const cJSON *result, const struct err *err)
{
    struct list *l = ctx;
    l->rows_call = 0;
    if (err) {
        if (!ask_otherwise(l, err))
            fail(l, err);
        return;
    }
    x_free(&l->failure);
    forget_before(l);
    move_all(l, window_take(l->window, &l->asked, result));
    l->restoring = false;
    keep_row(l);
    if (l->asked.kind == ASK_last && l->to_last)
        l->cursor = window_bound(l->window) - 1;
    if (l->asked.kind == ASK_last)
        l->to_last = false;
    if (!list_is_narrowed(l) && window_total(l->window) >= 0)
        l->whole = window_total(l->window);
    list_settle(l);
    list_select_rows(l);
    list_search_found(l);
    finish_step(l);
    list_fetch(l);
    app_redraw(l->owner->app);
}

static void on_whole(void *ctx, const cJSON *result, const struct err *err)
{
    struct list *l = ctx;
    l->whole_call = 0;
    if (!err)
        l->whole = json_int(result, "total", -1);
    app_redraw(l->owner->app);
}

/* How many there would be without search and filter, where a list was narrowed
 * before it was ever counted as a whole. */
static void ask_whole(struct list *l)
{
    cJSON *params = cJSON_CreateObject();
    if (l->fixed)
        cJSON_AddItemToObject(params, "filter",
                              cJSON_Duplicate(l->fixed, true));
    if (l->o.trash)
        cJSON_AddTrueToObject(params, "trash");
    list_call(l, "count", params, on_whole, &l->whole_call);
}

static void on_count(void *ctx, const cJSON *result, const struct err *err)
{
    struct list *l = ctx;
    l->count_call = 0;
    if (err)
        return; /* the rows are what counts; the number stays open */
    move_all(l, window_set_total(l->window, json_int(result, "total", -1)));
    cJSON_Delete(l->split);
    l->split = cJSON_Duplicate(json_get(result, "split"), true);
    if (!list_is_narrowed(l))
        l->whole = window_total(l->window);
    else if (l->whole < 0 && !l->whole_call)
        ask_whole(l);
    list_settle(l);
    list_select_rows(l);
    list_fetch(l);
    app_redraw(l->owner->app);
}

void list_call(struct list *l, const char *verb, cJSON *params,
               remote_reply_fn *fn, uint64_t *out)
{
    struct remote *r = list_remote(l);
    char *method = x_asprintf("%s.%s", l->entity->id, verb);
    *out = remote_call(r, method, params, fn, l);
    x_free(&method);
}

static void cancel(struct list *l, uint64_t *id)
{
    remote_cancel(list_remote(l), *id);
    *id = 0;
}

static void send_ask(struct list *l, const struct ask *a)
{
    char *cursor = a->cursor ? x_strdup(a->cursor) : NULL;
    cancel(l, &l->rows_call);
    x_free(&l->asked_cursor);
    l->asked = *a;
    l->asked.cursor = l->asked_cursor = cursor;
    list_call(l, "list", rows_params(l, &l->asked), on_rows, &l->rows_call);
}

static void send_count(struct list *l)
{
    cJSON *params = list_params(l);
    cancel(l, &l->count_call);
    if (l->wide)
        split_ask(list_remote(l), l->entity, params);
    list_call(l, "count", params, on_count, &l->count_call);
}

void list_set_wide(struct list *l, bool wide)
{
    bool more = wide && !l->wide;
    l->wide = wide;
    if (more && !l->split)
        send_count(l);
}

void list_fetch(struct list *l)
{
    struct ask a;
    int height = l->capacity > 0 ? l->capacity : 40;
    if (l->failure || !window_want(l->window, l->top, height, &a))
        return;
    if (l->rows_call && window_useful(l->window, &l->asked, l->top, height))
        return;
    send_ask(l, &a);
}

void list_question(struct list *l, bool same_set)
{
    int64_t total = same_set ? window_total(l->window) : -1;
    list_select_question(l);
    if (!l->before && !window_empty(l->window)) {
        l->before = l->window;
        l->before_top = l->top;
    } else {
        window_free(&l->window);
    }
    l->window = window_new();
    if (total >= 0)
        window_set_total(l->window, total);
    l->top = l->cursor = l->kept = 0;
    l->step_then = NULL;
    list_live_forget(l);
    x_free(&l->failure);
    cancel(l, &l->rows_call);
    list_fetch(l);
    if (total < 0) {
        cJSON_Delete(l->split);
        l->split = NULL;
        send_count(l);
    }
    app_redraw(l->owner->app);
}

void list_jump_last(struct list *l)
{
    struct ask last = {.kind = ASK_last};
    int64_t total = window_total(l->window);
    if (total >= 0 && window_row(l->window, total - 1)) {
        list_move_to(l, total - 1);
        return;
    }
    if (total >= 0)
        list_move_to(l, total - 1);
    l->kept = 0;
    l->to_last = true;
    send_ask(l, &last);
}

void list_refetch(struct list *l)
{
    struct ask a = {
        .kind = ASK_around, .id = list_current(l), .offset = l->cursor};
    list_set_columns(l);
    list_live_forget(l);
    x_free(&l->failure);
    if (!a.id)
        a = (struct ask){.kind = ASK_first};
    l->kept = a.id;
    send_ask(l, &a);
}

void list_reload(struct list *l)
{
    list_refetch(l);
    send_count(l);
}

void list_ask_around(struct list *l, int64_t id, int64_t index)
{
    struct ask a = {.kind = ASK_around, .id = id, .offset = index};
    l->top = l->cursor = index;
    l->kept = id;
    l->restoring = true;
    send_ask(l, &a);
    send_count(l);
}

void list_stop(struct list *l)
{
    list_timer_stop(l, TIMER_retry);
    cancel(l, &l->rows_call);
    cancel(l, &l->count_call);
    cancel(l, &l->whole_call);
    list_names_stop(l);
}
