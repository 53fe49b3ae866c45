/* Calendar dates and points in time. */
#include "common/date.h"
#include "common/json.h"
#include "common/zone.h"
#include "schema/period.h"
#include "schema/type_impl.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define YEAR_MIN 1900
#define YEAR_MAX 2199

static const char *date_text(struct arena *a, int32_t days)
{
    char text[DATE_LEN];
    date_format(days, text);
    return arena_strdup(a, text);
}

static bool date_parse(const struct field *f, struct arena *a,
                       const char *input, const struct names *names,
                       const char **out, struct err *e)
{
    (void)f, (void)names;
    int32_t days;
    if (!type_clean(a, input, false, out, e))
        return false;
    if (*out == NULL)
        return true;
    if (!date_parse_human(*out, date_today(), &days))
        return type_fault(e, "form",
                          _("This is no date. Write it like 2025-07-04, 7-4, "
                            "today or +7."));
    *out = date_text(a, days);
    return true;
}

static bool date_check(const struct field *f, const char *value, struct err *e)
{
    (void)f;
    int32_t days;
    int y, m, d;
    if (!date_parse_iso(value, strlen(value), &days))
        return type_fault(e, "form", _("This is no date."));
    date_split(days, &y, &m, &d);
    return (y >= YEAR_MIN && y <= YEAR_MAX) ||
           type_fault(e, "range", _("The year must lie between %d and %d."),
                      YEAR_MIN, YEAR_MAX);
}

static bool date_from_json(const struct field *f, struct arena *a,
                           const cJSON *item, const char **out, struct err *e)
{
    (void)f;
    int32_t days;
    *out = NULL;
    if (type_json_null(item))
        return true;
    if (!cJSON_IsString(item) ||
        !date_parse_iso(item->valuestring, strlen(item->valuestring), &days))
        return type_wrong_json(e, _("a date like \"2025-07-04\""));
    *out = date_text(a, days);
    return true;
}

/* Behind the year: "Q1", "第1季度", "年1季度"; 0 where it is no quarter. */
static int read_quarter(const char *s)
{
    static const struct {
        const char *before, *after;
    } forms[] = {
        {"Q", ""},        {"-Q", ""},     {"q", ""},      {"-q", ""},
        {"年第", "季度"}, {"年", "季度"}, {"第", "季度"}, {"年Q", ""},
    };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        size_t len = strlen(forms[i].before);
        if (strncmp(s, forms[i].before, len) == 0 && s[len] >= '1' &&
            s[len] <= '4' && strcmp(s + len + 1, forms[i].after) == 0)
            return s[len] - '0';
    }
    return 0;
}

/* "2025", "2025-07", "2025/7", "2025年7月", "2025Q1": the first day and the one
 * after the last of a year, a month or a quarter. */
static bool read_span(const char *s, int32_t *first, int32_t *after)
{
    int y = 0, m = 0, used = 0;
    if (sscanf(s, "%4d%n", &y, &used) != 1 || used != 4)
        return false;
    const char *rest = s + used;
    if (*rest == '\0' || strcmp(rest, "年") == 0)
        return date_join(y, 1, 1, first) && date_join(y + 1, 1, 1, after);
    int quarter = read_quarter(rest);
    if (quarter > 0 && date_join(y, quarter * 3 - 2, 1, first)) {
        *after = date_add_months(*first, 3);
        return true;
    }
    size_t skip = strncmp(rest, "年", strlen("年")) == 0 ? strlen("年")
                  : strchr("-/.", *rest) != NULL         ? 1
                                                         : 0;
    if (skip == 0 || sscanf(rest + skip, "%2d%n", &m, &used) != 1)
        return false;
    rest += skip + (size_t)used;
    if ((*rest != '\0' && strcmp(rest, "月") != 0) ||
        !date_join(y, m, 1, first))
        return false;
    *after = date_add_months(*first, 1);
    return true;
}

static bool read_days(struct arena *a, const char *zone, const char *input,
                      int32_t *first, int32_t *after)
{
    const char *text;
    int32_t today = zone_today(zone);
    if (!type_clean(a, input, false, &text, NULL) || text == NULL)
        return false;
    if (period_days(text, today, first, after) || read_span(text, first, after))
        return true;
    bool good = date_parse_human(text, today, first);
    *after = *first + 1;
    return good;
}

static bool date_period(const struct field *f, struct arena *a,
                        const char *zone, const char *input, const char **low,
                        const char **high)
{
    (void)f;
    int32_t first = 0, after = 0;
    if (!read_days(a, zone, input, &first, &after))
        return false;
    *low = date_text(a, first);
    *high = date_text(a, after - 1);
    return true;
}

static const char *date_mask(struct arena *a, const char *value)
{
    (void)a;
    return value == NULL || value[0] == '\0' ? "" : "****-**-**";
}

/* --- points in time --- */

static const char *time_text(struct arena *a, int64_t us)
{
    char text[TIME_LEN];
    time_format(us, text);
    return arena_strdup(a, text);
}

static bool time_period(const struct field *f, struct arena *a,
                        const char *zone, const char *input, const char **low,
                        const char **high)
{
    (void)f;
    int32_t first = 0, after = 0;
    int64_t us;
    if (time_parse(input, strlen(input), &us)) {
        *low = *high = time_text(a, us);
        return true;
    }
    if (!read_days(a, zone, input, &first, &after))
        return false;
    *low = time_text(a, zone_day_start(zone, first));
    *high = time_text(a, zone_day_start(zone, after) - 1);
    return true;
}

static bool time_parse_human(const struct field *f, struct arena *a,
                             const char *input, const struct names *names,
                             const char **out, struct err *e)
{
    (void)names;
    const char *high;
    if (!type_clean(a, input, false, out, e))
        return false;
    if (*out == NULL || time_period(f, a, NULL, *out, out, &high))
        return true;
    return type_fault(e, "form",
                      _("This is no time. Write it like 2025-07-04 or "
                        "2025-07-04T08:00:00Z."));
}

static const char *time_show(const struct field *f, struct arena *a,
                             const char *value, const struct names *names)
{
    (void)f, (void)names;
    char text[TIME_LEN];
    int64_t us;
    if (value == NULL || !time_parse(value, strlen(value), &us))
        return value == NULL ? "" : value;
    time_format_local(us, text);
    return arena_strdup(a, text);
}

static bool time_check(const struct field *f, const char *value, struct err *e)
{
    (void)f;
    int64_t us;
    return time_parse(value, strlen(value), &us) ||
           type_fault(e, "form", _("This is no point in time."));
}

static bool time_from_json(const struct field *f, struct arena *a,
                           const cJSON *item, const char **out, struct err *e)
{
    (void)f;
    int64_t us;
    *out = NULL;
    if (type_json_null(item))
        return true;
    if (!cJSON_IsString(item) ||
        !time_parse(item->valuestring, strlen(item->valuestring), &us))
        return type_wrong_json(e, _("a time like \"2025-07-04T08:00:00Z\""));
    *out = time_text(a, us);
    return true;
}

static void time_to_json(const struct field *f, const char *value, size_t len,
                         const struct names *names, struct buf *out)
{
    char text[TIME_LEN];
    int64_t us;
    if (len > 0 && time_parse(value, len, &us)) {
        time_format(us, text);
        value = text;
        len = strlen(text);
    }
    type_to_json_text(f, value, len, names, out);
}

const struct type type_date = {
    .name = "date",
    .json = "string",
    .sql = "date",
    .sort_twin = "'-infinity'::date",
    .sort_sql = "date",
    .ops = OPS_SAME | OPS_RANGE,
    .editor = EDITOR_date,
    .parse = date_parse,
    .format = type_format_plain,
    .check = date_check,
    .from_json = date_from_json,
    .to_json = type_to_json_text,
    .period = date_period,
    .mask = date_mask,
};

/* What sorts by time (created, updated, logged) is never empty, hence no
 * twin. */
const struct type type_time = {
    .name = "time",
    .json = "string",
    .sql = "timestamptz",
    .sort_sql = "timestamptz",
    .ops = OPS_SAME | OPS_RANGE,
    .editor = EDITOR_none,
    .parse = time_parse_human,
    .format = time_show,
    .check = time_check,
    .from_json = time_from_json,
    .to_json = time_to_json,
    .period = time_period,
    .mask = type_mask_all,
};
