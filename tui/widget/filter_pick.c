/* Conditions that are picked: yes or no, several values of an option list,
 * several records by name. Beside the values stand the rows "empty", "not
 * empty", "all but these", as far as the type has them. */
#include "tui/widget/filter_edit.h"

#include "common/json.h"
#include "schema/filter.h"
#include "tui/widget/picker.h"

#include <stdlib.h>
#include <string.h>

/* --- the rows that are no values --- */

enum mark { MARK_not, MARK_all, MARK_empty, MARK_filled, MARKS };

/* No code of an option list begins like this: text is cleaned of it. */
static const struct {
    const char *value;
    const char *label; /* msgid */
    enum filter_op op; /* what the type must have */
} marks[MARKS] = {
    [MARK_not] = {"\001not", N_("(all but the ticked ones)"), OP_not_in},
    [MARK_all] = {"\001all", N_("(with all of the ticked ones)"), OP_all},
    [MARK_empty] = {"\001empty", N_("(empty)"), OP_is_null},
    [MARK_filled] = {"\001filled", N_("(not empty)"), OP_is_null},
};

static bool has(const struct field *f, enum filter_op op)
{
    return (f->type->ops & 1u << op) != 0;
}

static int mark_of(const char *value)
{
    for (int i = 0; i < MARKS; i++)
        if (strcmp(marks[i].value, value) == 0)
            return i;
    return -1;
}

/* What is picked: values, and which marks. */
struct picked {
    struct arena *arena;
    const struct names *names;
    const struct field *field;
    const char **values, **labels;
    int n;
    bool mark[MARKS];
};

/* --- from the condition as it is --- */

static void add_value(struct picked *p, const char *value)
{
    const struct field *f = p->field;
    const char *one[] = {value};
    const char *canonical = f->type->list ? list_join(p->arena, one, 1) : value;
    p->values[p->n] = value;
    p->labels[p->n++] = f->type->format(f, p->arena, canonical, p->names);
}

static void add_mark(struct picked *p, enum mark m)
{
    p->mark[m] = true;
    p->values[p->n] = marks[m].value;
    p->labels[p->n++] = _(marks[m].label);
}

static void read_tree(struct picked *p, const struct filter *f)
{
    static const unsigned plain = 1u << OP_eq | 1u << OP_in | 1u << OP_any;
    static const unsigned other = 1u << OP_ne | 1u << OP_not_in;
    for (int i = 0; i < f->nchild; i++)
        read_tree(p, f->child[i]);
    if (f->kind != FILTER_COND)
        return;
    unsigned op = 1u << f->op;
    bool values = (op & (plain | other | 1u << OP_all)) != 0;
    for (int i = 0; values && i < f->nvalues && p->n < FILTER_VALUES; i++)
        add_value(p, f->values[i]);
    if (op & other)
        add_mark(p, MARK_not);
    if (f->op == OP_all)
        add_mark(p, MARK_all);
    if (f->op == OP_is_null)
        add_mark(p, f->values[0][0] == 't' ? MARK_empty : MARK_filled);
}

static void read_now(struct picked *p, const struct filter_edit *e)
{
    struct filter *f = NULL;
    struct err err = {0};
    size_t room = FILTER_VALUES + MARKS * FILTER_CONDITIONS;
    p->values = arena_array(p->arena, room, sizeof(*p->values));
    p->labels = arena_array(p->arena, room, sizeof(*p->labels));
    if (filter_from_json(e->entity, p->arena, e->now, &f, &err) && f != NULL)
        read_tree(p, f);
    err_clear(&err);
}

/* --- to the condition --- */

static struct filter *condition(struct picked *p, enum filter_op op)
{
    struct filter *c = arena_alloc(p->arena, sizeof(*c));
    c->field = p->field;
    c->op = op;
    c->values = arena_array(p->arena, (size_t)p->n + 1, sizeof(*c->values));
    return c;
}

static struct filter *null_condition(struct picked *p, const char *is)
{
    struct filter *c = condition(p, OP_is_null);
    c->values[c->nvalues++] = is;
    return c;
}

static struct filter *value_condition(struct picked *p)
{
    bool list = has(p->field, OP_any), not = p->mark[MARK_not];
    enum filter_op op = p->mark[MARK_all] ? OP_all
                        : list            ? OP_any
                        : p->n == 1       ? (not ? OP_ne : OP_eq)
                                          : (not ? OP_not_in : OP_in);
    struct filter *c = condition(p, op);
    for (int i = 0; i < p->n; i++)
        c->values[c->nvalues++] = p->values[i];
    return c;
}

/* Ticked together with values, "empty" widens them; where all but those are
 * meant, it is one more of those. */
static struct filter *build(struct picked *p)
{
    struct filter *values = p->n > 0 ? value_condition(p) : NULL;
    bool empty = p->mark[MARK_empty], not = p->mark[MARK_not];
    if (p->mark[MARK_filled] && empty)
        return NULL;
    if (!p->mark[MARK_filled] && !empty)
        return values;
    struct filter *null =
        null_condition(p, p->mark[MARK_filled] || not ? "f" : "t");
    if (values == NULL)
        return null;
    struct filter *both = arena_alloc(p->arena, sizeof(*both));
    both->kind = p->mark[MARK_filled] || not ? FILTER_AND : FILTER_OR;
    both->child = arena_array(p->arena, 2, sizeof(*both->child));
    both->child[both->nchild++] = values;
    both->child[both->nchild++] = null;
    return both;
}

/* --- the editor --- */

static void tell(const struct filter_edit *e, filter_edit_fn *to,
                 const char *const *values, int n)
{
    struct picked p = {.arena = arena_new(), .field = e->field};
    p.values = arena_array(p.arena, (size_t)n + 1, sizeof(*p.values));
    for (int i = 0; i < n; i++) {
        int mark = mark_of(values[i]);
        if (mark >= 0)
            p.mark[mark] = true;
        else if (p.n < FILTER_VALUES)
            p.values[p.n++] = values[i];
    }
    const struct filter *f = build(&p);
    cJSON *json = f != NULL ? filter_to_json(f) : NULL;
    to(e->ctx, json);
    cJSON_Delete(json);
    arena_free(&p.arena);
}

static void on_changed(void *ctx, const char *const *values,
                       const char *const *labels, int n)
{
    const struct filter_edit *e = ctx;
    (void)labels;
    tell(e, e->changed, values, n);
}

/* The names of the records that were picked, for the words of the filter. */
static void learn(const struct filter_edit *e, const char *const *values,
                  const char *const *labels, int n)
{
    for (int i = 0; e->field->ref != NULL && i < n; i++) {
        int64_t id = strtoll(values[i], NULL, 10);
        if (mark_of(values[i]) < 0 && id > 0)
            remote_learn(app_remote(e->app), e->field->ref, id, labels[i]);
    }
}

static void on_picked(void *ctx, const char *const *values,
                      const char *const *labels, int n)
{
    const struct filter_edit *e = ctx;
    learn(e, values, labels, n);
    tell(e, e->then, values, n);
}

void filter_pick_values(const struct filter_edit *e)
{
    struct names names = remote_names(app_remote(e->app));
    struct picked p = {
        .arena = arena_new(), .names = &names, .field = e->field};
    struct menu_item extra[MARKS];
    struct picker_options o = {
        .multi = true, .extra = extra, .changed = on_changed};
    for (int i = 0; i < MARKS; i++)
        if (has(e->field, marks[i].op))
            extra[o.nextra++] = (struct menu_item){.label = _(marks[i].label),
                                                   .value = marks[i].value};
    read_now(&p, e);
    o.values = p.values;
    o.labels = p.labels;
    o.nvalues = p.n;
    picker_open_values(e->app, e->field, &o, on_picked, (void *)e);
    arena_free(&p.arena);
}

/* --- yes or no --- */

static void on_answer(void *ctx, const struct menu_item *item)
{
    const struct filter_edit *e = ctx;
    cJSON *json = cJSON_CreateObject();
    if (item->id != 0)
        cJSON_AddBoolToObject(cJSON_AddObjectToObject(json, e->field->id),
                              op_name(OP_eq), item->id > 0);
    e->then(e->ctx, json);
    cJSON_Delete(json);
}

void filter_pick_yes_no(const struct filter_edit *e)
{
    const struct menu_item items[] = {
        {.label = _("Yes"), .value = "t", .id = 1},
        {.label = _("No"), .value = "f", .id = -1},
        {.label = _("(either)"), .value = "", .id = 0},
    };
    menu_open(e->app, _(e->field->label), items, 3, on_answer, (void *)e);
}
