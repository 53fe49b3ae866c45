/* What the keys do on a record. */
#include "tui/screen/record_impl.h"

#include "common/json.h"
#include "tui/screen/trash.h"
#include "tui/screen/undo.h"
#include "tui/widget/cell.h"
#include "tui/widget/dialog.h"

void record_open_tab(struct record_screen *rs, int tab)
{
    if (tab <= TAB_NONE || tab >= TABS || rs->tab == TAB_NONE)
        return;
    rs->tab = (enum tab)tab;
    rs->below = false;
    form_refilter(rs->form);
    if (rs->record)
        record_part_open(rs);
}

/* --- other records --- */

static void go_to(void *ctx, int64_t id)
{
    struct record_screen *rs = ctx;
    if (id == rs->id)
        return;
    form_keeper_end(&rs->draft);
    rs->id = id;
    record_part_close(rs);
    record_get(rs);
}

static void step(struct record_screen *rs, int by)
{
    if (rs->from && list_step(rs->from, by, go_to, rs))
        return;
    app_message(rs->screen.app, MESSAGE_info,
                by < 0 ? _("This is the first record of the list.")
                       : _("This is the last record of the list."));
}

/* --- what keys do --- */

static void act_edit(struct record_screen *rs)
{
    if (rs->below)
        record_part_edit(rs);
    else
        record_start_edit(rs, false);
}

static void act_open(struct record_screen *rs)
{
    if (!form_editing(rs->form))
        record_start_edit(rs, false);
}

static void act_edit_all(struct record_screen *rs)
{
    rs->below = false;
    record_start_edit(rs, true);
}

static void act_prev(struct record_screen *rs)
{
    step(rs, -1);
}

static void act_next(struct record_screen *rs)
{
    step(rs, 1);
}

static void act_tab_prev(struct record_screen *rs)
{
    record_open_tab(rs, (int)rs->tab - 1);
}

static void act_tab_next(struct record_screen *rs)
{
    record_open_tab(rs, (int)rs->tab + 1);
}

static void on_removed(void *ctx)
{
    struct record_screen *rs = ctx;
    if (rs->from)
        list_reload(rs->from);
    app_pop(rs->screen.app, &rs->screen);
}

static const char *record_name(struct record_screen *rs)
{
    const struct field *f = field_find(rs->entity, rs->entity->title);
    return cell_of(record_remote(rs), f, rs->scratch,
                   json_get(rs->record, f->id))
        .text;
}

static void act_remove(struct record_screen *rs)
{
    struct trash_item item = {.owner = &rs->screen,
                              .entity = rs->entity,
                              .id = rs->id,
                              .version = form_version(rs->form),
                              .name = record_name(rs)};
    if (rs->below)
        record_part_remove(rs);
    else
        trash_remove(&item, on_removed, rs);
}

static void act_undo(struct record_screen *rs)
{
    undo_last(rs->screen.app);
}

static void act_copy(struct record_screen *rs)
{
    const struct field *f = form_current(rs->form);
    if (!f)
        return;
    const char *text = form_shown(rs->form, f);
    term_copy(app_term(rs->screen.app), text);
    app_message(rs->screen.app, MESSAGE_info, _("Copied: %s"), text);
}

static void act_reload(struct record_screen *rs)
{
    if (rs->part)
        list_reload(rs->part);
    record_get(rs);
}

static void drop_changes(void *ctx)
{
    struct record_screen *rs = ctx;
    form_cancel(rs->form);
    record_draft_drop(rs);
}

/* Esc: stops the save, leaves the editing (asks), then the part. */
static bool act_back(struct record_screen *rs)
{
    struct dialog_question q = {.title = _("Leave the changes?"),
                                .text = _("What was changed is not saved."),
                                .yes = _("Drop the changes"),
                                .danger = true};
    if (record_stop_save(rs))
        return true;
    if (!form_editing(rs->form))
        return false;
    if (form_dirty(rs->form))
        dialog_confirm(rs->screen.app, &q, drop_changes, rs);
    else
        drop_changes(rs);
    return true;
}

static void (*const acts[ACTS])(struct record_screen *) = {
    [ACT_open] = act_open,           [ACT_new] = record_part_new,
    [ACT_edit] = act_edit,           [ACT_edit_all] = act_edit_all,
    [ACT_save] = record_save,        [ACT_tab_prev] = act_tab_prev,
    [ACT_tab_next] = act_tab_next,   [ACT_record_prev] = act_prev,
    [ACT_record_next] = act_next,    [ACT_primary] = record_part_primary,
    [ACT_remove] = act_remove,       [ACT_undo] = act_undo,
    [ACT_copy] = act_copy,           [ACT_reload] = act_reload,
    [ACT_history] = record_history,  [ACT_raise] = record_part_raise,
    [ACT_lower] = record_part_lower, [ACT_transition] = record_transition,
    [ACT_reveal] = record_reveal,
};

bool record_act(struct record_screen *rs, enum action_id a,
                const struct event *e)
{
    if (a == ACT_back)
        return act_back(rs);
    if (a == ACT_tab_open && e) {
        if (e->cp == 0) /* from a menu, or by a click: which one? */
            record_tab_menu(rs);
        else
            record_open_tab(rs, (int)e->cp - '0');
        return true;
    }
    if (!acts[a])
        return false;
    acts[a](rs);
    return true;
}
