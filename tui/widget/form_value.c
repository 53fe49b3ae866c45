/* The values of a form: from the wire and back, what may be changed, what is
 * wrong with them. */
#include "tui/widget/form_impl.h"

#include "common/date.h"
#include "common/json.h"
#include "schema/option.h"

#include <stdio.h>
#include <string.h>

static const char *option_text(void *ctx, const char *list, const char *code)
{
    (void)ctx;
    const struct option_row *row = option_find(list, code);
    return row != NULL ? option_label(row, i18n_lang()) : NULL;
}

/* Without a daemon the options are those the program was built with. */
struct names form_names(const struct form *f)
{
    struct remote *r = app_remote(f->app);
    if (r != NULL)
        return remote_names(r);
    return (struct names){.option = option_text};
}

const struct field *form_field(const struct form *f, int index)
{
    return &f->entity->fields[index];
}

int form_level(const struct form *f, int index)
{
    const struct field *field = form_field(f, index);
    if (f->o.level != NULL)
        return f->o.level(f->o.ctx, field);
    struct remote *r = app_remote(f->app);
    return r != NULL ? remote_level(r, field) : LEVEL_WRITE;
}

const char *form_refusal(const struct form *f, int index)
{
    const struct field *field = form_field(f, index);
    bool creating = f->o.creating, empty = f->cell[index].loaded == NULL;
    const struct {
        bool refused;
        const char *why;
    } rules[] = {
        {f->cell[index].masked || form_level(f, index) == LEVEL_MASKED,
         N_("This value is masked for you, so it can not be changed.")},
        {form_level(f, index) < LEVEL_WRITE,
         N_("You may read this value but not change it.")},
        {(field->flags & (F_READONLY | F_GENERATED)) != 0 ||
             field->type->editor == EDITOR_none,
         N_("The system fills this in by itself.")},
        {(field->flags & F_CREATE_ONLY) != 0 && !creating,
         N_("This was given when the record was made and stays.")},
        {(field->flags & F_TRANSITION) != 0 && !creating,
         N_("This changes by a step of the life cycle only.")},
        {(field->flags & F_PROPOSAL) != 0 && !creating && !empty,
         N_("This changes by a proposal that is approved.")},
    };
    for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
        if (rules[i].refused)
            return _(rules[i].why);
    return NULL;
}

const char *form_text(const struct form *f, int index, struct arena *a)
{
    const struct form_cell *c = &f->cell[index];
    const struct field *field = form_field(f, index);
    struct names names = form_names(f);
    if (c->typed != NULL)
        return c->typed;
    if (c->value == NULL)
        return "";
    return c->masked ? c->value
                     : field->type->format(field, a, c->value, &names);
}

static bool same(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a, b) == 0;
}

bool form_changed(const struct form *f, int index)
{
    const struct form_cell *c = &f->cell[index];
    return c->typed != NULL || !same(c->loaded, c->value);
}

void form_set_value(struct form *f, int index, const char *value)
{
    struct form_cell *c = &f->cell[index];
    bool empty = value == NULL || *value == '\0';
    c->value = empty ? NULL : arena_strdup(f->arena, value);
    c->typed = NULL;
    f->laid_w = 0;
}

/* --- faults --- */

const struct fault *form_fault(const struct form *f, int index)
{
    const char *id = form_field(f, index)->id;
    for (int i = 0; i < f->faults.n; i++)
        if (strcmp(f->faults.at[i].field, id) == 0)
            return &f->faults.at[i];
    return NULL;
}

void form_drop_faults(struct form *f, int index)
{
    const char *id = form_field(f, index)->id;
    int kept = 0;
    for (int i = 0; i < f->faults.n; i++)
        if (strcmp(f->faults.at[i].field, id) != 0)
            f->faults.at[kept++] = f->faults.at[i];
    f->faults.n = kept;
    f->laid_w = 0;
}

void form_add_fault(struct form *f, int index, const char *message)
{
    faults_add(&f->faults, form_field(f, index)->id, "form", "%s", message);
    f->laid_w = 0;
}

static enum life life_of(const struct form *f)
{
    for (int i = 0; i < f->entity->nfields; i++)
        if ((form_field(f, i)->flags & F_TRANSITION) != 0 &&
            f->cell[i].value != NULL)
            return life_find(f->cell[i].value);
    return LIFE_NONE;
}

bool form_required(const struct form *f, int index)
{
    const struct field *field = form_field(f, index);
    bool now = field->required_from == LIFE_NONE ||
               life_reached(life_of(f), field->required_from);
    return (field->flags & F_REQUIRED) != 0 && now &&
           form_refusal(f, index) == NULL;
}

static struct record_check check_of(struct form *f)
{
    for (int i = 0; i < f->entity->nfields; i++) {
        f->values[i] = f->cell[i].value;
        f->changed[i] = form_changed(f, i);
    }
    return (struct record_check){.entity = f->entity,
                                 .values = f->values,
                                 .changed = f->o.creating ? NULL : f->changed,
                                 .today = date_today(),
                                 .life = life_of(f)};
}

static bool is_shown(const struct form *f, int index)
{
    for (int i = 0; i < f->n; i++)
        if (f->order[i] == index)
            return true;
    return false;
}

/* A masked value is not one that can be judged; nor one that this form
 * neither shows nor changed (its owner adds it: the customer of a contact). */
static bool may_judge(const struct form *f, const char *id, bool all)
{
    const struct field *field = field_find(f->entity, id);
    int index = field != NULL ? field_index(f->entity, field) : -1;
    return index >= 0 && !f->cell[index].masked &&
           form_refusal(f, index) == NULL &&
           (all || is_shown(f, index) || form_changed(f, index));
}

static void take_faults(struct form *f, const struct faults *found, bool all)
{
    for (int i = 0; i < found->n; i++) {
        const struct fault *at = &found->at[i];
        if (may_judge(f, at->field, all) && f->faults.n < FAULTS_MAX)
            f->faults.at[f->faults.n++] = *at;
    }
    f->laid_w = 0;
}

void form_check_field(struct form *f, int index)
{
    struct faults *found = x_calloc(1, sizeof(*found));
    struct record_check check = check_of(f);
    form_drop_faults(f, index);
    validate_field(&check, index, found);
    /* A rule of two fields may blame the other one, again and again. */
    for (int i = 0; i < found->n; i++) {
        const struct field *at = field_find(f->entity, found->at[i].field);
        if (at != NULL)
            form_drop_faults(f, field_index(f->entity, at));
    }
    take_faults(f, found, false);
    x_free(&found);
}

static void judge_typed(struct form *f)
{
    for (int i = 0; i < f->entity->nfields; i++)
        if (f->cell[i].typed != NULL && form_fault(f, i) == NULL)
            form_add_fault(f, i, _("This can not be read."));
}

/* The field of the first fault that is shown, in the order of the form. */
static int first_fault(const struct form *f)
{
    for (int i = 0; i < f->n; i++)
        if (form_fault(f, f->order[i]) != NULL)
            return i;
    return -1;
}

/* Every field anew, those included that another tab or step shows. */
static void check_record(struct form *f, bool all)
{
    struct faults *found = x_calloc(1, sizeof(*found));
    struct record_check check = check_of(f);
    for (int i = 0; i < f->entity->nfields; i++)
        if (f->cell[i].typed == NULL)
            form_drop_faults(f, i);
    validate_record(&check, found);
    take_faults(f, found, all);
    judge_typed(f);
    x_free(&found);
}

const struct field *form_check_all(struct form *f)
{
    editor_close(f);
    check_record(f, true);
    editor_open(f);
    for (int i = 0; i < f->entity->nfields; i++)
        if (form_fault(f, i) != NULL)
            return form_field(f, i);
    return NULL;
}

bool form_check(struct form *f)
{
    editor_close(f);
    check_record(f, false);
    int first = first_fault(f);
    if (first >= 0)
        form_move(f, first);
    else
        editor_open(f);
    /* What is wrong in another part of the record stands under no field. */
    if (first < 0 && f->faults.n > 0)
        app_message(f->app, MESSAGE_error, "%s: %s",
                    _(field_find(f->entity, f->faults.at[0].field)->label),
                    f->faults.at[0].message);
    return f->faults.n == 0;
}

bool form_faults(struct form *f, const struct err *e)
{
    const cJSON *list = json_get(e->data, "fields"), *item;
    bool all = cJSON_IsArray(list) && cJSON_GetArraySize(list) > 0;
    editor_close(f);
    cJSON_ArrayForEach(item, list)
    {
        const char *id = json_str(item, "field", "");
        const struct field *field = field_find(f->entity, id);
        if (field == NULL) {
            all = false;
            continue;
        }
        form_drop_faults(f, field_index(f->entity, field));
        faults_add(&f->faults, field->id, "form", "%s",
                   json_str(item, "message", e->message));
    }
    f->laid_w = 0;
    int first = first_fault(f);
    if (first >= 0)
        form_move(f, first);
    else
        editor_open(f);
    return all && first >= 0;
}

/* --- the wire --- */

/* [id,"name"] becomes the id, and the name is remembered for showing. */
static cJSON *learn(const struct form *f, const struct field *field,
                    const cJSON *pair)
{
    const cJSON *id = cJSON_GetArrayItem(pair, 0);
    const cJSON *name = cJSON_GetArrayItem(pair, 1);
    struct remote *r = app_remote(f->app);
    int64_t n;
    if (r != NULL && json_is_int(id, &n) && cJSON_IsString(name))
        remote_learn(r, field->ref, n, name->valuestring);
    return cJSON_Duplicate(id, false);
}

/* A reference as it is read → as it is written. The caller owns it. */
static cJSON *plain_refs(const struct form *f, const struct field *field,
                         const cJSON *item)
{
    if (!field->type->list)
        return learn(f, field, item);
    cJSON *ids = cJSON_CreateArray();
    const cJSON *one;
    cJSON_ArrayForEach(one, item)
    {
        cJSON_AddItemToArray(ids, cJSON_IsArray(one)
                                      ? learn(f, field, one)
                                      : cJSON_Duplicate(one, false));
    }
    return ids;
}

static const char *read_value(struct form *f, int index, const cJSON *item)
{
    const struct field *field = form_field(f, index);
    const char *out = NULL;
    struct err e = {0};
    cJSON *refs = field->ref != NULL && cJSON_IsArray(item)
                      ? plain_refs(f, field, item)
                      : NULL;
    /* What an older or newer daemon sends otherwise is shown as empty. */
    if (!field->type->from_json(field, f->arena, refs != NULL ? refs : item,
                                &out, &e))
        out = NULL;
    err_clear(&e);
    cJSON_Delete(refs);
    return out;
}

bool form_from_json(struct form *f, int index, const cJSON *item,
                    const char **out)
{
    const struct field *field = form_field(f, index);
    struct err e = {0};
    bool ok = field->type->from_json(field, f->arena, item, out, &e);
    err_clear(&e);
    return ok;
}

cJSON *form_json(const struct form *f, int index, const char *value)
{
    const struct field *field = form_field(f, index);
    struct buf json = BUF_INIT;
    if (value == NULL)
        return cJSON_CreateNull();
    field->type->to_json(field, value, strlen(value), NULL, &json);
    cJSON *item = cJSON_Parse(buf_text(&json));
    buf_free(&json);
    return item;
}

void form_read(struct form *f, const cJSON *record, const char **out,
               bool *masked)
{
    for (int i = 0; i < f->entity->nfields; i++) {
        const cJSON *item = json_get(record, form_field(f, i)->id);
        masked[i] = form_level(f, i) == LEVEL_MASKED && cJSON_IsString(item);
        out[i] = NULL;
        if (item == NULL || cJSON_IsNull(item))
            continue;
        out[i] = masked[i] ? arena_strdup(f->arena, item->valuestring)
                           : read_value(f, i, item);
    }
}

static cJSON *read_changes(struct form *f, bool loaded)
{
    cJSON *values = cJSON_CreateObject();
    editor_close(f);
    for (int i = 0; i < f->entity->nfields; i++) {
        const struct form_cell *c = &f->cell[i];
        const struct field *field = form_field(f, i);
        bool wanted = f->o.creating ? c->value != NULL : form_changed(f, i);
        if (!wanted || form_refusal(f, i) != NULL)
            continue;
        cJSON_AddItemToObject(values, field->id,
                              form_json(f, i, loaded ? c->loaded : c->value));
    }
    editor_open(f);
    return values;
}

cJSON *form_changes(struct form *f)
{
    return read_changes(f, false);
}

cJSON *form_originals(struct form *f)
{
    return read_changes(f, true);
}
