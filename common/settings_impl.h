/* What the files settings*.c share: the behaviour of each type of setting,
 * and finding rows. */
#ifndef COMMON_SETTINGS_IMPL_H
#define COMMON_SETTINGS_IMPL_H

#include "common/buf.h"
#include "common/settings.h"

#include <yaml.h>

enum { SETTING_PAIRS_MAX = 1000 };

/* Where a pair of a map comes from; 0 where from no file. */
struct setting_place {
    int line, column;
};

struct setting_type_row {
    /* Text to value; what was in *slot is freed only on success. */
    bool (*parse)(const struct setting *s, const char *text, void *slot);
    bool (*equal)(const void *a, const void *b);
    void (*release)(void *slot); /* NULL where there is nothing to free */
    /* What parse would read. */
    void (*format)(const struct setting *s, const void *slot, struct buf *out);
    /* "a whole number from 1 to 64", in the reader's language. */
    void (*expected)(const struct setting *s, struct buf *out);
};

extern const struct setting_type_row setting_types[];

/* False with the place and the words of libyaml's complaint. */
bool setting_not_yaml(const char *name, const yaml_parser_t *parser,
                      const char *text, size_t len, struct err *e);

/* Appends a pair; false where the map has SETTING_PAIRS_MAX of them or the
 * key already. */
bool setting_pair_add(struct setting_pair **list, const char *key,
                      const char *value, struct setting_place at);
void setting_pairs_free(struct setting_pair **list);

const struct setting *setting_find(const struct setting *rows, size_t n,
                                   const char *key);
/* The known key that looks most like this one, or NULL. */
const char *setting_nearest(const struct setting *rows, size_t n,
                            const char *key);
/* err_set with "where: key: expected …, found …"; `where` is "" or ends in
 * ": ". `found` may be NULL. */
bool setting_wrong(const struct setting *s, const char *where,
                   const char *found, struct err *e);
bool setting_unknown(const struct setting *rows, size_t n, const char *where,
                     const char *key, struct err *e);

#endif
