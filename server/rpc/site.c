/* site.check: does a customer's or a competitor's site answer? */
#include "common/json.h"
#include "schema/type.h"
#include "server/link/probe.h"
#include "server/rpc/handlers.h"

#include <stdatomic.h>

/* A probe holds a worker for seconds; all of them must never wait for the
 * outside at once. */
enum { PROBES_AT_ONCE = 1, RETRY_MS = 1000 };

static atomic_int under_way;

/* Not of a record: only its type's rules are wanted. */
static const struct field asked = {.id = "url", .type = &type_url, .max = 2000};

static void write_probe(struct buf *b, const struct probe *p)
{
    buf_printf(b, "{\"reachable\":%s,\"code\":%ld,\"ms\":%ld,\"url\":",
               p->reachable ? "true" : "false", p->code, p->ms);
    json_write_str(b, p->url);
    buf_str(b, ",\"reason\":");
    json_write_str(b, p->reason);
    buf_char(b, '}');
}

bool site_check(struct request *r, struct db_conn *c, struct err *e)
{
    (void)c;
    const char *url = NULL;
    const cJSON *item = json_get(r->params, "url");
    struct probe p;
    if (!type_url.from_json(&asked, r->arena, item, &url, e) || url == NULL ||
        !type_url.check(&asked, url, e))
        return err_param(e, "url", _("an address like https://example.com"));
    if (atomic_fetch_add(&under_way, 1) >= PROBES_AT_ONCE) {
        atomic_fetch_sub(&under_way, 1);
        err_set(e, ERR_unavailable,
                _("Another site is being checked. Try again in a moment."));
        err_data(e, "retry_after_ms", cJSON_CreateNumber(RETRY_MS));
        return false;
    }
    probe_url(url, probe_is_public, &p);
    atomic_fetch_sub(&under_way, 1);
    write_probe(&r->reply, &p);
    return true;
}
