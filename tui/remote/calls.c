/* The calls under way, a short list in the order they were made. */
#include "tui/remote/calls.h"

#include "common/mem.h"

struct call *call_add(struct calls *calls, uint64_t id, const char *method,
                      cJSON *params, remote_reply_fn *fn, void *ctx)
{
    struct call *c = x_calloc(1, sizeof(*c));
    c->id = id;
    c->method = x_strdup(method);
    c->params = params;
    c->fn = fn;
    c->ctx = ctx;
    TAILQ_INSERT_TAIL(calls, c, entry);
    return c;
}

struct call *call_find(struct calls *calls, uint64_t id)
{
    struct call *c;
    TAILQ_FOREACH(c, calls, entry)
    {
        if (c->id == id)
            return c;
    }
    return NULL;
}

struct call *call_overdue(struct calls *calls, uint64_t now, uint64_t age_ms)
{
    struct call *c;
    TAILQ_FOREACH(c, calls, entry)
    {
        if (c->sent_at && c->sent_at + age_ms <= now)
            return c;
    }
    return NULL;
}

uint64_t call_oldest(const struct calls *calls)
{
    const struct call *c;
    uint64_t oldest = 0;
    TAILQ_FOREACH(c, calls, entry)
    {
        if (c->sent_at && (!oldest || c->sent_at < oldest))
            oldest = c->sent_at;
    }
    return oldest;
}

void call_free(struct calls *calls, struct call *c)
{
    TAILQ_REMOVE(calls, c, entry);
    cJSON_Delete(c->params);
    x_free(&c->method);
    x_free(&c);
}
