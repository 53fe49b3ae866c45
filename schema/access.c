/* The default matrix, the vocabulary of rights, and the C back end of scope
 * and field classes. */
#include "schema/access.h"
#include "common/i18n.h"

#include <stdlib.h>
#include <string.h>

const struct action_row action_rows[ACTIONS] = {
#define ACTION(cid, wire, takes_scope, text, about)                            \
    {.id = wire, .scoped = takes_scope, .label = text, .help = about},
#include "schema/action.def"
#undef ACTION
};

const struct role_row role_rows[ROLES] = {
#define ROLE(rid, zh, text, about) {.id = #rid, .label = text, .help = about},
#include "schema/role.def"
#undef ROLE
};

/* The columns of matrix.def in the order of role.def. */
#define COLUMNS(index, prefix, s, sm, sd, pm, pd, o, f)                        \
    [ROLE_sales][index] = prefix##s, [ROLE_sales_manager][index] = prefix##sm, \
    [ROLE_sales_director][index] = prefix##sd,                                 \
    [ROLE_project_manager][index] = prefix##pm,                                \
    [ROLE_project_director][index] = prefix##pd,                               \
    [ROLE_optimizer][index] = prefix##o, [ROLE_finance][index] = prefix##f,

const enum scope access_default[ROLES][ACTIONS] = {
#define RIGHT(a, s, sm, sd, pm, pd, o, f)                                      \
    COLUMNS(ACTION_##a, SCOPE_, s, sm, sd, pm, pd, o, f)
#define SIGHT(...)
#include "schema/matrix.def"
#undef RIGHT
#undef SIGHT
};

const enum level access_class_default[ROLES][CLASSES] = {
#define RIGHT(...)
#define SIGHT(c, s, sm, sd, pm, pd, o, f)                                      \
    COLUMNS(CLASS_##c, LEVEL_, s, sm, sd, pm, pd, o, f)
#include "schema/matrix.def"
#undef RIGHT
#undef SIGHT
};

static const char *const scope_ids[SCOPES] = {
#define SCOPE(id, code, zh, label) [SCOPE_##id] = code,
#include "schema/scope.def"
#undef SCOPE
};

static const char *const level_ids[LEVELS] = {
#define LEVEL(id, code, zh, label) [LEVEL_##id] = code,
#include "schema/level.def"
#undef LEVEL
};

static const char *const class_ids[CLASSES] = {
#define CLASS(id, zh, label) [CLASS_##id] = #id,
#include "schema/class.def"
#undef CLASS
};

static int find(const char *const *ids, int n, const char *id)
{
    for (int i = 0; i < n; i++)
        if (strcmp(ids[i], id) == 0)
            return i;
    return -1;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool sorted_has(const int64_t *ids, int n, int64_t id)
{
    return n > 0 && id != 0 &&
           bsearch(&id, ids, (size_t)n, sizeof(id), compare_ids) != NULL;
}

static bool is_own(const struct rights *r, const struct scope_keys *k)
{
    if (r->user_id == 0) /* an empty key is nobody's */
        return false;
    if (k->owner == r->user_id || k->project_manager == r->user_id ||
        k->optimizer == r->user_id)
        return true;
    for (int i = 0; i < k->nviewers; i++)
        if (k->viewers[i] == r->user_id)
            return true;
    return false;
}

/* Does every row of the scope `narrow` lie in `wide`? */
static bool contains(enum scope wide, enum scope narrow)
{
    return narrow == SCOPE_NOTHING || wide == SCOPE_ALL || wide == narrow ||
           (narrow == SCOPE_OWN && wide != SCOPE_NOTHING);
}

/* May he view rows that he may not edit, by what his roles say together? */
static bool sees_beyond(const struct rights *r)
{
    for (int s = SCOPE_OWN; s < SCOPES; s++) {
        bool held = !rights_has_scope(r, ACTION_customer_view, (enum scope)s);
        for (int w = SCOPE_OWN; w < SCOPES && !held; w++)
            held = rights_has_scope(r, ACTION_customer_edit, (enum scope)w) &&
                   contains((enum scope)w, (enum scope)s);
        if (!held)
            return true;
    }
    return false;
}

static enum level without_writing(enum level l)
{
    return l == LEVEL_WRITE ? LEVEL_READ : l;
}

static void widen(enum level *l, enum level more)
{
    if (more > *l)
        *l = more;
}

int action_find(const char *id)
{
    for (int i = 0; i < ACTIONS; i++)
        if (strcmp(action_rows[i].id, id) == 0)
            return i;
    return -1;
}

int role_find(const char *id)
{
    for (int i = 0; i < ROLES; i++)
        if (strcmp(role_rows[i].id, id) == 0)
            return i;
    return -1;
}

int scope_find(const char *id)
{
    return find(scope_ids, SCOPES, id);
}

int level_find(const char *id)
{
    return find(level_ids, LEVELS, id);
}

int class_find(const char *id)
{
    return find(class_ids, CLASSES, id);
}

const char *scope_id(enum scope s)
{
    return scope_ids[s];
}

const char *level_id(enum level l)
{
    return level_ids[l];
}

const char *class_id(enum field_class c)
{
    return class_ids[c];
}

void rights_unite(struct rights *r, enum action a, enum scope s)
{
    r->scopes[a] |= 1u << s;
    if (s > r->scope[a])
        r->scope[a] = s;
}

void rights_unite_level(struct rights *r, enum field_class c, enum level l)
{
    widen(&r->level[c], l);
    widen(&r->seen[c], without_writing(l));
}

void rights_unite_role(struct rights *r, const enum scope scope[ACTIONS],
                       const enum level level[CLASSES])
{
    for (int a = 0; a < ACTIONS; a++)
        rights_unite(r, (enum action)a, scope[a]);
    for (int c = 0; c < CLASSES; c++) {
        widen(&r->level[c], level[c]);
        if (!contains(scope[ACTION_customer_edit], scope[ACTION_customer_view]))
            widen(&r->seen[c], without_writing(level[c]));
    }
}

bool rights_has_scope(const struct rights *r, enum action a, enum scope s)
{
    return ((r->scopes[a] | 1u << r->scope[a]) & 1u << s) != 0;
}

bool rights_may(const struct rights *r, const char *action)
{
    if (action == NULL)
        return r->admin;
    if (strcmp(action, "*") == 0)
        return true;
    int a = action_find(action);
    return a >= 0 && r->scope[a] > SCOPE_NOTHING;
}

bool access_in_scope(const struct rights *r, enum action a,
                     const struct scope_keys *k)
{
    if (r->scope[a] == SCOPE_NOTHING || (k->only && k->only != r->user_id))
        return false;
    if (r->scope[a] == SCOPE_ALL || is_own(r, k))
        return true;
    return (rights_has_scope(r, a, SCOPE_TEAM) &&
            sorted_has(r->team, r->nteam, k->owner)) ||
           (rights_has_scope(r, a, SCOPE_DEPARTMENT) &&
            sorted_has(r->units, r->nunits, k->service_team));
}

enum level access_field(const struct rights *r, const struct field *f,
                        bool editable)
{
    if (f->flags & (F_HIDDEN | F_SECRET))
        return LEVEL_HIDDEN;
    if (editable)
        return r->level[f->klass];
    return sees_beyond(r) ? r->seen[f->klass]
                          : without_writing(r->level[f->klass]);
}
