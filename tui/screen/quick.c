/* The sheet of the common fields, and the records that are on their way to be
 * saved without one. */
#include "tui/screen/quick.h"

#include "common/json.h"
#include "tui/screen/right.h"
#include "tui/screen/saver.h"
#include "tui/widget/cell.h"
#include "tui/widget/sheet.h"

struct quicks {
    struct screen *owner;
    const struct entity *entity;
    struct list *list;
    struct quick *first;
};

/* One record being edited, or saved. */
struct quick {
    struct quick *next;
    struct quicks *all;
    int64_t id;
    char *name;
    cJSON *record; /* NULL: not here yet */
    char *failure; /* words, NULL */
    uint64_t get_call;
    struct form *form;
    struct saver *saver;
    struct sheet *sheet; /* NULL: it is not to be seen */
    struct err refused;  /* to be shown when the list is in front again */
};

struct sheet {
    struct screen screen;
    struct quick *quick; /* NULL: the sheet goes without it */
};

static struct app *app_of(const struct quick *q)
{
    return q->all->owner->app;
}

static void quick_free(struct quick *q)
{
    struct quick **at = &q->all->first;
    while (*at != q)
        at = &(*at)->next;
    *at = q->next;
    remote_cancel(app_remote(app_of(q)), q->get_call);
    saver_free(&q->saver);
    form_free(&q->form);
    cJSON_Delete(q->record);
    err_clear(&q->refused);
    x_free(&q->failure);
    x_free(&q->name);
    x_free(&q);
}

static void show(struct quick *q);

static void hide(struct quick *q)
{
    struct sheet *sheet = q->sheet;
    if (!sheet)
        return;
    q->sheet = NULL;
    sheet->quick = NULL;
    app_pop(app_of(q), &sheet->screen);
}

/* --- the fields --- */

static bool has_quick(const struct entity *e)
{
    for (int i = 0; i < e->nfields; i++)
        if (e->fields[i].flags & F_QUICK)
            return true;
    return false;
}

/* An entity that names no common fields offers those of its list. */
static bool take_field(void *ctx, const struct field *f)
{
    const struct quick *q = ctx;
    const unsigned closed = F_HIDDEN | F_SECRET | F_READONLY | F_GENERATED |
                            F_CREATE_ONLY | F_TRANSITION | F_LARGE;
    if (has_quick(q->all->entity))
        return f->flags & F_QUICK;
    return (f->flags & F_LIST) && !(f->flags & closed);
}

static int field_level(void *ctx, const struct field *f)
{
    const struct quick *q = ctx;
    struct remote *r = app_remote(app_of(q));
    int level = remote_level(r, f);
    bool mine = q->record && right_to_edit_record(r, q->all->entity, q->record);
    return !mine && level == LEVEL_WRITE ? LEVEL_READ : level;
}

/* --- saving --- */

static void on_sent(void *ctx, const cJSON *values)
{
    struct quick *q = ctx;
    list_try(q->all->list, q->id, values);
    hide(q);
}

static void on_saved(void *ctx, const cJSON *record)
{
    struct quick *q = ctx;
    cell_learn(app_remote(app_of(q)), q->all->entity, record);
    list_tried(q->all->list, q->id, true);
    quick_free(q);
}

static void on_idle(void *ctx, bool theirs)
{
    struct quick *q = ctx;
    if (theirs)
        list_tried(q->all->list, q->id, true);
    hide(q);
    quick_free(q);
}

static void keep(struct err *to, const struct err *from)
{
    struct err copy = *from;
    copy.data = from->data ? cJSON_Duplicate(from->data, true) : NULL;
    err_move(to, &copy);
}

/* The old values come back into the row, and the sheet with what was typed:
 * at once, unless the user is at something else. */
static bool on_refused(void *ctx, const struct err *err)
{
    struct quick *q = ctx;
    list_tried(q->all->list, q->id, false);
    bool free =
        app_top(app_of(q)) == q->all->owner && !list_typing(q->all->list);
    app_message(app_of(q), MESSAGE_error,
                _("“%s” was not saved, the old values are back: %s"), q->name,
                err->message);
    if (free)
        show(q);
    else
        keep(&q->refused, err);
    return free;
}

void quicks_resume(struct quicks *all)
{
    for (struct quick *q = all->first; q; q = q->next) {
        if (q->refused.kind == ERR_NONE)
            continue;
        struct err err = {0};
        err_move(&err, &q->refused);
        q->refused.kind = ERR_NONE;
        show(q);
        saver_tell(q->saver, &err);
        err_clear(&err);
        return; /* the next one when this is done */
    }
}

const char *quicks_unsaved(const struct quicks *all)
{
    for (const struct quick *q = all->first; q; q = q->next)
        if (!q->sheet)
            return _("A change that is being saved");
    return NULL;
}

/* --- the record --- */

static void fail(struct quick *q, const char *words)
{
    x_free(&q->failure);
    q->failure = x_strdup(words);
    app_redraw(app_of(q));
}

static void on_get(void *ctx, const cJSON *result, const struct err *err)
{
    struct quick *q = ctx;
    struct err why = {0};
    q->get_call = 0;
    if (err) {
        fail(q, err->message);
        return;
    }
    q->record = cJSON_Duplicate(json_get(result, "record"), true);
    cell_learn(app_remote(app_of(q)), q->all->entity, q->record);
    form_load(q->form, q->record);
    if (!form_edit(q->form, true, &why))
        fail(q, why.message);
    err_clear(&why);
    app_redraw(app_of(q));
}

static void get(struct quick *q)
{
    cJSON *params = cJSON_CreateObject();
    char *method = x_asprintf("%s.get", q->all->entity->id);
    cJSON_AddNumberToObject(params, "id", (double)q->id);
    q->get_call = remote_call(app_remote(app_of(q)), method, params, on_get, q);
    x_free(&method);
}

/* --- the sheet --- */

static struct quick *quick_of(struct screen *s)
{
    return ((struct sheet *)s)->quick;
}

/* Nothing is edited before the record is here, or where it may not be. */
static bool is_open(const struct quick *q)
{
    return q && q->record && !q->failure;
}

static void draw(struct screen *s, struct rect r)
{
    struct quick *q = quick_of(s);
    struct term *t = app_term(s->app);
    if (!q)
        return;
    int lines = is_open(q) ? form_lines(q->form, sheet_width(r)) : 1;
    char *title = x_asprintf(_("Quick edit: %s"), q->name);
    struct rect in = sheet_draw(t, r, lines, title);
    if (is_open(q))
        form_draw(q->form, in, app_top(s->app) == s);
    else if (q->failure)
        term_put(t, in.y, in.x, in.w, STYLE_error, q->failure);
    else
        term_put(t, in.y, in.x, in.w, STYLE_missing, _("Loading …"));
    x_free(&title);
}

static bool act(struct screen *s, enum action_id a, const struct event *e)
{
    struct quick *q = quick_of(s);
    app_redraw(s->app);
    if (!is_open(q))
        return false;
    if (form_act(q->form, a, e))
        return true;
    if (a != ACT_save)
        return false;
    saver_save(q->saver);
    return true;
}

static bool key(struct screen *s, const struct event *e)
{
    struct quick *q = quick_of(s);
    return is_open(q) && form_key(q->form, e);
}

static bool mouse(struct screen *s, const struct event *e)
{
    struct quick *q = quick_of(s);
    app_redraw(s->app);
    return is_open(q) && form_mouse(q->form, e);
}

/* What is typed before the record is here runs no actions. */
static bool typing(struct screen *s)
{
    struct quick *q = quick_of(s);
    return q && !q->failure && (!q->record || form_typing(q->form));
}

static bool can(struct screen *s, enum action_id a)
{
    return a != ACT_save || is_open(quick_of(s));
}

static const char *unsaved(struct screen *s)
{
    struct quick *q = quick_of(s);
    return is_open(q) && form_dirty(q->form) ? _("The changes to this record")
                                             : NULL;
}

static void free_sheet(struct screen *s)
{
    struct quick *q = quick_of(s);
    if (q)
        quick_free(q);
}

static const struct screen_ops ops = {
    .name = "quick",
    .place = PLACE_form,
    .draw = draw,
    .act = act,
    .key = key,
    .mouse = mouse,
    .can = can,
    .typing = typing,
    .unsaved = unsaved,
    .free = free_sheet,
};

static void show(struct quick *q)
{
    struct sheet *sheet = screen_new(app_of(q), &ops, sizeof(*sheet));
    sheet->screen.overlay = true;
    sheet->quick = q;
    q->sheet = sheet;
    app_push(app_of(q), &sheet->screen);
}

/* --- life --- */

static struct quick *quick_new(struct quicks *all, int64_t id, const char *name)
{
    struct quick *q = x_calloc(1, sizeof(*q));
    q->all = all;
    q->id = id;
    q->name = x_strdup(name);
    struct form_options f = {.entity = all->entity,
                             .take = take_field,
                             .level = field_level,
                             .ctx = q};
    q->form = form_new(all->owner, &f);
    struct saver_options s = {.app = all->owner->app,
                              .entity = all->entity,
                              .form = q->form,
                              .sent = on_sent,
                              .refused = on_refused,
                              .saved = on_saved,
                              .idle = on_idle,
                              .ctx = q};
    q->saver = saver_new(&s);
    q->next = all->first;
    all->first = q;
    return q;
}

void quicks_edit(struct quicks *all, int64_t id, const char *name)
{
    for (const struct quick *q = all->first; q; q = q->next)
        if (q->id == id) {
            app_message(all->owner->app, MESSAGE_info,
                        _("“%s” is still being saved."), name);
            return;
        }
    struct quick *q = quick_new(all, id, name);
    show(q);
    get(q);
}

struct quicks *quicks_new(struct screen *owner, const struct entity *e,
                          struct list *list)
{
    struct quicks *all = x_calloc(1, sizeof(*all));
    all->owner = owner;
    all->entity = e;
    all->list = list;
    return all;
}

void quicks_free(struct quicks **all)
{
    if (!*all)
        return;
    while ((*all)->first)
        quick_free((*all)->first);
    x_free(all);
}
