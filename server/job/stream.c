/* Reading the outbox. Ids do not come in the order of commits, so the place
 * in the stream is a snapshot: an event is new when its transaction was not
 * visible in the snapshot of the last look. One statement returns the new
 * snapshot and the new rows, so nothing falls between two looks and nothing
 * is told twice. */
#include "server/job/stream.h"

#include "common/buf.h"
#include "common/log.h"
#include "common/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
    LOOK_MS = 1000, /* other daemons' changes are seen this late */
    POKE_MS = 50,   /* our own, many of them in one look */
    EVENTS_MAX = 5000
};

struct stream {
    struct db *db;
    stream_fn *fn;
    void *ctx;
    uv_timer_t timer;
    char *snapshot; /* the place in the stream, while following */
    bool following, asking, poked, closing;
    bool released; /* the timer's handle is closed */
};

enum {
    COL_snapshot,
    COL_entity,
    COL_record,
    COL_customer,
    COL_version,
    COL_kind,
    COL_before,
    COL_after,
    COL_viewers_before,
    COL_viewers_after,
    COL_txid
};

static const char look_sql[] =
    "SELECT s.now::text, e.entity, e.record_id, e.customer_id, e.version,"
    " e.kind, e.keys_before, e.keys_after, e.viewers_before, e.viewers_after,"
    " e.txid"
    " FROM (SELECT pg_current_snapshot() AS now) s LEFT JOIN LATERAL"
    " (SELECT * FROM event WHERE txid >= pg_snapshot_xmin($1::pg_snapshot)"
    " AND NOT pg_visible_in_snapshot(txid, $1::pg_snapshot)"
    " ORDER BY txid, id LIMIT 5001) e ON true";

static void stream_look(struct stream *s);

static void on_timer(uv_timer_t *timer)
{
    stream_look(timer->data);
}

static void schedule(struct stream *s)
{
    if (s->closing || !s->following || s->asking)
        return;
    uint64_t wait = s->poked ? POKE_MS : LOOK_MS;
    uv_timer_start(&s->timer, on_timer, wait, 0);
}

static void free_when_idle(struct stream *s)
{
    if (!s->closing || s->asking || !s->released)
        return;
    x_free(&s->snapshot);
    free(s);
}

/* "{1,2,3}" of PostgreSQL; NULL gives -1 and no list. */
static int read_ids(struct arena *a, const char *text, int64_t **out)
{
    *out = NULL;
    if (text == NULL)
        return -1;
    size_t commas = 1;
    for (const char *p = text; *p != '\0'; p++)
        commas += *p == ',';
    int64_t *ids = arena_array(a, commas, sizeof(*ids));
    int n = 0;
    for (const char *p = text + (*text == '{'); *p != '\0' && *p != '}';) {
        char *end;
        ids[n++] = strtoll(p, &end, 10);
        p = end + (*end == ',');
        if (end == p && *p != '}')
            break;
    }
    *out = ids;
    return n;
}

/* The ids of event.keys_… in the order the record engine writes them: owner,
 * project manager, optimizer, service team, and of what is private its
 * author. */
static const struct scope_keys *read_keys(struct arena *a, const PGresult *res,
                                          int row, int keys, int viewers)
{
    int64_t *id, *seen;
    int found = read_ids(a, db_text(res, row, keys), &id);
    if (found != 4 && found != 5)
        return NULL;
    struct scope_keys *k = arena_alloc(a, sizeof(*k));
    k->owner = id[0];
    k->project_manager = id[1];
    k->optimizer = id[2];
    k->service_team = id[3];
    k->only = found == 5 ? id[4] : 0;
    int n = read_ids(a, db_text(res, row, viewers), &seen);
    k->viewers = seen;
    k->nviewers = n > 0 ? n : 0;
    return k;
}

static struct stream_event read_event(struct arena *a, const PGresult *res,
                                      int row)
{
    return (struct stream_event){
        .entity = entity_find(db_text(res, row, COL_entity)),
        .record_id = db_int(res, row, COL_record),
        .customer_id = db_int(res, row, COL_customer),
        .version = db_int(res, row, COL_version),
        .kind = db_text(res, row, COL_kind),
        .before = read_keys(a, res, row, COL_before, COL_viewers_before),
        .after = read_keys(a, res, row, COL_after, COL_viewers_after),
        .txid = (uint64_t)db_int(res, row, COL_txid),
    };
}

/* By record, and the changes of one in their order. */
static int compare_events(const void *a, const void *b)
{
    const struct stream_event *x = a, *y = b;
    if (x->entity != y->entity)
        return x->entity < y->entity ? -1 : 1;
    if (x->record_id != y->record_id)
        return x->record_id < y->record_id ? -1 : 1;
    if (x->version != y->version)
        return x->version < y->version ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static int compare_order(const void *a, const void *b)
{
    const struct stream_event *x = a, *y = b;
    return (x->order > y->order) - (x->order < y->order);
}

/* Several changes of one record become what they came to: seen before the
 * first of them, seen after the last. */
static int merge(struct stream_event *e, int n)
{
    int kept = 0;
    qsort(e, (size_t)n, sizeof(*e), compare_events);
    for (int i = 0; i < n; i++) {
        struct stream_event *last = kept > 0 ? &e[kept - 1] : NULL;
        if (last == NULL || last->entity != e[i].entity ||
            last->record_id != e[i].record_id) {
            e[kept++] = e[i];
            continue;
        }
        bool fresh = strcmp(last->kind, "created") == 0 &&
                     strcmp(e[i].kind, "updated") == 0;
        const char *kind = fresh ? last->kind : e[i].kind;
        const struct scope_keys *before = last->before;
        *last = e[i];
        last->kind = kind;
        last->before = before;
    }
    qsort(e, (size_t)kept, sizeof(*e), compare_order);
    return kept;
}

static void tell_all(struct stream *s, const PGresult *res)
{
    int rows = PQntuples(res);
    if (rows > EVENTS_MAX) {
        s->fn(s->ctx, &(struct stream_event){.kind = "resync"});
        return;
    }
    struct arena *a = arena_new();
    struct stream_event *events =
        arena_array(a, (size_t)rows + 1, sizeof(*events));
    int n = 0;
    for (int row = 0; row < rows; row++) {
        if (db_text(res, row, COL_entity) == NULL)
            continue;
        events[n] = read_event(a, res, row);
        events[n].order = row;
        n += events[n].entity != NULL;
    }
    n = merge(events, n);
    for (int i = 0; i < n && s->following; i++)
        s->fn(s->ctx, &events[i]);
    arena_free(&a);
}

static void on_look(void *ctx, PGresult *res, struct err *err)
{
    struct stream *s = ctx;
    s->asking = false;
    if (s->closing) {
        free_when_idle(s);
        return;
    }
    if (res == NULL) {
        log_line(LOG_debug, "stream_look", "error=%s", log_quote(err->message));
    } else if (s->following) {
        x_free(&s->snapshot);
        s->snapshot = x_strdup(db_text(res, 0, COL_snapshot));
        tell_all(s, res);
    }
    schedule(s);
}

static void stream_look(struct stream *s)
{
    if (s->asking)
        return;
    const char *values[1] = {s->snapshot};
    struct db_query q = {
        .sql = look_sql, .n = 1, .values = values, .prepare = true};
    struct err e = {0};
    s->poked = false;
    s->asking = db_submit(s->db, LANE_quick, 0, 0, &q, on_look, s, &e) != 0;
    err_clear(&e);
    schedule(s);
}

static void on_closed(uv_handle_t *handle)
{
    struct stream *s = handle->data;
    s->released = true;
    free_when_idle(s);
}

struct stream *stream_new(uv_loop_t *loop, struct db *db, stream_fn *fn,
                          void *ctx)
{
    struct stream *s = x_calloc(1, sizeof(*s));
    s->db = db;
    s->fn = fn;
    s->ctx = ctx;
    uv_timer_init(loop, &s->timer);
    s->timer.data = s;
    return s;
}

void stream_follow(struct stream *s, const char *snapshot)
{
    if (s->following)
        return;
    s->following = true;
    s->snapshot = x_strdup(snapshot);
    schedule(s);
}

/* "xmin:xmax:running,…" */
bool stream_shows(const char *snapshot, uint64_t txid)
{
    char *at;
    uint64_t first = strtoull(snapshot, &at, 10);
    uint64_t next = *at == ':' ? strtoull(at + 1, &at, 10) : 0;
    bool running = false;
    while (at[0] != '\0' && at[1] != '\0')
        running = strtoull(at + 1, &at, 10) == txid || running;
    return txid < first || (txid < next && !running);
}

void stream_rest(struct stream *s)
{
    s->following = false;
    x_free(&s->snapshot);
    uv_timer_stop(&s->timer);
}

void stream_poke(struct stream *s)
{
    if (s->poked)
        return;
    s->poked = true;
    schedule(s);
}

void stream_close(struct stream **sp)
{
    struct stream *s = *sp;
    *sp = NULL;
    if (s == NULL)
        return;
    s->closing = true;
    s->following = false;
    uv_close((uv_handle_t *)&s->timer, on_closed);
}
