/* Seeds from the tables of schema/: rows travel as one JSON parameter, and
 * only where some are missing is anything written, since every write makes
 * all daemons read people and rights anew. */
#include "server/db/seed.h"

#include "common/json.h"
#include "schema/access.h"
#include "schema/option.h"

struct seed {
    void (*rows)(struct buf *b);
    const char *missing; /* how many */
    const char *insert;
};

static void open_row(struct buf *b)
{
    if (buf_text(b)[b->len - 1] != '[')
        buf_char(b, ',');
    buf_char(b, '{');
}

static void add(struct buf *b, const char *key, const char *value)
{
    if (buf_text(b)[b->len - 1] != '{')
        buf_char(b, ',');
    json_write_key(b, key);
    json_write_str(b, value != NULL ? value : "");
}

static void option_json(struct buf *b)
{
    for (int i = 0; i < option_row_count; i++) {
        const struct option_row *o = &option_rows[i];
        open_row(b);
        add(b, "list", o->list);
        add(b, "code", o->code);
        add(b, "zh", o->zh);
        add(b, "en", o->en);
        add(b, "parent", o->parent);
        buf_printf(b, ",\"position\":%d}", i);
    }
}

static void right_json_row(struct buf *b, int role, const char *kind,
                           const char *subject, const char *value)
{
    open_row(b);
    add(b, "role", role_rows[role].id);
    add(b, "kind", kind);
    add(b, "subject", subject);
    add(b, "value", value);
    buf_char(b, '}');
}

static void right_json(struct buf *b)
{
    for (int r = 0; r < ROLES; r++) {
        for (int a = 0; a < ACTIONS; a++)
            right_json_row(b, r, "action", action_rows[a].id,
                           scope_id(access_default[r][a]));
        for (int k = 0; k < CLASSES; k++)
            right_json_row(b, r, "class", class_id((enum field_class)k),
                           level_id(access_class_default[r][k]));
    }
}

#define OPTION_ROWS                                                            \
    "jsonb_to_recordset($1::jsonb) AS s (list text, code text, zh text, "      \
    "en text, parent text, position bigint)"
#define RIGHT_ROWS                                                             \
    "jsonb_to_recordset($1::jsonb) AS s (role text, kind text, "               \
    "subject text, value text)"

static const struct seed seeds[] = {
    {option_json,
     "SELECT count(*) FROM " OPTION_ROWS " WHERE NOT EXISTS (SELECT FROM "
     "option_item o WHERE o.list = s.list AND o.code = s.code)",
     "INSERT INTO option_item (list, code, zh, en, parent, position) SELECT "
     "list, code, zh, en, parent, position FROM " OPTION_ROWS
     " ON CONFLICT DO NOTHING"},
    {right_json,
     "SELECT count(*) FROM " RIGHT_ROWS " WHERE NOT EXISTS (SELECT FROM "
     "role_right r WHERE r.role = s.role AND r.kind = s.kind AND r.subject = "
     "s.subject)",
     "INSERT INTO role_right (role, kind, subject, value) SELECT role, kind, "
     "subject, value FROM " RIGHT_ROWS " ON CONFLICT DO NOTHING"},
};

static bool run_one(struct db_conn *c, const struct seed *s, struct err *e)
{
    struct buf b = BUF_INIT;
    bool ok = true;
    buf_char(&b, '[');
    s->rows(&b);
    buf_char(&b, ']');
    const char *value = buf_text(&b);
    struct db_query q = {.sql = s->missing, .n = 1, .values = &value};
    PGresult *res = db_exec(c, &q, e);
    if (res != NULL && db_int(res, 0, 0) > 0) {
        PQclear(res);
        q.sql = s->insert;
        res = db_exec(c, &q, e);
    }
    ok = res != NULL;
    PQclear(res);
    buf_free(&b);
    return ok;
}

bool seed_run(struct db_conn *c, struct err *e)
{
    for (size_t i = 0; i < sizeof(seeds) / sizeof(*seeds); i++)
        if (!run_one(c, &seeds[i], e))
            return false;
    return true;
}
