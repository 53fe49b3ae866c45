/* Text of one line, and text of many lines (Markdown). */
#include "schema/type_impl.h"

static bool parse_line(const struct field *f, struct arena *a,
                       const char *input, const struct names *names,
                       const char **out, struct err *e)
{
    (void)f, (void)names;
    return type_clean(a, input, false, out, e);
}

static bool parse_lines(const struct field *f, struct arena *a,
                        const char *input, const struct names *names,
                        const char **out, struct err *e)
{
    (void)f, (void)names;
    return type_clean(a, input, true, out, e);
}

static bool line_from_json(const struct field *f, struct arena *a,
                           const cJSON *item, const char **out, struct err *e)
{
    (void)f;
    return type_json_text(a, item, false, out, e);
}

static bool lines_from_json(const struct field *f, struct arena *a,
                            const cJSON *item, const char **out, struct err *e)
{
    (void)f;
    return type_json_text(a, item, true, out, e);
}

const struct type type_text = {
    .name = "text",
    .json = "string",
    .sql = "text",
    .empty = "",
    .sort_sql = "text",
    .ops = OPS_SAME | OPS_SEARCH,
    .editor = EDITOR_line,
    .parse = parse_line,
    .format = type_format_plain,
    .check = type_check_length,
    .from_json = line_from_json,
    .to_json = type_to_json_text,
    .mask = type_mask_text,
};

const struct type type_longtext = {
    .name = "longtext",
    .json = "string",
    .sql = "text",
    .empty = "",
    .sort_sql = "text",
    .ops = BIT(contains) | BIT(is_null),
    .editor = EDITOR_text,
    .parse = parse_lines,
    .format = type_format_plain,
    .check = type_check_length,
    .from_json = lines_from_json,
    .to_json = type_to_json_text,
    .mask = type_mask_all,
};
