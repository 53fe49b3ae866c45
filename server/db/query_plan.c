/* Which plan: by how many rows can match at most, so that a page costs its
 * own size and never that of the table. */
#include "schema/type.h"
#include "server/db/query_parts.h"
#include "server/domain/directory.h"
#include "server/domain/scope.h"

#include <string.h>

/* More contacts than any customer has. */
#define NARROW_ROWS 50

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Rows of the table: the statistics are those of customers; a customer has a
 * few contacts; what an administrator keeps is small. */
static int64_t table_rows(const struct question *q)
{
    int64_t customers = directory_rows(q->names);
    if (q->entity->scope == SCOPE_child)
        return customers * 2;
    bool large =
        q->entity->scope == SCOPE_customer || q->entity->flags & E_APPEND;
    return large ? customers : 0;
}

int64_t query_value_rows(const struct question *q, const char *column,
                         const char *value)
{
    return q->entity == &entity_customer
               ? directory_rows_value(q->names, column, value)
               : table_rows(q);
}

/* From and to of a condition on a date or a time; NULL is open. */
static int64_t range_rows(const struct question *q, const struct filter *f)
{
    const unsigned up = 1u << OP_ge | 1u << OP_gt | 1u << OP_between;
    const unsigned down = 1u << OP_le | 1u << OP_lt | 1u << OP_between;
    const char *from = up & 1u << f->op ? f->values[0] : NULL;
    const char *to = down & 1u << f->op ? f->values[f->nvalues - 1] : NULL;
    if (q->entity != &entity_customer || (!from && !to))
        return table_rows(q);
    return directory_rows_between(q->names, f->field->id, from, to);
}

/* The rarest gram bounds the hits; one that is not among the frequent ones
 * stands in less than a hundredth of the rows. */
static int64_t grams_rows(const struct question *q, const int32_t *grams, int n)
{
    int64_t rows = directory_rows(q->names);
    for (int i = 0; i < n; i++) {
        int64_t hits = directory_rows_gram(q->names, grams[i]);
        rows = least(rows, hits ? hits : directory_rows(q->names) / 100);
    }
    return rows;
}

/* A text that is looked for inside a searched field. */
static int64_t contains_rows(const struct question *q, const struct filter *f)
{
    struct search_needle n;
    if (!query_is_searched(f->field) ||
        !search_needle(q->arena, f->values[0], &n))
        return table_rows(q);
    return grams_rows(q, n.grams, n.ngrams);
}

/* One value of it has a few rows: the id, or the parent of a child. */
static bool is_narrow(const struct question *q, const struct field *f)
{
    const char *parent = q->entity->parent;
    return f == &field_id || (parent && f->ref && strcmp(f->ref, parent) == 0);
}

static int64_t condition_rows(const struct question *q, const struct filter *f)
{
    int64_t rows = 0;
    bool some = f->op == OP_eq || f->op == OP_in;
    if (some && is_narrow(q, f->field))
        return (int64_t)f->nvalues * NARROW_ROWS;
    if (f->op == OP_contains)
        return contains_rows(q, f);
    if (!some && f->op != OP_any)
        return range_rows(q, f);
    for (int i = 0; i < f->nvalues; i++)
        rows += query_value_rows(q, f->field->id, f->values[i]);
    return rows;
}

static int64_t filter_rows(const struct question *q, const struct filter *f)
{
    int64_t all = table_rows(q);
    int64_t rows = f->kind == FILTER_AND ? all : 0;
    if (f->kind == FILTER_COND)
        rows = condition_rows(q, f);
    for (int i = 0; i < f->nchild; i++) {
        int64_t child = filter_rows(q, f->child[i]);
        rows = f->kind == FILTER_AND ? least(rows, child) : rows + child;
    }
    return least(rows, all);
}

static int64_t search_rows(const struct question *q)
{
    const struct search_needle *n = q->needle;
    if (!field_find(q->entity, "search_grams"))
        return table_rows(q);
    int64_t rows = grams_rows(q, n->grams, n->ngrams);
    if (n->digits)
        rows += grams_rows(q, n->phone_grams, n->nphone_grams);
    /* What people signed is not counted; on average they share the rows. */
    const int64_t *ids;
    int users = directory_order_refs(q->names, "user", &ids);
    if (q->npeople && users)
        rows += directory_rows(q->names) / users * q->npeople;
    return rows;
}

int64_t query_estimate(const struct question *q)
{
    int64_t rows = table_rows(q);
    if (scope_narrows(q->entity, q->rights, q->scopes))
        rows = least(rows, scope_rows(q->names, q->rights, q->scopes));
    if (q->filter)
        rows = least(rows, filter_rows(q, q->filter));
    if (q->needle)
        rows = least(rows, search_rows(q));
    return rows;
}

/* Few customers, and an index that holds those of the widest way in order:
 * what a sales person's list opens with. */
static bool fits_branches(const struct question *q, const struct page *p)
{
    return q->entity->scope == SCOPE_customer && q->nsort == 1 && !q->needle &&
           p->kind != PAGE_offset &&
           scope_narrows(q->entity, q->rights, q->scopes) &&
           scope_is_single(q->rights, q->scopes) &&
           scope_branch_is_sorted(q->scopes, 0, q->sort[0].field->id) &&
           scope_rows(q->names, q->rights, q->scopes) <= QUERY_SORT_MAX;
}

enum query_mode query_choose(const struct question *q, const struct page *p)
{
    bool steps = q->nsort && query_steps(q, q->sort[0].field);
    if (!query_has_rest(q))
        return QUERY_walk;
    if (fits_branches(q, p))
        return QUERY_branches;
    if (query_estimate(q) <= QUERY_SORT_MAX)
        return QUERY_fetch;
    return steps || p->kind == PAGE_offset ? QUERY_walk : QUERY_bounded;
}

static bool filter_is_shape(const struct filter *f)
{
    if (!f)
        return true;
    for (int i = 0; i < f->nchild; i++)
        if (!filter_is_shape(f->child[i]))
            return false;
    return f->kind != FILTER_COND ||
           (!f->field->type->list && f->nvalues <= 1 && f->op != OP_contains);
}

bool query_is_shape(const struct question *q, enum query_mode mode)
{
    bool steps = q->nsort && query_steps(q, q->sort[0].field);
    return !q->needle && filter_is_shape(q->filter) &&
           scope_is_single(q->rights, q->scopes) &&
           !(mode == QUERY_walk && steps);
}
