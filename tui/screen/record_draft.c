/* The draft of an edit: kept while somebody types, offered when the record is
 * opened again, with the conflict shown where it was changed meanwhile. */
#include "tui/screen/record_impl.h"

#include "common/json.h"
#include "tui/screen/drafts.h"
#include "tui/widget/dialog.h"

#include <string.h>

static const char *record_name(struct record_screen *rs)
{
    return json_str(rs->record, rs->entity->title, "");
}

static struct form_keeper *keeper_of(struct record_screen *rs)
{
    struct form_keeper *k = &rs->draft;
    k->app = rs->screen.app;
    k->form = rs->form;
    k->entity = rs->entity;
    k->record = rs->id;
    k->name = record_name(rs);
    return k;
}

void record_draft_touch(struct record_screen *rs, bool left)
{
    if (rs->record)
        form_keeper_touch(keeper_of(rs), left);
}

void record_draft_drop(struct record_screen *rs)
{
    form_keeper_drop(&rs->draft);
}

static void look_over(void *ctx)
{
    struct record_screen *rs = ctx;
    app_message(rs->screen.app, MESSAGE_info,
                _("Both changes are in the form now; look it over and save."));
    record_draft_touch(rs, true);
}

/* Somebody saved the record since: before, theirs and mine. */
static void show_conflict(struct record_screen *rs)
{
    struct err e = {0};
    err_set(&e, ERR_conflict, NULL);
    err_data(&e, "current", cJSON_Duplicate(rs->record, true));
    form_conflict(rs->form, &e, look_over, rs);
    err_clear(&e);
}

/* The tab with the first value of the draft. */
static void open_tab_of(struct record_screen *rs, const struct draft *d)
{
    const cJSON *values = json_get(d->form, "values");
    const cJSON *first = values ? values->child : NULL;
    const struct field *f =
        first ? field_find(rs->entity, first->string) : NULL;
    if (!f)
        return;
    record_open_tab(rs, (int)f->tab);
    form_go_field(rs->form, f);
}

static void resume(struct record_screen *rs, struct draft *d)
{
    struct err e = {0};
    int64_t now = form_version(rs->form);
    bool changed = d->version != now;
    open_tab_of(rs, d);
    if (!form_edit(rs->form, true, &e)) {
        app_error(rs->screen.app, &e);
        err_clear(&e);
        draft_free(d);
        return;
    }
    open_tab_of(rs, d);
    form_keeper_resume(keeper_of(rs), d);
    if (changed)
        show_conflict(rs);
}

static void resume_found(void *ctx)
{
    struct record_screen *rs = ctx;
    struct draft d;
    if (rs->record && !form_editing(rs->form) &&
        drafts_find_edit(rs->screen.app, rs->entity, rs->id, &d))
        resume(rs, &d);
}

void record_draft_offer(struct record_screen *rs)
{
    struct draft d;
    bool at_once = rs->take_draft;
    rs->take_draft = false;
    if (rs->draft_offered == rs->id || !record_is_live(rs))
        return;
    rs->draft_offered = rs->id;
    if (!drafts_find_edit(rs->screen.app, rs->entity, rs->id, &d))
        return;
    if (at_once) {
        resume(rs, &d);
        return;
    }
    struct dialog_question q = {
        .title = _("Changes that were not saved"),
        .text = arena_printf(rs->scratch,
                             _("You changed this record and did not save it "
                               "(%s). Go on with that? Otherwise it stays "
                               "among the drafts."),
                             draft_age(&d, rs->scratch)),
        .yes = _("Go on")};
    draft_free(&d);
    dialog_confirm(rs->screen.app, &q, resume_found, rs);
}
