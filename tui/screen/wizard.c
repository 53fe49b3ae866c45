/* The wizard's life, and what keys do in it. */
#include "tui/screen/wizard_impl.h"

#include "common/json.h"
#include "schema/type.h"

#include <string.h>

static struct wizard *self(struct screen *s)
{
    return (struct wizard *)s;
}

/* --- what stands in a step --- */

bool wizard_takes(const struct wizard *w, const struct field *f, int step)
{
    if (f->step != step || (f->flags & (F_HIDDEN | F_SECRET | F_READONLY)))
        return false;
    for (int i = 0; i < w->nparts; i++)
        if (w->parts[i].step == step && part_stands_for(&w->parts[i], f))
            return false;
    return true;
}

static bool take_field(void *ctx, const struct field *f)
{
    const struct wizard *w = ctx;
    return wizard_takes(w, f, w->step);
}

static const char *note(void *ctx, const struct field *f)
{
    struct wizard *w = ctx;
    return w->similar ? similar_note(w->similar, f) : NULL;
}

/* What may be similar: the name, phones, addresses of sites. */
static bool is_telling(const struct wizard *w, const struct field *f)
{
    return strcmp(f->id, w->entity->title) == 0 || f->type == &type_phone ||
           f->type == &type_url || f->type == &type_urls;
}

/* What the records that go with it say stands for the new one's own field. */
static const cJSON *from_part(struct wizard *w, const struct field *f)
{
    for (int i = 0; i < w->nparts; i++) {
        struct wizard_part *p = &w->parts[i];
        for (int row = 0;
             part_stands_for(p, f) && row < cJSON_GetArraySize(p->list); row++)
            if (part_is_primary(p, row))
                return json_get(
                    json_get(cJSON_GetArrayItem(p->list, row), "values"),
                    f->id + strlen(p->entity->id) + 1);
    }
    return NULL;
}

static void gather(void *ctx, cJSON *values)
{
    struct wizard *w = ctx;
    cJSON *kept = form_keep(w->form);
    for (int i = 0; i < w->entity->nfields; i++) {
        const struct field *f = &w->entity->fields[i];
        if (!is_telling(w, f) || f->step == 0)
            continue;
        const cJSON *item = json_get(json_get(kept, "values"), f->id);
        item = item ? item : from_part(w, f);
        if (item)
            cJSON_AddItemToObject(values, f->id, cJSON_Duplicate(item, true));
    }
    cJSON_Delete(kept);
}

/* Where the note's field is not seen, the words come as a message. */
static void on_similar(void *ctx)
{
    struct wizard *w = ctx;
    const char *words = similar_words(w->similar);
    form_relayout(w->form);
    if (words && (w->step > 1 || w->sheet))
        app_message(w->screen.app, MESSAGE_info, "%s", words);
}

void wizard_changed(struct wizard *w)
{
    keeper_touch(w->keeper);
    similar_follow(w->similar);
}

/* A field was left with another value: kept at once, not in a while. */
static void left(void *ctx, const struct field *f)
{
    struct wizard *w = ctx;
    (void)f;
    keeper_touch(w->keeper);
    keeper_save(w->keeper, NULL);
}

/* --- going from step to step --- */

void wizard_go(struct wizard *w, int step)
{
    int last = w->steps + 1;
    w->step = step < 1 ? 1 : step > last ? last : step;
    if (wizard_in_review(w))
        review_make(w);
    else
        form_refilter(w->form);
    app_redraw(w->screen.app);
}

static void leave_step(struct wizard *w, int to)
{
    w->seen |= 1u << w->step;
    wizard_go(w, to);
    if (!wizard_in_review(w))
        form_go_first(w->form);
    keeper_touch(w->keeper);
    keeper_save(w->keeper, NULL);
}

/* On from here only where nothing is wrong; back always (NEW-02). */
static void act_next(struct wizard *w)
{
    if (wizard_in_review(w) || check_step(w))
        leave_step(w, w->step + 1);
}

static void act_prev(struct wizard *w)
{
    leave_step(w, w->step - 1);
}

static void told_kept(void *ctx)
{
    struct wizard *w = ctx;
    if (keeper_is_kept(w->keeper))
        app_message(w->screen.app, MESSAGE_good, _("The draft is kept."));
}

static void act_keep(struct wizard *w)
{
    keeper_touch(w->keeper);
    keeper_save(w->keeper, told_kept);
}

/* From a step: to the review, where everything is right. */
static void act_submit(struct wizard *w)
{
    if (w->call || w->sending || !check_all(w))
        return;
    if (wizard_in_review(w))
        send_submit(w);
    else
        leave_step(w, w->steps + 1);
}

static void act_similar(struct wizard *w)
{
    similar_show(w->similar);
}

static void (*const acts[ACTS])(struct wizard *) = {
    [ACT_step_next] = act_next,  [ACT_step_prev] = act_prev,
    [ACT_keep_draft] = act_keep, [ACT_submit] = act_submit,
    [ACT_similar] = act_similar,
};

/* Esc leaves and keeps the draft; what runs is stopped first. */
static bool act_back(struct wizard *w)
{
    struct app *app = w->screen.app;
    if (send_stop(w))
        return true;
    struct draft *d = keeper_draft(w->keeper);
    bool kept = send_fill(w, d) && keeper_store(NULL) != NULL;
    if (kept)
        app_message(app, MESSAGE_info,
                    _("Kept as a draft. %s lists the drafts."),
                    app_keys(app, ACT_drafts));
    app_pop(app, &w->screen);
    return true;
}

/* --- the screen --- */

static bool act(struct screen *s, enum action_id a, const struct event *e)
{
    struct wizard *w = self(s);
    app_redraw(s->app);
    if (acts[a]) {
        acts[a](w);
        return true;
    }
    if (a == ACT_back)
        return act_back(w);
    if (wizard_in_review(w))
        return review_act(w, a);
    return part_act(w, a) || form_act(w->form, a, e);
}

static bool key(struct screen *s, const struct event *e)
{
    struct wizard *w = self(s);
    app_redraw(s->app);
    if (wizard_in_review(w) || !form_key(w->form, e))
        return false;
    wizard_changed(w);
    return true;
}

static bool mouse(struct screen *s, const struct event *e)
{
    struct wizard *w = self(s);
    int step = wizard_step_at(w, e->y, e->x);
    app_redraw(s->app);
    if (step && e->mouse == MOUSE_press) {
        bool may = step < w->step || wizard_in_review(w) || check_step(w);
        if (may && step != w->step)
            leave_step(w, step);
        return true;
    }
    return wizard_in_review(w) ? review_mouse(w, e) : form_mouse(w->form, e);
}

static bool typing(struct screen *s)
{
    struct wizard *w = self(s);
    return !wizard_in_review(w) && form_typing(w->form);
}

static enum place where(struct screen *s)
{
    struct wizard *w = self(s);
    bool row = wizard_in_review(w) || form_row(w->form) >= 0;
    return row ? PLACE_part : PLACE_wizard;
}

static bool can(struct screen *s, enum action_id a)
{
    struct wizard *w = self(s);
    if (a == ACT_step_prev)
        return w->step > 1;
    if (a == ACT_step_next)
        return !wizard_in_review(w);
    if (a == ACT_similar)
        return similar_count(w->similar) > 0;
    return part_can(w, a);
}

/* The daemon is away: who knows for how long. */
static void lost(struct screen *s)
{
    struct wizard *w = self(s);
    if (keeper_is_kept(w->keeper))
        keeper_save(w->keeper, NULL);
}

static void free_screen(struct screen *s)
{
    struct wizard *w = self(s);
    remote_cancel(app_remote(s->app), w->call);
    keeper_free(&w->keeper);
    similar_free(&w->similar);
    form_free(&w->form);
    part_free(w);
    arena_free(&w->review.arena);
    arena_free(&w->scratch);
}

static const struct screen_ops ops = {
    .name = "wizard",
    .place = PLACE_wizard,
    .where = where,
    .draw = wizard_draw,
    .act = act,
    .key = key,
    .mouse = mouse,
    .can = can,
    .typing = typing,
    .lost = lost,
    .free = free_screen,
};

static void make_form(struct wizard *w)
{
    static const enum action_id buttons[] = {
        ACT_step_prev, ACT_step_next, ACT_keep_draft, ACT_submit, ACT_NONE};
    struct form_options f = {.entity = w->entity,
                             .creating = true,
                             .take = take_field,
                             .left = left,
                             .note = note,
                             .buttons = buttons,
                             .rows = &part_rows,
                             .ctx = w};
    w->form = form_new(&w->screen, &f);
    form_load(w->form, NULL);
}

static void start_draft(struct wizard *w, struct draft *d)
{
    struct remote *r = app_remote(w->screen.app);
    struct draft fresh;
    if (!d) {
        d = &fresh;
        draft_init(d);
        draft_text(d, &d->entity, w->entity->id);
        draft_text(d, &d->server, remote_server(r));
        d->user = remote_user_id(r);
        d->parent = w->o.parent;
        d->steps = w->steps;
    }
    w->keeper = keeper_new(w->screen.app, d, send_fill, w);
}

void wizard_open(struct app *a, const struct create_options *o, struct draft *d)
{
    struct wizard *w = screen_new(a, &ops, sizeof(*w));
    w->o = *o;
    w->entity = o->entity;
    w->steps = step_count(o->entity);
    w->step = 1;
    w->scratch = arena_new();
    w->review.arena = arena_new();
    part_make(w);
    app_push(a, &w->screen);
    make_form(w);
    struct similar_options s = {
        .entity = w->entity, .gather = gather, .changed = on_similar, .ctx = w};
    w->similar = similar_new(a, &s);
    bool old = d != NULL;
    start_draft(w, d);
    if (old)
        send_restore(w);
}
