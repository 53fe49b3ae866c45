/* The user's filter in the list (LIST-05, LIST-08): a chip a condition in the
 * search line, taken away by its digit or all at once and brought back by
 * undo; a filter typed as text. The form is filter_form.c. */
#include "tui/widget/list_impl.h"

#include "common/utf8.h"
#include "tui/widget/filter_form.h"

enum {
    CHIP_VALUES = 3, /* told on a chip */
    CHIP_CELLS = 34,
    DIGITS = 9,
    KEPT = 9, /* filters that can be brought back */
};

static struct term *list_term(const struct list *l)
{
    return app_term(l->owner->app);
}

/* --- the conditions --- */

struct filter *list_tree(const struct list *l, struct arena *a)
{
    struct filter *f = NULL;
    struct err err = {0};
    if (l->filter && !filter_from_json(l->entity, a, l->filter, &f, &err))
        f = NULL;
    err_clear(&err);
    return f;
}

static int count_of(const struct filter *f)
{
    return f == NULL ? 0 : f->kind == FILTER_AND ? f->nchild : 1;
}

static struct filter *condition(struct filter *f, int i)
{
    return f->kind == FILTER_AND ? f->child[i] : f;
}

/* --- taking away, bringing back --- */

void list_filter_forget(struct list *l)
{
    cJSON_Delete(l->dropped);
    l->dropped = NULL;
}

static void remember(struct list *l)
{
    if (!l->dropped)
        l->dropped = cJSON_CreateArray();
    if (cJSON_GetArraySize(l->dropped) == KEPT)
        cJSON_DeleteItemFromArray(l->dropped, 0);
    cJSON_AddItemToArray(l->dropped, cJSON_Duplicate(l->filter, true));
}

static void tell_way_back(struct list *l, const char *what)
{
    struct app *a = l->owner->app;
    app_message(a, MESSAGE_info, _("%s; %s brings it back."), what,
                app_keys(a, ACT_undo));
}

static void drop_all(struct list *l)
{
    l->dropping = false;
    if (!l->filter)
        return;
    remember(l);
    list_put_filter(l, NULL);
    tell_way_back(l, _("The filter is cleared"));
}

static void drop_one(struct list *l, int at)
{
    struct filter *f = list_tree(l, l->scratch);
    struct names names = remote_names(list_remote(l));
    l->dropping = false;
    if (at >= count_of(f))
        return;
    const char *words = arena_printf(
        l->scratch, _("Without “%s”"),
        filter_say(l->scratch, condition(f, at), &names, CHIP_VALUES));
    remember(l);
    cJSON *rest = NULL;
    if (f->kind == FILTER_AND) {
        for (int i = at; i + 1 < f->nchild; i++)
            f->child[i] = f->child[i + 1];
        f->nchild--;
        rest = filter_to_json(f);
    }
    list_put_filter(l, rest);
    cJSON_Delete(rest);
    tell_way_back(l, words);
}

/* Only what was done last: see list_act. */
static bool bring_back(struct list *l)
{
    int n = cJSON_GetArraySize(l->dropped);
    if (n == 0)
        return false;
    cJSON *filter = cJSON_DetachItemFromArray(l->dropped, n - 1);
    list_put_filter(l, filter);
    cJSON_Delete(filter);
    app_message(l->owner->app, MESSAGE_info, _("The filter is back."));
    return true;
}

/* --- as text --- */

static struct filter *read_text(struct list *l, struct arena *a,
                                const char *text, const char **search,
                                struct err *err)
{
    struct filter *f = NULL;
    struct names names = remote_names(list_remote(l));
    filter_from_text(l->entity, a, text, &names, &f, search, err);
    return f;
}

/* A field that may not be asked by; NULL: all may. */
static const struct field *forbidden(const struct list *l,
                                     const struct filter *f)
{
    const struct field *found = NULL;
    for (int i = 0; i < f->nchild && !found; i++)
        found = forbidden(l, f->child[i]);
    if (f->kind == FILTER_COND &&
        !remote_may_ask(list_remote(l), l->entity, f->field))
        found = f->field;
    return found;
}

const char *list_offer(struct list *l, struct arena *a, const char *text,
                       bool *fault)
{
    const char *search = NULL;
    struct err err = {0};
    if (l->o.part)
        return NULL;
    list_names_ask(l); /* by the time a name is typed it is known */
    if (!filter_has_condition(text))
        return NULL;
    struct names names = remote_names(list_remote(l));
    struct filter *f = read_text(l, a, text, &search, &err);
    const struct field *no = f ? forbidden(l, f) : NULL;
    *fault = err.kind != ERR_NONE || no;
    const char *words;
    if (no)
        words = arena_printf(a, _("%s: you may not ask by this field."),
                             _(no->label));
    else if (*fault)
        words = arena_strdup(a, err.message);
    else
        words = arena_printf(
            a, search ? _("Filter: %s, search “%s”") : _("Filter: %s"),
            f ? filter_say(a, f, &names, CHIP_VALUES) : "", search);
    err_clear(&err);
    return words;
}

static void apply_text(struct list *l, const char *text)
{
    const char *search = NULL;
    struct err err = {0};
    struct arena *a = arena_new();
    struct filter *f = read_text(l, a, text, &search, &err);
    if (err.kind != ERR_NONE) {
        app_error(l->owner->app, &err);
    } else {
        cJSON *json = filter_to_json(f);
        list_put_question(l, json, search ? search : "");
        cJSON_Delete(json);
    }
    err_clear(&err);
    arena_free(&a);
}

/* --- the form --- */

static void on_form(void *ctx, const cJSON *filter)
{
    list_set_filter(ctx, filter);
}

/* At the field of a chip, where one was clicked. */
static void open_form(struct list *l, int chip)
{
    struct filter *f = list_tree(l, l->scratch);
    struct filter_form_options o = {.entity = l->entity,
                                    .filter = l->filter,
                                    .fixed = l->fixed,
                                    .search = l->search,
                                    .trash = l->o.trash,
                                    .then = on_form,
                                    .ctx = l};
    if (chip >= 0 && chip < count_of(f))
        o.at = filter_about(condition(f, chip));
    list_names_ask(l);
    filter_form_open(l->owner->app, &o);
}

/* --- keys --- */

/* The digit that a click on a chip stands for, from 0; -1: none. */
static int digit(const struct event *e)
{
    return e && e->cp >= '1' && e->cp <= '9' ? (int)(e->cp - '1') : -1;
}

bool list_filter_act(struct list *l, enum action_id a, const struct event *e)
{
    l->dropping = false;
    if (l->o.part)
        return false;
    if (a == ACT_undo)
        return bring_back(l);
    if (a == ACT_filter_clear)
        drop_all(l);
    else if (a == ACT_filter_drop && digit(e) >= 0)
        drop_one(l, digit(e));
    else if (a == ACT_filter_drop)
        l->dropping = l->filter != NULL;
    else if (a == ACT_filter && e && e->text)
        apply_text(l, e->text);
    else if (a == ACT_filter)
        open_form(l, digit(e));
    else
        return false;
    return true;
}

/* While a digit is waited for; any other key ends that. */
bool list_filter_key(struct list *l, const struct event *e)
{
    struct event key = *e;
    bool text = key_is_text(&key);
    key.cp = text ? utf8_ascii_twin(key.cp) : 0;
    l->dropping = false;
    if (digit(&key) >= 0)
        drop_one(l, digit(&key));
    else if (key.cp == '0')
        drop_all(l);
    return text || key.code == KEYC_esc;
}

static bool has_filter(const struct entity *e)
{
    for (int i = 0; i < e->nfields; i++)
        if (e->fields[i].flags & F_FILTER)
            return true;
    return false;
}

bool list_filter_can(const struct list *l, enum action_id a)
{
    if (a == ACT_filter)
        return !l->o.part && has_filter(l->entity);
    if (a == ACT_filter_drop || a == ACT_filter_clear)
        return !l->o.part && l->filter;
    if (a == ACT_undo)
        return cJSON_GetArraySize(l->dropped) > 0;
    return true;
}

/* --- the chips --- */

const char *list_chips_words(struct list *l)
{
    int n = count_of(list_tree(l, l->scratch));
    if (n == 0)
        return "";
    return n == 1 ? _("1 condition")
                  : arena_printf(l->scratch, _("%d conditions"), n);
}

static void spot(struct list *l, int y, int x, int w, enum action_id a, int at)
{
    app_spot(l->owner->app, l->owner, (struct rect){y, x, 1, w}, a,
             at < 0 ? 0 : (uint32_t)('1' + at));
}

/* Cells used, 0 where it does not fit. */
static int draw_chip(struct list *l, int y, int x, int room, int at,
                     const char *words)
{
    struct term *t = list_term(l);
    const char *mark =
        at < DIGITS
            ? arena_printf(l->scratch, " %s%d", term_symbol(t, "close"), at + 1)
            : "";
    int w = utf8_width(words), m = utf8_width(mark);
    w = w < CHIP_CELLS ? w : CHIP_CELLS;
    if (w + m + 2 > room)
        return 0;
    term_put(t, y, x, 1, STYLE_chip, "[");
    w = 1 + term_put(t, y, x + 1, w, STYLE_chip, words);
    term_put(t, y, x + w, m, l->dropping ? STYLE_focus : STYLE_chip, mark);
    term_put(t, y, x + w + m, 1, STYLE_chip, "]");
    spot(l, y, x, w, ACT_filter, at);
    if (m)
        spot(l, y, x + w, m + 1, ACT_filter_drop, at);
    return w + m + 1;
}

void list_chips_draw(struct list *l, int y, int x, int right)
{
    struct filter *f = list_tree(l, l->scratch);
    struct names names = remote_names(list_remote(l));
    int n = count_of(f);
    for (int i = 0; i < n; i++) {
        const char *words =
            filter_say(l->scratch, condition(f, i), &names, CHIP_VALUES);
        const char *more = arena_printf(l->scratch, "+%d", n - i);
        /* Room is kept for how many there are besides. */
        int rest = i + 1 < n ? 4 : 0;
        int used = draw_chip(l, y, x, right - x - rest, i, words);
        if (used == 0) {
            int w = utf8_width(more);
            term_put(list_term(l), y, x, right - x, STYLE_chip, more);
            spot(l, y, x, w, ACT_filter, -1);
            return;
        }
        x += used + 1;
    }
}

void list_chips_ask(struct list *l, int y, int x, int right)
{
    struct term *t = list_term(l);
    struct filter *f = list_tree(l, l->scratch);
    struct names names = remote_names(list_remote(l));
    for (int i = 0; i < count_of(f) && i < DIGITS && x < right - 2; i++) {
        const char *number = arena_printf(l->scratch, "%d", i + 1);
        x += term_put(t, y, x, right - x, STYLE_focus, number) + 1;
        x += term_put(t, y, x, right - x, STYLE_chip,
                      filter_say(l->scratch, condition(f, i), &names, 1)) +
             1;
    }
}
