/* Scope as SQL: one table says by which columns of a customer a person is
 * let in, and by which scopes. Children are let in by their customer. */
#include "server/domain/scope.h"

#include "common/mem.h"
#include "schema/type.h"
#include "server/domain/directory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whose ids a column must hold. */
enum who { WHO_me, WHO_team, WHO_units };

#define BIT(scope) (1u << SCOPE_##scope)
#define ANY_OWN    (BIT(OWN) | BIT(TEAM) | BIT(DEPARTMENT))

/* One way into a scope; any scope of `opens` opens it, any of `shuts` makes
 * it superfluous. A wider scope contains `own`. `sorted`: the fields by which
 * an index on the column goes on (the drift test looks for them). */
static const struct way {
    const char *column;
    enum who who;
    unsigned opens, shuts;
    bool list; /* the column is an array */
    const char *sorted[2];
} ways[] = {
    {"owner",
     WHO_me,
     ANY_OWN,
     BIT(TEAM),
     false,
     {"updated_at", "customer_name"}},
    {"owner", WHO_team, BIT(TEAM), 0, false, {"updated_at", "customer_name"}},
    {"project_manager", WHO_me, ANY_OWN, 0, false, {"updated_at"}},
    {"optimizer", WHO_me, ANY_OWN, 0, false, {"updated_at"}},
    {"service_team", WHO_units, BIT(DEPARTMENT), 0, false, {"updated_at"}},
    {"viewers", WHO_me, ANY_OWN, 0, true, {NULL}},
};
#define WAYS (sizeof ways / sizeof *ways)

const char *const scope_columns[] = {"owner", "project_manager", "optimizer",
                                     "service_team", "viewers"};

/* The ids a way lets in; *n of them. */
static const int64_t *way_ids(const struct way *w, const struct rights *r,
                              int *n)
{
    const int64_t *const ids[] = {&r->user_id, r->team, r->units};
    const int counts[] = {1, r->nteam, r->nunits};
    *n = counts[w->who];
    return ids[w->who];
}

static bool way_open(const struct way *w, unsigned set)
{
    return (set & w->opens) && !(set & w->shuts);
}

static void add_way(struct sql *s, const struct way *w, const char *prefix,
                    const struct rights *r)
{
    int n;
    const int64_t *ids = way_ids(w, r, &n);
    sql_addf(s, "%s%s ", prefix, w->column);
    if (w->list) {
        sql_add(s, "@> ");
        sql_ints(s, ids, n);
    } else if (n == 1) {
        sql_add(s, "= ");
        sql_int(s, ids[0]);
    } else {
        sql_add(s, "= ANY(");
        sql_ints(s, ids, n);
        sql_add(s, ")");
    }
}

static void add_customer(struct sql *s, const char *prefix,
                         const struct rights *r, unsigned set)
{
    if (set & BIT(ALL) || !(set & ANY_OWN)) {
        sql_add(s, set & BIT(ALL) ? "true" : "false");
        return;
    }
    const char *join = "(";
    for (size_t i = 0; i < WAYS; i++) {
        if (!way_open(&ways[i], set))
            continue;
        sql_add(s, join);
        add_way(s, &ways[i], prefix, r);
        join = " OR ";
    }
    sql_add(s, ")");
}

/* A child is seen with its customer; those of the trash are not seen. As a
 * join where the planner is free to start from the customers; as a value
 * looked up row by row where rows come in an order that must not be lost. */
static void add_child(struct sql *s, const struct entity *e, const char *prefix,
                      const struct rights *r, unsigned set, bool join)
{
    /* What is private is its author's alone. */
    if (field_find(e, "is_private")) {
        sql_addf(s, "(NOT %sis_private OR %screated_by = ", prefix, prefix);
        sql_int(s, r->user_id);
        sql_add(s, ") AND ");
    }
    sql_addf(s,
             "%s FROM customer c WHERE c.id = %scustomer_id"
             " AND c.deleted_at IS NULL",
             join ? "EXISTS (SELECT 1" : "(SELECT true", prefix);
    if (!(set & BIT(ALL))) {
        sql_add(s, " AND ");
        add_customer(s, "c.", r, set);
    }
    sql_add(s, ")");
}

/* My own rows, and those that others share with everybody or with the team
 * that I belong to. */
static void add_self(struct sql *s, const struct entity *e, const char *prefix,
                     const struct rights *r)
{
    sql_addf(s, "(%suser_id = ", prefix);
    sql_int(s, r->user_id);
    if (field_find(e, "shared")) {
        sql_addf(s,
                 " OR %sshared = 'all' OR (%sshared = 'team' AND"
                 " %suser_id = ANY(",
                 prefix, prefix, prefix);
        sql_ints(s, r->mates, r->nmates);
        sql_add(s, "))");
    }
    sql_add(s, ")");
}

unsigned scope_of(const struct rights *r, const char *action)
{
    if (!action)
        return r->admin ? BIT(ALL) : 0;
    if (strcmp(action, "*") == 0)
        return BIT(ALL);
    int at = action_find(action);
    if (at < 0)
        return 0;
    unsigned set = 0;
    for (int i = SCOPE_OWN; i < SCOPES; i++)
        if (rights_has_scope(r, (enum action)at, (enum scope)i))
            set |= 1u << i;
    return set;
}

static void add_scope(struct sql *s, const struct entity *e, const char *prefix,
                      const struct rights *r, unsigned set, bool join)
{
    if (e->scope == SCOPE_customer)
        add_customer(s, prefix, r, set);
    else if (e->scope == SCOPE_child)
        add_child(s, e, prefix, r, set, join);
    else if (e->scope == SCOPE_self)
        add_self(s, e, prefix, r);
    else
        sql_add(s, e->scope == SCOPE_admin && !r->admin ? "false" : "true");
}

void scope_where(struct sql *s, const struct entity *e, const char *prefix,
                 const struct rights *r, unsigned set)
{
    add_scope(s, e, prefix, r, set, true);
}

void scope_where_each(struct sql *s, const struct entity *e, const char *prefix,
                      const struct rights *r, unsigned set)
{
    add_scope(s, e, prefix, r, set, false);
}

bool scope_narrows(const struct entity *e, const struct rights *r, unsigned set)
{
    if (e->scope == SCOPE_customer)
        return !(set & BIT(ALL));
    return e->scope != SCOPE_none && !(e->scope == SCOPE_admin && r->admin);
}

static const struct way *way_at(unsigned set, int at)
{
    for (size_t i = 0; i < WAYS; i++)
        if (way_open(&ways[i], set) && at-- == 0)
            return &ways[i];
    return NULL;
}

bool scope_index(size_t i, const char **column, const char **field)
{
    *column = i / 2 < WAYS ? ways[i / 2].column : NULL;
    *field = *column ? ways[i / 2].sorted[i % 2] : NULL;
    return *column != NULL;
}

bool scope_branch_is_sorted(unsigned set, int at, const char *field)
{
    const struct way *w = way_at(set, at);
    for (int i = 0; w && i < 2; i++)
        if (w->sorted[i] && strcmp(w->sorted[i], field) == 0)
            return true;
    return false;
}

int scope_branches(unsigned set)
{
    int n = 0;
    while (way_at(set, n))
        n++;
    return n;
}

void scope_branch(struct sql *s, const struct rights *r, unsigned set, int at)
{
    add_way(s, way_at(set, at), "", r);
    for (int i = 0; i < at; i++) {
        sql_add(s, " AND (");
        add_way(s, way_at(set, i), "", r);
        sql_add(s, ") IS NOT TRUE");
    }
}

bool scope_is_single(const struct rights *r, unsigned set)
{
    for (size_t i = 0; i < WAYS; i++) {
        int n;
        way_ids(&ways[i], r, &n);
        if (way_open(&ways[i], set) && n != 1)
            return false;
    }
    return true;
}

static int64_t id_rows(const struct directory *d, const char *column,
                       int64_t id)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, id);
    return directory_rows_value(d, column, text);
}

int64_t scope_rows(const struct directory *d, const struct rights *r,
                   unsigned set)
{
    int64_t all = directory_rows(d);
    if (set & BIT(ALL))
        return all;
    int64_t sum = 0;
    for (size_t i = 0; i < WAYS; i++) {
        int n;
        const int64_t *ids = way_ids(&ways[i], r, &n);
        for (int k = 0; way_open(&ways[i], set) && k < n; k++)
            sum += id_rows(d, ways[i].column, ids[k]);
    }
    return sum < all ? sum : all;
}

void scope_read_keys(struct arena *a, const PGresult *res, int row,
                     const int at[SCOPE_COLUMNS], struct scope_keys *out)
{
    int64_t *const single[] = {&out->owner, &out->project_manager,
                               &out->optimizer, &out->service_team};
    for (int i = 0; i < SCOPE_COLUMNS - 1; i++)
        *single[i] = db_int(res, row, at[i]);
    out->only = 0;
    out->viewers = NULL;
    out->nviewers = 0;
    const char *text = db_text(res, row, at[SCOPE_COLUMNS - 1]);
    const char **items;
    size_t n = 0;
    if (!text || strcmp(text, "{}") == 0 || !list_split(a, text, &items, &n))
        return;
    int64_t *ids = arena_array(a, n ? n : 1, sizeof *ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = strtoll(items[i], NULL, 10);
    out->viewers = ids;
    out->nviewers = (int)n;
}
