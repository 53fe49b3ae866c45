/* The rules of a record: those of its rows and types, and rule.def for those
 * between two fields. */
#include "schema/validate.h"
#include "common/date.h"
#include "common/json.h"
#include "common/utf8.h"
#include "schema/option.h"
#include "schema/type_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a rule of rule.def is about: the record, the blamed field and the one
 * it is compared with. */
struct pair {
    const struct record_check *check;
    const struct field *field, *other;
    const char *value, *other_value;
};

typedef void pair_fn(const struct pair *p, struct faults *out);

static bool read_days(const char *value, int32_t *days)
{
    return value != NULL && date_parse_iso(value, strlen(value), days);
}

static void rule_NOT_AFTER_TODAY(const struct pair *p, struct faults *out)
{
    int32_t days;
    if (read_days(p->value, &days) && days > p->check->today)
        faults_add(out, p->field->id, "order",
                   _("%s can not lie in the future."), _(p->field->label));
}

static void rule_NOT_BEFORE(const struct pair *p, struct faults *out)
{
    int32_t days, first;
    if (read_days(p->value, &days) && read_days(p->other_value, &first) &&
        days < first)
        faults_add(out, p->field->id, "order", _("%s can not be before %s."),
                   _(p->field->label), _(p->other->label));
}

static void rule_REQUIRED_IF(const struct pair *p, struct faults *out)
{
    bool needed = p->other_value != NULL && strcmp(p->other_value, "t") == 0;
    if (needed && field_is_empty(p->field, p->value))
        faults_add(out, p->field->id, "required",
                   _("%s is required where “%s” is yes."), _(p->field->label),
                   _(p->other->label));
}

static const struct rule {
    const struct entity *entity;
    pair_fn *judge;
    const char *field, *other;
} rules[] = {
#define RULE(e, kind, blamed, with) {&entity_##e, rule_##kind, #blamed, #with},
#include "schema/rule.def"
#undef RULE
};

static bool is_changed(const struct record_check *c, int index)
{
    return c->changed == NULL || c->changed[index];
}

/* A field whose rule must hold from a state on is looked at again when the
 * record moves to another state. */
static bool life_changed(const struct record_check *c)
{
    const struct field *f = field_find(c->entity, "lifecycle");
    return f != NULL && is_changed(c, field_index(c->entity, f));
}

static void check_required(const struct record_check *c, const struct field *f,
                           const char *value, struct faults *out)
{
    enum life now = c->life == LIFE_NONE ? LIFE_potential : c->life;
    if (!(f->flags & F_REQUIRED) || !field_is_empty(f, value) ||
        !life_reached(now, f->required_from))
        return;
    if (f->required_from == LIFE_NONE)
        faults_add(out, f->id, "required", _("%s is required."), _(f->label));
    else
        faults_add(out, f->id, "required",
                   _("%s is required in the state “%s”."), _(f->label),
                   _(life_label(now)));
}

static bool knows(const struct record_check *c, const struct field *f,
                  const char *item)
{
    const struct names *names = c->names;
    if (f->options != NULL && names->option != NULL) {
        const struct option_list *list = option_list_find(f->options);
        return (list != NULL && list->free_text) ||
               names->option(names->ctx, f->options, item) != NULL;
    }
    const struct entity *to = f->ref == NULL ? NULL : entity_find(f->ref);
    if (to != NULL && (to->flags & E_CACHED) && names->ref != NULL)
        return names->ref(names->ctx, f->ref, strtoll(item, NULL, 10)) != NULL;
    return true;
}

/* The codes and ids of a value, one after the other, whether it is a list or
 * not. */
static void check_names(const struct record_check *c, const struct field *f,
                        const char *value, struct faults *out)
{
    struct buf scratch = BUF_INIT;
    const char *at = f->type->list ? value : "", *item = value;
    size_t len;
    bool good = f->type->list || knows(c, f, value);
    while (good && list_next(&at, &scratch, &item, &len))
        good = knows(c, f, item);
    if (!good && f->options != NULL)
        faults_add(out, f->id, "option",
                   _("“%s” is not in the list. Choose one of its values."),
                   item);
    else if (!good)
        faults_add(out, f->id, "reference",
                   _("There is no record number %s any more."), item);
    buf_free(&scratch);
}

static void check_value(const struct record_check *c, const struct field *f,
                        const char *value, struct faults *out)
{
    struct err e = {0};
    if (f->flags & (F_HIDDEN | F_GENERATED) || field_is_empty(f, value))
        return;
    if (!f->type->check(f, value, &e))
        faults_add(out, f->id, json_str(e.data, "rule", "form"), "%s",
                   e.message);
    else if (c->names != NULL)
        check_names(c, f, value, out);
    err_clear(&e);
}

/* The rules that `index` takes part in; -1: those of all changed fields. */
static void check_pairs(const struct record_check *c, int index,
                        struct faults *out)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].entity != c->entity)
            continue;
        const struct field *f = field_find(c->entity, rules[i].field);
        const struct field *other = field_find(c->entity, rules[i].other);
        int a = field_index(c->entity, f), b = field_index(c->entity, other);
        bool concerned = index == -1 ? is_changed(c, a) || is_changed(c, b)
                                     : index == a || index == b;
        struct pair p = {c, f, other, c->values[a], c->values[b]};
        if (concerned)
            rules[i].judge(&p, out);
    }
}

bool validate_record(const struct record_check *c, struct faults *out)
{
    bool moved = life_changed(c);
    int before = out->n;
    out->entity = c->entity;
    for (int i = 0; i < c->entity->nfields; i++) {
        const struct field *f = &c->entity->fields[i];
        bool looked_at = is_changed(c, i);
        if (looked_at || moved)
            check_required(c, f, c->values[i], out);
        if (looked_at)
            check_value(c, f, c->values[i], out);
    }
    check_pairs(c, -1, out);
    return out->n == before;
}

bool validate_field(const struct record_check *c, int index, struct faults *out)
{
    const struct field *f = &c->entity->fields[index];
    int before = out->n;
    out->entity = c->entity;
    check_required(c, f, c->values[index], out);
    check_value(c, f, c->values[index], out);
    check_pairs(c, index, out);
    return out->n == before;
}

bool validate_looks_at(const struct entity *e, const bool *changed, int index)
{
    const struct field *f = &e->fields[index];
    const struct record_check c = {.entity = e, .changed = changed};
    bool looks = changed[index] || strcmp(f->id, "lifecycle") == 0 ||
                 (f->flags & F_REQUIRED && life_changed(&c));
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && !looks; i++) {
        if (rules[i].entity != e)
            continue;
        int a = field_index(e, field_find(e, rules[i].field));
        int b = field_index(e, field_find(e, rules[i].other));
        looks = (index == a && changed[b]) || (index == b && changed[a]);
    }
    return looks;
}

void faults_add(struct faults *f, const char *field, const char *rule,
                const char *fmt, ...)
{
    if (f->n == FAULTS_MAX)
        return;
    struct fault *to = &f->at[f->n++];
    to->field = field;
    to->rule = rule;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(to->message, sizeof(to->message), fmt, ap);
    va_end(ap);
    size_t n = strlen(to->message);
    while (n > 0 && !utf8_valid(to->message, n)) /* cut inside a character */
        to->message[--n] = '\0';
}

static const char *label_of(const struct faults *f, const char *id)
{
    const struct field *field =
        f->entity == NULL ? NULL : field_find(f->entity, id);
    return field == NULL ? id : _(field->label);
}

bool faults_err(const struct faults *f, struct err *e)
{
    if (f->n == 0)
        return true;
    const struct fault *first = &f->at[0];
    if (f->n == 1)
        err_set(e, ERR_invalid, _("%s: %s"), label_of(f, first->field),
                first->message);
    else
        err_set(e, ERR_invalid, _("%s: %s (and %d more)"),
                label_of(f, first->field), first->message, f->n - 1);
    cJSON *fields = cJSON_CreateArray();
    for (int i = 0; i < f->n; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "field", f->at[i].field);
        cJSON_AddStringToObject(one, "rule", f->at[i].rule);
        cJSON_AddStringToObject(one, "message", f->at[i].message);
        cJSON_AddItemToArray(fields, one);
    }
    err_data(e, "fields", fields);
    return false;
}
