/* Sort orders, from the wire and as people write them. */
#include "common/i18n.h"
#include "common/mem.h"
#include "schema/filter.h"

#include <string.h>

static bool add_key(struct sort_key keys[SORT_KEYS], int *n,
                    const struct field *f, bool desc, const char *path,
                    struct err *err)
{
    if (f == NULL || !(f->flags & F_SORT) || f->flags & F_HIDDEN)
        return err_param(err, path, _("a field that sorts"));
    if (*n == SORT_KEYS)
        return err_param(err, path, _("at most 3 sort keys"));
    for (int i = 0; i < *n; i++)
        if (keys[i].field == f)
            return err_param(err, path, _("each field once"));
    keys[(*n)++] = (struct sort_key){f, desc};
    return true;
}

/* ["grade","asc"] */
static bool read_pair(const struct entity *e, const cJSON *pair,
                      struct sort_key keys[SORT_KEYS], int *n, const char *path,
                      struct err *err)
{
    const cJSON *name = cJSON_IsArray(pair) ? pair->child : NULL;
    const cJSON *way = name == NULL ? NULL : name->next;
    if (way == NULL || way->next != NULL || !cJSON_IsString(name) ||
        !cJSON_IsString(way) ||
        (strcmp(way->valuestring, "asc") != 0 &&
         strcmp(way->valuestring, "desc") != 0))
        return err_param(err, path, "[\"field\",\"asc\"|\"desc\"]");
    return add_key(keys, n, field_find(e, name->valuestring),
                   strcmp(way->valuestring, "desc") == 0, path, err);
}

bool sort_from_json(const struct entity *e, struct arena *a, const cJSON *json,
                    struct sort_key keys[SORT_KEYS], int *n, struct err *err)
{
    const cJSON *pair;
    int i = 0;
    *n = 0;
    if (json == NULL || cJSON_IsNull(json))
        return true;
    if (cJSON_IsString(json))
        return sort_from_text(e, json->valuestring, keys, n, err);
    if (!cJSON_IsArray(json))
        return err_param(err, "sort", _("an array of sort keys"));
    cJSON_ArrayForEach(pair,
                       json) if (!read_pair(e, pair, keys, n,
                                            arena_printf(a, "sort[%d]", i++),
                                            err)) return false;
    return true;
}

bool sort_from_text(const struct entity *e, const char *text,
                    struct sort_key keys[SORT_KEYS], int *n, struct err *err)
{
    char name[256];
    *n = 0;
    for (const char *p = text; *p != '\0'; p += *p == ',') {
        p += strspn(p, " ");
        bool desc = *p == '-';
        p += desc;
        size_t len = strcspn(p, ",");
        if (len >= sizeof(name))
            return err_param(err, "sort", _("a field that sorts"));
        memcpy(name, p, len);
        name[len] = '\0';
        if (!add_key(keys, n, field_named(e, name), desc,
                     len == 0 ? "sort" : name, err))
            return false;
        p += len;
    }
    return true;
}
