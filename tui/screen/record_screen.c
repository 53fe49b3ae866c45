/* A record's screen: which of its parts gets a key, and what the keys do. */
#include "tui/screen/record_impl.h"

#include "tui/screen/right.h"
#include "tui/screen/transition.h"
#include "tui/screen/trash.h"
#include "tui/screen/undo.h"

static struct record_screen *self(struct screen *s)
{
    return (struct record_screen *)s;
}

/* --- what the form shows --- */

/* What a part lists in full is not shown as a copy above it. */
static bool take_field(void *ctx, const struct field *f)
{
    const struct record_screen *rs = ctx;
    if (f->flags & (F_HIDDEN | F_SECRET))
        return false;
    if (rs->tab == TAB_NONE)
        return true;
    if ((f->flags & F_CREATE_ONLY) && record_part_of(rs->entity, rs->tab))
        return false;
    return f->tab == rs->tab;
}

static int field_level(void *ctx, const struct field *f)
{
    const struct record_screen *rs = ctx;
    int level = remote_level(record_remote(rs), f);
    bool mine = rs->record && !rs->as_of &&
                right_to_edit_record(record_remote(rs), rs->entity, rs->record);
    return !mine && level == LEVEL_WRITE ? LEVEL_READ : level;
}

bool record_is_live(const struct record_screen *rs)
{
    return rs->record && !rs->as_of;
}

static void left(void *ctx, const struct field *f)
{
    (void)f;
    record_draft_touch(ctx, true);
}

static bool has_tabs(const struct entity *e)
{
    for (int i = 0; i < e->nfields; i++)
        if (e->fields[i].tab != TAB_NONE)
            return true;
    return false;
}

/* --- form and part share the keys --- */

static bool moves_down(enum action_id a)
{
    return a == ACT_down || a == ACT_next_field;
}

static bool moves_up(enum action_id a)
{
    return a == ACT_up || a == ACT_prev_field;
}

/* At the seam the cursor goes over to the other one. */
static bool cross(struct record_screen *rs, enum action_id a)
{
    if (!rs->part || form_editing(rs->form))
        return false;
    if (!rs->below && moves_down(a) && form_at_last(rs->form)) {
        rs->below = true;
        return true;
    }
    if (rs->below && !form_is_empty(rs->form) &&
        (a == ACT_prev_field || (moves_up(a) && list_at_first(rs->part)))) {
        rs->below = false;
        form_go_last(rs->form);
        return true;
    }
    return false;
}

static bool inner_act(struct record_screen *rs, enum action_id a,
                      const struct event *e)
{
    if (a == ACT_reload || !rs->record)
        return false;
    return rs->below ? list_act(rs->part, a, e) : form_act(rs->form, a, e);
}

static bool act(struct screen *s, enum action_id a, const struct event *e)
{
    struct record_screen *rs = self(s);
    app_redraw(s->app);
    if (cross(rs, a) || inner_act(rs, a, e))
        return true;
    return record_act(rs, a, e);
}

static bool key(struct screen *s, const struct event *e)
{
    struct record_screen *rs = self(s);
    app_redraw(s->app);
    if (rs->below)
        return list_key(rs->part, e);
    if (!form_key(rs->form, e))
        return false;
    record_draft_touch(rs, false);
    return true;
}

static bool inside(const struct rect *r, const struct event *e)
{
    return e->y >= r->y && e->y < r->y + r->h && e->x >= r->x &&
           e->x < r->x + r->w;
}

static bool mouse(struct screen *s, const struct event *e)
{
    struct record_screen *rs = self(s);
    app_redraw(s->app);
    if (rs->part && inside(&rs->part_rect, e) && !form_editing(rs->form)) {
        rs->below = rs->below || e->mouse == MOUSE_press;
        return list_mouse(rs->part, e);
    }
    if (!inside(&rs->form_rect, e) || !rs->record)
        return false;
    rs->below = false;
    return form_mouse(rs->form, e);
}

static bool typing(struct screen *s)
{
    struct record_screen *rs = self(s);
    return rs->below ? list_typing(rs->part) : form_typing(rs->form);
}

static enum place where(struct screen *s)
{
    struct record_screen *rs = self(s);
    if (rs->below && list_in_header(rs->part))
        return PLACE_header;
    return form_editing(self(s)->form) ? PLACE_form : PLACE_detail;
}

static bool can_edit(struct record_screen *rs)
{
    return record_is_live(rs) &&
           right_to_edit_record(record_remote(rs), rs->entity, rs->record);
}

static bool can(struct screen *s, enum action_id a)
{
    struct record_screen *rs = self(s);
    bool editing = form_editing(rs->form);
    switch (a) {
    case ACT_new:
    case ACT_primary:
    case ACT_raise:
    case ACT_lower:
        return record_part_can(rs, a);
    case ACT_edit:
        return rs->below ? record_part_can(rs, a) : can_edit(rs);
    case ACT_edit_all:
        return !rs->below && can_edit(rs);
    case ACT_open:
        return editing || rs->below || can_edit(rs);
    case ACT_remove:
        return rs->below ? record_part_can(rs, a)
                         : record_is_live(rs) &&
                               right_to_remove(record_remote(rs), rs->entity);
    case ACT_transition:
        return record_is_live(rs) && rs->entity == &entity_customer && !editing;
    case ACT_history:
        return record_is_live(rs) && (rs->entity->flags & E_HISTORY);
    case ACT_reveal:
        return record_can_reveal(rs);
    case ACT_save:
        return editing;
    case ACT_external:
        return !rs->below && rs->record && form_can_external(rs->form);
    case ACT_undo:
        return undo_can();
    case ACT_tab_open:
    case ACT_tab_prev:
    case ACT_tab_next:
        return rs->tab != TAB_NONE;
    case ACT_record_prev:
    case ACT_record_next:
        return rs->from != NULL;
    case ACT_sort:
    case ACT_sort_add:
    case ACT_sort_flip:
    case ACT_sort_drop:
    case ACT_sort_rank:
    case ACT_narrower:
    case ACT_wider:
    case ACT_columns:
        return rs->below && list_can(rs->part, a);
    case ACT_search:
        return false; /* a part is never that long */
    default:
        return true;
    }
}

static void connected(struct screen *s)
{
    struct record_screen *rs = self(s);
    if (rs->part)
        list_reload(rs->part);
    if (!form_editing(rs->form))
        record_get(rs);
}

static cJSON *state(struct screen *s)
{
    struct record_screen *rs = self(s);
    if (rs->as_of)
        return NULL;
    cJSON *all = cJSON_CreateObject();
    cJSON_AddStringToObject(all, "entity", rs->entity->id);
    cJSON_AddNumberToObject(all, "id", (double)rs->id);
    cJSON_AddNumberToObject(all, "tab", rs->tab);
    return all;
}

static void lost(struct screen *s)
{
    form_keeper_save(&self(s)->draft);
}

/* Left without saving, and said so. */
static void discard(struct screen *s)
{
    record_draft_drop(self(s));
}

static const char *unsaved(struct screen *s)
{
    struct record_screen *rs = self(s);
    return form_dirty(rs->form) ? _("The changes to this record") : NULL;
}

static void free_screen(struct screen *s)
{
    struct record_screen *rs = self(s);
    remote_cancel(record_remote(rs), rs->get_call);
    remote_cancel(record_remote(rs), rs->save_call);
    remote_cancel(record_remote(rs), rs->reveal_call);
    transition_forget(s);
    trash_forget(s);
    if (rs->from)
        list_forget(rs->from, rs);
    record_part_close(rs);
    record_live_close(rs);
    saver_free(&rs->saver);
    form_keeper_end(&rs->draft);
    form_free(&rs->form);
    cJSON_Delete(rs->record);
    cJSON_Delete(rs->swap);
    x_free(&rs->failure);
    arena_free(&rs->scratch);
}

static const struct screen_ops ops = {
    .name = "record",
    .place = PLACE_detail,
    .where = where,
    .draw = record_draw,
    .act = act,
    .key = key,
    .mouse = mouse,
    .can = can,
    .typing = typing,
    .connected = connected,
    .lost = lost,
    .discard = discard,
    .unsaved = unsaved,
    .state = state,
    .free = free_screen,
};

void record_screen_open(struct app *a, const struct record_options *o)
{
    struct record_screen *rs = screen_new(a, &ops, sizeof(*rs));
    rs->entity = o->entity;
    rs->id = o->id;
    rs->from = o->from;
    rs->edit = o->edit;
    rs->take_draft = o->draft;
    rs->as_of = o->as_of ? arena_strdup(rs->screen.arena, o->as_of) : NULL;
    rs->restored = o->restored;
    rs->tab = has_tabs(o->entity) ? TAB_NONE + 1 : TAB_NONE;
    if (rs->tab != TAB_NONE && o->tab > TAB_NONE && o->tab < TABS)
        rs->tab = (enum tab)o->tab;
    rs->scratch = arena_new();
    struct form_options f = {.entity = o->entity,
                             .take = take_field,
                             .level = field_level,
                             .left = left,
                             .ctx = rs};
    rs->form = form_new(&rs->screen, &f);
    record_save_open(rs);
    record_live_open(rs);
    app_push(a, &rs->screen);
    record_get(rs);
}
