/* A list as a screen: the frame around it, and what can be done with its
 * rows. */
#include "tui/screen/list_screen.h"

#include "common/json.h"
#include "tui/screen/bulk.h"
#include "tui/screen/create_screen.h"
#include "tui/screen/history.h"
#include "tui/screen/quick.h"
#include "tui/screen/record_screen.h"
#include "tui/screen/right.h"
#include "tui/screen/row_act.h"
#include "tui/screen/transition.h"
#include "tui/screen/trash.h"
#include "tui/screen/undo.h"
#include "tui/widget/cell.h"
#include "tui/widget/list.h"

#include <string.h>

struct list_screen {
    struct screen screen;
    const struct entity *entity;
    struct list_screen_options o;
    uint64_t restore_call;
    struct list *list;
    struct quicks *quicks; /* rows edited in a sheet over the list */
    struct arena *scratch;
};

static struct list_screen *self(struct screen *s)
{
    return (struct list_screen *)s;
}

static const struct field *title_field(const struct entity *e)
{
    return field_find(e, e->title);
}

static const char *current_name(struct list_screen *ls)
{
    const struct field *f = title_field(ls->entity);
    return cell_of(app_remote(ls->screen.app), f, ls->scratch,
                   list_cell(ls->list, f))
        .text;
}

/* "Customers", "Questions  NAME", "Trash  Customers" */
static const char *title(struct list_screen *ls)
{
    const char *plural = _(ls->entity->plural);
    const char *back = term_symbol(app_term(ls->screen.app), "back");
    if (!ls->screen.below)
        return plural;
    if (ls->o.trash)
        return arena_printf(ls->scratch, "%s %s  %s", back, _("Trash"), plural);
    return arena_printf(ls->scratch, "%s %s  %s", back, plural,
                        ls->o.parent_name ? ls->o.parent_name : "");
}

static void draw(struct screen *s, struct rect r)
{
    struct list_screen *ls = self(s);
    struct remote *remote = app_remote(s->app);
    arena_reset(ls->scratch);
    list_place(ls->list, app_inside(r));
    struct rect inside =
        app_frame(s->app, s, r, title(ls), remote_user_title(remote),
                  list_foot_page(ls->list, ls->scratch));
    list_draw(ls->list, inside, app_top(s->app) == s);
}

static void open_row(struct list_screen *ls, bool edit)
{
    struct record_options o = {.entity = ls->entity,
                               .id = list_current(ls->list),
                               .from = ls->list,
                               .edit = edit};
    if (o.id && !ls->o.trash)
        record_screen_open(ls->screen.app, &o);
}

static void on_open(void *ctx, int64_t id)
{
    (void)id;
    open_row(ctx, false);
}

static void on_changed(void *ctx)
{
    struct list_screen *ls = ctx;
    list_reload(ls->list);
}

static void on_created(void *ctx, int64_t id)
{
    struct list_screen *ls = ctx;
    struct record_options o = {.entity = ls->entity, .id = id, .from = NULL};
    list_reload(ls->list);
    record_screen_open(ls->screen.app, &o);
}

static void act_new(struct list_screen *ls)
{
    struct create_options o = {.entity = ls->entity,
                               .parent = ls->o.parent,
                               .then = on_created,
                               .ctx = ls};
    create_screen_open(ls->screen.app, &o);
}

static void act_edit(struct list_screen *ls)
{
    int64_t id = list_current(ls->list);
    if (id)
        quicks_edit(ls->quicks, id, current_name(ls));
}

static void act_edit_all(struct list_screen *ls)
{
    open_row(ls, true);
}

static void act_remove(struct list_screen *ls)
{
    struct trash_item item = {.owner = &ls->screen,
                              .entity = ls->entity,
                              .id = list_current(ls->list),
                              .version = list_version(ls->list),
                              .name = current_name(ls)};
    if (item.id)
        trash_remove(&item, on_changed, ls);
}

static void act_undo(struct list_screen *ls)
{
    undo_last(ls->screen.app);
}

static void act_bulk(struct list_screen *ls)
{
    bulk_open(&ls->screen, ls->entity, ls->list);
}

static void act_copy(struct list_screen *ls)
{
    const char *name = current_name(ls);
    term_copy(app_term(ls->screen.app), name);
    app_message(ls->screen.app, MESSAGE_info, _("Copied: %s"), name);
}

static void act_history(struct list_screen *ls)
{
    struct history_options o = {.entity = ls->entity,
                                .id = list_current(ls->list),
                                .name = current_name(ls),
                                .changed = on_changed,
                                .ctx = ls};
    if (o.id)
        history_open(ls->screen.app, &o);
}

static void act_transition(struct list_screen *ls)
{
    const struct field *f = &entity_customer.fields[CUSTOMER_lifecycle];
    const char *from = cJSON_GetStringValue(list_cell(ls->list, f));
    struct transition t = {.owner = &ls->screen,
                           .id = list_current(ls->list),
                           .version = list_version(ls->list),
                           .from = from ? from : "",
                           .then = on_changed,
                           .ctx = ls};
    if (t.id)
        transition_open(&t);
}

/* --- the trash (EDIT-04) --- */

static void on_restored(void *ctx, const cJSON *result, const struct err *err)
{
    struct list_screen *ls = ctx;
    (void)result;
    ls->restore_call = 0;
    if (err)
        app_error(ls->screen.app, err);
    else
        app_message(ls->screen.app, MESSAGE_good, _("It is back."));
    list_reload(ls->list);
}

static void act_revert(struct list_screen *ls)
{
    if (ls->restore_call || !list_current(ls->list))
        return;
    cJSON *params = cJSON_CreateObject();
    char *method = x_asprintf("%s.restore", ls->entity->id);
    cJSON_AddNumberToObject(params, "id", (double)list_current(ls->list));
    cJSON_AddNumberToObject(params, "version", (double)list_version(ls->list));
    ls->restore_call = remote_call(app_remote(ls->screen.app), method, params,
                                   on_restored, ls);
    x_free(&method);
}

/* Of what lies there no more is possible than to look and to bring back. */
static bool can_in_trash(struct list_screen *ls, enum action_id a)
{
    static const bool never[ACTS] = {
        [ACT_new] = true,      [ACT_edit] = true,
        [ACT_remove] = true,   [ACT_open] = true,
        [ACT_history] = true,  [ACT_transition] = true,
        [ACT_primary] = true,  [ACT_select_all] = true,
        [ACT_edit_all] = true, [ACT_contacts] = true,
        [ACT_qa_add] = true,   [ACT_projects] = true,
        [ACT_renewals] = true, [ACT_ad_accounts] = true,
    };
    if (a == ACT_revert)
        return list_total(ls->list) != 0;
    return !never[a];
}

static void (*const acts[ACTS])(struct list_screen *) = {
    [ACT_history] = act_history,   [ACT_transition] = act_transition,
    [ACT_new] = act_new,           [ACT_edit] = act_edit,
    [ACT_edit_all] = act_edit_all, [ACT_remove] = act_remove,
    [ACT_undo] = act_undo,         [ACT_copy] = act_copy,
    [ACT_revert] = act_revert,     [ACT_bulk] = act_bulk,
};

static struct row_at row_at(struct list_screen *ls)
{
    return (struct row_at){.owner = &ls->screen,
                           .entity = ls->entity,
                           .list = ls->list,
                           .name = current_name(ls)};
}

static bool act(struct screen *s, enum action_id a, const struct event *e)
{
    struct list_screen *ls = self(s);
    if (list_act(ls->list, a, e))
        return true;
    if (row_acts(a)) {
        struct row_at row = row_at(ls);
        row_act(&row, a);
        return true;
    }
    if (!acts[a])
        return false;
    acts[a](ls);
    return true;
}

static bool key(struct screen *s, const struct event *e)
{
    return list_key(self(s)->list, e);
}

static bool mouse(struct screen *s, const struct event *e)
{
    return list_mouse(self(s)->list, e);
}

static const char *offer(struct screen *s, struct arena *a, const char *text,
                         bool *fault)
{
    return list_offer(self(s)->list, a, text, fault);
}

static bool typing(struct screen *s)
{
    return list_typing(self(s)->list);
}

static enum place where(struct screen *s)
{
    return list_in_header(self(s)->list) ? PLACE_header : PLACE_list;
}

static int offers(struct screen *s, struct arena *a, struct screen_offer **out)
{
    return list_offers(self(s)->list, a, out);
}

static cJSON *state(struct screen *s)
{
    struct list_screen *ls = self(s);
    if (ls->o.trash || ls->o.parent)
        return NULL;
    cJSON *all = cJSON_CreateObject();
    cJSON_AddStringToObject(all, "entity", ls->entity->id);
    cJSON_AddItemToObject(all, "list", list_state(ls->list));
    return all;
}

static bool has_search(const struct entity *e)
{
    for (int i = 0; i < e->nfields; i++)
        if (e->fields[i].flags & F_SEARCH)
            return true;
    return false;
}

static bool can(struct screen *s, enum action_id a)
{
    struct list_screen *ls = self(s);
    struct remote *r = app_remote(s->app);
    /* A row that is on its way counts: the footer does not jump. */
    bool row = list_total(ls->list) != 0;
    if (ls->o.trash && !can_in_trash(ls, a))
        return false;
    if (row_acts(a)) {
        struct row_at at = row_at(ls);
        return row_can(&at, a);
    }
    switch (a) {
    case ACT_new:
        /* A child is added where its parent is. */
        return (!ls->entity->parent || ls->o.parent) &&
               right_to_create(r, ls->entity);
    case ACT_revert:
        return ls->o.trash && row;
    case ACT_edit:
    case ACT_edit_all:
        return row && right_to_edit(r, ls->entity);
    case ACT_remove:
        return row && right_to_remove(r, ls->entity);
    case ACT_history:
        return row && (ls->entity->flags & E_HISTORY);
    case ACT_transition:
        return row && ls->entity == &entity_customer;
    case ACT_open:
    case ACT_copy:
        return row;
    case ACT_back:
        return s->below || list_takes_back(ls->list);
    case ACT_bulk:
        return (row || list_has_selection(ls->list)) &&
               bulk_offered(r, ls->entity);
    case ACT_undo:
        return undo_can() || list_can(ls->list, a);
    case ACT_filter:
    case ACT_filter_drop:
    case ACT_filter_clear:
        return list_can(ls->list, a);
    case ACT_search:
        return has_search(ls->entity);
    case ACT_searches:
        return has_search(ls->entity) && list_can(ls->list, a);
    case ACT_primary:
        return false; /* done among the contacts of a customer */
    default:
        return list_can(ls->list, a);
    }
}

static void connected(struct screen *s)
{
    list_reload(self(s)->list);
}

static void resume(struct screen *s)
{
    quicks_resume(self(s)->quicks);
}

static const char *unsaved(struct screen *s)
{
    return quicks_unsaved(self(s)->quicks);
}

static void free_screen(struct screen *s)
{
    struct list_screen *ls = self(s);
    remote_cancel(app_remote(s->app), ls->restore_call);
    quicks_free(&ls->quicks);
    row_forget(s);
    trash_forget(s);
    transition_forget(s);
    bulk_forget(ls->list);
    list_free(&ls->list);
    arena_free(&ls->scratch);
}

static const struct screen_ops ops = {
    .name = "list",
    .place = PLACE_list,
    .where = where,
    .draw = draw,
    .act = act,
    .key = key,
    .mouse = mouse,
    .can = can,
    .offer = offer,
    .typing = typing,
    .resume = resume,
    .connected = connected,
    .unsaved = unsaved,
    .offers = offers,
    .state = state,
    .free = free_screen,
};

char *list_screen_parent_filter(const struct entity *child, int64_t parent)
{
    for (int i = 0; child->parent && i < child->nfields; i++) {
        const struct field *f = &child->fields[i];
        if (f->ref && strcmp(f->ref, child->parent) == 0)
            return x_asprintf("{\"%s\":{\"eq\":%lld}}", f->id,
                              (long long)parent);
    }
    return NULL;
}

void list_screen_show(struct app *a, const struct list_screen_options *o)
{
    struct list_screen *ls = screen_new(a, &ops, sizeof(*ls));
    char *filter =
        o->parent ? list_screen_parent_filter(o->entity, o->parent) : NULL;
    struct list_options list = {.entity = o->entity,
                                .fixed_filter = filter,
                                .trash = o->trash,
                                .state = o->state,
                                .open = on_open,
                                .ctx = ls};
    ls->o = *o;
    if (o->parent_name)
        ls->o.parent_name = arena_strdup(ls->screen.arena, o->parent_name);
    ls->entity = o->entity;
    ls->scratch = arena_new();
    ls->list = list_new(&ls->screen, &list);
    ls->quicks = quicks_new(&ls->screen, o->entity, ls->list);
    app_push(a, &ls->screen);
    x_free(&filter);
}

void list_screen_open(struct app *a, const struct entity *e)
{
    struct list_screen_options o = {.entity = e};
    list_screen_show(a, &o);
}

void list_screen_restore(struct app *a, const struct entity *e,
                         const cJSON *state)
{
    struct list_screen_options o = {.entity = e,
                                    .state = json_get(state, "list")};
    list_screen_show(a, &o);
}

struct list *list_screen_list(struct screen *s, const struct entity *e)
{
    bool is_list = s && s->ops == &ops && self(s)->entity == e;
    return is_list ? self(s)->list : NULL;
}
