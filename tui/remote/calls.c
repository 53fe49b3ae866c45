/* The calls under way, a short list in the order they were made. */
#include "tui/remote/calls.h"

#include "common/mem.h"

struct call *call_add(struct calls *calls, uint64_t id, const char *method,
                      cJSON *params, remote_reply_fn *fn, void *ctx)
{
    struct call **end = &calls->first;
    struct call *c = x_calloc(1, sizeof(*c));
    c->id = id;
    c->method = x_strdup(method);
    c->params = params;
    c->fn = fn;
    c->ctx = ctx;
    while (*end)
        end = &(*end)->next;
    *end = c;
    return c;
}

struct call *call_find(struct calls *calls, uint64_t id)
{
    struct call *c = calls->first;
    while (c && c->id != id)
        c = c->next;
    return c;
}

struct call *call_overdue(struct calls *calls, uint64_t now, uint64_t age_ms)
{
    struct call *c = calls->first;
    while (c && (!c->sent_at || c->sent_at + age_ms > now))
        c = c->next;
    return c;
}

uint64_t call_oldest(const struct calls *calls)
{
    uint64_t oldest = 0;
    for (const struct call *c = calls->first; c; c = c->next)
        if (c->sent_at && (!oldest || c->sent_at < oldest))
            oldest = c->sent_at;
    return oldest;
}

void call_free(struct calls *calls, struct call *c)
{
    struct call **at = &calls->first;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    cJSON_Delete(c->params);
    x_free(&c->method);
    x_free(&c);
}
