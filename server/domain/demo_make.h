/* Inside of the demo data: random numbers, the agency, one customer. All of
 * it computes in memory; demo.c brings it to the database. */
#ifndef SERVER_DOMAIN_DEMO_MAKE_H
#define SERVER_DOMAIN_DEMO_MAKE_H

#include "schema/access.h"
#include "schema/field.h"

struct arena;

/* --- random numbers: splitmix64, a stream of its own for each record, so
 * that a record does not depend on how many there are --- */

struct demo_random {
    uint64_t state;
};

struct demo_random demo_random(uint64_t seed, uint64_t stream, uint64_t index);
uint64_t demo_next(struct demo_random *r);
/* 0 … n-1; n > 0 */
uint64_t demo_below(struct demo_random *r, uint64_t n);
/* As demo_below, small numbers more often than large ones. */
uint64_t demo_low(struct demo_random *r, uint64_t n);
bool demo_chance(struct demo_random *r, unsigned percent);
/* One of the codes of an option list; NULL where the list is empty. */
const char *demo_option(struct demo_random *r, const char *list);
/* A full name; `*latin` gets its pinyin in one word ("wangfang"). */
const char *demo_person_name(struct demo_random *r, struct arena *a,
                             const char **latin);
const char *demo_mobile(struct demo_random *r, struct arena *a);

/* --- the agency --- */

struct demo_unit {
    const char *name, *kind;
    int64_t parent, manager; /* 0: none */
};

struct demo_user {
    const char *login, *name, *email, *phone;
    int64_t unit;
    unsigned roles; /* 1 << ROLE_… */
    bool admin;
};

/* A project group as customers see it. */
struct demo_group {
    int64_t unit;
    int64_t project_manager;
    int64_t optimizer[4];
    int noptimizers;
};

/* Ids are positions + 1. */
struct demo_agency {
    struct demo_unit *units;
    struct demo_user *users;
    struct demo_group *groups;
    int64_t *sellers; /* ids of those who own customers */
    int nunits, nusers, ngroups, nsellers, ntags;
};

/* A company, departments, teams, project groups, at least one user per role
 * named as the role, and `users` users in all (20 or more). */
void demo_agency(struct arena *a, uint64_t seed, int users,
                 const char *peer_user, struct demo_agency *out);

/* --- customers --- */

#define DEMO_CONTACTS 3

struct demo_world {
    const struct demo_agency *agency;
    uint64_t seed;
    int32_t today; /* days */
};

struct demo_contacts {
    int n; /* the first is the primary one */
    int64_t id[DEMO_CONTACTS];
    const char *value[DEMO_CONTACTS][CONTACT_FIELDS];
};

/* What all of a customer's records lean on: name, place, people, dates and
 * state, by field index; the rest is NULL. */
void demo_base(struct arena *a, const struct demo_world *w, int64_t index,
               const char *values[CUSTOMER_FIELDS]);
/* The customer number `index` (0 …, its id is index + 1) as canonical values
 * by field index, computed columns included, and its contacts. */
void demo_customer(struct arena *a, const struct demo_world *w, int64_t index,
                   const char *values[CUSTOMER_FIELDS],
                   struct demo_contacts *contacts);
/* The same contacts alone, in a fraction of the time. */
void demo_contacts(struct arena *a, const struct demo_world *w, int64_t index,
                   struct demo_contacts *out);

/* --- the log of its life cycle --- */

#define DEMO_MOVES 6 /* at most */

struct demo_moves {
    int n;
    const char *value[DEMO_MOVES][LIFE_LOG_FIELDS];
};

void demo_life(struct arena *a, const struct demo_world *w, int64_t index,
               struct demo_moves *out);

/* --- its other children --- */

#define DEMO_CUSTOMERS_WITH_CHILDREN 6000 /* spread over all, at most */
#define DEMO_ROWS                    3    /* of one kind, at most */
#define DEMO_FIELDS                  48

struct making;
struct demo_child {
    const struct entity *entity;
    void (*make)(struct making *m, int at);
    int customer_id; /* index of the field */
};
extern const struct demo_child demo_children[];
extern const int demo_child_count;

struct demo_rows {
    int n;
    const char *value[DEMO_ROWS][DEMO_FIELDS]; /* by field index */
};

void demo_child_rows(struct arena *a, const struct demo_world *w, int64_t index,
                     const struct demo_child *child, struct demo_rows *out);

#endif
