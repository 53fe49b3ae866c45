/* Undoing a bulk change: the old values come from the log of its operation,
 * and go back row by row where nobody has changed the row since. They were
 * valid once, so only the database's own rules are asked. */
#include "common/json.h"
#include "common/mem.h"
#include "schema/type.h"
#include "server/db/sql.h"
#include "server/domain/bulk.h"

/* By the index of records: an operation has as many rows as its set. */
static PGresult *read_log(struct bulk *b, struct err *e)
{
    int64_t *ids = arena_array(b->arena, BULK_BATCH, sizeof *ids);
    struct sql s;
    for (int i = 0; i < b->nrows; i++)
        ids[i] = b->rows[i].id;
    sql_init(&s, b->arena);
    sql_add(&s, "SELECT record_id, before FROM audit WHERE entity = ");
    sql_value(&s, entity_customer.id, "text");
    sql_add(&s, " AND record_id = ANY(");
    sql_ints(&s, ids, b->nrows);
    sql_add(&s, ") AND operation_id IS NOT DISTINCT FROM (SELECT operation_id"
                " FROM bulk_job WHERE id = ");
    sql_int(&s, b->job.undoes);
    sql_add(&s, ") ORDER BY record_id, id DESC");
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(b->conn, &q, e);
    sql_free(&s);
    return res;
}

void bulk_undo_apply(struct change *c, const char *text)
{
    cJSON *before = text ? cJSON_Parse(text) : NULL;
    const cJSON *old;
    cJSON_ArrayForEach(old, before)
    {
        const struct field *f = field_find(&entity_customer, old->string);
        const char *value = NULL;
        struct err bad = {0};
        if (f && (cJSON_IsNull(old) ||
                  f->type->from_json(f, c->arena, old, &value, &bad)))
            change_set(c, field_index(&entity_customer, f), value);
        err_clear(&bad);
    }
    cJSON_Delete(before);
}

static void want(bool *wanted, const char *text)
{
    cJSON *before = cJSON_Parse(text);
    const cJSON *old;
    cJSON_ArrayForEach(old, before)
    {
        const struct field *f = field_find(&entity_customer, old->string);
        if (f)
            wanted[field_index(&entity_customer, f)] = true;
    }
    cJSON_Delete(before);
}

bool bulk_undo_read(struct bulk *b, struct err *e)
{
    PGresult *res = read_log(b, e);
    if (!res)
        return false;
    bool *wanted = bulk_scope_fields(b);
    for (int i = 0, at = 0; i < b->nrows; i++) {
        struct bulk_row *row = &b->rows[i];
        while (at < PQntuples(res) && db_int(res, at, 0) < row->id)
            at++;
        if (at == PQntuples(res) || db_int(res, at, 0) != row->id)
            continue;
        const char *old = db_text(res, at, 1);
        row->old = old ? arena_strdup(b->arena, old) : NULL;
        if (old)
            want(wanted, old);
    }
    b->wanted = wanted;
    PQclear(res);
    return true;
}

bool bulk_undo_judge(struct change *c, struct err *e)
{
    const struct domain_hooks *hooks = domain_hooks(c->entity);
    struct faults f = {.n = 0, .entity = c->entity};
    if (c->changed[CUSTOMER_lifecycle]) {
        if (!change_allowed(c, "status.change", e))
            return false;
        c->undoes = true;
        c->reason = _("A change of many customers was undone.");
    }
    return (!hooks->prepare || hooks->prepare(c, &f, e)) &&
           (!hooks->before || hooks->before(c, &f, e)) && faults_err(&f, e);
}
