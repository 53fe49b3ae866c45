/* The types by name, the operators by name, and what the families share. */
#include "common/json.h"
#include "common/utf8.h"
#include "schema/type_impl.h"

#include <stdio.h>
#include <string.h>

const struct type *const schema_types[] = {
    &type_text,    &type_longtext, &type_phone,   &type_email,
    &type_url,     &type_date,     &type_time,    &type_money,
    &type_percent, &type_integer,  &type_boolean, &type_choice,
    &type_choices, &type_textlist, &type_ref,     &type_refs,
    &type_json,    &type_id,       &type_urls,    &type_internal,
};
const int schema_type_count =
    (int)(sizeof(schema_types) / sizeof(schema_types[0]));

static const char *const op_names[OPS] = {
    [OP_eq] = "eq",           [OP_ne] = "ne",
    [OP_in] = "in",           [OP_not_in] = "not_in",
    [OP_lt] = "lt",           [OP_le] = "le",
    [OP_gt] = "gt",           [OP_ge] = "ge",
    [OP_between] = "between", [OP_contains] = "contains",
    [OP_starts] = "starts",   [OP_any] = "any",
    [OP_all] = "all",         [OP_is_null] = "is_null",
};

const char *op_name(enum filter_op op)
{
    return op_names[op];
}

enum filter_op op_find(const char *name, size_t len)
{
    for (int i = 0; i < OPS; i++)
        if (strlen(op_names[i]) == len && memcmp(op_names[i], name, len) == 0)
            return (enum filter_op)i;
    return OPS;
}

bool type_fault(struct err *e, const char *rule, const char *fmt, ...)
{
    char text[512]; /* as much as an err holds */
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (e == NULL)
        return false;
    err_set(e, ERR_invalid, "%s", text);
    err_data(e, "rule", cJSON_CreateStringReference(rule));
    return false;
}

bool type_wrong_json(struct err *e, const char *expected)
{
    type_fault(e, "form", _("Expected %s."), expected);
    if (e != NULL)
        err_data(e, "expected", cJSON_CreateString(expected));
    return false;
}

bool type_json_null(const cJSON *item)
{
    return item == NULL || cJSON_IsNull(item);
}

bool type_clean(struct arena *a, const char *input, bool multiline,
                const char **out, struct err *e)
{
    *out = NULL;
    const char *clean = utf8_clean(a, input, strlen(input), multiline);
    if (clean == NULL)
        return type_fault(e, "form", _("This text is not valid UTF-8."));
    *out = clean[0] == '\0' ? NULL : clean;
    return true;
}

bool type_json_text(struct arena *a, const cJSON *item, bool multiline,
                    const char **out, struct err *e)
{
    *out = NULL;
    if (type_json_null(item))
        return true;
    if (!cJSON_IsString(item))
        return type_wrong_json(e, _("a string"));
    return type_clean(a, item->valuestring, multiline, out, e);
}

bool type_check_length(const struct field *f, const char *value, struct err *e)
{
    int64_t n = (int64_t)utf8_length(value);
    if (n < f->min)
        return type_fault(e, "length", _("Write at least %lld characters."),
                          (long long)f->min);
    if (f->max > 0 && n > f->max)
        return type_fault(e, "length",
                          _("Write at most %lld characters; these are %lld."),
                          (long long)f->max, (long long)n);
    return true;
}

bool type_check_none(const struct field *f, const char *value, struct err *e)
{
    (void)f, (void)value, (void)e;
    return true;
}

const char *type_format_plain(const struct field *f, struct arena *a,
                              const char *value, const struct names *names)
{
    (void)f, (void)a, (void)names;
    return value == NULL ? "" : value;
}

void type_to_json_text(const struct field *f, const char *value, size_t len,
                       const struct names *names, struct buf *out)
{
    (void)f, (void)names;
    if (len == 0)
        buf_str(out, "null");
    else
        json_write_strn(out, value, len);
}

const char *type_mask_all(struct arena *a, const char *value)
{
    (void)a;
    return value == NULL || value[0] == '\0' ? "" : "***";
}

const char *type_mask_text(struct arena *a, const char *value)
{
    uint32_t cp;
    if (value == NULL || value[0] == '\0')
        return "";
    size_t n = utf8_decode(value, strlen(value), &cp);
    return arena_printf(a, "%.*s***", (int)n, value);
}
