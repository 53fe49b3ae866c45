/* <entity>.get: one record, as it is or as it was at some time (EDIT-03). The
 * past is the present with the audit rows since then taken back. */
#include "common/date.h"
#include "common/json.h"
#include "server/domain/column.h"
#include "server/domain/directory.h"
#include "server/domain/question.h"
#include "server/domain/record.h"
#include "server/domain/row.h"

#include <string.h>

struct get {
    struct question q;
    struct query_layout layout;
    int64_t id;
    /* as_of: canonical values by column, on their way back */
    const char *as_of;
    const char **values;
    int64_t version;
    bool editable;
};

static void fail(struct request *r, enum err_kind kind)
{
    struct err e = {0};
    err_set(&e, kind, NULL);
    request_fail(r, &e);
}

static void take_back(struct get *g, struct arena *a, const char *text)
{
    cJSON *before = cJSON_Parse(text);
    for (int i = 0; i < g->q.ncolumns; i++) {
        const struct field *f = g->q.columns[i];
        const cJSON *old = json_get(before, f->id);
        const char *value = NULL;
        struct err e = {0};
        if (old &&
            (cJSON_IsNull(old) || f->type->from_json(f, a, old, &value, &e)))
            g->values[i] = value;
        err_clear(&e);
    }
    cJSON_Delete(before);
}

static void write_past(struct request *r, struct get *g)
{
    struct names names = directory_names(r->names, r->lang);
    buf_printf(&r->reply, "{\"record\":{\"id\":%lld,\"version\":%lld",
               (long long)g->id, (long long)g->version);
    for (int i = 0; i < g->q.ncolumns; i++) {
        const struct field *f = g->q.columns[i];
        const char *v = g->values[i];
        buf_char(&r->reply, ',');
        json_write_key(&r->reply, f->id);
        column_write(r->arena, f,
                     column_level(r->rights, r->entity, f, g->editable), v,
                     v ? strlen(v) : 0, &names, &r->reply);
    }
    buf_str(&r->reply, "}}");
    request_done(r);
}

static void past_rows(struct request *r, PGresult *res)
{
    struct get *g = r->state;
    for (int i = 0; i < PQntuples(res); i++) {
        int64_t only = db_int(res, i, 2);
        if (strcmp(db_text(res, i, 0), "create") == 0 ||
            (only && only != r->rights->user_id)) {
            fail(r, ERR_not_found); /* it was not there yet, or private */
            return;
        }
        if (db_text(res, i, 1))
            take_back(g, r->arena, db_text(res, i, 1));
    }
    g->version -= PQntuples(res); /* each of them raised it by one */
    write_past(r, g);
}

static void ask_past(struct request *r, struct get *g, PGresult *res)
{
    int at = g->layout.editable;
    g->editable = at < 0 || db_bool(res, 0, at);
    g->version = db_int(res, 0, 1);
    g->values =
        arena_array(r->arena, (size_t)g->q.ncolumns + 1, sizeof *g->values);
    for (int i = 0; i < g->q.ncolumns; i++) {
        const char *v = db_text(res, 0, g->layout.column[i]);
        g->values[i] = v ? arena_strdup(r->arena, v) : NULL;
    }
    struct sql s;
    sql_init(&s, r->arena);
    sql_add(&s, "SELECT action, before, only_user FROM audit WHERE entity = ");
    sql_value(&s, r->entity->id, "text");
    sql_add(&s, " AND record_id = ");
    sql_int(&s, g->id);
    sql_add(&s, " AND at > ");
    sql_value(&s, g->as_of, "timestamptz");
    sql_add(&s, " ORDER BY id DESC");
    struct db_query q = sql_query(&s, false);
    request_query(r, LANE_slow, &q, past_rows);
    sql_free(&s);
}

static void record_row(struct request *r, PGresult *res)
{
    struct get *g = r->state;
    if (PQntuples(res) == 0) {
        fail(r, ERR_not_found);
        return;
    }
    if (g->as_of) {
        ask_past(r, g, res);
        return;
    }
    struct row_writer w;
    row_writer_init(&w, r, &g->q, &g->layout);
    buf_str(&r->reply, "{\"record\":");
    row_write_object(&w, res, 0, &r->reply);
    buf_char(&r->reply, '}');
    request_done(r);
}

/* A day means its end, in the time zone of the daemon's database (UTC). */
static bool read_as_of(struct request *r, struct get *g, struct err *e)
{
    const char *text = json_str(r->params, "as_of", NULL);
    int64_t us;
    int32_t day;
    if (!text)
        return true;
    char out[TIME_LEN];
    size_t len = strlen(text);
    if (date_parse_iso(text, len, &day))
        time_format(((int64_t)day + 1) * 86400000000 - 1, out);
    else if (time_parse(text, len, &us))
        time_format(us, out);
    else
        return err_param(e, "as_of", _("a day or a time, such as 2026-03-31"));
    g->as_of = arena_strdup(r->arena, out);
    return r->entity->flags & E_HISTORY ||
           err_param(e, "as_of", _("a kind of record that keeps a history"));
}

void record_get(struct request *r)
{
    struct get *g = arena_alloc(r->arena, sizeof *g);
    struct err e = {0};
    r->state = g;
    g->id = json_int(r->params, "id", 0);
    if (!question_read_record(r, &g->q, &e) || !read_as_of(r, g, &e)) {
        request_fail(r, &e);
        return;
    }
    struct sql s;
    sql_init(&s, r->arena);
    query_row(&s, &g->q, g->id, &g->layout);
    /* One row by its id: a generic plan is the best plan. */
    struct db_query q = sql_query(&s, true);
    request_query(r, LANE_quick, &q, record_row);
    sql_free(&s);
}
