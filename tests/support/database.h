/* Databases of tests in the private cluster: copies of migrated templates,
 * one for each build of kehud and kind of content. */
#ifndef TESTS_SUPPORT_DATABASE_H
#define TESTS_SUPPORT_DATABASE_H

#include <stdint.h>

enum database_content {
    DATABASE_bare,     /* nothing at all, not even migrated */
    DATABASE_migrated, /* migrated and seeded */
    DATABASE_demo      /* with the demo organisation and `customers` */
};

/* The folder of the private cluster, with its socket; started where it does
 * not run yet, for a test program that is run by hand. */
const char *database_cluster(void);
/* "host=… dbname=… user=…" */
void database_conninfo(char out[256], const char *name, const char *user);
/* A new database of this content, owned by kehu_owner. */
void database_create(char name[64], enum database_content content,
                     int customers);
void database_drop(const char *name);
/* Runs SQL; the first value of the first row ("" for NULL or no row), which
 * the caller frees. An error fails the test. */
char *database_sql(const char *conninfo, const char *sql);

#endif
