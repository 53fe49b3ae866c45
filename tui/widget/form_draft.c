/* What a draft keeps of a form, and putting it back: also into a form that
 * has other fields by now, and from a file that may hold anything. */
#include "tui/widget/form_impl.h"

#include "common/json.h"

#include <stdlib.h>
#include <string.h>

enum { TYPED_MAX = 65536 };

static bool same(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a, b) == 0;
}

/* --- keeping --- */

/* The text of the editor that is open on this field and was changed, or NULL.
 */
static const char *open_text(const struct form *f, int index)
{
    if (f->editor.kind == NULL || f->editor.index != index)
        return NULL;
    if (f->editor.line != NULL &&
        edit_changes(f->editor.line) != f->editor.seen)
        return edit_text(f->editor.line);
    if (f->editor.area != NULL &&
        textarea_changes(f->editor.area) != f->editor.seen)
        return textarea_text(f->editor.area);
    return NULL;
}

/* What the field would hold if it were left now. */
static struct form_cell cell_now(const struct form *f, int index,
                                 struct arena *scratch)
{
    const struct field *field = form_field(f, index);
    struct form_cell c = f->cell[index];
    struct names names = form_names(f);
    const char *text = open_text(f, index), *value = NULL;
    struct err e = {0};
    if (text == NULL)
        return c;
    bool read = field->type->parse(field, scratch, text, &names, &value, &e);
    err_clear(&e);
    c.typed = read ? NULL : text;
    c.value = read ? value : c.value;
    return c;
}

static cJSON *member(cJSON *obj, const char *name)
{
    cJSON *in = cJSON_GetObjectItemCaseSensitive(obj, name);
    return in != NULL ? in : cJSON_AddObjectToObject(obj, name);
}

static void keep_name(cJSON *names, const struct form *f, const char *entity,
                      const char *id)
{
    struct names known = form_names(f);
    const char *name = known.ref != NULL
                           ? known.ref(known.ctx, entity, strtoll(id, NULL, 10))
                           : NULL;
    cJSON *of = member(names, entity);
    if (name != NULL && json_get(of, id) == NULL)
        cJSON_AddStringToObject(of, id, name);
}

/* The names behind references, which another start of the client would not
 * know. */
static void keep_names(cJSON *out, const struct form *f,
                       const struct field *field, const char *value,
                       struct arena *scratch)
{
    const char **ids = &value;
    size_t n = 1;
    if (field->ref == NULL || value == NULL ||
        (field->type->list && !list_split(scratch, value, &ids, &n)))
        return;
    for (size_t i = 0; i < n; i++)
        keep_name(member(out, "names"), f, field->ref, ids[i]);
}

static void keep_field(struct form *f, int index, cJSON *out,
                       struct arena *scratch)
{
    const struct field *field = form_field(f, index);
    struct form_cell c = cell_now(f, index, scratch);
    const char *given = f->o.creating ? field->value : c.loaded;
    bool changed = !same(c.value, given);
    if (!changed && c.typed == NULL)
        return;
    if (changed)
        cJSON_AddItemToObject(member(out, "values"), field->id,
                              form_json(f, index, c.value));
    if (c.typed != NULL)
        cJSON_AddStringToObject(member(out, "typed"), field->id, c.typed);
    if (!f->o.creating)
        cJSON_AddItemToObject(member(out, "before"), field->id,
                              form_json(f, index, c.loaded));
    keep_names(out, f, field, c.value, scratch);
}

cJSON *form_keep(struct form *f)
{
    struct arena *scratch = arena_new();
    cJSON *out = cJSON_CreateObject();
    for (int i = 0; i < f->entity->nfields; i++)
        keep_field(f, i, out, scratch);
    arena_free(&scratch);
    if (out->child != NULL)
        return out;
    cJSON_Delete(out);
    return NULL;
}

/* --- putting back --- */

static void lose(struct buf *lost, const char *label, const cJSON *item)
{
    if (lost->len > 0)
        buf_str(lost, ", ");
    buf_str(lost, label);
    if (cJSON_IsString(item) && strlen(item->valuestring) < 200)
        buf_printf(lost, " “%s”", item->valuestring);
}

static bool is_known_choice(const struct form *f, const struct field *field,
                            const char *value)
{
    struct names names = form_names(f);
    if (field->options == NULL || field->type->list || value == NULL)
        return true;
    return names.option == NULL ||
           names.option(names.ctx, field->options, value) != NULL;
}

/* The field a member is for, where it may be put back; -1 with the loss told.
 */
static int place_of(const struct form *f, const cJSON *item, struct buf *lost)
{
    const struct field *field = field_find(f->entity, item->string);
    int index = field != NULL ? field_index(f->entity, field) : -1;
    bool hidden = field != NULL && (field->flags & (F_HIDDEN | F_SECRET)) != 0;
    if (index >= 0 && !hidden && form_refusal(f, index) == NULL)
        return index;
    lose(lost, field != NULL && !hidden ? _(field->label) : item->string, item);
    return -1;
}

static void restore_value(struct form *f, const cJSON *item,
                          const cJSON *before, struct buf *lost)
{
    const char *value = NULL, *loaded = NULL;
    int index = place_of(f, item, lost);
    if (index < 0)
        return;
    const struct field *field = form_field(f, index);
    if (!form_from_json(f, index, item, &value) ||
        !is_known_choice(f, field, value)) {
        lose(lost, _(field->label), item);
        return;
    }
    const cJSON *was = json_get(before, field->id);
    if (was != NULL && form_from_json(f, index, was, &loaded))
        f->cell[index].loaded = loaded;
    form_set_value(f, index, value);
}

static void restore_typed(struct form *f, const cJSON *item, struct buf *lost)
{
    int index = place_of(f, item, lost);
    if (index < 0 || !cJSON_IsString(item) ||
        strlen(item->valuestring) > TYPED_MAX)
        return;
    f->cell[index].typed = arena_strdup(f->arena, item->valuestring);
}

void form_learn(struct app *a, const cJSON *kept)
{
    const cJSON *of, *name;
    struct remote *r = app_remote(a);
    cJSON_ArrayForEach(of, json_get(kept, "names"))
    {
        cJSON_ArrayForEach(name, of)
        {
            if (r != NULL && cJSON_IsString(name))
                remote_learn(r, of->string, strtoll(name->string, NULL, 10),
                             name->valuestring);
        }
    }
}

void form_restore(struct form *f, const cJSON *kept, int64_t version,
                  struct buf *lost)
{
    const cJSON *before = json_get(kept, "before"), *item;
    editor_drop(f);
    form_learn(f->app, kept);
    cJSON_ArrayForEach(item, json_get(kept, "values"))
    {
        restore_value(f, item, before, lost);
    }
    cJSON_ArrayForEach(item, json_get(kept, "typed"))
    {
        restore_typed(f, item, lost);
    }
    if (version > 0)
        f->version = version;
    f->laid_w = 0;
    editor_open(f);
    app_redraw(f->app);
}
