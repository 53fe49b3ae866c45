/* Phone numbers by LIST-02: mainland mobile, landline with area code, 400/800
 * numbers, or +country number. What people type is brought to one form, so
 * that the same number is always the same text. */
#include "common/utf8.h"
#include "schema/type_impl.h"

#include <ctype.h>
#include <string.h>

#define PHONE_MAX 40

/* A form holds 'd' for any digit, 'b' for 1 to 9, 'h' for 3 to 9, and other
 * characters for themselves; `more` digits may follow it. */
struct shape {
    const char *form;
    int more;
};

static const struct shape shapes[] = {
    {"1hddddddddd", 0},                   /* mobile */
    {"0dd-ddddddd", 1},                   /* landline, area code of 3 digits */
    {"0ddd-ddddddd", 1},                  /* of 4 */
    {"400ddddddd", 0},                    /* service numbers */
    {"800ddddddd", 0},   {"+bdddddd", 8}, /* E.164: 7 to 15 digits */
};

static bool fits(char form, char c)
{
    if (form == 'd')
        return isdigit((unsigned char)c);
    if (form == 'b')
        return c >= '1' && c <= '9';
    if (form == 'h')
        return c >= '3' && c <= '9';
    return form == c;
}

/* How much of `s` the shape covers, 0 where it does not fit. */
static size_t covers(const struct shape *shape, const char *s)
{
    size_t n = strlen(shape->form);
    for (size_t i = 0; i < n; i++)
        if (s[i] == '\0' || !fits(shape->form[i], s[i]))
            return 0;
    for (int i = 0; i < shape->more && isdigit((unsigned char)s[n]); i++)
        n++;
    return n;
}

/* "-801": an extension of 1 to 6 digits, which landlines may have. */
static bool is_extension(const char *s)
{
    size_t n = s[0] == '-' ? strspn(s + 1, "0123456789") : 0;
    return n >= 1 && n <= 6 && s[1 + n] == '\0';
}

static bool is_phone(const char *value)
{
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        size_t n = covers(&shapes[i], value);
        if (n > 0 &&
            (value[n] == '\0' || (value[0] == '0' && is_extension(value + n))))
            return true;
    }
    return false;
}

/* Full-width forms become ASCII, blanks go, brackets and the signs for an
 * extension become dashes. Other characters stay, to be refused. */
static size_t squeeze(const char *input, char out[PHONE_MAX])
{
    size_t n = 0, len = strlen(input);
    for (size_t at = 0; at < len && n + 5 < PHONE_MAX;) {
        uint32_t cp;
        at += utf8_decode(input + at, len - at, &cp);
        cp = utf8_ascii_twin(cp);
        bool dash = cp == ')' || cp == 0x8f6c /* 转 */ || cp == 0x2013 ||
                    cp == '_' || cp == 0x2212;
        if (cp == ' ' || cp == '(' || cp == 0xa0)
            continue;
        if (dash || cp == '-')
            cp = '-';
        if (cp == '-' && (n == 0 || out[n - 1] == '-'))
            continue;
        n += utf8_encode(cp, out + n);
    }
    out[n] = '\0';
    return n;
}

/* The digits of a number alone, where it holds nothing but digits, dashes and
 * a leading plus; else false. */
static bool digits_of(const char *s, char out[PHONE_MAX])
{
    size_t n = 0;
    for (s += *s == '+'; *s != '\0'; s++)
        if (isdigit((unsigned char)*s))
            out[n++] = *s;
        else if (*s != '-')
            return false;
    out[n] = '\0';
    return true;
}

/* Where the area code of a landline ends: 010 and 02x have three digits, all
 * others four. */
static size_t area_length(const char *digits)
{
    return digits[1] == '1' || digits[1] == '2' ? 3 : 4;
}

/* Dashes inside mobile and service numbers go, a landline gets the one after
 * its area code, +86 before a mobile number goes. */
static const char *unify(struct arena *a, const char *s)
{
    char digits[PHONE_MAX];
    if (!digits_of(s, digits))
        return arena_strdup(a, s);
    bool abroad = s[0] == '+' && strncmp(s, "+86", 3) != 0;
    const char *local = s[0] == '+' && !abroad ? digits + 2 : digits;
    size_t mobile = abroad ? 0 : covers(&shapes[0], local);
    if (mobile > 0 && local[mobile] == '\0')
        return arena_strdup(a, local);
    if (s[0] == '+')
        return arena_printf(a, "+%s", digits);
    if (s[0] == '4' || s[0] == '8')
        return arena_strdup(a, digits);
    if (s[0] == '0' && strchr(s, '-') == NULL && strlen(s) > 9) {
        size_t area = area_length(s);
        return arena_printf(a, "%.*s-%s", (int)area, s, s + area);
    }
    return arena_strdup(a, s);
}

static const char *normalise(struct arena *a, const char *text)
{
    char squeezed[PHONE_MAX];
    return text == NULL || squeeze(text, squeezed) == 0 ? NULL
                                                        : unify(a, squeezed);
}

static bool parse(const struct field *f, struct arena *a, const char *input,
                  const struct names *names, const char **out, struct err *e)
{
    (void)f, (void)names;
    bool good = type_clean(a, input, false, out, e);
    *out = normalise(a, *out);
    return good;
}

static bool from_json(const struct field *f, struct arena *a, const cJSON *item,
                      const char **out, struct err *e)
{
    (void)f;
    bool good = type_json_text(a, item, false, out, e);
    *out = normalise(a, *out);
    return good;
}

static bool check(const struct field *f, const char *value, struct err *e)
{
    (void)f;
    return is_phone(value) ||
           type_fault(e, "form",
                      _("This is no phone number. Write a mobile number "
                        "(13800138000), a landline with its area code "
                        "(0755-12345678), a 400 number or +country number."));
}

/* The head stays (an area code, or three characters), at most four digits at
 * the end stay, four or more between them are hidden; extensions go. */
static const char *mask(struct arena *a, const char *value)
{
    char digits[PHONE_MAX];
    if (value == NULL || value[0] == '\0')
        return "";
    const char *dash = value[0] == '0' ? strchr(value, '-') : NULL;
    size_t head = dash != NULL ? (size_t)(dash - value) + 1 : 3;
    if (strlen(value) < head + 4 || strlen(value) >= PHONE_MAX ||
        !digits_of(value + head, digits))
        return "****";
    if (dash != NULL) {
        char *extension = strchr(value + head, '-');
        size_t local = extension == NULL ? strlen(digits)
                                         : (size_t)(extension - value) - head;
        digits[local] = '\0';
    }
    size_t n = strlen(digits), tail = n < 4 ? 0 : n < 8 ? n - 4 : 4;
    return arena_printf(a, "%.*s****%s", (int)head, value, digits + n - tail);
}

const struct type type_phone = {
    .name = "phone",
    .json = "string",
    .sql = "text",
    .empty = "",
    .sort_sql = "text",
    .ops = OPS_SAME | OPS_SEARCH,
    .editor = EDITOR_line,
    .parse = parse,
    .format = type_format_plain,
    .check = check,
    .from_json = from_json,
    .to_json = type_to_json_text,
    .mask = mask,
};
