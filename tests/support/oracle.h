/* What the requirements ("Roles and access") say about who may do what,
 * written from their words and tables alone: nothing of schema/ or server/ is
 * used here, so that both can be held against it (ACC-02, ACC-03). */
#ifndef TESTS_SUPPORT_ORACLE_H
#define TESTS_SUPPORT_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

enum oracle_role {
    ORACLE_sales,
    ORACLE_sales_manager,
    ORACLE_sales_director,
    ORACLE_project_manager,
    ORACLE_project_director,
    ORACLE_optimizer,
    ORACLE_finance,
    ORACLE_ROLES
};

enum oracle_class {
    ORACLE_public,
    ORACLE_sensitive,
    ORACLE_goal,
    ORACLE_money, /* the class `finance` of the requirements */
    ORACLE_internal,
    ORACLE_CLASSES
};

/* What somebody may do with a field; ordered. */
enum oracle_level {
    ORACLE_HIDDEN,
    ORACLE_MASKED,
    ORACLE_CONTRACT, /* contract amounts, neither cost nor profit */
    ORACLE_READ,
    ORACLE_WRITE,
    ORACLE_LEVELS
};

struct oracle_unit {
    int64_t id, parent; /* 0: the top */
    int64_t manager;    /* user, 0: nobody */
    bool department;
};

struct oracle_user {
    int64_t id, unit;
    unsigned roles; /* 1 << ORACLE_… */
    bool admin;     /* gives no business data by itself */
    /* Granted in person and in force; ORACLE_HIDDEN: nothing. */
    enum oracle_level granted[ORACLE_CLASSES];
};

struct oracle_row {
    int64_t owner, project_manager, optimizer, service_team; /* 0: none */
    const int64_t *viewers; /* by ad-account grants */
    int nviewers;
};

struct oracle_world {
    const struct oracle_unit *units;
    int nunits;
    const struct oracle_user *users;
    int nusers;
};

extern const char *const oracle_role_names[ORACLE_ROLES];
extern const char *const oracle_class_names[ORACLE_CLASSES];
extern const char *const oracle_level_names[ORACLE_LEVELS];
int oracle_role_find(const char *name); /* -1 */

/* The word of the matrix: none, own, team, department, all, yes, no. NULL
 * where the matrix has no such action. */
const char *oracle_word(const char *action, enum oracle_role role);
/* The actions of the matrix, NULL past the last. */
const char *oracle_action(int i);

/* May he do it to this row? (For "yes" actions the row may be NULL.) */
bool oracle_may(const struct oracle_world *w, const struct oracle_user *u,
                const char *action, const struct oracle_row *row);
/* The class a field belongs to. */
enum oracle_class oracle_class_of(const char *entity, const char *field);
/* What the roles and grants give him in a class on this row: the best of
 * those of his roles that let him see the row at all. */
enum oracle_level oracle_level(const struct oracle_world *w,
                               const struct oracle_user *u,
                               const struct oracle_row *row,
                               enum oracle_class c);
/* May he filter, sort and search by a field of the class? Only where he
 * could read it on every row he sees: an answer must not unmask a row. */
bool oracle_may_ask(const struct oracle_user *u, enum oracle_class c);
/* Moves it to "churned": once contracted by the manager or above alone. */
bool oracle_may_let_go(const struct oracle_world *w,
                       const struct oracle_user *u,
                       const struct oracle_row *row, bool contracted);
/* May he write the customer's field by update? `filled`: it has a value now;
 * `contracted`: the customer is contracted or further (6.1.1). */
bool oracle_may_write(const struct oracle_world *w, const struct oracle_user *u,
                      const struct oracle_row *row, const char *field,
                      bool filled, bool contracted);

#endif
