/* Counts split by the values of a field. */
#include "tui/widget/split.h"

#include "common/json.h"
#include "tui/widget/cell.h"

#include <string.h>

int split_fields(struct remote *r, const struct entity *e,
                 const struct field *out[SPLIT_MAX])
{
    int n = 0;
    for (int i = 0; i < e->nfields && n < SPLIT_MAX; i++) {
        const struct field *f = &e->fields[i];
        if ((f->flags & F_SPLIT) && remote_may_ask(r, e, f))
            out[n++] = f;
    }
    return n;
}

void split_ask(struct remote *r, const struct entity *e, cJSON *params)
{
    const struct field *fields[SPLIT_MAX];
    int n = split_fields(r, e, fields);
    cJSON *split = n ? cJSON_AddArrayToObject(params, "split") : NULL;
    for (int i = 0; i < n; i++)
        cJSON_AddItemToArray(split, cJSON_CreateString(fields[i]->id));
}

/* The number of a value; NULL: of those that have none. */
static int64_t number_of(const cJSON *counts, const char *code)
{
    const cJSON *pair;
    int64_t n = 0;
    cJSON_ArrayForEach(pair, counts)
    {
        const cJSON *value = cJSON_GetArrayItem(pair, 0);
        const char *text = cJSON_GetStringValue(value);
        bool same = code ? text && strcmp(text, code) == 0
                         : cJSON_IsNull(value) || (text && !*text);
        if (same && json_is_int(cJSON_GetArrayItem(pair, 1), &n))
            return n;
    }
    return 0;
}

static void add_words(struct app *a, struct arena *arena, struct buf *out,
                      const char *label, int64_t n)
{
    if (n == 0)
        return;
    if (out->len)
        buf_printf(out, " %s ", term_symbol(app_term(a), "dot"));
    buf_printf(out, "%s %s", label, cell_count(arena, n));
}

const char *split_words(struct app *a, struct arena *arena,
                        const struct field *f, const cJSON *split)
{
    const cJSON *counts = json_get(split, f->id);
    struct buf out = BUF_INIT;
    int n = 0;
    const struct remote_option *options =
        remote_options(app_remote(a), f->options, &n);
    for (int i = 0; i < n; i++)
        add_words(a, arena, &out, options[i].label,
                  number_of(counts, options[i].code));
    add_words(a, arena, &out, _("empty"), number_of(counts, NULL));
    const char *words = arena_strdup(arena, buf_text(&out));
    buf_free(&out);
    return words;
}
