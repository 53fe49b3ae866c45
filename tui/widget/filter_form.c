/* The form of a filter. Each field has its condition as the wire has it; what
 * is about several fields at once stands below them, as a row that can only
 * be taken away. */
#include "tui/widget/filter_form.h"

#include "common/json.h"
#include "common/utf8.h"
#include "schema/filter.h"
#include "tui/widget/edit.h"
#include "tui/widget/filter_edit.h"
#include "tui/widget/filter_group.h"
#include "tui/widget/matches.h"
#include "tui/widget/menu.h"

#include <stdio.h>
#include <string.h>

enum {
    LABEL_MAX = 16, /* cells of the labels on a narrow screen */
    LABEL_WIDE = 26,
    NARROW = 80,
    FIND_MAX = 40,
    LOW = 20, /* lines of a screen without room for the split */
};

struct form {
    struct screen base;
    struct filter_form_options o;
    cJSON **conditions; /* by field; NULL: none */
    cJSON *others;      /* array: about several fields, or none of the table */
    cJSON *fixed;
    char *search;
    struct filter_groups groups;
    struct menu *menu;
    struct edit *box; /* what fields are found by */
    bool finding;
    unsigned seen;
    struct matches *matches;
    struct filter_edit edit; /* of the editor that is open */
    cJSON *tentative;        /* what it would set, for the number */
    bool choosing;
};

static struct form *self(struct screen *s)
{
    return (struct form *)s;
}

/* --- conditions --- */

static void add_all(cJSON *array, const cJSON *condition)
{
    if (condition != NULL && condition->child != NULL)
        cJSON_AddItemToArray(array, cJSON_Duplicate(condition, true));
}

/* Everything chosen as one filter of the wire; the caller's. */
static cJSON *whole(const struct form *f)
{
    const struct entity *e = f->o.entity;
    cJSON *all = cJSON_CreateObject();
    cJSON *array = cJSON_AddArrayToObject(all, "and");
    const cJSON *other;
    for (int i = 0; i < e->nfields; i++) {
        bool here = f->choosing && f->edit.field == &e->fields[i];
        add_all(array, here ? f->tentative : f->conditions[i]);
    }
    cJSON_ArrayForEach(other, f->others) add_all(array, other);
    /* In the form the wire has it shortest. */
    struct arena *a = arena_new();
    struct filter *tree = NULL;
    struct err err = {0};
    cJSON *out = NULL;
    if (cJSON_GetArraySize(array) > 0 &&
        filter_from_json(e, a, all, &tree, &err))
        out = filter_to_json(tree);
    err_clear(&err);
    arena_free(&a);
    cJSON_Delete(all);
    return out != NULL ? out : cJSON_CreateObject();
}

static void count(struct form *f)
{
    cJSON *params = cJSON_CreateObject();
    cJSON *chosen = whole(f);
    if (f->fixed != NULL) {
        cJSON *both = cJSON_AddObjectToObject(params, "filter");
        cJSON *array = cJSON_AddArrayToObject(both, "and");
        add_all(array, f->fixed);
        add_all(array, chosen);
        cJSON_Delete(chosen);
    } else {
        cJSON_AddItemToObject(params, "filter", chosen);
    }
    if (*f->search != '\0')
        cJSON_AddStringToObject(params, "search", f->search);
    if (f->o.trash)
        cJSON_AddTrueToObject(params, "trash");
    matches_ask(f->matches, params);
}

/* A condition of the filter goes to its field, with what is there already. */
static void take(struct form *f, const struct filter *c)
{
    const struct entity *e = f->o.entity;
    const struct field *about = filter_about(c);
    cJSON *json = filter_to_json(c);
    int i =
        about != NULL && about >= e->fields && about < e->fields + e->nfields
            ? field_index(e, about)
            : -1;
    if (i < 0 || f->groups.of[i] < 0) {
        cJSON_AddItemToArray(f->others, json);
        return;
    }
    if (f->conditions[i] != NULL) {
        cJSON *both = cJSON_CreateObject();
        cJSON *array = cJSON_AddArrayToObject(both, "and");
        cJSON_AddItemToArray(array, f->conditions[i]);
        cJSON_AddItemToArray(array, json);
        json = both;
    }
    f->conditions[i] = json;
}

static void take_filter(struct form *f, const cJSON *filter)
{
    struct arena *a = arena_new();
    struct filter *tree = NULL;
    struct err err = {0};
    if (filter_from_json(f->o.entity, a, filter, &tree, &err) && tree != NULL) {
        bool all = tree->kind == FILTER_AND;
        for (int i = 0; all && i < tree->nchild; i++)
            take(f, tree->child[i]);
        if (!all)
            take(f, tree);
    }
    err_clear(&err);
    arena_free(&a);
}

static void drop_all(struct form *f)
{
    for (int i = 0; i < f->o.entity->nfields; i++) {
        cJSON_Delete(f->conditions[i]);
        f->conditions[i] = NULL;
    }
    cJSON_Delete(f->others);
    f->others = cJSON_CreateArray();
}

/* --- rows --- */

enum row { ROW_field, ROW_fold, ROW_other, ROW_apply, ROW_clear };

struct rows {
    struct arena *arena;
    struct menu_item *item;
    int n;
};

static struct menu_item *add(struct rows *r, enum row id, const char *value,
                             const char *label, const char *help)
{
    struct menu_item *item = &r->item[r->n++];
    *item = (struct menu_item){
        .id = (int)id, .value = value, .label = label, .help = help};
    return item;
}

static const char *words_of(struct form *f, struct arena *a,
                            const cJSON *condition, bool label)
{
    struct names names = remote_names(app_remote(f->base.app));
    struct filter *tree = NULL;
    struct err err = {0};
    bool good = condition != NULL &&
                filter_from_json(f->o.entity, a, condition, &tree, &err);
    err_clear(&err);
    if (!good || tree == NULL)
        return "";
    return label ? filter_say(a, tree, &names, 0)
                 : filter_say_values(a, tree, &names, 0);
}

static void add_field(struct form *f, struct rows *r, int i)
{
    const struct field *field = &f->o.entity->fields[i];
    enum lang other = i18n_lang() == LANG_zh ? LANG_en : LANG_zh;
    struct menu_item *item =
        add(r, ROW_field, field->id, _(field->label),
            words_of(f, r->arena, f->conditions[i], false));
    item->find = arena_printf(r->arena, "%s %s", field->id,
                              i18n_in(other, field->label));
}

/* A group's heading, or the row that unfolds it. */
static void add_group(struct form *f, struct rows *r, int g)
{
    struct filter_group *group = &f->groups.group[g];
    const struct entity *e = f->o.entity;
    const char *label = group->label != NULL ? _(group->label) : _("Record");
    bool folded = group->folded && group->used == 0 && !f->finding;
    if (folded) {
        const char *sign = term_symbol(app_term(f->base.app), "closed");
        add(r, ROW_fold, arena_printf(r->arena, "%d", g),
            arena_printf(r->arena, "%s %s", sign, label),
            group->fields == 1
                ? _("1 field")
                : arena_printf(r->arena, _("%d fields"), group->fields));
        return;
    }
    if (f->groups.n > 1)
        add(r, ROW_fold, NULL, label, NULL)->heading = true;
    for (int i = 0; i < e->nfields; i++)
        if (f->groups.of[i] == g)
            add_field(f, r, i);
}

static void count_used(struct form *f)
{
    for (int g = 0; g < f->groups.n; g++)
        f->groups.group[g].used = 0;
    for (int i = 0; i < f->o.entity->nfields; i++)
        if (f->groups.of[i] >= 0 && f->conditions[i] != NULL)
            f->groups.group[f->groups.of[i]].used++;
}

static void add_others(struct form *f, struct rows *r)
{
    const cJSON *other;
    int i = 0;
    cJSON_ArrayForEach(other, f->others)
        add(r, ROW_other, arena_printf(r->arena, "other %d", i++), _("Besides"),
            words_of(f, r->arena, other, true));
}

static void add_buttons(struct form *f, struct rows *r)
{
    struct app *a = f->base.app;
    add(r, ROW_apply, "apply",
        arena_printf(r->arena, "[ %s ]", _(act_rows[ACT_apply].label)), NULL)
        ->hint = app_keys(a, ACT_apply);
    add(r, ROW_clear, "clear",
        arena_printf(r->arena, "[ %s ]", _(act_rows[ACT_filter_clear].label)),
        NULL)
        ->hint = app_keys(a, ACT_filter_clear);
}

static void show(struct form *f)
{
    struct rows r = {.arena = arena_new()};
    size_t room = (size_t)(f->o.entity->nfields + f->groups.n + 3 +
                           cJSON_GetArraySize(f->others));
    r.item = arena_array(r.arena, room, sizeof(*r.item));
    count_used(f);
    for (int g = 0; g < f->groups.n; g++)
        add_group(f, &r, g);
    add_others(f, &r);
    if (!f->finding)
        add_buttons(f, &r);
    menu_set(f->menu, r.item, r.n);
    if (f->finding)
        menu_filter(f->menu, edit_text(f->box));
    arena_free(&r.arena);
}

/* --- editing --- */

static void on_changed(void *ctx, const cJSON *condition)
{
    struct form *f = ctx;
    cJSON_Delete(f->tentative);
    f->tentative = cJSON_Duplicate(condition, true);
    f->choosing = true;
    count(f);
}

static void stop_choosing(struct form *f)
{
    cJSON_Delete(f->tentative);
    f->tentative = NULL;
    f->choosing = false;
}

static void on_edited(void *ctx, const cJSON *condition)
{
    struct form *f = ctx;
    int i = field_index(f->o.entity, f->edit.field);
    bool some = condition != NULL && condition->child != NULL;
    cJSON *now = some ? cJSON_Duplicate(condition, true) : NULL;
    stop_choosing(f);
    cJSON_Delete(f->conditions[i]);
    f->conditions[i] = now;
    show(f);
    count(f);
}

static void open_editor(struct form *f, const struct field *field)
{
    int i = field_index(f->o.entity, field);
    f->edit = (struct filter_edit){.app = f->base.app,
                                   .entity = f->o.entity,
                                   .field = field,
                                   .now = f->conditions[i],
                                   .changed = on_changed,
                                   .then = on_edited,
                                   .ctx = f};
    filter_edit_open(&f->edit);
}

static void leave_finding(struct form *f)
{
    const struct menu_item *item = menu_current(f->menu);
    char *value = x_strdup(item != NULL ? item->value : "");
    if (!f->finding) {
        x_free(&value);
        return;
    }
    f->finding = false;
    edit_set(f->box, "");
    show(f);
    menu_select(f->menu, value);
    x_free(&value);
}

static void apply(struct form *f)
{
    cJSON *filter = whole(f);
    void (*then)(void *, const cJSON *) = f->o.then;
    void *ctx = f->o.ctx;
    app_pop(f->base.app, &f->base);
    then(ctx, filter);
    cJSON_Delete(filter);
}

static void clear(struct form *f)
{
    drop_all(f);
    show(f);
    count(f);
}

static void unfold(struct form *f, const char *value)
{
    int g = 0;
    sscanf(value, "%d", &g);
    f->groups.group[g].folded = false;
    show(f);
    for (int i = f->o.entity->nfields - 1; i >= 0; i--)
        if (f->groups.of[i] == g)
            menu_select(f->menu, f->o.entity->fields[i].id);
}

/* Enter. */
static void choose(struct form *f)
{
    const struct menu_item *item = menu_current(f->menu);
    if (item == NULL)
        return;
    if (item->id == ROW_apply) {
        apply(f);
    } else if (item->id == ROW_clear) {
        clear(f);
    } else if (item->id == ROW_fold) {
        unfold(f, item->value);
    } else if (item->id == ROW_field) {
        const struct field *field = field_find(f->o.entity, item->value);
        leave_finding(f);
        open_editor(f, field);
    }
}

/* The condition under the cursor goes. */
static void drop_one(struct form *f)
{
    const struct menu_item *item = menu_current(f->menu);
    int at = 0;
    if (item == NULL)
        return;
    if (item->id == ROW_field) {
        int i = field_index(f->o.entity, field_find(f->o.entity, item->value));
        cJSON_Delete(f->conditions[i]);
        f->conditions[i] = NULL;
    } else if (sscanf(item->value, "other %d", &at) == 1) {
        cJSON_DeleteItemFromArray(f->others, at);
    } else {
        return;
    }
    show(f);
    count(f);
}

static void find(struct form *f)
{
    f->finding = true;
    f->seen = edit_changes(f->box);
    show(f);
}

/* Between the fields and the buttons. */
static void jump(struct form *f)
{
    const struct menu_item *item = menu_current(f->menu);
    bool button = item != NULL && item->id == ROW_apply;
    if (button)
        menu_act(f->menu, ACT_first);
    else
        menu_select(f->menu, "apply");
}

/* --- the screen --- */

static bool act(struct screen *s, enum action_id a, const struct event *e)
{
    struct form *f = self(s);
    static void (*const acts[ACTS])(struct form *) = {
        [ACT_open] = choose,          [ACT_apply] = apply,
        [ACT_filter_drop] = drop_one, [ACT_filter_clear] = clear,
        [ACT_search] = find,          [ACT_next_field] = jump,
        [ACT_prev_field] = jump,
    };
    (void)e;
    if (a == ACT_back && f->finding) {
        leave_finding(f);
        return true;
    }
    if (menu_act(f->menu, a))
        return true;
    if (acts[a] == NULL)
        return false;
    acts[a](f);
    return true;
}

static bool key(struct screen *s, const struct event *e)
{
    struct form *f = self(s);
    if (!f->finding || !edit_key(f->box, e))
        return false;
    if (edit_changes(f->box) != f->seen)
        menu_filter(f->menu, edit_text(f->box));
    f->seen = edit_changes(f->box);
    return true;
}

static bool mouse(struct screen *s, const struct event *e)
{
    struct form *f = self(s);
    if (!menu_mouse(f->menu, e))
        return false;
    if (e->button == BUTTON_LEFT)
        choose(f);
    return true;
}

static bool can(struct screen *s, enum action_id a)
{
    struct form *f = self(s);
    const struct menu_item *item = menu_current(f->menu);
    if (a == ACT_filter_drop)
        return item != NULL && (item->id == ROW_other ||
                                (item->id == ROW_field && item->help != NULL &&
                                 *item->help != '\0'));
    return true;
}

static bool typing(struct screen *s)
{
    return self(s)->finding;
}

/* An editor that was left without a choice. */
static void resume(struct screen *s)
{
    struct form *f = self(s);
    if (!f->choosing)
        return;
    stop_choosing(f);
    count(f);
}

static void connected(struct screen *s)
{
    count(self(s));
}

static void draw(struct screen *s, struct rect r)
{
    struct form *f = self(s);
    struct term *t = app_term(s->app);
    char title[128];
    snprintf(title, sizeof(title), "%s %s %s %s", term_symbol(t, "back"),
             _(f->o.entity->plural), term_symbol(t, "dot"), _("Filter"));
    struct rect in = app_frame(s->app, s, r, title, NULL, NULL);
    int lines = r.h < LOW ? 1 : matches_lines(f->matches);
    matches_draw(f->matches, (struct rect){in.y, in.x + 1, lines, in.w - 2});
    in.y += lines;
    in.h -= lines;
    if (f->finding) {
        term_put(t, in.y, in.x + 1, 1, STYLE_accent, "/");
        in.y++;
        in.h--;
    } else if (r.h >= LOW) {
        term_rule(t, in.y++, in.x, in.w);
        in.h--;
    }
    menu_values(f->menu, r.w < NARROW ? LABEL_MAX : LABEL_WIDE);
    in.x += 1;
    in.w -= 2;
    menu_draw(f->menu, t, in);
    if (f->finding)
        edit_draw(f->box, t, in.y - 1, in.x + 2, in.w - 2, true);
}

static void free_form(struct screen *s)
{
    struct form *f = self(s);
    drop_all(f);
    stop_choosing(f);
    cJSON_Delete(f->others);
    cJSON_Delete(f->fixed);
    x_free(&f->search);
    menu_free(&f->menu);
    edit_free(&f->box);
    matches_free(&f->matches);
}

static const struct screen_ops ops = {
    .name = "filter",
    .place = PLACE_filter,
    .draw = draw,
    .act = act,
    .key = key,
    .mouse = mouse,
    .can = can,
    .typing = typing,
    .resume = resume,
    .connected = connected,
    .free = free_form,
};

void filter_form_open(struct app *a, const struct filter_form_options *o)
{
    struct form *f = screen_new(a, &ops, sizeof(*f));
    size_t n = (size_t)o->entity->nfields;
    f->o = *o;
    f->conditions = arena_array(f->base.arena, n, sizeof(cJSON *));
    f->others = cJSON_CreateArray();
    f->fixed = o->fixed != NULL ? cJSON_Duplicate(o->fixed, true) : NULL;
    f->search = x_strdup(o->search != NULL ? o->search : "");
    f->menu = menu_new();
    f->box = edit_new(FIND_MAX, false);
    f->matches = matches_new(a, o->entity);
    f->groups = filter_groups_make(app_remote(a), o->entity, f->base.arena);
    take_filter(f, o->filter);
    show(f);
    count(f);
    app_push(a, &f->base);
    if (o->at != NULL && f->groups.of[field_index(o->entity, o->at)] >= 0) {
        menu_select(f->menu, o->at->id);
        open_editor(f, o->at);
    }
}
