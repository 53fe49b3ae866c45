/* A conflict in a form (EDIT-02): what only one of us changed is taken as it
 * is; what both changed is asked field by field. */
#include "tui/widget/form_impl.h"

#include "common/json.h"
#include "tui/widget/conflict.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a, b) == 0;
}

/* Their record becomes what was loaded; mine stays where I changed it, the
 * picks decide where we both did. */
static void merge(struct form *f, const enum conflict_pick *picks, int n)
{
    for (int i = 0; i < f->entity->nfields; i++) {
        struct form_cell *c = &f->cell[i];
        const char *theirs = f->conflict.theirs[i];
        const char *mine = form_changed(f, i) ? c->value : theirs;
        for (int row = 0; row < n; row++) {
            const char *by_pick[PICKS] = {c->loaded, theirs, c->value};
            if (f->conflict.rows[row] == i)
                mine = by_pick[picks[row]];
        }
        c->loaded = theirs;
        c->value = mine;
        c->typed = NULL;
    }
    f->version = f->conflict.version;
    f->conflict.theirs = NULL;
    f->faults.n = 0;
    f->laid_w = 0;
    editor_open(f);
}

static void on_picked(void *ctx, const enum conflict_pick *picks, int n)
{
    struct form *f = ctx;
    merge(f, picks, n);
    f->conflict.then(f->conflict.ctx);
}

static const char *shown(struct form *f, int index, const char *value)
{
    const struct field *field = form_field(f, index);
    struct names names = form_names(f);
    return value != NULL ? field->type->format(field, f->arena, value, &names)
                         : "";
}

/* The fields both of us changed, to different values. */
static int find_rows(struct form *f, struct conflict_row *rows)
{
    int n = 0;
    for (int i = 0; i < f->entity->nfields; i++) {
        struct form_cell *c = &f->cell[i];
        const char *theirs = f->conflict.theirs[i];
        if (!form_changed(f, i) || same(theirs, c->loaded) ||
            same(theirs, c->value))
            continue;
        f->conflict.rows[n] = i;
        rows[n++] = (struct conflict_row){.label = _(form_field(f, i)->label),
                                          .text = {shown(f, i, c->loaded),
                                                   shown(f, i, theirs),
                                                   shown(f, i, c->value)},
                                          .pick = PICK_mine};
    }
    return n;
}

void form_conflict(struct form *f, const struct err *e, void (*then)(void *ctx),
                   void *ctx)
{
    const cJSON *current = json_get(e->data, "current");
    size_t n = (size_t)f->entity->nfields + 1;
    if (current == NULL) {
        app_error(f->app, e);
        return;
    }
    editor_close(f);
    bool *masked = arena_array(f->arena, n, sizeof(*masked));
    struct conflict_row *rows = arena_array(f->arena, n, sizeof(*rows));
    f->conflict.theirs = arena_array(f->arena, n, sizeof(*f->conflict.theirs));
    f->conflict.rows = arena_array(f->arena, n, sizeof(*f->conflict.rows));
    f->conflict.version = json_int(current, "version", f->version);
    f->conflict.then = then;
    f->conflict.ctx = ctx;
    form_read(f, current, f->conflict.theirs, masked);
    int found = find_rows(f, rows);
    if (found == 0)
        on_picked(f, NULL, 0);
    else
        conflict_open(f->app, rows, found, on_picked, f);
}
