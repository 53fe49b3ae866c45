/* One key of a YAML text changed by lines. The lines are found by a reading
 * far simpler than YAML's; whether it was right is decided by libyaml, which
 * reads the text before and after and must find no other difference. */
#include "common/settings_edit.h"

#include "common/buf.h"
#include "common/i18n.h"
#include "common/mem.h"
#include "common/settings_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INDENT = 2, DEPTH_MAX = 16, NAME_BYTES = 64, PAIRS_MAX = 1000 };

/* --- what a text says --- */

/* "key\037value" of every scalar. */
struct facts {
    struct arena *arena;
    const char **at;
    size_t n;
};

struct reading {
    yaml_document_t *document;
    bool *visited;
    struct facts *out;
};

static void add_fact(struct facts *f, const char *path, const char *value)
{
    f->at = x_reallocarray(f->at, f->n + 1, sizeof(*f->at));
    f->at[f->n++] = arena_printf(f->arena, "%s\037%s", path, value);
}

static void facts_free(struct facts *f)
{
    arena_free(&f->arena);
    x_free(&f->at);
}

/* A NUL inside would hide what comes behind it. */
static const char *scalar(const yaml_node_t *node)
{
    const char *text;
    if (node == NULL || node->type != YAML_SCALAR_NODE)
        return NULL;
    text = (const char *)node->data.scalar.value;
    return strlen(text) == node->data.scalar.length ? text : NULL;
}

static bool read_node(struct reading *r, int index, const char *path,
                      int depth);

/* A key that stands twice: which of the two lines counts? */
static bool has_twins(const struct reading *r, const yaml_node_t *node)
{
    const yaml_node_pair_t *start = node->data.mapping.pairs.start;
    const yaml_node_pair_t *top = node->data.mapping.pairs.top;
    for (const yaml_node_pair_t *p = start; p < top; p++) {
        const char *key = scalar(yaml_document_get_node(r->document, p->key));
        for (const yaml_node_pair_t *q = start; key != NULL && q < p; q++) {
            const char *before =
                scalar(yaml_document_get_node(r->document, q->key));
            if (before != NULL && strcmp(before, key) == 0)
                return true;
        }
    }
    return false;
}

static bool read_mapping(struct reading *r, const yaml_node_t *node,
                         const char *path, int depth)
{
    const yaml_node_pair_t *p = node->data.mapping.pairs.start;
    if (node->data.mapping.pairs.top - p > PAIRS_MAX || has_twins(r, node))
        return false;
    for (; p < node->data.mapping.pairs.top; p++) {
        const char *key = scalar(yaml_document_get_node(r->document, p->key));
        if (key == NULL || r->visited[p->key])
            return false;
        r->visited[p->key] = true;
        const char *below = arena_printf(r->out->arena, "%s%s%s", path,
                                         *path != '\0' ? "." : "", key);
        if (!read_node(r, p->value, below, depth + 1))
            return false;
    }
    return true;
}

static bool read_sequence(struct reading *r, const yaml_node_t *node,
                          const char *path, int depth)
{
    const yaml_node_item_t *i = node->data.sequence.items.start;
    for (; i < node->data.sequence.items.top; i++) {
        const char *below = arena_printf(r->out->arena, "%s[]", path);
        if (!read_node(r, *i, below, depth + 1))
            return false;
    }
    return true;
}

/* An alias would make one line mean two things. */
static bool read_node(struct reading *r, int index, const char *path, int depth)
{
    const yaml_node_t *node = yaml_document_get_node(r->document, index);
    if (node == NULL || depth > DEPTH_MAX || r->visited[index])
        return false;
    r->visited[index] = true;
    if (node->type == YAML_MAPPING_NODE)
        return read_mapping(r, node, path, depth);
    if (node->type == YAML_SEQUENCE_NODE)
        return read_sequence(r, node, path, depth);
    const char *value = scalar(node);
    if (value != NULL)
        add_fact(r->out, path, value);
    return value != NULL;
}

static bool read_document(yaml_document_t *document, struct facts *out)
{
    yaml_node_t *root = yaml_document_get_root_node(document);
    size_t n = (size_t)(document->nodes.top - document->nodes.start);
    if (root == NULL) /* nothing but comments */
        return true;
    if (root->type != YAML_MAPPING_NODE)
        return root->type == YAML_SCALAR_NODE && root->data.scalar.length == 0;
    struct reading r = {document, x_calloc(n + 1, sizeof(bool)), out};
    bool good = read_node(&r, 1, "", 0);
    x_free(&r.visited);
    return good;
}

static bool unusual(const char *name, struct err *e)
{
    return err_set(e, ERR_invalid,
                   _("%s is written in a way that can not be changed from "
                     "here; change it with an editor."),
                   name);
}

/* False with *e. `*out` is to be freed in any case. */
static bool read_facts(const char *name, const char *text, struct facts *out,
                       struct err *e)
{
    yaml_parser_t parser;
    yaml_document_t document, second;
    size_t len = strlen(text);
    *out = (struct facts){.arena = arena_new()};
    if (!yaml_parser_initialize(&parser))
        return err_set(e, ERR_internal, NULL);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
    bool good = yaml_parser_load(&parser, &document) != 0;
    if (good) {
        good = read_document(&document, out) || unusual(name, e);
        yaml_document_delete(&document);
    } else {
        setting_not_yaml(name, &parser, text, len, e);
    }
    if (good && yaml_parser_load(&parser, &second)) {
        good = yaml_document_get_root_node(&second) == NULL || unusual(name, e);
        yaml_document_delete(&second);
    } else if (good) {
        good = setting_not_yaml(name, &parser, text, len, e);
    }
    yaml_parser_delete(&parser);
    return good;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_fact_of(const char *fact, const char *key)
{
    size_t len = strlen(key);
    return strncmp(fact, key, len) == 0 && fact[len] == '\037';
}

/* What the text should say afterwards: a group that was empty is none when
 * something stands in it. */
static void change_facts(struct facts *f, const char *key, const char *value)
{
    size_t kept = 0;
    char group[NAME_BYTES * 2];
    snprintf(group, sizeof(group), "%s", key);
    *strchrnul(group, '.') = '\0';
    for (size_t i = 0; i < f->n; i++)
        if (!is_fact_of(f->at[i], key) &&
            (value == NULL || !is_fact_of(f->at[i], group)))
            f->at[kept++] = f->at[i];
    f->n = kept;
    if (value != NULL)
        add_fact(f, key, value);
}

static bool same_facts(struct facts *a, struct facts *b)
{
    if (a->n != b->n)
        return false;
    if (a->n == 0)
        return true;
    qsort(a->at, a->n, sizeof(*a->at), by_text);
    qsort(b->at, b->n, sizeof(*b->at), by_text);
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->at[i], b->at[i]) != 0)
            return false;
    return true;
}

/* --- lines --- */

struct line {
    const char *text;
    size_t len; /* with its line feed */
};

static bool next_line(const char **at, struct line *out)
{
    if (**at == '\0')
        return false;
    const char *end = strchr(*at, '\n');
    out->text = *at;
    out->len = end != NULL ? (size_t)(end - *at) + 1 : strlen(*at);
    *at += out->len;
    return true;
}

static size_t indent_of(const struct line *l)
{
    size_t n = 0;
    while (n < l->len && l->text[n] == ' ')
        n++;
    return n;
}

/* Neither blank nor a comment. */
static bool says_something(const struct line *l)
{
    size_t i = 0;
    while (i < l->len && strchr(" \t\r\n", l->text[i]) != NULL)
        i++;
    return i < l->len && l->text[i] != '#';
}

/* "name:" behind `indent` blanks; what follows it, or NULL. */
static const char *after_name(const struct line *l, size_t indent,
                              const char *name)
{
    size_t len = strlen(name);
    if (indent_of(l) != indent || l->len < indent + len + 1 ||
        memcmp(l->text + indent, name, len) != 0 ||
        l->text[indent + len] != ':')
        return NULL;
    const char *rest = l->text + indent + len + 1;
    bool end = rest == l->text + l->len;
    return end || strchr(" \t\r\n", *rest) != NULL ? rest : NULL;
}

/* Where a value ends on its line: what is behind it is a comment and the
 * line's end. */
static const char *value_end(const char *p, const char *end)
{
    char quote = *p == '"' || *p == '\'' ? *p : '\0';
    const char *last = p;
    if (quote != '\0') {
        for (p++; p < end && *p != quote; p++)
            if (quote == '"' && *p == '\\' && p + 1 < end)
                p++;
        return p < end ? p + 1 : end;
    }
    for (; p < end; p++) {
        bool blank = strchr(" \t\r\n", *p) != NULL;
        if (*p == '#' && p > last)
            break;
        if (!blank)
            last = p + 1;
    }
    return last;
}

/* Plain where no YAML reader could take it for anything else than a text. */
static void put_value(struct buf *out, const char *value)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_-./";
    bool starts = strchr("-./", *value) == NULL; /* also of "" */
    bool quoted = !starts || strspn(value, plain) != strlen(value);
    if (!quoted) {
        buf_str(out, value);
        return;
    }
    buf_char(out, '"');
    for (const char *p = value; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            buf_char(out, '\\');
        if (*p == '\n')
            buf_str(out, "\\n");
        else
            buf_char(out, *p);
    }
    buf_char(out, '"');
}

/* --- the change --- */

/* The place of a key in a text. */
struct spot {
    struct line group; /* len 0: none, or a key without a group */
    struct line own;   /* len 0: not there */
    const char *rest;  /* of own, behind "name:" */
    const char *end;   /* behind the last line of the group */
    size_t indent;     /* of the group's lines */
    int others;        /* lines of the group that are not `own` */
};

static void find_in_group(struct spot *s, const char *at, const char *name)
{
    struct line l;
    while (next_line(&at, &l)) {
        if (!says_something(&l))
            continue;
        size_t indent = indent_of(&l);
        if (indent == 0)
            return;
        s->indent = s->indent > 0 ? s->indent : indent;
        const char *rest = after_name(&l, s->indent, name);
        if (rest != NULL && s->own.len == 0) {
            s->own = l;
            s->rest = rest;
        } else {
            s->others++;
        }
        s->end = at;
    }
}

static struct spot find_spot(const char *text, const char *group,
                             const char *name)
{
    struct spot s = {.end = text + strlen(text)};
    const char *at = text;
    struct line l;
    while (next_line(&at, &l)) {
        const char *rest = after_name(&l, 0, group != NULL ? group : name);
        if (rest == NULL)
            continue;
        s.end = at;
        if (group == NULL) {
            s.own = l;
            s.rest = rest;
            s.others = 1;
        } else {
            s.group = l;
            find_in_group(&s, at, name);
        }
        return s;
    }
    return s;
}

static void put_line(struct buf *out, size_t indent, const char *name,
                     const char *value)
{
    for (size_t i = 0; i < indent; i++)
        buf_char(out, ' ');
    buf_printf(out, "%s: ", name);
    put_value(out, value);
    buf_char(out, '\n');
}

static void put_value_again(struct buf *out, const struct spot *s,
                            const char *value)
{
    const char *line_end = s->own.text + s->own.len;
    const char *p = s->rest;
    while (p < line_end && (*p == ' ' || *p == '\t'))
        p++;
    const char *rest = *p == '#' ? s->rest : value_end(p, line_end);
    buf_add(out, s->own.text, (size_t)(s->rest - s->own.text));
    buf_char(out, ' ');
    put_value(out, value);
    buf_add(out, rest, (size_t)(line_end - rest));
}

static void end_line(struct buf *out)
{
    if (out->len > 0 && out->data[out->len - 1] != '\n')
        buf_char(out, '\n');
}

static void insert(struct buf *out, const char *text, const struct spot *s,
                   const char *group, const char *name, const char *value)
{
    size_t indent = s->indent > 0 ? s->indent : INDENT;
    buf_add(out, text, (size_t)(s->end - text));
    end_line(out);
    if (group != NULL && s->group.len == 0)
        buf_printf(out, "%s:\n", group);
    put_line(out, group != NULL ? indent : 0, name, value);
    buf_str(out, s->end);
}

/* The last line of a group takes the group with it. */
static void take_out(struct buf *out, const char *text, const struct spot *s)
{
    const char *from = text;
    if (s->group.len > 0 && s->others == 0) {
        buf_add(out, from, (size_t)(s->group.text - from));
        from = s->group.text + s->group.len;
    }
    buf_add(out, from, (size_t)(s->own.text - from));
    buf_str(out, s->own.text + s->own.len);
}

static void change_text(struct buf *out, const char *text, const char *key,
                        const char *value)
{
    char copy[NAME_BYTES * 2];
    snprintf(copy, sizeof(copy), "%s", key);
    char *dot = strchr(copy, '.');
    const char *group = dot != NULL ? copy : NULL;
    const char *name = dot != NULL ? dot + 1 : copy;
    if (dot != NULL)
        *dot = '\0';
    struct spot s = find_spot(text, group, name);
    if (s.own.len == 0 && value != NULL) {
        insert(out, text, &s, group, name, value);
    } else if (s.own.len == 0) {
        buf_str(out, text);
    } else if (value == NULL) {
        take_out(out, text, &s);
    } else {
        buf_add(out, text, (size_t)(s.own.text - text));
        put_value_again(out, &s, value);
        buf_str(out, s.own.text + s.own.len);
    }
}

/* Names of settings and actions. */
static bool is_key(const char *key)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    size_t n = strspn(key, letters);
    if (key[n] == '.' && n > 0 && n < NAME_BYTES) {
        key += n + 1;
        n = strspn(key, letters);
    }
    return n > 0 && n < NAME_BYTES && key[n] == '\0';
}

char *settings_edit(const char *name, const char *text, const char *key,
                    const char *value, struct err *e)
{
    struct facts before, after = {0};
    struct buf out = BUF_INIT;
    bool good = read_facts(name, text, &before, e);
    if (good && !is_key(key))
        good = unusual(name, e);
    if (good) {
        change_text(&out, text, key, value);
        change_facts(&before, key, value);
        good = read_facts(name, buf_text(&out), &after, NULL) &&
               same_facts(&before, &after);
        good = good || unusual(name, e);
    }
    char *result = good ? x_strdup(buf_text(&out)) : NULL;
    facts_free(&before);
    if (after.arena != NULL)
        facts_free(&after);
    buf_free(&out);
    return result;
}
