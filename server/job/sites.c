/* One site at a time, the longest unasked first, new addresses before all. A
 * site is claimed by putting off its next turn, so that no other daemon asks
 * it meanwhile and no row stays locked while it answers. What comes of it is
 * written without a new version: a person who edits the competitor meets no
 * conflict, and it counts only for the address that was asked. */
#include "server/job/sites.h"

#include "common/log.h"
#include "common/mem.h"
#include "server/db/db.h"
#include "server/link/probe.h"
#include "server/server.h"

#include <stdio.h>
#include <string.h>

enum {
    FIRST_MS = 3000,
    LOOK_MS = 5000, /* so often a site is asked at most */
    REST_MS = 30000 /* where there is nothing to ask */
};

struct sites {
    struct server *server;
    bool busy, found;
    char every[24]; /* seconds */
    uv_timer_t timer;
};

/* $1 is how long an answer holds, in seconds. */
static const char claim_sql[] =
    "UPDATE competitor SET checked_at = now() - make_interval(secs =>"
    " $1::bigint) + interval '10 minutes' WHERE id = (SELECT k.id FROM"
    " competitor k JOIN customer c ON c.id = k.customer_id AND c.deleted_at"
    " IS NULL WHERE k.website_url <> '' AND (k.checked_at IS NULL OR"
    " k.checked_at < now() - make_interval(secs => $1::bigint))"
    " ORDER BY k.checked_at NULLS FIRST, k.id LIMIT 1"
    " FOR UPDATE OF k SKIP LOCKED) RETURNING id, website_url";

/* Those who look at it are told, as of any change. */
static const char store_sql[] =
    "WITH k AS (UPDATE competitor SET check_status = $3, check_code ="
    " nullif($4::bigint, 0), checked_at = now() WHERE id = $1::bigint AND"
    " website_url = $2 RETURNING id, customer_id, version)"
    " INSERT INTO event (entity, record_id, customer_id, version, kind,"
    " keys_before, viewers_before, keys_after, viewers_after)"
    " SELECT 'competitor', k.id, c.id, k.version, 'updated', s.keys,"
    " c.viewers, s.keys, c.viewers FROM k JOIN customer c ON c.id ="
    " k.customer_id, LATERAL (SELECT ARRAY[coalesce(c.owner, 0),"
    " coalesce(c.project_manager, 0), coalesce(c.optimizer, 0),"
    " coalesce(c.service_team, 0)] AS keys) s";

static PGresult *run(struct db_conn *c, const char *sql,
                     const char *const *values, int n)
{
    struct err e = {0};
    struct db_query q = {.sql = sql, .n = n, .values = values};
    PGresult *res = db_exec(c, &q, &e);
    if (res == NULL)
        log_line(LOG_warn, "site_check_failed", "reason=%s",
                 log_quote(e.message));
    err_clear(&e);
    return res;
}

static const char *status_of(const struct probe *p)
{
    if (p->reachable)
        return "reachable";
    return p->code ? "refused" : "unreachable";
}

static void ask(struct db_conn *c, const char *id, const char *url)
{
    struct probe p;
    char code[16];
    probe_url(url, probe_is_public, &p);
    snprintf(code, sizeof(code), "%ld", p.code);
    const char *values[] = {id, url, status_of(&p), code};
    PQclear(run(c, store_sql, values, 4));
}

static void work(struct db_conn *c, void *ctx)
{
    struct sites *s = ctx;
    const char *values[] = {s->every};
    s->found = false;
    PGresult *res = c ? run(c, claim_sql, values, 1) : NULL;
    if (res != NULL && PQntuples(res) > 0) {
        s->found = true;
        ask(c, db_text(res, 0, 0), db_text(res, 0, 1));
    }
    PQclear(res);
}

static void on_timer(uv_timer_t *timer);

static void on_done(void *ctx)
{
    struct sites *s = ctx;
    s->busy = false;
    if (!s->server->stopping)
        uv_timer_start(&s->timer, on_timer, s->found ? LOOK_MS : REST_MS, 0);
}

static void on_timer(uv_timer_t *timer)
{
    struct sites *s = timer->data;
    struct err e = {0};
    int64_t every = s->server->settings.sites_ms / 1000;
    if (s->busy || s->server->stopping)
        return;
    snprintf(s->every, sizeof(s->every), "%lld", (long long)every);
    s->busy = every > 0 && db_work(s->server->db, 0, 0, work, on_done, s, &e);
    if (!s->busy)
        uv_timer_start(&s->timer, on_timer, REST_MS, 0);
    err_clear(&e);
}

struct sites *sites_new(struct server *server)
{
    struct sites *s = x_calloc(1, sizeof(*s));
    s->server = server;
    uv_timer_init(&server->loop, &s->timer);
    s->timer.data = s;
    uv_timer_start(&s->timer, on_timer, FIRST_MS, 0);
    return s;
}

void sites_stop(struct sites *s)
{
    uv_close((uv_handle_t *)&s->timer, NULL);
}

void sites_free(struct sites **s)
{
    x_free(s);
}
