/* One transition at a time: the state, the reason, the daemon's answer. */
#include "tui/screen/transition.h"

#include "common/buf.h"
#include "common/json.h"
#include "common/utf8.h"
#include "schema/option.h"
#include "tui/widget/dialog.h"
#include "tui/widget/menu.h"

#include <string.h>

enum { REASON_MIN = 2, REASON_MAX = 500 };

/* There is one user and one keyboard, hence one of these. */
static struct {
    struct transition asked;
    struct app *app;
    char to[32];
    uint64_t call;
} moving;

static void finish(void)
{
    void (*then)(void *ctx) = moving.asked.owner ? moving.asked.then : NULL;
    moving.asked.owner = NULL;
    if (then)
        then(moving.asked.ctx);
}

/* Everything the state asks for and the record lacks, a line each. */
static void tell_faults(const struct err *err)
{
    struct buf text = BUF_INIT;
    const cJSON *fault;
    cJSON_ArrayForEach(fault, json_get(err->data, "fields"))
    {
        buf_printf(&text, "%s%s", text.len ? "\n" : "",
                   json_str(fault, "message", ""));
    }
    dialog_tell(moving.app, _("That is not possible yet"),
                text.len ? buf_text(&text) : err->message, NULL, NULL);
    buf_free(&text);
}

static void on_moved(void *ctx, const cJSON *result, const struct err *err)
{
    (void)ctx, (void)result;
    moving.call = 0;
    if (!err) {
        app_message(moving.app, MESSAGE_good, _("The state was changed."));
        finish();
        return;
    }
    if (err->kind == ERR_invalid && json_get(err->data, "fields"))
        tell_faults(err);
    else if (err->kind == ERR_conflict)
        app_message(moving.app, MESSAGE_error,
                    _("Somebody changed the customer meanwhile. Look at it, "
                      "then try again."));
    else
        app_error(moving.app, err);
    /* After a conflict the screen below shows what there is now. */
    if (err->kind == ERR_conflict)
        finish();
}

static void on_reason(void *ctx, const char *reason)
{
    (void)ctx;
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)moving.asked.id);
    cJSON_AddNumberToObject(params, "version", (double)moving.asked.version);
    cJSON_AddStringToObject(params, "to", moving.to);
    cJSON_AddStringToObject(params, "reason", reason);
    moving.call = remote_call(app_remote(moving.app), "customer.transition",
                              params, on_moved, NULL);
}

static bool is_reason(void *ctx, const char *text, struct err *e)
{
    (void)ctx;
    return utf8_length(text) >= REASON_MIN ||
           err_set(e, ERR_invalid,
                   _("Say why, in a few words: the log keeps it."));
}

static const char *state_label(const char *code)
{
    struct names names = remote_names(app_remote(moving.app));
    const char *label = names.option(names.ctx, "lifecycle", code);
    return label ? label : code;
}

static void on_state(void *ctx, const struct menu_item *item)
{
    (void)ctx;
    struct arena *a = arena_new();
    strncpy(moving.to, item->value, sizeof(moving.to) - 1);
    struct dialog_prompt p = {
        .title = arena_printf(a, "%s → %s", state_label(moving.asked.from),
                              state_label(moving.to)),
        .label = _("Reason"),
        .max = REASON_MAX,
        .check = is_reason};
    dialog_ask(moving.app, &p, on_reason, NULL);
    arena_free(&a);
}

void transition_open(const struct transition *t)
{
    struct menu_item items[LIVES];
    struct arena *a = arena_new();
    enum life from = life_find(t->from);
    int n = 0;
    if (moving.call)
        return; /* one is under way */
    moving.asked = *t;
    moving.app = t->owner->app;
    moving.asked.from = life_code(from);
    memset(moving.to, 0, sizeof(moving.to));
    for (enum life to = LIFE_NONE + 1; to < LIVES; to++)
        if (life_may(from, to))
            items[n++] = (struct menu_item){
                .label = arena_printf(a, "%s %s", life_sign(to),
                                      state_label(life_code(to))),
                .value = life_code(to)};
    menu_open(moving.app,
              arena_printf(a, _("Life cycle: from %s to"),
                           state_label(moving.asked.from)),
              items, n, on_state, NULL);
    arena_free(&a);
}

void transition_forget(struct screen *owner)
{
    if (moving.asked.owner == owner)
        moving.asked.owner = NULL;
}
