/* The records that go with the new one: a few lines under the fields of their
 * step, in an order, one of them primary where there is such a thing. */
#include "tui/screen/wizard_impl.h"

#include "common/json.h"
#include "tui/screen/right.h"
#include "tui/widget/dialog.h"

#include <string.h>

#define PRIMARY "primary"

/* --- which there are --- */

static bool is_offered(struct wizard *w, const struct entity *e)
{
    return right_to_create(app_remote(w->screen.app), e) &&
           !(e->flags & E_INTERNAL) && step_of_child(w->entity, e) > 0;
}

void part_make(struct wizard *w)
{
    for (int i = 0; i < schema_entity_count && w->nparts < WIZARD_PARTS; i++) {
        const struct entity *e = schema_entities[i];
        if (is_offered(w, e))
            w->parts[w->nparts++] =
                (struct wizard_part){.entity = e,
                                     .step = step_of_child(w->entity, e),
                                     .list = cJSON_CreateArray()};
    }
}

void part_free(struct wizard *w)
{
    for (int i = 0; i < w->nparts; i++)
        cJSON_Delete(w->parts[i].list);
}

struct wizard_part *part_of_step(struct wizard *w, int step)
{
    for (int i = 0; i < w->nparts; i++)
        if (w->parts[i].step == step)
            return &w->parts[i];
    return NULL;
}

struct wizard_part *part_of_entity(struct wizard *w, const char *entity)
{
    for (int i = 0; i < w->nparts; i++)
        if (strcmp(w->parts[i].entity->id, entity) == 0)
            return &w->parts[i];
    return NULL;
}

/* contact_phone of a customer is the phone of its primary contact. */
bool part_stands_for(const struct wizard_part *p, const struct field *f)
{
    size_t n = strlen(p->entity->id);
    return (f->flags & F_CREATE_ONLY) &&
           strncmp(f->id, p->entity->id, n) == 0 && f->id[n] == '_';
}

static bool is_primary_field(const struct field *f)
{
    return strcmp(f->id, "is_primary") == 0;
}

bool part_fills(const struct wizard_part *p, const struct wizard *w,
                const struct field *f)
{
    bool parent = f->ref && strcmp(f->ref, w->entity->id) == 0;
    return parent || is_primary_field(f) || strcmp(f->id, "rank") == 0 ||
           (f->flags & (F_HIDDEN | F_SECRET | F_READONLY | F_GENERATED)) != 0 ||
           !p;
}

/* --- the primary one --- */

static bool has_primary(const struct wizard_part *p)
{
    return field_find(p->entity, "is_primary") != NULL;
}

bool part_is_primary(const struct wizard_part *p, int row)
{
    return has_primary(p) &&
           json_bool(cJSON_GetArrayItem(p->list, row), PRIMARY, false);
}

static void set_primary(struct wizard_part *p, int row)
{
    int i = 0;
    cJSON *item;
    cJSON_ArrayForEach(item, p->list)
    {
        cJSON_DeleteItemFromObjectCaseSensitive(item, PRIMARY);
        if (i++ == row && has_primary(p))
            cJSON_AddTrueToObject(item, PRIMARY);
    }
}

/* The first one, unless another was chosen. */
static void settle_primary(struct wizard_part *p)
{
    for (int i = 0; i < cJSON_GetArraySize(p->list); i++)
        if (part_is_primary(p, i))
            return;
    set_primary(p, 0);
}

/* --- how they look --- */

const char *part_value(struct wizard *w, struct wizard_part *p, int row,
                       const struct field *f, struct arena *a)
{
    const cJSON *kept = cJSON_GetArrayItem(p->list, row);
    const char *typed = json_str(json_get(kept, "typed"), f->id, NULL);
    const cJSON *item = json_get(json_get(kept, "values"), f->id);
    struct names names = remote_names(app_remote(w->screen.app));
    const char *value = f->value; /* unless told otherwise */
    struct err e = {0};
    if (typed)
        return arena_strdup(a, typed);
    bool read = !item || f->type->from_json(f, a, item, &value, &e);
    err_clear(&e);
    return read && value ? f->type->format(f, a, value, &names) : "";
}

const char *part_text(struct wizard *w, struct wizard_part *p, int row,
                      struct arena *a)
{
    const struct field *primary = field_find(p->entity, "is_primary");
    const char *out = arena_printf(a, "%d", row + 1);
    for (int i = 0; i < p->entity->nfields; i++) {
        const struct field *f = &p->entity->fields[i];
        bool shown =
            f->flags & F_DEFAULT || strcmp(f->id, p->entity->title) == 0;
        const char *text =
            shown && !part_fills(p, w, f) ? part_value(w, p, row, f, a) : "";
        if (*text)
            out = arena_printf(a, "%s  %s", out, text);
    }
    return part_is_primary(p, row)
               ? arena_printf(a, "%s  [%s]", out, _(primary->label))
               : out;
}

static int count_rows(void *ctx)
{
    struct wizard *w = ctx;
    struct wizard_part *p = part_of_step(w, w->step);
    return p ? cJSON_GetArraySize(p->list) + 1 : 0;
}

static const char *row_text(void *ctx, int row, struct arena *a)
{
    struct wizard *w = ctx;
    struct wizard_part *p = part_of_step(w, w->step);
    if (row < cJSON_GetArraySize(p->list))
        return part_text(w, p, row, a);
    return arena_printf(a, _("+ Add: %s"), _(p->entity->label));
}

/* What is wrong is told once the step has been left. */
static const char *row_fault(void *ctx, int row)
{
    struct wizard *w = ctx;
    struct wizard_part *p = part_of_step(w, w->step);
    if (row == cJSON_GetArraySize(p->list))
        return p->fault[0] ? p->fault : NULL;
    if (w->sheet || !(w->seen & 1u << w->step))
        return NULL;
    return check_row(w, p, row, w->scratch);
}

static const char *rows_title(void *ctx)
{
    struct wizard *w = ctx;
    return _(part_of_step(w, w->step)->entity->plural);
}

const struct form_rows part_rows = {.count = count_rows,
                                    .text = row_text,
                                    .fault = row_fault,
                                    .title = rows_title};

/* --- what keys do --- */

static void changed(struct wizard *w, struct wizard_part *p, int row)
{
    settle_primary(p);
    p->fault[0] = '\0';
    form_refilter(w->form);
    form_go_row(w->form, row);
    keeper_touch(w->keeper);
    keeper_save(w->keeper, NULL);
}

static void remove_now(void *ctx)
{
    struct wizard *w = ctx;
    struct wizard_part *p = part_of_step(w, w->step);
    int row = form_row(w->form);
    if (!p || row < 0)
        return;
    cJSON_DeleteItemFromArray(p->list, row);
    changed(w, p, row);
}

static void act_remove(struct wizard *w, struct wizard_part *p, int row)
{
    const char *text = part_text(w, p, row, w->scratch);
    struct dialog_question q = {.title = _("Take it out of the list?"),
                                .text = text,
                                .yes = _("Remove"),
                                .danger = true};
    dialog_confirm(w->screen.app, &q, remove_now, w);
}

static void act_edit(struct wizard *w, struct wizard_part *p, int row)
{
    sheet_edit(w, p, row);
}

static void act_new(struct wizard *w, struct wizard_part *p, int row)
{
    (void)row;
    sheet_edit(w, p, -1);
}

static void act_primary(struct wizard *w, struct wizard_part *p, int row)
{
    set_primary(p, row);
    changed(w, p, row);
}

static void move(struct wizard *w, struct wizard_part *p, int row, int by)
{
    int to = row + by;
    if (to < 0 || to >= cJSON_GetArraySize(p->list))
        return;
    cJSON *item = cJSON_DetachItemFromArray(p->list, row);
    cJSON_InsertItemInArray(p->list, to, item);
    changed(w, p, to);
}

static void act_up(struct wizard *w, struct wizard_part *p, int row)
{
    move(w, p, row, -1);
}

static void act_down(struct wizard *w, struct wizard_part *p, int row)
{
    move(w, p, row, 1);
}

static const struct {
    enum action_id id;
    bool adds; /* on the last row, too, which adds one */
    void (*run)(struct wizard *w, struct wizard_part *p, int row);
} rows[] = {
    {ACT_open, true, act_edit},      {ACT_new, true, act_new},
    {ACT_remove, false, act_remove}, {ACT_primary, false, act_primary},
    {ACT_raise, false, act_up},      {ACT_lower, false, act_down},
};

bool part_act(struct wizard *w, enum action_id a)
{
    struct wizard_part *p = part_of_step(w, w->step);
    int row = form_row(w->form);
    if (!p || row < 0)
        return false;
    bool last = row == cJSON_GetArraySize(p->list);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].id != a || (last && !rows[i].adds))
            continue;
        rows[i].run(w, p, last ? -1 : row);
        return true;
    }
    return false;
}

bool part_can(struct wizard *w, enum action_id a)
{
    struct wizard_part *p = part_of_step(w, w->step);
    int row = p && !wizard_in_review(w) ? form_row(w->form) : -1;
    bool last = p && row == cJSON_GetArraySize(p->list);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].id == a && a != ACT_open)
            return row >= 0 && (!last || rows[i].adds) &&
                   (a != ACT_primary || has_primary(p));
    return true;
}
