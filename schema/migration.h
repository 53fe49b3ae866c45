/* The migrations of schema/migrations, embedded at build time by
 * tools/make_migrations.c and applied by the daemon in order of number. */
#ifndef SCHEMA_MIGRATION_H
#define SCHEMA_MIGRATION_H

struct migration {
    int number;           /* rising, from the name */
    const char *name;     /* "0001_base": the file without its ending */
    const char *sql;      /* the whole text, NUL-terminated */
    const char *checksum; /* SHA-256 of the text, 64 hex digits */
};

extern const struct migration migration_rows[];
extern const int migration_count;

#endif
