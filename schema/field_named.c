/* Finding the field a person means by what he calls it. */
#include "common/i18n.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "schema/type.h"

#include <string.h>

struct call {
    const char *text; /* folded */
    size_t len;
    struct arena *arena;
};

static bool same_label(const struct call *c, const struct field *f)
{
    for (int lang = 0; lang < LANGS; lang++) {
        const char *label = i18n_in((enum lang)lang, f->label);
        if (strcmp(utf8_fold(c->arena, label), c->text) == 0)
            return true;
    }
    return false;
}

static bool same_id(const struct call *c, const struct field *f)
{
    return strcmp(f->id, c->text) == 0;
}

static bool starts_id(const struct call *c, const struct field *f)
{
    return strncmp(f->id, c->text, c->len) == 0;
}

static bool starts_word(const struct call *c, const struct field *f)
{
    for (const char *p = strchr(f->id, '_'); p != NULL; p = strchr(p, '_'))
        if (strncmp(++p, c->text, c->len) == 0)
            return true;
    return false;
}

/* From the surest to the vaguest; each looks at all fields first. */
static bool (*const ways[])(const struct call *c, const struct field *f) = {
    same_id, same_label, starts_id, starts_word};

const struct field *field_named(const struct entity *e, const char *text)
{
    struct arena *a = arena_new();
    const struct field *found = NULL;
    struct call c = {.text = utf8_fold(a, text), .arena = a};
    c.len = strlen(c.text);
    if (c.len > 0 && (same_id(&c, &field_id) || same_label(&c, &field_id)))
        found = &field_id;
    for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++)
        for (int i = 0; found == NULL && c.len > 0 && i < e->nfields; i++)
            if (!(e->fields[i].flags & (F_HIDDEN | F_SECRET)) &&
                ways[w](&c, &e->fields[i]))
                found = &e->fields[i];
    arena_free(&a);
    return found;
}
