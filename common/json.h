/* JSON: a strict gate before cJSON (grammar, UTF-8, depth, distinct keys, no
 * NUL, integers within 2^53), look-ups that mind case, and a writer that
 * goes straight into a buffer. */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include "common/buf.h"
#include "common/err.h"

#include <stdint.h>

struct arena;

struct json_limits {
    size_t bytes; /* of the whole text; 0 takes 1 MiB */
    int depth;    /* 0 takes 32 */
    int keys;     /* of one object; 0 takes 1024 */
};

#define JSON_INT_MAX 9007199254740992LL

/* The gate alone: true where `text` is one strictly valid JSON value. */
bool json_check(const char *text, size_t len, const struct json_limits *l,
                struct err *e) must_check;
/* The gate, then cJSON. The caller owns *out (cJSON_Delete). */
bool json_parse(const char *text, size_t len, const struct json_limits *l,
                cJSON **out, struct err *e) must_check;

/* Look-ups in an object (NULL gives the fallback). They never convert. */
const cJSON *json_get(const cJSON *obj, const char *key);
const char *json_str(const cJSON *obj, const char *key, const char *other);
int64_t json_int(const cJSON *obj, const char *key, int64_t other);
bool json_bool(const cJSON *obj, const char *key, bool other);
/* True where the item is a number without a fraction, within 2^53. */
bool json_is_int(const cJSON *item, int64_t *out);
/* Compact text in the arena. */
char *json_print(struct arena *a, const cJSON *item);

/* The writer: text is escaped, bad UTF-8 becomes U+FFFD. */
void json_write_str(struct buf *b, const char *s);
void json_write_strn(struct buf *b, const char *s, size_t len);
void json_write_key(struct buf *b, const char *key); /* "key": */
void json_write_item(struct buf *b, const cJSON *item);

#endif
