/* One record: get, create, update, delete, restore. */
#include "tui/cli/cli_impl.h"

#include "common/json.h"
#include "common/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_id(struct cli *c, int64_t *out, struct err *e)
{
    const char *text = c->args.words[1];
    char *end;
    long long id = strtoll(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || id < 1 || id > JSON_INT_MAX)
        return err_set(e, ERR_invalid_params, _("\"%s\" is no id."), text);
    *out = id;
    return true;
}

/* --- showing --- */

static void print_field(struct cli *c, const struct field *f,
                        const cJSON *value, int width)
{
    const char *text = cli_text(c, f, value);
    if (!*text)
        return;
    cli_print_padded(_(f->label), width, false);
    printf("  %s\n", text);
}

static void print_number(const struct field *f, const cJSON *record, int width)
{
    cli_print_padded(_(f->label), width, false);
    printf("  %lld\n", (long long)json_int(record, f->id, 0));
}

/* Label and value, one field a line, in the order of the table; what is empty
 * is left out. */
static void print_record(struct cli *c, const struct entity *entity,
                         const cJSON *record)
{
    int width = utf8_width(_(field_version.label));
    for (int i = 0; i < entity->nfields; i++) {
        int w = utf8_width(_(entity->fields[i].label));
        width = json_get(record, entity->fields[i].id) && w > width ? w : width;
    }
    print_number(&field_id, record, width);
    print_number(&field_version, record, width);
    for (int i = 0; i < entity->nfields; i++)
        print_field(c, &entity->fields[i],
                    json_get(record, entity->fields[i].id), width);
}

/* Takes `result`. */
static bool show(struct cli *c, const struct entity *entity, cJSON *result)
{
    const cJSON *record = json_get(result, "record");
    bool ok = result != NULL;
    if (ok && cli_wants_json(c))
        cli_print_json(c, record);
    else if (ok)
        print_record(c, entity, record);
    cJSON_Delete(result);
    return ok;
}

static cJSON *call(struct cli *c, const struct entity *entity, const char *verb,
                   cJSON *params, struct err *e)
{
    const char *method = arena_printf(c->arena, "%s.%s", entity->id, verb);
    return caller_call(c->caller, method, params, e);
}

static cJSON *fetch(struct cli *c, const struct entity *entity, int64_t id,
                    struct err *e)
{
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)id);
    return call(c, entity, "get", params, e);
}

bool cli_get(struct cli *c, struct err *e)
{
    int64_t id = 0;
    const struct entity *entity = cli_entity(c, e);
    return entity && read_id(c, &id, e) &&
           show(c, entity, fetch(c, entity, id, e));
}

/* --- changing --- */

/* "name=value" into values; every fault names its field. */
static bool add_value(struct cli *c, const struct entity *entity,
                      const char *text, cJSON *values, struct err *e)
{
    const char *equal = strchr(text, '=');
    const char *name = arena_strndup(c->arena, text, strcspn(text, "="));
    const struct field *f = field_find(entity, name);
    if (!equal)
        return err_set(e, ERR_invalid_params,
                       _("--set: \"%s\" is not FIELD=VALUE."), text);
    if (!f || (f->flags & (F_HIDDEN | F_READONLY)))
        return err_set(e, ERR_invalid_params,
                       _("\"%s\" is no field of %s that can be set."), name,
                       entity->id);
    struct err why = {0};
    cJSON *value = cli_value(c, f, equal + 1, &why);
    if (!value) {
        err_set(e, ERR_invalid, "%s: %s", _(f->label), why.message);
        err_clear(&why);
        return false;
    }
    cJSON_DeleteItemFromObjectCaseSensitive(values, f->id);
    return cJSON_AddItemToObject(values, f->id, value);
}

static bool add_values(struct cli *c, const struct entity *entity,
                       cJSON *params, struct err *e)
{
    cJSON *values = cJSON_AddObjectToObject(params, "values");
    if (c->args.sets.n == 0)
        return err_set(e, ERR_invalid_params,
                       _("Say what to set: --set FIELD=VALUE"));
    for (int i = 0; i < c->args.sets.n; i++)
        if (!add_value(c, entity, c->args.sets.text[i], values, e))
            return false;
    return true;
}

bool cli_create(struct cli *c, struct err *e)
{
    const struct entity *entity = cli_entity(c, e);
    cJSON *params = cJSON_CreateObject(), *result = NULL;
    if (entity && add_values(c, entity, params, e))
        result = call(c, entity, "create", cJSON_Duplicate(params, true), e);
    cJSON_Delete(params);
    return entity && show(c, entity, result);
}

/* The version the change is meant for: as given, else the present one. */
static bool add_target(struct cli *c, const struct entity *entity,
                       cJSON *params, struct err *e)
{
    int64_t id = 0, version = c->args.version;
    if (!read_id(c, &id, e))
        return false;
    if (version < 0) {
        cJSON *now = fetch(c, entity, id, e);
        if (!now)
            return false;
        version = json_int(json_get(now, "record"), "version", 0);
        cJSON_Delete(now);
    }
    cJSON_AddNumberToObject(params, "id", (double)id);
    cJSON_AddNumberToObject(params, "version", (double)version);
    return true;
}

/* `values`: the verb takes --set. */
static bool change(struct cli *c, const char *verb, bool values, struct err *e)
{
    const struct entity *entity = cli_entity(c, e);
    cJSON *params = cJSON_CreateObject(), *result = NULL;
    if (entity && (!values || add_values(c, entity, params, e)) &&
        add_target(c, entity, params, e))
        result = call(c, entity, verb, cJSON_Duplicate(params, true), e);
    cJSON_Delete(params);
    return entity && show(c, entity, result);
}

bool cli_update(struct cli *c, struct err *e)
{
    return change(c, "update", true, e);
}

bool cli_delete(struct cli *c, struct err *e)
{
    return change(c, "delete", false, e);
}

/* What lies in the trash can not be read first, so its version has to be
 * given. */
bool cli_restore(struct cli *c, struct err *e)
{
    if (c->args.version < 0)
        return err_set(e, ERR_invalid_params,
                       _("Say which version to restore: --version N, as "
                         "kehu delete has shown it."));
    return change(c, "restore", false, e);
}
