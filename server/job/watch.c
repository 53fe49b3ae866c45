/* The watch over people and rights.
 *
 * One round: a quick statement reads the epoch and what sessions have ended;
 * where the epoch has moved a worker reads everything anew; then the round is
 * confirmed. Nobody is served on a snapshot that was confirmed more than two
 * seconds ago, so a right that was taken away is gone within that time on
 * every daemon, also on one that lost its database. */
#include "server/job/watch.h"

#include "common/clock.h"
#include "common/log.h"
#include "common/mem.h"
#include "server/db/migrate.h"
#include "server/domain/directory.h"
#include "server/server.h"

enum { LOOK_MS = 100, PERIOD_MS = 500, STALE_MS = 2000, ROUND_MS = 5000 };

struct waiter {
    struct waiter *next;
    void (*fn)(void *ctx);
    void *ctx;
};

struct watch {
    struct server *server;
    struct directory *now;
    struct directory *loaded; /* by the worker, to be published */
    struct err err;           /* of the worker */
    bool checked;             /* program and database fit together */
    bool round, again;        /* a round is under way; another is wanted */
    uint64_t began, confirmed;
    struct waiter *waiting, *served; /* for the next round; for this one */
    uv_timer_t timer;
};

struct directory *watch_directory(const struct watch *w)
{
    if (w == NULL || w->now == NULL)
        return NULL;
    return clock_mono_ms() - w->confirmed <= STALE_MS ? w->now : NULL;
}

static void begin_round(struct watch *w);

static void call_all(struct waiter **list)
{
    while (*list != NULL) {
        struct waiter *one = *list;
        *list = one->next;
        one->fn(one->ctx);
        x_free(&one);
    }
}

static void end_round(struct watch *w, bool ok)
{
    w->round = false;
    if (ok)
        w->confirmed = w->began;
    call_all(&w->served);
    if (w->again && !w->server->stopping)
        begin_round(w);
}

/* On a worker. */
static void load(struct db_conn *c, void *ctx)
{
    struct watch *w = ctx;
    int missing;
    if (c == NULL)
        return;
    if (!w->checked && !migrate_check(c, &missing, &w->err))
        return;
    w->checked = true;
    w->loaded = directory_load(c, &w->err);
}

static void on_loaded(void *ctx)
{
    struct watch *w = ctx;
    bool ok = w->loaded != NULL;
    if (ok) {
        directory_unref(&w->now);
        w->now = w->loaded;
        w->loaded = NULL;
        log_line(LOG_info, "directory", "epoch=%lld",
                 (long long)directory_epoch(w->now));
    }
    if (w->err.kind == ERR_conflict)
        server_fail(w->server, &w->err);
    else if (!ok)
        log_line(LOG_warn, "directory_failed", "reason=%s",
                 log_quote(w->err.message));
    err_clear(&w->err);
    end_round(w, ok);
}

static void load_anew(struct watch *w)
{
    struct err e = {0};
    if (db_work(w->server->db, 0, clock_mono_ms() + ROUND_MS, load, on_loaded,
                w, &e))
        return;
    err_clear(&e);
    end_round(w, false);
}

static void on_epoch(void *ctx, PGresult *res, struct err *e)
{
    struct watch *w = ctx;
    (void)e;
    if (res == NULL) {
        end_round(w, false);
        return;
    }
    const char *ended = PQgetvalue(res, 0, 1);
    if (ended[0] != '\0')
        conns_revoke(w->server, ended);
    if (w->now != NULL && !directory_is_stale(w->now) &&
        db_int(res, 0, 0) == directory_epoch(w->now))
        end_round(w, true);
    else
        load_anew(w);
}

static void begin_round(struct watch *w)
{
    static const struct db_query q = {
        .sql = "SELECT (SELECT value FROM state WHERE name = 'rights_epoch'),"
               " coalesce((SELECT string_agg(encode(token_hash, 'hex'), ' ')"
               " FROM session WHERE expires_at > now() - interval '10 s'"
               " AND expires_at <= now()), '')",
        .prepare = true};
    struct err e = {0};
    w->round = true;
    w->again = false;
    w->began = clock_mono_ms();
    w->served = w->waiting;
    w->waiting = NULL;
    /* An empty database has no such table yet: it is looked at by the worker,
     * which words what is missing. */
    if (!w->checked) {
        load_anew(w);
        return;
    }
    if (db_submit(w->server->db, LANE_quick, 0, w->began + ROUND_MS, &q,
                  on_epoch, w, &e) != 0)
        return;
    err_clear(&e);
    end_round(w, false);
}

/* A database that is back need not wait for its turn. */
static void on_timer(uv_timer_t *timer)
{
    struct watch *w = timer->data;
    bool due = clock_mono_ms() - w->began >= PERIOD_MS;
    bool stale = watch_directory(w) == NULL && db_is_up(w->server->db);
    if (!w->round && !w->server->stopping && (due || stale))
        begin_round(w);
}

struct watch *watch_new(struct server *s)
{
    struct watch *w = x_calloc(1, sizeof(*w));
    w->server = s;
    uv_timer_init(&s->loop, &w->timer);
    w->timer.data = w;
    uv_timer_start(&w->timer, on_timer, 0, LOOK_MS);
    return w;
}

void watch_refresh(struct watch *w, void (*fn)(void *ctx), void *ctx)
{
    struct waiter *one = x_calloc(1, sizeof(*one));
    one->fn = fn;
    one->ctx = ctx;
    one->next = w->waiting;
    w->waiting = one;
    if (w->round)
        w->again = true;
    else
        begin_round(w);
}

void watch_stop(struct watch *w)
{
    uv_close((uv_handle_t *)&w->timer, NULL);
    call_all(&w->waiting);
}

void watch_free(struct watch **w)
{
    if (*w == NULL)
        return;
    directory_unref(&(*w)->now);
    x_free(w);
}
