/* <entity>.reveal: one masked value of one record, shown in full and logged
 * in the same transaction (ACC-03, ACC-05). */
#include "common/json.h"
#include "schema/type.h"
#include "server/db/sql.h"
#include "server/domain/change.h"
#include "server/domain/column.h"
#include "server/domain/directory.h"
#include "server/domain/record.h"

#include <string.h>

static bool log_reveal(struct change *c, const struct field *f, struct err *e)
{
    struct sql s;
    sql_init(&s, c->arena);
    sql_add(&s, "INSERT INTO audit (user_id, action, entity, record_id,"
                " customer_id, after) VALUES (");
    sql_int(&s, c->rights->user_id);
    sql_add(&s, ", 'reveal', ");
    sql_value(&s, c->entity->id, "text");
    sql_add(&s, ", ");
    sql_int(&s, c->id);
    sql_add(&s, ", nullif(");
    sql_int(&s, c->parent);
    sql_add(&s, ", 0), jsonb_build_object('field', ");
    sql_value(&s, f->id, "text");
    sql_add(&s, "))");
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(c->conn, &q, e);
    sql_free(&s);
    PQclear(res);
    return res != NULL;
}

static void write_value(struct change *c, const struct field *f)
{
    struct names names = directory_names(c->names, c->request->lang);
    const char *v = c->before[field_index(c->entity, f)];
    buf_str(&c->request->reply, "{\"value\":");
    column_write(c->arena, f, LEVEL_READ, v, v ? strlen(v) : 0, &names,
                 &c->request->reply);
    buf_char(&c->request->reply, '}');
}

/* What is masked needs the right to reveal; what is readable anyway does not,
 * and what is hidden does not exist. */
static bool reveal(struct change *c, struct err *e)
{
    const struct entity *entity = c->entity;
    const struct field *f =
        field_find(entity, json_str(c->params, "field", ""));
    int64_t id = json_int(c->params, "id", 0);
    if (!rights_may(c->rights, entity->view))
        return record_forbidden(entity->view, e);
    if (!f || !column_is_readable(c->rights, entity, f))
        return err_param(e, "field", _("a field that you may read"));
    if (!change_load(c, id, entity->view, false, e))
        return false;
    struct err no = {0};
    bool editable = change_allowed(c, entity->edit, &no);
    err_clear(&no);
    bool masked = column_level(c->rights, entity, f, editable) < LEVEL_READ;
    if (masked &&
        (!change_allowed(c, "sensitive.reveal", e) || !log_reveal(c, f, e)))
        return false;
    write_value(c, f);
    return true;
}

bool record_reveal(struct request *r, struct db_conn *conn, struct err *e)
{
    struct change c = {
        .request = r, .conn = conn, .arena = r->arena, .params = r->params};
    bool again;
    int64_t id;
    change_beside(&c, &c, r->entity, CHANGE_update);
    bool ok = change_begin(&c, &again, &id, e) && reveal(&c, e) &&
              change_commit(&c, e);
    change_end(&c);
    return ok;
}
