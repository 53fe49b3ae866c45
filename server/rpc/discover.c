/* rpc.discover: the table of methods as an OpenRPC document, a verb once for
 * every entity that has it. */
#include "common/i18n.h"
#include "common/json.h"
#include "schema/field.h"
#include "server/rpc/handlers.h"
#include "server/rpc/method.h"

#include <stdio.h>

static void add_schema(struct buf *out, const struct param *p)
{
    const char *type = param_kind_rows[p->kind].json;
    buf_str(out, "{");
    if (type) {
        buf_str(out, "\"type\":");
        json_write_str(out, type);
    }
    buf_char(out, '}');
}

static void add_param(struct buf *out, const struct param *p)
{
    buf_str(out, "{\"name\":");
    json_write_str(out, p->name);
    buf_str(out, ",\"description\":");
    json_write_str(out, _(p->help));
    buf_printf(out,
               ",\"required\":%s,\"schema\":", p->required ? "true" : "false");
    add_schema(out, p);
    buf_char(out, '}');
}

static void add_method(struct buf *out, const struct method *m,
                       const char *name)
{
    buf_str(out, "{\"name\":");
    json_write_str(out, name);
    buf_str(out, ",\"paramStructure\":\"by-name\",\"summary\":");
    json_write_str(out, _(m->help));
    buf_str(out, ",\"params\":[");
    for (int i = 0; i < m->nparams; i++) {
        if (i)
            buf_char(out, ',');
        add_param(out, &m->params[i]);
    }
    if (m->changes) {
        if (m->nparams)
            buf_char(out, ',');
        add_param(out, &method_key);
    }
    buf_str(out, "],\"result\":{\"name\":\"result\",\"description\":");
    json_write_str(out, _(m->result));
    buf_str(out, ",\"schema\":{\"type\":\"object\"}}}");
}

/* Whether the verb `m` ("*.list") exists for an entity. */
static bool has_verb(const struct entity *e, const struct method *m,
                     char name[96])
{
    const struct entity *found;
    snprintf(name, 96, "%s%s", e->id, m->name + 1);
    return method_find(name, &found) == m;
}

void rpc_discover(struct request *r)
{
    struct buf *out = &r->reply;
    bool first = true;
    buf_printf(out,
               "{\"openrpc\":\"1.3.2\",\"info\":{\"title\":\"kehu\","
               "\"version\":\"%s\"},\"methods\":[",
               KEHU_VERSION);
    for (int i = 0; i < method_count; i++) {
        const struct method *m = &method_rows[i];
        for (int k = 0; k < schema_entity_count; k++) {
            char name[96];
            bool verb = m->name[0] == '*';
            if (verb ? !has_verb(schema_entities[k], m, name) : k > 0)
                continue;
            if (!first)
                buf_char(out, ',');
            first = false;
            add_method(out, m, verb ? name : m->name);
        }
    }
    buf_str(out, "]}");
    request_done(r);
}
