/* Folding versions: the newest value of a field counts as where it went, the
 * oldest as where it came from. */
#include "tui/screen/history_diff.h"

#include "common/json.h"

#include <string.h>

bool history_same_record(const cJSON *a, const cJSON *b)
{
    return strcmp(json_str(a, "entity", ""), json_str(b, "entity", "")) == 0 &&
           json_int(a, "record_id", 0) == json_int(b, "record_id", -1);
}

static struct history_change *find(struct history_change *out, int n,
                                   const struct field *f)
{
    for (int i = 0; i < n; i++)
        if (out[i].field == f)
            return &out[i];
    return NULL;
}

/* Adds the changes of one version to those of newer ones. */
static int fold(const cJSON *version, struct history_change *out, int n,
                int max)
{
    const struct entity *e = entity_find(json_str(version, "entity", ""));
    const cJSON *one;
    cJSON_ArrayForEach(one, json_get(version, "fields"))
    {
        const struct field *f =
            e ? field_find(e, json_str(one, "field", "")) : NULL;
        struct history_change *c = f ? find(out, n, f) : NULL;
        if (!f || (!c && n == max))
            continue;
        if (!c) {
            c = &out[n++];
            *c = (struct history_change){.field = f, .to = json_get(one, "to")};
        }
        c->from = json_get(one, "from");
    }
    return n;
}

static void order(struct history_change *out, int n)
{
    for (int i = 1; i < n; i++) {
        struct history_change moved = out[i];
        int at = i;
        for (; at > 0 && out[at - 1].field > moved.field; at--)
            out[at] = out[at - 1];
        out[at] = moved;
    }
}

int history_changes(const cJSON *version, struct history_change *out, int max)
{
    int n = fold(version, out, 0, max);
    order(out, n);
    return n;
}

int history_between(const cJSON *versions, const cJSON *older,
                    const cJSON *newer, struct history_change *out, int max)
{
    const cJSON *v;
    bool within = false;
    int n = 0, kept = 0;
    cJSON_ArrayForEach(v, versions)
    {
        within = within || v == newer;
        if (v == older)
            break;
        if (within && history_same_record(v, newer))
            n = fold(v, out, n, max);
    }
    for (int i = 0; i < n; i++)
        if (!cJSON_Compare(out[i].from, out[i].to, true))
            out[kept++] = out[i];
    order(out, kept);
    return kept;
}
