/* References to other records, one or several: ids in memory, [id,"name"] on
 * the wire. */
#include "common/json.h"
#include "schema/type_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool read_id(const char *s, int64_t *id)
{
    size_t n = strspn(s, "0123456789");
    if (n == 0 || n > 16 || s[n] != '\0')
        return false;
    *id = strtoll(s, NULL, 10);
    return *id >= 1 && *id <= JSON_INT_MAX;
}

static const char *id_text(struct arena *a, int64_t id)
{
    return arena_printf(a, "%" PRId64, id);
}

static const char *name_of(const struct field *f, const char *id,
                           const struct names *names)
{
    int64_t n;
    if (names == NULL || names->ref == NULL || !read_id(id, &n))
        return NULL;
    return names->ref(names->ctx, f->ref, n);
}

/* "42", "#42", or an exact name. */
static bool find_id(const struct field *f, struct arena *a, const char *text,
                    const struct names *names, const char **out, struct err *e)
{
    int64_t id;
    const char *code = NULL;
    if (read_id(text[0] == '#' ? text + 1 : text, &id))
        code = id_text(a, id);
    else if (names != NULL && names->code != NULL)
        code = names->code(names->ctx, f->ref, text);
    *out = code == NULL ? NULL : arena_strdup(a, code);
    return code != NULL ||
           type_fault(e, "reference",
                      _("“%s” is not known. Write the whole name, or the "
                        "number of the record."),
                      text);
}

static bool check_id(const char *value, struct err *e)
{
    int64_t id;
    return read_id(value, &id) ||
           type_fault(e, "form", _("This is no number of a record."));
}

static void write_ref(const struct field *f, const char *id,
                      const struct names *names, struct buf *out)
{
    if (names == NULL) {
        buf_str(out, id);
        return;
    }
    const char *name = name_of(f, id, names);
    buf_char(out, '[');
    buf_str(out, id);
    buf_char(out, ',');
    if (name == NULL)
        buf_str(out, "null");
    else
        json_write_str(out, name);
    buf_char(out, ']');
}

static bool ref_parse(const struct field *f, struct arena *a, const char *input,
                      const struct names *names, const char **out,
                      struct err *e)
{
    if (!type_clean(a, input, false, out, e))
        return false;
    return *out == NULL || find_id(f, a, *out, names, out, e);
}

static const char *ref_format(const struct field *f, struct arena *a,
                              const char *value, const struct names *names)
{
    if (value == NULL || value[0] == '\0')
        return "";
    const char *name = name_of(f, value, names);
    return name == NULL ? arena_printf(a, "#%s", value) : name;
}

static bool ref_check(const struct field *f, const char *value, struct err *e)
{
    (void)f;
    return check_id(value, e);
}

static bool ref_from_json(const struct field *f, struct arena *a,
                          const cJSON *item, const char **out, struct err *e)
{
    (void)f;
    int64_t id;
    *out = NULL;
    if (type_json_null(item))
        return true;
    if (!json_is_int(item, &id) || id < 1)
        return type_wrong_json(e, _("the id of a record"));
    *out = id_text(a, id);
    return true;
}

static void ref_to_json(const struct field *f, const char *value, size_t len,
                        const struct names *names, struct buf *out)
{
    if (len == 0)
        buf_str(out, "null");
    else
        write_ref(f, value, names, out);
}

/* --- several --- */

static bool refs_parse(const struct field *f, struct arena *a,
                       const char *input, const struct names *names,
                       const char **out, struct err *e)
{
    const char *items[LIST_MAX], *id;
    size_t n = 0, kept = 0;
    if (!type_clean(a, input, true, out, e))
        return false;
    if (*out != NULL)
        n = list_pieces(a, *out, false, items, LIST_MAX);
    *out = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!find_id(f, a, items[i], names, &id, e))
            return false;
        list_add(items, &kept, id);
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
    const char *name = name_of(n->field, item, n->names);
    return name == NULL ? item : name;
}

static const char *refs_format(const struct field *f, struct arena *a,
                               const char *value, const struct names *names)
{
    struct naming ctx = {f, names};
    return list_format_by(a, value, name_item, &ctx);
}

static bool refs_check(const struct field *f, const char *value, struct err *e)
{
    struct buf scratch = BUF_INIT;
    const char *at = value, *item;
    size_t n = 0, len;
    bool good = true;
    while (good && list_next(&at, &scratch, &item, &len)) {
        n++;
        good = check_id(item, e);
    }
    buf_free(&scratch);
    return good && list_check_count(f, n, e);
}

static bool refs_from_json(const struct field *f, struct arena *a,
                           const cJSON *item, const char **out, struct err *e)
{
    (void)f;
    const char *items[LIST_MAX];
    size_t n = 0, kept = 0;
    const cJSON *one;
    *out = NULL;
    if (type_json_null(item))
        return true;
    if (!cJSON_IsArray(item))
        return type_wrong_json(e, _("an array of ids"));
    cJSON_ArrayForEach(one, item)
    {
        int64_t id;
        if (!json_is_int(one, &id) || id < 1)
            return type_wrong_json(e, _("an array of ids"));
        if (n++ == LIST_MAX)
            return type_fault(e, "length", _("At most %d are possible."),
                              LIST_MAX);
        list_add(items, &kept, id_text(a, id));
    }
    *out = kept == 0 ? NULL : list_join(a, items, kept);
    return true;
}

static void refs_to_json(const struct field *f, const char *value, size_t len,
                         const struct names *names, struct buf *out)
{
    (void)len;
    struct buf scratch = BUF_INIT;
    const char *at = value, *item;
    size_t size;
    char before = '[';
    while (list_next(&at, &scratch, &item, &size)) {
        buf_char(out, before);
        write_ref(f, item, names, out);
        before = ',';
    }
    buf_str(out, before == '[' ? "[]" : "]");
    buf_free(&scratch);
}

const struct type type_ref = {
    .name = "ref",
    .json = "integer",
    .sql = "bigint",
    .sort_twin = "0",
    .sort_sql = "bigint",
    .ops = OPS_SAME,
    .editor = EDITOR_ref,
    .parse = ref_parse,
    .format = ref_format,
    .check = ref_check,
    .from_json = ref_from_json,
    .to_json = ref_to_json,
    .mask = type_mask_all,
};

const struct type type_refs = {
    .name = "refs",
    .json = "array",
    .sql = "bigint[]",
    .empty = "{}",
    .sort_twin = "0",
    .sort_sql = "bigint",
    .list = true,
    .ops = OPS_LIST,
    .editor = EDITOR_ref,
    .parse = refs_parse,
    .format = refs_format,
    .check = refs_check,
    .from_json = refs_from_json,
    .to_json = refs_to_json,
    .mask = type_mask_all,
};
