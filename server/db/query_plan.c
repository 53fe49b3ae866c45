/* Which plan: by how many rows can match at most, so that a page costs its
 * own size and never that of the table. */
#include "schema/type.h"
#include "server/db/query_parts.h"
#include "server/domain/directory.h"
#include "server/domain/scope.h"

#include <stdlib.h>
#include <string.h>

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* No statistics are kept of this reference: those it can name share the rows,
 * and few of them have more than a few times their share. */
static int64_t shared_rows(const struct question *q, const char *entity)
{
    const int64_t *ids;
    int n = directory_order_refs(q->names, entity, &ids);
    int64_t all = directory_rows(q->names);
    return n > 4 ? all / n * 4 : all;
}

int64_t query_value_rows(const struct question *q, const struct field *f,
                         const char *value)
{
    int64_t id = strtoll(value, NULL, 10);
    if (q->entity != &entity_customer)
        return directory_rows(q->names);
    if (f->options)
        return directory_rows_choice(q->names, f->id, value);
    if (f == &entity_customer.fields[CUSTOMER_owner])
        return directory_rows_owner(q->names, id);
    if (f == &entity_customer.fields[CUSTOMER_service_team])
        return directory_rows_unit(q->names, id);
    return f->ref ? shared_rows(q, f->ref) : directory_rows(q->names);
}

static int64_t filter_rows(const struct question *q, const struct filter *f)
{
    int64_t all = directory_rows(q->names);
    int64_t rows = f->kind == FILTER_AND ? all : 0;
    for (int i = 0; i < f->nchild; i++) {
        int64_t child = filter_rows(q, f->child[i]);
        rows = f->kind == FILTER_AND ? least(rows, child) : rows + child;
    }
    if (f->kind != FILTER_COND)
        return least(rows, all);
    if (f->op != OP_eq && f->op != OP_in && f->op != OP_any)
        return all;
    for (int i = 0; i < f->nvalues; i++)
        rows += query_value_rows(q, f->field, f->values[i]);
    return least(rows, all);
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

static int64_t search_rows(const struct question *q)
{
    const struct search_needle *n = q->needle;
    if (!field_find(q->entity, "search_grams"))
        return directory_rows(q->names);
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
    int64_t rows = directory_rows(q->names);
    if (scope_narrows(q->entity, q->rights, q->scopes))
        rows = scope_rows(q->names, q->rights, q->scopes);
    if (q->filter)
        rows = least(rows, filter_rows(q, q->filter));
    if (q->needle)
        rows = least(rows, search_rows(q));
    return rows;
}

enum query_mode query_choose(const struct question *q, const struct page *p)
{
    bool steps = q->nsort && query_steps(q, q->sort[0].field);
    if (!query_has_rest(q))
        return QUERY_walk;
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
