/* Views under a name (LIST-06): which one is in force, applying, saving; and
 * where the list was left, for the next start. */
#include "tui/widget/list_impl.h"

#include "common/json.h"
#include "common/utf8.h"
#include "tui/app/saved.h"
#include "tui/widget/dialog.h"

#include <string.h>

enum { NAME_LEN_MAX = 50 };

static struct saved *store(const struct list *l)
{
    return app_saved(l->owner->app);
}

static void forget_applied(struct list *l)
{
    l->saved = 0;
    x_free(&l->saved_name);
    cJSON_Delete(l->saved_view);
    l->saved_view = NULL;
}

/* What the list shows now is what the saved filter says. */
static void remember(struct list *l, int64_t id, const char *name)
{
    forget_applied(l);
    l->saved = id;
    l->saved_name = x_strdup(name);
    l->saved_view = list_view(l);
}

static void take(struct list *l, const struct saved_row *row)
{
    list_take_view(l, row->definition);
    remember(l, row->id, row->name);
}

static void tell(struct list *l)
{
    struct app *a = l->owner->app;
    if (l->left_out)
        app_message(a, MESSAGE_info,
                    _("“%s” without %s, which is not for you to see."),
                    l->saved_name, l->left_out);
    else
        app_message(a, MESSAGE_info, _("Filter “%s”."), l->saved_name);
}

void list_saved_apply(struct list *l, int64_t id)
{
    const struct saved_row *row = saved_find(store(l), id);
    if (!row || strcmp(row->entity, l->entity->id) != 0)
        return;
    take(l, row);
    list_question(l, false);
    tell(l);
}

void list_saved_none(struct list *l)
{
    forget_applied(l);
    list_set_view(l, NULL);
}

const char *list_saved_words(struct list *l)
{
    if (!l->saved)
        return NULL;
    cJSON *now = list_view(l);
    bool same = cJSON_Compare(now, l->saved_view, true);
    cJSON_Delete(now);
    return arena_printf(l->scratch, "%s%s", l->saved_name, same ? "" : "*");
}

void list_saved_close(struct list *l)
{
    saved_forget(store(l), l);
    forget_applied(l);
}

/* --- the beginning --- */

static bool says_something(const cJSON *view)
{
    return json_get(view, "filter") || json_str(view, "search", "")[0];
}

/* Whether it was changed since is seen against what the filter says. */
static void take_state(struct list *l, const cJSON *state)
{
    const struct saved_row *row =
        saved_find(store(l), json_int(state, "saved", 0));
    if (row && strcmp(row->entity, l->entity->id) == 0)
        take(l, row);
    list_take_view(l, json_get(state, "view"));
    x_free(&l->left_out);
}

void list_begin(struct list *l, const cJSON *state)
{
    const struct saved_row *row =
        l->o.part ? NULL : saved_default(store(l), l->entity->id);
    const cJSON *view = json_get(state, "view");
    int64_t id = json_int(state, "row", 0);
    if (view && (!row || says_something(view)))
        take_state(l, state);
    else if (row)
        take(l, row);
    else
        list_take_view(l, NULL);
    if (view && id > 0)
        list_ask_around(l, id, json_int(state, "at", 0));
    else
        list_question(l, false);
}

cJSON *list_state(struct list *l)
{
    cJSON *state = cJSON_CreateObject();
    cJSON_AddItemToObject(state, "view", list_view(l));
    if (list_current(l)) {
        cJSON_AddNumberToObject(state, "row", (double)list_current(l));
        cJSON_AddNumberToObject(state, "at", (double)l->cursor);
    }
    if (l->saved)
        cJSON_AddNumberToObject(state, "saved", (double)l->saved);
    return state;
}

/* --- saving --- */

static void on_saved(void *ctx, int64_t id, const struct err *err)
{
    struct list *l = ctx;
    const struct saved_row *row = saved_find(store(l), id);
    if (err) {
        app_error(l->owner->app, err);
        return;
    }
    if (row) {
        remember(l, id, row->name);
        app_message(l->owner->app, MESSAGE_good, _("Saved as “%s”."),
                    row->name);
    }
    list_saved_refresh(l);
}

static int64_t next_position(struct list *l)
{
    int n;
    int64_t last = 0;
    const struct saved_row *const *rows =
        saved_rows(store(l), l->entity->id, &n);
    for (int i = 0; i < n; i++)
        if (rows[i]->mine && rows[i]->position > last)
            last = rows[i]->position;
    return last + 1;
}

cJSON *list_saved_new(struct list *l, const char *name, cJSON *definition)
{
    cJSON *params = cJSON_CreateObject();
    cJSON *values = cJSON_AddObjectToObject(params, "values");
    cJSON_AddStringToObject(values, "name", name);
    cJSON_AddStringToObject(values, "entity", l->entity->id);
    cJSON_AddNumberToObject(values, "position", (double)next_position(l));
    cJSON_AddItemToObject(values, "definition", definition);
    return params;
}

static void overwrite(void *ctx)
{
    struct list *l = ctx;
    const struct saved_row *row = saved_find(store(l), l->overwritten);
    if (!row)
        return;
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)row->id);
    cJSON_AddNumberToObject(params, "version", (double)row->version);
    cJSON *values = cJSON_AddObjectToObject(params, "values");
    cJSON_AddItemToObject(values, "definition", list_view(l));
    saved_change(store(l), "update", params, on_saved, l);
}

void list_saved_overwrite(struct list *l, int64_t id)
{
    const struct saved_row *row = saved_find(store(l), id);
    if (!row)
        return;
    char *text =
        x_asprintf(_("“%s” will hold what the list shows now."), row->name);
    struct dialog_question q = {.title = _("Overwrite the filter?"),
                                .text = text,
                                .yes = _("Overwrite")};
    l->overwritten = id;
    dialog_confirm(l->owner->app, &q, overwrite, l);
    x_free(&text);
}

bool list_saved_name_ok(void *ctx, const char *text, struct err *e)
{
    (void)ctx;
    return text[strspn(text, " ")] != '\0' ||
           err_set(e, ERR_invalid, _("Type a name."));
}

static void named(void *ctx, const char *text)
{
    struct list *l = ctx;
    const struct saved_row *row = saved_named(store(l), l->entity->id, text);
    if (row)
        list_saved_overwrite(l, row->id);
    else
        saved_change(store(l), "create", list_saved_new(l, text, list_view(l)),
                     on_saved, l);
}

void list_saved_save(struct list *l)
{
    struct dialog_prompt p = {.title = _("Save what the list shows"),
                              .label = _("Name"),
                              .value = l->saved_name,
                              .max = NAME_LEN_MAX,
                              .check = list_saved_name_ok};
    dialog_ask(l->owner->app, &p, named, l);
}

/* --- the palette --- */

int list_offers(struct list *l, struct arena *a, struct screen_offer **out)
{
    int n;
    const struct saved_row *const *rows =
        saved_rows(store(l), l->entity->id, &n);
    struct screen_offer *offers =
        arena_array(a, (size_t)n + 1, sizeof(*offers));
    for (int i = 0; i < n; i++)
        offers[i] = (struct screen_offer){
            .label = arena_printf(a, _("Apply filter %s"), rows[i]->name),
            .help = rows[i]->mine
                        ? _("A saved filter of yours.")
                        : arena_printf(a, _("Shared by %s."), rows[i]->owner),
            .action = ACT_saved,
            .number = rows[i]->id};
    *out = offers;
    return n;
}
