/* Live rows (UX-10): the rows around the view are followed, those that change
 * are read again and put in their place, and what is new in them is marked for
 * two seconds. Nothing moves: a row that is gone fades and goes with the next
 * reload, rows that came are a word beside the count. */
#include "tui/widget/list_live.h"

#include "common/clock.h"
#include "common/json.h"

#include <stdlib.h>
#include <string.h>

enum {
    FOLLOW_MS = 300, /* after the last move of the view */
    GATHER_MS = 50,  /* what changes together is read together */
    READ_MS = 500,   /* live repaints, no more often */
    READ_SLOW_MS = 2000,
    SLOW_RTT_MS = 200,
    MARK_MS = 2000,
};

/* --- sets of ids --- */

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int find_id(const struct id_set *s, int64_t id)
{
    for (int i = 0; i < s->n; i++)
        if (s->id[i] == id)
            return i;
    return -1;
}

static void add_id(struct id_set *s, int64_t id)
{
    if (s->n < FOLLOW_MAX && find_id(s, id) < 0)
        s->id[s->n++] = id;
}

static void remove_id(struct id_set *s, int64_t id)
{
    int i = find_id(s, id);
    if (i >= 0)
        s->id[i] = s->id[--s->n];
}

static bool is_followed(const struct list_live *v, int64_t id)
{
    return bsearch(&id, v->followed.id, (size_t)v->followed.n, sizeof(id),
                   compare_ids) != NULL;
}

static int64_t row_id(const cJSON *row)
{
    int64_t id = 0;
    return row && json_is_int(row->child, &id) ? id : 0;
}

static int64_t row_version(const cJSON *row)
{
    int64_t version = 0;
    return row && json_is_int(row->child->next, &version) ? version : 0;
}

static const cJSON *row_of(const struct list *l, int64_t id)
{
    return window_row(l->window, window_find(l->window, id));
}

static int height_of(const struct list *l)
{
    return l->capacity > 0 ? l->capacity : 1;
}

/* Somewhere on the screen, perhaps behind a dialog. */
static bool is_shown(const struct list *l)
{
    struct screen *s = app_top(l->owner->app);
    while (s && s != l->owner && s->overlay)
        s = s->below;
    return s == l->owner;
}

/* --- marks --- */

static void end_marks(struct list *l)
{
    struct list_live *v = l->live;
    uint64_t now = clock_mono_ms(), next = UINT64_MAX;
    int kept = 0;
    for (int i = 0; i < v->nmarks; i++) {
        if (v->mark[i].until <= now)
            continue;
        if (v->mark[i].until < next)
            next = v->mark[i].until;
        v->mark[kept++] = v->mark[i];
    }
    v->nmarks = kept;
    if (kept)
        list_timer_start(l, TIMER_marks, next - now, end_marks);
}

static void mark(struct list *l, int64_t id, uint64_t cells)
{
    struct list_live *v = l->live;
    int i = 0;
    while (i < v->nmarks && v->mark[i].id != id)
        i++;
    if (i == LIST_MARKS)
        return;
    if (i == v->nmarks)
        v->mark[v->nmarks++] = (struct list_mark){.id = id};
    v->mark[i].cells |= cells;
    v->mark[i].until = clock_mono_ms() + MARK_MS;
    end_marks(l);
}

uint64_t list_live_marks(const struct list *l, const cJSON *row)
{
    const struct list_live *v = l->live;
    int64_t id = v->nmarks ? row_id(row) : 0;
    for (int i = 0; i < v->nmarks; i++)
        if (v->mark[i].id == id)
            return v->mark[i].cells;
    return 0;
}

bool list_live_gone(const struct list *l, const cJSON *row)
{
    const struct list_live *v = l->live;
    return v->gone.n && find_id(&v->gone, row_id(row)) >= 0;
}

/* --- reading rows again --- */

static void read_due(struct list *l);

static bool is_slow(const struct list *l)
{
    return term_rtt_ms(app_term(l->owner->app)) > SLOW_RTT_MS ||
           remote_rtt_ms(list_remote(l)) > SLOW_RTT_MS;
}

static bool in_view(const struct list *l, int64_t id)
{
    int64_t index = window_find(l->window, id);
    return index >= l->top && index < l->top + height_of(l);
}

static void plan_read(struct list *l)
{
    struct list_live *v = l->live;
    uint64_t now = clock_mono_ms();
    bool wanted = false;
    for (int i = 0; i < v->dirty.n && !wanted; i++)
        wanted = in_view(l, v->dirty.id[i]);
    if (!wanted || v->read_call || v->due || !is_shown(l))
        return;
    v->due = v->read_at + (is_slow(l) ? READ_SLOW_MS : READ_MS);
    if (v->due < now + GATHER_MS)
        v->due = now + GATHER_MS;
    list_timer_start(l, TIMER_read, v->due - now, read_due);
}

static uint64_t differing(const cJSON *old, const cJSON *row)
{
    uint64_t cells = 0;
    const cJSON *a = old->child->next->next, *b = row->child->next->next;
    for (int i = 0; a && b && i < LIST_COLUMNS; a = a->next, b = b->next, i++)
        if (!cJSON_Compare(a, b, true))
            cells |= (uint64_t)1 << i;
    return cells;
}

static void take_row(struct list *l, const cJSON *row)
{
    struct list_live *v = l->live;
    int64_t id = row_id(row);
    const cJSON *old = row_of(l, id);
    if (!old || row_version(old) > row_version(row))
        return;
    uint64_t cells = differing(old, row);
    window_put(l->window, row);
    remove_id(&v->gone, id);
    if (find_id(&v->own, id) >= 0)
        remove_id(&v->own, id);
    else if (cells)
        mark(l, id, cells);
}

static void on_read(void *ctx, const cJSON *result, const struct err *err)
{
    struct list *l = ctx;
    struct list_live *v = l->live;
    const cJSON *row;
    v->read_call = 0;
    if (err)
        return; /* the next reload tells */
    cJSON_ArrayForEach(row, json_get(result, "rows"))
    {
        take_row(l, row);
        remove_id(&v->reading, row_id(row));
    }
    for (int i = 0; i < v->reading.n; i++)
        add_id(&v->gone, v->reading.id[i]);
    plan_read(l);
    app_redraw(l->owner->app);
}

/* The list's own question, of these rows only. */
static cJSON *params_of(const struct list *l, const struct id_set *ids)
{
    cJSON *params = list_params(l);
    cJSON *filter = cJSON_DetachItemFromObjectCaseSensitive(params, "filter");
    cJSON *both = cJSON_AddObjectToObject(params, "filter");
    cJSON *all = cJSON_AddArrayToObject(both, "and");
    cJSON *mine = cJSON_CreateObject();
    cJSON *in =
        cJSON_AddArrayToObject(cJSON_AddObjectToObject(mine, "id"), "in");
    for (int i = 0; i < ids->n; i++)
        cJSON_AddItemToArray(in, cJSON_CreateNumber((double)ids->id[i]));
    cJSON_AddItemToArray(all, mine);
    if (filter)
        cJSON_AddItemToArray(all, filter);
    cJSON_AddNumberToObject(params, "limit", ids->n);
    return params;
}

static uint64_t ask(struct list *l, cJSON *params, remote_reply_fn *fn)
{
    char *method = x_asprintf("%s.list", l->entity->id);
    uint64_t call = remote_call(list_remote(l), method, params, fn, l);
    x_free(&method);
    return call;
}

static void read_due(struct list *l)
{
    struct list_live *v = l->live;
    v->due = 0;
    v->reading.n = 0;
    if (!is_shown(l))
        return;
    for (int i = v->dirty.n - 1; i >= 0; i--) {
        int64_t id = v->dirty.id[i];
        if (!in_view(l, id))
            continue;
        add_id(&v->reading, id);
        remove_id(&v->dirty, id);
    }
    if (!v->reading.n)
        return;
    cJSON *params = params_of(l, &v->reading);
    cJSON *columns = cJSON_AddArrayToObject(params, "columns");
    for (int i = 0; i < l->nwanted; i++)
        cJSON_AddItemToArray(columns, cJSON_CreateString(l->wanted[i]->id));
    v->read_at = clock_mono_ms();
    v->read_call = ask(l, params, on_read);
}

/* --- what is told --- */

static bool is_tried(const struct list_live *v, int64_t id)
{
    for (int i = 0; i < v->ntrials; i++)
        if (row_id(v->trial[i]) == id)
            return true;
    return false;
}

static void on_changed(void *ctx, int64_t id, int64_t version, const char *kind)
{
    struct list *l = ctx;
    const cJSON *row = row_of(l, id);
    bool ended = strcmp(kind, "gone") == 0 || strcmp(kind, "deleted") == 0;
    if (!row || is_tried(l->live, id) ||
        (!ended && version && row_version(row) >= version))
        return;
    if (ended) {
        add_id(&l->live->gone, id);
        app_redraw(l->owner->app);
        return;
    }
    add_id(&l->live->dirty, id);
    plan_read(l);
}

static void on_others(void *ctx)
{
    struct list *l = ctx;
    if (l->live->renewing || l->live->others)
        return;
    if (l->o.part && is_shown(l)) {
        list_reload(l); /* a few rows: they are simply there */
        return;
    }
    l->live->others = true;
    app_redraw(l->owner->app);
}

static void on_resync(void *ctx)
{
    struct list *l = ctx;
    for (int i = 0; i < l->live->followed.n; i++)
        add_id(&l->live->dirty, l->live->followed.id[i]);
    on_others(l);
    plan_read(l);
}

/* Which of the rows are others than when they were read? */
static void on_checked(void *ctx, const cJSON *result, const struct err *err)
{
    struct list *l = ctx;
    struct list_live *v = l->live;
    const cJSON *row;
    v->check_call = 0;
    if (err)
        return;
    cJSON_ArrayForEach(row, json_get(result, "rows"))
    {
        int64_t id = row_id(row);
        if (row_version(row) > row_version(row_of(l, id)) && !is_tried(v, id))
            add_id(&v->dirty, id);
        remove_id(&v->checking, id);
    }
    for (int i = 0; i < v->checking.n; i++)
        add_id(&v->gone, v->checking.id[i]);
    plan_read(l);
    app_redraw(l->owner->app);
}

/* Between the reading of a row and this moment nothing was told. */
static void on_begun(void *ctx)
{
    struct list *l = ctx;
    struct list_live *v = l->live;
    v->renewing = false;
    v->checking = v->followed;
    remote_cancel(list_remote(l), v->check_call);
    v->check_call = 0;
    if (!v->checking.n)
        return;
    cJSON *params = params_of(l, &v->checking);
    cJSON_AddArrayToObject(params, "columns");
    v->check_call = ask(l, params, on_checked);
}

/* --- whom to follow --- */

/* The rows that are here around the view: a screen more on each side. */
static void follow_due(struct list *l)
{
    struct list_live *v = l->live;
    int64_t height = height_of(l);
    v->stale = false;
    v->followed.n = 0;
    for (int64_t i = l->top - height; i < l->top + 2 * height; i++) {
        int64_t id = row_id(window_row(l->window, i));
        if (id)
            add_id(&v->followed, id);
    }
    qsort(v->followed.id, (size_t)v->followed.n, sizeof(v->followed.id[0]),
          compare_ids);
    cJSON *question = list_params(l);
    follow_set(v->follow, v->followed.id, v->followed.n, question);
    cJSON_Delete(question);
}

void list_live_view(struct list *l)
{
    struct list_live *v = l->live;
    bool wanted = v->stale;
    if (l->rows_call || l->before)
        return;
    for (int i = 0; i < height_of(l) && !wanted; i++) {
        int64_t id = row_id(window_row(l->window, l->top + i));
        wanted = id && !is_followed(v, id);
    }
    if (wanted)
        list_timer_start(l, TIMER_follow, FOLLOW_MS, follow_due);
    plan_read(l);
}

void list_live_forget(struct list *l)
{
    struct list_live *v = l->live;
    struct remote *r = list_remote(l);
    remote_cancel(r, v->read_call);
    remote_cancel(r, v->check_call);
    v->read_call = v->check_call = 0;
    v->dirty.n = v->gone.n = v->reading.n = v->own.n = v->nmarks = 0;
    v->due = 0;
    v->others = false;
    v->stale = v->renewing = true;
    list_timer_stop(l, TIMER_read);
    list_timer_stop(l, TIMER_marks);
}

/* --- what is about to be saved --- */

static void put_back(struct list *l, const cJSON *old)
{
    if (row_version(row_of(l, row_id(old))) == row_version(old))
        window_put(l->window, old);
}

static void end_trial(struct list *l, int64_t id, bool saved)
{
    struct list_live *v = l->live;
    for (int i = 0; i < v->ntrials; i++) {
        cJSON *old = v->trial[i];
        if (row_id(old) != id)
            continue;
        v->trial[i] = v->trial[--v->ntrials];
        if (!saved)
            put_back(l, old);
        cJSON_Delete(old);
        return;
    }
}

/* As a row has it: a reference with its name. */
static cJSON *shown_value(const struct list *l, const struct field *f,
                          const cJSON *value)
{
    struct names names = remote_names(list_remote(l));
    int64_t id;
    if (!f->ref || !json_is_int(value, &id))
        return cJSON_Duplicate(value, true);
    const char *name = names.ref(names.ctx, f->ref, id);
    cJSON *pair = cJSON_CreateArray();
    cJSON_AddItemToArray(pair, cJSON_CreateNumber((double)id));
    cJSON_AddItemToArray(pair, cJSON_CreateString(name ? name : ""));
    return pair;
}

void list_try(struct list *l, int64_t id, const cJSON *values)
{
    struct list_live *v = l->live;
    const cJSON *old = row_of(l, id);
    end_trial(l, id, false);
    if (!old || v->ntrials == LIST_TRIALS)
        return;
    cJSON *row = cJSON_Duplicate(old, true);
    for (int i = 0; i < l->nwanted; i++) {
        const struct field *f = l->wanted[i];
        const cJSON *value = json_get(values, f->id);
        if (value)
            cJSON_ReplaceItemInArray(row, i + 2, shown_value(l, f, value));
    }
    v->trial[v->ntrials++] = cJSON_Duplicate(old, true);
    window_put(l->window, row);
    cJSON_Delete(row);
    app_redraw(l->owner->app);
}

void list_tried(struct list *l, int64_t id, bool saved)
{
    end_trial(l, id, saved);
    if (saved)
        add_id(&l->live->own, id);
    add_id(&l->live->dirty, id); /* what was told meanwhile was passed over */
    plan_read(l);
    app_redraw(l->owner->app);
}

/* --- life --- */

void list_live_open(struct list *l)
{
    static const struct follow_events events = {.changed = on_changed,
                                                .others = on_others,
                                                .resync = on_resync,
                                                .begun = on_begun};
    l->live = x_calloc(1, sizeof(*l->live));
    l->live->stale = l->live->renewing = true;
    l->live->follow = follow_new(list_remote(l), l->entity, &events, l);
}

void list_live_close(struct list *l)
{
    list_live_forget(l);
    for (int i = 0; i < l->live->ntrials; i++)
        cJSON_Delete(l->live->trial[i]);
    follow_free(&l->live->follow);
    x_free(&l->live);
}
