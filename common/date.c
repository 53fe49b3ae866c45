/* Calendar dates as days since 1970, and what people type for them. */
#include "common/date.h"

#include "common/clock.h"
#include "common/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAY_MIN = -719162, DAY_MAX = 2932896 }; /* 0001-01-01, 9999-12-31 */

static bool is_leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int days_in_month(int y, int m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[m - 1] + (m == 2 && is_leap(y));
}

/* Years are counted from March, so that the leap day is the last of its
 * year, in eras of 400 years, which all have 146,097 days. */
bool date_join(int y, int m, int d, int32_t *days)
{
    if (y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 ||
        d > days_in_month(y, m))
        return false;
    int year = m > 2 ? y : y - 1;
    int month = m > 2 ? m - 3 : m + 9;
    int era = year / 400, of_era = year % 400;
    int of_year = (153 * month + 2) / 5 + d - 1;
    *days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
            719468;
    return true;
}

void date_split(int32_t days, int *y, int *m, int *d)
{
    if (days < DAY_MIN)
        days = DAY_MIN;
    if (days > DAY_MAX)
        days = DAY_MAX;
    int n = days + 719468;
    int era = n / 146097, of_era = n % 146097;
    int year =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * year + year / 4 - year / 100);
    int month = (5 * of_year + 2) / 153;
    *d = of_year - (153 * month + 2) / 5 + 1;
    *m = month < 10 ? month + 3 : month - 9;
    *y = era * 400 + year + (*m <= 2);
}

/* What a letter of a form stands for: a number of so many digits. */
struct part {
    char letter;
    int least, most;
};

static const struct part parts[] = {
    {'y', 4, 4}, {'m', 1, 2}, {'d', 1, 2}, {'n', 2, 2}, {'k', 2, 2}};

static const struct part *part_of(char letter)
{
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        if (parts[i].letter == letter)
            return &parts[i];
    return NULL;
}

/* Digits of one part; the number of them, 0 where they do not fit. */
static size_t read_digits(const char *s, const struct part *part, int *out)
{
    int n = 0, v = 0;
    while (n < part->most && isdigit((unsigned char)s[n]))
        v = v * 10 + (s[n++] - '0');
    *out = v;
    return n >= part->least ? (size_t)n : 0;
}

/* A form is letters of `parts` (n and k are month and day of two digits) and
 * literal characters. `year` is taken where the form has none. */
static bool match_form(const char *form, const char *s, int year, int32_t *days)
{
    int y = year, m = 0, d = 0;
    for (; *form != '\0'; form++) {
        const struct part *part = part_of(*form);
        if (part == NULL) {
            if (*s++ != *form)
                return false;
            continue;
        }
        int *to = *form == 'y' ? &y : *form == 'm' || *form == 'n' ? &m : &d;
        size_t n = read_digits(s, part, to);
        if (n == 0)
            return false;
        s += n;
    }
    return *s == '\0' && date_join(y, m, d, days);
}

bool date_parse_iso(const char *s, size_t len, int32_t *days)
{
    char text[DATE_LEN];
    if (len != DATE_LEN - 1)
        return false;
    memcpy(text, s, len);
    text[len] = '\0';
    return match_form("y-n-k", text, 0, days);
}

struct word {
    const char *text;
    int days;
};

static const struct word words[] = {
    {"今天", 0},  {"明天", 1},  {"后天", 2},     {"昨天", -1},
    {"前天", -2}, {"today", 0}, {"tomorrow", 1}, {"yesterday", -1},
    {"今日", 0},  {"明日", 1},  {"昨日", -1},
};

static bool add_days(int32_t from, long by, int32_t *days)
{
    long sum = from + by;
    if (sum < DAY_MIN || sum > DAY_MAX)
        return false;
    *days = (int32_t)sum;
    return true;
}

/* Full-width characters as ASCII, year, month and day signs as Y, M, D,
 * without blanks and in lower case; false where it is too long to be a
 * date. */
static bool plain_text(const char *s, char *out, size_t room)
{
    static const struct {
        uint32_t sign;
        char letter;
    } signs[] = {{0x5e74, 'Y'}, {0x6708, 'M'}, {0x65e5, 'D'}, {0x53f7, 'D'}};
    size_t n = 0, len = strlen(s);
    uint32_t cp;
    for (size_t at = 0; at < len && n + 5 < room;) {
        at += utf8_decode(s + at, len - at, &cp);
        cp = utf8_ascii_twin(cp);
        if (cp < 0x80)
            cp = (uint32_t)tolower((int)cp);
        for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
            if (signs[i].sign == cp)
                cp = (uint32_t)signs[i].letter;
        if (cp != ' ')
            n += utf8_encode(cp, out + n);
        if (at == len) {
            out[n] = '\0';
            return n > 0;
        }
    }
    return false;
}

static bool find_word(const char *s, int32_t today, int32_t *days)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strcasecmp(s, words[i].text) == 0)
            return add_days(today, words[i].days, days);
    return false;
}

bool date_parse_human(const char *s, int32_t today, int32_t *days)
{
    static const char *const forms[] = {
        "y-m-d", "y/m/d", "y.m.d", "yYmMdD", "yYmMd", "ynk",
        "m-d",   "m/d",   "m.d",   "mMdD",   "mMd",
    };
    char text[40];
    int y, m, d;
    while (*s == ' ')
        s++;
    if (find_word(s, today, days))
        return true;
    if (!plain_text(s, text, sizeof(text)))
        return false;
    if (*text == '+' || *text == '-') {
        char *end;
        long by = strtol(text, &end, 10);
        bool all = isdigit((unsigned char)text[1]) && *end == '\0';
        return all && by > -4000000 && by < 4000000 &&
               add_days(today, by, days);
    }
    date_split(today, &y, &m, &d);
    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
        if (match_form(forms[i], text, y, days))
            return true;
    return false;
}

void date_format(int32_t days, char out[DATE_LEN])
{
    int y, m, d;
    date_split(days, &y, &m, &d);
    /* The remainders change nothing; they tell the compiler that it fits. */
    snprintf(out, DATE_LEN, "%04u-%02u-%02u", (unsigned)y % 10000,
             (unsigned)m % 100, (unsigned)d % 100);
}

int date_weekday(int32_t days)
{
    int of_week = (int)(((long)days + 3) % 7); /* 1970-01-01 was a Thursday */
    return of_week < 0 ? of_week + 8 : of_week + 1;
}

int32_t date_add_months(int32_t days, int months)
{
    int y, m, d;
    date_split(days, &y, &m, &d);
    long count = (long)y * 12 + (m - 1) + months;
    if (count < 12)
        return DAY_MIN;
    if (count > 9999L * 12 + 11)
        return DAY_MAX;
    y = (int)(count / 12);
    m = (int)(count % 12) + 1;
    if (d > days_in_month(y, m))
        d = days_in_month(y, m);
    int32_t out = days;
    date_join(y, m, d, &out);
    return out;
}

int32_t date_today(void)
{
    time_t now = (time_t)(clock_now_us() / 1000000);
    struct tm t;
    int32_t days = 0;
    localtime_r(&now, &t);
    date_join(t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, &days);
    return days;
}
