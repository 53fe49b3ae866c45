/* How many customers hold a value, and how frequent a gram is: what the
 * choice of plans needs, read from the statistics PostgreSQL keeps anyway. */
#include "schema/type.h"
#include "server/domain/directory_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A table that was never analysed has no estimate; its size gives one. */
static const char rows_sql[] =
    "SELECT CASE WHEN reltuples >= 0 THEN reltuples"
    " ELSE pg_relation_size(oid) / 600 END::bigint"
    " FROM pg_class WHERE oid = 'customer'::regclass";

/* One row a frequent value, and one a column (value NULL) for what each of
 * the other values has on average. A list counts by its elements. */
static const char counts_sql[] =
    "WITH s AS (SELECT attname, n_distinct, null_frac, most_common_freqs f,"
    "  most_common_vals::text::text[] v, most_common_elem_freqs ef,"
    "  most_common_elems::text::text[] ev"
    "  FROM pg_stats WHERE schemaname = current_schema"
    "  AND tablename = 'customer' AND attname <> 'search_grams')"
    " SELECT attname, u.value, u.freq FROM s, unnest("
    "  CASE WHEN ev IS NULL THEN v ELSE ev END,"
    "  CASE WHEN ev IS NULL THEN f ELSE ef END) u(value, freq)"
    " WHERE u.value IS NOT NULL"
    " UNION ALL"
    " SELECT attname, NULL, CASE WHEN ev IS NOT NULL THEN coalesce("
    "   ef[array_length(ev, 1) + 1], 0)"
    "  ELSE greatest(0, 1 - null_frac - coalesce("
    "   (SELECT sum(x) FROM unnest(f) x), 0))"
    "   / greatest(1, (CASE WHEN n_distinct < 0 THEN -n_distinct * $1::bigint"
    "     ELSE n_distinct END) - coalesce(array_length(f, 1), 0)) END"
    " FROM s";

static const char ranges_sql[] =
    "SELECT attname, histogram_bounds::text, (1 - null_frac - coalesce("
    "  (SELECT sum(x) FROM unnest(most_common_freqs) x), 0))"
    "  / (array_length(histogram_bounds::text::text[], 1) - 1)"
    " FROM pg_stats s JOIN pg_attribute a USING (attname)"
    " WHERE s.schemaname = current_schema AND s.tablename = 'customer'"
    " AND a.attrelid = 'customer'::regclass"
    " AND a.atttypid IN ('date'::regtype, 'timestamptz'::regtype)"
    " AND array_length(histogram_bounds::text::text[], 1) > 1";

static const char grams_sql[] =
    "SELECT u.gram, u.freq FROM pg_stats, unnest("
    " most_common_elems::text::int[], most_common_elem_freqs) u(gram, freq)"
    " WHERE schemaname = current_schema AND tablename = 'customer'"
    " AND attname = 'search_grams' AND u.gram IS NOT NULL"
    " AND u.freq > 0.01 ORDER BY u.gram";

static int compare_count(const void *a, const void *b)
{
    const struct dir_count *x = a;
    const struct dir_count *y = b;
    int by_field = strcmp(x->field, y->field);
    return by_field ? by_field : strcmp(x->value, y->value);
}

static int64_t share_of(const struct dir_stats *s, const char *share)
{
    return (int64_t)ceil(strtod(share, NULL) * (double)s->rows);
}

static bool load_counts(struct directory *d, struct db_conn *c, struct err *e)
{
    struct dir_stats *s = &d->stats;
    const char *rows = arena_printf(d->arena, "%lld", (long long)s->rows);
    struct db_query q = {.sql = counts_sql, .n = 1, .values = &rows};
    PGresult *res = db_exec(c, &q, e);
    if (!res)
        return false;
    s->ncounts = PQntuples(res);
    s->counts =
        arena_array(d->arena, (size_t)s->ncounts + 1, sizeof *s->counts);
    for (int i = 0; i < s->ncounts; i++) {
        const char *value = db_text(res, i, 1);
        s->counts[i] = (struct dir_count){
            .field = arena_strdup(d->arena, db_text(res, i, 0)),
            .value = arena_strdup(d->arena, value ? value : DIR_OTHERS),
            .rows = share_of(s, db_text(res, i, 2))};
    }
    PQclear(res);
    qsort(s->counts, (size_t)s->ncounts, sizeof *s->counts, compare_count);
    return true;
}

static bool load_ranges(struct directory *d, struct db_conn *c, struct err *e)
{
    struct dir_stats *s = &d->stats;
    PGresult *res = directory_query(c, ranges_sql, e);
    if (!res)
        return false;
    size_t n = (size_t)PQntuples(res);
    s->ranges = arena_array(d->arena, n + 1, sizeof *s->ranges);
    for (int i = 0; i < PQntuples(res); i++) {
        struct dir_range *r = &s->ranges[s->nranges];
        r->field = arena_strdup(d->arena, db_text(res, i, 0));
        r->stretch = share_of(s, db_text(res, i, 2));
        if (list_split(d->arena, db_text(res, i, 1), &r->bounds, &r->n))
            s->nranges++;
    }
    PQclear(res);
    return true;
}

static bool load_grams(struct directory *d, struct db_conn *c, struct err *e)
{
    struct dir_stats *s = &d->stats;
    PGresult *res = directory_query(c, grams_sql, e);
    if (!res)
        return false;
    s->ngrams = PQntuples(res);
    s->grams = arena_array(d->arena, (size_t)s->ngrams + 1, sizeof *s->grams);
    for (int i = 0; i < s->ngrams; i++)
        s->grams[i] = (struct dir_gram){(int32_t)db_int(res, i, 0),
                                        share_of(s, db_text(res, i, 1))};
    PQclear(res);
    return true;
}

bool directory_load_stats(struct directory *d, struct db_conn *c, struct err *e)
{
    PGresult *res = directory_query(c, rows_sql, e);
    if (!res)
        return false;
    d->stats.rows = PQntuples(res) ? db_int(res, 0, 0) : 0;
    PQclear(res);
    return load_counts(d, c, e) && load_ranges(d, c, e) && load_grams(d, c, e);
}
