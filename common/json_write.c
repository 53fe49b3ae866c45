/* The JSON writer: straight into a buffer, always valid, always something
 * that the gate lets in again. */
#include "common/json.h"

#include "common/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bytes at the start of s that are written as they are. */
static size_t plain_run(const char *s, size_t len)
{
    size_t i = 0;
    while (i < len) {
        unsigned char c = (unsigned char)s[i];
        if (c < 0x20 || c == '"' || c == '\\')
            break;
        if (c < 0x80) {
            i++;
            continue;
        }
        uint32_t cp;
        size_t n = utf8_decode(s + i, len - i, &cp);
        if (n == 1)
            break;
        i += n;
    }
    return i;
}

static void write_escaped(struct buf *b, unsigned char c)
{
    static const char letters[0x80] = {
        ['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
        ['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't'};
    /* A NUL would be refused by the reader's gate, a bad byte by any. */
    if (c == 0 || c >= 0x80) {
        buf_str(b, "\xef\xbf\xbd");
    } else if (letters[c] != '\0') {
        buf_char(b, '\\');
        buf_char(b, letters[c]);
    } else {
        buf_printf(b, "\\u%04x", (unsigned)c);
    }
}

void json_write_strn(struct buf *b, const char *s, size_t len)
{
    buf_reserve(b, len + 2);
    buf_char(b, '"');
    for (size_t at = 0; at < len;) {
        size_t n = plain_run(s + at, len - at);
        buf_add(b, s + at, n);
        at += n;
        if (at < len)
            write_escaped(b, (unsigned char)s[at++]);
    }
    buf_char(b, '"');
}

void json_write_str(struct buf *b, const char *s)
{
    json_write_strn(b, s, strlen(s));
}

void json_write_key(struct buf *b, const char *key)
{
    json_write_str(b, key);
    buf_char(b, ':');
}

/* The shortest text that reads back as the same number; one past 2^53 is
 * marked as no integer, since the gate refuses such. */
static void write_number(struct buf *b, const cJSON *item)
{
    int64_t n;
    double d = item->valuedouble;
    if (json_is_int(item, &n)) {
        buf_int(b, n);
        return;
    }
    if (!isfinite(d)) {
        buf_str(b, "null");
        return;
    }
    size_t start = b->len;
    for (int digits = 15; digits <= 17; digits++) {
        b->len = start;
        buf_printf(b, "%.*g", digits, d);
        if (strtod(b->data + start, NULL) == d)
            break;
    }
    if (strpbrk(b->data + start, ".e") == NULL)
        buf_str(b, ".0");
}

/* `{` or `[`, the members by commas, and what closes it. */
static void write_members(struct buf *b, const cJSON *item)
{
    bool object = cJSON_IsObject(item);
    const cJSON *child;
    const char *between = "";
    buf_char(b, object ? '{' : '[');
    cJSON_ArrayForEach(child, item)
    {
        buf_str(b, between);
        if (object)
            json_write_key(b, child->string);
        json_write_item(b, child);
        between = ",";
    }
    buf_char(b, object ? '}' : ']');
}

void json_write_item(struct buf *b, const cJSON *item)
{
    if (cJSON_IsObject(item) || cJSON_IsArray(item))
        write_members(b, item);
    else if (cJSON_IsString(item))
        json_write_str(b, item->valuestring);
    else if (cJSON_IsNumber(item))
        write_number(b, item);
    else if (cJSON_IsBool(item))
        buf_str(b, cJSON_IsTrue(item) ? "true" : "false");
    else if (cJSON_IsRaw(item))
        buf_str(b, item->valuestring);
    else
        buf_str(b, "null");
}
