/* What a bulk change answers, made from its tables: the same however often it
 * is asked, with names as far as they may be seen now. */
#include "common/json.h"
#include "server/db/sql.h"
#include "server/domain/bulk.h"
#include "server/domain/column.h"
#include "server/domain/scope.h"

static PGresult *read_failures(struct bulk *b, struct err *e)
{
    const struct rights *r = b->main.rights;
    const struct entity *customer = &entity_customer;
    struct sql s;
    sql_init(&s, b->main.arena);
    sql_add(&s, "SELECT f.record_id, f.kind, f.message, c.customer_name"
                " FROM bulk_failure f LEFT JOIN customer c ON c.id ="
                " f.record_id AND ((c.deleted_at IS NULL AND ");
    scope_where(&s, customer, "c.", r, scope_of(r, customer->view));
    sql_add(&s, ") OR (c.deleted_at IS NOT NULL AND ");
    scope_where(&s, customer, "c.", r, scope_of(r, customer->remove));
    sql_add(&s, ")) WHERE f.job_id = ");
    sql_int(&s, b->job.id);
    sql_add(&s, " ORDER BY f.position");
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(b->conn, &q, e);
    sql_free(&s);
    return res;
}

static void write_failures(const struct bulk *b, const PGresult *res,
                           struct buf *out)
{
    const struct field *name = &entity_customer.fields[CUSTOMER_customer_name];
    bool named = column_is_readable(b->main.rights, &entity_customer, name);
    buf_str(out, "\"failed\":[");
    for (int i = 0; i < PQntuples(res); i++) {
        const char *text = named ? db_text(res, i, 3) : NULL;
        buf_printf(out, "%s{\"id\":%lld,\"name\":", i ? "," : "",
                   (long long)db_int(res, i, 0));
        if (text)
            json_write_str(out, text);
        else
            buf_str(out, "null");
        buf_str(out, ",\"kind\":");
        json_write_str(out, db_text(res, i, 1));
        buf_str(out, ",\"message\":");
        json_write_str(out, db_text(res, i, 2));
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static void write_number(struct buf *out, const char *name, int64_t n)
{
    json_write_key(out, name);
    buf_printf(out, "%lld,", (long long)n);
}

static void write_token(struct buf *out, const char *name, const char *token)
{
    buf_char(out, ',');
    json_write_key(out, name);
    if (token)
        json_write_str(out, token);
    else
        buf_str(out, "null");
}

bool bulk_reply(struct bulk *b, struct err *e)
{
    const struct bulk_job *j = &b->job;
    struct buf *out = &b->request->reply;
    PGresult *res = read_failures(b, e);
    if (!res)
        return false;
    buf_char(out, '{');
    write_number(out, "matched", j->matched);
    write_number(out, "permitted", j->permitted);
    if (!j->preview)
        write_number(out, "changed", j->changed);
    write_number(out, "unchanged", j->unchanged);
    write_failures(b, res, out);
    buf_printf(out, ",\"failed_total\":%lld", (long long)j->failed);
    PQclear(res);
    if (j->preview)
        write_token(out, "job_id", j->token);
    else if (!j->undoes)
        write_token(out, "undo", j->changed ? j->undo_token : NULL);
    buf_char(out, '}');
    return true;
}

bool bulk_cancelled(struct bulk *b, struct err *e)
{
    const struct bulk_job *j = &b->job;
    err_set(e, ERR_cancelled, NULL);
    if (j->preview)
        return false;
    err_data(e, "changed", cJSON_CreateNumber((double)j->changed));
    err_data(e, "undo",
             j->undo_token && (j->changed || j->undoes)
                 ? cJSON_CreateString(j->undo_token)
                 : cJSON_CreateNull());
    return false;
}
