/* Points in time as text: RFC 3339 in UTC, PostgreSQL's form, local time. */
#include "common/date.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

static const int64_t SECOND = 1000000;
static const int64_t DAY = 86400LL * 1000000;

/* A text with an end, read from left to right. */
struct reader {
    const char *p, *end;
};

static char peek(const struct reader *r)
{
    return r->p < r->end ? *r->p : '\0';
}

static bool take(struct reader *r, const char *any)
{
    if (peek(r) == '\0' || strchr(any, *r->p) == NULL)
        return false;
    r->p++;
    return true;
}

static bool take_two(struct reader *r, int most, int *out)
{
    if (r->end - r->p < 2 || !isdigit((unsigned char)r->p[0]) ||
        !isdigit((unsigned char)r->p[1]))
        return false;
    *out = (r->p[0] - '0') * 10 + (r->p[1] - '0');
    r->p += 2;
    return *out <= most;
}

/* Digits behind the point, as microseconds; finer ones are cut off. */
static bool take_fraction(struct reader *r, int64_t *us)
{
    int64_t unit = SECOND / 10;
    if (!isdigit((unsigned char)peek(r)))
        return false;
    for (; isdigit((unsigned char)peek(r)); r->p++, unit /= 10)
        *us += (*r->p - '0') * unit;
    return true;
}

static bool take_clock(struct reader *r, int64_t *us)
{
    int h, m, s;
    if (!take_two(r, 23, &h) || !take(r, ":") || !take_two(r, 59, &m) ||
        !take(r, ":") || !take_two(r, 59, &s))
        return false;
    *us = ((int64_t)h * 3600 + (int64_t)m * 60 + s) * SECOND;
    return !take(r, ".") || take_fraction(r, us);
}

/* Z, +08:00, +0800, +08 */
static bool take_offset(struct reader *r, int64_t *us)
{
    int h, m = 0;
    *us = 0;
    if (take(r, "Zz"))
        return true;
    bool west = peek(r) == '-';
    if (!take(r, "+-") || !take_two(r, 23, &h))
        return false;
    if (r->p < r->end) {
        take(r, ":");
        if (!take_two(r, 59, &m))
            return false;
    }
    *us = ((int64_t)h * 3600 + (int64_t)m * 60) * SECOND * (west ? -1 : 1);
    return true;
}

/* Rounds towards the past, unlike `/`. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

bool time_parse(const char *s, size_t len, int64_t *us)
{
    int32_t days;
    int64_t clock, offset;
    if (len < DATE_LEN || !date_parse_iso(s, DATE_LEN - 1, &days))
        return false;
    struct reader r = {s + DATE_LEN - 1, s + len};
    if (!take(&r, "Tt ") || !take_clock(&r, &clock) ||
        !take_offset(&r, &offset) || r.p != r.end)
        return false;
    int64_t t = days * DAY + clock - offset;
    int64_t day = floor_div(t, DAY);
    int32_t first, last;
    date_join(1, 1, 1, &first);
    date_join(9999, 12, 31, &last);
    if (day < first || day > last)
        return false;
    *us = t;
    return true;
}

/* Lists write thousands of times a second: printf would cost more than the
 * rest of a row. */
static char *put(char *to, unsigned n, int digits)
{
    for (int i = digits - 1; i >= 0; i--, n /= 10)
        to[i] = (char)('0' + n % 10);
    return to + digits;
}

static char *put_clock(char *to, unsigned s)
{
    *to++ = 'T';
    to = put(to, s / 3600 % 24, 2);
    *to++ = ':';
    to = put(to, s / 60 % 60, 2);
    *to++ = ':';
    return put(to, s % 60, 2);
}

void time_format(int64_t us, char out[TIME_LEN])
{
    int64_t day = floor_div(us, DAY);
    int64_t rest = us % DAY < 0 ? us % DAY + DAY : us % DAY;
    int32_t days = day < INT32_MIN   ? INT32_MIN
                   : day > INT32_MAX ? INT32_MAX
                                     : (int32_t)day;
    unsigned micro = (unsigned)(rest % SECOND);
    date_format(days, out);
    char *to = put_clock(out + strlen(out), (unsigned)(rest / SECOND));
    if (micro != 0) {
        *to++ = '.';
        to = put(to, micro, 6);
    }
    memcpy(to, "Z", 2);
}

void time_format_local(int64_t us, char out[TIME_LEN])
{
    time_t t = (time_t)floor_div(us, SECOND);
    struct tm local;
    if (localtime_r(&t, &local) == NULL ||
        strftime(out, TIME_LEN, "%Y-%m-%d %H:%M", &local) == 0)
        time_format(us, out);
}
