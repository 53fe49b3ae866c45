/* Everybody's rights: the roles of a person united over the matrix in force,
 * the personal grants, and the parts of the organisation behind the scopes
 * `team` and `department` (ACC-02, ACC-03). */
#include "schema/type.h"
#include "server/domain/directory_parts.h"

#include <stdlib.h>
#include <string.h>

#define TREE_DEPTH 64 /* a loop in the tree ends here */

struct matrix {
    enum scope scope[ROLES][ACTIONS];
    enum level level[ROLES][CLASSES];
};

static bool load_matrix(struct matrix *m, struct db_conn *c, struct err *e)
{
    PGresult *res = directory_query(
        c, "SELECT role, kind, subject, value FROM role_right", e);
    if (!res)
        return false;
    for (int i = 0; i < PQntuples(res); i++) {
        int role = role_find(db_text(res, i, 0));
        bool is_class = strcmp(db_text(res, i, 1), "class") == 0;
        const char *subject = db_text(res, i, 2);
        const char *value = db_text(res, i, 3);
        int at = is_class ? class_find(subject) : action_find(subject);
        int to = is_class ? level_find(value) : scope_find(value);
        if (role < 0 || at < 0 || to < 0)
            continue; /* left by a later version: grants nothing */
        if (is_class)
            m->level[role][at] = (enum level)to;
        else
            m->scope[role][at] = (enum scope)to;
    }
    PQclear(res);
    return true;
}

static const struct dir_unit *unit_find(const struct directory *d, int64_t id)
{
    for (int i = 0; i < d->nunits; i++)
        if (d->units[i].id == id)
            return &d->units[i];
    return NULL;
}

/* The first unit from here upwards that `want` accepts, or NULL. */
static const struct dir_unit *
unit_up(const struct directory *d, int64_t id,
        bool (*want)(const struct dir_unit *u, int64_t x), int64_t x)
{
    const struct dir_unit *u = unit_find(d, id);
    for (int i = 0; u && i < TREE_DEPTH; i++) {
        if (want(u, x))
            return u;
        u = unit_find(d, u->parent);
    }
    return NULL;
}

static bool is_department(const struct dir_unit *u, int64_t x)
{
    (void)x;
    return strcmp(u->kind, "department") == 0;
}

static bool is_managed_by(const struct dir_unit *u, int64_t user)
{
    return u->manager == user;
}

static bool is_unit(const struct dir_unit *u, int64_t id)
{
    return u->id == id;
}

static bool manages(const struct directory *d, int64_t user)
{
    for (int i = 0; i < d->nunits; i++)
        if (d->units[i].manager == user)
            return true;
    return false;
}

/* The people in the units I manage and below, and myself; people are sorted
 * by id, hence so is the team. */
static void find_team(struct directory *d, struct rights *r)
{
    int64_t me = r->user_id;
    bool leads = manages(d, me);
    int64_t *team =
        arena_array(d->arena, leads ? (size_t)d->npeople : 1, sizeof *team);
    for (int i = 0; i < d->npeople; i++) {
        const struct directory_user *u = &d->people[i].user;
        if (u->id == me || (leads && unit_up(d, u->unit, is_managed_by, me)))
            team[r->nteam++] = u->id;
    }
    r->team = team;
}

/* The units of the department that `unit` belongs to. Who stands outside of
 * every department, at the company itself, has none: his unit's subtree would
 * be everything. */
static void find_units(struct directory *d, struct rights *r, int64_t unit)
{
    const struct dir_unit *top = unit_up(d, unit, is_department, 0);
    if (!top)
        return;
    int64_t *units = arena_array(d->arena, (size_t)d->nunits, sizeof *units);
    for (int i = 0; i < d->nunits; i++)
        if (unit_up(d, d->units[i].id, is_unit, top->id))
            units[r->nunits++] = d->units[i].id;
    r->units = units;
}

static bool is_team(const struct dir_unit *u, int64_t x)
{
    (void)x;
    return strcmp(u->kind, "team") == 0;
}

/* The team that a unit is a part of, or the unit itself; 0: no unit. */
static int64_t team_of(const struct directory *d, int64_t unit)
{
    const struct dir_unit *team = unit_up(d, unit, is_team, 0);
    return team ? team->id : unit;
}

/* Those whose team the people of `unit` are in: who belong to the same one,
 * and who manage it or a part of the tree above. */
static void find_mates(struct directory *d, struct rights *r, int64_t unit)
{
    int64_t team = team_of(d, unit);
    if (!team)
        return;
    int64_t *mates = arena_array(d->arena, (size_t)d->npeople, sizeof *mates);
    for (int i = 0; i < d->npeople; i++) {
        const struct directory_user *u = &d->people[i].user;
        if (d->people[i].team == team || unit_up(d, unit, is_managed_by, u->id))
            mates[r->nmates++] = u->id;
    }
    r->mates = mates;
}

/* Colleagues of one unit share the lists. */
static void share_units(struct directory *d, int at)
{
    const struct dir_person *p = &d->people[at];
    for (int i = 0; i < at; i++) {
        const struct dir_person *other = &d->people[i];
        if (other->rights && other->user.unit == p->user.unit) {
            p->rights->units = other->rights->units;
            p->rights->nunits = other->rights->nunits;
            p->rights->mates = other->rights->mates;
            p->rights->nmates = other->rights->nmates;
            return;
        }
    }
    find_units(d, p->rights, p->user.unit);
    find_mates(d, p->rights, p->user.unit);
}

static void unite(struct directory *d, const struct matrix *m, int at)
{
    struct dir_person *p = &d->people[at];
    struct rights *r = arena_alloc(d->arena, sizeof *r);
    r->user_id = p->user.id;
    r->admin = p->user.admin;
    r->roles = p->user.roles;
    for (int i = 0; i < ROLES; i++)
        if (r->roles & 1u << i)
            rights_unite_role(r, m->scope[i], m->level[i]);
    p->rights = r;
    find_team(d, r);
    share_units(d, at);
}

static bool load_grants(struct directory *d, struct db_conn *c, struct err *e)
{
    PGresult *res = directory_query(
        c,
        "SELECT user_id, field_class, level FROM user_class_grant"
        " WHERE until IS NULL OR until >= current_date",
        e);
    if (!res)
        return false;
    for (int i = 0; i < PQntuples(res); i++) {
        int64_t user = db_int(res, i, 0);
        int klass = class_find(db_text(res, i, 1));
        int level = level_find(db_text(res, i, 2));
        struct rights *r = NULL;
        for (int k = 0; k < d->npeople; k++)
            if (d->people[k].user.id == user)
                r = d->people[k].rights;
        if (r && klass >= 0 && level >= 0)
            rights_unite_level(r, (enum field_class)klass, (enum level)level);
    }
    PQclear(res);
    return true;
}

bool directory_load_rights(struct directory *d, struct db_conn *c,
                           struct err *e)
{
    struct matrix m = {0};
    if (!load_matrix(&m, c, e))
        return false;
    for (int i = 0; i < d->npeople; i++)
        d->people[i].team = team_of(d, d->people[i].user.unit);
    for (int i = 0; i < d->npeople; i++)
        if (!d->people[i].user.disabled)
            unite(d, &m, i);
    return load_grants(d, c, e);
}
