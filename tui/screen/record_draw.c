/* How a record looks: what it is and how it stands in the title, the tabs,
 * the form, the part below it. */
#include "tui/screen/record_impl.h"

#include "common/date.h"
#include "common/json.h"
#include "common/utf8.h"
#include "tui/widget/cell.h"

#include <string.h>

#define NARROW 80 /* cells; below, the title is the name alone */

static struct term *record_term(const struct record_screen *rs)
{
    return app_term(rs->screen.app);
}

static const char *shown(struct record_screen *rs, const struct field *f)
{
    return cell_of(record_remote(rs), f, rs->scratch,
                   json_get(rs->record, f->id))
        .text;
}

/* "[● In service]  [A]  Owner 王芳" */
static const char *badges(struct record_screen *rs)
{
    const struct field *fields[CELL_BADGES];
    struct arena *a = rs->scratch;
    const char *out = "";
    int n = rs->record ? cell_badges(rs->entity, fields) : 0;
    for (int i = 0; i < n; i++) {
        const char *text = shown(rs, fields[i]);
        const char *gap = *out ? "  " : "";
        if (*text && fields[i]->ref)
            out = arena_printf(a, "%s%s%s %s", out, gap, _(fields[i]->label),
                               text);
        else if (*text)
            out = arena_printf(a, "%s%s[%s]", out, gap, text);
    }
    return out;
}

/* "As of 2026-03-31 18:00" */
static const char *as_of_words(struct record_screen *rs)
{
    char out[TIME_LEN] = "";
    int64_t us;
    if (time_parse(rs->as_of, strlen(rs->as_of), &us))
        time_format_local(us, out);
    return arena_printf(rs->scratch, _("As of %s"), out);
}

/* "‹ Customers  NAME  [● In service]  [A]  Owner 王芳"; on a narrow screen the
 * name alone, the rest stands below it. */
static const char *title(struct record_screen *rs, bool narrow)
{
    struct arena *a = rs->scratch;
    const struct entity *e = rs->entity;
    const char *back = term_symbol(record_term(rs), "back");
    if (!rs->record)
        return arena_printf(a, "%s %s", back, _(e->plural));
    const char *name = shown(rs, field_find(e, e->title));
    if (rs->as_of)
        return arena_printf(a, "%s %s  %s", back, as_of_words(rs), name);
    if (narrow)
        return arena_printf(a, "%s %s", back, name);
    return arena_printf(a, "%s %s  %s  %s", back, _(e->plural), name,
                        badges(rs));
}

static const char *foot(struct record_screen *rs)
{
    struct term *t = record_term(rs);
    if (!rs->from)
        return NULL;
    return arena_printf(rs->scratch, "%s  %s[ ]%s",
                        list_foot(rs->from, rs->scratch),
                        term_symbol(t, "back"), term_symbol(t, "forward"));
}

/* --- the whole --- */

/* The form gets what it needs, the part at least a third. */
static void share(struct record_screen *rs, struct rect r)
{
    rs->form_rect = rs->part_rect = r;
    rs->part_rect.h = 0;
    if (!rs->part)
        return;
    int lines = form_lines(rs->form, r.w);
    int most = r.h - r.h / 3 - 2;
    int h = lines < most ? lines : most;
    int gap = h > 0 ? 1 : 0;
    rs->form_rect.h = h;
    rs->part_rect.y = r.y + h + gap;
    rs->part_rect.h = r.h - h - gap;
}

static void draw_part(struct record_screen *rs, bool focused)
{
    struct term *t = record_term(rs);
    struct rect r = rs->part_rect;
    term_put(t, r.y, r.x + 1, r.w - 2, STYLE_title, _(rs->part_entity->plural));
    r.y++;
    r.h--;
    if (r.h > 0)
        list_draw(rs->part, r, focused && rs->below);
}

static void draw_words(struct record_screen *rs, struct rect r)
{
    struct term *t = record_term(rs);
    if (!rs->failure) {
        term_put(t, r.y, r.x + 3, r.w - 3, STYLE_missing, _("Loading …"));
        return;
    }
    term_put(t, r.y, r.x + 3, r.w - 3, STYLE_error, rs->failure);
    if (r.h > 1)
        term_put(t, r.y + 1, r.x + 3, r.w - 3, STYLE_label,
                 arena_printf(rs->scratch, _("%s asks again."),
                              app_keys(rs->screen.app, ACT_reload)));
}

static void draw_content(struct record_screen *rs, struct rect r)
{
    bool focused = app_top(rs->screen.app) == &rs->screen;
    share(rs, r);
    if (!rs->record) {
        draw_words(rs, r);
        return;
    }
    if (form_lines(rs->form, r.w) > 0)
        form_draw(rs->form, rs->form_rect, focused && !rs->below);
    else if (!rs->part)
        term_put(record_term(rs), r.y, r.x + 3, r.w - 3, STYLE_missing,
                 _("Nothing is kept here yet."));
    if (rs->part && rs->part_rect.h > 0)
        draw_part(rs, focused);
}

void record_draw(struct screen *s, struct rect r)
{
    struct record_screen *rs = (struct record_screen *)s;
    bool narrow = r.w < NARROW || term_linear(app_term(s->app));
    arena_reset(rs->scratch);
    const char *note = record_live_note(rs);
    struct rect in =
        app_frame(s->app, s, r, title(rs, narrow),
                  record_saving(rs) ? _("Saving …") : note, foot(rs));
    rs->form_rect = in;
    if (narrow && in.h > 8) {
        term_put(app_term(s->app), in.y++, in.x + 2, in.w - 3,
                 note ? STYLE_changed : STYLE_text, note ? note : badges(rs));
        in.h--;
    }
    if (rs->tab != TAB_NONE && in.h > 2) {
        record_draw_tabs(rs, in.y);
        term_rule(app_term(s->app), in.y + 1, in.x, in.w);
        in.y += 2;
        in.h -= 2;
    }
    draw_content(rs, in);
}
