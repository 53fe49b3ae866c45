/* kehu list and kehu count: pages by cursor until enough rows are printed, so
 * that any number of rows takes the memory of one page. */
#include "tui/cli/cli_impl.h"

#include "common/json.h"

#include <stdio.h>
#include <string.h>

#define USUAL_LIMIT 50
#define PAGE_ROWS   200
#define COLUMNS_MAX 128

/* --- the question --- */

/* All --filter texts as one; what names no field in them is searched for. */
static bool add_filter(struct cli *c, const struct entity *entity,
                       cJSON *params, struct err *e)
{
    struct buf text = BUF_INIT;
    struct filter *filter = NULL;
    const char *search = NULL;
    for (int i = 0; i < c->args.filters.n; i++)
        buf_printf(&text, "%s%s", i ? " " : "", c->args.filters.text[i]);
    bool ok = filter_from_text(entity, c->arena, buf_text(&text), &c->names,
                               &filter, &search, e);
    buf_free(&text);
    if (!ok)
        return false;
    if (filter)
        cJSON_AddItemToObject(params, "filter", filter_to_json(filter));
    if (c->args.search)
        search = c->args.search;
    if (search && *search)
        cJSON_AddStringToObject(params, "search", search);
    return true;
}

static bool add_sort(struct cli *c, const struct entity *entity, cJSON *params,
                     struct err *e)
{
    struct sort_key keys[SORT_KEYS];
    int n = 0;
    if (!c->args.sort)
        return true;
    if (!sort_from_text(entity, c->args.sort, keys, &n, e))
        return false;
    cJSON *sort = cJSON_AddArrayToObject(params, "sort");
    for (int i = 0; i < n; i++) {
        cJSON *key = cJSON_CreateArray();
        cJSON_AddItemToArray(key, cJSON_CreateString(keys[i].field->id));
        cJSON_AddItemToArray(key,
                             cJSON_CreateString(keys[i].desc ? "desc" : "asc"));
        cJSON_AddItemToArray(sort, key);
    }
    return true;
}

/* --- the columns --- */

static bool is_usual(struct cli *c, const struct field *f)
{
    return (f->flags & (F_DEFAULT | F_FIXED)) && !(f->flags & F_HIDDEN) &&
           known_level(c->known, f) != LEVEL_HIDDEN;
}

static void add_column(struct cli_table *t, cJSON *columns,
                       const struct field *f)
{
    t->fields[t->nfields++] = f;
    cJSON_AddItemToArray(columns, cJSON_CreateString(f->id));
}

static bool add_named(struct cli *c, const struct entity *entity,
                      struct cli_table *t, cJSON *columns, struct err *e)
{
    char *rest = arena_strdup(c->arena, c->args.columns), *name;
    while ((name = strsep(&rest, ","))) {
        const struct field *f = field_find(entity, name);
        if (!f || (f->flags & F_HIDDEN))
            return err_set(e, ERR_invalid_params,
                           _("\"%s\" is no field of %s."), name, entity->id);
        if (t->nfields == COLUMNS_MAX)
            return err_set(e, ERR_too_large, NULL);
        add_column(t, columns, f);
    }
    return true;
}

static bool add_columns(struct cli *c, const struct entity *entity,
                        struct cli_table *t, cJSON *params, struct err *e)
{
    cJSON *columns = cJSON_AddArrayToObject(params, "columns");
    t->fields = arena_array(c->arena, COLUMNS_MAX, sizeof(const void *));
    if (c->args.columns)
        return add_named(c, entity, t, columns, e);
    for (int i = 0; i < entity->nfields; i++)
        if (is_usual(c, &entity->fields[i]))
            add_column(t, columns, &entity->fields[i]);
    return true;
}

/* --- the rows --- */

/* One page; the number of rows printed so far in *printed. The cursor of the
 * next page goes into params, false in *more where there is none. */
static bool print_page(struct cli *c, const char *method, cJSON *params,
                       const struct cli_format *format, struct cli_table *t,
                       int64_t *printed, bool *more, struct err *e)
{
    cJSON *result =
        caller_call(c->caller, method, cJSON_Duplicate(params, true), e);
    if (!result)
        return false;
    const cJSON *rows = json_get(result, "rows"), *row;
    const char *next = json_str(result, "next", NULL);
    if (*printed == 0)
        format->begin(t, rows);
    cJSON_ArrayForEach(row, rows)
    {
        format->row(t, row, (*printed)++);
    }
    *more = next && cJSON_GetArraySize(rows) > 0;
    if (*more) {
        cJSON_DeleteItemFromObjectCaseSensitive(params, "after");
        cJSON_AddStringToObject(params, "after", next);
    }
    cJSON_Delete(result);
    arena_reset(c->scratch);
    return true;
}

static void set_limit(cJSON *params, int64_t left)
{
    int64_t n = left < PAGE_ROWS ? left : PAGE_ROWS;
    cJSON_DeleteItemFromObjectCaseSensitive(params, "limit");
    cJSON_AddNumberToObject(params, "limit", (double)n);
}

static bool print_rows(struct cli *c, const struct entity *entity,
                       cJSON *params, struct cli_table *t, struct err *e)
{
    const struct cli_format *format = cli_format(c, e);
    const char *method = arena_printf(c->arena, "%s.list", entity->id);
    int64_t limit = c->args.limit < 0 ? USUAL_LIMIT : c->args.limit;
    int64_t printed = 0;
    bool more = true;
    if (!format)
        return false;
    if (limit == 0)
        limit = INT64_MAX;
    while (more && printed < limit && !ferror(stdout)) {
        set_limit(params, limit - printed);
        if (!print_page(c, method, params, format, t, &printed, &more, e))
            return false;
    }
    format->end(t);
    return true;
}

bool cli_list(struct cli *c, struct err *e)
{
    const struct entity *entity = cli_entity(c, e);
    struct cli_table t = {.cli = c};
    cJSON *params = cJSON_CreateObject();
    bool ok = entity && add_filter(c, entity, params, e) &&
              add_sort(c, entity, params, e) &&
              add_columns(c, entity, &t, params, e) &&
              print_rows(c, entity, params, &t, e);
    cJSON_Delete(params);
    return ok;
}

bool cli_count(struct cli *c, struct err *e)
{
    const struct entity *entity = cli_entity(c, e);
    cJSON *params = cJSON_CreateObject(), *result = NULL;
    if (entity && add_filter(c, entity, params, e))
        result = caller_call(c->caller,
                             arena_printf(c->arena, "%s.count", entity->id),
                             cJSON_Duplicate(params, true), e);
    if (result)
        printf("%lld\n", (long long)json_int(result, "total", 0));
    cJSON_Delete(params);
    cJSON_Delete(result);
    return result != NULL;
}
