/* Yes or no, one value of an option list, several values of one. */
#include "common/json.h"
#include "common/utf8.h"
#include "schema/option.h"
#include "schema/type_impl.h"

#include <stdio.h>
#include <string.h>

#define CODE_MAX 50 /* code points of a code, or of a value typed freely */

/* --- yes or no --- */

static const struct word {
    const char *text;
    bool yes;
} words[] = {
    {"是", true},    {"有", true},   {"真", true},  {"yes", true},
    {"y", true},     {"true", true}, {"t", true},   {"1", true},
    {"否", false},   {"无", false},  {"假", false}, {"no", false},
    {"n", false},    {"f", false},   {"0", false},  {"false", false},
    {"没有", false},
};

static bool bool_parse(const struct field *f, struct arena *a,
                       const char *input, const struct names *names,
                       const char **out, struct err *e)
{
    (void)f, (void)names;
    if (!type_clean(a, input, false, out, e))
        return false;
    if (*out == NULL)
        return true;
    const char *text = utf8_fold(a, *out);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].text, text) == 0) {
            *out = words[i].yes ? "t" : "f";
            return true;
        }
    return type_fault(e, "form", _("Answer yes or no."));
}

static const char *bool_format(const struct field *f, struct arena *a,
                               const char *value, const struct names *names)
{
    (void)f, (void)a, (void)names;
    if (value == NULL || value[0] == '\0')
        return "";
    return value[0] == 't' ? _("Yes") : _("No");
}

static bool bool_check(const struct field *f, const char *value, struct err *e)
{
    (void)f;
    return strcmp(value, "t") == 0 || strcmp(value, "f") == 0 ||
           type_fault(e, "form", _("Answer yes or no."));
}

static bool bool_from_json(const struct field *f, struct arena *a,
                           const cJSON *item, const char **out, struct err *e)
{
    (void)f, (void)a;
    *out = NULL;
    if (type_json_null(item))
        return true;
    if (!cJSON_IsBool(item))
        return type_wrong_json(e, _("true or false"));
    *out = cJSON_IsTrue(item) ? "t" : "f";
    return true;
}

static void bool_to_json(const struct field *f, const char *value, size_t len,
                         const struct names *names, struct buf *out)
{
    (void)f, (void)names;
    buf_str(out, len == 0 ? "null" : value[0] == 't' ? "true" : "false");
}

/* --- options --- */

static const char *label_of(const struct field *f, const char *code,
                            const struct names *names)
{
    const char *label = NULL;
    if (names != NULL && names->option != NULL)
        label = names->option(names->ctx, f->options, code);
    else {
        const struct option_row *row = option_find(f->options, code);
        label = row == NULL ? NULL : option_label(row, i18n_lang());
    }
    return label == NULL ? code : label;
}

/* A label in either language, or the code in other letters, of a built-in
 * option. */
static const char *built_in_code(struct arena *a, const char *list,
                                 const char *text)
{
    const char *folded = utf8_fold(a, text);
    for (int i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        if (strcmp(row->list, list) == 0 &&
            (strcmp(utf8_fold(a, row->code), folded) == 0 ||
             strcmp(utf8_fold(a, row->zh), folded) == 0 ||
             strcmp(utf8_fold(a, row->en), folded) == 0))
            return row->code;
    }
    return NULL;
}

/* What a person typed → the code. Without names the built-in options hold. */
static bool find_code(const struct field *f, struct arena *a, const char *text,
                      const struct names *names, const char **out,
                      struct err *e)
{
    const struct option_list *list = option_list_find(f->options);
    bool known = names != NULL && names->option != NULL;
    const char *code = NULL;
    if (known && names->option(names->ctx, f->options, text) != NULL)
        code = text;
    else if (known && names->code != NULL)
        code = names->code(names->ctx, f->options, text);
    else if (!known)
        code = built_in_code(a, f->options, text);
    if (code == NULL && list != NULL && list->free_text)
        code = text;
    *out = code == NULL ? NULL : arena_strdup(a, code);
    return code != NULL ||
           type_fault(e, "option",
                      _("“%s” is not in the list. Choose one of its values."),
                      text);
}

/* Lists that belong to the code can be checked everywhere; what an
 * administrator may change is checked by who knows the names
 * (validate_record). */
static bool check_code(const struct field *f, const char *code, struct err *e)
{
    const struct option_list *list = option_list_find(f->options);
    if (list != NULL && list->fixed && option_find(f->options, code) == NULL)
        return type_fault(e, "option",
                          _("“%s” is not in the list. Choose one of its "
                            "values."),
                          code);
    return utf8_length(code) <= CODE_MAX ||
           type_fault(e, "length", _("Write at most %d characters."), CODE_MAX);
}

static bool choice_parse(const struct field *f, struct arena *a,
                         const char *input, const struct names *names,
                         const char **out, struct err *e)
{
    if (!type_clean(a, input, false, out, e))
        return false;
    return *out == NULL || find_code(f, a, *out, names, out, e);
}

static const char *choice_format(const struct field *f, struct arena *a,
                                 const char *value, const struct names *names)
{
    (void)a;
    if (value == NULL || value[0] == '\0')
        return "";
    return label_of(f, value, names);
}

static bool choice_from_json(const struct field *f, struct arena *a,
                             const cJSON *item, const char **out, struct err *e)
{
    (void)f;
    return type_json_text(a, item, false, out, e);
}

static bool choices_parse(const struct field *f, struct arena *a,
                          const char *input, const struct names *names,
                          const char **out, struct err *e)
{
    const char *items[LIST_MAX], *code;
    size_t n = 0, kept = 0;
    if (!type_clean(a, input, true, out, e))
        return false;
    if (*out != NULL)
        n = list_pieces(a, *out, false, items, LIST_MAX);
    *out = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!find_code(f, a, items[i], names, &code, e))
            return false;
        list_add(items, &kept, code);
    }
    *out = kept == 0 ? NULL : list_join(a, items, kept);
    return true;
}

struct naming {
    const struct field *field;
    const struct names *names;
};

static const char *name_item(void *ctx, const char *item)
{
    const struct naming *n = ctx;
    return label_of(n->field, item, n->names);
}

static const char *choices_format(const struct field *f, struct arena *a,
                                  const char *value, const struct names *names)
{
    struct naming ctx = {f, names};
    return list_format_by(a, value, name_item, &ctx);
}

static bool choices_check(const struct field *f, const char *value,
                          struct err *e)
{
    struct buf scratch = BUF_INIT;
    const char *at = value, *item;
    size_t n = 0, len;
    bool good = true;
    while (good && list_next(&at, &scratch, &item, &len)) {
        n++;
        good = check_code(f, item, e);
    }
    buf_free(&scratch);
    return good && list_check_count(f, n, e);
}

const struct type type_boolean = {
    .name = "boolean",
    .json = "boolean",
    .sql = "boolean",
    .empty = "f",
    .sort_sql = "boolean",
    .ops = BIT(eq) | BIT(ne),
    .editor = EDITOR_bool,
    .parse = bool_parse,
    .format = bool_format,
    .check = bool_check,
    .from_json = bool_from_json,
    .to_json = bool_to_json,
    .mask = type_mask_all,
};

const struct type type_choice = {
    .name = "choice",
    .json = "string",
    .sql = "text",
    .empty = "",
    .sort_sql = "text",
    .ops = OPS_SAME,
    .editor = EDITOR_choice,
    .parse = choice_parse,
    .format = choice_format,
    .check = check_code,
    .from_json = choice_from_json,
    .to_json = type_to_json_text,
    .mask = type_mask_all,
};

const struct type type_choices = {
    .name = "choices",
    .json = "array",
    .sql = "text[]",
    .empty = "{}",
    .sort_twin = "''",
    .sort_sql = "text",
    .list = true,
    .ops = OPS_LIST,
    .editor = EDITOR_choices,
    .parse = choices_parse,
    .format = choices_format,
    .check = choices_check,
    .from_json = list_texts_from_json,
    .to_json = list_to_json,
    .mask = type_mask_all,
};
