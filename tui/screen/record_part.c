/* The records that belong to a record, as a list inside its tab: the contacts
 * of a customer (DET-04). */
#include "tui/screen/record_impl.h"

#include "common/json.h"
#include "tui/screen/create_screen.h"
#include "tui/screen/list_screen.h"
#include "tui/screen/right.h"
#include "tui/screen/trash.h"
#include "tui/widget/cell.h"

#include <string.h>

const struct entity *record_part_of(const struct entity *e, enum tab tab)
{
    for (int i = 0; i < schema_entity_count; i++) {
        const struct entity *child = schema_entities[i];
        if (child->tab != TAB_NONE && child->tab == tab &&
            strcmp(child->parent, e->id) == 0)
            return child;
    }
    return NULL;
}

static void open_part(struct record_screen *rs, bool edit)
{
    struct record_options o = {.entity = rs->part_entity,
                               .id = list_current(rs->part),
                               .from = rs->part,
                               .edit = edit};
    if (o.id)
        record_screen_open(rs->screen.app, &o);
}

static void on_open(void *ctx, int64_t id)
{
    (void)id;
    open_part(ctx, false);
}

void record_part_close(struct record_screen *rs)
{
    list_free(&rs->part);
    rs->part_entity = NULL;
    rs->below = false;
}

void record_part_open(struct record_screen *rs)
{
    /* Of what it was once the log knows no lists. */
    const struct entity *child =
        rs->as_of ? NULL : record_part_of(rs->entity, rs->tab);
    if (child && child == rs->part_entity)
        return;
    record_part_close(rs);
    char *filter = child ? list_screen_parent_filter(child, rs->id) : NULL;
    if (filter) {
        struct list_options o = {.entity = child,
                                 .fixed_filter = filter,
                                 .part = true,
                                 .open = on_open,
                                 .ctx = rs};
        rs->part_entity = child;
        rs->part = list_new(&rs->screen, &o);
    }
    rs->below = rs->part && form_is_empty(rs->form);
    x_free(&filter);
}

void record_part_changed(void *record_screen)
{
    struct record_screen *rs = record_screen;
    if (rs->part)
        list_reload(rs->part);
    if (rs->from)
        list_reload(rs->from);
    if (!form_editing(rs->form))
        record_get(rs);
}

static void on_created(void *ctx, int64_t id)
{
    (void)id;
    record_part_changed(ctx);
}

void record_part_new(struct record_screen *rs)
{
    struct create_options o = {.entity = rs->part_entity,
                               .parent = rs->id,
                               .then = on_created,
                               .ctx = rs};
    create_screen_open(rs->screen.app, &o);
}

void record_part_edit(struct record_screen *rs)
{
    open_part(rs, true);
}

void record_part_remove(struct record_screen *rs)
{
    const struct entity *e = rs->part_entity;
    const struct field *f = field_find(e, e->title);
    struct trash_item item = {.owner = &rs->screen,
                              .entity = e,
                              .id = list_current(rs->part),
                              .version = list_version(rs->part),
                              .name = cell_of(record_remote(rs), f, rs->scratch,
                                              list_cell(rs->part, f))
                                          .text};
    if (item.id && !record_part_remove_primary(rs))
        trash_remove(&item, record_part_changed, rs);
}

static void on_primary(void *ctx, const cJSON *result, const struct err *err)
{
    struct record_screen *rs = ctx;
    (void)result;
    rs->save_call = 0;
    if (err) {
        app_error(rs->screen.app, err);
        return;
    }
    app_message(rs->screen.app, MESSAGE_good,
                _("This is the primary contact now."));
    record_part_changed(rs);
}

void record_part_primary(struct record_screen *rs)
{
    const struct field *f = &entity_contact.fields[CONTACT_is_primary];
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)list_current(rs->part));
    cJSON_AddNumberToObject(params, "version", (double)list_version(rs->part));
    cJSON *values = cJSON_AddObjectToObject(params, "values");
    cJSON_AddTrueToObject(values, f->id);
    rs->save_call = remote_call(record_remote(rs), "contact.update", params,
                                on_primary, rs);
}

bool record_part_is_primary(const struct record_screen *rs)
{
    const struct field *f = &entity_contact.fields[CONTACT_is_primary];
    return rs->part_entity == &entity_contact &&
           cJSON_IsTrue(list_cell(rs->part, f));
}

bool record_part_can(struct record_screen *rs, enum action_id a)
{
    struct remote *r = record_remote(rs);
    const struct entity *e = rs->part_entity;
    bool mine = e && rs->record && right_in_customer(r, e->edit, rs->record);
    bool row = rs->below && list_current(rs->part) != 0;
    if (a == ACT_new)
        return mine && right_to_create(r, e);
    if (a == ACT_edit)
        return mine && row && right_to_edit(r, e);
    if (a == ACT_remove)
        return mine && row && right_to_remove(r, e);
    if (a == ACT_primary)
        return mine && row && e == &entity_contact &&
               !record_part_is_primary(rs);
    if (a == ACT_raise || a == ACT_lower)
        return mine && row && record_part_has_order(rs);
    return row;
}
