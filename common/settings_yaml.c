/* Settings from a YAML file: a walk over the document in which every key must
 * have a row (or lead to one), once, with a value that its row takes. */
#include "common/settings_impl.h"

#include "common/i18n.h"
#include "common/log.h"
#include "common/mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 1 << 20, NAME_MAX_BYTES = 64, PATH_BYTES = 256 };

struct walk {
    const struct setting *rows;
    size_t n;
    const char *name; /* of the file */
    yaml_document_t document;
    bool *visited; /* by node: a second visit is an alias */
    void *out;
    struct err *err;
    char where[512]; /* "FILE:LINE:COL: " of the node under way */
};

/* One key and its value; `path` is the whole key with dots. */
struct member {
    yaml_node_t *key, *value;
    const char *name;
    char path[PATH_BYTES];
};

static void set_place(struct walk *w, yaml_mark_t mark)
{
    snprintf(w->where, sizeof(w->where), "%.400s:%zu:%zu: ", w->name,
             mark.line + 1, mark.column + 1);
}

static bool fail(struct walk *w, yaml_mark_t mark, const char *what)
{
    set_place(w, mark);
    return err_set(w->err, ERR_invalid, "%s%s", w->where, what);
}

/* The node by its number, refused where it was met before: an anchor would
 * let one value stand in two places, which nobody reading the file sees. */
static yaml_node_t *node_at(struct walk *w, int index, yaml_mark_t from)
{
    if (w->visited[index]) {
        fail(w, from, _("anchors and aliases are not supported."));
        return NULL;
    }
    w->visited[index] = true;
    return yaml_document_get_node(&w->document, index);
}

/* The text of a scalar, NULL where it is none or holds a NUL. */
static const char *scalar_text(const yaml_node_t *node)
{
    const char *text;
    if (node->type != YAML_SCALAR_NODE)
        return NULL;
    text = (const char *)node->data.scalar.value;
    return strlen(text) == node->data.scalar.length ? text : NULL;
}

/* Same key twice in one mapping; those before `pair` are known to differ. */
static bool is_repeated(struct walk *w, const yaml_node_t *mapping,
                        const yaml_node_pair_t *pair, const char *name)
{
    const yaml_node_pair_t *p = mapping->data.mapping.pairs.start;
    for (; p < pair; p++) {
        yaml_node_t *key = yaml_document_get_node(&w->document, p->key);
        const char *text = scalar_text(key);
        if (text != NULL && strcmp(text, name) == 0)
            return true;
    }
    return false;
}

/* Is some row's key below this path? */
static bool is_group(const struct walk *w, const char *path)
{
    size_t len = strlen(path);
    for (size_t i = 0; i < w->n; i++)
        if (strncmp(w->rows[i].key, path, len) == 0 &&
            w->rows[i].key[len] == '.')
            return true;
    return false;
}

/* Names of settings are short and plain; anything else is not repeated in a
 * message, which may go to a terminal. */
static const char *name_text(const yaml_node_t *node)
{
    const char *text = scalar_text(node);
    if (text == NULL || *text == '\0' || strlen(text) > NAME_MAX_BYTES)
        return NULL;
    for (const char *p = text; *p != '\0'; p++)
        if (*p <= ' ' || *p > '~')
            return NULL;
    return text;
}

static bool walk_group(struct walk *w, const yaml_node_t *node,
                       const char *path);

static bool read_pairs(struct walk *w, const struct setting *s,
                       const yaml_node_t *node, struct setting_pair **list)
{
    const yaml_node_pair_t *p = node->data.mapping.pairs.start;
    for (; p < node->data.mapping.pairs.top; p++) {
        yaml_node_t *key = node_at(w, p->key, node->start_mark);
        yaml_node_t *value =
            key != NULL ? node_at(w, p->value, key->start_mark) : NULL;
        if (value == NULL)
            return false;
        const char *name = scalar_text(key), *text = scalar_text(value);
        set_place(w, key->start_mark);
        if (name == NULL || *name == '\0' || text == NULL)
            return setting_wrong(s, w->where, NULL, w->err);
        struct setting_place at = {(int)key->start_mark.line + 1,
                                   (int)key->start_mark.column + 1};
        if (!setting_pair_add(list, name, text, at))
            return err_set(w->err, ERR_invalid,
                           _("%s%s: %s stands here twice, or there are more "
                             "than %d of them."),
                           w->where, s->key, log_quote(name),
                           SETTING_PAIRS_MAX);
    }
    return true;
}

static bool read_map(struct walk *w, const struct setting *s,
                     const yaml_node_t *node)
{
    struct setting_pair *list = NULL;
    struct setting_pair **to = (void *)((char *)w->out + s->offset);
    if (!read_pairs(w, s, node, &list)) {
        setting_pairs_free(&list);
        return false;
    }
    setting_pairs_free(to);
    *to = list;
    return true;
}

static bool read_setting(struct walk *w, const struct setting *s,
                         const yaml_node_t *node)
{
    const char *text = scalar_text(node);
    set_place(w, node->start_mark);
    if (s->type == SETTING_map && node->type == YAML_MAPPING_NODE)
        return read_map(w, s, node);
    /* A map without entries may be left empty, but it is no text. */
    bool fits = text != NULL && (s->type != SETTING_map || *text == '\0');
    if (!fits ||
        !setting_types[s->type].parse(s, text, (char *)w->out + s->offset))
        return setting_wrong(s, w->where, text, w->err);
    return true;
}

static bool walk_member(struct walk *w, const struct member *m)
{
    const struct setting *s = setting_find(w->rows, w->n, m->path);
    if (s != NULL && strchr(m->name, '.') == NULL)
        return read_setting(w, s, m->value);
    if (is_group(w, m->path) && strchr(m->name, '.') == NULL)
        return walk_group(w, m->value, m->path);
    set_place(w, m->key->start_mark);
    return setting_unknown(w->rows, w->n, w->where, m->path, w->err);
}

static bool not_a_group(struct walk *w, const yaml_node_t *node,
                        const char *path)
{
    set_place(w, node->start_mark);
    return err_set(w->err, ERR_invalid,
                   _("%s%s%sexpected settings, one on each line as \"name: "
                     "value\"."),
                   w->where, path, *path != '\0' ? ": " : "");
}

static bool walk_group(struct walk *w, const yaml_node_t *node,
                       const char *path)
{
    if (node->type != YAML_MAPPING_NODE)
        return not_a_group(w, node, path);
    const yaml_node_pair_t *p = node->data.mapping.pairs.start;
    for (; p < node->data.mapping.pairs.top; p++) {
        struct member m = {.key = node_at(w, p->key, node->start_mark)};
        if (m.key != NULL)
            m.value = node_at(w, p->value, m.key->start_mark);
        if (m.value == NULL)
            return false;
        m.name = name_text(m.key);
        if (m.name == NULL)
            return fail(w, m.key->start_mark, _("expected a name."));
        snprintf(m.path, sizeof(m.path), "%.180s%s%s", path,
                 *path != '\0' ? "." : "", m.name);
        if (is_repeated(w, node, p, m.name)) {
            set_place(w, m.key->start_mark);
            return err_set(w->err, ERR_invalid,
                           _("%s%s: this name stands here twice."), w->where,
                           m.path);
        }
        if (!walk_member(w, &m))
            return false;
    }
    return true;
}

static bool walk_document(struct walk *w)
{
    yaml_node_t *root = yaml_document_get_root_node(&w->document);
    if (root == NULL)
        return true; /* an empty file: all defaults */
    size_t nodes = (size_t)(w->document.nodes.top - w->document.nodes.start);
    w->visited = x_calloc(nodes + 1, sizeof(*w->visited));
    const char *text = scalar_text(root);
    bool blank = text != NULL && *text == '\0';
    bool ok = blank || walk_group(w, root, "");
    x_free(&w->visited);
    return ok;
}

/* libyaml tells no line for bytes that are no text, only their offset. */
static yaml_mark_t problem_mark(const yaml_parser_t *parser, const char *text,
                                size_t len)
{
    yaml_mark_t mark = parser->problem_mark;
    if (parser->error != YAML_READER_ERROR)
        return mark;
    mark = (yaml_mark_t){0};
    for (size_t i = 0; i < len && i < parser->problem_offset; i++) {
        mark.column = text[i] == '\n' ? 0 : mark.column + 1;
        mark.line += text[i] == '\n';
    }
    return mark;
}

bool setting_not_yaml(const char *name, const yaml_parser_t *parser,
                      const char *text, size_t len, struct err *e)
{
    struct walk w = {.name = name};
    set_place(&w, problem_mark(parser, text, len));
    return err_set(e, ERR_invalid, _("%snot valid YAML: %s."), w.where,
                   parser->problem != NULL ? parser->problem : "?");
}

/* One document, then nothing more. */
static bool load_document(struct walk *w, yaml_parser_t *parser,
                          const char *text, size_t len)
{
    if (!yaml_parser_load(parser, &w->document))
        return setting_not_yaml(w->name, parser, text, len, w->err);
    bool ok = walk_document(w);
    yaml_document_delete(&w->document);
    if (!ok)
        return false;
    if (!yaml_parser_load(parser, &w->document))
        return setting_not_yaml(w->name, parser, text, len, w->err);
    ok = yaml_document_get_root_node(&w->document) == NULL;
    yaml_mark_t second = w->document.start_mark;
    yaml_document_delete(&w->document);
    return ok || fail(w, second, _("a second document begins here."));
}

bool settings_parse(const struct setting *rows, size_t n, const char *name,
                    const char *text, size_t len, void *out, struct err *e)
{
    struct walk w = {.rows = rows, .n = n, .name = name, .out = out, .err = e};
    yaml_parser_t parser;
    if (len > FILE_MAX)
        return err_set(e, ERR_too_large,
                       _("%s: the file is larger than 1 MiB."), name);
    if (!yaml_parser_initialize(&parser))
        return err_set(e, ERR_internal, NULL);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
    bool ok = load_document(&w, &parser, text, len);
    yaml_parser_delete(&parser);
    return ok;
}

static bool read_file(const char *file, struct buf *text, struct err *e)
{
    FILE *f = fopen(file, "re");
    if (f == NULL)
        return err_set(e, ERR_invalid, "%s: %s", file, strerror(errno));
    buf_reserve(text, FILE_MAX + 1);
    text->len = fread(text->data, 1, FILE_MAX + 1, f);
    text->data[text->len] = '\0';
    bool ok = ferror(f) == 0;
    if (!ok)
        err_set(e, ERR_invalid, "%s: %s", file, strerror(errno));
    fclose(f);
    return ok;
}

bool settings_load(const struct setting *rows, size_t n, const char *file,
                   void *out, struct err *e)
{
    struct buf text = BUF_INIT;
    bool ok = read_file(file, &text, e) &&
              settings_parse(rows, n, file, buf_text(&text), text.len, out, e);
    buf_free(&text);
    return ok;
}
