/* The tables of bulk changes: the frozen set, how far the work has come, what
 * failed, and what an undo starts from. */
#include "common/json.h"
#include "common/mem.h"
#include "schema/type.h"
#include "server/auth/session.h"
#include "server/db/query_parts.h"
#include "server/domain/bulk.h"
#include "server/domain/question.h"
#include "server/domain/scope.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static PGresult *run(struct bulk *b, struct sql *s, struct err *e)
{
    struct db_query q = sql_query(s, true);
    PGresult *res = db_exec(b->conn, &q, e);
    sql_free(s);
    return res;
}

static bool run_only(struct bulk *b, struct sql *s, struct err *e)
{
    PGresult *res = run(b, s, e);
    PQclear(res);
    return res != NULL;
}

static void begin(struct bulk *b, struct sql *s, const char *text)
{
    sql_init(s, b->main.arena);
    sql_add(s, text);
}

/* --- the job --- */

static bool make_job(struct bulk *b, struct err *e)
{
    char token[TOKEN_LEN], undo[TOKEN_LEN];
    struct sql s;
    struct bulk_job *j = &b->job;
    token_make(token);
    token_make(undo);
    if (!change_take_operation(&b->main, e))
        return false;
    j->operation = b->main.operation;
    begin(b, &s,
          "INSERT INTO bulk_job (user_id, preview, action, token,"
          " undo_token, undoes, operation_id) VALUES (");
    sql_int(&s, b->main.rights->user_id);
    sql_addf(&s, ", %s, ", j->preview ? "true" : "false");
    sql_value(&s, b->action->id, "text");
    sql_add(&s, ", ");
    sql_value(&s, token, "text");
    sql_add(&s, ", ");
    sql_value(&s, j->preview || j->undoes ? NULL : undo, "text");
    sql_add(&s, ", nullif(");
    sql_int(&s, j->undoes);
    sql_add(&s, ", 0), ");
    sql_int(&s, j->operation);
    sql_add(&s, ") RETURNING id");
    PGresult *res = run(b, &s, e);
    if (!res)
        return false;
    j->id = db_int(res, 0, 0);
    PQclear(res);
    return true;
}

/* Who looks again and again keeps the last few sets alone. */
static bool drop_previews(struct bulk *b, struct err *e)
{
    struct sql s;
    begin(b, &s,
          "DELETE FROM bulk_job WHERE id IN (SELECT id FROM bulk_job"
          " WHERE preview AND user_id = ");
    sql_int(&s, b->main.rights->user_id);
    sql_addf(&s, " ORDER BY id DESC OFFSET %d)", BULK_PREVIEWS - 1);
    return run_only(b, &s, e);
}

/* The whole operation has a row of its own in the log, with its reason. */
static bool log_job(struct bulk *b, struct err *e)
{
    const struct bulk_job *j = &b->job;
    struct sql s;
    if (j->preview)
        return true;
    begin(b, &s,
          "INSERT INTO audit (user_id, action, entity, operation_id,"
          " after) VALUES (");
    sql_int(&s, b->main.rights->user_id);
    sql_add(&s, ", ");
    sql_value(&s, j->undoes ? "bulk_undo" : "bulk", "text");
    sql_add(&s, ", ");
    sql_value(&s, entity_customer.id, "text");
    sql_add(&s, ", ");
    sql_int(&s, j->operation);
    sql_add(&s, ", jsonb_build_object('action', ");
    sql_value(&s, b->action->id, "text");
    sql_add(&s, ", 'matched', ");
    sql_int(&s, j->matched);
    sql_add(&s, ", 'reason', ");
    sql_value(&s, json_str(b->main.params, "reason", NULL), "text");
    sql_add(&s, "))");
    return run_only(b, &s, e);
}

static bool note_totals(struct bulk *b, struct err *e)
{
    struct sql s;
    begin(b, &s, "UPDATE bulk_job SET total = ");
    sql_int(&s, b->job.total);
    sql_add(&s, ", matched = ");
    sql_int(&s, b->job.matched);
    sql_add(&s, " WHERE id = ");
    sql_int(&s, b->job.id);
    return run_only(b, &s, e) && log_job(b, e) &&
           change_came_of(&b->main, b->job.id, e);
}

/* --- the set --- */

/* "a list of customers": numbers of the request as one parameter. */
static bool read_ids(struct bulk *b, const char *name, struct sql *s,
                     struct err *e)
{
    const cJSON *item, *list = json_get(b->main.params, name);
    int n = 0;
    int64_t *ids = arena_array(
        b->main.arena, (size_t)cJSON_GetArraySize(list) + 1, sizeof *ids);
    cJSON_ArrayForEach(item, list)
    {
        if (!json_is_int(item, &ids[n]) || ids[n] < 1)
            return err_param(e, name, _("ids of customers"));
        n++;
    }
    sql_ints(s, ids, n);
    return true;
}

/* Those out of sight are kept with version 0, to be told one by one. */
static bool select_ids(struct bulk *b, struct sql *s, struct err *e)
{
    const struct rights *r = b->main.rights;
    sql_add(s, "SELECT DISTINCT u.id, coalesce(c.version, 0) AS version"
               " FROM unnest(");
    if (!read_ids(b, "ids", s, e))
        return false;
    sql_add(s, ") AS u(id) LEFT JOIN customer c ON c.id = u.id"
               " AND c.deleted_at IS NULL AND ");
    scope_where(s, &entity_customer, "c.", r,
                scope_of(r, entity_customer.view));
    return true;
}

static bool select_matching(struct bulk *b, struct sql *s, struct err *e)
{
    struct question q;
    if (!question_read(b->request, &q, e))
        return false;
    sql_add(s, "SELECT id, version FROM customer");
    query_live(s, &q);
    query_rest(s, &q, true);
    sql_add(s, " AND id <> ALL(");
    if (!read_ids(b, "except", s, e))
        return false;
    sql_addf(s, ") LIMIT %d", BULK_ROWS + 1);
    return true;
}

static bool is_given(const struct bulk *b, const char *name)
{
    const cJSON *item = json_get(b->main.params, name);
    return item && !cJSON_IsNull(item);
}

static bool freeze_rows(struct bulk *b, struct err *e)
{
    struct sql s;
    begin(b, &s,
          "WITH made AS (INSERT INTO bulk_batch (job_id, position, ids,"
          " versions) SELECT ");
    sql_int(&s, b->job.id);
    sql_addf(&s,
             ", at / %d, array_agg(id ORDER BY id), array_agg(version::bigint"
             " ORDER BY id) FROM (SELECT id, version, row_number() OVER"
             " (ORDER BY id)::int - 1 AS at FROM (",
             BULK_BATCH);
    if (!(is_given(b, "ids") ? select_ids : select_matching)(b, &s, e)) {
        sql_free(&s);
        return false;
    }
    sql_addf(&s,
             ") AS m) AS r GROUP BY at / %d RETURNING versions) SELECT"
             " coalesce(sum(cardinality(versions)), 0), coalesce(sum((SELECT"
             " count(*) FROM unnest(versions) AS v WHERE v > 0)), 0) FROM made",
             BULK_BATCH);
    struct db_query q = sql_query(&s, false);
    PGresult *res = db_exec(b->conn, &q, e);
    sql_free(&s);
    if (!res)
        return false;
    b->job.total = db_int(res, 0, 0);
    b->job.matched = db_int(res, 0, 1);
    PQclear(res);
    if (b->job.total <= BULK_ROWS)
        return true;
    err_set(e, ERR_too_large, _("More than %d customers at once are too many."),
            BULK_ROWS);
    err_data(e, "limit", cJSON_CreateNumber(BULK_ROWS));
    return false;
}

/* A preview is run once, then its set is gone. */
static bool take_preview(struct bulk *b, struct err *e)
{
    struct sql s;
    begin(b, &s,
          "WITH seen AS (UPDATE bulk_job SET state = 'taken' WHERE"
          " preview AND state = 'done' AND created_at > now() -"
          " interval '1 hour' AND token = ");
    sql_value(&s, json_str(b->main.params, "job_id", ""), "text");
    sql_add(&s, " AND user_id = ");
    sql_int(&s, b->main.rights->user_id);
    sql_add(&s, " RETURNING id, total, matched), moved AS (UPDATE bulk_batch"
                " SET job_id = ");
    sql_int(&s, b->job.id);
    sql_add(&s, " FROM seen WHERE job_id = seen.id) SELECT total, matched"
                " FROM seen");
    PGresult *res = run(b, &s, e);
    if (!res)
        return false;
    bool found = PQntuples(res) == 1;
    b->job.total = found ? db_int(res, 0, 0) : 0;
    b->job.matched = found ? db_int(res, 0, 1) : 0;
    PQclear(res);
    return found || err_set(e, ERR_not_found,
                            _("This preview is older than an hour, or was run "
                              "already. Look again."));
}

static bool check_expected(const struct bulk *b, struct err *e)
{
    int64_t expected = json_int(b->main.params, "expected_total", -1);
    if (expected < 0 || expected == b->job.matched)
        return true;
    err_set(e, ERR_conflict,
            _("%lld customers match now, not %lld. Look again before you "
              "change them."),
            (long long)b->job.matched, (long long)expected);
    err_data(e, "total", cJSON_CreateNumber((double)b->job.matched));
    return false;
}

static bool check_ways(const struct bulk *b, struct err *e)
{
    int ways = is_given(b, "ids") + is_given(b, "job_id") +
               (is_given(b, "filter") || is_given(b, "search"));
    if (ways != 1)
        return err_param(e, "ids", _("one of ids, filter, job_id"));
    if (is_given(b, "except") && is_given(b, "ids"))
        return err_param(e, "except", _("nothing beside ids"));
    if (b->job.preview && is_given(b, "job_id"))
        return err_param(e, "job_id", _("nothing beside dry_run"));
    return true;
}

bool bulk_freeze(struct bulk *b, struct err *e)
{
    if (!check_ways(b, e) || (b->job.preview && !drop_previews(b, e)) ||
        !make_job(b, e))
        return false;
    return (is_given(b, "job_id") ? take_preview : freeze_rows)(b, e) &&
           check_expected(b, e) && note_totals(b, e);
}

/* --- reading it again --- */

static char *keep(struct bulk *b, const char *text)
{
    return text ? arena_strdup(b->request->arena, text) : NULL;
}

static void read_job(struct bulk *b, const PGresult *res)
{
    struct bulk_job *j = &b->job;
    int64_t *const numbers[] = {&j->id,      &j->operation, &j->undoes,
                                &j->total,   &j->matched,   &j->permitted,
                                &j->changed, &j->unchanged, &j->failed};
    const int n = sizeof numbers / sizeof *numbers;
    for (int i = 0; i < n; i++)
        *numbers[i] = db_int(res, 0, i);
    j->preview = db_bool(res, 0, n);
    j->state = keep(b, db_text(res, 0, n + 1));
    j->action = keep(b, db_text(res, 0, n + 2));
    j->token = keep(b, db_text(res, 0, n + 3));
    j->undo_token = keep(b, db_text(res, 0, n + 4));
    b->main.operation = j->operation;
}

bool bulk_job_load(struct bulk *b, int64_t id, bool lock, struct err *e)
{
    struct sql s;
    begin(b, &s,
          "SELECT j.id, j.operation_id, j.undoes, j.total, j.matched,"
          " j.permitted, j.changed, j.unchanged, j.failed, j.preview,"
          " j.state, j.action, j.token, coalesce(j.undo_token,"
          " (SELECT o.undo_token FROM bulk_job o WHERE o.id = j.undoes))"
          " FROM bulk_job j WHERE j.id = ");
    sql_int(&s, id);
    sql_add(&s, " AND j.user_id = ");
    sql_int(&s, b->main.rights->user_id);
    sql_add(&s, lock ? " FOR UPDATE OF j" : "");
    PGresult *res = run(b, &s, e);
    if (!res)
        return false;
    bool found = PQntuples(res) == 1;
    if (found)
        read_job(b, res);
    PQclear(res);
    return found || err_set(e, ERR_not_found,
                            _("What came of this is not known any more."));
}

bool bulk_job_set_state(struct bulk *b, const char *state, struct err *e)
{
    struct sql s;
    begin(b, &s, "UPDATE bulk_job SET state = ");
    sql_value(&s, state, "text");
    sql_add(&s, " WHERE id = ");
    sql_int(&s, b->job.id);
    b->job.state = state;
    return run_only(b, &s, e);
}

bool bulk_set_reopen(struct bulk *b, struct err *e)
{
    struct sql s;
    begin(b, &s, "UPDATE bulk_batch SET done = false WHERE job_id = ");
    sql_int(&s, b->job.id);
    return run_only(b, &s, e);
}

/* --- batches --- */

static void read_rows(struct bulk *b, const PGresult *res)
{
    const char **ids, **versions;
    size_t n, nversions;
    b->position = (int)db_int(res, 0, 0);
    b->nrows = 0;
    if (!list_split(b->arena, db_text(res, 0, 1), &ids, &n) ||
        !list_split(b->arena, db_text(res, 0, 2), &versions, &nversions))
        return;
    b->rows = arena_array(b->arena, n + 1, sizeof *b->rows);
    b->nrows = (int)n;
    for (size_t i = 0; i < n && i < nversions; i++) {
        b->rows[i].id = strtoll(ids[i], NULL, 10);
        b->rows[i].version = strtoll(versions[i], NULL, 10);
    }
}

bool bulk_batch_take(struct bulk *b, bool *more, struct err *e)
{
    struct sql s;
    begin(b, &s,
          "SELECT position, ids, versions FROM bulk_batch WHERE NOT"
          " done AND job_id = ");
    sql_int(&s, b->job.id);
    sql_add(&s, " ORDER BY position LIMIT 1");
    PGresult *res = run(b, &s, e);
    if (!res)
        return false;
    *more = PQntuples(res) == 1;
    if (*more)
        read_rows(b, res);
    PQclear(res);
    return true;
}

static void add_failures(struct bulk *b, struct sql *s)
{
    int64_t at = b->job.failed;
    const char *join = "INSERT INTO bulk_failure (job_id, position, record_id,"
                       " kind, message) VALUES ";
    for (int i = 0; i < b->nrows && at < BULK_FAILURES; i++) {
        const struct bulk_row *row = &b->rows[i];
        if (row->end != BULK_failed)
            continue;
        sql_add(s, join);
        sql_addf(s, "(%" PRId64 ", %" PRId64 ", %" PRId64 ", ", b->job.id, at++,
                 row->id);
        sql_value(s, err_row(row->kind)->name, "text");
        sql_add(s, ", ");
        sql_value(s, row->message, "text");
        sql_add(s, ")");
        join = ", ";
    }
}

/* Literal numbers make each text its own: never prepared. */
static bool note_failures(struct bulk *b, struct err *e)
{
    struct sql s;
    begin(b, &s, "");
    add_failures(b, &s);
    struct db_query q = sql_query(&s, false);
    PGresult *res = s.text.len ? db_exec(b->conn, &q, e) : NULL;
    bool ok = res || !s.text.len;
    sql_free(&s);
    PQclear(res);
    return ok;
}

static void count(struct bulk *b)
{
    int64_t *const counters[] = {[BULK_unchanged] = &b->job.unchanged,
                                 [BULK_changed] = &b->job.changed,
                                 [BULK_failed] = &b->job.failed};
    for (int i = 0; i < b->nrows; i++)
        ++*counters[b->rows[i].end];
}

/* What an undo needs: the rows that were changed, as they are now. */
static void add_changed(struct bulk *b, struct sql *s)
{
    int64_t *ids = arena_array(b->arena, BULK_BATCH, sizeof *ids);
    int64_t *versions = arena_array(b->arena, BULK_BATCH, sizeof *versions);
    int n = 0;
    for (int i = 0; i < b->nrows; i++)
        if (b->rows[i].end == BULK_changed) {
            ids[n] = b->rows[i].id;
            versions[n++] = b->rows[i].change->version + 1;
        }
    sql_add(s, ", ids = ");
    sql_ints(s, ids, n);
    sql_add(s, ", versions = ");
    sql_ints(s, versions, n);
}

bool bulk_batch_done(struct bulk *b, struct err *e)
{
    struct sql s;
    const struct bulk_job *j = &b->job;
    if (!note_failures(b, e))
        return false;
    count(b);
    begin(b, &s, "WITH batch AS (UPDATE bulk_batch SET done = true");
    if (!j->preview)
        add_changed(b, &s);
    sql_add(&s, " WHERE job_id = ");
    sql_int(&s, j->id);
    sql_add(&s, " AND position = ");
    sql_int(&s, b->position);
    sql_add(&s, ") UPDATE bulk_job SET permitted = ");
    sql_int(&s, j->permitted);
    sql_add(&s, ", changed = ");
    sql_int(&s, j->changed);
    sql_add(&s, ", unchanged = ");
    sql_int(&s, j->unchanged);
    sql_add(&s, ", failed = ");
    sql_int(&s, j->failed);
    sql_add(&s, " WHERE id = ");
    sql_int(&s, j->id);
    struct db_query q = sql_query(&s, false);
    PGresult *res = db_exec(b->conn, &q, e);
    sql_free(&s);
    PQclear(res);
    return res != NULL;
}

/* --- undo --- */

static bool find_undone(struct bulk *b, const char *token, int64_t *job,
                        int64_t *undo, struct err *e)
{
    struct sql s;
    begin(b, &s,
          "SELECT j.id, j.action, (SELECT id FROM bulk_job u WHERE"
          " u.undoes = j.id) FROM bulk_job j WHERE NOT j.preview AND"
          " j.created_at > now() - interval '24 hours' AND"
          " j.undo_token = ");
    sql_value(&s, token, "text");
    sql_add(&s, " AND j.user_id = ");
    sql_int(&s, b->main.rights->user_id);
    sql_add(&s, " FOR UPDATE OF j");
    PGresult *res = run(b, &s, e);
    if (!res)
        return false;
    bool found = PQntuples(res) == 1;
    *job = found ? db_int(res, 0, 0) : 0;
    *undo = found ? db_int(res, 0, 2) : 0;
    b->action = found ? bulk_action_find(db_text(res, 0, 1)) : NULL;
    PQclear(res);
    b->right = b->action ? b->action->right : NULL;
    return b->action ||
           err_set(e, ERR_not_found,
                   _("There is nothing to undo under this token: it is older "
                     "than 24 hours, or somebody else's."));
}

/* Backwards, and a change that is still under way ends here. */
static bool take_changed(struct bulk *b, struct err *e)
{
    struct sql s;
    begin(b, &s,
          "WITH over AS (UPDATE bulk_job SET state = 'cancelled' WHERE"
          " state = 'running' AND id = ");
    sql_int(&s, b->job.undoes);
    sql_add(&s, "), made AS (INSERT INTO bulk_batch (job_id, position, ids,"
                " versions) SELECT ");
    sql_int(&s, b->job.id);
    sql_add(&s, ", row_number() OVER (ORDER BY position DESC) - 1, ids,"
                " versions FROM bulk_batch WHERE done AND ids <> '{}' AND"
                " job_id = ");
    sql_int(&s, b->job.undoes);
    sql_add(&s, " RETURNING ids) SELECT coalesce(sum(cardinality(ids)), 0)"
                " FROM made");
    PGresult *res = run(b, &s, e);
    if (!res)
        return false;
    b->job.total = b->job.matched = db_int(res, 0, 0);
    PQclear(res);
    return true;
}

bool bulk_freeze_undo(struct bulk *b, const char *token, struct err *e)
{
    int64_t undo = 0;
    if (!find_undone(b, token, &b->job.undoes, &undo, e))
        return false;
    if (!undo)
        return make_job(b, e) && take_changed(b, e) && note_totals(b, e);
    if (!bulk_job_load(b, undo, true, e))
        return false;
    if (strcmp(b->job.state, "done") == 0)
        return err_set(e, ERR_conflict, _("This was undone already."));
    return bulk_job_set_state(b, "running", e) &&
           change_came_of(&b->main, undo, e);
}
