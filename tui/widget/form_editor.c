/* How each kind of value is edited in place: a line, many lines, a date, a
 * switch, or a picker. One row a kind; the type of the field names its kind. */
#include "tui/widget/form_impl.h"

#include "common/date.h"
#include "common/utf8.h"
#include "tui/app/external.h"
#include "tui/widget/picker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AREA_MIN = 3, AREA_MAX = 12, LINE_MAX_DEFAULT = 1024, DATE_WIDTH = 12 };

static struct form_cell *cell_of(struct form *f)
{
    return &f->cell[f->editor.index];
}

static const struct field *field_of(struct form *f)
{
    return form_field(f, f->editor.index);
}

/* What was typed, as the value; where it can not be read it stays as typed,
 * with the reason under it. */
static void take_text(struct form *f, const char *text)
{
    const struct field *field = field_of(f);
    struct names names = form_names(f);
    const char *value = NULL;
    struct err e = {0};
    if (field->type->parse(field, f->arena, text, &names, &value, &e)) {
        form_set_value(f, f->editor.index, value);
        form_check_field(f, f->editor.index);
    } else {
        cell_of(f)->typed = arena_strdup(f->arena, text);
        form_drop_faults(f, f->editor.index);
        form_add_fault(f, f->editor.index, e.message);
    }
    err_clear(&e);
}

static void tell_left(struct form *f)
{
    if (f->o.left != NULL)
        f->o.left(f->o.ctx, field_of(f));
}

/* --- a line --- */

static void line_open(struct form *f)
{
    struct arena *scratch = arena_new();
    const struct field *field = field_of(f);
    bool sized = field->type->editor == EDITOR_line && !field->type->list &&
                 field->max > 0;
    f->editor.line =
        edit_new(sized ? (size_t)field->max : LINE_MAX_DEFAULT, false);
    edit_set(f->editor.line, form_text(f, f->editor.index, scratch));
    f->editor.seen = edit_changes(f->editor.line);
    arena_free(&scratch);
}

static void line_commit(struct form *f)
{
    if (edit_changes(f->editor.line) != f->editor.seen) {
        take_text(f, edit_text(f->editor.line));
        tell_left(f);
    } else if (cell_of(f)->typed == NULL &&
               form_fault(f, f->editor.index) == NULL) {
        form_check_field(f, f->editor.index); /* required, and left empty */
    }
}

static bool line_key(struct form *f, const struct event *e)
{
    return edit_key(f->editor.line, e);
}

static int one_line(struct form *f, int w)
{
    (void)f;
    (void)w;
    return 1;
}

static void line_draw(struct form *f, struct rect r, bool focused)
{
    edit_draw(f->editor.line, app_term(f->app), r.y, r.x, r.w, focused);
}

static bool next_field(struct form *f)
{
    (void)f;
    return false;
}

/* --- a date: a line, and beside it what it means --- */

static const char *const weekdays[] = {
    N_("Monday"), N_("Tuesday"),  N_("Wednesday"), N_("Thursday"),
    N_("Friday"), N_("Saturday"), N_("Sunday")};

static void date_draw(struct form *f, struct rect r, bool focused)
{
    struct term *t = app_term(f->app);
    char iso[DATE_LEN], text[64];
    int32_t days;
    int w = r.w > DATE_WIDTH ? DATE_WIDTH : r.w;
    edit_draw(f->editor.line, t, r.y, r.x, w, focused);
    if (!date_parse_human(edit_text(f->editor.line), date_today(), &days))
        return;
    date_format(days, iso);
    snprintf(text, sizeof(text), "%s %s", iso,
             _(weekdays[date_weekday(days) - 1]));
    term_put(t, r.y, r.x + w + 1, r.w - w - 1, STYLE_label, text);
}

/* --- many lines --- */

static void area_open(struct form *f)
{
    struct arena *scratch = arena_new();
    const struct field *field = field_of(f);
    f->editor.area = textarea_new(field->max > 0 ? (size_t)field->max : 0);
    textarea_set(f->editor.area, form_text(f, f->editor.index, scratch));
    f->editor.seen = textarea_changes(f->editor.area);
    arena_free(&scratch);
}

static void area_commit(struct form *f)
{
    if (textarea_changes(f->editor.area) == f->editor.seen)
        return;
    take_text(f, textarea_text(f->editor.area));
    tell_left(f);
}

static bool area_key(struct form *f, const struct event *e)
{
    bool done = textarea_key(f->editor.area, e);
    f->laid_w = 0; /* it may have grown by a line */
    return done;
}

static int area_lines(struct form *f, int w)
{
    int lines = textarea_lines(f->editor.area, w) + 1;
    return lines < AREA_MIN ? AREA_MIN : lines > AREA_MAX ? AREA_MAX : lines;
}

static void area_draw(struct form *f, struct rect r, bool focused)
{
    textarea_draw(f->editor.area, app_term(f->app), r, focused);
}

/* The text as the user's own editor left it; as if typed. */
static void area_take(void *ctx, const char *text)
{
    struct form *f = ctx;
    if (f->editor.area == NULL)
        return;
    textarea_set(f->editor.area, text);
    f->editor.seen = textarea_changes(f->editor.area) - 1;
    f->laid_w = 0;
    app_redraw(f->app);
}

bool editor_external(struct form *f)
{
    return f->editor.area != NULL &&
           external_edit(f->app, textarea_text(f->editor.area), area_take, f);
}

/* Enter belongs to the text; it never comes this far. */
static bool enter_taken(struct form *f)
{
    (void)f;
    return true;
}

/* --- a switch --- */

static void nothing(struct form *f)
{
    (void)f;
}

static void set_and_check(struct form *f, int index, const char *value)
{
    form_set_value(f, index, value);
    form_check_field(f, index);
    if (f->o.left != NULL)
        f->o.left(f->o.ctx, form_field(f, index));
}

static bool toggle(struct form *f)
{
    const char *value = cell_of(f)->value;
    bool on = value != NULL && strcmp(value, "t") == 0;
    set_and_check(f, f->editor.index, on ? "f" : "t");
    return true;
}

/* Any other character is no answer, but it must not run an action either. */
static bool toggle_key(struct form *f, const struct event *e)
{
    bool turns = (key_is_text(e) && e->cp == ' ') ||
                 (e->kind == EVENT_key && e->mods == 0 &&
                  (e->code == KEYC_left || e->code == KEYC_right));
    return turns ? toggle(f) : key_is_text(e);
}

static void value_draw(struct form *f, struct rect r, bool focused)
{
    struct arena *scratch = arena_new();
    struct term *t = app_term(f->app);
    enum style s = focused ? STYLE_field : STYLE_text;
    const char *text = form_text(f, f->editor.index, scratch);
    term_fill(t, r, s);
    term_put(t, r.y, r.x, r.w - 2, s, text);
    term_put(t, r.y, r.x + r.w - 1, 1, s, term_symbol(t, "below"));
    if (focused)
        term_cursor(t, r.y, r.x, true);
    arena_free(&scratch);
}

/* --- a picker --- */

struct picking {
    struct form *form;
    int index;
};

/* The picker's ctx is freed with the form's arena: the picker never outlives
 * the screen the form belongs to. */
static void picked(void *ctx, const char *const *values,
                   const char *const *labels, int n)
{
    struct picking *p = ctx;
    struct form *f = p->form;
    const struct field *field = form_field(f, p->index);
    struct remote *r = app_remote(f->app);
    for (int i = 0; i < n && field->ref != NULL && r != NULL; i++)
        remote_learn(r, field->ref, strtoll(values[i], NULL, 10), labels[i]);
    const char *value = NULL;
    if (n > 0)
        value = field->type->list ? list_join(f->arena, values, (size_t)n)
                                  : values[0];
    set_and_check(f, p->index, value);
    app_redraw(f->app);
}

static bool pick(struct form *f)
{
    struct picking *p = arena_alloc(f->arena, sizeof(*p));
    *p = (struct picking){f, f->editor.index};
    picker_open_next(f->app, field_of(f), cell_of(f)->value, cell_of(f)->loaded,
                     picked, p);
    return true;
}

/* Typing opens the picker with what was typed. */
static bool pick_key(struct form *f, const struct event *e)
{
    if (!key_is_text(e) && e->kind != EVENT_paste)
        return false;
    pick(f);
    struct screen *s = app_top(f->app);
    if (e->kind == EVENT_paste || e->cp != ' ')
        s->ops->key(s, e);
    return true;
}

/* --- the kinds --- */

#define LINE(drawn)                                                            \
    {                                                                          \
        line_open, line_commit, line_key, next_field, one_line, drawn          \
    }
#define PICKER                                                                 \
    {                                                                          \
        nothing, nothing, pick_key, pick, one_line, value_draw                 \
    }

static const struct editor_kind kinds[] = {
    [EDITOR_line] = LINE(line_draw),
    [EDITOR_number] = LINE(line_draw),
    [EDITOR_date] = LINE(date_draw),
    [EDITOR_text] = {area_open, area_commit, area_key, enter_taken, area_lines,
                     area_draw},
    [EDITOR_bool] = {nothing, nothing, toggle_key, toggle, one_line,
                     value_draw},
    [EDITOR_choice] = PICKER,
    [EDITOR_choices] = PICKER,
    [EDITOR_ref] = PICKER,
};

void editor_open(struct form *f)
{
    int index = form_index(f, f->cursor);
    editor_drop(f);
    if (!f->editing || index < 0 || form_refusal(f, index) != NULL)
        return;
    f->editor.index = index;
    f->editor.kind = &kinds[form_field(f, index)->type->editor];
    f->editor.kind->open(f);
    f->laid_w = 0;
}

void editor_close(struct form *f)
{
    if (f->editor.kind != NULL)
        f->editor.kind->commit(f);
    editor_drop(f);
}

void editor_drop(struct form *f)
{
    edit_free(&f->editor.line);
    textarea_free(&f->editor.area);
    f->editor.kind = NULL;
    f->laid_w = 0;
}
