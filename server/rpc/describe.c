/* meta.describe: the tables as JSON, as they are for the one who asks. */
#include "server/rpc/describe.h"

#include "common/i18n.h"
#include "common/json.h"
#include "schema/access.h"
#include "schema/option.h"
#include "schema/type.h"
#include "server/domain/column.h"
#include "server/domain/directory.h"
#include "server/rpc/handlers.h"
#include "server/server.h"

#include <string.h>

static const struct {
    unsigned flag;
    const char *name;
} flags[] = {
    {F_REQUIRED, "required"},
    {F_UNIQUE, "unique"},
    {F_LIST, "list"},
    {F_DEFAULT, "default"},
    {F_FIXED, "fixed"},
    {F_SORT, "sort"},
    {F_SEARCH, "search"},
    {F_FILTER, "filter"},
    {F_IMPORT, "import"},
    {F_AUDIT, "audit"},
    {F_READONLY, "readonly"},
    {F_QUICK, "quick"},
    {F_BULK, "bulk"},
    {F_DETAIL, "detail"},
    {F_GENERATED, "generated"},
    {F_TRANSITION, "transition"},
    {F_PROPOSAL, "proposal"},
    {F_ASSIGN, "assign"},
    {F_CONTRACT, "contract"},
    {F_LARGE, "large"},
    {F_CREATE_ONLY, "create_only"},
    {F_SPLIT, "split"},
};

static const char *const tab_names[TABS] = {
#define TAB(id, label, key) [TAB_##id] = #id,
#include "schema/tab.def"
#undef TAB
};
static const struct {
    const char *label;
    char key;
} tabs[TABS] = {
#define TAB(id, text, k) [TAB_##id] = {text, k},
#include "schema/tab.def"
#undef TAB
};

static void add_text(struct buf *out, const char *key, const char *text)
{
    buf_char(out, ',');
    json_write_key(out, key);
    if (text)
        json_write_str(out, text);
    else
        buf_str(out, "null");
}

static void add_number(struct buf *out, const char *key, int64_t n)
{
    buf_char(out, ',');
    json_write_key(out, key);
    buf_int(out, n);
}

/* A text in both languages. */
static void add_both(struct buf *out, const char *key, const char *msgid)
{
    buf_char(out, ',');
    json_write_key(out, key);
    buf_str(out, "{\"zh\":");
    json_write_str(out, i18n_in(LANG_zh, msgid));
    buf_str(out, ",\"en\":");
    json_write_str(out, i18n_in(LANG_en, msgid));
    buf_char(out, '}');
}

/* A bit that stands for a name, one after the other. */
static void add_name(struct buf *out, bool *first, const char *name)
{
    if (!*first)
        buf_char(out, ',');
    *first = false;
    json_write_str(out, name);
}

static void add_flags(struct buf *out, const struct field *f)
{
    bool first = true;
    buf_str(out, ",\"flags\":[");
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (f->flags & flags[i].flag)
            add_name(out, &first, flags[i].name);
    buf_str(out, "],\"operators\":[");
    first = true;
    for (int i = 0; i < OPS; i++)
        if (f->type->ops & 1u << i)
            add_name(out, &first, op_name((enum filter_op)i));
    buf_char(out, ']');
}

static void add_field(struct buf *out, const struct rights *r,
                      const struct entity *e, const struct field *f)
{
    buf_str(out, "{\"id\":");
    json_write_str(out, f->id);
    add_text(out, "type", f->type->name);
    add_text(out, "json", f->type->json);
    add_both(out, "label", f->label);
    add_both(out, "help", f->help);
    add_text(out, "class", class_id(f->klass));
    add_text(out, "level", level_id(column_level(r, e, f, true)));
    add_text(out, "level_elsewhere", level_id(column_level(r, e, f, false)));
    add_text(out, "tab", tab_names[f->tab]);
    add_number(out, "step", f->step);
    if (f->group)
        add_both(out, "group", f->group);
    add_number(out, "width", f->width);
    add_number(out, "min", f->min);
    add_number(out, "max", f->max);
    add_text(out, "options", f->options);
    add_text(out, "ref", f->ref);
    add_text(out, "required_from",
             f->required_from ? life_code(f->required_from) : NULL);
    add_text(out, "value", f->value);
    add_flags(out, f);
    buf_char(out, '}');
}

static void add_rights_of(struct buf *out, const struct rights *r,
                          const struct entity *e)
{
    const char *const names[] = {"view", "create", "edit", "remove"};
    const char *const actions[] = {e->view, e->create, e->edit, e->remove};
    buf_str(out, ",\"may\":{");
    for (int i = 0; i < 4; i++) {
        if (i)
            buf_char(out, ',');
        json_write_key(out, names[i]);
        buf_str(out, rights_may(r, actions[i]) ? "true" : "false");
    }
    buf_char(out, '}');
}

static void add_entity(struct buf *out, const struct rights *r,
                       const struct entity *e)
{
    bool first = true;
    json_write_key(out, e->id);
    buf_str(out, "{\"id\":");
    json_write_str(out, e->id);
    add_both(out, "label", e->label);
    add_both(out, "plural", e->plural);
    add_both(out, "help", e->help);
    add_text(out, "parent", e->parent);
    add_text(out, "title", e->title);
    add_text(out, "sort", e->sort);
    add_rights_of(out, r, e);
    buf_str(out, ",\"fields\":[");
    for (int i = 0; i < e->nfields; i++) {
        if (!column_is_readable(r, e, &e->fields[i]))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        add_field(out, r, e, &e->fields[i]);
    }
    buf_str(out, "]}");
}

static void add_options(struct buf *out, const struct directory *d,
                        const char *list)
{
    int n;
    const struct directory_option *o = directory_options(d, list, &n);
    json_write_key(out, list);
    buf_char(out, '[');
    for (int i = 0; i < n; i++) {
        buf_str(out, i ? ",{\"code\":" : "{\"code\":");
        json_write_str(out, o[i].code);
        add_text(out, "zh", o[i].zh);
        add_text(out, "en", o[i].en);
        add_text(out, "parent", o[i].parent[0] ? o[i].parent : NULL);
        add_number(out, "position", o[i].position);
        buf_str(out, o[i].disabled ? ",\"disabled\":true}" : "}");
    }
    buf_char(out, ']');
}

static void add_tabs(struct buf *out)
{
    buf_str(out, ",\"tabs\":[");
    for (int i = TAB_NONE + 1; i < TABS; i++) {
        buf_str(out, i > TAB_NONE + 1 ? ",{\"id\":" : "{\"id\":");
        json_write_str(out, tab_names[i]);
        add_both(out, "label", tabs[i].label);
        add_text(out, "key", (const char[]){tabs[i].key, '\0'});
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static void add_lists(struct buf *out, const struct directory *d)
{
    buf_str(out, ",\"options\":{");
    for (int i = 0; i < option_list_count; i++) {
        if (i)
            buf_char(out, ',');
        add_options(out, d, option_lists[i].id);
    }
    buf_str(out, "},\"lists\":{");
    for (int i = 0; i < option_list_count; i++) {
        const struct option_list *l = &option_lists[i];
        if (i)
            buf_char(out, ',');
        json_write_key(out, l->id);
        buf_printf(out, "{\"fixed\":%s,\"free_text\":%s",
                   l->fixed ? "true" : "false",
                   l->free_text ? "true" : "false");
        add_both(out, "label", l->label);
        buf_char(out, '}');
    }
    buf_char(out, '}');
}

void describe_rights(const struct rights *r, struct buf *out)
{
    buf_str(out, "{\"scopes\":");
    for (int i = 0; i < ACTIONS; i++) {
        buf_char(out, i ? ',' : '{');
        json_write_key(out, action_rows[i].id);
        json_write_str(out, scope_id(r->scope[i]));
    }
    buf_str(out, "},\"classes\":");
    for (int i = 0; i < CLASSES; i++) {
        buf_char(out, i ? ',' : '{');
        json_write_key(out, class_id((enum field_class)i));
        json_write_str(out, level_id(r->level[i]));
    }
    /* What is asked by tells of records outside one's reach as well. */
    buf_str(out, "},\"askable\":");
    char before = '[';
    for (int i = 0; i < CLASSES; i++) {
        struct field any = {.klass = (enum field_class)i};
        if (access_field(r, &any, false) < LEVEL_READ)
            continue;
        buf_char(out, before);
        json_write_str(out, class_id(any.klass));
        before = ',';
    }
    buf_str(out, before == '[' ? "[]}" : "]}");
}

void meta_describe(struct request *r)
{
    const char *id = json_str(r->params, "entity", NULL);
    const struct entity *only = id ? entity_find(id) : NULL;
    struct err e = {0};
    bool first = true;
    if (id && (!only || only->flags & E_INTERNAL)) {
        err_param(&e, "params.entity", _("a kind of record"));
        request_fail(r, &e);
        return;
    }
    buf_printf(&r->reply, "{\"schema\":\"%s\",\"entities\":{", schema_hash());
    for (int i = 0; i < schema_entity_count; i++) {
        const struct entity *entity = schema_entities[i];
        if (entity->flags & E_INTERNAL || (only && entity != only))
            continue;
        if (!first)
            buf_char(&r->reply, ',');
        first = false;
        add_entity(&r->reply, r->rights, entity);
    }
    buf_char(&r->reply, '}');
    add_tabs(&r->reply);
    add_lists(&r->reply, r->names);
    buf_str(&r->reply, ",\"rights\":");
    describe_rights(r->rights, &r->reply);
    buf_char(&r->reply, '}');
    request_done(r);
}

void meta_hello(struct request *r)
{
    const char *lang = json_str(r->params, "lang", NULL);
    bool given = lang && i18n_parse(lang, LANGS) != LANGS;
    conn_greet(r->conn, json_str(r->params, "client", NULL), given,
               given ? i18n_parse(lang, LANG_zh) : LANG_zh);
    buf_printf(&r->reply,
               "{\"server\":\"kehud %s\",\"compatible\":%d,"
               "\"schema\":\"%s\"}",
               KEHU_VERSION, WIRE_NUMBER, schema_hash());
    request_done(r);
}
