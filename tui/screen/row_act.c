/* Row actions as a table. Those that open or add children look their entity up
 * by its name, so that they appear with it. */
#include "tui/screen/row_act.h"

#include "common/json.h"
#include "tui/screen/create_screen.h"
#include "tui/screen/list_screen.h"
#include "tui/screen/right.h"
#include "tui/widget/cell.h"
#include "tui/widget/menu.h"

#include <string.h>

enum { SHAPES = 4, SITES_MAX = 50 };

/* One row an action. */
struct row_action {
    enum action_id id;
    void (*run)(const struct row_at *r, const struct row_action *a);
    bool (*can)(const struct row_at *r, const struct row_action *a);
    const char *child; /* entity, NULL */
};

/* --- copying --- */

static void copy(struct app *a, const char *text)
{
    term_copy(app_term(a), text);
    app_message(a, MESSAGE_info, _("Copied: %s"), text);
}

static void copy_item(void *ctx, const struct menu_item *item)
{
    copy(ctx, item->value);
}

static const char *shown(const struct row_at *r, struct arena *a,
                         const struct field *f)
{
    return cell_of(app_remote(r->owner->app), f, a, list_cell(r->list, f)).text;
}

/* What the columns show, with tabs between: a row of a spreadsheet. */
static const char *as_text(const struct row_at *r, struct arena *a)
{
    const char *out = "";
    const struct field *f;
    for (int i = 0; (f = list_column(r->list, i)) != NULL; i++)
        out = arena_printf(a, "%s%s%s", out, i ? "\t" : "", shown(r, a, f));
    return out;
}

/* The same values as the wire has them. */
static const char *as_json(const struct row_at *r, struct arena *a)
{
    const struct field *f;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "id", (double)list_current(r->list));
    for (int i = 0; (f = list_column(r->list, i)) != NULL; i++) {
        const cJSON *cell = list_cell(r->list, f);
        cJSON_AddItemToObject(object, f->id,
                              cell ? cJSON_Duplicate(cell, true)
                                   : cJSON_CreateNull());
    }
    const char *text = json_print(a, object);
    cJSON_Delete(object);
    return text;
}

static int add_shapes(const struct row_at *r, struct arena *a,
                      struct menu_item *items)
{
    long long id = (long long)list_current(r->list);
    const struct menu_item shapes[SHAPES] = {
        {.label = _("Row as text"), .value = as_text(r, a)},
        {.label = _("Row as JSON"), .value = as_json(r, a)},
        {.label = _("Number"), .value = arena_printf(a, "%lld", id)},
        {.label = _("Command that shows it"),
         .value = arena_printf(a, "kehu get %s %lld", r->entity->id, id)},
    };
    memcpy(items, shapes, sizeof(shapes));
    return SHAPES;
}

static void run_copy(const struct row_at *r, const struct row_action *row)
{
    struct arena *a = arena_new();
    struct menu_item *items = NULL;
    int n = 0, columns = 0;
    (void)row;
    while (list_column(r->list, columns))
        columns++;
    items = x_calloc((size_t)columns + SHAPES, sizeof(*items));
    for (int i = 0; i < columns; i++) {
        const struct field *f = list_column(r->list, i);
        const char *text = shown(r, a, f);
        if (*text)
            items[n++] = (struct menu_item){
                .label = _(f->label), .hint = text, .value = text};
    }
    n += add_shapes(r, a, items + n);
    menu_open(r->owner->app, arena_printf(a, _("Copy from: %s"), r->name),
              items, n, copy_item, r->owner->app);
    x_free(&items);
    arena_free(&a);
}

/* --- its site --- */

/* There is one user and one keyboard, hence one of these. */
static struct {
    const struct screen *owner;
    struct app *app;
    const struct entity *entity;
    uint64_t call;
} site;

static bool is_site(const struct field *f)
{
    return f->type == &type_url || f->type == &type_urls;
}

static bool can_site(const struct row_at *r, const struct row_action *row)
{
    (void)row;
    for (int i = 0; i < r->entity->nfields; i++)
        if (is_site(&r->entity->fields[i]) &&
            remote_level(app_remote(r->owner->app), &r->entity->fields[i]) >
                LEVEL_MASKED)
            return true;
    return false;
}

static int add_sites(const cJSON *value, const struct field *f,
                     struct menu_item *items, int n)
{
    const cJSON *one;
    if (cJSON_IsString(value) && value->valuestring[0] && n < SITES_MAX)
        items[n++] = (struct menu_item){.label = value->valuestring,
                                        .hint = _(f->label),
                                        .value = value->valuestring};
    cJSON_ArrayForEach(one, value)
    {
        n = add_sites(one, f, items, n);
    }
    return n;
}

/* No terminal program can open a browser on the user's own machine: the
 * address goes to his clipboard. */
static void show_sites(const cJSON *record)
{
    struct menu_item items[SITES_MAX];
    int n = 0;
    for (int i = 0; i < site.entity->nfields; i++) {
        const struct field *f = &site.entity->fields[i];
        if (is_site(f))
            n = add_sites(json_get(record, f->id), f, items, n);
    }
    if (n == 0)
        app_message(site.app, MESSAGE_info, _("No site address is known."));
    else if (n == 1)
        copy(site.app, items[0].value);
    else
        menu_open(site.app, _("Copy an address"), items, n, copy_item,
                  site.app);
}

static void on_sites(void *ctx, const cJSON *result, const struct err *err)
{
    (void)ctx;
    site.call = 0;
    if (err)
        app_error(site.app, err);
    else if (app_top(site.app) == site.owner)
        show_sites(json_get(result, "record"));
    app_redraw(site.app);
}

static void run_site(const struct row_at *r, const struct row_action *row)
{
    struct remote *remote = app_remote(r->owner->app);
    cJSON *params = cJSON_CreateObject();
    char *method = x_asprintf("%s.get", r->entity->id);
    (void)row;
    remote_cancel(remote, site.call);
    site.owner = r->owner;
    site.app = r->owner->app;
    site.entity = r->entity;
    cJSON_AddNumberToObject(params, "id", (double)list_current(r->list));
    site.call = remote_call(remote, method, params, on_sites, NULL);
    x_free(&method);
}

void row_forget(const struct screen *owner)
{
    if (site.owner != owner)
        return;
    remote_cancel(app_remote(site.app), site.call);
    site.call = 0;
    site.owner = NULL;
}

/* --- what belongs to it --- */

static const struct entity *child_of(const struct row_at *r,
                                     const struct row_action *row)
{
    const struct entity *child = entity_find(row->child);
    bool fits =
        child && child->parent && strcmp(child->parent, r->entity->id) == 0;
    return fits ? child : NULL;
}

static bool can_list(const struct row_at *r, const struct row_action *row)
{
    const struct entity *child = child_of(r, row);
    return child && remote_may(app_remote(r->owner->app), child->view);
}

static void run_list(const struct row_at *r, const struct row_action *row)
{
    struct list_screen_options o = {.entity = child_of(r, row),
                                    .parent = list_current(r->list),
                                    .parent_name = r->name};
    list_screen_show(r->owner->app, &o);
}

static bool can_add(const struct row_at *r, const struct row_action *row)
{
    const struct entity *child = child_of(r, row);
    return child && right_to_create(app_remote(r->owner->app), child);
}

static void on_added(void *ctx, int64_t id)
{
    (void)ctx, (void)id; /* it is told already; the row itself is followed */
}

static void run_add(const struct row_at *r, const struct row_action *row)
{
    struct create_options o = {.entity = child_of(r, row),
                               .parent = list_current(r->list),
                               .then = on_added};
    create_screen_open(r->owner->app, &o);
}

/* --- the table --- */

static const struct row_action rows[] = {
    {ACT_copy_as, run_copy, NULL, NULL},
    {ACT_site, run_site, can_site, NULL},
    {ACT_contacts, run_list, can_list, "contact"},
    {ACT_qa_add, run_add, can_add, "qa"},
    {ACT_projects, run_list, can_list, "project"},
    {ACT_renewals, run_list, can_list, "renewal"},
    {ACT_ad_accounts, run_list, can_list, "ad_account"},
};

static const struct row_action *find(enum action_id a)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (rows[i].id == a)
            return &rows[i];
    return NULL;
}

bool row_acts(enum action_id a)
{
    return find(a) != NULL;
}

bool row_can(const struct row_at *r, enum action_id a)
{
    const struct row_action *row = find(a);
    /* A row that is on its way counts: the footer does not jump. */
    return list_total(r->list) != 0 && (!row->can || row->can(r, row));
}

void row_act(const struct row_at *r, enum action_id a)
{
    const struct row_action *row = find(a);
    if (list_current(r->list))
        row->run(r, row);
}
