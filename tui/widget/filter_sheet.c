/* Conditions that are typed: from … to with a calendar and words for dates,
 * from … to for numbers, a part of a text. What is typed is told in words
 * while it is typed, and the rows below say what Enter does with it. */
#include "tui/widget/filter_edit.h"

#include "common/date.h"
#include "common/json.h"
#include "common/utf8.h"
#include "schema/filter.h"
#include "schema/period.h"
#include "tui/widget/calendar.h"
#include "tui/widget/edit.h"
#include "tui/widget/menu.h"
#include "tui/widget/sheet.h"

#include <string.h>

enum { FIELDS = 2, TEXT_MAX = 200, ROWS_MAX = 40, GAP = 3, FIELD_MAX = 24 };

struct sheet {
    struct screen base;
    const struct filter_edit *edit;
    struct edit *box[FIELDS];
    unsigned seen[FIELDS];
    int nboxes;
    int focus; /* a box, or nboxes: the calendar */
    bool has_calendar, picking;
    struct calendar calendar;
    struct menu *menu;
    struct arena *scratch;
    char *fault; /* words; NULL: what is typed can be understood */
    char *words; /* what it means */
    struct rect at, box_at[FIELDS];
};

static bool has(const struct sheet *s, enum filter_op op)
{
    return (s->edit->field->type->ops & 1u << op) != 0;
}

/* --- what a row makes of what is typed --- */

static const char *typed(const struct sheet *s, int i)
{
    const char *text = i < s->nboxes ? edit_text(s->box[i]) : "";
    return text + strspn(text, " ");
}

static struct filter *new_condition(struct sheet *s, enum filter_op op,
                                    const char *value)
{
    struct filter *c = arena_alloc(s->scratch, sizeof(*c));
    c->field = s->edit->field;
    c->op = op;
    c->values = arena_array(s->scratch, 1, sizeof(*c->values));
    c->values[c->nvalues++] = value;
    return c;
}

/* Alone in the first box a day or a number is where it begins; a month, a word,
 * a comparison says all by itself. */
static const char *span_text(struct sheet *s, struct names *names)
{
    const char *low = typed(s, 0), *high = typed(s, 1);
    struct filter *f = NULL;
    struct err err = {0};
    if (*high != '\0')
        return arena_printf(s->scratch, "%s..%s", low, high);
    bool good = filter_from_value(s->edit->entity, s->scratch, s->edit->field,
                                  low, names, &f, &err);
    err_clear(&err);
    bool point = good && f != NULL && f->kind == FILTER_COND &&
                 f->op == OP_eq && *low != '=' && !period_is(f->values[0]);
    return point ? arena_printf(s->scratch, "%s..", low) : low;
}

static bool row_typed(struct sheet *s, const char *value, struct filter **out,
                      struct err *err)
{
    struct names names = remote_names(app_remote(s->base.app));
    (void)value;
    return filter_from_value(s->edit->entity, s->scratch, s->edit->field,
                             span_text(s, &names), &names, out, err);
}

static bool row_word(struct sheet *s, const char *value, struct filter **out,
                     struct err *err)
{
    (void)err;
    *out = new_condition(s, OP_eq, value);
    return true;
}

/* A part of a text as it is; a whole one as the type has it. */
static bool row_text(struct sheet *s, const char *value, struct filter **out,
                     struct err *err)
{
    enum filter_op op = op_find(value, strlen(value));
    const char *text = typed(s, 0), *canonical = NULL;
    const struct field *f = s->edit->field;
    *out = NULL;
    if (*text == '\0')
        return true;
    if (op == OP_contains || op == OP_starts)
        canonical = arena_strdup(s->scratch, text);
    else if (!f->type->parse(f, s->scratch, text, NULL, &canonical, err))
        return false;
    *out = canonical != NULL ? new_condition(s, op, canonical) : NULL;
    return true;
}

static bool row_null(struct sheet *s, const char *value, struct filter **out,
                     struct err *err)
{
    (void)err;
    *out = new_condition(s, OP_is_null, value);
    return true;
}

static bool row_none(struct sheet *s, const char *value, struct filter **out,
                     struct err *err)
{
    (void)s, (void)value, (void)err;
    *out = NULL;
    return true;
}

enum row { ROW_typed, ROW_word, ROW_text, ROW_null, ROW_none, ROWS };

static bool (*const rows[ROWS])(struct sheet *s, const char *value,
                                struct filter **out, struct err *err) = {
    [ROW_typed] = row_typed, [ROW_word] = row_word, [ROW_text] = row_text,
    [ROW_null] = row_null,   [ROW_none] = row_none,
};

/* --- what is meant now --- */

static bool build(struct sheet *s, struct filter **out, struct err *err)
{
    const struct menu_item *item = menu_current(s->menu);
    *out = NULL;
    arena_reset(s->scratch);
    return item == NULL || rows[item->id](s, item->value, out, err);
}

/* The days of a condition are marked in the calendar. */
static void mark_days(struct sheet *s, struct filter *f)
{
    struct calendar *c = &s->calendar;
    const struct field *field = s->edit->field;
    int32_t day[2];
    bool set[2] = {false, false};
    f = f != NULL ? filter_resolve(s->scratch, f, NULL) : NULL;
    bool span = f != NULL && f->kind == FILTER_COND && f->op == OP_between;
    for (int i = 0; span && i < 2; i++) {
        const char *shown =
            f->values[i] != NULL
                ? field->type->format(field, s->scratch, f->values[i], NULL)
                : "";
        set[i] = strlen(shown) >= DATE_LEN - 1 &&
                 date_parse_iso(shown, DATE_LEN - 1, &day[i]);
    }
    c->from_set = set[0];
    c->to_set = set[1];
    c->from = set[0] ? day[0] : 0;
    c->to = set[1] ? day[1] : 0;
    if (s->focus != s->nboxes && (set[0] || set[1]))
        c->cursor = set[0] ? c->from : c->to;
}

static void follow(struct sheet *s, bool tell)
{
    struct filter *f = NULL;
    struct err err = {0};
    bool good = build(s, &f, &err);
    struct names names = remote_names(app_remote(s->base.app));
    x_free(&s->fault);
    x_free(&s->words);
    if (!good)
        s->fault = x_strdup(err.message);
    else if (f != NULL)
        s->words = x_strdup(filter_say_values(s->scratch, f, &names, 0));
    err_clear(&err);
    if (!good)
        return;
    cJSON *json = f != NULL ? filter_to_json(f) : NULL;
    if (tell)
        s->edit->changed(s->edit->ctx, json);
    cJSON_Delete(json);
    if (s->has_calendar)
        mark_days(s, f);
}

static void follow_boxes(struct sheet *s)
{
    bool other = false;
    for (int i = 0; i < s->nboxes; i++) {
        other = other || edit_changes(s->box[i]) != s->seen[i];
        s->seen[i] = edit_changes(s->box[i]);
    }
    if (!other)
        return;
    /* Who types means what he types. */
    const struct menu_item *first = menu_item(s->menu, 0);
    const struct menu_item *now = menu_current(s->menu);
    if (now != NULL && now->id != ROW_text && now->id != ROW_typed)
        menu_select(s->menu, first->value);
    follow(s, true);
}

static bool apply(struct sheet *s)
{
    struct filter *f = NULL;
    struct err err = {0};
    const struct filter_edit *e = s->edit;
    bool good = build(s, &f, &err);
    err_clear(&err);
    if (!good) {
        term_bell(app_term(s->base.app));
        return true;
    }
    cJSON *json = f != NULL ? filter_to_json(f) : NULL;
    app_pop(s->base.app, &s->base);
    e->then(e->ctx, json);
    cJSON_Delete(json);
    return true;
}

/* --- the calendar --- */

static void put_day(struct sheet *s, int box, int32_t day)
{
    char text[DATE_LEN];
    date_format(day, text);
    edit_set(s->box[box], text);
}

/* The first pick is where the span begins, the second where it ends. */
static bool pick_day(struct sheet *s)
{
    int32_t day = s->calendar.cursor, from = s->calendar.from;
    if (s->picking && s->calendar.from_set) {
        put_day(s, 0, day < from ? day : from);
        put_day(s, 1, day < from ? from : day);
        s->focus = 1;
    } else {
        put_day(s, 0, day);
        edit_set(s->box[1], "");
    }
    s->picking = !s->picking;
    menu_select(s->menu, "");
    follow_boxes(s);
    return true;
}

static bool calendar_key(struct sheet *s, enum action_id a)
{
    return a == ACT_open ? pick_day(s) : calendar_act(&s->calendar, a);
}

/* --- keys --- */

static void move_focus(struct sheet *s, int by)
{
    int stops = s->nboxes + (s->has_calendar ? 1 : 0);
    s->focus = (s->focus + stops + by) % stops;
    s->picking = false;
}

static bool on_calendar(const struct sheet *s)
{
    return s->has_calendar && s->focus == s->nboxes;
}

static bool sheet_act(struct screen *screen, enum action_id a,
                      const struct event *e)
{
    struct sheet *s = (struct sheet *)screen;
    (void)e;
    if (a == ACT_next_field || a == ACT_prev_field) {
        move_focus(s, a == ACT_next_field ? 1 : -1);
        return true;
    }
    if (a == ACT_apply)
        return apply(s);
    if (on_calendar(s) && calendar_key(s, a))
        return true;
    if (a == ACT_open)
        return apply(s);
    if (!menu_act(s->menu, a))
        return false;
    follow(s, true);
    return true;
}

static bool sheet_key(struct screen *screen, const struct event *e)
{
    struct sheet *s = (struct sheet *)screen;
    if (s->focus >= s->nboxes || !edit_key(s->box[s->focus], e))
        return false;
    follow_boxes(s);
    return true;
}

static bool press_box(struct sheet *s, const struct event *e)
{
    for (int i = 0; i < s->nboxes; i++) {
        struct rect r = s->box_at[i];
        if (e->mouse != MOUSE_press || e->y != r.y || e->x < r.x ||
            e->x >= r.x + r.w)
            continue;
        s->focus = i;
        edit_click(s->box[i], e->x - r.x);
        return true;
    }
    return false;
}

static bool sheet_mouse(struct screen *screen, const struct event *e)
{
    struct sheet *s = (struct sheet *)screen;
    if (sheet_missed(s->at, e))
        return app_act(screen->app, ACT_back);
    if (press_box(s, e))
        return true;
    if (s->has_calendar && calendar_mouse(&s->calendar, e)) {
        s->focus = s->nboxes;
        return pick_day(s);
    }
    return menu_mouse(s->menu, e) && apply(s);
}

static bool sheet_can(struct screen *screen, enum action_id a)
{
    (void)screen;
    return a == ACT_open || a == ACT_back || a == ACT_apply ||
           a == ACT_next_field || a == ACT_prev_field || a <= ACT_last;
}

static bool sheet_typing(struct screen *screen)
{
    struct sheet *s = (struct sheet *)screen;
    return s->focus < s->nboxes;
}

/* --- drawing --- */

static void draw_boxes(struct sheet *s, struct rect in)
{
    static const char *const labels[] = {N_("from"), N_("to")};
    struct term *t = app_term(s->base.app);
    int x = in.x, share = in.w / s->nboxes;
    for (int i = 0; i < s->nboxes; i++) {
        const char *label = s->nboxes > 1 ? _(labels[i]) : _("Text");
        int used = term_put(t, in.y, x, share, STYLE_label, label) + 1;
        int w = share - used - 2;
        w = w < FIELD_MAX || s->nboxes == 1 ? w : FIELD_MAX;
        s->box_at[i] = (struct rect){in.y, x + used, 1, w};
        edit_draw(s->box[i], t, in.y, x + used, w, s->focus == i);
        x += used + w + 2;
    }
}

static void draw_meaning(struct sheet *s, struct rect in)
{
    struct term *t = app_term(s->base.app);
    const struct menu_item *item = menu_current(s->menu);
    bool nothing = item != NULL && item->id == ROW_typed;
    const char *hint = s->has_calendar
                           ? _("2025-01-01, 2025-06, 2025Q1, >2025-01-01 or a "
                               "word; Tab: to, calendar")
                           : _("A number, or >100; Tab: to");
    if (s->fault != NULL)
        term_put(t, in.y, in.x, in.w, STYLE_error, s->fault);
    else if (s->words != NULL)
        term_put(t, in.y, in.x, in.w, STYLE_accent, s->words);
    else if (nothing)
        term_put(t, in.y, in.x, in.w, STYLE_missing, hint);
}

static void sheet_show(struct screen *screen, struct rect r)
{
    struct sheet *s = (struct sheet *)screen;
    struct term *t = app_term(screen->app);
    int wanted = menu_rows(s->menu);
    wanted = s->has_calendar ? CALENDAR_LINES : wanted;
    struct rect in = s->at =
        sheet_draw(t, r, wanted + 2, _(s->edit->field->label));
    struct rect below = {in.y + 2, in.x, in.h - 2, in.w};
    draw_meaning(s, (struct rect){in.y + 1, in.x, 1, in.w});
    if (s->has_calendar && below.h >= CALENDAR_LINES) {
        calendar_draw(&s->calendar, t, below.y, below.x, on_calendar(s));
        below.x += CALENDAR_CELLS + GAP;
        below.w -= CALENDAR_CELLS + GAP;
    }
    menu_draw(s->menu, t, below);
    draw_boxes(s, in); /* last: the terminal's cursor is in it */
    if (on_calendar(s))
        calendar_draw(&s->calendar, t, in.y + 2, in.x, true);
}

/* --- life --- */

struct offered {
    struct menu_item item[ROWS_MAX];
    int n;
};

static void offer(struct offered *o, enum row id, const char *value,
                  const char *label)
{
    if (o->n < ROWS_MAX)
        o->item[o->n++] =
            (struct menu_item){.id = (int)id, .value = value, .label = label};
}

static void offer_texts(const struct sheet *s, struct offered *o)
{
    static const struct {
        enum filter_op op;
        const char *label;
    } ops[] = {{OP_contains, N_("contains")},
               {OP_starts, N_("begins with")},
               {OP_eq, N_("is exactly")},
               {OP_ne, N_("is not")}};
    for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
        if (has(s, ops[i].op))
            offer(o, ROW_text, op_name(ops[i].op), _(ops[i].label));
}

static void offer_spans(struct sheet *s, struct offered *o, struct arena *a)
{
    const char *word;
    offer(o, ROW_typed, "", _("as typed above"));
    for (int i = 0; s->has_calendar && (word = period_offer(i)) != NULL; i++)
        offer(o, ROW_word, word, period_label(a, word));
}

static void set_rows(struct sheet *s)
{
    struct arena *a = arena_new();
    struct offered o = {.n = 0};
    if (s->nboxes > 1)
        offer_spans(s, &o, a);
    else
        offer_texts(s, &o);
    if (has(s, OP_is_null)) {
        offer(&o, ROW_null, "t", _("(empty)"));
        offer(&o, ROW_null, "f", _("(not empty)"));
    }
    offer(&o, ROW_none, "none", _("(no condition)"));
    menu_set(s->menu, o.item, o.n);
    arena_free(&a);
}

/* Behind the field's name, as filter_to_text writes it. */
static const char *value_text(struct sheet *s, const struct filter *f)
{
    struct names names = remote_names(app_remote(s->base.app));
    const struct field *field = s->edit->field;
    const char *text =
        filter_to_text(s->edit->entity, s->scratch, f, NULL, &names);
    const char *names_of[] = {_(field->label), field->id};
    for (int i = 0; text != NULL && i < 2; i++) {
        size_t len = strlen(names_of[i]);
        if (strncmp(text, names_of[i], len) == 0)
            return text + len;
    }
    return NULL;
}

/* The condition as it is: in the boxes, or its row. */
static void show_now(struct sheet *s, const struct filter *f)
{
    const char *text = value_text(s, f);
    if (f->kind == FILTER_COND && f->op == OP_is_null) {
        menu_select(s->menu, f->values[0]);
        return;
    }
    if (f->kind == FILTER_COND && s->nboxes == 1) {
        edit_set(s->box[0], f->values[0]);
        menu_select(s->menu, op_name(f->op));
        return;
    }
    if (f->kind == FILTER_COND && f->op == OP_eq && period_is(f->values[0])) {
        menu_select(s->menu, f->values[0]);
        const struct menu_item *at = menu_current(s->menu);
        if (at != NULL && at->id == ROW_word)
            return;
    }
    if (text == NULL || s->nboxes == 1)
        return;
    if (*text == ':')
        text++;
    const char *dots = strchr(text, ',') == NULL ? strstr(text, "..") : NULL;
    if (dots == NULL) {
        edit_set(s->box[0], text);
        return;
    }
    edit_set(s->box[0], arena_strndup(s->scratch, text, (size_t)(dots - text)));
    edit_set(s->box[1], dots + 2);
}

static void read_now(struct sheet *s)
{
    struct filter *f = NULL;
    struct err err = {0};
    struct arena *a = arena_new();
    if (filter_from_json(s->edit->entity, a, s->edit->now, &f, &err) &&
        f != NULL)
        show_now(s, f);
    err_clear(&err);
    arena_free(&a);
    for (int i = 0; i < s->nboxes; i++)
        s->seen[i] = edit_changes(s->box[i]);
    follow(s, false);
}

static void sheet_free(struct screen *screen)
{
    struct sheet *s = (struct sheet *)screen;
    for (int i = 0; i < s->nboxes; i++)
        edit_free(&s->box[i]);
    menu_free(&s->menu);
    arena_free(&s->scratch);
    x_free(&s->fault);
    x_free(&s->words);
}

static const struct screen_ops ops = {
    .name = "condition",
    .place = PLACE_filter,
    .draw = sheet_show,
    .act = sheet_act,
    .key = sheet_key,
    .mouse = sheet_mouse,
    .can = sheet_can,
    .typing = sheet_typing,
    .free = sheet_free,
};

void filter_sheet_open(const struct filter_edit *e)
{
    struct sheet *s = screen_new(e->app, &ops, sizeof(*s));
    s->base.overlay = true;
    s->edit = e;
    s->scratch = arena_new();
    s->menu = menu_new();
    s->nboxes = has(s, OP_between) ? 2 : 1;
    for (int i = 0; i < s->nboxes; i++)
        s->box[i] = edit_new(TEXT_MAX, false);
    s->has_calendar = e->field->type->period != NULL;
    s->calendar.today = s->calendar.cursor = date_today();
    set_rows(s);
    read_now(s);
    app_push(e->app, &s->base);
}
