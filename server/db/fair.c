/* Round robin over clients. The clients that wait or run stand in a ring and
 * in a small hash table; `turn` is whom to look at next. */
#include "server/db/fair.h"

#include "common/mem.h"

#include <stddef.h>

enum { BUCKETS = 256 };

struct member {
    int64_t client;
    struct fair_item *first, **last;
    int running;
    struct member *before, *after; /* the ring */
    struct member *chain;          /* the bucket */
};

struct fair {
    int length, max, at_once;
    struct member *turn;
    struct member *bucket[BUCKETS];
};

static struct member **bucket_of(struct fair *f, int64_t client)
{
    uint64_t h = (uint64_t)client * 11400714819323198485u;
    return &f->bucket[h >> 56];
}

static struct member *member_find(struct fair *f, int64_t client)
{
    struct member *m = *bucket_of(f, client);
    while (m != NULL && m->client != client)
        m = m->chain;
    return m;
}

/* A new one comes last: just before the one whose turn it is. */
static struct member *member_new(struct fair *f, int64_t client)
{
    struct member **bucket = bucket_of(f, client);
    struct member *m = x_calloc(1, sizeof(*m));
    m->client = client;
    m->last = &m->first;
    m->chain = *bucket;
    *bucket = m;
    if (f->turn == NULL) {
        f->turn = m->before = m->after = m;
        return m;
    }
    m->after = f->turn;
    m->before = f->turn->before;
    m->before->after = m;
    m->after->before = m;
    return m;
}

static void member_drop(struct fair *f, struct member *m)
{
    struct member **link = bucket_of(f, m->client);
    while (*link != m)
        link = &(*link)->chain;
    *link = m->chain;
    if (f->turn == m)
        f->turn = m->after != m ? m->after : NULL;
    m->before->after = m->after;
    m->after->before = m->before;
    x_free(&m);
}

static void drop_if_idle(struct fair *f, struct member *m)
{
    if (m->first == NULL && m->running == 0)
        member_drop(f, m);
}

static struct fair_item *unlink_item(struct fair *f, struct member *m,
                                     struct fair_item **at)
{
    struct fair_item *item = *at;
    *at = item->next;
    if (m->last == &item->next)
        m->last = at;
    item->next = NULL;
    f->length--;
    return item;
}

struct fair *fair_new(int max, int at_once)
{
    struct fair *f = x_calloc(1, sizeof(*f));
    f->max = max;
    f->at_once = at_once;
    return f;
}

void fair_free(struct fair **f)
{
    if (*f == NULL)
        return;
    while ((*f)->turn != NULL)
        member_drop(*f, (*f)->turn);
    x_free(f);
}

bool fair_push(struct fair *f, struct fair_item *item)
{
    if (f->length >= f->max)
        return false;
    struct member *m = member_find(f, item->client);
    if (m == NULL)
        m = member_new(f, item->client);
    item->next = NULL;
    *m->last = item;
    m->last = &item->next;
    f->length++;
    return true;
}

static bool may_go(const struct fair *f, const struct member *m)
{
    return m->first != NULL && (f->at_once == 0 || m->running < f->at_once);
}

struct fair_item *fair_pop(struct fair *f)
{
    struct member *m = f->turn, *start = m;
    if (f->length == 0)
        return NULL;
    while (!may_go(f, m)) {
        m = m->after;
        if (m == start)
            return NULL;
    }
    f->turn = m->after;
    struct fair_item *item = unlink_item(f, m, &m->first);
    if (f->at_once > 0)
        m->running++;
    drop_if_idle(f, m);
    return item;
}

void fair_finish(struct fair *f, int64_t client)
{
    struct member *m = f->at_once > 0 ? member_find(f, client) : NULL;
    if (m == NULL)
        return;
    m->running--;
    drop_if_idle(f, m);
}

static struct fair_item *take_from(struct fair *f, struct member *m,
                                   bool (*wanted)(struct fair_item *, void *),
                                   void *ctx)
{
    for (struct fair_item **at = &m->first; *at != NULL; at = &(*at)->next)
        if (wanted(*at, ctx))
            return unlink_item(f, m, at);
    return NULL;
}

struct fair_item *fair_take(struct fair *f,
                            bool (*wanted)(struct fair_item *i, void *ctx),
                            void *ctx)
{
    struct member *m = f->turn;
    if (f->length == 0)
        return NULL;
    do {
        struct fair_item *item = take_from(f, m, wanted, ctx);
        if (item != NULL) {
            drop_if_idle(f, m);
            return item;
        }
        m = m->after;
    } while (m != f->turn);
    return NULL;
}

int fair_length(const struct fair *f)
{
    return f->length;
}
