/* Money: exact hundredths, and what people type for them. */
#include "common/money.h"

#include "common/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS_MAX = 18, TEXT_MAX = 64 };

/* Signs that are no ASCII stand for these letters while parsing. */
struct sign {
    uint32_t cp;
    char letter;
};

static const struct sign signs[] = {
    {0x00a5, 'Y'}, {0xffe5, 'Y'}, {0x4e07, 'w'}, {0x842c, 'w'},
    {0x4ebf, 'e'}, {0x5104, 'e'}, {0x5143, 'u'}, {0x2212, '-'},
};

/* The text in ASCII without blanks; letters of people's own are refused, so
 * that only `signs` can give one. */
static bool plain_text(const char *s, char out[TEXT_MAX])
{
    size_t n = 0, len = strlen(s);
    uint32_t cp;
    for (size_t at = 0; at < len;) {
        at += utf8_decode(s + at, len - at, &cp);
        char c = '\0';
        for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
            if (signs[i].cp == cp)
                c = signs[i].letter;
        if (c == '\0') {
            cp = utf8_ascii_twin(cp);
            if (cp >= 0x80 || isalpha((int)cp) || n + 1 >= TEXT_MAX)
                return false;
            c = (char)cp;
        }
        if (n + 1 >= TEXT_MAX)
            return false;
        if (c != ' ')
            out[n++] = c;
    }
    out[n] = '\0';
    return n > 0;
}

struct number {
    int64_t digits;
    int count, decimals;
};

static const char *take_digits(const char *s, struct number *n)
{
    for (; isdigit((unsigned char)*s) && n->count < DIGITS_MAX; s++) {
        n->digits = n->digits * 10 + (*s - '0');
        n->count += n->digits > 0;
    }
    return s;
}

/* Digits, with commas only where they part thousands; NULL where they do
 * not, since "1,5" may well mean something else. */
static const char *take_whole(const char *s, struct number *n)
{
    const char *start = s;
    s = take_digits(s, n);
    if (s == start || (*s == ',' && s - start > 3))
        return NULL;
    while (*s == ',') {
        const char *group = s + 1;
        s = take_digits(group, n);
        if (s - group != 3)
            return NULL;
    }
    return s;
}

static const char *take_decimals(const char *s, struct number *n)
{
    if (*s != '.')
        return s;
    const char *start = s + 1;
    s = take_digits(start, n);
    n->decimals = (int)(s - start);
    return n->decimals > 0 ? s : NULL;
}

static bool scale(const struct number *n, int tens, int64_t *out)
{
    int64_t v = n->digits;
    if (n->decimals > tens)
        return false;
    for (int i = n->decimals; i < tens; i++)
        if (__builtin_mul_overflow(v, 10, &v) || v > MONEY_MAX)
            return false;
    *out = v;
    return v <= MONEY_MAX;
}

/* The sign of the number and that of the currency, in either order. */
static const char *take_head(const char *s, bool *negative)
{
    bool currency = *s == 'Y';
    s += currency;
    *negative = *s == '-';
    s += *s == '-' || *s == '+';
    return s + (!currency && *s == 'Y');
}

bool money_parse(const char *s, int64_t *hundredths)
{
    char text[TEXT_MAX];
    struct number n = {0};
    int tens = 2;
    if (!plain_text(s, text))
        return false;
    bool negative;
    const char *p = take_head(text, &negative);
    p = take_whole(p, &n);
    if (p == NULL || (p = take_decimals(p, &n)) == NULL)
        return false;
    if (*p == 'w' || *p == 'e')
        tens += *p++ == 'w' ? 4 : 8;
    p += *p == 'u';
    if (*p != '\0' || !scale(&n, tens, hundredths))
        return false;
    if (negative)
        *hundredths = -*hundredths;
    return true;
}

/* Digits from the right, a comma before each third if asked for. */
static void format(int64_t hundredths, bool grouped, char out[MONEY_LEN])
{
    char text[MONEY_LEN];
    char *p = text + sizeof(text);
    uint64_t rest = (uint64_t)hundredths;
    if (hundredths < 0)
        rest = 0 - rest;
    *--p = '\0';
    for (int place = 0; place < 3 || rest > 0; place++) {
        if (place == 2)
            *--p = '.';
        if (grouped && place > 2 && (place - 2) % 3 == 0)
            *--p = ',';
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (hundredths < 0)
        *--p = '-';
    memcpy(out, p, (size_t)(text + sizeof(text) - p));
}

void money_format(int64_t hundredths, char out[MONEY_LEN])
{
    format(hundredths, false, out);
}

void money_format_grouped(int64_t hundredths, char out[MONEY_LEN])
{
    format(hundredths, true, out);
}
