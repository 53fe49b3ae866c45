/* Packs the end of a page into base64url and takes it apart again, trusting
 * nothing that comes back. */
#include "server/domain/cursor.h"

#include "common/date.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "schema/type.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

#define CURSOR_MAX 8192 /* bytes, unpacked */
#define HEAD       17   /* fingerprint, count, id */

/* The sort columns hold one of these SQL types; what a cursor brings must be
 * a value of it, or the statement would fail inside the database. */
static bool text_valid(const char *v)
{
    return utf8_valid(v, strlen(v));
}

static bool date_valid(const char *v)
{
    int32_t days;
    return strcmp(v, "-infinity") == 0 || strcmp(v, "infinity") == 0 ||
           date_parse_iso(v, strlen(v), &days);
}

static bool time_valid(const char *v)
{
    int64_t us;
    return strcmp(v, "-infinity") == 0 || strcmp(v, "infinity") == 0 ||
           time_parse(v, strlen(v), &us);
}

static bool number_valid(const char *v)
{
    if (strcmp(v, "-Infinity") == 0)
        return true;
    size_t len = strlen(v);
    size_t i = v[0] == '-';
    size_t digits = 0;
    size_t dots = 0;
    for (; i < len; i++) {
        digits += isdigit((unsigned char)v[i]) != 0;
        dots += v[i] == '.';
        if (!isdigit((unsigned char)v[i]) && v[i] != '.')
            return false;
    }
    return digits > 0 && digits <= 30 && dots <= 1;
}

static bool integer_valid(const char *v)
{
    return strlen(v) <= 17 && !strpbrk(v, ".I") && number_valid(v);
}

static bool bool_valid(const char *v)
{
    return strcmp(v, "t") == 0 || strcmp(v, "f") == 0;
}

static const struct {
    const char *start; /* of the SQL type's name */
    bool (*valid)(const char *value);
} checks[] = {
    {"date", date_valid},       {"timestamp", time_valid},
    {"numeric", number_valid},  {"bigint", integer_valid},
    {"integer", integer_valid}, {"int", integer_valid},
    {"boolean", bool_valid},    {"text", text_valid},
};

static bool value_valid(const struct field *f, const char *value)
{
    const char *sql = field_sort_type(f);
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (strncmp(sql, checks[i].start, strlen(checks[i].start)) == 0)
            return checks[i].valid(value);
    return false;
}

static void put_u64(unsigned char *out, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)(v >> (8 * i));
}

static uint64_t get_u64(const unsigned char *in)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v |= (uint64_t)in[i] << (8 * i);
    return v;
}

uint64_t cursor_hash(uint64_t seed, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    do {
        seed ^= *p;
        seed *= 1099511628211ULL;
    } while (*p++);
    return seed;
}

char *cursor_write(struct arena *a, const struct cursor *c)
{
    size_t len = HEAD;
    for (int i = 0; i < c->n; i++)
        len += strlen(c->keys[i]) + 1;
    unsigned char *raw = arena_alloc(a, len);
    put_u64(raw, c->question);
    raw[8] = (unsigned char)c->n;
    put_u64(raw + 9, (uint64_t)c->id);
    unsigned char *at = raw + HEAD;
    for (int i = 0; i < c->n; i++) {
        size_t size = strlen(c->keys[i]) + 1;
        memcpy(at, c->keys[i], size);
        at += size;
    }
    const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    size_t room = sodium_base64_encoded_len(len, variant);
    char *out = arena_alloc(a, room);
    return sodium_bin2base64(out, room, raw, len, variant);
}

bool cursor_read(struct arena *a, const char *text, const struct sort_key *sort,
                 int nsort, struct cursor *out)
{
    unsigned char *raw = arena_alloc(a, CURSOR_MAX);
    size_t len = 0;
    if (sodium_base642bin(raw, CURSOR_MAX - 1, text, strlen(text), NULL, &len,
                          NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        len < HEAD || raw[8] != nsort)
        return false;
    *out = (struct cursor){.question = get_u64(raw), .n = nsort};
    out->id = (int64_t)get_u64(raw + 9);
    const unsigned char *at = raw + HEAD;
    const unsigned char *end = raw + len;
    for (int i = 0; i < nsort; i++) {
        const unsigned char *nul = memchr(at, 0, (size_t)(end - at));
        if (!nul || !value_valid(sort[i].field, (const char *)at))
            return false;
        out->keys[i] = (const char *)at;
        at = nul + 1;
    }
    return at == end && out->id > 0 && out->id <= 9007199254740992LL;
}
