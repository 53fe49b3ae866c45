/* What can be done to many customers at once: one row an action, how it reads
 * what is wanted and how it sets that in a row. */
#include "common/date.h"
#include "common/json.h"
#include "common/mem.h"
#include "schema/type.h"
#include "server/domain/bulk.h"
#include "server/domain/directory.h"
#include "server/domain/scope.h"
#include "server/domain/transition.h"

#include <inttypes.h>
#include <string.h>

/* --- values by field --- */

/* Every move has its reason; whoever only looks may still lack it. */
static bool read_move(struct bulk *b, const char *value, struct faults *f,
                      struct err *e)
{
    const cJSON *reason = json_get(b->main.params, "reason");
    b->to = value ? life_find(value) : LIFE_NONE;
    if (!b->to)
        return err_param(e, "values.lifecycle", _("a state of the life cycle"));
    if (!b->job.preview || reason)
        b->reason = transition_reason(b->request->arena, reason, f);
    return true;
}

static bool read_field(struct bulk *b, const cJSON *item, unsigned flags,
                       struct faults *f, struct err *e)
{
    char path[96];
    const struct field *field = field_find(&entity_customer, item->string);
    if (!field || !(field->flags & flags)) {
        snprintf(path, sizeof path, "values.%.80s", item->string);
        return err_param(e, path,
                         _("a field that this action changes in many records"));
    }
    field = change_field(&b->main, item->string, e);
    if (!field)
        return false;
    const char *value = NULL;
    bool good = change_value(b->request->arena, field, item, &value, f);
    if (good && field->flags & F_TRANSITION)
        return read_move(b, value, f, e);
    if (good) {
        b->field[b->n] = field_index(&entity_customer, field);
        b->value[b->n++] = value;
    }
    return true;
}

static bool read_fields(struct bulk *b, const cJSON *values, unsigned flags,
                        struct faults *f, struct err *e)
{
    const cJSON *item;
    if (cJSON_GetArraySize(values) == 0)
        return err_param(e, "values", _("values by field"));
    cJSON_ArrayForEach(item, values)
    {
        if (!read_field(b, item, flags, f, e))
            return false;
    }
    return true;
}

static bool read_update(struct bulk *b, const cJSON *values, struct faults *f,
                        struct err *e)
{
    return read_fields(b, values, F_BULK | F_TRANSITION | F_PROPOSAL, f, e);
}

static bool read_assign(struct bulk *b, const cJSON *values, struct faults *f,
                        struct err *e)
{
    return read_fields(b, values, F_ASSIGN, f, e);
}

/* A grade that is set has a procedure of its own; that is no matter of right
 * or wrong values. */
static bool check_proposal(const struct change *row, int i, struct err *e)
{
    const struct field *f = &entity_customer.fields[i];
    if (!(f->flags & F_PROPOSAL) || !row->changed[i] || !row->before[i])
        return true;
    return err_set(e, ERR_forbidden, _("%s: %s"), _(f->label),
                   _("This changes by a proposal that is approved."));
}

static bool apply_fields(struct bulk *b, struct change *row, struct faults *f,
                         struct err *e)
{
    for (int i = 0; i < b->n; i++) {
        change_set(row, b->field[i], b->value[i]);
        if (!check_proposal(row, b->field[i], e))
            return false;
    }
    return change_check_flags(row, f, e) &&
           (!b->to || transition_apply(row, b->to, b->reason, f, e));
}

/* --- tags --- */

static bool read_tags(struct bulk *b, const cJSON *list, const char *path,
                      const char ***out, size_t *n, struct err *e)
{
    const cJSON *item;
    int most = (int)entity_customer.fields[CUSTOMER_tags].max;
    if (list && (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > most))
        return err_param(e, path, _("a list of 30 tags at most"));
    *out = arena_array(b->request->arena, (size_t)most + 1, sizeof **out);
    cJSON_ArrayForEach(item, list)
    {
        int64_t id;
        if (!json_is_int(item, &id) || id < 1)
            return err_param(e, path, _("a list of 30 tags at most"));
        (*out)[(*n)++] = arena_printf(b->request->arena, "%" PRId64, id);
    }
    return true;
}

static bool read_tag(struct bulk *b, const cJSON *values, struct faults *f,
                     struct err *e)
{
    struct arena *a = b->request->arena;
    if (!change_field(&b->main, "tags", e) ||
        !read_tags(b, json_get(values, "add"), "values.add", &b->add, &b->nadd,
                   e) ||
        !read_tags(b, json_get(values, "remove"), "values.remove", &b->remove,
                   &b->nremove, e))
        return false;
    if (b->nadd + b->nremove == 0)
        return err_param(e, "values",
                         _("{\"add\": […], \"remove\": […]} with ids of tags"));
    (void)f;
    b->n = 1;
    b->field[0] = CUSTOMER_tags;
    b->value[0] = list_join(a, b->add, b->nadd);
    return true;
}

static bool among(const char *item, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], item) == 0)
            return true;
    return false;
}

static bool apply_tag(struct bulk *b, struct change *row, struct faults *f,
                      struct err *e)
{
    const char **old = NULL;
    size_t nold = 0, n = 0;
    const char *now = row->before[CUSTOMER_tags];
    if (now && !list_split(row->arena, now, &old, &nold))
        nold = 0;
    const char **tags =
        arena_array(row->arena, nold + b->nadd + 1, sizeof *tags);
    for (size_t i = 0; i < nold; i++)
        if (!among(old[i], b->remove, b->nremove))
            tags[n++] = old[i];
    for (size_t i = 0; i < b->nadd; i++)
        if (!among(b->add[i], tags, n))
            tags[n++] = b->add[i];
    change_set(row, CUSTOMER_tags, list_join(row->arena, tags, n));
    return change_check_flags(row, f, e);
}

/* --- notes --- */

/* The paragraph opens with the day and who wrote it. */
static bool read_note(struct bulk *b, const cJSON *values, struct faults *f,
                      struct err *e)
{
    char day[DATE_LEN];
    struct arena *a = b->request->arena;
    const struct field *field = change_field(&b->main, "internal_notes", e);
    const struct directory_user *me =
        directory_user(b->main.names, b->main.rights->user_id);
    const cJSON *item = json_get(values, "text");
    const char *text = NULL;
    if (!field)
        return false;
    if (!cJSON_IsString(item))
        return err_param(e, "values.text", _("the text of the note"));
    if (!change_value(a, field, item, &text, f))
        return true;
    if (!text || text[strspn(text, " \t\n")] == '\0')
        return err_param(e, "values.text", _("the text of the note"));
    date_format(date_today(), day);
    b->n = 1;
    b->field[0] = CUSTOMER_internal_notes;
    b->value[0] = arena_printf(a, "%s %s: %s", day, me ? me->name : "", text);
    return true;
}

/* A blank line makes it a paragraph; nothing that is there is cut. */
static bool apply_note(struct bulk *b, struct change *row, struct faults *f,
                       struct err *e)
{
    const char *old = row->before[CUSTOMER_internal_notes];
    change_set(row, CUSTOMER_internal_notes,
               old ? arena_printf(row->arena, "%s\n\n%s", old, b->value[0])
                   : b->value[0]);
    return change_check_flags(row, f, e);
}

/* --- to the trash --- */

static bool read_delete(struct bulk *b, const cJSON *values, struct faults *f,
                        struct err *e)
{
    (void)b, (void)f;
    return cJSON_GetArraySize(values) == 0 ||
           err_param(e, "values", _("nothing: a deletion takes no values"));
}

static bool apply_delete(struct bulk *b, struct change *row, struct faults *f,
                         struct err *e)
{
    (void)b, (void)row, (void)f, (void)e;
    return true;
}

/* --- the table --- */

static const struct bulk_action actions[] = {
    {"update", "customer.edit", CHANGE_update, CHANGE_update, read_update,
     apply_fields},
    {"assign", "customer.assign", CHANGE_update, CHANGE_update, read_assign,
     apply_fields},
    {"tag", "customer.edit", CHANGE_update, CHANGE_update, read_tag, apply_tag},
    {"note", "customer.edit", CHANGE_update, CHANGE_update, read_note,
     apply_note},
    {"delete", "customer.delete", CHANGE_delete, CHANGE_restore, read_delete,
     apply_delete},
};
#define ACTION_ROWS (sizeof actions / sizeof *actions)

const struct bulk_action *bulk_action_find(const char *id)
{
    for (size_t i = 0; i < ACTION_ROWS; i++)
        if (strcmp(actions[i].id, id) == 0)
            return &actions[i];
    return NULL;
}

/* A value that is wrong by itself would fail row by row, all of them. */
static bool check_alone(struct bulk *b, struct faults *f, struct err *e)
{
    struct change probe;
    change_beside(&probe, &b->main, &entity_customer, CHANGE_update);
    probe.before =
        arena_array(probe.arena, CUSTOMER_FIELDS, sizeof *probe.before);
    for (int i = 0; i < b->n; i++)
        change_set(&probe, b->field[i], b->value[i]);
    return change_check(&probe, f, e) && faults_err(f, e);
}

bool *bulk_scope_fields(const struct bulk *b)
{
    const struct entity *e = &entity_customer;
    bool *wanted = arena_array(b->main.arena, CUSTOMER_FIELDS, sizeof *wanted);
    for (int i = 0; i < SCOPE_COLUMNS; i++)
        wanted[field_index(e, field_find(e, scope_columns[i]))] = true;
    return wanted;
}

/* Whatever a verdict hangs on, and the fields a scope looks at; the others
 * would cost as much as the rest of the reading. */
static const bool *choose_fields(const struct bulk *b)
{
    const struct entity *e = &entity_customer;
    struct arena *a = b->request->arena;
    bool *changed = arena_array(a, CUSTOMER_FIELDS, sizeof *changed);
    bool *wanted = bulk_scope_fields(b);
    for (int i = 0; i < b->n; i++)
        changed[b->field[i]] = true;
    changed[CUSTOMER_lifecycle] = b->to != LIFE_NONE;
    for (int i = 0; i < e->nfields; i++)
        wanted[i] = wanted[i] || validate_looks_at(e, changed, i);
    return wanted;
}

bool bulk_read(struct bulk *b, struct err *e)
{
    const cJSON *params = b->main.params;
    const cJSON *values = json_get(params, "values");
    struct faults f = {.n = 0};
    b->action = bulk_action_find(json_str(params, "action", ""));
    if (!b->action)
        return err_param(e, "action",
                         _("one of update, assign, tag, note, delete"));
    if (!b->action->read(b, cJSON_IsNull(values) ? NULL : values, &f, e) ||
        !check_alone(b, &f, e))
        return false;
    b->right = b->to && b->n == 0 ? "status.change" : b->action->right;
    b->wanted = choose_fields(b);
    return true;
}
