/* Amounts of money, percentages, whole numbers and record numbers. */
#include "common/json.h"
#include "common/money.h"
#include "common/utf8.h"
#include "schema/type_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PERCENT_MAX 99999 /* numeric(7,2) */

static const char *decimal_text(struct arena *a, int64_t hundredths)
{
    char text[MONEY_LEN];
    money_format(hundredths, text);
    return arena_strdup(a, text);
}

/* "-12.5": what the wire and PostgreSQL write, and nothing else. */
static bool is_decimal(const char *s)
{
    s += *s == '-';
    size_t whole = strspn(s, "0123456789");
    if (whole == 0 || whole > 15)
        return false;
    s += whole;
    if (*s == '\0')
        return true;
    size_t digits = *s == '.' ? strspn(s + 1, "0123456789") : 0;
    return digits >= 1 && digits <= 2 && s[1 + digits] == '\0';
}

static bool decimal_from_json(const struct field *f, struct arena *a,
                              const cJSON *item, const char **out,
                              struct err *e)
{
    (void)f;
    int64_t n;
    *out = NULL;
    if (type_json_null(item))
        return true;
    if (!cJSON_IsString(item) || !is_decimal(item->valuestring) ||
        !money_parse(item->valuestring, &n))
        return type_wrong_json(e, _("a string with two decimals"));
    *out = decimal_text(a, n);
    return true;
}

static bool money_read(const struct field *f, struct arena *a,
                       const char *input, const struct names *names,
                       const char **out, struct err *e)
{
    (void)f, (void)names;
    int64_t n;
    if (!type_clean(a, input, false, out, e))
        return false;
    if (*out == NULL)
        return true;
    if (!money_parse(*out, &n))
        return type_fault(e, "form",
                          _("This is no amount. Write it like 12345.60, "
                            "50万 or 1.2亿."));
    *out = decimal_text(a, n);
    return true;
}

static bool money_check(const struct field *f, const char *value, struct err *e)
{
    int64_t n;
    if (!is_decimal(value) || !money_parse(value, &n))
        return type_fault(e, "form", _("This is no amount."));
    if (n >= f->min && (f->max <= 0 || n <= f->max))
        return true;
    return type_fault(e, "range",
                      f->min == 0 ? _("The amount can not be negative.")
                                  : _("The amount is too large."));
}

static const char *money_show(const struct field *f, struct arena *a,
                              const char *value, const struct names *names)
{
    (void)f, (void)names;
    char text[MONEY_LEN];
    int64_t n;
    if (value == NULL || !money_parse(value, &n))
        return value == NULL ? "" : value;
    money_format_grouped(n, text);
    return arena_strdup(a, text);
}

/* --- percent --- */

static bool percent_read(const struct field *f, struct arena *a,
                         const char *input, const struct names *names,
                         const char **out, struct err *e)
{
    (void)f, (void)names;
    int64_t n;
    if (!type_clean(a, input, false, out, e))
        return false;
    if (*out == NULL)
        return true;
    char *text = utf8_fold(a, *out);
    size_t len = strlen(text);
    while (len > 0 && (text[len - 1] == '%' || text[len - 1] == ' '))
        text[--len] = '\0';
    if (!is_decimal(text) || !money_parse(text, &n))
        return type_fault(e, "form",
                          _("This is no percentage. Write it like 12.5."));
    *out = decimal_text(a, n);
    return true;
}

static bool percent_check(const struct field *f, const char *value,
                          struct err *e)
{
    int64_t n;
    if (!is_decimal(value) || !money_parse(value, &n))
        return type_fault(e, "form", _("This is no percentage."));
    int64_t max = f->max > 0 ? f->max : PERCENT_MAX;
    if (n >= f->min * 100 && n <= max * 100)
        return true;
    return type_fault(e, "range",
                      _("The value must lie between %lld and %lld."),
                      (long long)f->min, (long long)max);
}

/* "12.5%": zeros behind the point say nothing. */
static const char *percent_show(const struct field *f, struct arena *a,
                                const char *value, const struct names *names)
{
    (void)f, (void)names;
    if (value == NULL || value[0] == '\0')
        return "";
    size_t len = strlen(value);
    if (strchr(value, '.') != NULL) {
        while (value[len - 1] == '0')
            len--;
        len -= value[len - 1] == '.';
    }
    return arena_printf(a, "%.*s%%", (int)len, value);
}

/* --- whole numbers --- */

static bool is_integer(const char *s)
{
    s += *s == '-';
    size_t n = strspn(s, "0123456789");
    return n >= 1 && n <= 16 && s[n] == '\0';
}

static bool integer_read(const struct field *f, struct arena *a,
                         const char *input, const struct names *names,
                         const char **out, struct err *e)
{
    (void)f, (void)names;
    if (!type_clean(a, input, false, out, e))
        return false;
    if (*out == NULL)
        return true;
    char *text = utf8_fold(a, *out), *to = text;
    for (const char *s = text; *s != '\0'; s++)
        if (*s != ',' && *s != ' ')
            *to++ = *s;
    *to = '\0';
    if (!is_integer(text))
        return type_fault(e, "form", _("This is no whole number."));
    *out = arena_printf(a, "%lld", strtoll(text, NULL, 10));
    return true;
}

static bool integer_check(const struct field *f, const char *value,
                          struct err *e)
{
    if (!is_integer(value))
        return type_fault(e, "form", _("This is no whole number."));
    long long n = strtoll(value, NULL, 10);
    int64_t max = f->max > 0 ? f->max : JSON_INT_MAX;
    if (n >= f->min && n <= max)
        return true;
    return type_fault(e, "range",
                      _("The value must lie between %lld and %lld."),
                      (long long)f->min, (long long)max);
}

static bool integer_from_json(const struct field *f, struct arena *a,
                              const cJSON *item, const char **out,
                              struct err *e)
{
    (void)f;
    int64_t n;
    *out = NULL;
    if (type_json_null(item))
        return true;
    if (!json_is_int(item, &n))
        return type_wrong_json(e, _("a whole number"));
    *out = arena_printf(a, "%" PRId64, n);
    return true;
}

static void integer_to_json(const struct field *f, const char *value,
                            size_t len, const struct names *names,
                            struct buf *out)
{
    (void)f, (void)names;
    if (len == 0)
        buf_str(out, "null");
    else
        buf_add(out, value, len);
}

static bool id_check(const struct field *f, const char *value, struct err *e)
{
    (void)f;
    long long n = is_integer(value) ? strtoll(value, NULL, 10) : 0;
    return (n >= 1 && n <= JSON_INT_MAX) ||
           type_fault(e, "form", _("This is no number of a record."));
}

const struct type type_money = {
    .name = "money",
    .json = "string",
    .sql = "numeric(14,2)",
    .sort_twin = "'-infinity'::numeric",
    .sort_sql = "numeric",
    .ops = OPS_SAME | OPS_RANGE,
    .editor = EDITOR_number,
    .align = 1,
    .parse = money_read,
    .format = money_show,
    .check = money_check,
    .from_json = decimal_from_json,
    .to_json = type_to_json_text,
    .mask = type_mask_all,
};

const struct type type_percent = {
    .name = "percent",
    .json = "string",
    .sql = "numeric(7,2)",
    .sort_twin = "'-infinity'::numeric",
    .sort_sql = "numeric",
    .ops = OPS_SAME | OPS_RANGE,
    .editor = EDITOR_number,
    .align = 1,
    .parse = percent_read,
    .format = percent_show,
    .check = percent_check,
    .from_json = decimal_from_json,
    .to_json = type_to_json_text,
    .mask = type_mask_all,
};

const struct type type_integer = {
    .name = "integer",
    .json = "integer",
    .sql = "bigint",
    .sort_twin = "'-9223372036854775808'::bigint",
    .sort_sql = "bigint",
    .ops = OPS_SAME | OPS_RANGE,
    .editor = EDITOR_number,
    .align = 1,
    .parse = integer_read,
    .format = type_format_plain,
    .check = integer_check,
    .from_json = integer_from_json,
    .to_json = integer_to_json,
    .mask = type_mask_all,
};

const struct type type_id = {
    .name = "id",
    .json = "integer",
    .sql = "bigint",
    .sort_sql = "bigint",
    .ops = OPS_SAME | OPS_RANGE,
    .editor = EDITOR_none,
    .align = 1,
    .parse = integer_read,
    .format = type_format_plain,
    .check = id_check,
    .from_json = integer_from_json,
    .to_json = integer_to_json,
    .mask = type_mask_all,
};
