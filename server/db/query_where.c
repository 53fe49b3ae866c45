/* Which rows a question is about: the trash, the scope, the filter and quick
 * search (LIST-03). */
#include "common/mem.h"
#include "schema/type.h"
#include "server/db/query_parts.h"
#include "server/domain/scope.h"

#include <string.h>

/* "%50\%%" for LIKE: what people type is text, never a pattern. */
static const char *like_pattern(struct arena *a, const char *text)
{
    char *out = arena_alloc(a, strlen(text) * 2 + 3);
    char *at = out;
    *at++ = '%';
    for (; *text; text++) {
        if (strchr("%_\\", *text))
            *at++ = '\\';
        *at++ = *text;
    }
    *at = '%';
    return out;
}

static void add_like(struct sql *s, const char *column, const char *text)
{
    sql_addf(s, "%s LIKE ", column);
    sql_value(s, like_pattern(s->arena, text), "text");
}

/* The grams only narrow what LIKE then decides, so the walk, which has no use
 * for the index, leaves them out. */
static void add_indexed_search(struct sql *s, const struct question *q,
                               bool by_index)
{
    const struct search_needle *n = q->needle;
    sql_add(s, "(");
    if (by_index)
        query_grams(s, n->grams, n->ngrams);
    add_like(s, "search_text", n->folded);
    if (n->digits) {
        sql_add(s, ") OR (");
        if (by_index)
            query_grams(s, n->phone_grams, n->nphone_grams);
        add_like(s, "search_phones", n->digits);
    }
    sql_add(s, ")");
}

/* Small tables have no search columns; their few rows are looked at. */
static void add_plain_search(struct sql *s, const struct question *q)
{
    if (q->nsearch == 0)
        sql_add(s, "false");
    for (int i = 0; i < q->nsearch; i++) {
        const struct field *f = q->search[i];
        sql_addf(s, "%slower(%s)", i ? " OR " : "", f->id);
        add_like(s, "", q->needle->folded);
        if (f->flags & F_PINYIN) {
            sql_addf(s, " OR replace(%s_pinyin, ' ', '')", f->id);
            add_like(s, "", q->needle->folded);
        }
    }
}

static void add_people(struct sql *s, const struct question *q)
{
    char column[64];
    const struct field *f = field_find(q->entity, q->people_field);
    sql_addf(s, " OR %s = ANY(", field_sort_column(f, column));
    sql_ints(s, q->people, q->npeople);
    sql_add(s, ")");
}

static void add_search(struct sql *s, const struct question *q, bool by_index)
{
    sql_add(s, " AND (");
    if (field_find(q->entity, "search_grams"))
        add_indexed_search(s, q, by_index);
    else
        add_plain_search(s, q);
    if (q->people_field && q->npeople)
        add_people(s, q);
    sql_add(s, ")");
}

void query_grams(struct sql *s, const int32_t *grams, int n)
{
    struct buf list = BUF_INIT;
    if (n == 0)
        return;
    buf_char(&list, '{');
    for (int i = 0; i < n; i++) {
        buf_str(&list, i ? "," : "");
        buf_int(&list, grams[i]);
    }
    buf_char(&list, '}');
    sql_add(s, "search_grams @> ");
    sql_value(s, buf_text(&list), "integer[]");
    sql_add(s, " AND ");
    buf_free(&list);
}

void query_live(struct sql *s, const struct question *q)
{
    if (q->entity->flags & E_TRASH)
        sql_addf(s, " WHERE deleted_at IS %sNULL", q->trash ? "NOT " : "");
    else
        sql_add(s, " WHERE true");
    if (field_find(q->entity, "only_user")) {
        sql_add(s, " AND (only_user IS NULL OR only_user = ");
        sql_int(s, q->rights->user_id);
        sql_add(s, ")");
    }
}

void query_wanted(struct sql *s, const struct question *q, bool by_index)
{
    if (q->filter) {
        sql_add(s, " AND ");
        query_filter(s, q->filter);
    }
    if (q->needle)
        add_search(s, q, by_index);
}

void query_rest(struct sql *s, const struct question *q, bool by_index)
{
    if (scope_narrows(q->entity, q->rights, q->scopes)) {
        sql_add(s, " AND ");
        (by_index ? scope_where : scope_where_each)(s, q->entity, "", q->rights,
                                                    q->scopes);
    }
    query_wanted(s, q, by_index);
}

bool query_has_rest(const struct question *q)
{
    return q->filter || q->needle ||
           scope_narrows(q->entity, q->rights, q->scopes);
}

void query_count(struct sql *s, const struct question *q,
                 const struct field *const *split, int nsplit)
{
    sql_add(s, "SELECT ");
    for (int i = 0; i < nsplit; i++)
        sql_addf(s, "%s::text, grouping(%s), ", split[i]->id, split[i]->id);
    sql_addf(s, "count(*) FROM %s", q->entity->table);
    query_live(s, q);
    query_rest(s, q, true);
    if (nsplit)
        sql_add(s, " GROUP BY GROUPING SETS (()");
    for (int i = 0; i < nsplit; i++)
        sql_addf(s, ", (%s)", split[i]->id);
    if (nsplit)
        sql_add(s, ")");
}

void query_row(struct sql *s, const struct question *q, int64_t id,
               struct query_layout *out)
{
    struct query_columns columns;
    query_columns(q, &columns);
    *out = columns.layout;
    query_wrap_open(s, q, &columns);
    sql_add(s, "SELECT ");
    sql_add(s, columns.list);
    sql_add(s, " FROM ");
    sql_add(s, q->entity->table);
    query_live(s, q);
    sql_add(s, " AND id = ");
    sql_int(s, id);
    query_rest(s, q, true);
    query_wrap_close(s, &columns);
}

void query_any(struct sql *s, const struct question *q, const int64_t *ids,
               int n)
{
    sql_addf(s, "SELECT 1 FROM %s", q->entity->table);
    query_live(s, q);
    sql_add(s, " AND id = ANY(");
    sql_ints(s, ids, n);
    sql_add(s, ")");
    query_rest(s, q, false);
    sql_add(s, " LIMIT 1");
}
