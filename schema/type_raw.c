/* Values that people do not write by hand: JSON documents, and columns that
 * are the daemon's alone. */
#include "common/json.h"
#include "schema/type_impl.h"

#include <string.h>

static bool json_from_json(const struct field *f, struct arena *a,
                           const cJSON *item, const char **out, struct err *e)
{
    (void)f;
    *out = NULL;
    if (type_json_null(item))
        return true;
    if (!cJSON_IsObject(item) && !cJSON_IsArray(item))
        return type_wrong_json(e, _("an object"));
    *out = json_print(a, item);
    return true;
}

static bool json_read(const struct field *f, struct arena *a, const char *input,
                      const struct names *names, const char **out,
                      struct err *e)
{
    (void)names;
    *out = NULL;
    cJSON *item = NULL;
    size_t len = strlen(input);
    if (len == 0)
        return true;
    if (!json_parse(input, len, NULL, &item, NULL))
        return type_fault(e, "form", _("This is no valid JSON."));
    bool good = json_from_json(f, a, item, out, e);
    cJSON_Delete(item);
    return good;
}

static bool json_fits(const struct field *f, const char *value, struct err *e)
{
    size_t len = strlen(value);
    if (f->max > 0 && (int64_t)len > f->max)
        return type_fault(e, "length", _("At most %lld bytes are possible."),
                          (long long)f->max);
    return json_check(value, len, NULL, NULL) ||
           type_fault(e, "form", _("This is no valid JSON."));
}

static void json_to_json(const struct field *f, const char *value, size_t len,
                         const struct names *names, struct buf *out)
{
    (void)f, (void)names;
    if (len == 0)
        buf_str(out, "null");
    else
        buf_add(out, value, len);
}

static bool never_parse(const struct field *f, struct arena *a,
                        const char *input, const struct names *names,
                        const char **out, struct err *e)
{
    (void)f, (void)a, (void)input, (void)names;
    *out = NULL;
    return type_fault(e, "form", _("This field can not be written."));
}

static bool never_from_json(const struct field *f, struct arena *a,
                            const cJSON *item, const char **out, struct err *e)
{
    (void)f, (void)a, (void)item;
    *out = NULL;
    return type_fault(e, "form", _("This field can not be written."));
}

static const char *never_format(const struct field *f, struct arena *a,
                                const char *value, const struct names *names)
{
    (void)f, (void)a, (void)value, (void)names;
    return "";
}

static void never_to_json(const struct field *f, const char *value, size_t len,
                          const struct names *names, struct buf *out)
{
    (void)f, (void)value, (void)len, (void)names;
    buf_str(out, "null");
}

const struct type type_json = {
    .name = "json",
    .json = "object",
    .sql = "jsonb",
    .sort_sql = "jsonb",
    .ops = BIT(is_null),
    .editor = EDITOR_none,
    .parse = json_read,
    .format = type_format_plain,
    .check = json_fits,
    .from_json = json_from_json,
    .to_json = json_to_json,
    .mask = type_mask_all,
};

/* Columns of types that only the daemon handles (int[], bytea, xid8): they
 * are declared so that the tables name every column there is. */
const struct type type_internal = {
    .name = "internal",
    .json = "null",
    .sql = "",
    .sort_sql = "",
    .editor = EDITOR_none,
    .parse = never_parse,
    .format = never_format,
    .check = type_check_none,
    .from_json = never_from_json,
    .to_json = never_to_json,
    .mask = type_mask_all,
};
