/* The table of methods, and whether parameters have its shape. */
#include "server/rpc/method.h"

#include "common/json.h"
#include "common/utf8.h"
#include "server/rpc/handlers.h"

#include <stdio.h>
#include <string.h>

#define P(n, k, must, least, most, about)                                      \
    {                                                                          \
        .name = #n, .kind = PARAM_##k, .required = must, .min = least,         \
        .max = most, .help = about                                             \
    }
#define PARAMS(...)                                                            \
    .params = (const struct param[]){__VA_ARGS__},                             \
    .nparams = (int)(sizeof((const struct param[]){__VA_ARGS__}) /             \
                     sizeof(struct param))
#define NO_PARAMS .nparams = 0

const struct method method_rows[] = {
#define METHOD(id, who, where, way, fn, absent, changing, about, gives, ...)   \
    {.name = id,                                                               \
     .auth = AUTH_##who,                                                       \
     .lane = LANE_##where,                                                     \
     .way = fn,                                                                \
     .without = absent,                                                        \
     .changes = changing,                                                      \
     .help = about,                                                            \
     .result = gives,                                                          \
     __VA_ARGS__},
#include "server/rpc/method.def"
#undef METHOD
};
const int method_count = sizeof(method_rows) / sizeof(*method_rows);

const struct param method_key = {
    .name = "key",
    .kind = PARAM_key,
    .help = N_("Chosen by the client: the same key again does nothing twice.")};

static const struct method *find_row(const char *name)
{
    for (int i = 0; i < method_count; i++)
        if (strcmp(method_rows[i].name, name) == 0)
            return &method_rows[i];
    return NULL;
}

static bool has_verb(const struct entity *e, const struct method *m)
{
    unsigned with = m->without >> 16;
    unsigned without = (m->without & 0xffff) | E_INTERNAL;
    return (e->flags & without) == 0 && (e->flags & with) == with;
}

/* "customer.list": the row "*.list" for the entity before the dot. */
static const struct method *find_verb(const char *name,
                                      const struct entity **entity)
{
    char part[64];
    const char *dot = strrchr(name, '.');
    size_t len = dot != NULL ? (size_t)(dot - name) : sizeof(part);
    if (len >= sizeof(part) || strlen(dot) >= sizeof(part) - 1)
        return NULL;
    snprintf(part, sizeof(part), "%.*s", (int)len, name);
    const struct entity *e = entity_find(part);
    snprintf(part, sizeof(part), "*%s", dot);
    const struct method *m = e != NULL ? find_row(part) : NULL;
    if (m == NULL || !has_verb(e, m))
        return NULL;
    *entity = e;
    return m;
}

const struct method *method_find(const char *name, const struct entity **entity)
{
    const struct method *m = name[0] != '*' ? find_row(name) : NULL;
    *entity = NULL;
    return m != NULL ? m : find_verb(name, entity);
}

/* --- one parameter --- */

static bool within(const struct param *p, int64_t n, int64_t least,
                   int64_t most)
{
    bool bounded = p->min != 0 || p->max != 0;
    return n >= (bounded ? p->min : least) && n <= (bounded ? p->max : most);
}

static bool is_key(const char *s)
{
    size_t len = strlen(s);
    return len >= 8 && len <= 64 &&
           strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                     "0123456789_-") == len;
}

static bool check_string(const struct param *p, const cJSON *item)
{
    return cJSON_IsString(item) &&
           within(p, (int64_t)utf8_length(item->valuestring), 0, JSON_INT_MAX);
}

static bool check_int(const struct param *p, const cJSON *item)
{
    int64_t n;
    return json_is_int(item, &n) && within(p, n, -JSON_INT_MAX, JSON_INT_MAX);
}

static bool check_id(const struct param *p, const cJSON *item)
{
    int64_t n;
    return json_is_int(item, &n) && within(p, n, 1, JSON_INT_MAX);
}

static bool check_bool(const struct param *p, const cJSON *item)
{
    (void)p;
    return cJSON_IsBool(item);
}

static bool check_object(const struct param *p, const cJSON *item)
{
    (void)p;
    return cJSON_IsObject(item);
}

static bool check_array(const struct param *p, const cJSON *item)
{
    return cJSON_IsArray(item) &&
           within(p, cJSON_GetArraySize(item), 0, JSON_INT_MAX);
}

static bool check_key(const struct param *p, const cJSON *item)
{
    (void)p;
    return cJSON_IsString(item) && is_key(item->valuestring);
}

static bool check_any(const struct param *p, const cJSON *item)
{
    (void)p, (void)item;
    return true;
}

const struct param_kind_row param_kind_rows[PARAM_KINDS] = {
    [PARAM_string] = {"string", check_string, N_("a text")},
    [PARAM_int] = {"integer", check_int, N_("a whole number")},
    [PARAM_bool] = {"boolean", check_bool, N_("true or false")},
    [PARAM_object] = {"object", check_object, N_("an object")},
    [PARAM_array] = {"array", check_array, N_("an array")},
    [PARAM_id] = {"integer", check_id, N_("the id of a record")},
    [PARAM_key] = {"string", check_key, N_("8 to 64 letters, digits, _ or -")},
    [PARAM_any] = {NULL, check_any, N_("any value")},
};

static bool wrong(const struct param *p, struct err *e)
{
    char path[64], expected[128];
    const char *kind = _(param_kind_rows[p->kind].expected);
    snprintf(path, sizeof(path), "params.%s", p->name);
    if (p->max == 0 && p->min == 0)
        return err_param(e, path, kind);
    snprintf(expected, sizeof(expected), _("%s of %lld to %lld"), kind,
             (long long)p->min, (long long)p->max);
    return err_param(e, path, expected);
}

static const struct param *find_param(const struct method *m, const char *name)
{
    for (int i = 0; i < m->nparams; i++)
        if (strcmp(m->params[i].name, name) == 0)
            return &m->params[i];
    return m->changes && strcmp(name, method_key.name) == 0 ? &method_key
                                                            : NULL;
}

/* null stands for a parameter that is left out. */
bool method_check(const struct method *m, const cJSON *params, struct err *e)
{
    const cJSON *item;
    char path[128];
    cJSON_ArrayForEach(item, params)
    {
        const struct param *p = find_param(m, item->string);
        snprintf(path, sizeof(path), "params.%.100s", item->string);
        if (p == NULL)
            return err_param(e, path, _("no parameter of this name"));
        if ((!cJSON_IsNull(item) || p->required) &&
            !param_kind_rows[p->kind].check(p, item))
            return wrong(p, e);
    }
    for (int i = 0; i < m->nparams; i++)
        if (m->params[i].required &&
            json_get(params, m->params[i].name) == NULL)
            return wrong(&m->params[i], e);
    return true;
}
