/* One page of an answer as one statement.
 *
 * Along the sort order a page is a chain of segments, joined by UNION ALL and
 * cut by one LIMIT: PostgreSQL runs the arms one after the other and stops
 * when there are enough rows. After a cursor (a, b, id) on the keys A, B the
 * segments are
 *     A = a AND B = b AND id > …   ORDER BY id
 *     A = a AND B > b              ORDER BY B, id
 *     A > a                        ORDER BY A, B, id
 * each of them one range of an index, where an OR of the three would be a
 * sort of everything. A choice or a reference as first key has no order of
 * its own in the database: its values are stepped through in display order,
 * and the last segment becomes one step for each later value.
 *
 * Where scope, filter or search stand beside an order that fits an index, the
 * walk is fenced (LIMIT QUERY_WALK_MAX) and they are applied outside of the
 * fence, so that the planner can not choose to sort everything, and a walk
 * that finds little ends. Where few rows can match, these are fetched behind
 * a fence (OFFSET 0) and sorted, so that the planner can not choose to walk
 * an index in the hope to meet them. */
#include "common/mem.h"
#include "schema/type.h"
#include "server/db/query_parts.h"
#include "server/domain/scope.h"

#include <string.h>

struct writer {
    struct sql *s;
    const struct question *q;
    const struct page *page;
    const char *list; /* what a segment selects */
    struct query_key keys[SORT_KEYS];
    int n;
    bool id_desc;
    bool bounded; /* segments are the inside of the fence */
    int rows;     /* of one segment */
    int segments; /* written */
};

/* The first `equal` keys as in the cursor, then beyond it. */
static void add_cut(struct writer *w, int equal)
{
    struct sql *s = w->s;
    for (int i = 0; i < equal; i++) {
        sql_addf(s, "%s = ", w->keys[i].column);
        sql_value(s, w->keys[i].value, field_sort_type(w->keys[i].field));
        sql_add(s, " AND ");
    }
    if (equal < w->n) {
        query_key_add(s, &w->keys[equal]);
        sql_add(s, w->keys[equal].desc ? " < " : " > ");
        query_key_value(s, &w->keys[equal]);
    } else {
        sql_add(s, w->id_desc ? "id < " : "id > ");
        sql_int(s, w->page->cursor.id);
    }
}

/* Conditions on the first sort key narrow the walk itself. */
static void add_narrow(struct writer *w, const struct filter *f)
{
    const unsigned ranges = 1u << OP_eq | 1u << OP_lt | 1u << OP_le |
                            1u << OP_gt | 1u << OP_ge | 1u << OP_between;
    if (!f || !w->n)
        return;
    for (int i = 0; f->kind == FILTER_AND && i < f->nchild; i++)
        add_narrow(w, f->child[i]);
    if (f->kind == FILTER_COND && f->field == w->keys[0].field &&
        ranges & 1u << f->op) {
        sql_add(w->s, " AND ");
        query_filter(w->s, f);
    }
}

static void segment_open(struct writer *w)
{
    sql_add(w->s, w->segments++ ? " UNION ALL (" : "(");
}

static void add_conditions(struct writer *w)
{
    query_live(w->s, w->q);
    if (w->bounded)
        add_narrow(w, w->q->filter);
    else
        query_rest(w->s, w->q, false);
}

static void segment_close(struct writer *w, int from)
{
    query_order(w->s, w->keys, w->n, from, w->id_desc);
    sql_addf(w->s, " LIMIT %d)", w->rows);
}

/* Few rows hold the value: with several keys no index holds their order, so
 * they are fetched and sorted, fenced against a walk along another key. */
static bool is_rare(const struct writer *w, const char *value)
{
    return w->n > 1 &&
           query_value_rows(w->q, w->keys[0].column, value) <= QUERY_SORT_MAX;
}

static void add_from(struct writer *w, bool fence)
{
    sql_addf(w->s,
             fence ? "SELECT %s FROM (SELECT * FROM %s" : "SELECT %s FROM %s",
             w->list, w->q->entity->table);
    add_conditions(w);
}

/* One range of an index; equal < 0: all of it. */
static void add_range(struct writer *w, int equal)
{
    bool fence = equal > 0 && w->keys[0].steps && is_rare(w, w->keys[0].value);
    segment_open(w);
    add_from(w, fence);
    if (equal >= 0) {
        sql_add(w->s, " AND ");
        add_cut(w, equal);
    }
    if (fence)
        sql_add(w->s, " OFFSET 0) f");
    segment_close(w, equal < 0 ? 0 : equal);
}

/* One frequent value of the first key: the planner knows how frequent. */
static void add_value(struct writer *w, const char *value)
{
    segment_open(w);
    add_from(w, false);
    sql_addf(w->s, " AND %s = ", w->keys[0].column);
    sql_value(w->s, value, w->keys[0].steps->type);
    segment_close(w, 1);
}

/* Many values of the first key, one after the other until there are enough
 * rows. `fence`: no index holds the rest of the order, so each value's rows
 * are fetched and sorted. The join is lateral, hence a nested loop, hence in
 * the order of the array. */
static void add_steps(struct writer *w, const char *const *values, int n,
                      bool fence)
{
    struct sql *s = w->s;
    segment_open(w);
    sql_add(s, "SELECT r.* FROM unnest(");
    sql_value(s, list_join(s->arena, values, (size_t)n),
              w->keys[0].steps->type[0] == 't' ? "text[]" : "bigint[]");
    sql_add(s, ") v(k) CROSS JOIN LATERAL (");
    add_from(w, fence);
    sql_addf(s, " AND %s = v.k", w->keys[0].column);
    if (fence)
        sql_add(s, " OFFSET 0) f");
    query_order(s, w->keys, w->n, 1, w->id_desc);
    sql_addf(s, " LIMIT %d) r LIMIT %d)", w->rows, w->rows);
}

/* False where the filter says that the key never has this value: a step that
 * finds nothing would read all its rows to know it. */
static bool step_allowed(const struct filter *f, const struct query_key *k,
                         const char *value)
{
    if (!f)
        return true;
    for (int i = 0; f->kind == FILTER_AND && i < f->nchild; i++)
        if (!step_allowed(f->child[i], k, value))
            return false;
    if (f->kind != FILTER_COND || f->field != k->field ||
        (f->op != OP_eq && f->op != OP_in))
        return true;
    for (int i = 0; i < f->nvalues; i++)
        if (strcmp(f->values[i], value) == 0)
            return true;
    return false;
}

/* The values of the first key still to come, in the order of the page. */
static int steps_left(struct writer *w, const char **out)
{
    const struct query_key *k = &w->keys[0];
    const struct query_steps *steps = k->steps;
    int n = 0;
    int at = k->value ? query_step_find(steps, k->value) : -1;
    int from = k->desc ? (k->value ? at : steps->n) - 1 : at + 1;
    int step = k->desc ? -1 : 1;
    for (int i = from; i >= 0 && i < steps->n; i += step)
        if (step_allowed(w->q->filter, k, steps->values[i]))
            out[n++] = steps->values[i];
    return n;
}

/* Runs of rare values are fetched and sorted value by value, frequent ones
 * are left to the planner one by one. */
static void add_all_steps(struct writer *w)
{
    const struct query_key *k = &w->keys[0];
    const char **values =
        arena_array(w->s->arena, (size_t)k->steps->n + 1, sizeof *values);
    int n = steps_left(w, values);
    if (w->n == 1) { /* the index (field, id) holds the whole order */
        if (n)
            add_steps(w, values, n, false);
        return;
    }
    int run = 0;
    for (int i = 0; i < n; i++) {
        if (is_rare(w, values[i]))
            continue;
        if (i > run)
            add_steps(w, values + run, i - run, true);
        add_value(w, values[i]);
        run = i + 1;
    }
    if (n > run)
        add_steps(w, values + run, n - run, true);
}

static void add_segments(struct writer *w)
{
    bool steps = w->n && w->keys[0].steps;
    bool from = w->page->kind == PAGE_after || w->page->kind == PAGE_before;
    for (int equal = w->n; from && equal >= steps; equal--)
        add_range(w, equal);
    if (steps)
        add_all_steps(w);
    else if (!from)
        add_range(w, -1);
    if (w->segments == 0) { /* nothing is left beyond the cursor */
        segment_open(w);
        sql_addf(w->s, "SELECT %s FROM %s WHERE false)", w->list,
                 w->q->entity->table);
    }
    if (w->segments > 1) /* a single one is cut already */
        sql_addf(w->s, " LIMIT %d", w->rows);
}

static void add_bounded(struct writer *w)
{
    const char *list = w->list;
    w->list = "*";
    w->bounded = true;
    w->rows = QUERY_WALK_MAX;
    sql_addf(w->s, "SELECT %s FROM (", list);
    add_segments(w);
    sql_add(w->s, ") w WHERE true");
    query_rest(w->s, w->q, false);
    sql_addf(w->s, " LIMIT %d", w->page->limit + 1);
}

static void add_fetch(struct writer *w)
{
    struct sql *s = w->s;
    /* All rows are at hand, so that even the first key is ranked. */
    bool from = w->page->kind == PAGE_after || w->page->kind == PAGE_before;
    sql_addf(s, "SELECT %s FROM (SELECT * FROM %s", w->list,
             w->q->entity->table);
    query_live(s, w->q);
    query_rest(s, w->q, true);
    for (int equal = w->n; from && equal >= 0; equal--) {
        sql_add(s, equal == w->n ? " AND (" : " OR ");
        sql_add(s, "(");
        add_cut(w, equal);
        sql_add(s, equal == 0 ? "))" : ")");
    }
    sql_add(s, " OFFSET 0) f");
    query_order(s, w->keys, w->n, 0, w->id_desc);
    sql_addf(s, " LIMIT %d", w->rows);
    if (w->page->kind == PAGE_offset) {
        sql_add(s, " OFFSET ");
        sql_int(s, w->page->offset);
    }
}

/* Beyond the cursor by one key, worded so that the index is entered at its
 * value. */
static void add_cut_of_one(struct writer *w)
{
    const struct query_key *k = &w->keys[0];
    struct sql *s = w->s;
    if (!k->value)
        return;
    sql_addf(s, " AND %s %s ", k->column, k->desc ? "<=" : ">=");
    query_key_value(s, k);
    sql_add(s, " AND (");
    query_key_add(s, k);
    sql_add(s, k->desc ? " < " : " > ");
    query_key_value(s, k);
    sql_add(s, w->id_desc ? " OR id < " : " OR id > ");
    sql_int(s, w->page->cursor.id);
    sql_add(s, ")");
}

/* One way into the scope; along its index, or fetched where it has none that
 * is in this order. */
static void add_branch(struct writer *w, int at)
{
    struct sql *s = w->s;
    const struct question *q = w->q;
    bool sorted = scope_branch_is_sorted(q->scopes, at, w->keys[0].field->id);
    segment_open(w);
    sql_addf(s, sorted ? "SELECT * FROM %s" : "SELECT * FROM (SELECT * FROM %s",
             q->entity->table);
    query_live(s, q);
    sql_add(s, " AND ");
    scope_branch(s, q->rights, q->scopes, at);
    query_wanted(s, q, true);
    add_cut_of_one(w);
    if (!sorted)
        sql_add(s, " OFFSET 0) f");
    segment_close(w, 0);
}

static void add_branches(struct writer *w)
{
    sql_addf(w->s, "SELECT %s FROM (", w->list);
    for (int i = 0; i < scope_branches(w->q->scopes); i++)
        add_branch(w, i);
    sql_add(w->s, ") b");
    query_order(w->s, w->keys, w->n, 0, w->id_desc);
    sql_addf(w->s, " LIMIT %d", w->rows);
}

/* The n-th row: the ids first, which an index alone can tell, then the rows.
 * Steps are not cut inside, since what is skipped must be counted. */
static void add_offset(struct writer *w)
{
    struct sql *s = w->s;
    const char *table = w->q->entity->table;
    bool steps = w->n && w->keys[0].steps;
    sql_addf(s, "SELECT %s FROM %s JOIN (SELECT ", w->list, table);
    if (steps) {
        const struct query_steps *all = w->keys[0].steps;
        const char **values =
            arena_array(s->arena, (size_t)all->n + 1, sizeof *values);
        int n = steps_left(w, values);
        sql_add(s, "r.id FROM unnest(");
        sql_value(s, list_join(s->arena, values, (size_t)n),
                  all->type[0] == 't' ? "text[]" : "bigint[]");
        sql_add(s, ") v(k) CROSS JOIN LATERAL (SELECT ");
    }
    sql_addf(s, "id FROM %s", table);
    query_live(s, w->q);
    query_rest(s, w->q, false);
    if (steps)
        sql_addf(s, " AND %s = v.k", w->keys[0].column);
    query_order(s, w->keys, w->n, steps ? 1 : 0, w->id_desc);
    sql_add(s, steps ? ") r OFFSET " : " OFFSET ");
    sql_int(s, w->page->offset);
    sql_addf(s, " LIMIT %d) o USING (id)", w->rows);
    query_order(s, w->keys, w->n, 0, w->id_desc);
}

void query_page(struct sql *s, const struct question *q, const struct page *p,
                enum query_mode mode, struct query_layout *out)
{
    static void (*const writers[])(struct writer *) = {
        [QUERY_walk] = add_segments,
        [QUERY_bounded] = add_bounded,
        [QUERY_fetch] = add_fetch,
        [QUERY_branches] = add_branches,
    };
    struct query_columns columns;
    query_columns(q, &columns);
    *out = columns.layout;
    struct writer w = {.s = s, .q = q, .page = p, .list = columns.list};
    w.rows = p->limit + 1;
    w.n = query_keys(q, p, w.keys, &w.id_desc);
    query_wrap_open(s, q, &columns);
    if (p->kind == PAGE_offset && mode != QUERY_fetch)
        add_offset(&w);
    else
        writers[mode](&w);
    query_wrap_close(s, &columns);
}
