/* JSON past the gate: parsing with cJSON, looking things up, printing. */
#include "common/json.h"

#include "common/i18n.h"
#include "common/json_gate.h"
#include "common/mem.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool json_check(const char *text, size_t len, const struct json_limits *l,
                struct err *e)
{
    bool long_number;
    return json_gate(text, len, l, &long_number, e);
}

static bool is_number_char(char c)
{
    return isdigit((unsigned char)c) || (c != '\0' && strchr("+-.eE", c));
}

/* The end of the string that starts at the quote p. */
static const char *string_end(const char *p)
{
    for (p++; *p != '"'; p++)
        if (*p == '\\')
            p++;
    return p + 1;
}

/* A copy with numbers that fit cJSON, which reads no more than 63 bytes of
 * one. The text has passed the gate. */
static void shorten_numbers(const char *p, const char *end, struct buf *out)
{
    while (p < end) {
        const char *start = p;
        if (*p == '"') {
            p = string_end(p);
        } else if (*p == '-' || isdigit((unsigned char)*p)) {
            while (p < end && is_number_char(*p))
                p++;
            if (p - start > JSON_NUMBER_MAX) {
                char *copy = x_strndup(start, (size_t)(p - start));
                buf_printf(out, "%.17g", strtod(copy, NULL));
                x_free(&copy);
                continue;
            }
        } else {
            p++;
        }
        buf_add(out, start, (size_t)(p - start));
    }
}

bool json_parse(const char *text, size_t len, const struct json_limits *l,
                cJSON **out, struct err *e)
{
    bool long_number;
    struct buf copy = BUF_INIT;
    *out = NULL;
    if (!json_gate(text, len, l, &long_number, e))
        return false;
    if (long_number) {
        shorten_numbers(text, text + len, &copy);
        text = copy.data;
        len = copy.len;
    }
    *out = cJSON_ParseWithLengthOpts(text, len, NULL, 0);
    buf_free(&copy);
    if (*out == NULL)
        return err_set(e, ERR_parse_error, NULL);
    return true;
}

const cJSON *json_get(const cJSON *obj, const char *key)
{
    if (!cJSON_IsObject(obj))
        return NULL;
    return cJSON_GetObjectItemCaseSensitive(obj, key);
}

const char *json_str(const cJSON *obj, const char *key, const char *other)
{
    const cJSON *item = json_get(obj, key);
    return cJSON_IsString(item) ? item->valuestring : other;
}

bool json_is_int(const cJSON *item, int64_t *out)
{
    if (!cJSON_IsNumber(item))
        return false;
    double d = item->valuedouble;
    if (!(fabs(d) <= (double)JSON_INT_MAX) || d != floor(d))
        return false;
    *out = (int64_t)d;
    return true;
}

int64_t json_int(const cJSON *obj, const char *key, int64_t other)
{
    int64_t n;
    return json_is_int(json_get(obj, key), &n) ? n : other;
}

bool json_bool(const cJSON *obj, const char *key, bool other)
{
    const cJSON *item = json_get(obj, key);
    return cJSON_IsBool(item) ? cJSON_IsTrue(item) : other;
}

char *json_print(struct arena *a, const cJSON *item)
{
    struct buf b = BUF_INIT;
    json_write_item(&b, item);
    char *text = arena_strndup(a, buf_text(&b), b.len);
    buf_free(&b);
    return text;
}
