/* Host names, as they stand in e-mail and web addresses. */
#include "schema/type_impl.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_MAX 63
#define HOST_MAX  253

/* Letters beyond ASCII are allowed: there are Chinese domains. */
static bool is_host_char(char c)
{
    return isalnum((unsigned char)c) || c == '-' || (unsigned char)c >= 0x80;
}

/* One label of a host name, up to a dot or `end`. */
static const char *after_label(const char *s, const char *end)
{
    const char *p = s;
    while (p < end && is_host_char(*p))
        p++;
    size_t n = (size_t)(p - s);
    bool good = n > 0 && n <= LABEL_MAX && s[0] != '-' && p[-1] != '-';
    return good ? p : NULL;
}

/* Digits of at most `max`. */
bool type_is_number(const char *s, const char *end, long max)
{
    if (s == end || end - s > 5 || (size_t)(end - s) > strspn(s, "0123456789"))
        return false;
    return strtol(s, NULL, 10) <= max;
}

/* "1.2.3.4" */
static bool is_ipv4(const char *s, const char *end)
{
    int parts = 0;
    for (const char *dot; parts < 4; s = dot + 1) {
        dot = memchr(s, '.', (size_t)(end - s));
        dot = dot == NULL ? end : dot;
        if (!type_is_number(s, dot, 255))
            return false;
        parts++;
        if (dot == end)
            return parts == 4;
    }
    return false;
}

bool type_is_host(const char *s, const char *end)
{
    if (end - s > HOST_MAX || is_ipv4(s, end))
        return end - s <= HOST_MAX;
    for (const char *label = s;; label++) {
        const char *p = after_label(label, end);
        if (p == NULL)
            return false;
        if (p == end) /* the last one: not alone, and no number */
            return label != s && !isdigit((unsigned char)label[0]);
        if (*p != '.')
            return false;
        label = p;
    }
}

char *type_lower(char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        s[i] = (char)tolower((unsigned char)s[i]);
    return s;
}
