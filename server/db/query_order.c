/* In which order: sort keys as columns, or as steps through the values of a
 * choice or a reference in display order. */
#include "common/mem.h"
#include "schema/option.h"
#include "schema/type.h"
#include "server/db/query_parts.h"
#include "server/domain/directory.h"

#include <inttypes.h>
#include <string.h>

static bool is_free(const struct field *f)
{
    const struct option_list *list = option_list_find(f->options);
    return list && list->free_text;
}

static const char **codes_of(const struct question *q, const struct field *f,
                             int *n)
{
    const char *const *codes;
    int count = directory_order_codes(q->names, f->options, &codes);
    const char **out = arena_array(q->arena, (size_t)count + 1, sizeof *out);
    out[0] = "";
    if (count)
        memcpy(out + 1, codes, (size_t)count * sizeof *out);
    *n = count + 1;
    return out;
}

static const char **ids_of(const struct question *q, const struct field *f,
                           int *n)
{
    const int64_t *ids;
    int count = directory_order_refs(q->names, f->ref, &ids);
    const char **out = arena_array(q->arena, (size_t)count + 1, sizeof *out);
    out[0] = "0";
    for (int i = 0; i < count; i++)
        out[i + 1] = arena_printf(q->arena, "%" PRId64, ids[i]);
    *n = count + 1;
    return out;
}

const struct query_steps *query_steps(const struct question *q,
                                      const struct field *f)
{
    const struct entity *ref = f->ref ? entity_find(f->ref) : NULL;
    bool by_code = f->options && !is_free(f);
    bool by_ref = ref && ref->flags & E_CACHED;
    if (!by_code && !by_ref)
        return NULL;
    struct query_steps *steps = arena_alloc(q->arena, sizeof *steps);
    steps->type = by_code ? "text" : "bigint";
    steps->values =
        by_code ? codes_of(q, f, &steps->n) : ids_of(q, f, &steps->n);
    return steps;
}

int query_step_find(const struct query_steps *steps, const char *value)
{
    for (int i = 0; i < steps->n; i++)
        if (strcmp(steps->values[i], value) == 0)
            return i;
    return -1;
}

bool query_is_backwards(const struct page *p)
{
    return p->kind == PAGE_end || p->kind == PAGE_before;
}

int query_keys(const struct question *q, const struct page *p,
               struct query_key keys[SORT_KEYS], bool *id_desc)
{
    bool turn = query_is_backwards(p);
    bool from = p->kind == PAGE_after || p->kind == PAGE_before;
    for (int i = 0; i < q->nsort; i++) {
        char column[64];
        field_sort_column(q->sort[i].field, column);
        keys[i] = (struct query_key){
            .field = q->sort[i].field,
            .column = arena_strdup(q->arena, column),
            .steps = query_steps(q, q->sort[i].field),
            .desc = q->sort[i].desc != turn,
            .value = from ? p->cursor.keys[i] : NULL,
        };
    }
    *id_desc = q->nsort ? keys[q->nsort - 1].desc : turn;
    return q->nsort;
}

/* Unknown values come last: they are none of the list's any more. */
void query_key_add(struct sql *s, const struct query_key *k)
{
    if (!k->steps) {
        sql_add(s, k->column);
        return;
    }
    sql_add(s, "coalesce(array_position(");
    const char *list =
        list_join(s->arena, k->steps->values, (size_t)k->steps->n);
    sql_value(s, list, k->steps->type[0] == 't' ? "text[]" : "bigint[]");
    sql_addf(s, ", %s), 2147483647)", k->column);
}

void query_key_value(struct sql *s, const struct query_key *k)
{
    if (!k->steps) {
        sql_value(s, k->value, field_sort_type(k->field));
        return;
    }
    int at = query_step_find(k->steps, k->value);
    sql_value(s, at < 0 ? "2147483647" : arena_printf(s->arena, "%d", at + 1),
              "integer");
}

void query_order(struct sql *s, const struct query_key *keys, int n, int from,
                 bool id_desc)
{
    sql_add(s, " ORDER BY ");
    for (int i = from; i < n; i++) {
        query_key_add(s, &keys[i]);
        sql_add(s, keys[i].desc ? " DESC, " : ", ");
    }
    sql_add(s, id_desc ? "id DESC" : "id");
}
