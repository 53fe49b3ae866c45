/* Who I am, my rights, options and names: filled from what the daemon
 * describes, with the built-in lists until it has. */
#include "tui/remote/known.h"

#include "common/json.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "schema/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFS_MAX  16384 /* names kept behind references */
#define REF_SLOTS 4096

struct known_list {
    const char *id;
    struct remote_option *labelled[LANGS]; /* the same options in each */
    int n;     /* on offer; behind them those that are disabled by now … */
    int nkept; /* … whose labels are still wanted */
};

struct ref {
    struct ref *next;
    const char *entity; /* of the tables: compared by value */
    int64_t id;
    char *name;
};

struct known {
    struct rights rights;
    bool has_rights;
    bool askable[CLASSES]; /* what rows may be asked by */
    char name[128], title[256];
    struct arena *tables; /* holds the lists */
    struct known_list *lists;
    int nlists;
    struct ref *refs[REF_SLOTS];
    int nrefs;
    char code[24]; /* what was found last by a name */
};

/* --- option lists --- */

static struct known_list *find_list(const struct known *k, const char *id)
{
    for (int i = 0; i < k->nlists; i++)
        if (strcmp(k->lists[i].id, id) == 0)
            return &k->lists[i];
    return NULL;
}

static void list_alloc(struct known *k, struct known_list *list, int n)
{
    for (int lang = 0; lang < LANGS; lang++)
        list->labelled[lang] = arena_array(k->tables, (size_t)n + 1,
                                           sizeof(*list->labelled[lang]));
}

static void list_add(struct known *k, struct known_list *list, const char *code,
                     const char *const label[LANGS], const char *parent)
{
    for (int lang = 0; lang < LANGS; lang++) {
        struct remote_option *o = &list->labelled[lang][list->nkept];
        o->code = arena_strdup(k->tables, code);
        o->label = arena_strdup(k->tables, label[lang]);
        o->parent = parent ? arena_strdup(k->tables, parent) : NULL;
    }
    list->nkept++;
}

static void start_lists(struct known *k, int n)
{
    arena_reset(k->tables);
    k->nlists = 0;
    k->lists = arena_array(k->tables, (size_t)n + 1, sizeof(struct known_list));
}

static int count_built_in(const char *list)
{
    int n = 0;
    for (int i = 0; i < option_row_count; i++)
        n += strcmp(option_rows[i].list, list) == 0;
    return n;
}

static void set_built_in(struct known *k)
{
    start_lists(k, option_list_count);
    for (int i = 0; i < option_list_count; i++) {
        struct known_list *list = &k->lists[k->nlists++];
        list->id = option_lists[i].id;
        list_alloc(k, list, count_built_in(list->id));
        for (int j = 0; j < option_row_count; j++) {
            const struct option_row *row = &option_rows[j];
            const char *label[LANGS] = {row->zh, row->en};
            if (strcmp(row->list, list->id) == 0)
                list_add(k, list, row->code, label, row->parent);
        }
        list->n = list->nkept;
    }
}

static void add_items(struct known *k, struct known_list *list,
                      const cJSON *items, bool disabled)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, items)
    {
        const char *code = json_str(item, "code", NULL);
        const char *label[LANGS] = {json_str(item, "zh", code),
                                    json_str(item, "en", code)};
        if (code && json_bool(item, "disabled", false) == disabled)
            list_add(k, list, code, label, json_str(item, "parent", NULL));
    }
}

static void set_list(struct known *k, const cJSON *items)
{
    struct known_list *list = &k->lists[k->nlists++];
    list->id = arena_strdup(k->tables, items->string);
    list_alloc(k, list, cJSON_GetArraySize(items));
    add_items(k, list, items, false);
    list->n = list->nkept;
    add_items(k, list, items, true);
}

static void set_lists(struct known *k, const cJSON *options)
{
    const cJSON *items;
    if (!cJSON_IsObject(options))
        return;
    start_lists(k, cJSON_GetArraySize(options));
    cJSON_ArrayForEach(items, options)
    {
        if (cJSON_IsArray(items))
            set_list(k, items);
    }
}

const struct remote_option *known_options(const struct known *k,
                                          const char *list, int *n)
{
    const struct known_list *l = find_list(k, list);
    *n = l ? l->n : 0;
    return l ? l->labelled[i18n_lang()] : NULL;
}

/* --- who I am --- */

void known_set_user(struct known *k, const cJSON *user)
{
    const cJSON *unit = json_get(user, "unit");
    const char *role = json_str(user, "role", "");
    int r = role_find(role);
    const char *where = cJSON_IsArray(unit)
                            ? cJSON_GetStringValue(cJSON_GetArrayItem(unit, 1))
                            : cJSON_GetStringValue(unit);
    const char *login = json_str(user, "name", "");
    k->rights.user_id = json_int(user, "id", 0);
    k->rights.admin = json_bool(user, "admin", false);
    snprintf(k->name, sizeof(k->name), "%s", json_str(user, "display", login));
    snprintf(k->title, sizeof(k->title), "%s%s%s %s", where ? where : "",
             where ? " · " : "", k->name,
             r >= 0 ? _(role_rows[r].label) : role);
}

/* A daemon that does not tell is taken at its word about reading. */
static void set_askable(struct known *k, const cJSON *classes)
{
    const cJSON *item;
    for (int i = 0; i < CLASSES; i++)
        k->askable[i] = !classes && k->rights.level[i] > LEVEL_MASKED;
    cJSON_ArrayForEach(item, classes)
    {
        const char *id = cJSON_GetStringValue(item);
        for (int i = 0; id && i < CLASSES; i++)
            k->askable[i] |= strcmp(class_id((enum field_class)i), id) == 0;
    }
}

static void set_rights(struct known *k, const cJSON *rights)
{
    const cJSON *scopes = json_get(rights, "scopes");
    const cJSON *classes = json_get(rights, "classes");
    for (int i = 0; i < ACTIONS; i++) {
        int s = scope_find(json_str(scopes, action_rows[i].id, ""));
        k->rights.scope[i] = s < 0 ? SCOPE_NOTHING : (enum scope)s;
    }
    for (int i = 0; i < CLASSES; i++) {
        const char *id = class_id((enum field_class)i);
        int l = level_find(json_str(classes, id, ""));
        k->rights.level[i] = l < 0 ? LEVEL_HIDDEN : (enum level)l;
    }
    set_askable(k, json_get(rights, "askable"));
    k->has_rights = true;
}

bool known_set_tables(struct known *k, const cJSON *describe)
{
    const cJSON *rights = json_get(describe, "rights");
    set_lists(k, json_get(describe, "options"));
    if (rights)
        set_rights(k, rights);
    return rights != NULL;
}

void known_sign_out(struct known *k)
{
    memset(&k->rights, 0, sizeof(k->rights));
    k->has_rights = false;
    k->name[0] = k->title[0] = '\0';
}

bool known_has_rights(const struct known *k)
{
    return k->has_rights;
}

int64_t known_user_id(const struct known *k)
{
    return k->rights.user_id;
}

const char *known_user_name(const struct known *k)
{
    return k->name;
}

const char *known_user_title(const struct known *k)
{
    return k->title;
}

bool known_is_admin(const struct known *k)
{
    return k->rights.admin;
}

int known_scope(const struct known *k, const char *action)
{
    int a = action_find(action);
    return a < 0 ? SCOPE_NOTHING : (int)k->rights.scope[a];
}

int known_level(const struct known *k, const struct field *f)
{
    return (int)access_field(&k->rights, f, true);
}

bool known_may_ask(const struct known *k, const struct entity *e,
                   const struct field *f)
{
    bool business = e->scope == SCOPE_customer || e->scope == SCOPE_child;
    if (f->flags & (F_HIDDEN | F_SECRET))
        return false;
    return !k->has_rights || f == &field_id || (k->rights.admin && !business) ||
           k->askable[f->klass];
}

/* --- names --- */

static struct ref **ref_slot(struct known *k, int64_t id)
{
    return &k->refs[(uint64_t)id % REF_SLOTS];
}

static struct ref *find_ref(struct known *k, const char *entity, int64_t id)
{
    struct ref *r = *ref_slot(k, id);
    while (r && (r->id != id || strcmp(r->entity, entity) != 0))
        r = r->next;
    return r;
}

static void forget_refs(struct known *k)
{
    for (int i = 0; i < REF_SLOTS; i++) {
        while (k->refs[i]) {
            struct ref *r = k->refs[i];
            k->refs[i] = r->next;
            x_free(&r->name);
            x_free(&r);
        }
    }
    k->nrefs = 0;
}

void known_learn(struct known *k, const char *entity, int64_t id,
                 const char *name)
{
    const struct entity *e = entity_find(entity);
    struct ref *r = e ? find_ref(k, entity, id) : NULL;
    if (!e || (r && strcmp(r->name, name) == 0))
        return;
    if (r) {
        x_free(&r->name);
        r->name = x_strdup(name);
        return;
    }
    if (k->nrefs >= REFS_MAX)
        forget_refs(k);
    r = x_calloc(1, sizeof(*r));
    r->entity = e->id;
    r->id = id;
    r->name = x_strdup(name);
    r->next = *ref_slot(k, id);
    *ref_slot(k, id) = r;
    k->nrefs++;
}

static const char *ref_name(void *ctx, const char *entity, int64_t id)
{
    const struct ref *r = find_ref(ctx, entity, id);
    return r ? r->name : NULL;
}

static const char *option_name(void *ctx, const char *list, const char *code)
{
    const struct known_list *l = find_list(ctx, list);
    for (int i = 0; l && i < l->nkept; i++)
        if (strcmp(l->labelled[i18n_lang()][i].code, code) == 0)
            return l->labelled[i18n_lang()][i].label;
    return NULL;
}

/* The one record that is called so, among those that have been seen. */
static const char *ref_code(struct known *k, const char *entity,
                            const char *text)
{
    struct arena *a = arena_new();
    const char *folded = utf8_fold(a, text);
    const struct ref *found = NULL;
    int n = 0;
    for (int i = 0; i < REF_SLOTS; i++)
        for (const struct ref *r = k->refs[i]; r; r = r->next) {
            if (strcmp(r->entity, entity) != 0 ||
                strcmp(utf8_fold(a, r->name), folded) != 0)
                continue;
            found = r;
            n++;
        }
    arena_free(&a);
    if (n != 1)
        return NULL;
    snprintf(k->code, sizeof(k->code), "%lld", (long long)found->id);
    return k->code;
}

static const char *option_code(void *ctx, const char *list, const char *text)
{
    struct known *k = ctx;
    if (entity_find(list) && !find_list(k, list))
        return ref_code(k, list, text);
    const struct known_list *l = find_list(k, list);
    struct arena *a = arena_new();
    const char *folded = utf8_fold(a, text);
    const char *code = NULL;
    for (int i = 0; l && i < l->n && !code; i++)
        for (int lang = 0; lang < LANGS && !code; lang++)
            if (strcmp(utf8_fold(a, l->labelled[lang][i].label), folded) == 0)
                code = l->labelled[lang][i].code;
    arena_free(&a);
    return code;
}

struct names known_names(struct known *k)
{
    return (struct names){
        .option = option_name, .ref = ref_name, .code = option_code, .ctx = k};
}

struct known *known_new(void)
{
    struct known *k = x_calloc(1, sizeof(*k));
    k->tables = arena_new();
    set_built_in(k);
    return k;
}

void known_free(struct known **k)
{
    if (!*k)
        return;
    forget_refs(*k);
    arena_free(&(*k)->tables);
    x_free(k);
}
