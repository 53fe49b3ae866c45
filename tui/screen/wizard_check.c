/* Faults of the wizard: of a step as it is left, of all of it in the end, and
 * those the daemon found (NEW-02). */
#include "tui/screen/wizard_impl.h"

#include "common/date.h"
#include "common/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- a record that goes with the new one --- */

static bool is_empty(const cJSON *kept)
{
    return !json_get(kept, "values") && !json_get(kept, "typed");
}

static const char **read_values(const struct wizard_part *p, const cJSON *kept,
                                struct arena *a)
{
    size_t n = (size_t)p->entity->nfields + 1;
    const char **values = arena_array(a, n, sizeof(*values));
    for (int i = 0; i < p->entity->nfields; i++) {
        const struct field *f = &p->entity->fields[i];
        const cJSON *item = json_get(json_get(kept, "values"), f->id);
        struct err e = {0};
        values[i] = f->value; /* unless told otherwise */
        if (item && !f->type->from_json(f, a, item, &values[i], &e))
            values[i] = NULL;
        err_clear(&e);
    }
    return values;
}

static const char *labelled(const struct field *f, const char *text,
                            struct arena *a)
{
    return arena_printf(a, "%s: %s", _(f->label), text);
}

/* What the new record needs of its primary one: contact_phone asks for its
 * phone. */
static const char *check_primary(struct wizard *w, struct wizard_part *p,
                                 const char **values, struct arena *a)
{
    size_t n = strlen(p->entity->id) + 1;
    for (int i = 0; i < w->entity->nfields; i++) {
        const struct field *f = &w->entity->fields[i];
        const struct field *own =
            part_stands_for(p, f) ? field_find(p->entity, f->id + n) : NULL;
        if (own && (f->flags & F_REQUIRED) &&
            !values[field_index(p->entity, own)])
            return labelled(own, _("The primary one needs it."), a);
    }
    return NULL;
}

const char *check_row(struct wizard *w, struct wizard_part *p, int row,
                      struct arena *a)
{
    const cJSON *kept = cJSON_GetArrayItem(p->list, row);
    const cJSON *typed = json_get(kept, "typed");
    const char *out = json_str(kept, "fault", NULL);
    const char **values = read_values(p, kept, a);
    struct faults *found = x_calloc(1, sizeof(*found));
    struct record_check check = {
        .entity = p->entity, .values = values, .today = date_today()};
    if (typed && typed->child) {
        const struct field *f = field_find(p->entity, typed->child->string);
        if (f)
            out = labelled(f, _("This can not be read."), a);
    }
    validate_record(&check, found);
    for (int i = 0; i < found->n && !out; i++) {
        const struct field *f = field_find(p->entity, found->at[i].field);
        if (f && !part_fills(p, w, f))
            out = labelled(f, found->at[i].message, a);
    }
    x_free(&found);
    if (!out && part_is_primary(p, row))
        out = check_primary(w, p, values, a);
    return out ? arena_strdup(a, out) : NULL;
}

/* --- the list of them --- */

static bool needs_one(struct wizard *w, const struct wizard_part *p)
{
    for (int i = 0; i < w->entity->nfields; i++)
        if ((w->entity->fields[i].flags & F_REQUIRED) &&
            part_stands_for(p, &w->entity->fields[i]))
            return true;
    return false;
}

/* The first row with a fault, the last one for a fault of the list, -1. */
static int check_part(struct wizard *w, struct wizard_part *p)
{
    int n = cJSON_GetArraySize(p->list);
    p->fault[0] = '\0';
    if (n == 0 && needs_one(w, p)) {
        snprintf(p->fault, sizeof(p->fault), "%s",
                 _("At least one is needed; Enter adds it."));
        return 0;
    }
    for (int i = 0; i < n; i++)
        if (check_row(w, p, i, w->scratch))
            return i;
    return -1;
}

/* --- a step --- */

bool check_step(struct wizard *w)
{
    const struct field *first = NULL;
    struct wizard_part *p = part_of_step(w, w->step);
    w->seen |= 1u << w->step;
    /* A fault of another step does not hold anybody here. */
    bool ok = form_check(w->form) || form_fault_count(w->form, &first) == 0;
    int row = p ? check_part(w, p) : -1;
    form_refilter(w->form);
    if (!ok)
        form_go_field(w->form, first);
    else if (row >= 0)
        form_go_row(w->form, row);
    if (!ok || row >= 0)
        app_message(w->screen.app, MESSAGE_error, "%s",
                    _("Something is missing or wrong here; going back is "
                      "possible all the same."));
    return ok && row < 0;
}

bool check_has_fault(struct wizard *w, int step)
{
    struct wizard_part *p = part_of_step(w, step);
    if (!(w->seen & 1u << step))
        return false;
    for (int i = 0; i < w->entity->nfields; i++)
        if (w->entity->fields[i].step == step &&
            wizard_takes(w, &w->entity->fields[i], step) &&
            form_fault_of(w->form, &w->entity->fields[i]))
            return true;
    return p && check_part(w, p) >= 0;
}

/* --- all of it --- */

/* The first field of a step in the order of the table that has a fault. */
static const struct field *first_fault(struct wizard *w, int step)
{
    for (int i = 0; i < w->entity->nfields; i++) {
        const struct field *f = &w->entity->fields[i];
        if (wizard_takes(w, f, step) && form_fault_of(w->form, f))
            return f;
    }
    return NULL;
}

/* Goes to the first step with a fault and to the fault; false: there is none.
 */
static bool go_to_fault(struct wizard *w)
{
    for (int step = 1; step <= w->steps; step++) {
        struct wizard_part *p = part_of_step(w, step);
        const struct field *f = first_fault(w, step);
        int row = p ? check_part(w, p) : -1;
        if (!f && row < 0)
            continue;
        wizard_go(w, step);
        if (f)
            form_go_field(w->form, f);
        else
            form_go_row(w->form, row);
        return true;
    }
    return false;
}

bool check_all(struct wizard *w)
{
    for (int step = 1; step <= w->steps; step++)
        w->seen |= 1u << step;
    form_check_all(w->form);
    if (!go_to_fault(w))
        return true;
    app_message(w->screen.app, MESSAGE_error, "%s",
                _("Something is missing or wrong; here is the first of it."));
    return false;
}

/* --- what the daemon found --- */

/* "contact[1].phone": the fault goes to that row. */
static bool take_row_fault(struct wizard *w, const char *place,
                           const char *message)
{
    char kind[64];
    const char *open = strchr(place, '[');
    size_t n = open ? (size_t)(open - place) : 0;
    if (n == 0 || n >= sizeof(kind))
        return false;
    snprintf(kind, sizeof(kind), "%.*s", (int)n, place);
    struct wizard_part *p = part_of_entity(w, kind);
    cJSON *row =
        p ? cJSON_GetArrayItem(p->list, (int)strtol(open + 1, NULL, 10)) : NULL;
    if (!row || is_empty(row))
        return false;
    const char *dot = strchr(open, '.');
    const struct field *f = dot ? field_find(p->entity, dot + 1) : NULL;
    char *text =
        f ? x_asprintf("%s: %s", _(f->label), message) : x_strdup(message);
    cJSON_DeleteItemFromObjectCaseSensitive(row, "fault");
    cJSON_AddStringToObject(row, "fault", text);
    x_free(&text);
    return true;
}

/* A fault of contact_person belongs to the contacts. */
static bool take_copy_fault(struct wizard *w, const char *id,
                            const char *message)
{
    const struct field *f = field_find(w->entity, id);
    for (int i = 0; f && i < w->nparts; i++) {
        if (!part_stands_for(&w->parts[i], f))
            continue;
        snprintf(w->parts[i].fault, sizeof(w->parts[i].fault), "%s: %s",
                 _(f->label), message);
        return true;
    }
    return false;
}

void check_take_faults(struct wizard *w, const struct err *e)
{
    const cJSON *item;
    bool placed = true;
    form_faults(w->form, e);
    cJSON_ArrayForEach(item, json_get(e->data, "fields"))
    {
        const char *id = json_str(item, "field", "");
        const char *message = json_str(item, "message", e->message);
        const struct field *f = field_find(w->entity, id);
        placed = (take_row_fault(w, id, message) ||
                  take_copy_fault(w, id, message) || (f && f->step > 0)) &&
                 placed;
    }
    if (!go_to_fault(w) || !placed)
        app_error(w->screen.app, e);
}
