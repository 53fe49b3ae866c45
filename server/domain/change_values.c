/* What a request wants to change: which fields may be written at all, which
 * only under conditions, and whether the result is a valid record (LIST-02,
 * 6.1.1). */
#include "common/date.h"
#include "common/json.h"
#include "schema/flow.h"
#include "schema/option.h"
#include "schema/search.h"
#include "schema/type.h"
#include "server/db/sql.h"
#include "server/domain/change.h"
#include "server/domain/change_fault.h"
#include "server/domain/column.h"
#include "server/domain/directory.h"
#include "server/domain/record.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

void change_set(struct change *c, int field, const char *value)
{
    const struct field *f = &c->entity->fields[field];
    const char *v = field_is_empty(f, value) ? NULL : value;
    c->after[field] = v;
    c->changed[field] =
        c->kind == CHANGE_create ? v != NULL : !same(v, c->before[field]);
}

bool change_any(const struct change *c)
{
    for (int i = 0; i < c->entity->nfields; i++)
        if (c->changed[i])
            return true;
    return false;
}

/* What a client can write by its nature; F_SECRET and F_HIDDEN are unknown to
 * it. */
static bool is_offered(const struct field *f)
{
    return f && !(f->flags & (F_HIDDEN | F_SECRET));
}

static bool unknown(const char *name, struct err *e)
{
    char path[96];
    snprintf(path, sizeof path, "values.%.80s", name);
    return err_param(e, path, _("a field that you may write"));
}

/* A form may send back what it was shown; only another value is a fault. */
static void refuse_computed(struct change *c, int i, struct faults *faults)
{
    if (!c->changed[i])
        return;
    c->after[i] = c->before[i];
    c->changed[i] = false;
    faults_add(faults, c->entity->fields[i].id, "readonly", "%s",
               _("This is computed and can not be written."));
}

bool change_value(struct arena *a, const struct field *f, const cJSON *item,
                  const char **value, struct faults *faults)
{
    struct err bad = {0};
    bool good = f->type->from_json(f, a, item, value, &bad);
    if (!good)
        faults_add(faults, f->id, json_str(bad.data, "rule", "form"), "%s",
                   bad.message);
    err_clear(&bad);
    return good;
}

const struct field *change_field(const struct change *c, const char *name,
                                 struct err *e)
{
    const struct field *f = field_find(c->entity, name);
    enum level level =
        f ? column_level(c->rights, c->entity, f, true) : LEVEL_HIDDEN;
    if (!is_offered(f) || level == LEVEL_HIDDEN) {
        unknown(name, e);
        return NULL;
    }
    if (level >= LEVEL_WRITE)
        return f;
    record_forbidden(c->entity->edit, e);
    err_data(e, "field", cJSON_CreateString(f->id));
    return NULL;
}

bool change_apply(struct change *c, const cJSON *values, struct faults *f,
                  struct err *e)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, values)
    {
        const struct field *field = change_field(c, item->string, e);
        const char *value = NULL;
        if (!field)
            return false;
        int i = field_index(c->entity, field);
        if (change_value(c->arena, field, item, &value, f))
            change_set(c, i, value);
        if (field->flags & (F_READONLY | F_GENERATED))
            refuse_computed(c, i, f);
    }
    return true;
}

/* --- rules that hang on flags --- */

/* Changing a value that was there before may need more than editing. */
struct condition {
    unsigned flag;
    bool (*holds)(const struct change *c, int field); /* NULL: always */
    const char *action; /* that allows it nevertheless, or NULL */
    const char *text;
};

static bool was_set(const struct change *c, int field)
{
    return c->before[field] != NULL;
}

static enum life life_of(const struct entity *e, const char *const *values)
{
    const struct field *f = field_find(e, "lifecycle");
    const char *code = f ? values[field_index(e, f)] : NULL;
    return code ? life_find(code) : LIFE_NONE;
}

static bool was_contracted(const struct change *c, int field)
{
    return was_set(c, field) &&
           life_reached(life_of(c->entity, c->before), LIFE_contracted);
}

static const struct condition conditions[] = {
    {F_CREATE_ONLY, NULL, NULL,
     N_("This is given when the record is made and not changed here.")},
    {F_TRANSITION, NULL, NULL, N_("This changes by a transition only.")},
    {F_PROPOSAL, was_set, NULL,
     N_("This changes by a proposal that is approved.")},
    {F_ASSIGN, was_set, "customer.assign",
     N_("Assigning somebody else needs the right to assign.")},
    {F_CONTRACT, was_contracted, "customer.assign",
     N_("Once contracted, only a manager changes this.")},
};
#define CONDITIONS (sizeof conditions / sizeof *conditions)

/* Own procedures are told as faults of the field; rights as forbidden. */
static bool check_condition(struct change *c, int field,
                            const struct condition *k, struct faults *f,
                            struct err *e)
{
    const struct field *row = &c->entity->fields[field];
    if (!(row->flags & k->flag) || (k->holds && !k->holds(c, field)))
        return true;
    if (!k->action) {
        faults_add(f, row->id, "readonly", "%s", _(k->text));
        return true;
    }
    if (change_allowed(c, k->action, e))
        return true;
    err_clear(e);
    err_set(e, ERR_forbidden, "%s: %s", _(row->label), _(k->text));
    err_data(e, "action", cJSON_CreateString(k->action));
    err_data(e, "field", cJSON_CreateString(row->id));
    return false;
}

/* --- the record's rules --- */

/* A value that is not offered any more can stay, but not be chosen. */
struct live_names {
    const struct change *change;
    struct names all;
};

static const char *live_option(void *ctx, const char *list, const char *code)
{
    const struct live_names *n = ctx;
    const struct directory_option *o =
        directory_option(n->change->names, list, code);
    return o && !o->disabled ? o->zh : NULL;
}

static const char *live_ref(void *ctx, const char *entity, int64_t id)
{
    const struct live_names *n = ctx;
    return n->all.ref(n->all.ctx, entity, id);
}

static void check_record(struct change *c, struct faults *f)
{
    struct live_names live = {c, directory_names(c->names, c->request->lang)};
    struct names names = {.option = live_option, .ref = live_ref, .ctx = &live};
    struct record_check check = {
        .entity = c->entity,
        .values = c->after,
        .changed = c->kind == CHANGE_create ? NULL : c->changed,
        .today = date_today(),
        .life = life_of(c->entity, c->after),
        .names = &names,
    };
    validate_record(&check, f);
}

/* --- unique names --- */

/* Folded, without the trash: the unique index decides in the end, but all
 * faults are to be told at once. */
static bool check_unique(struct change *c, int field, struct faults *f,
                         struct err *e)
{
    const struct field *row = &c->entity->fields[field];
    bool keyed = field_find(c->entity, "name_key") != NULL;
    struct sql s;
    sql_init(&s, c->arena);
    sql_addf(&s, "SELECT 1 FROM %s WHERE ", c->entity->table);
    if (keyed) {
        sql_add(&s, "name_key = ");
        sql_value(&s, search_name_key(c->arena, c->after[field]), "text");
    } else {
        sql_addf(&s, "lower(%s) = lower(", row->id);
        sql_value(&s, c->after[field], "text");
        sql_add(&s, ")");
    }
    if (c->entity->flags & E_TRASH)
        sql_add(&s, " AND deleted_at IS NULL");
    sql_add(&s, " AND id <> ");
    sql_int(&s, c->id);
    sql_add(&s, " LIMIT 1");
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(c->conn, &q, e);
    sql_free(&s);
    if (!res)
        return false;
    if (PQntuples(res) > 0)
        faults_add(f, row->id, "unique", "%s", change_fault_text("unique"));
    PQclear(res);
    return true;
}

/* --- states that follow each other by a table --- */

/* "Analysing, Closed": what may come next. */
static const char *next_states(struct change *c, const char *list,
                               const char *from, const struct names *names)
{
    struct buf text = BUF_INIT;
    for (int i = 0; i < flow_row_count; i++) {
        const struct flow_row *row = &flow_rows[i];
        if (strcmp(row->list, list) != 0 || strcmp(row->from, from) != 0)
            continue;
        const char *label = names->option(names->ctx, list, row->to);
        buf_printf(&text, "%s%s", text.len ? _(", ") : "",
                   label ? label : row->to);
    }
    const char *out = arena_strdup(c->arena, buf_text(&text));
    buf_free(&text);
    return out;
}

static void check_flows(struct change *c, struct faults *f)
{
    struct names names = directory_names(c->names, c->request->lang);
    for (int i = 0; i < c->entity->nfields; i++) {
        const struct field *row = &c->entity->fields[i];
        const char *from = c->before[i], *to = c->after[i];
        if (c->kind != CHANGE_update || !c->changed[i] || !from || !to ||
            !flow_rules(row->options) || flow_may(row->options, from, to))
            continue;
        const char *label = names.option(names.ctx, row->options, from);
        faults_add(f, row->id, "order", _("After “%s” comes one of: %s."),
                   label ? label : from,
                   next_states(c, row->options, from, &names));
    }
}

bool change_check_flags(struct change *c, struct faults *f, struct err *e)
{
    if (c->kind == CHANGE_create)
        return true;
    for (int i = 0; i < c->entity->nfields; i++) {
        bool ours = c->entity->fields[i].flags & (F_HIDDEN | F_SECRET);
        for (size_t k = 0; c->changed[i] && !ours && k < CONDITIONS; k++)
            if (!check_condition(c, i, &conditions[k], f, e))
                return false;
    }
    return true;
}

bool change_check(struct change *c, struct faults *f, struct err *e)
{
    const struct entity *entity = c->entity;
    f->entity = entity;
    check_record(c, f);
    check_flows(c, f);
    for (int i = 0; i < entity->nfields; i++)
        if (entity->fields[i].flags & F_UNIQUE && c->changed[i] &&
            c->after[i] && !check_unique(c, i, f, e))
            return false;
    return true;
}
