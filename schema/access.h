/* Who may do what: actions, roles, scopes, field classes and the default
 * matrix (requirements, "Roles and access"). The daemon reads the matrix in
 * force from its database; this is its seed and its vocabulary. */
#ifndef SCHEMA_ACCESS_H
#define SCHEMA_ACCESS_H

#include "schema/field.h"

enum action {
#define ACTION(id, wire, scoped, label, help) ACTION_##id,
#include "schema/action.def"
#undef ACTION
    ACTIONS
};

enum role {
#define ROLE(id, zh, label, help) ROLE_##id,
#include "schema/role.def"
#undef ROLE
    ROLES
};

/* SCOPE_NOTHING, SCOPE_OWN, SCOPE_TEAM, SCOPE_DEPARTMENT, SCOPE_ALL: ordered
 * by width. `own` is in all of them; `team` and `department` are two ways to
 * look, neither contains the other. */
enum scope {
#define SCOPE(id, code, zh, label) SCOPE_##id,
#include "schema/scope.def"
#undef SCOPE
    SCOPES
};

/* What a role may do with a class of fields: LEVEL_HIDDEN, LEVEL_MASKED,
 * LEVEL_CONTRACT, LEVEL_READ, LEVEL_WRITE, ordered by width. READ and WRITE
 * hold in the view and in the edit scope. CONTRACT (finance only): contract
 * amounts but neither cost nor profit. */
enum level {
#define LEVEL(id, code, zh, label) LEVEL_##id,
#include "schema/level.def"
#undef LEVEL
    LEVELS
};

struct action_row {
    const char *id; /* "customer.view" */
    bool scoped;    /* takes a scope; else yes (SCOPE_ALL) or no */
    const char *label, *help;
};
struct role_row {
    const char *id;
    const char *label, *help;
};
extern const struct action_row action_rows[ACTIONS];
extern const struct role_row role_rows[ROLES];
extern const enum scope access_default[ROLES][ACTIONS];
extern const enum level access_class_default[ROLES][CLASSES];

int action_find(const char *id); /* -1 */
int role_find(const char *id);   /* -1 */
int scope_find(const char *id);  /* -1 */
int level_find(const char *id);  /* -1 */
int class_find(const char *id);  /* -1 */
const char *scope_id(enum scope s);
const char *level_id(enum level l);
const char *class_id(enum field_class c);

/* The rights of one person, united over his roles: an immutable snapshot. */
struct rights {
    int64_t user_id;
    unsigned roles; /* 1 << ROLE_… */
    bool admin;
    enum scope scope[ACTIONS]; /* the widest of his roles */
    /* 1 << SCOPE_… of every role, since a union of team and department is
     * neither; 0 stands for just `scope`. rights_unite fills both. */
    unsigned scopes[ACTIONS];
    enum level level[CLASSES];
    /* The same on rows he may view and not edit: what those of his roles give
     * that view more than they edit. Otherwise finance, who may view every
     * customer, would read every phone by being a sales person for a few. */
    enum level seen[CLASSES];
    const int64_t *team; /* users in the parts of the tree I manage, sorted,
                            myself included */
    int nteam;
    const int64_t *mates; /* users whose team I am in, who share with it what
                             I may see; sorted */
    int nmates;
    const int64_t *units; /* org units of my department's subtree, sorted */
    int nunits;
};

/* Adds what one more role allows. */
void rights_unite_role(struct rights *r, const enum scope scope[ACTIONS],
                       const enum level level[CLASSES]);
/* Adds one action, or one class (a personal grant), wherever he may look. */
void rights_unite(struct rights *r, enum action a, enum scope s);
void rights_unite_level(struct rights *r, enum field_class c, enum level l);
/* True where the action reaches that scope for him, by any of his roles. */
bool rights_has_scope(const struct rights *r, enum action a, enum scope s);
/* May he do it at all, somewhere? "*" is everybody, NULL administrators;
 * an unknown id is refused. */
bool rights_may(const struct rights *r, const char *action);

/* The scope keys of a customer row. */
struct scope_keys {
    int64_t owner, project_manager, optimizer, service_team; /* 0: none */
    const int64_t *viewers; /* by ad-account grants */
    int nviewers;
    int64_t only; /* the one person who may see it at all; 0: no such bound */
};

/* The C back end of scope: is the row inside? (The SQL back end is
 * server/domain/scope.c; one oracle holds both.) */
bool access_in_scope(const struct rights *r, enum action a,
                     const struct scope_keys *k);
/* What this person may do with a field of a row he may view; `editable`:
 * the row is also in his edit scope. With false it is what holds on every
 * row he sees: LEVEL_READ there is what filter, sort and search need.
 * F_READONLY and its like are not rights and not looked at here; F_HIDDEN and
 * F_SECRET are hidden from all. */
enum level access_field(const struct rights *r, const struct field *f,
                        bool editable);

#endif
