/* Live changes. Every subscription is checked against the rights its owner
 * has when the change is told, by the scope keys the event carries: a row
 * that left a subscriber's scope arrives as `gone`, one that was never his
 * does not arrive. What many changes on one row would say is said once. */
#include "server/rpc/subscribe.h"

#include "common/json.h"
#include "common/mem.h"
#include "server/auth/session.h"
#include "server/domain/directory.h"
#include "server/domain/scope.h"
#include "server/job/stream.h"
#include "server/job/watch.h"
#include "server/net/conn.h"
#include "server/rpc/handlers.h"
#include "server/rpc/others.h"
#include "server/server.h"

#include <stdlib.h>
#include <string.h>

enum { PER_CONNECTION = 16, IDS_MAX = 1000 };

struct subscription {
    struct subscription *next;
    struct conn *conn;
    const struct entity *entity;
    int64_t *ids; /* sorted; NULL: every record of the entity */
    int nids;
    char *since;           /* the place in the stream where it began */
    struct others *others; /* that the rest changed too; NULL: not asked */
};

struct subscriptions {
    struct server *server;
    struct subscription *first;
    struct stream *stream;
    struct others_all *others;
};

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Is the record one of those that are told by themselves? */
static bool follows(const struct subscription *s, int64_t id)
{
    return s->ids == NULL || bsearch(&id, s->ids, (size_t)s->nids,
                                     sizeof(*s->ids), compare_ids) != NULL;
}

static bool wants(const struct subscription *s, const struct stream_event *e)
{
    return e->entity == NULL ||
           (s->entity == e->entity && !stream_shows(s->since, e->txid) &&
            (s->others != NULL || follows(s, e->record_id)));
}

/* Is a row with these keys one this person may see? NULL: no row. */
static bool sees(const struct rights *r, const struct entity *e,
                 const struct scope_keys *k)
{
    bool by_customer = e->scope == SCOPE_customer || e->scope == SCOPE_child;
    if (!by_customer)
        return scope_of(r, e->view) != 0;
    return k != NULL &&
           access_in_scope(r, (enum action)action_find(e->view), k);
}

/* What he is told, or NULL: nothing. */
static const char *told_kind(const struct rights *r,
                             const struct stream_event *e)
{
    if (e->entity == NULL)
        return "resync";
    if (sees(r, e->entity, e->after))
        return e->kind;
    return sees(r, e->entity, e->before) ? "gone" : NULL;
}

static void tell(const struct subscription *s, const struct stream_event *e,
                 const char *kind)
{
    struct buf *b = conn_out(s->conn);
    buf_str(b, "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{"
               "\"entity\":");
    json_write_str(b, s->entity->id);
    if (e->entity != NULL) {
        buf_printf(b, ",\"id\":%lld", (long long)e->record_id);
        if (e->customer_id != 0)
            buf_printf(b, ",\"customer_id\":%lld", (long long)e->customer_id);
        if (strcmp(kind, "gone") != 0)
            buf_printf(b, ",\"version\":%lld", (long long)e->version);
    }
    buf_str(b, ",\"kind\":");
    json_write_str(b, kind);
    buf_str(b, "}}\n");
    conn_send(s->conn);
}

/* A burst must flood nobody who said that he can read anew instead. */
static void pass_on(const struct subscription *s, const struct stream_event *e,
                    const char *kind)
{
    if (e->entity != NULL && !follows(s, e->record_id))
        others_changed(s->others, e->record_id);
    else if (s->others == NULL || others_allows(s->others))
        tell(s, e, kind);
}

static void on_event(void *ctx, const struct stream_event *e)
{
    struct subscriptions *all = ctx;
    struct directory *d = watch_directory(all->server->watch);
    for (struct subscription *s = all->first; s != NULL; s = s->next) {
        if (!wants(s, e) || s->conn->session == NULL || d == NULL)
            continue;
        const struct rights *r = directory_rights(d, s->conn->session->user_id);
        const char *kind = r != NULL ? told_kind(r, e) : NULL;
        if (kind != NULL)
            pass_on(s, e, kind);
    }
}

static void subscription_free(struct subscription *s)
{
    others_free(&s->others);
    x_free(&s->since);
    x_free(&s->ids);
    x_free(&s);
}

/* Ends those of a connection; entity NULL: all of them. */
static void drop(struct subscriptions *all, const struct conn *c,
                 const struct entity *entity)
{
    struct subscription **p = &all->first;
    while (*p != NULL) {
        struct subscription *s = *p;
        if (s->conn == c && (entity == NULL || s->entity == entity)) {
            *p = s->next;
            subscription_free(s);
        } else {
            p = &s->next;
        }
    }
    if (all->first == NULL)
        stream_rest(all->stream);
}

static bool read_ids(struct arena *a, const cJSON *json, struct subscription *s,
                     struct err *e)
{
    const cJSON *item;
    int n = cJSON_GetArraySize(json);
    if (n > IDS_MAX) {
        err_set(e, ERR_too_large, _("At most %d ids can be followed at once."),
                IDS_MAX);
        err_data(e, "limit", cJSON_CreateNumber(IDS_MAX));
        return false;
    }
    s->ids = arena_array(a, (size_t)n + 1, sizeof(*s->ids));
    cJSON_ArrayForEach(item, json)
    {
        if (!json_is_int(item, &s->ids[s->nids++]))
            return err_param(e, "ids", _("whole numbers"));
    }
    qsort(s->ids, (size_t)s->nids, sizeof(*s->ids), compare_ids);
    return true;
}

/* The entity that may be followed by this person, or NULL with *e. */
static const struct entity *followed(const struct request *r, struct err *e)
{
    const struct entity *entity =
        entity_find(json_str(r->params, "entity", ""));
    if (entity == NULL || (entity->flags & (E_INTERNAL | E_PERSONAL))) {
        err_param(e, "entity", _("a kind of record that can be followed"));
        return NULL;
    }
    if (scope_of(r->rights, entity->view) == 0) {
        err_set(e, ERR_forbidden, NULL);
        if (entity->view != NULL)
            err_data(e, "action", cJSON_CreateString(entity->view));
        return NULL;
    }
    return entity;
}

static int count_of(const struct subscriptions *all, const struct conn *c)
{
    int n = 0;
    for (const struct subscription *s = all->first; s != NULL; s = s->next)
        n += s->conn == c;
    return n;
}

static bool wants_others(const struct request *r)
{
    return json_bool(r->params, "others", false);
}

/* Filter and search narrow `others`; the followed ids are told anyhow. */
static bool read_others(struct request *r, const struct entity *entity,
                        struct err *e)
{
    bool narrowed = json_get(r->params, "filter") != NULL ||
                    json_get(r->params, "search") != NULL;
    if (narrowed && !wants_others(r))
        return err_param(e, "others", _("true beside a filter or a search"));
    return !narrowed || others_check(r, entity, e);
}

/* What a request asked for lies in its arena; what is kept is a copy. */
static struct subscription *keep(struct subscriptions *all,
                                 const struct subscription *asked,
                                 const struct request *r)
{
    struct subscription *s = x_calloc(1, sizeof(*s));
    *s = *asked;
    s->conn = r->conn;
    if (s->ids != NULL || wants_others(r))
        s->ids = x_calloc((size_t)s->nids + 1, sizeof(*s->ids));
    if (asked->ids != NULL)
        memcpy(s->ids, asked->ids, (size_t)s->nids * sizeof(*s->ids));
    if (wants_others(r))
        s->others = others_new(all->others, r->conn, s->entity, r->params);
    return s;
}

/* From here on: where the stream stands now. What was committed before is in
 * what the subscriber reads after this answer, so one that comes back with an
 * older place is told to read anew. */
static void on_since(struct request *r, PGresult *res)
{
    struct subscriptions *all = r->server->subscriptions;
    const struct subscription *asked = r->state;
    const char *now = db_text(res, 0, 0);
    if (r->conn != NULL && r->conn->session != NULL) {
        drop(all, r->conn, asked->entity);
        struct subscription *s = keep(all, asked, r);
        s->since = x_strdup(now);
        s->next = all->first;
        all->first = s;
        stream_follow(all->stream, now);
    }
    const char *since = json_str(r->params, "since", NULL);
    buf_str(&r->reply, "{\"since\":");
    json_write_str(&r->reply, now);
    if (since != NULL && strcmp(since, now) != 0)
        buf_str(&r->reply, ",\"resync\":true");
    buf_char(&r->reply, '}');
    request_done(r);
}

void events_subscribe(struct request *r)
{
    struct err e = {0};
    struct subscription *s = arena_alloc(r->arena, sizeof(*s));
    const cJSON *ids = json_get(r->params, "ids");
    s->entity = followed(r, &e);
    bool ok = s->entity != NULL &&
              (ids == NULL || read_ids(r->arena, ids, s, &e)) &&
              read_others(r, s->entity, &e);
    if (ok && count_of(r->server->subscriptions, r->conn) >= PER_CONNECTION)
        ok = err_set(&e, ERR_too_large,
                     _("This connection follows too much already."));
    if (!ok) {
        request_fail(r, &e);
        return;
    }
    r->state = s;
    struct db_query q = {.sql = "SELECT pg_current_snapshot()::text",
                         .prepare = true};
    request_query(r, LANE_quick, &q, on_since);
}

void events_unsubscribe(struct request *r)
{
    const char *id = json_str(r->params, "entity", NULL);
    drop(r->server->subscriptions, r->conn, id ? entity_find(id) : NULL);
    request_done(r);
}

struct subscriptions *subscriptions_new(struct server *s)
{
    struct subscriptions *all = x_calloc(1, sizeof(*all));
    all->server = s;
    all->others = others_open(s);
    all->stream = stream_new(&s->loop, s->db, on_event, all);
    return all;
}

void subscriptions_drop(struct subscriptions *all, const struct conn *c)
{
    if (all != NULL)
        drop(all, c, NULL);
}

void subscriptions_poke(struct subscriptions *all)
{
    if (all != NULL && all->first != NULL)
        stream_poke(all->stream);
}

void subscriptions_free(struct subscriptions **all)
{
    if (*all == NULL)
        return;
    while ((*all)->first != NULL) {
        struct subscription *s = (*all)->first;
        (*all)->first = s->next;
        subscription_free(s);
    }
    stream_close(&(*all)->stream);
    others_close(&(*all)->others);
    x_free(all);
}
