/* <entity>.history: who changed what, from the audit log, through the column
 * gate of today (EDIT-03, ACC-05). A customer's history holds that of its
 * contacts and other children. */
#include "common/date.h"
#include "common/json.h"
#include "schema/type.h"
#include "server/db/sql.h"
#include "server/domain/column.h"
#include "server/domain/directory.h"
#include "server/domain/question.h"
#include "server/domain/record.h"

#include <stdlib.h>
#include <string.h>

#define VERSIONS_LIMIT 50

struct history {
    struct request *request;
    struct names names;
    bool editable; /* the record is in the edit scope */
};

/* Is the record in view, and in the edit scope as well? */
static bool find(struct history *h, struct db_conn *c, int64_t id,
                 struct err *e)
{
    struct request *r = h->request;
    struct question q;
    struct query_layout layout;
    struct sql s;
    if (!question_read_record(r, &q, e))
        return false;
    sql_init(&s, r->arena);
    query_row(&s, &q, id, &layout);
    struct db_query query = sql_query(&s, true);
    PGresult *res = db_exec(c, &query, e);
    sql_free(&s);
    bool found = res && PQntuples(res) > 0;
    if (found)
        h->editable = layout.editable < 0 || db_bool(res, 0, layout.editable);
    PQclear(res);
    return found || e->kind || record_not_found(e);
}

/* What is private now, or was when it was written down, is its author's: of
 * records that are gone nobody can tell any more, so they are left out. */
static void add_sight(struct request *r, struct sql *s)
{
    sql_add(s, " AND (only_user IS NULL OR only_user = ");
    sql_int(s, r->rights->user_id);
    sql_add(s, ")");
    for (int i = 0; i < schema_entity_count; i++) {
        const struct entity *e = schema_entities[i];
        if (!field_find(e, "is_private"))
            continue;
        sql_add(s, " AND (entity <> ");
        sql_value(s, e->id, "text");
        sql_addf(s,
                 " OR EXISTS (SELECT 1 FROM %s x WHERE x.id = record_id AND"
                 " (NOT x.is_private OR x.created_by = ",
                 e->table);
        sql_int(s, r->rights->user_id);
        sql_add(s, ")))");
    }
}

static PGresult *read_rows(struct request *r, struct db_conn *c, int64_t id,
                           int limit, struct err *e)
{
    const char *after = json_str(r->params, "after", "");
    struct sql s;
    sql_init(&s, r->arena);
    sql_add(&s, "SELECT id, at, user_id, action, entity, record_id, before,"
                " after, operation_id FROM audit WHERE ");
    if (r->entity->scope == SCOPE_customer) {
        sql_add(&s, "customer_id = ");
        sql_int(&s, id);
    } else {
        sql_add(&s, "entity = ");
        sql_value(&s, r->entity->id, "text");
        sql_add(&s, " AND record_id = ");
        sql_int(&s, id);
    }
    add_sight(r, &s);
    if (after[0]) {
        sql_add(&s, " AND id < ");
        sql_int(&s, strtoll(after, NULL, 10));
    }
    sql_addf(&s, " ORDER BY id DESC LIMIT %d", limit + 1);
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(c, &q, e);
    sql_free(&s);
    return res;
}

/* The log holds values as the wire has them, with references as ids: read
 * back, then written with today's names and masks. */
static void write_value(const struct history *h, const struct field *f,
                        enum level level, const cJSON *item, struct buf *out)
{
    struct arena *a = h->request->arena;
    const char *value = NULL;
    struct err bad = {0};
    if (item && !cJSON_IsNull(item) &&
        !f->type->from_json(f, a, item, &value, &bad))
        value = NULL;
    err_clear(&bad);
    column_write(a, f, level, value, value ? strlen(value) : 0, &h->names, out);
}

static void write_fields(const struct history *h, const struct entity *e,
                         const cJSON *before, const cJSON *after,
                         struct buf *out)
{
    bool first = true;
    for (int i = 0; i < e->nfields; i++) {
        const struct field *f = &e->fields[i];
        const cJSON *from = json_get(before, f->id);
        const cJSON *to = json_get(after, f->id);
        enum level level = column_level(h->request->rights, e, f, h->editable);
        if ((!from && !to) || level == LEVEL_HIDDEN)
            continue;
        buf_str(out, first ? "{\"field\":" : ",{\"field\":");
        json_write_str(out, f->id);
        buf_str(out, ",\"from\":");
        write_value(h, f, level, from, out);
        buf_str(out, ",\"to\":");
        write_value(h, f, level, to, out);
        buf_char(out, '}');
        first = false;
    }
}

static void write_user(const struct history *h, int64_t id, struct buf *out)
{
    const char *name = id ? h->names.ref(h->names.ctx, "user", id) : NULL;
    if (!id) {
        buf_str(out, "null");
        return;
    }
    buf_printf(out, "[%lld,", (long long)id);
    json_write_str(out, name ? name : "");
    buf_char(out, ']');
}

static void write_version(const struct history *h, PGresult *res, int row,
                          struct buf *out)
{
    const char *texts[] = {db_text(res, row, 6), db_text(res, row, 7)};
    cJSON *before = texts[0] ? cJSON_Parse(texts[0]) : NULL;
    cJSON *after = texts[1] ? cJSON_Parse(texts[1]) : NULL;
    const struct entity *e = entity_find(db_text(res, row, 4));
    char at[TIME_LEN] = "";
    int64_t us;
    const char *when = db_text(res, row, 1);
    if (time_parse(when, strlen(when), &us))
        time_format(us, at);
    buf_printf(out, "{\"id\":%s,\"at\":\"%s\",\"user\":", db_text(res, row, 0),
               at);
    write_user(h, db_int(res, row, 2), out);
    buf_str(out, ",\"action\":");
    json_write_str(out, db_text(res, row, 3));
    buf_str(out, ",\"entity\":");
    json_write_str(out, db_text(res, row, 4));
    buf_printf(out, ",\"record_id\":%lld,\"fields\":[",
               (long long)db_int(res, row, 5));
    if (e)
        write_fields(h, e, before, after, out);
    buf_str(out, "]}");
    cJSON_Delete(before);
    cJSON_Delete(after);
}

bool record_history(struct request *r, struct db_conn *c, struct err *e)
{
    struct history h = {.request = r,
                        .names = directory_names(r->names, r->lang)};
    int64_t id = json_int(r->params, "id", 0);
    int limit = (int)json_int(r->params, "limit", VERSIONS_LIMIT);
    if (!find(&h, c, id, e) || e->kind)
        return false;
    PGresult *res = read_rows(r, c, id, limit, e);
    if (!res)
        return false;
    int n = PQntuples(res) < limit ? PQntuples(res) : limit;
    buf_str(&r->reply, "{\"versions\":[");
    for (int i = 0; i < n; i++) {
        if (i)
            buf_char(&r->reply, ',');
        write_version(&h, res, i, &r->reply);
    }
    if (PQntuples(res) > n && n > 0)
        buf_printf(&r->reply, "],\"next\":\"%s\"}", db_text(res, n - 1, 0));
    else
        buf_str(&r->reply, "],\"next\":null}");
    PQclear(res);
    return true;
}
