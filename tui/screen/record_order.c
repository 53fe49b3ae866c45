/* The order of the records that belong to a record: one moves past its
 * neighbour, and a primary contact that goes names the one that follows it
 * (DET-04, DET-06). */
#include "tui/screen/record_impl.h"

#include "common/json.h"
#include "schema/access.h"
#include "tui/screen/right.h"
#include "tui/widget/cell.h"
#include "tui/widget/menu.h"

enum { SIBLINGS = 500 };

/* Values of a sibling's row, behind id and version. */
enum { CELL_ID, CELL_VERSION, CELL_TITLE, CELL_RANK, CELL_PRIMARY };

static const struct field *rank_field(const struct entity *e)
{
    return e ? field_find(e, "rank") : NULL;
}

static const struct field *primary_field(const struct entity *e)
{
    return field_find(e, "is_primary");
}

/* The records of the part in their order, as they are now. */
static void ask_siblings(struct record_screen *rs, remote_reply_fn *fn)
{
    const struct entity *e = rs->part_entity;
    cJSON *params = list_params(rs->part);
    cJSON *columns = cJSON_AddArrayToObject(params, "columns");
    cJSON_AddItemToArray(columns, cJSON_CreateString(e->title));
    cJSON_AddItemToArray(columns, cJSON_CreateString("rank"));
    if (primary_field(e))
        cJSON_AddItemToArray(columns, cJSON_CreateString("is_primary"));
    cJSON_AddStringToObject(params, "sort", "rank");
    cJSON_AddNumberToObject(params, "limit", SIBLINGS);
    char *method = x_asprintf("%s.list", e->id);
    rs->save_call = remote_call(record_remote(rs), method, params, fn, rs);
    x_free(&method);
}

static int64_t cell_int(const cJSON *row, int cell)
{
    int64_t n = 0;
    return json_is_int(cJSON_GetArrayItem(row, cell), &n) ? n : 0;
}

static bool is_primary_row(const cJSON *row)
{
    return cJSON_IsTrue(cJSON_GetArrayItem(row, CELL_PRIMARY));
}

/* --- one step up or down --- */

static void on_placed(void *ctx, const cJSON *result, const struct err *err)
{
    struct record_screen *rs = ctx;
    (void)result;
    rs->save_call = 0;
    if (err)
        app_error(rs->screen.app, err);
    record_part_changed(rs);
}

static void place(struct record_screen *rs, const cJSON *row, int64_t rank,
                  remote_reply_fn *fn)
{
    char *method = x_asprintf("%s.update", rs->part_entity->id);
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)cell_int(row, CELL_ID));
    cJSON_AddNumberToObject(params, "version",
                            (double)cell_int(row, CELL_VERSION));
    cJSON *values = cJSON_AddObjectToObject(params, "values");
    cJSON_AddNumberToObject(values, "rank", (double)rank);
    rs->save_call = remote_call(record_remote(rs), method, params, fn, rs);
    x_free(&method);
}

/* The second half of a swap, unless the first was refused. */
static void on_half(void *ctx, const cJSON *result, const struct err *err)
{
    struct record_screen *rs = ctx;
    cJSON *row = rs->swap;
    rs->swap = NULL;
    if (err || !rs->part)
        on_placed(rs, result, err);
    else
        place(rs, row, rs->swap_rank, on_placed);
    cJSON_Delete(row);
}

/* Both take the other's rank; where old data gave them the same one, the
 * lower of the two stands one further down. */
static void swap(struct record_screen *rs, const cJSON *upper,
                 const cJSON *lower)
{
    int64_t high = cell_int(upper, CELL_RANK), low = cell_int(lower, CELL_RANK);
    rs->swap_rank = low > high ? low : high + 1;
    rs->swap = cJSON_Duplicate(upper, true);
    if (low > high)
        place(rs, lower, high, on_half);
    else
        on_half(rs, NULL, NULL);
}

static void on_siblings(void *ctx, const cJSON *result, const struct err *err)
{
    struct record_screen *rs = ctx;
    const cJSON *rows = json_get(result, "rows"), *row, *before = NULL;
    rs->save_call = 0;
    if (err) {
        app_error(rs->screen.app, err);
        return;
    }
    int64_t id = rs->part ? list_current(rs->part) : 0;
    cJSON_ArrayForEach(row, rows)
    {
        if (cell_int(row, CELL_ID) == id)
            break;
        before = row;
    }
    const cJSON *upper = rs->step < 0 ? before : row;
    const cJSON *lower = rs->step < 0 || !row ? row : row->next;
    if (!upper || !lower)
        return; /* at the end already */
    if (is_primary_row(upper)) {
        app_message(rs->screen.app, MESSAGE_info,
                    _("The primary contact stands first."));
        return;
    }
    swap(rs, upper, lower);
}

static void step_part(struct record_screen *rs, int by)
{
    if (rs->save_call)
        return;
    rs->step = by;
    ask_siblings(rs, on_siblings);
}

void record_part_raise(struct record_screen *rs)
{
    step_part(rs, -1);
}

void record_part_lower(struct record_screen *rs)
{
    step_part(rs, 1);
}

bool record_part_has_order(const struct record_screen *rs)
{
    return rank_field(rs->part_entity) != NULL;
}

/* --- the primary contact goes --- */

static void on_removed(void *ctx, const cJSON *result, const struct err *err)
{
    struct record_screen *rs = ctx;
    (void)result;
    rs->save_call = 0;
    if (err) {
        app_error(rs->screen.app, err);
        return;
    }
    app_message(rs->screen.app, MESSAGE_good, _("Deleted."));
    record_part_changed(rs);
}

static void on_follower(void *ctx, const struct menu_item *item)
{
    struct record_screen *rs = ctx;
    if (!rs->part || rs->save_call)
        return;
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)list_current(rs->part));
    cJSON_AddNumberToObject(params, "version", (double)list_version(rs->part));
    cJSON_AddNumberToObject(params, "successor", (double)item->id);
    rs->save_call = remote_call(record_remote(rs), "contact.delete", params,
                                on_removed, rs);
}

static void on_others(void *ctx, const cJSON *result, const struct err *err)
{
    struct record_screen *rs = ctx;
    struct menu_item items[SIBLINGS];
    const cJSON *row;
    int n = 0;
    rs->save_call = 0;
    if (err) {
        app_error(rs->screen.app, err);
        return;
    }
    cJSON_ArrayForEach(row, json_get(result, "rows"))
    {
        const char *name =
            cJSON_GetStringValue(cJSON_GetArrayItem(row, CELL_TITLE));
        if (!is_primary_row(row) && n < SIBLINGS)
            items[n++] = (struct menu_item){.label = name ? name : "",
                                            .id = (int)cell_int(row, CELL_ID)};
    }
    if (n == 0)
        app_message(rs->screen.app, MESSAGE_error,
                    _("A customer keeps at least one contact: change this one "
                      "instead, or add another first."));
    else
        menu_open(rs->screen.app,
                  _("Delete the primary contact; who follows it?"), items, n,
                  on_follower, rs);
}

bool record_part_remove_primary(struct record_screen *rs)
{
    if (!record_part_is_primary(rs) || rs->save_call)
        return false;
    ask_siblings(rs, on_others);
    return true;
}
