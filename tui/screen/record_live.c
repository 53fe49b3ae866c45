/* The open record is followed (UX-10): what somebody else changes is read again
 * and marked in its place, with a word who it was; while it is being edited
 * nothing moves, the title says that it was changed. */
#include "tui/screen/record_impl.h"

#include "common/json.h"

#include <string.h>

enum { MARK_MS = 2000, AGAIN_MS = 500 };

struct record_live {
    struct follow *follow;
    int64_t id;   /* followed */
    int64_t told; /* the version last heard of, while a save was under way */
    uint64_t call;
    bool again;       /* changed once more while it was being read */
    bool stale;       /* changed while it was being edited … */
    char *note;       /* … by whom, in words; NULL */
    uv_timer_t *mark; /* ends the marks */
    uv_timer_t *wait; /* so that a busy record is not read all the time */
};

static const char *changed_by(struct record_screen *rs, const cJSON *record)
{
    const cJSON *pair = json_get(record, "updated_by");
    const cJSON *name =
        cJSON_IsArray(pair) && pair->child ? pair->child->next : NULL;
    const char *text = cJSON_GetStringValue(name);
    return arena_strdup(rs->scratch, text ? text : _("Somebody"));
}

static void on_mark_over(uv_timer_t *timer)
{
    struct record_screen *rs = timer->data;
    form_unmark(rs->form);
    app_redraw(rs->screen.app);
}

/* True where a field that is shown is another one now. */
static bool mark(struct record_screen *rs, const cJSON *old)
{
    bool any = false;
    for (int i = 0; i < rs->entity->nfields; i++) {
        const struct field *f = &rs->entity->fields[i];
        if ((f->flags & F_READONLY) ||
            cJSON_Compare(json_get(old, f->id), json_get(rs->record, f->id),
                          true))
            continue;
        form_mark(rs->form, f);
        any = true;
    }
    return any;
}

static void take(struct record_screen *rs, const cJSON *record)
{
    cJSON *old = cJSON_Duplicate(rs->record, true);
    record_take(rs, record);
    if (mark(rs, old)) {
        uv_timer_start(rs->live->mark, on_mark_over, MARK_MS, 0);
        app_message(rs->screen.app, MESSAGE_info,
                    _("%s has changed this record."), changed_by(rs, record));
    }
    cJSON_Delete(old);
}

static void note(struct record_screen *rs, const char *words)
{
    x_free(&rs->live->note);
    rs->live->note = x_strdup(words);
    rs->live->stale = true;
}

static void ask(struct record_screen *rs);

static void on_wait_over(uv_timer_t *timer)
{
    ask(timer->data);
}

static void on_record(void *ctx, const cJSON *result, const struct err *err)
{
    struct record_screen *rs = ctx;
    struct record_live *v = rs->live;
    const cJSON *record = json_get(result, "record");
    v->call = 0;
    app_redraw(rs->screen.app);
    if (v->again)
        uv_timer_start(v->wait, on_wait_over, AGAIN_MS, 0);
    if (err || json_int(record, "id", 0) != rs->id || record_saving(rs) ||
        json_int(record, "version", 0) <= form_version(rs->form))
        return;
    if (form_editing(rs->form))
        note(rs, arena_printf(rs->scratch, _("changed by %s meanwhile"),
                              changed_by(rs, record)));
    else
        take(rs, record);
}

static void ask(struct record_screen *rs)
{
    struct record_live *v = rs->live;
    v->again = v->call != 0;
    if (v->call)
        return;
    cJSON *params = cJSON_CreateObject();
    char *method = x_asprintf("%s.get", rs->entity->id);
    cJSON_AddNumberToObject(params, "id", (double)rs->id);
    v->call = remote_call(record_remote(rs), method, params, on_record, rs);
    x_free(&method);
}

/* --- what is told --- */

static void on_changed(void *ctx, int64_t id, int64_t version, const char *kind)
{
    struct record_screen *rs = ctx;
    struct record_live *v = rs->live;
    bool ended = strcmp(kind, "gone") == 0 || strcmp(kind, "deleted") == 0;
    if (id == rs->id && !ended && record_saving(rs))
        v->told = version; /* may be mine, or one behind it */
    if (id != rs->id || !rs->record || record_saving(rs) ||
        (!ended && version && version <= form_version(rs->form)))
        return;
    if (!ended) {
        ask(rs);
        return;
    }
    app_message(rs->screen.app, MESSAGE_error,
                _("This record is not there any more, or not for you."));
}

static void on_resync(void *ctx)
{
    ask(ctx);
}

/* Back after a lost connection: a record that is being edited is not read
 * anew by the screen. */
static void on_begun(void *ctx)
{
    struct record_screen *rs = ctx;
    if (rs->record && form_editing(rs->form))
        ask(rs);
}

/* --- for the screen --- */

void record_live_follow(struct record_screen *rs)
{
    struct record_live *v = rs->live;
    x_free(&v->note);
    v->stale = false;
    if (rs->as_of || v->id == rs->id)
        return;
    v->id = rs->id;
    v->told = 0;
    follow_set(v->follow, &rs->id, 1, NULL);
}

const char *record_live_note(struct record_screen *rs)
{
    struct record_live *v = rs->live;
    if (v->stale && !form_editing(rs->form) && !record_saving(rs)) {
        v->stale = false; /* it was left: what they wrote is what is shown */
        x_free(&v->note);
        ask(rs);
    }
    if (v->told && !form_editing(rs->form) && !record_saving(rs)) {
        bool newer = v->told > form_version(rs->form);
        v->told = 0;
        if (newer)
            ask(rs);
    }
    return v->note;
}

static uv_timer_t *new_timer(struct record_screen *rs)
{
    uv_timer_t *timer = x_calloc(1, sizeof(*timer));
    uv_timer_init(app_loop(rs->screen.app), timer);
    timer->data = rs;
    return timer;
}

static void free_timer(uv_handle_t *h)
{
    uv_timer_t *timer = (uv_timer_t *)h;
    x_free(&timer);
}

void record_live_open(struct record_screen *rs)
{
    static const struct follow_events events = {
        .changed = on_changed, .resync = on_resync, .begun = on_begun};
    struct record_live *v = x_calloc(1, sizeof(*v));
    rs->live = v;
    v->follow = follow_new(record_remote(rs), rs->entity, &events, rs);
    v->mark = new_timer(rs);
    v->wait = new_timer(rs);
}

void record_live_close(struct record_screen *rs)
{
    struct record_live *v = rs->live;
    remote_cancel(record_remote(rs), v->call);
    follow_free(&v->follow);
    uv_close((uv_handle_t *)v->mark, free_timer);
    uv_close((uv_handle_t *)v->wait, free_timer);
    x_free(&v->note);
    x_free(&rs->live);
}
