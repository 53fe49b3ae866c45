/* The steps back, a short stack. */
#include "tui/screen/undo.h"

#include "common/clock.h"
#include "common/json.h"

#include <string.h>

enum { STEPS_MAX = 50 };
#define STEP_LIVES_MS ((uint64_t)24 * 60 * 60 * 1000)

struct kept {
    char *words;
    struct undo_step step;
    uint64_t made_at;
};

/* There is one user and one keyboard, hence one of these. */
static struct {
    struct kept at[STEPS_MAX];
    int n;
} undo;

static void drop_at(int i)
{
    struct kept gone = undo.at[i];
    undo.n--;
    memmove(&undo.at[i], &undo.at[i + 1],
            (size_t)(undo.n - i) * sizeof(undo.at[0]));
    x_free(&gone.words);
    if (gone.step.drop)
        gone.step.drop(gone.step.ctx);
}

/* What the daemon has forgotten by now is forgotten here as well. */
static void drop_old(void)
{
    uint64_t now = clock_mono_ms();
    while (undo.n && undo.at[0].made_at + STEP_LIVES_MS < now)
        drop_at(0);
}

void undo_push(const struct undo_step *s)
{
    drop_old();
    if (undo.n == STEPS_MAX)
        drop_at(0);
    undo.at[undo.n++] = (struct kept){
        .words = x_strdup(s->words), .step = *s, .made_at = clock_mono_ms()};
}

void undo_drop(const void *ctx)
{
    for (int i = undo.n - 1; i >= 0; i--)
        if (undo.at[i].step.ctx == ctx)
            drop_at(i);
}

bool undo_can(void)
{
    drop_old();
    return undo.n > 0;
}

void undo_last(struct app *a)
{
    if (!undo_can())
        return;
    const struct kept *last = &undo.at[undo.n - 1];
    app_message(a, MESSAGE_info, _("Undo: %s"), last->words);
    last->step.run(a, last->step.ctx);
}

void undo_clear(void)
{
    while (undo.n)
        drop_at(undo.n - 1);
}

/* --- steps that are one call --- */

struct call_step {
    struct app *app;
    char *words, *method;
    cJSON *params;
    uint64_t call;
};

static void run_call(struct app *a, void *ctx);

static void drop_call(void *ctx)
{
    struct call_step *c = ctx;
    if (c->call)
        remote_cancel(app_remote(c->app), c->call);
    cJSON_Delete(c->params);
    x_free(&c->words);
    x_free(&c->method);
    x_free(&c);
}

/* Another version than the one that was left behind: theirs stays. */
static void tell_conflict(struct call_step *c, const struct err *err)
{
    const cJSON *current = json_get(err->data, "current");
    const cJSON *by = json_get(current, "updated_by");
    const char *name = cJSON_IsArray(by)
                           ? cJSON_GetStringValue(cJSON_GetArrayItem(by, 1))
                           : NULL;
    if (name)
        app_message(c->app, MESSAGE_error,
                    _("%s: not undone, %s has changed the record since."),
                    c->words, name);
    else
        app_message(c->app, MESSAGE_error,
                    _("%s: not undone, the record was changed since."),
                    c->words);
}

/* Another try may go better only where the way there failed. */
static bool may_try_again(const struct err *err)
{
    return err->kind == ERR_unavailable || err->kind == ERR_timeout ||
           err->kind == ERR_rate_limited || err->kind == ERR_cancelled;
}

static bool same_entity(const struct call_step *a, const struct call_step *b)
{
    size_t len = strcspn(a->method, ".");
    return strncmp(a->method, b->method, len + 1) == 0;
}

/* The record is again what it was before the step that is undone now, under a
 * new version: an older step of the same record that left it so can go on
 * from there. */
static void pass_on(const struct call_step *done, int64_t version)
{
    int64_t id = json_int(done->params, "id", 0);
    int64_t before = json_int(done->params, "version", 0) - 1;
    for (int i = 0; i < undo.n; i++) {
        const struct undo_step *s = &undo.at[i].step;
        struct call_step *older = s->run == run_call ? s->ctx : NULL;
        if (!older || older == done || !same_entity(older, done) ||
            json_int(older->params, "id", 0) != id ||
            json_int(older->params, "version", 0) != before)
            continue;
        cJSON_SetNumberValue(
            cJSON_GetObjectItemCaseSensitive(older->params, "version"),
            (double)version);
    }
}

static void on_undone(void *ctx, const cJSON *result, const struct err *err)
{
    struct call_step *c = ctx;
    struct app *app = c->app;
    c->call = 0;
    if (err && err->kind == ERR_conflict)
        tell_conflict(c, err);
    else if (err)
        app_error(app, err);
    else
        app_message(app, MESSAGE_good, _("Undone: %s"), c->words);
    if (!err)
        pass_on(c, json_int(json_get(result, "record"), "version", 0));
    if (!err || !may_try_again(err))
        undo_drop(c);
    app_refresh(app);
}

static void run_call(struct app *a, void *ctx)
{
    struct call_step *c = ctx;
    if (c->call)
        return; /* under way */
    c->app = a;
    c->call = remote_call(app_remote(a), c->method,
                          cJSON_Duplicate(c->params, true), on_undone, c);
}

void undo_push_call(const char *words, const char *method, cJSON *params)
{
    struct call_step *c = x_calloc(1, sizeof(*c));
    c->words = x_strdup(words);
    c->method = x_strdup(method);
    c->params = params;
    undo_push(&(struct undo_step){
        .words = words, .run = run_call, .drop = drop_call, .ctx = c});
}
