/* E-mail addresses. */
#include "common/utf8.h"
#include "schema/type_impl.h"

#include <ctype.h>
#include <string.h>

static bool is_local_part(const char *s, size_t n)
{
    static const char signs[] = "!#$%&'*+/=?^_`{|}~.-";
    if (n == 0 || n > 64 || s[0] == '.' || s[n - 1] == '.')
        return false;
    for (size_t i = 0; i < n; i++) {
        bool good = isalnum((unsigned char)s[i]) || strchr(signs, s[i]) != NULL;
        if (!good || (s[i] == '.' && s[i + 1] == '.'))
            return false;
    }
    return true;
}

/* The domain in lower case; what a Chinese keyboard gives becomes ASCII. */
static const char *email_form(struct arena *a, const char *text)
{
    if (text == NULL)
        return NULL;
    size_t n = 0, len = strlen(text);
    char *out = arena_alloc(a, len + 1);
    for (size_t at = 0; at < len;) {
        uint32_t cp;
        at += utf8_decode(text + at, len - at, &cp);
        n += utf8_encode(utf8_ascii_twin(cp), out + n);
    }
    out[n] = '\0';
    char *domain = strrchr(out, '@');
    if (domain != NULL)
        type_lower(domain, strlen(domain));
    return out;
}

static bool email_parse(const struct field *f, struct arena *a,
                        const char *input, const struct names *names,
                        const char **out, struct err *e)
{
    (void)f, (void)names;
    bool good = type_clean(a, input, false, out, e);
    *out = email_form(a, *out);
    return good;
}

static bool email_from_json(const struct field *f, struct arena *a,
                            const cJSON *item, const char **out, struct err *e)
{
    (void)f;
    bool good = type_json_text(a, item, false, out, e);
    *out = email_form(a, *out);
    return good;
}

static bool email_check(const struct field *f, const char *value, struct err *e)
{
    const char *at = strrchr(value, '@');
    bool good = at != NULL && is_local_part(value, (size_t)(at - value)) &&
                type_is_host(at + 1, value + strlen(value));
    if (!good)
        return type_fault(e, "form",
                          _("This is no e-mail address. Write it like "
                            "name@example.com."));
    return type_check_length(f, value, e);
}

static const char *email_mask(struct arena *a, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return "";
    const char *at = strrchr(value, '@');
    return arena_printf(a, "%s%s", type_mask_text(a, value),
                        at == NULL ? "" : at);
}

const struct type type_email = {
    .name = "email",
    .json = "string",
    .sql = "text",
    .empty = "",
    .sort_sql = "text",
    .ops = OPS_SAME | OPS_SEARCH,
    .editor = EDITOR_line,
    .parse = email_parse,
    .format = type_format_plain,
    .check = email_check,
    .from_json = email_from_json,
    .to_json = type_to_json_text,
    .mask = email_mask,
};
