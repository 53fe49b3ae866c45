/* customer.bulk and customer.bulk_undo: one change of many customers. The
 * first transaction freezes the set; every other one takes a batch of it, so
 * that readers and other writers get their turn in between. */
#include "server/domain/bulk.h"

#include "common/json.h"
#include "common/mem.h"
#include "server/domain/record.h"
#include "server/rpc/handlers.h"
#include "server/server.h"

#include <string.h>

/* --- how many at once --- */

static atomic_int under_way;

/* Half of the workers stay free for everybody else. */
static bool enter(const struct request *r, struct err *e)
{
    int most = (int)(r->server->settings.workers + 1) / 2;
    if (atomic_fetch_add(&under_way, 1) < most)
        return true;
    atomic_fetch_sub(&under_way, 1);
    err_set(e, ERR_unavailable,
            _("Other bulk changes are under way. Try again in a moment."));
    err_data(e, "retry_after_ms", cJSON_CreateNumber(2000));
    return false;
}

static void leave(void)
{
    atomic_fetch_sub(&under_way, 1);
}

/* --- batches --- */

static bool may(const struct bulk *b, const char *action, struct err *e)
{
    return rights_may(b->main.rights, action) || record_forbidden(action, e);
}

static bool is_state(const struct bulk *b, const char *state)
{
    return strcmp(b->job.state, state) == 0;
}

/* The job as it is now, in a transaction of its own and locked, so that two
 * who work at it (a client that asked twice) take turns. */
static bool open_batch(struct bulk *b, struct err *e)
{
    arena_reset(b->arena);
    b->main.arena = b->arena;
    return change_open(&b->main, e) && bulk_job_load(b, b->job.id, true, e);
}

static bool end_job(struct bulk *b, const char *state, struct err *e)
{
    struct err late = {0};
    if (!bulk_job_set_state(b, state, e) || !db_commit(b->conn, e))
        return false;
    /* What the search index still has to sort in is left to nobody else; but
     * the change is made, whatever comes of this. */
    bool wrote = !b->job.preview && b->job.changed > 0;
    if (wrote && !db_run(b->conn, "SELECT search_settle()", &late))
        err_clear(&late);
    return true;
}

/* True after a batch, or when there is nothing left (then *more is false). */
static bool run_batch(struct bulk *b, bool *more, struct err *e)
{
    *more = false;
    if (!open_batch(b, e))
        return false;
    if (!is_state(b, "running")) {
        db_rollback(b->conn);
        return true;
    }
    if (request_cancelled(b->request))
        return request_was_asked(b->request) ? end_job(b, "cancelled", e)
                                             : err_set(e, ERR_cancelled, NULL);
    if (!bulk_batch_take(b, more, e))
        return false;
    if (!*more)
        return (!b->job.preview || bulk_set_reopen(b, e)) &&
               end_job(b, "done", e);
    return bulk_batch_run(b, e) && bulk_batch_done(b, e) &&
           db_commit(b->conn, e);
}

static bool run_batches(struct bulk *b, struct err *e)
{
    bool more = true;
    while (more) {
        if (!run_batch(b, &more, e))
            return false;
        request_progress(b->request,
                         b->job.changed + b->job.unchanged + b->job.failed,
                         b->job.total);
    }
    return true;
}

/* --- the request --- */

static bool start(struct bulk *b, struct err *e)
{
    b->job.preview = json_bool(b->main.params, "dry_run", false);
    return may(b, "customer.bulk", e) && bulk_read(b, e) &&
           may(b, b->right, e) && bulk_freeze(b, e);
}

static bool start_undo(struct bulk *b, struct err *e)
{
    return may(b, "customer.bulk", e) &&
           bulk_freeze_undo(b, json_str(b->main.params, "undo", ""), e) &&
           may(b, b->right, e);
}

/* What was asked before goes on where it stopped, or just answers again. */
static bool go_on(struct bulk *b, int64_t id, struct err *e)
{
    if (!bulk_job_load(b, id, false, e))
        return false;
    if (b->job.undoes || !is_state(b, "running")) {
        b->action = bulk_action_find(b->job.action);
        b->right = b->action->right;
        return true;
    }
    return bulk_read(b, e);
}

typedef bool start_fn(struct bulk *b, struct err *e);

static bool work(struct bulk *b, start_fn *first, struct err *e)
{
    bool again = false;
    int64_t id = 0;
    if (!change_begin(&b->main, &again, &id, e))
        return false;
    if (!(again ? go_on(b, id, e) : first(b, e)))
        return false;
    b->main.operation = b->job.operation;
    if (!db_commit(b->conn, e) || !run_batches(b, e))
        return false;
    b->main.arena = b->request->arena;
    return is_state(b, "cancelled") ? bulk_cancelled(b, e) : bulk_reply(b, e);
}

static bool run(struct request *r, struct db_conn *conn, start_fn *first,
                struct err *e)
{
    struct bulk b = {.request = r, .conn = conn, .arena = arena_new()};
    struct change main = {.request = r,
                          .conn = conn,
                          .arena = r->arena,
                          .rights = r->rights,
                          .names = r->names,
                          .params = r->params};
    bool ok = enter(r, e);
    if (ok) {
        r->entity = &entity_customer;
        change_beside(&b.main, &main, &entity_customer, CHANGE_update);
        ok = work(&b, first, e);
        change_end(&b.main);
        leave();
    }
    arena_free(&b.arena);
    return ok;
}

bool customer_bulk(struct request *r, struct db_conn *conn, struct err *e)
{
    return run(r, conn, start, e);
}

bool customer_bulk_undo(struct request *r, struct db_conn *conn, struct err *e)
{
    return run(r, conn, start_undo, e);
}
