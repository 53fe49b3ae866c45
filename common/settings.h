/* Settings from YAML by a table: an unknown key, a wrong type or a value out
 * of range is told with file, line, column and what was expected. */
#ifndef COMMON_SETTINGS_H
#define COMMON_SETTINGS_H

#include "common/buf.h"
#include "common/err.h"

#include <stddef.h>
#include <stdint.h>

enum setting_type {
    SETTING_string,
    SETTING_int,      /* int64_t, min … max */
    SETTING_bool,     /* bool */
    SETTING_choice,   /* int: index into `choices`, blank-separated */
    SETTING_duration, /* int64_t milliseconds: 500ms, 30s, 5m, 24h, 7d */
    SETTING_bytes,    /* int64_t: 512, 64KiB, 1MiB */
    SETTING_map,      /* struct setting_pair list: key → text, any keys */
};

struct setting_pair {
    char *key;
    char *value;
    int line, column;
    struct setting_pair *next;
};

/* One row a setting. `key` is the path with dots ("listen.unix"); `value` is
 * the default as text, read by the same parser as the file; `offset` is where
 * it lies in the program's settings struct. */
struct setting {
    const char *key;
    enum setting_type type;
    size_t offset;
    const char *value;
    int64_t min, max;
    const char *choices;
    bool reload; /* may change without a restart */
    const char *help;
    /* For people, msgids or NULL: a name, and names of the choices in their
     * order, with | between them. */
    const char *label, *words;
};

/* Defaults first: *out is taken as fresh memory, nothing in it is freed.
 * Strings belong to the struct; settings_free frees them. A default that its
 * own row refuses ends the program. */
void settings_defaults(const struct setting *rows, size_t n, void *out);
/* Reads a file (≤ 1 MiB) over what `out` holds; after a failure some of it
 * may have been taken over, each value within its row's bounds. */
bool settings_load(const struct setting *rows, size_t n, const char *file,
                   void *out, struct err *e) must_check;
bool settings_parse(const struct setting *rows, size_t n, const char *name,
                    const char *text, size_t len, void *out,
                    struct err *e) must_check;
/* Sets one by its key (command line, tests). A map is "key=text,key=text". */
bool settings_set(const struct setting *rows, size_t n, void *out,
                  const char *key, const char *value, struct err *e) must_check;
/* The value as text, as the file would have it; of a map "key=text,…". */
void settings_text(const struct setting *s, const void *in, struct buf *out);
/* One entry of a map: changed, added, or (value NULL) taken away. False where
 * the map is full. */
bool setting_pair_set(struct setting_pair **list, const char *key,
                      const char *value);
/* The key of the first setting that differs and is not `reload`, or NULL. */
const char *settings_fixed_change(const struct setting *rows, size_t n,
                                  const void *a, const void *b);
void settings_free(const struct setting *rows, size_t n, void *out);

#endif
