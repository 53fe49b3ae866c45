/* `others` and `resync` of a subscription: what changed outside of the rows
 * it shows is told at most once a second, and where it has a filter, after
 * one short question whether any of the changed rows is in it. A row that
 * matched before and does not any more can not be told from one that never
 * did; it is noticed when the list is read again. */
#include "server/rpc/others.h"

#include "common/clock.h"
#include "common/json.h"
#include "common/mem.h"
#include "server/auth/session.h"
#include "server/domain/directory.h"
#include "server/domain/question.h"
#include "server/job/watch.h"
#include "server/net/conn.h"
#include "server/server.h"

#include <string.h>

enum {
    EVERY_MS = 1000,
    LOOK_MS = 20,      /* the changes of one look of the stream together */
    SINGLE_MAX = 200,  /* followed rows told one by one, in a second */
    CHANGED_MAX = 1000 /* rows asked about; more of them are not asked */
};

struct others {
    struct others *next;
    struct others_all *all;
    struct conn *conn;
    const struct entity *entity;
    int64_t serial;
    cJSON *params; /* filter and search; NULL: all rows */
    int64_t *changed;
    int nchanged;
    bool due, resync, asking;
    uint64_t told_at;
    uint64_t second; /* began then */
    int singles;     /* told in it */
};

struct others_all {
    struct server *server;
    struct others *first;
    int64_t serial;
    uv_timer_t timer;
    int asking;
    bool closing, released;
};

/* Outlives the subscription that asked. */
struct answer {
    struct others_all *all;
    int64_t serial;
};

static void tell(struct others *o, const char *kind)
{
    if (o->conn->session == NULL)
        return;
    struct buf *b = conn_out(o->conn);
    buf_str(b, "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{"
               "\"entity\":");
    json_write_str(b, o->entity->id);
    buf_str(b, ",\"kind\":");
    json_write_str(b, kind);
    buf_str(b, "}}\n");
    conn_send(o->conn);
}

static void free_when_idle(struct others_all *all)
{
    if (all->closing && all->released && all->asking == 0)
        x_free(&all);
}

static struct others *find(const struct others_all *all, int64_t serial)
{
    struct others *o = all->first;
    while (o != NULL && o->serial != serial)
        o = o->next;
    return o;
}

static void plan(struct others_all *all);

static void on_answer(void *ctx, PGresult *res, struct err *err)
{
    struct answer *answer = ctx;
    struct others_all *all = answer->all;
    struct others *o = find(all, answer->serial);
    (void)err; /* what can not be asked is noticed at the next change */
    x_free(&answer);
    all->asking--;
    if (o != NULL) {
        o->asking = false;
        if (res != NULL && PQntuples(res) > 0)
            tell(o, "others");
    }
    if (!all->closing)
        plan(all);
    free_when_idle(all);
}

/* Reads filter and search as a list's question, by the rights of now. */
static bool read_question(const struct others *o, struct arena *a,
                          struct directory *d, struct question *q)
{
    struct err e = {0};
    struct request asked = {.server = o->all->server,
                            .session = o->conn->session,
                            .arena = a,
                            .params = o->params,
                            .entity = o->entity,
                            .names = d,
                            .rights =
                                directory_rights(d, o->conn->session->user_id)};
    bool good = asked.rights != NULL && question_read(&asked, q, &e);
    err_clear(&e);
    return good;
}

static void ask(struct others *o, struct arena *a, const struct question *q)
{
    struct others_all *all = o->all;
    struct answer *answer = x_calloc(1, sizeof(*answer));
    struct err e = {0};
    struct sql s;
    *answer = (struct answer){all, o->serial};
    sql_init(&s, a);
    query_any(&s, q, o->changed, o->nchanged);
    struct db_query query = sql_query(&s, false);
    if (db_submit(all->server->db, LANE_quick, o->conn->session->user_id, 0,
                  &query, on_answer, answer, &e)) {
        o->asking = true;
        all->asking++;
    } else {
        x_free(&answer);
    }
    err_clear(&e);
    sql_free(&s);
}

static void flush_asked(struct others *o, struct directory *d)
{
    struct arena *a = arena_new();
    struct question q;
    if (read_question(o, a, d, &q))
        ask(o, a, &q);
    arena_free(&a);
}

static void flush(struct others *o)
{
    struct directory *d = watch_directory(o->all->server->watch);
    bool whole = o->params == NULL || o->nchanged >= CHANGED_MAX;
    if (o->resync)
        tell(o, "resync");
    else if (whole)
        tell(o, "others");
    else if (o->conn->session != NULL && d != NULL)
        flush_asked(o, d);
    o->due = o->resync = false;
    o->nchanged = 0;
    o->told_at = clock_mono_ms();
}

static uint64_t due_at(const struct others *o, uint64_t now)
{
    uint64_t at = o->told_at + EVERY_MS;
    return o->told_at == 0 || at < now ? now : at;
}

static void on_timer(uv_timer_t *timer)
{
    struct others_all *all = timer->data;
    uint64_t now = clock_mono_ms();
    for (struct others *o = all->first; o != NULL; o = o->next)
        if (o->due && !o->asking && due_at(o, now) <= now)
            flush(o);
    plan(all);
}

/* One timer for all; it rests while nothing is due. */
static void plan(struct others_all *all)
{
    uint64_t now = clock_mono_ms(), next = UINT64_MAX;
    for (struct others *o = all->first; o != NULL; o = o->next)
        if (o->due && !o->asking && due_at(o, now) < next)
            next = due_at(o, now);
    if (next == UINT64_MAX)
        uv_timer_stop(&all->timer);
    else
        uv_timer_start(&all->timer, on_timer,
                       next - now > LOOK_MS ? next - now : LOOK_MS, 0);
}

static void mark(struct others *o)
{
    bool was = o->due;
    o->due = true;
    if (!was && !o->asking)
        plan(o->all);
}

static bool has_changed(const struct others *o, int64_t id)
{
    /* Busy rows change again and again: mostly the last one. */
    for (int i = o->nchanged - 1; i >= 0 && i >= o->nchanged - 8; i--)
        if (o->changed[i] == id)
            return true;
    return false;
}

void others_changed(struct others *o, int64_t id)
{
    if (o->params != NULL && o->nchanged < CHANGED_MAX && !has_changed(o, id)) {
        if (o->changed == NULL)
            o->changed = x_calloc(CHANGED_MAX, sizeof(*o->changed));
        o->changed[o->nchanged++] = id;
    }
    mark(o);
}

bool others_allows(struct others *o)
{
    uint64_t now = clock_mono_ms();
    if (now >= o->second + EVERY_MS) {
        o->second = now;
        o->singles = 0;
    }
    if (o->singles++ < SINGLE_MAX)
        return true;
    o->resync = true;
    mark(o);
    return false;
}

bool others_check(struct request *r, const struct entity *e, struct err *err)
{
    struct question q;
    r->entity = e;
    return question_read(r, &q, err);
}

static cJSON *question_of(const cJSON *params)
{
    static const char *const parts[] = {"filter", "search"};
    cJSON *out = NULL;
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        const cJSON *part = json_get(params, parts[i]);
        if (part == NULL || cJSON_IsNull(part))
            continue;
        if (out == NULL)
            out = cJSON_CreateObject();
        cJSON_AddItemToObject(out, parts[i], cJSON_Duplicate(part, true));
    }
    return out;
}

struct others *others_new(struct others_all *all, struct conn *c,
                          const struct entity *e, const cJSON *params)
{
    struct others *o = x_calloc(1, sizeof(*o));
    o->all = all;
    o->conn = c;
    o->entity = e;
    o->serial = ++all->serial;
    o->params = question_of(params);
    o->next = all->first;
    all->first = o;
    return o;
}

void others_free(struct others **op)
{
    struct others *o = *op;
    if (o == NULL)
        return;
    struct others **at = &o->all->first;
    while (*at != o)
        at = &(*at)->next;
    *at = o->next;
    cJSON_Delete(o->params);
    x_free(&o->changed);
    x_free(op);
}

struct others_all *others_open(struct server *s)
{
    struct others_all *all = x_calloc(1, sizeof(*all));
    all->server = s;
    uv_timer_init(&s->loop, &all->timer);
    all->timer.data = all;
    return all;
}

static void on_closed(uv_handle_t *handle)
{
    struct others_all *all = handle->data;
    all->released = true;
    free_when_idle(all);
}

void others_close(struct others_all **ap)
{
    struct others_all *all = *ap;
    *ap = NULL;
    if (all == NULL)
        return;
    all->closing = true;
    uv_close((uv_handle_t *)&all->timer, on_closed);
}
