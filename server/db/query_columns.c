/* What a statement selects: the distinct columns of an answer, and what is
 * looked up beside the rows it found. */
#include "common/mem.h"
#include "schema/type.h"
#include "server/db/query_parts.h"
#include "server/domain/scope.h"
#include "server/domain/sight.h"

#include <string.h>

#define COLUMNS_MAX 256

struct picker {
    const char *names[COLUMNS_MAX];
    int n;
};

static int pick(struct picker *p, const char *name)
{
    for (int i = 0; i < p->n; i++)
        if (strcmp(p->names[i], name) == 0)
            return i;
    p->names[p->n] = name;
    return p->n++;
}

/* The entity a reference's name has to be fetched from, or NULL. */
static const struct entity *name_source(const struct field *f)
{
    const struct entity *e = f->ref ? entity_find(f->ref) : NULL;
    bool one = strcmp(f->type->sql, "bigint") == 0;
    return e && one && !(e->flags & E_CACHED) ? e : NULL;
}

static const char *join(struct arena *a, const struct picker *p)
{
    size_t len = 1;
    for (int i = 0; i < p->n; i++)
        len += strlen(p->names[i]) + 2;
    char *out = arena_alloc(a, len);
    char *at = out;
    for (int i = 0; i < p->n; i++) {
        if (i)
            at = stpcpy(at, ", ");
        at = stpcpy(at, p->names[i]);
    }
    return out;
}

void query_columns(const struct question *q, struct query_columns *out)
{
    if (q->sight) {
        *out = q->sight->query;
        return;
    }
    struct picker p = {.n = 0};
    struct arena *a = q->arena;
    int *column = arena_array(a, (size_t)q->ncolumns + 1, sizeof *column);
    int *name = arena_array(a, (size_t)q->ncolumns + 1, sizeof *name);
    pick(&p, "id");
    pick(&p, q->entity->flags & E_APPEND ? "0 AS version" : "version");
    for (int i = 0; i < q->ncolumns; i++)
        column[i] = pick(&p, q->columns[i]->id);
    for (int i = 0; i < q->nsort; i++) {
        char twin[64];
        field_sort_column(q->sort[i].field, twin);
        out->layout.key[i] = pick(&p, arena_strdup(a, twin));
    }
    out->list = join(a, &p);
    int n = p.n;
    for (int i = 0; i < q->ncolumns; i++)
        name[i] = name_source(q->columns[i]) ? n++ : -1;
    out->layout.column = column;
    out->layout.name = name;
    out->layout.editable = q->ask_editable ? n++ : -1;
    out->extras = n - p.n;
}

void query_wrap_open(struct sql *s, const struct question *q,
                     const struct query_columns *c)
{
    if (!c->extras)
        return;
    sql_add(s, "SELECT q.*");
    for (int i = 0; i < q->ncolumns; i++) {
        const struct entity *e = name_source(q->columns[i]);
        if (e)
            sql_addf(s, ", (SELECT %s FROM %s WHERE id = q.%s)", e->title,
                     e->table, q->columns[i]->id);
    }
    if (q->ask_editable) {
        sql_add(s, ", (SELECT ");
        scope_where(s, q->entity, "x.", q->rights, q->edit_scopes);
        sql_addf(s, " FROM %s x WHERE x.id = q.id)", q->entity->table);
    }
    sql_add(s, " FROM (");
}

void query_wrap_close(struct sql *s, const struct query_columns *c)
{
    if (c->extras)
        sql_add(s, ") q");
}
