/* The form: which fields there are, the cursor among them, reading and
 * editing. Values, editors and drawing have files of their own. */
#include "tui/widget/form_impl.h"

#include "tui/app/external.h"

#include "common/json.h"

#include <string.h>

enum { WIDTH_DEFAULT = 78 };

/* --- the fields --- */

static bool is_taken(const struct form *f, int index)
{
    const struct field *field = form_field(f, index);
    bool filled = (field->flags & (F_READONLY | F_GENERATED)) == 0;
    if ((field->flags & (F_HIDDEN | F_SECRET)) != 0 ||
        form_level(f, index) == LEVEL_HIDDEN || (f->o.creating && !filled))
        return false;
    return f->o.take == NULL || f->o.take(f->o.ctx, field);
}

static bool same_group(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a, b) == 0;
}

static void add_group(struct form *f, const bool *taken, const char *group)
{
    for (int i = 0; i < f->entity->nfields; i++)
        if (taken[i] && same_group(form_field(f, i)->group, group))
            f->order[f->n++] = i;
}

/* Fields of a group stand together, in the place of its first one; those
 * without a group come first. */
static void make_order(struct form *f)
{
    bool *taken = x_calloc((size_t)f->entity->nfields + 1, sizeof(*taken));
    for (int i = 0; i < f->entity->nfields; i++)
        taken[i] = is_taken(f, i);
    f->n = 0;
    add_group(f, taken, NULL);
    for (int i = 0; i < f->entity->nfields; i++) {
        const char *group = form_field(f, i)->group;
        bool known = group == NULL || !taken[i];
        for (int j = 0; j < f->n && !known; j++)
            known = same_group(form_field(f, f->order[j])->group, group);
        if (!known)
            add_group(f, taken, group);
    }
    x_free(&taken);
    f->nrows = f->o.rows != NULL ? f->o.rows->count(f->o.ctx) : 0;
    f->laid_w = 0;
}

int form_items(const struct form *f)
{
    return f->n + (f->editing ? f->nrows + f->nbuttons : 0);
}

int form_first_button(const struct form *f)
{
    return f->n + f->nrows;
}

int form_index(const struct form *f, int item)
{
    return item >= 0 && item < f->n ? f->order[item] : -1;
}

bool form_may_stop(const struct form *f, int item)
{
    int index = form_index(f, item);
    return !f->editing || index < 0 || form_refusal(f, index) == NULL;
}

/* The nearest item from `from` on in the direction of `by` where the cursor
 * may stop; -1: none. */
static int seek(const struct form *f, int from, int by)
{
    for (int i = from; i >= 0 && i < form_items(f); i += by)
        if (form_may_stop(f, i))
            return i;
    return -1;
}

void form_move(struct form *f, int item)
{
    editor_close(f);
    int n = form_items(f);
    f->cursor = item < 0 || n == 0 ? 0 : item >= n ? n - 1 : item;
    editor_open(f);
    app_redraw(f->app);
}

static void laid(struct form *f)
{
    form_layout(f, f->at.w > 0 ? f->at.w : WIDTH_DEFAULT);
}

/* --- life --- */

struct form *form_new(struct screen *owner, const struct form_options *o)
{
    static const enum action_id usual[] = {ACT_save, ACT_back, ACT_NONE};
    struct form *f = x_calloc(1, sizeof(*f));
    size_t n = (size_t)o->entity->nfields + 1;
    const enum action_id *b = o->buttons != NULL ? o->buttons : usual;
    f->app = owner->app;
    f->o = *o;
    f->entity = o->entity;
    f->arena = arena_new();
    f->layout = arena_new();
    f->cell = x_calloc(n, sizeof(*f->cell));
    f->order = x_calloc(n, sizeof(*f->order));
    f->values = x_calloc(n, sizeof(*f->values));
    f->changed = x_calloc(n, sizeof(*f->changed));
    for (; b[f->nbuttons] != ACT_NONE && f->nbuttons < FORM_BUTTONS;
         f->nbuttons++)
        f->buttons[f->nbuttons] = b[f->nbuttons];
    make_order(f);
    return f;
}

void form_free(struct form **fp)
{
    struct form *f = *fp;
    if (f == NULL)
        return;
    external_forget(f);
    editor_drop(f);
    arena_free(&f->arena);
    arena_free(&f->layout);
    x_free(&f->cell);
    x_free(&f->order);
    x_free(&f->values);
    x_free(&f->changed);
    x_free(fp);
}

static void load_defaults(struct form *f)
{
    for (int i = 0; i < f->entity->nfields; i++) {
        const char *value = field_default(form_field(f, i), f->arena);
        f->cell[i].value = value != NULL ? arena_strdup(f->arena, value) : NULL;
    }
}

void form_load(struct form *f, const cJSON *record)
{
    int n = f->entity->nfields;
    bool *masked = x_calloc((size_t)n + 1, sizeof(*masked));
    editor_drop(f);
    arena_reset(f->arena);
    memset(&f->conflict, 0, sizeof(f->conflict));
    f->faults.n = 0;
    f->editing = false;
    f->id = json_int(record, "id", 0);
    f->version = json_int(record, "version", 0);
    form_read(f, record, f->values, masked);
    for (int i = 0; i < n; i++)
        f->cell[i] = (struct form_cell){
            .loaded = f->values[i], .value = f->values[i], .masked = masked[i]};
    x_free(&masked);
    if (record == NULL && f->o.creating)
        load_defaults(f);
    form_refilter(f);
    if (f->o.creating)
        form_edit(f, true, NULL);
}

void form_refilter(struct form *f)
{
    int before = form_index(f, f->cursor);
    editor_close(f);
    make_order(f);
    f->cursor = 0;
    for (int i = 0; i < f->n; i++)
        if (f->order[i] == before)
            f->cursor = i;
    int stop = seek(f, f->cursor, 1);
    f->cursor = stop >= 0 ? stop : 0;
    if (form_index(f, f->cursor) != before)
        f->top = 0;
    editor_open(f);
}

void form_mark(struct form *f, const struct field *field)
{
    f->cell[field_index(f->entity, field)].marked = true;
}

void form_unmark(struct form *f)
{
    for (int i = 0; i < f->entity->nfields; i++)
        f->cell[i].marked = false;
}

/* --- editing --- */

bool form_edit(struct form *f, bool all, struct err *e)
{
    int index = form_index(f, f->cursor);
    const char *why = index >= 0 ? form_refusal(f, index) : NULL;
    if (!all && !f->editing && (index < 0 || why != NULL))
        return err_set(e, ERR_forbidden, "%s",
                       why != NULL ? why : _("There is nothing to edit."));
    f->editing = true;
    int first = seek(f, all ? 0 : f->cursor, 1);
    if (form_index(f, first) < 0 && f->o.rows == NULL) {
        f->editing = false;
        return err_set(e, ERR_forbidden,
                       _("You may read this record but not change it."));
    }
    form_move(f, first);
    return true;
}

bool form_editing(const struct form *f)
{
    return f->editing;
}

void form_cancel(struct form *f)
{
    editor_drop(f);
    f->editing = false;
    f->faults.n = 0;
    for (int i = 0; i < f->entity->nfields; i++) {
        f->cell[i].value = f->cell[i].loaded;
        f->cell[i].typed = NULL;
    }
    f->cursor = f->cursor < f->n ? f->cursor : 0;
    app_redraw(f->app);
}

bool form_dirty(const struct form *f)
{
    bool line = f->editor.line != NULL &&
                edit_changes(f->editor.line) != f->editor.seen;
    bool area = f->editor.area != NULL &&
                textarea_changes(f->editor.area) != f->editor.seen;
    if (line || area)
        return true;
    for (int i = 0; i < f->entity->nfields; i++) {
        const char *given =
            f->o.creating ? field_default(form_field(f, i), f->arena) : NULL;
        bool preset = given != NULL && f->cell[i].value != NULL &&
                      strcmp(given, f->cell[i].value) == 0;
        if (form_changed(f, i) && !preset)
            return true;
    }
    return false;
}

/* --- keys --- */

static bool move_to(struct form *f, int item)
{
    if (item >= 0)
        form_move(f, item);
    return item >= 0;
}

static bool go_up(struct form *f)
{
    laid(f);
    return move_to(f, form_neighbour(f, -1, 0));
}

static bool go_down(struct form *f)
{
    laid(f);
    return move_to(f, form_neighbour(f, 1, 0));
}

static bool go_left(struct form *f)
{
    laid(f);
    return move_to(f, form_neighbour(f, 0, -1));
}

static bool go_right(struct form *f)
{
    laid(f);
    return move_to(f, form_neighbour(f, 0, 1));
}

static bool go_page(struct form *f, bool (*step)(struct form *f))
{
    int from = f->places != NULL ? f->places[f->cursor].y : 0;
    bool moved = false;
    while (step(f)) {
        moved = true;
        laid(f);
        int far = f->places[f->cursor].y - from;
        if ((far < 0 ? -far : far) >= f->at.h - 1)
            break;
    }
    return moved;
}

static bool go_page_up(struct form *f)
{
    return go_page(f, go_up);
}

static bool go_page_down(struct form *f)
{
    return go_page(f, go_down);
}

static bool go_first(struct form *f)
{
    return move_to(f, seek(f, 0, 1));
}

static bool go_last(struct form *f)
{
    return move_to(f, seek(f, form_items(f) - 1, -1));
}

static bool go_next(struct form *f)
{
    int item = seek(f, f->cursor + 1, 1);
    return move_to(f, item >= 0 || !f->editing ? item : seek(f, 0, 1));
}

static bool go_prev(struct form *f)
{
    int item = seek(f, f->cursor - 1, -1);
    return move_to(
        f, item >= 0 || !f->editing ? item : seek(f, form_items(f) - 1, -1));
}

/* Enter: presses a button, opens a picker, goes on from a line. Reading, it
 * is the owner's. */
static bool do_open(struct form *f)
{
    if (!f->editing)
        return false;
    if (form_row(f) >= 0)
        return false;
    if (f->cursor >= form_first_button(f)) {
        app_act(f->app, f->buttons[f->cursor - form_first_button(f)]);
        return true;
    }
    if (f->editor.kind == NULL || !f->editor.kind->enter(f))
        go_next(f);
    return true;
}

/* From reading, the field is opened for editing first. */
static bool go_external(struct form *f)
{
    struct err e = {0};
    if (!form_can_external(f))
        return false;
    if (!f->editing && !form_edit(f, false, &e))
        app_error(f->app, &e);
    err_clear(&e);
    editor_external(f);
    return true;
}

bool form_can_external(const struct form *f)
{
    const struct field *field = form_current(f);
    return field != NULL && field->type->editor == EDITOR_text &&
           form_refusal(f, form_index(f, f->cursor)) == NULL;
}

bool form_act(struct form *f, enum action_id a, const struct event *e)
{
    static const struct {
        enum action_id id;
        bool (*run)(struct form *f);
    } rows[] = {{ACT_up, go_up},           {ACT_down, go_down},
                {ACT_left, go_left},       {ACT_right, go_right},
                {ACT_page_up, go_page_up}, {ACT_page_down, go_page_down},
                {ACT_half_up, go_page_up}, {ACT_half_down, go_page_down},
                {ACT_first, go_first},     {ACT_last, go_last},
                {ACT_next_field, go_next}, {ACT_prev_field, go_prev},
                {ACT_open, do_open},       {ACT_external, go_external}};
    (void)e;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (rows[i].id == a)
            return form_items(f) > 0 && rows[i].run(f);
    return false;
}

bool form_key(struct form *f, const struct event *e)
{
    bool done = f->editor.kind != NULL && f->editor.kind->key(f, e);
    if (done)
        app_redraw(f->app);
    return done;
}

bool form_typing(const struct form *f)
{
    return f->editor.kind != NULL;
}

/* The item at this cell; -1: none where the cursor may stop. */
static int item_at(const struct form *f, const struct event *e)
{
    int line = e->y - f->at.y + f->top, x = e->x - f->at.x;
    for (int i = 0; i < form_items(f); i++) {
        const struct form_place *p = &f->places[i];
        if (line >= p->y && line < p->y + p->h && x >= p->x - 2 &&
            x < p->x + p->w && form_may_stop(f, i))
            return i;
    }
    return -1;
}

/* A click puts the cursor there, presses a button, opens what opens; reading,
 * a double click begins to edit. */
bool form_mouse(struct form *f, const struct event *e)
{
    bool inside = e->y >= f->at.y && e->y < f->at.y + f->at.h;
    if (e->mouse != MOUSE_press || !inside)
        return false;
    laid(f);
    int item = item_at(f, e);
    if (item < 0)
        return false;
    bool there = item == f->cursor;
    int value_x = f->places[item].x + f->places[item].label + 1;
    int x = e->x - f->at.x - value_x;
    form_move(f, item);
    if (e->button != BUTTON_LEFT)
        return true;
    bool picks = f->editing && there && f->editor.area == NULL;
    if (f->editor.line != NULL && x >= 0)
        edit_click(f->editor.line, x);
    else if (item >= f->n || picks || (!f->editing && e->twice))
        app_act(f->app, ACT_open);
    return true;
}

/* --- what the owner asks --- */

int64_t form_id(const struct form *f)
{
    return f->id;
}

int64_t form_version(const struct form *f)
{
    return f->version;
}

const struct field *form_current(const struct form *f)
{
    int index = form_index(f, f->cursor);
    return index >= 0 ? form_field(f, index) : NULL;
}

bool form_is_empty(const struct form *f)
{
    return f->n == 0;
}

bool form_at_first(struct form *f)
{
    laid(f);
    return form_items(f) == 0 || form_neighbour(f, -1, 0) < 0;
}

bool form_at_last(struct form *f)
{
    laid(f);
    return form_items(f) == 0 || form_neighbour(f, 1, 0) < 0;
}

bool form_go_to(struct form *f, const struct field *field)
{
    for (int i = 0; i < f->n; i++) {
        if (form_field(f, f->order[i]) == field) {
            form_move(f, i);
            return true;
        }
    }
    return false;
}

void form_go_first(struct form *f)
{
    go_first(f);
}

void form_go_last(struct form *f)
{
    go_last(f);
}

const char *form_value(struct form *f, const struct field *field)
{
    int index = field_index(f->entity, field);
    const char *text = f->editor.line != NULL   ? edit_text(f->editor.line)
                       : f->editor.area != NULL ? textarea_text(f->editor.area)
                                                : NULL;
    const char *value = NULL;
    struct names names = form_names(f);
    if (text == NULL || f->editor.index != index)
        return f->cell[index].value;
    struct err e = {0};
    bool read = field->type->parse(field, f->arena, text, &names, &value, &e);
    err_clear(&e);
    return read ? value : f->cell[index].value;
}

const char *form_shown(struct form *f, const struct field *field)
{
    return form_text(f, field_index(f->entity, field), f->arena);
}

void form_set(struct form *f, const struct field *field, const char *value)
{
    int index = field_index(f->entity, field);
    bool open = f->editor.kind != NULL && f->editor.index == index;
    if (open)
        editor_drop(f);
    form_set_value(f, index, value);
    if (open)
        editor_open(f);
    app_redraw(f->app);
}
