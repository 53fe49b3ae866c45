/* What the files of the directory share: its insides. */
#ifndef SERVER_DOMAIN_DIRECTORY_PARTS_H
#define SERVER_DOMAIN_DIRECTORY_PARTS_H

#include "common/mem.h"
#include "server/domain/directory.h"

#include <stdatomic.h>

/* A row of a cached entity: what a reference to it shows. */
struct dir_ref {
    int64_t id;
    const char *name;
    const char *sort; /* pinyin of the name, for the display order */
};

/* One cached entity: rows by id, and their ids in display order. */
struct dir_cache {
    const char *entity;
    struct dir_ref *rows;
    int64_t *order;
    int n;
};
enum { CACHE_user, CACHE_org_unit, CACHE_tag, CACHES };

struct dir_unit {
    int64_t id, parent, manager;
    const char *kind;
};

/* What quick search compares with a person: folded name, full pinyin,
 * initials and login, a line each. */
struct dir_person {
    struct directory_user user;
    const char *search;
    int64_t team;          /* the unit that is his team; 0: none */
    struct rights *rights; /* NULL where disabled */
};

/* How many customers hold a value of a field. */
struct dir_count {
    const char *field, *value;
    int64_t rows;
};
/* Stands for each value that has no count of its own. */
#define DIR_OTHERS "\001"

struct dir_gram {
    int32_t gram;
    int64_t rows;
};
/* A column of dates or times: bounds of stretches that hold equally many rows
 * beside its most frequent values. ISO text sorts as time does. */
struct dir_range {
    const char *field;
    const char **bounds;
    size_t n;
    int64_t stretch; /* rows between two bounds */
};
struct dir_stats {
    int64_t rows;
    struct dir_range *ranges;
    int nranges;
    struct dir_count *counts; /* sorted by field, value */
    int ncounts;
    struct dir_gram *grams; /* sorted */
    int ngrams;
};

struct dir_names { /* the ctx of struct names */
    const struct directory *directory;
    enum lang lang;
};

struct directory {
    atomic_int refs;
    struct arena *arena;
    int64_t epoch;
    uint64_t loaded; /* clock_mono_ms */
    int32_t day;     /* personal grants end with a day */
    struct dir_cache cache[CACHES];
    struct dir_person *people; /* by id */
    int npeople;
    struct dir_unit *units; /* by id */
    int nunits;
    struct directory_option *options; /* by list, position, code */
    const char **codes;               /* of them, in the same order */
    int noptions;
    struct dir_names names[LANGS];
    struct dir_stats stats;
};

/* Runs a statement without parameters. */
PGresult *directory_query(struct db_conn *c, const char *sql, struct err *e);
/* Everybody's rights, from the roles, the matrix and the personal grants;
 * people and units are loaded already. */
bool directory_load_rights(struct directory *d, struct db_conn *c,
                           struct err *e);
bool directory_load_stats(struct directory *d, struct db_conn *c,
                          struct err *e);

#endif
