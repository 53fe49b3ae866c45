/* The one bulk change under way: the preview, the run, what came of it, and
 * the same for an undo. Its sheet can be left while it runs; the footer tells
 * how far it is, and it can be called back. */
#include "tui/screen/bulk_impl.h"

#include "common/clock.h"
#include "common/json.h"
#include "tui/screen/undo.h"
#include "tui/widget/cell.h"
#include "tui/widget/dialog.h"

#include <stdio.h>
#include <string.h>

/* A way back: what an undo needs to be asked for. */
struct way_back {
    char *token, *words;
    const struct entity *entity;
};

static struct bulk_job job;

static void show_running(void);
static void run(void);

/* --- the sheets --- */

static void sheet_gone(void *ctx, const struct screen *dialog)
{
    (void)ctx;
    if (job.sheet == dialog)
        job.sheet = NULL;
}

static void close_sheet(void)
{
    struct screen *sheet = job.sheet;
    job.sheet = NULL;
    if (sheet)
        app_pop(job.app, sheet);
}

static void forget_job(void)
{
    job.stage = STAGE_none;
    job.back = NULL;
    job.form = NULL;
    job.stopping = false;
    x_free(&job.undoing);
    cJSON_Delete(job.result);
    job.result = NULL;
    bulk_request_free(&job.request);
    if (job.app)
        app_set_status(job.app, "");
}

static void open_sheet(struct dialog_choice *c)
{
    struct arena *a = arena_new();
    close_sheet();
    c->title = bulk_title(&job, a);
    job.sheet = dialog_choose(job.app, c);
    arena_free(&a);
}

/* --- what failed --- */

static void retry(struct app *a)
{
    struct bulk_request again = bulk_request_copy(&job.request);
    const cJSON *one;
    cJSON *target = cJSON_CreateObject();
    cJSON *ids = cJSON_AddArrayToObject(target, "ids");
    int n = 0;
    int64_t *rows =
        x_calloc((size_t)cJSON_GetArraySize(json_get(job.result, "failed")) + 1,
                 sizeof(*rows));
    cJSON_ArrayForEach(one, json_get(job.result, "failed"))
    {
        rows[n] = json_int(one, "id", 0);
        cJSON_AddItemToArray(ids, cJSON_CreateNumber((double)rows[n++]));
    }
    if (job.list)
        list_select_ids(job.list, rows, n);
    x_free(&rows);
    cJSON_Delete(again.target);
    again.target = target;
    again.count = n;
    struct list *list = job.list;
    close_sheet();
    forget_job();
    bulk_preview(a, list, NULL, &again);
    bulk_request_free(&again);
}

static void show_failures(bool may_retry)
{
    struct bulk_failures f = {.entity = job.request.entity,
                              .list = json_get(job.result, "failed"),
                              .total = bulk_number(&job, "failed_total"),
                              .retry = may_retry ? retry : NULL};
    bulk_failures_open(job.app, &f);
}

/* --- the preview --- */

enum preview_button { PREVIEW_run, PREVIEW_failures, PREVIEW_leave };
/* Of the buttons that stand in the sheet: which is which. */
static enum preview_button preview_buttons[DIALOG_BUTTONS];

static bool preview_stay(void *ctx, int button)
{
    (void)ctx;
    if (preview_buttons[button] != PREVIEW_failures)
        return false;
    show_failures(false);
    return true;
}

static void preview_then(void *ctx, int button)
{
    (void)ctx;
    job.sheet = NULL;
    if (preview_buttons[button] == PREVIEW_run)
        run();
    else
        forget_job();
}

static void show_preview(void)
{
    struct arena *a = arena_new();
    struct dialog_choice c = {.live = bulk_preview_text,
                              .stay = preview_stay,
                              .then = preview_then,
                              .gone = sheet_gone,
                              .ctx = &job,
                              .danger = bulk_is_severe(&job)};
    int n = 0;
    const char *rows = cell_count(a, bulk_will_change(&job));
    if (bulk_will_change(&job) > 0) {
        preview_buttons[n] = PREVIEW_run;
        c.buttons[n++] =
            arena_printf(a, _("%s (%s)"), _(job.request.kind->label), rows);
    }
    if (bulk_number(&job, "failed_total") > 0) {
        preview_buttons[n] = PREVIEW_failures;
        c.buttons[n++] =
            arena_printf(a, _("Not possible: %s"),
                         cell_count(a, bulk_number(&job, "failed_total")));
    }
    preview_buttons[n] = PREVIEW_leave;
    c.buttons[n] = _("Cancel");
    c.focus = bulk_is_severe(&job) ? n : 0;
    job.stage = STAGE_looked;
    open_sheet(&c);
    arena_free(&a);
}

/* --- progress --- */

static void stop(void)
{
    if (job.stage == STAGE_looking ||
        !remote_stop(app_remote(job.app), job.call)) {
        remote_cancel(app_remote(job.app), job.call);
        bool looking = job.stage == STAGE_looking;
        job.call = 0;
        forget_job();
        if (!looking)
            app_message(job.app, MESSAGE_info,
                        _("Stopped. The daemon could not be told; the list "
                          "shows what it did."));
        return;
    }
    job.stopping = true;
    show_running();
}

/* Running: the first button leaves the sheet alone. */
static void progress_then(void *ctx, int button)
{
    (void)ctx;
    job.sheet = NULL;
    bool leave = job.stage == STAGE_running && button == 0;
    if (!leave && !job.stopping)
        stop();
}

static void show_running(void)
{
    bool looking = job.stage == STAGE_looking;
    struct dialog_choice c = {.live = bulk_progress_text,
                              .then = progress_then,
                              .gone = sheet_gone,
                              .ctx = &job,
                              .buttons = {_("Go on working"), _("Stop")}};
    if (looking || job.stopping) {
        c.buttons[0] = looking ? _("Cancel") : _("Go on working");
        c.buttons[1] = NULL;
    }
    open_sheet(&c);
}

static void on_progress(void *ctx, int64_t done, int64_t total)
{
    char text[64];
    (void)ctx;
    job.done = done;
    job.total = total;
    snprintf(text, sizeof(text), "%s %d%%",
             job.undoing ? _("Undo") : _(job.request.kind->label),
             bulk_percent(&job));
    if (job.stage == STAGE_running && !job.sheet)
        app_set_status(job.app, text);
    else
        app_set_status(job.app, "");
}

/* --- what came of it --- */

static bool result_stay(void *ctx, int button)
{
    (void)ctx;
    if (button == 0)
        show_failures(!job.undoing);
    return button == 0;
}

static void result_then(void *ctx, int button)
{
    (void)ctx, (void)button;
    job.sheet = NULL;
    forget_job();
}

static void show_result(void)
{
    struct arena *a = arena_new();
    struct dialog_choice c = {
        .live = bulk_result_text,
        .stay = result_stay,
        .then = result_then,
        .gone = sheet_gone,
        .ctx = &job,
        .buttons = {
            arena_printf(a, _("Failed: %s"),
                         cell_count(a, bulk_number(&job, "failed_total"))),
            _("Close")}};
    open_sheet(&c);
    arena_free(&a);
}

/* --- the way back --- */

static void drop_back(void *ctx)
{
    struct way_back *b = ctx;
    if (job.back == b)
        job.back = NULL;
    x_free(&b->token);
    x_free(&b->words);
    x_free(&b);
}

static void run_back(void *ctx);

static void ask_back(struct app *a, void *ctx)
{
    struct way_back *b = ctx;
    struct dialog_question q = {
        .title = _("Undo"), .text = b->words, .yes = _("Undo")};
    if (bulk_is_busy()) {
        bulk_show(a);
        return;
    }
    job.app = a;
    dialog_confirm(a, &q, run_back, b);
}

static void remember(const cJSON *answer, int64_t changed)
{
    const char *token = json_str(answer, "undo", NULL);
    struct arena *a = arena_new();
    if (token && changed > 0 && !job.undoing) {
        struct way_back *b = x_calloc(1, sizeof(*b));
        b->token = x_strdup(token);
        b->entity = job.request.entity;
        b->words = x_strdup(arena_printf(
            a, _("bulk change “%s” of %s: %s"), _(job.request.kind->label),
            _(job.request.entity->label), cell_count(a, changed)));
        undo_push(&(struct undo_step){
            .words = b->words, .run = ask_back, .drop = drop_back, .ctx = b});
    }
    arena_free(&a);
}

/* --- the end of a run --- */

static void tell_stopped(const struct err *err)
{
    struct arena *a = arena_new();
    int64_t changed = json_int(err->data, "changed", 0);
    remember(err->data, changed);
    if (changed > 0)
        app_message(job.app, MESSAGE_info,
                    _("Stopped. %s had been changed; %s undoes that."),
                    cell_count(a, changed), app_keys(job.app, ACT_undo));
    else
        app_message(job.app, MESSAGE_info,
                    _("Stopped. Nothing had been changed."));
    arena_free(&a);
}

static void end_run(const struct err *err)
{
    struct way_back *back = job.back;
    bool again = err->kind == ERR_unavailable || err->kind == ERR_timeout ||
                 err->kind == ERR_cancelled;
    close_sheet();
    if (err->kind == ERR_cancelled)
        tell_stopped(err);
    else
        app_error(job.app, err);
    if (back && !again)
        undo_drop(back);
    forget_job();
}

/* A result with failures waits to be looked at: at once where its sheet is
 * open, else with the key that shows it. */
static void tell_result(bool watched)
{
    struct arena *a = arena_new();
    if (bulk_number(&job, "failed_total") > 0 && watched) {
        show_result();
    } else if (bulk_number(&job, "failed_total") > 0) {
        app_message(job.app, MESSAGE_error, _("%s, %s failed: %s shows them."),
                    bulk_done_words(&job, a),
                    cell_count(a, bulk_number(&job, "failed_total")),
                    app_keys(job.app, ACT_bulk));
    } else {
        if (job.undoing || bulk_number(&job, "changed") == 0)
            app_message(job.app, MESSAGE_good, _("%s."),
                        bulk_done_words(&job, a));
        else
            app_message(job.app, MESSAGE_good, _("%s. %s undoes it."),
                        bulk_done_words(&job, a), app_keys(job.app, ACT_undo));
        forget_job();
    }
    arena_free(&a);
}

static void on_done(void *ctx, const cJSON *result, const struct err *err)
{
    struct way_back *back = job.back;
    bool watched = job.sheet != NULL;
    (void)ctx;
    job.call = 0;
    app_set_status(job.app, "");
    if (err) {
        end_run(err);
        app_refresh(job.app);
        return;
    }
    cJSON_Delete(job.result);
    job.result = cJSON_Duplicate(result, true);
    job.stage = STAGE_done;
    close_sheet();
    remember(job.result, bulk_number(&job, "changed"));
    if (job.list && !job.undoing)
        list_select_none(job.list);
    tell_result(watched);
    if (back)
        undo_drop(back);
    app_refresh(job.app);
}

/* --- asking --- */

static cJSON *job_params(void)
{
    const struct bulk_request *r = &job.request;
    cJSON *params = cJSON_CreateObject();
    cJSON_AddStringToObject(params, "action", r->kind->action);
    if (r->values)
        cJSON_AddItemToObject(params, "values",
                              cJSON_Duplicate(r->values, true));
    if (r->reason)
        cJSON_AddStringToObject(params, "reason", r->reason);
    return params;
}

static void call(const struct entity *e, const char *verb, cJSON *params,
                 remote_reply_fn *fn)
{
    struct remote *r = app_remote(job.app);
    char *method = x_asprintf("%s.%s", e->id, verb);
    job.done = job.total = 0;
    job.started_at = clock_mono_ms();
    job.call = remote_call(r, method, params, fn, NULL);
    remote_progress(r, job.call, on_progress);
    x_free(&method);
}

static void run(void)
{
    cJSON *params = job_params();
    cJSON_AddStringToObject(params, "job_id",
                            json_str(job.result, "job_id", ""));
    if (job.form)
        app_pop(job.app, job.form);
    job.stage = STAGE_running;
    call(job.request.entity, "bulk", params, on_done);
    show_running();
}

static void on_looked(void *ctx, const cJSON *result, const struct err *err)
{
    (void)ctx;
    job.call = 0;
    close_sheet();
    if (err) {
        app_error(job.app, err);
        forget_job();
        return;
    }
    cJSON_Delete(job.result);
    job.result = cJSON_Duplicate(result, true);
    show_preview();
}

void bulk_preview(struct app *a, struct list *l, struct screen *form,
                  const struct bulk_request *r)
{
    const cJSON *item;
    if (bulk_is_busy()) {
        bulk_show(a);
        return;
    }
    forget_job();
    job.app = a;
    job.list = l;
    job.form = form;
    job.request = bulk_request_copy(r);
    job.stage = STAGE_looking;
    cJSON *params = job_params();
    cJSON_ArrayForEach(item, r->target)
    {
        cJSON_AddItemToObject(params, item->string,
                              cJSON_Duplicate(item, true));
    }
    cJSON_AddTrueToObject(params, "dry_run");
    call(r->entity, "bulk", params, on_looked);
    show_running();
}

static void run_back(void *ctx)
{
    struct way_back *b = ctx;
    cJSON *params = cJSON_CreateObject();
    struct app *a = job.app;
    forget_job();
    job.app = a;
    job.back = b;
    job.undoing = x_strdup(b->words);
    job.request.entity = b->entity;
    job.stage = STAGE_running;
    cJSON_AddStringToObject(params, "undo", b->token);
    call(b->entity, "bulk_undo", params, on_done);
    show_running();
}

bool bulk_is_busy(void)
{
    return job.stage == STAGE_running || job.stage == STAGE_looking;
}

bool bulk_show(struct app *a)
{
    if (bulk_is_busy() && !job.sheet) {
        show_running();
        app_message(a, MESSAGE_info,
                    _("One bulk change at a time: this one is under way."));
        app_set_status(a, "");
        return true;
    }
    if (job.stage == STAGE_done && !job.sheet) {
        show_result();
        return true;
    }
    return bulk_is_busy();
}

void bulk_form_gone(const struct screen *form)
{
    if (job.form == form)
        job.form = NULL;
}

void bulk_forget(const struct list *l)
{
    bulk_menu_forget(l);
    if (job.list == l)
        job.list = NULL;
}

void bulk_clear(void)
{
    if (job.app && job.call)
        remote_cancel(app_remote(job.app), job.call);
    job.call = 0;
    job.sheet = NULL;
    job.list = NULL;
    forget_job();
}
