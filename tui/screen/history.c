/* The history's screen: versions come in pages as the cursor nears the end of
 * those that are here; a version is seen as it was, compared, brought back. */
#include "tui/screen/history_impl.h"

#include "common/json.h"
#include "tui/screen/record_screen.h"
#include "tui/screen/right.h"
#include "tui/widget/dialog.h"

#include <string.h>

enum { PAGE = 50, NEAR_END = 10 };

static struct history *self(struct screen *s)
{
    return (struct history *)s;
}

static struct remote *history_remote(const struct history *h)
{
    return app_remote(h->screen.app);
}

const cJSON *history_current(const struct history *h)
{
    return h->cursor < h->n ? h->row[h->cursor] : NULL;
}

static int64_t version_id(const cJSON *version)
{
    return json_int(version, "id", 0);
}

bool history_compared(const struct history *h, const cJSON **older,
                      const cJSON **newer)
{
    const cJSON *at = history_current(h);
    int marked = -1;
    for (int i = 0; h->marked && i < h->n; i++)
        if (version_id(h->row[i]) == h->marked)
            marked = i;
    if (marked < 0 || marked == h->cursor || !at ||
        !history_same_record(at, h->row[marked]))
        return false;
    *newer = h->row[marked < h->cursor ? marked : h->cursor];
    *older = h->row[marked < h->cursor ? h->cursor : marked];
    return true;
}

/* --- asking --- */

static void take_page(struct history *h, const cJSON *result)
{
    const cJSON *version;
    const char *next = json_str(result, "next", NULL);
    cJSON_ArrayForEach(version, json_get(result, "versions"))
    {
        cJSON_AddItemToArray(h->versions, cJSON_Duplicate(version, true));
    }
    h->n = cJSON_GetArraySize(h->versions);
    h->row = x_reallocarray(h->row, (size_t)h->n + 1, sizeof(*h->row));
    int i = 0;
    cJSON_ArrayForEach(version, h->versions)
    {
        h->row[i++] = version;
    }
    x_free(&h->next);
    h->next = next && h->n < HISTORY_VERSIONS ? x_strdup(next) : NULL;
}

static void on_page(void *ctx, const cJSON *result, const struct err *err)
{
    struct history *h = ctx;
    h->call = 0;
    x_free(&h->failure);
    if (err)
        h->failure = x_strdup(err->message);
    else
        take_page(h, result);
    app_redraw(h->screen.app);
}

static uint64_t call(struct history *h, const char *entity, const char *verb,
                     cJSON *params, remote_reply_fn *fn)
{
    char *method = x_asprintf("%s.%s", entity, verb);
    uint64_t id = remote_call(history_remote(h), method, params, fn, h);
    x_free(&method);
    return id;
}

static void ask(struct history *h)
{
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)h->o.id);
    cJSON_AddNumberToObject(params, "limit", PAGE);
    if (h->next)
        cJSON_AddStringToObject(params, "after", h->next);
    remote_cancel(history_remote(h), h->call);
    h->call = call(h, h->o.entity->id, "history", params, on_page);
}

static void ask_anew(struct history *h)
{
    cJSON_Delete(h->versions);
    h->versions = cJSON_CreateArray();
    x_free(&h->row);
    x_free(&h->next);
    h->n = h->cursor = h->top = h->detail_top = 0;
    h->marked = 0;
    ask(h);
}

/* --- bringing back --- */

static void on_restored(void *ctx, const cJSON *result, const struct err *err)
{
    struct history *h = ctx;
    (void)result;
    h->restore_call = 0;
    if (err) {
        app_error(h->screen.app, err);
        return;
    }
    app_message(h->screen.app, MESSAGE_good,
                _("That version is in force again; the one before is kept in "
                  "the history."));
    ask_anew(h);
    if (h->o.changed)
        h->o.changed(h->o.ctx);
}

static const cJSON *find_version(const struct history *h, int64_t id)
{
    for (int i = 0; i < h->n; i++)
        if (version_id(h->row[i]) == id)
            return h->row[i];
    return NULL;
}

/* With the version read just now: what somebody changes from here on is a
 * conflict and not overwritten. */
static void on_read(void *ctx, const cJSON *result, const struct err *err)
{
    struct history *h = ctx;
    const cJSON *version = find_version(h, h->restoring);
    h->restore_call = 0;
    if (err) {
        app_error(h->screen.app, err);
        return;
    }
    if (!version)
        return;
    cJSON *params = cJSON_CreateObject();
    const cJSON *record = json_get(result, "record");
    cJSON_AddNumberToObject(params, "id",
                            (double)json_int(version, "record_id", 0));
    cJSON_AddNumberToObject(params, "version",
                            (double)json_int(record, "version", 0));
    cJSON_AddNumberToObject(params, "to", (double)h->restoring);
    h->restore_call =
        call(h, json_str(version, "entity", ""), "revert", params, on_restored);
}

static void on_yes(void *ctx)
{
    struct history *h = ctx;
    const cJSON *version = find_version(h, h->restoring);
    if (!version || h->restore_call)
        return;
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id",
                            (double)json_int(version, "record_id", 0));
    h->restore_call =
        call(h, json_str(version, "entity", ""), "get", params, on_read);
}

static void act_revert(struct history *h)
{
    const cJSON *version = history_current(h);
    struct dialog_question q = {
        .title = _("Bring back"),
        .text = _("Give the record the values it had after this change? Life "
                  "cycle and grade stay as they are. It becomes a new version; "
                  "nothing is lost."),
        .yes = _("Bring back")};
    h->restoring = version_id(version);
    dialog_confirm(h->screen.app, &q, on_yes, h);
}

/* --- what keys do --- */

static void move(struct history *h, int by)
{
    int to = h->cursor + by;
    to = to >= h->n ? h->n - 1 : to;
    h->cursor = to < 0 ? 0 : to;
    h->detail_top = 0;
    if (h->next && !h->call && h->cursor >= h->n - NEAR_END)
        ask(h);
}

static void act_open(struct history *h)
{
    const cJSON *version = history_current(h);
    const struct entity *e = entity_find(json_str(version, "entity", ""));
    struct record_options o = {.entity = e,
                               .id = json_int(version, "record_id", 0),
                               .as_of = json_str(version, "at", NULL)};
    record_screen_open(h->screen.app, &o);
}

static void act_toggle(struct history *h)
{
    int64_t id = version_id(history_current(h));
    h->marked = h->marked == id ? 0 : id;
    if (h->marked)
        app_message(h->screen.app, MESSAGE_info,
                    _("Marked: go to another version of the same record to "
                      "compare the two."));
}

static void act_right(struct history *h)
{
    h->detail_top += 3;
}

static void act_left(struct history *h)
{
    h->detail_top = h->detail_top > 3 ? h->detail_top - 3 : 0;
}

static void (*const acts[ACTS])(struct history *) = {
    [ACT_open] = act_open,     [ACT_toggle] = act_toggle,
    [ACT_revert] = act_revert, [ACT_reload] = ask_anew,
    [ACT_left] = act_left,     [ACT_right] = act_right,
};

static bool act_back(struct history *h)
{
    bool marked = h->marked != 0;
    h->marked = 0;
    return marked;
}

static bool act(struct screen *s, enum action_id a, const struct event *e)
{
    struct history *h = self(s);
    (void)e;
    app_redraw(s->app);
    int by = act_step(a, h->height, h->n > 0 ? h->n : 1);
    if (by != 0) {
        move(h, by);
        return true;
    }
    if (a == ACT_back)
        return act_back(h);
    if (!acts[a] || (!history_current(h) && a != ACT_reload))
        return false;
    acts[a](h);
    return true;
}

static bool mouse(struct screen *s, const struct event *e)
{
    struct history *h = self(s);
    int row = e->y - h->rows_y + h->top;
    bool inside = e->y >= h->rows_y && e->y < h->rows_y + h->height &&
                  e->x < h->rows_w && row < h->n;
    if (e->mouse != MOUSE_press || e->button != 0 || !inside)
        return false;
    move(h, row - h->cursor);
    return true;
}

static bool may_revert(const struct history *h)
{
    const cJSON *version = history_current(h);
    const struct entity *e = entity_find(json_str(version, "entity", ""));
    const char *action = json_str(version, "action", "");
    return e && right_to_edit(history_remote(h), e) &&
           (strcmp(action, "create") == 0 || strcmp(action, "update") == 0);
}

static bool can(struct screen *s, enum action_id a)
{
    struct history *h = self(s);
    bool row = history_current(h) != NULL;
    if (a == ACT_revert)
        return row && may_revert(h) && !h->restore_call;
    return row || (a != ACT_open && a != ACT_toggle);
}

static void connected(struct screen *s)
{
    struct history *h = self(s);
    if (h->n == 0)
        ask_anew(h);
}

static void free_screen(struct screen *s)
{
    struct history *h = self(s);
    remote_cancel(history_remote(h), h->call);
    remote_cancel(history_remote(h), h->restore_call);
    cJSON_Delete(h->versions);
    x_free(&h->row);
    x_free(&h->next);
    x_free(&h->failure);
    arena_free(&h->scratch);
}

static const struct screen_ops ops = {
    .name = "history",
    .place = PLACE_history,
    .draw = history_draw,
    .act = act,
    .mouse = mouse,
    .can = can,
    .connected = connected,
    .free = free_screen,
};

void history_open(struct app *a, const struct history_options *o)
{
    struct history *h = screen_new(a, &ops, sizeof(*h));
    h->o = *o;
    h->o.name = arena_strdup(h->screen.arena, o->name);
    h->scratch = arena_new();
    app_push(a, &h->screen);
    ask_anew(h);
}
