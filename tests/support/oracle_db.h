/* A database with demo data as the oracle sees it: who is who, and whose the
 * customers are, read with SQL past the daemon. */
#ifndef TESTS_SUPPORT_ORACLE_DB_H
#define TESTS_SUPPORT_ORACLE_DB_H

#include "common/err.h"
#include "tests/support/oracle.h"

struct daemon;

#define ORACLE_VIEWERS 4

struct oracle_customer {
    int64_t id, version, contact, contact_version;
    struct oracle_row row;
    int64_t viewers[ORACLE_VIEWERS];
    bool contracted;   /* or further; not churned */
    const char *name;  /* these belong to the database's JSON */
    const char *phone; /* of the primary contact */
};

/* Somebody whose rights are looked at. */
struct oracle_person {
    const char *login;
    struct oracle_user *user;
};

#define ORACLE_PEOPLE 14

struct oracle_db {
    struct oracle_world world;
    struct oracle_unit *units;
    struct oracle_user *users;
    struct oracle_customer *customers;
    int ncustomers;
    struct oracle_person people[ORACLE_PEOPLE];
    int npeople;
    cJSON *json[3]; /* what was read */
};

/* Spreads the customers over everybody, gives some people two roles and one
 * a grant in person, so that own, team, department and foreign rows come up
 * for all of them. Before the daemon starts. */
void oracle_db_scatter(const struct daemon *d);
void oracle_db_load(struct oracle_db *o, const struct daemon *d);
void oracle_db_free(struct oracle_db *o);

#endif
