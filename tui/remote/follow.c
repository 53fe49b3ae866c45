/* Who follows what, and the subscriptions that come of it. */
#include "tui/remote/follow.h"

#include "common/json.h"
#include "common/mem.h"
#include "tui/remote/remote_impl.h"

#include <stdlib.h>
#include <string.h>

#define IDS_MAX 1000 /* of one subscription */

struct follow {
    struct follow *next;
    struct remote *remote;
    struct topic *topic;
    const struct follow_events *on;
    void *ctx;
    int64_t ids[FOLLOW_MAX]; /* sorted */
    int n;
    bool active; /* follow_set was called */
    cJSON *question;
};

/* What is followed of one kind of record. */
struct topic {
    struct topic *next;
    const struct entity *entity;
    uint64_t call; /* subscribing */
    struct follow *first;
};

struct follows {
    struct topic *first;
};

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* --- subscribing --- */

static void on_subscribed(void *ctx, const cJSON *result, const struct err *err)
{
    struct topic *t = ctx;
    t->call = 0;
    if (err)
        return; /* nothing is told then; what is shown stays as it was read */
    (void)result;
    for (struct follow *f = t->first; f; f = f->next)
        if (f->active)
            f->on->begun(f->ctx);
}

static cJSON *ids_of(const struct topic *t)
{
    cJSON *ids = cJSON_CreateArray();
    int n = 0;
    for (const struct follow *f = t->first; f; f = f->next)
        for (int i = 0; i < f->n && n < IDS_MAX; i++, n++)
            cJSON_AddItemToArray(ids, cJSON_CreateNumber((double)f->ids[i]));
    return ids;
}

/* The question that `others` is narrowed to: where two have different ones,
 * rather too much is told than too little. */
static const cJSON *question_of(const struct topic *t, bool *others)
{
    const cJSON *question = NULL;
    bool differ = false;
    *others = false;
    for (const struct follow *f = t->first; f; f = f->next) {
        if (!f->active || !f->on->others)
            continue;
        if (*others && !cJSON_Compare(question, f->question, true) &&
            (question || f->question))
            differ = true;
        question = f->question;
        *others = true;
    }
    return differ ? NULL : question;
}

static void add_question(cJSON *params, const cJSON *question)
{
    const cJSON *filter = json_get(question, "filter");
    const cJSON *search = json_get(question, "search");
    if (filter)
        cJSON_AddItemToObject(params, "filter", cJSON_Duplicate(filter, true));
    if (search)
        cJSON_AddItemToObject(params, "search", cJSON_Duplicate(search, true));
}

static void subscribe(struct remote *r, struct topic *t)
{
    bool others;
    const cJSON *question = question_of(t, &others);
    cJSON *params = cJSON_CreateObject();
    remote_cancel(r, t->call);
    cJSON_AddStringToObject(params, "entity", t->entity->id);
    cJSON_AddItemToObject(params, "ids", ids_of(t));
    if (others) {
        cJSON_AddTrueToObject(params, "others");
        add_question(params, question);
    }
    t->call = remote_call(r, "events.subscribe", params, on_subscribed, t);
}

static void on_unsubscribed(void *ctx, const cJSON *result,
                            const struct err *err)
{
    (void)ctx, (void)result, (void)err;
}

static void unsubscribe(struct remote *r, struct topic *t)
{
    cJSON *params = cJSON_CreateObject();
    remote_cancel(r, t->call);
    t->call = 0;
    cJSON_AddStringToObject(params, "entity", t->entity->id);
    remote_call(r, "events.unsubscribe", params, on_unsubscribed, NULL);
}

static bool can_follow(const struct remote *r, const struct entity *e)
{
    return !(e->flags & (E_INTERNAL | E_PERSONAL)) && remote_may(r, e->view);
}

static void renew(struct remote *r, struct topic *t)
{
    bool wanted = false;
    for (const struct follow *f = t->first; f; f = f->next)
        wanted = wanted || f->active;
    if (r->state == REMOTE_ready && wanted && can_follow(r, t->entity))
        subscribe(r, t);
}

/* --- what is told --- */

static void tell(struct follow *f, const char *kind, const cJSON *params)
{
    int64_t id = json_int(params, "id", 0);
    if (!f->active)
        return;
    if (strcmp(kind, "resync") == 0)
        f->on->resync(f->ctx);
    else if (id == 0 && f->on->others)
        f->on->others(f->ctx);
    else if (bsearch(&id, f->ids, (size_t)f->n, sizeof(id), compare_ids))
        f->on->changed(f->ctx, id, json_int(params, "version", 0), kind);
}

void follows_event(struct remote *r, const cJSON *params)
{
    const char *entity = json_str(params, "entity", "");
    const char *kind = json_str(params, "kind", "");
    for (struct topic *t = r->follows->first; t; t = t->next)
        for (struct follow *f = t->first; f; f = f->next)
            if (strcmp(t->entity->id, entity) == 0)
                tell(f, kind, params);
}

void follows_ready(struct remote *r)
{
    for (struct topic *t = r->follows->first; t; t = t->next)
        renew(r, t);
}

/* --- life --- */

struct follows *follows_new(void)
{
    return x_calloc(1, sizeof(struct follows));
}

void follows_free(struct follows **fs)
{
    while ((*fs)->first) {
        struct topic *t = (*fs)->first;
        (*fs)->first = t->next;
        x_free(&t);
    }
    x_free(fs);
}

static struct topic *topic_of(struct follows *fs, const struct entity *e)
{
    struct topic *t = fs->first;
    while (t && t->entity != e)
        t = t->next;
    if (t)
        return t;
    t = x_calloc(1, sizeof(*t));
    t->entity = e;
    t->next = fs->first;
    fs->first = t;
    return t;
}

struct follow *follow_new(struct remote *r, const struct entity *e,
                          const struct follow_events *on, void *ctx)
{
    struct follow *f = x_calloc(1, sizeof(*f));
    f->remote = r;
    f->topic = topic_of(r->follows, e);
    f->on = on;
    f->ctx = ctx;
    f->next = f->topic->first;
    f->topic->first = f;
    return f;
}

void follow_free(struct follow **fp)
{
    struct follow *f = *fp;
    if (!f)
        return;
    struct follow **at = &f->topic->first;
    while (*at != f)
        at = &(*at)->next;
    *at = f->next;
    if (!f->topic->first && f->active && f->remote->state == REMOTE_ready)
        unsubscribe(f->remote, f->topic);
    cJSON_Delete(f->question);
    x_free(fp);
}

void follow_set(struct follow *f, const int64_t *ids, int n,
                const cJSON *question)
{
    f->n = n < FOLLOW_MAX ? n : FOLLOW_MAX;
    memcpy(f->ids, ids, (size_t)f->n * sizeof(*ids));
    qsort(f->ids, (size_t)f->n, sizeof(*f->ids), compare_ids);
    cJSON_Delete(f->question);
    f->question = question ? cJSON_Duplicate(question, true) : NULL;
    f->active = true;
    renew(f->remote, f->topic);
}
