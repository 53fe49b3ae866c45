/* Pickers for fields: option lists from the daemon's description, references
 * found by <entity>.list as one types. */
#include "tui/widget/picker.h"

#include "common/json.h"
#include "schema/flow.h"
#include "schema/option.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FOUND_MAX = 30 };

/* --- records of another entity --- */

struct records {
    struct app *app;
    const struct entity *entity;
    struct picker *picker;
    uint64_t call, make_call;
};

/* One row of <entity>.list: [id, version, title]. */
static bool read_row(struct arena *a, const cJSON *row, struct menu_item *item)
{
    int64_t id;
    const cJSON *title = cJSON_GetArrayItem(row, 2);
    if (!json_is_int(cJSON_GetArrayItem(row, 0), &id) || !cJSON_IsString(title))
        return false;
    *item = (struct menu_item){.label = title->valuestring,
                               .value = arena_printf(a, "%" PRId64, id)};
    return true;
}

static void on_rows(void *ctx, const cJSON *result, const struct err *err)
{
    struct records *r = ctx;
    r->call = 0;
    if (err != NULL) {
        app_error(r->app, err);
        return;
    }
    struct arena *arena = arena_new();
    struct menu_item items[FOUND_MAX];
    int n = 0;
    const cJSON *row;
    cJSON_ArrayForEach(row, json_get(result, "rows"))
    {
        if (n < FOUND_MAX && read_row(arena, row, &items[n]))
            n++;
    }
    picker_rows(r->picker, items, n);
    arena_free(&arena);
}

static void find_records(void *ctx, struct picker *p, const char *text)
{
    struct records *r = ctx;
    struct remote *remote = app_remote(r->app);
    char method[64];
    r->picker = p;
    if (remote == NULL)
        return;
    remote_cancel(remote, r->call);
    cJSON *params = cJSON_CreateObject();
    cJSON *columns = cJSON_AddArrayToObject(params, "columns");
    cJSON_AddItemToArray(columns, cJSON_CreateString(r->entity->title));
    cJSON_AddNumberToObject(params, "limit", FOUND_MAX);
    if (*text != '\0')
        cJSON_AddStringToObject(params, "search", text);
    snprintf(method, sizeof(method), "%s.list", r->entity->id);
    r->call = remote_call(remote, method, params, on_rows, r);
}

static void on_made(void *ctx, const cJSON *result, const struct err *err)
{
    struct records *r = ctx;
    const cJSON *record = json_get(result, "record");
    char value[32];
    r->make_call = 0;
    if (err != NULL) {
        app_error(r->app, err);
        return;
    }
    int64_t id = json_int(record, "id", 0);
    const char *title = json_str(record, r->entity->title, "");
    snprintf(value, sizeof(value), "%" PRId64, id);
    remote_learn(app_remote(r->app), r->entity->id, id, title);
    picker_made(r->picker, value, title);
}

static void make_record(void *ctx, struct picker *p, const char *text)
{
    struct records *r = ctx;
    char method[64];
    r->picker = p;
    if (app_remote(r->app) == NULL || r->make_call)
        return;
    cJSON *params = cJSON_CreateObject();
    cJSON *values = cJSON_AddObjectToObject(params, "values");
    cJSON_AddStringToObject(values, r->entity->title, text);
    snprintf(method, sizeof(method), "%s.create", r->entity->id);
    r->make_call = remote_call(app_remote(r->app), method, params, on_made, r);
}

static bool may_make(const struct remote *r, const struct entity *e)
{
    return r != NULL && (e->flags & E_BY_TITLE) && remote_may(r, e->create);
}

static void stop_records(void *ctx)
{
    struct records *r = ctx;
    if (app_remote(r->app) != NULL) {
        remote_cancel(app_remote(r->app), r->call);
        remote_cancel(app_remote(r->app), r->make_call);
    }
    x_free(&r);
}

/* --- option lists --- */

/* "Service › Slow to answer": a leaf tells where it hangs. */
static const char *full_label(const struct remote_option *rows, int n, int i,
                              struct app *a, struct arena *arena)
{
    const char *parent = rows[i].parent;
    for (int k = 0; parent != NULL && *parent != '\0' && k < n; k++)
        if (strcmp(rows[k].code, parent) == 0)
            return arena_printf(arena, "%s %s %s", rows[k].label,
                                term_symbol(app_term(a), "forward"),
                                rows[i].label);
    return rows[i].label;
}

/* Of states that follow each other only those that may follow `from`. */
static bool may_follow(const struct field *f, const char *from,
                       const char *code)
{
    return from == NULL || !flow_rules(f->options) || strcmp(from, code) == 0 ||
           flow_may(f->options, from, code);
}

static int option_items(struct app *a, const struct field *f, const char *from,
                        struct arena *arena, const struct menu_item **out)
{
    int n = 0;
    const struct remote_option *rows =
        app_remote(a) != NULL ? remote_options(app_remote(a), f->options, &n)
                              : NULL;
    struct menu_item *items = arena_array(arena, (size_t)n + 1, sizeof(*items));
    int kept = 0;
    for (int i = 0; i < n; i++)
        if (may_follow(f, from, rows[i].code))
            items[kept++] =
                (struct menu_item){.label = full_label(rows, n, i, a, arena),
                                   .value = rows[i].code,
                                   .find = rows[i].code};
    *out = items;
    return kept;
}

/* --- the value as it is --- */

/* Each chosen value with the name it is known by. */
static void picker_labels(struct app *a, const struct field *f,
                          struct arena *arena, const char *value,
                          struct picker_options *o)
{
    const char **values = NULL;
    const char **labels;
    size_t n = 0;
    struct names names = {0};
    if (app_remote(a) != NULL)
        names = remote_names(app_remote(a));
    if (value != NULL && !f->type->list) {
        values = arena_array(arena, 1, sizeof(*values));
        values[n++] = value;
    } else if (value != NULL && !list_split(arena, value, &values, &n)) {
        n = 0;
    }
    labels = arena_array(arena, n + 1, sizeof(*labels));
    for (size_t i = 0; i < n; i++) {
        const char *one[] = {values[i]};
        const char *canonical =
            f->type->list ? list_join(arena, one, 1) : values[i];
        labels[i] = f->type->format(f, arena, canonical, &names);
    }
    o->values = values;
    o->labels = labels;
    o->nvalues = (int)n;
}

/* `from`: see picker_open_next. */
static void open_values(struct app *a, const struct field *f,
                        const struct picker_options *given, const char *from,
                        picker_fn *then, void *ctx)
{
    struct arena *arena = arena_new();
    struct picker_source source = {.find = find_records, .stop = stop_records};
    struct picker_options o = *given;
    o.title = _(f->label);
    if (f->ref != NULL) {
        struct records *r = x_calloc(1, sizeof(*r));
        *r = (struct records){.app = a, .entity = entity_find(f->ref)};
        source.ctx = r;
        if (o.may_make && may_make(app_remote(a), r->entity))
            source.make = make_record;
        o.source = &source;
    } else {
        const struct option_list *list = option_list_find(f->options);
        o.free_text = list != NULL && list->free_text;
        o.nitems = option_items(a, f, from, arena, &o.items);
    }
    picker_open(a, &o, then, ctx);
    arena_free(&arena);
}

void picker_open_values(struct app *a, const struct field *f,
                        const struct picker_options *o, picker_fn *then,
                        void *ctx)
{
    open_values(a, f, o, NULL, then, ctx);
}

void picker_open_next(struct app *a, const struct field *f, const char *value,
                      const char *from, picker_fn *then, void *ctx)
{
    struct arena *arena = arena_new();
    struct picker_options o = {.multi = f->type->list,
                               .may_make = true,
                               .may_clear = (f->flags & F_REQUIRED) == 0};
    picker_labels(a, f, arena, value, &o);
    open_values(a, f, &o, from, then, ctx);
    arena_free(&arena);
}

void picker_open_field(struct app *a, const struct field *f, const char *value,
                       picker_fn *then, void *ctx)
{
    picker_open_next(a, f, value, NULL, then, ctx);
}
