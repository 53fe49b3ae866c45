/* Web addresses, one or several. An address is accepted by its form alone;
 * whether it answers is found out elsewhere (DET-06). */
#include "schema/type_impl.h"

#include <string.h>

#define URL_MAX 2000

static const char *after_scheme(const char *url)
{
    static const char *const schemes[] = {"https://", "http://"};
    for (size_t i = 0; i < 2; i++)
        if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
            return url + strlen(schemes[i]);
    return NULL;
}

/* Scheme and host in lower case; https:// before an address without one. */
static const char *url_form(struct arena *a, const char *text)
{
    if (text == NULL)
        return NULL;
    const char *host = after_scheme(text);
    if (host == NULL && strstr(text, "://") == NULL)
        return url_form(a, arena_printf(a, "https://%s", text));
    if (host == NULL)
        return text;
    char *out = arena_strdup(a, text);
    type_lower(out, (size_t)(host - text) + strcspn(host, "/?#"));
    return out;
}

const char *url_host(struct arena *a, const char *url)
{
    const char *host = after_scheme(url);
    host = host ? host : url;
    size_t n = strcspn(host, ":/?#");
    char *out = type_lower(arena_strndup(a, host, n), n);
    return strncmp(out, "www.", 4) == 0 ? out + 4 : out;
}

static bool is_url(const char *url)
{
    const char *host = after_scheme(url);
    if (host == NULL || strlen(url) > URL_MAX || strpbrk(url, " \n\"<>\\^`"))
        return false;
    const char *end = host + strcspn(host, "/?#");
    const char *port = memchr(host, ':', (size_t)(end - host));
    if (port != NULL && !type_is_number(port + 1, end, 65535))
        return false;
    return type_is_host(host, port == NULL ? end : port);
}

static bool url_fault(const char *value, struct err *e)
{
    return type_fault(e, "form",
                      _("“%s” is no web address. Write it like "
                        "https://www.example.com."),
                      value);
}

static bool url_parse(const struct field *f, struct arena *a, const char *input,
                      const struct names *names, const char **out,
                      struct err *e)
{
    (void)f, (void)names;
    bool good = type_clean(a, input, false, out, e);
    *out = url_form(a, *out);
    return good;
}

static bool url_from_json(const struct field *f, struct arena *a,
                          const cJSON *item, const char **out, struct err *e)
{
    (void)f;
    bool good = type_json_text(a, item, false, out, e);
    *out = url_form(a, *out);
    return good;
}

static bool url_check(const struct field *f, const char *value, struct err *e)
{
    return is_url(value) ? type_check_length(f, value, e) : url_fault(value, e);
}

static const char *urls_form(struct arena *a, const char **items, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        list_add(items, &kept, url_form(a, items[i]));
    return kept == 0 ? NULL : list_join(a, items, kept);
}

static bool urls_parse(const struct field *f, struct arena *a,
                       const char *input, const struct names *names,
                       const char **out, struct err *e)
{
    (void)f, (void)names;
    if (!type_clean(a, input, true, out, e))
        return false;
    if (*out == NULL)
        return true;
    const char **items = arena_array(a, LIST_MAX, sizeof(*items));
    *out = urls_form(a, items, list_pieces(a, *out, true, items, LIST_MAX));
    return true;
}

static bool urls_from_json(const struct field *f, struct arena *a,
                           const cJSON *item, const char **out, struct err *e)
{
    const char **items;
    size_t n;
    if (!list_texts_from_json(f, a, item, out, e))
        return false;
    if (*out == NULL)
        return true;
    if (!list_split(a, *out, &items, &n))
        return type_wrong_json(e, _("an array of strings"));
    *out = urls_form(a, items, n);
    return true;
}

static bool urls_check(const struct field *f, const char *value, struct err *e)
{
    struct buf scratch = BUF_INIT;
    const char *at = value, *item;
    size_t n = 0, len;
    bool good = true;
    while (good && list_next(&at, &scratch, &item, &len)) {
        n++;
        good = is_url(item) || url_fault(item, e);
    }
    buf_free(&scratch);
    return good && list_check_count(f, n, e);
}

const struct type type_url = {
    .name = "url",
    .json = "string",
    .sql = "text",
    .empty = "",
    .sort_sql = "text",
    .ops = OPS_SAME | OPS_SEARCH,
    .editor = EDITOR_line,
    .parse = url_parse,
    .format = type_format_plain,
    .check = url_check,
    .from_json = url_from_json,
    .to_json = type_to_json_text,
    .mask = type_mask_all,
};

const struct type type_urls = {
    .name = "urls",
    .json = "array",
    .sql = "text[]",
    .empty = "{}",
    .sort_twin = "''",
    .sort_sql = "text",
    .list = true,
    .ops = OPS_LIST,
    .editor = EDITOR_text,
    .parse = urls_parse,
    .format = list_format,
    .check = urls_check,
    .from_json = urls_from_json,
    .to_json = list_to_json,
    .mask = type_mask_all,
};
