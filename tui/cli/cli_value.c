/* Values between people, who type and read labels and names, and the wire,
 * which has codes and ids. */
#include "tui/cli/cli_impl.h"

#include "common/json.h"
#include "common/utf8.h"

#include <string.h>

/* The rows of an entity in which a field equals a text; an array or NULL. */
static cJSON *ask_ids(struct cli *c, const struct entity *e, const char *field,
                      const char *text)
{
    cJSON *params = cJSON_CreateObject();
    cJSON *filter = cJSON_AddObjectToObject(params, "filter");
    cJSON *cond = cJSON_AddObjectToObject(filter, field);
    cJSON_AddStringToObject(cond, "eq", text);
    cJSON_AddItemToObject(params, "columns", cJSON_CreateArray());
    cJSON_AddNumberToObject(params, "limit", 2);
    char *method = arena_printf(c->arena, "%s.list", e->id);
    cJSON *result = caller_call(c->caller, method, params, NULL);
    cJSON *rows = cJSON_DetachItemFromObjectCaseSensitive(result, "rows");
    cJSON_Delete(result);
    return rows;
}

/* The id of the one row that is called so; NULL where there is none, or more
 * than one. Users go by their login too. */
static const char *find_ref(struct cli *c, const struct entity *e,
                            const char *text)
{
    const char *const fields[] = {e->title, "name"};
    const char *found = NULL;
    for (size_t i = 0; i < 2 && !found; i++) {
        if (!field_find(e, fields[i]))
            continue;
        cJSON *rows = ask_ids(c, e, fields[i], text);
        const cJSON *id = cJSON_GetArrayItem(cJSON_GetArrayItem(rows, 0), 0);
        int64_t n;
        if (cJSON_GetArraySize(rows) == 1 && json_is_int(id, &n))
            found = arena_printf(c->arena, "%lld", (long long)n);
        cJSON_Delete(rows);
    }
    return found;
}

static const char *name_option(void *ctx, const char *list, const char *code)
{
    struct cli *c = ctx;
    struct names known = known_names(c->known);
    return known.option(known.ctx, list, code);
}

static const char *name_ref(void *ctx, const char *entity, int64_t id)
{
    struct cli *c = ctx;
    struct names known = known_names(c->known);
    return known.ref(known.ctx, entity, id);
}

static const char *name_code(void *ctx, const char *list, const char *text)
{
    struct cli *c = ctx;
    struct names known = known_names(c->known);
    const struct entity *e = entity_find(list);
    return e ? find_ref(c, e, text) : known.code(known.ctx, list, text);
}

struct names cli_names(struct cli *c)
{
    return (struct names){
        .option = name_option, .ref = name_ref, .code = name_code, .ctx = c};
}

const struct entity *cli_entity(struct cli *c, struct err *e)
{
    const struct entity *entity = entity_find(c->args.words[0]);
    if (entity && !(entity->flags & E_INTERNAL))
        return entity;
    struct buf known = BUF_INIT;
    for (int i = 0; i < schema_entity_count; i++)
        if (!(schema_entities[i]->flags & E_INTERNAL))
            buf_printf(&known, " %s", schema_entities[i]->id);
    err_set(e, ERR_invalid_params,
            _("\"%s\" is no kind of record. There are:%s"), c->args.words[0],
            buf_text(&known));
    buf_free(&known);
    return NULL;
}

cJSON *cli_value(struct cli *c, const struct field *f, const char *input,
                 struct err *e)
{
    const char *canonical = NULL;
    if (!f->type->parse(f, c->arena, input, &c->names, &canonical, e))
        return NULL;
    if (field_is_empty(f, canonical))
        return cJSON_CreateNull();
    struct buf json = BUF_INIT;
    cJSON *value = NULL;
    f->type->to_json(f, canonical, strlen(canonical), NULL, &json);
    if (!json_parse(buf_text(&json), json.len, NULL, &value, e))
        value = NULL;
    buf_free(&json);
    return value;
}

/* [id, name] as the wire has a reference; NULL where it is none. */
static const char *ref_name(const cJSON *value)
{
    const cJSON *name = cJSON_GetArrayItem(value, 1);
    return cJSON_IsNumber(cJSON_GetArrayItem(value, 0)) && cJSON_IsString(name)
               ? name->valuestring
               : NULL;
}

/* One reference or a list of them. */
static const char *format_refs(struct cli *c, const cJSON *value)
{
    struct buf names = BUF_INIT;
    const cJSON *item;
    const char *name = ref_name(value);
    if (name)
        return name;
    cJSON_ArrayForEach(item, value)
    {
        name = ref_name(item);
        buf_printf(&names, "%s%s", names.len ? "、" : "",
                   name ? name : json_print(c->scratch, item));
    }
    name = arena_strdup(c->scratch, buf_text(&names));
    buf_free(&names);
    return name;
}

/* A masked value is text whatever its type: it is shown as it is. */
static const char *format(struct cli *c, const struct field *f,
                          const cJSON *value)
{
    const char *canonical = NULL;
    if (cJSON_IsArray(value) && f->ref)
        return format_refs(c, value);
    if (f->type->from_json(f, c->scratch, value, &canonical, NULL))
        return canonical ? f->type->format(f, c->scratch, canonical, &c->names)
                         : "";
    return cJSON_IsString(value) ? value->valuestring
                                 : json_print(c->scratch, value);
}

static char *one_line(char *text)
{
    for (char *p = text; (p = strpbrk(p, "\r\n\t")); p++)
        *p = ' ';
    return text;
}

const char *cli_text(struct cli *c, const struct field *f, const cJSON *value)
{
    if (!value || cJSON_IsNull(value))
        return "";
    const char *text = f ? format(c, f, value) : json_print(c->scratch, value);
    char *copy = one_line(arena_strdup(c->scratch, text));
    return utf8_safe(c->scratch, copy, strlen(copy));
}
