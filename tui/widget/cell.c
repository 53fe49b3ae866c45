/* Values as cells: names of references come with the value itself, states get
 * their sign and colour. */
#include "tui/widget/cell.h"

#include "common/json.h"
#include "common/mem.h"
#include "schema/access.h"
#include "schema/option.h"

#include <stdio.h>
#include <string.h>

/* References carry their names: [id,"name"], or a list of such. */
struct carried {
    const cJSON *item;
    struct names names; /* for everything else */
};

static bool is_pair(const cJSON *item, int64_t *id, const char **name)
{
    const cJSON *first = cJSON_IsArray(item) ? item->child : NULL;
    *name = first ? cJSON_GetStringValue(first->next) : NULL;
    return first && json_is_int(first, id);
}

/* A reference is read as [id,"name"] and written as its id: this is what
 * would be written. The caller owns it. */
static cJSON *bare_ids(const cJSON *item)
{
    const cJSON *pair;
    const char *name;
    int64_t id;
    if (is_pair(item, &id, &name))
        return cJSON_CreateNumber((double)id);
    cJSON *ids = cJSON_CreateArray();
    cJSON_ArrayForEach(pair, item)
    {
        if (is_pair(pair, &id, &name))
            cJSON_AddItemToArray(ids, cJSON_CreateNumber((double)id));
    }
    return ids;
}

static bool read_value(const struct field *f, struct arena *a,
                       const cJSON *item, const char **value)
{
    struct err err = {0};
    cJSON *ids = f->ref && cJSON_IsArray(item) ? bare_ids(item) : NULL;
    bool good = f->type->from_json(f, a, ids ? ids : item, value, &err);
    cJSON_Delete(ids);
    err_clear(&err);
    return good && *value;
}

static const char *carried_name(void *ctx, const char *entity, int64_t id)
{
    const struct carried *c = ctx;
    const cJSON *pair;
    const char *name;
    int64_t found;
    if (is_pair(c->item, &found, &name) && found == id && name)
        return name;
    cJSON_ArrayForEach(pair, c->item)
    {
        if (is_pair(pair, &found, &name) && found == id && name)
            return name;
    }
    return c->names.ref(c->names.ctx, entity, id);
}

static const char *carried_option(void *ctx, const char *list, const char *code)
{
    const struct carried *c = ctx;
    return c->names.option(c->names.ctx, list, code);
}

/* Colour means something and never stands alone (screens.md, "Look"): the
 * sign of the state goes with it. */
static const enum style life_styles[LIVES] = {
    [LIFE_NONE] = STYLE_text,        [LIFE_potential] = STYLE_text,
    [LIFE_negotiating] = STYLE_text, [LIFE_contracted] = STYLE_text,
    [LIFE_active] = STYLE_good,      [LIFE_suspended] = STYLE_off,
    [LIFE_renewal] = STYLE_warn,     [LIFE_churned] = STYLE_off,
    [LIFE_reactivated] = STYLE_good,
};

static void add_state(const struct field *f, struct arena *a, const char *value,
                      struct cell *c)
{
    enum life life = LIFE_NONE;
    if (f->options && strcmp(f->options, "lifecycle") == 0)
        life = life_find(value);
    if (life == LIFE_NONE)
        return;
    c->text = arena_printf(a, "%s %s", life_sign(life), c->text);
    c->style = life_styles[life];
}

/* The first line of a text, in the arena: it may come from the item itself. */
static const char *one_line(struct arena *a, const char *text)
{
    return arena_strndup(a, text, strcspn(text, "\n"));
}

struct cell cell_of(struct remote *r, const struct field *f, struct arena *a,
                    const cJSON *item)
{
    struct cell c = {"", STYLE_text};
    struct carried carried = {.item = item, .names = remote_names(r)};
    struct names names = {
        .option = carried_option, .ref = carried_name, .ctx = &carried};
    const char *value = NULL;
    if (!item || cJSON_IsNull(item))
        return c;
    if (remote_level(r, f) == LEVEL_MASKED && cJSON_IsString(item)) {
        c.text = one_line(a, item->valuestring);
        c.style = STYLE_masked;
        return c;
    }
    if (read_value(f, a, item, &value)) {
        c.text = one_line(a, f->type->format(f, a, value, &names));
        add_state(f, a, value, &c);
    } else if (cJSON_IsString(item)) {
        c.text = one_line(a, item->valuestring);
    }
    return c;
}

static void learn(struct remote *r, const char *entity, const cJSON *item)
{
    const cJSON *pair;
    const char *name;
    int64_t id;
    if (is_pair(item, &id, &name) && name) {
        remote_learn(r, entity, id, name);
        return;
    }
    cJSON_ArrayForEach(pair, item)
    {
        if (is_pair(pair, &id, &name) && name)
            remote_learn(r, entity, id, name);
    }
}

void cell_learn(struct remote *r, const struct entity *e, const cJSON *record)
{
    for (int i = 0; i < e->nfields; i++) {
        const struct field *f = &e->fields[i];
        if (f->ref)
            learn(r, f->ref, json_get(record, f->id));
    }
}

int cell_badges(const struct entity *e, const struct field *out[CELL_BADGES])
{
    static const struct {
        const struct entity *entity;
        int n;
        int field[CELL_BADGES];
    } rows[] = {
        {&entity_customer,
         3,
         {CUSTOMER_lifecycle, CUSTOMER_grade, CUSTOMER_owner}},
        {&entity_contact, 2, {CONTACT_position, CONTACT_phone}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].entity != e)
            continue;
        for (int j = 0; j < rows[i].n; j++)
            out[j] = &e->fields[rows[i].field[j]];
        return rows[i].n;
    }
    return 0;
}

const char *cell_count(struct arena *a, int64_t n)
{
    char plain[32];
    char *out = arena_alloc(a, 48);
    int len = snprintf(plain, sizeof(plain), "%lld", (long long)n);
    int at = 0;
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = plain[i];
    }
    return out;
}
