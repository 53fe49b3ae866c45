/* The last page: everything that was filled in, step by step; Enter goes to
 * where it stands. */
#include "tui/screen/wizard_impl.h"

#include "common/utf8.h"
#include "tui/widget/textarea.h"

#include <string.h>

enum { MARGIN = 3, LABEL_MAX = 20, LABEL_SHARE = 3 };

static struct review_line *add(struct wizard *w, struct review_line line)
{
    struct review_line *at = &w->review.lines[w->review.n++];
    *at = line;
    return at;
}

static const char *step_title(struct wizard *w, int step)
{
    const struct step *s = step_find(w->entity, step);
    return s ? _(s->label) : "";
}

static void add_step(struct wizard *w, int step)
{
    struct arena *a = w->review.arena;
    struct wizard_part *p = part_of_step(w, step);
    struct review_line *head =
        add(w, (struct review_line){.kind = REVIEW_step,
                                    .step = step,
                                    .label = step_title(w, step)});
    int before = w->review.n;
    for (int i = 0; i < w->entity->nfields; i++) {
        const struct field *f = &w->entity->fields[i];
        /* Labels of options go when the daemon tells them anew. */
        const char *text = arena_strdup(a, form_shown(w->form, f));
        const char *fault = form_fault_of(w->form, f);
        if (wizard_takes(w, f, step) && (*text || fault))
            add(w, (struct review_line){.kind = REVIEW_value,
                                        .step = step,
                                        .field = f,
                                        .label = _(f->label),
                                        .text = text,
                                        .fault = fault ? arena_strdup(a, fault)
                                                       : NULL});
    }
    for (int i = 0; p && i < cJSON_GetArraySize(p->list); i++)
        add(w, (struct review_line){.kind = REVIEW_row,
                                    .step = step,
                                    .part = p,
                                    .row = i,
                                    .label = _(p->entity->label),
                                    .text = part_text(w, p, i, a),
                                    .fault = check_row(w, p, i, a)});
    if (w->review.n == before)
        head->text = _("nothing filled in");
}

static int most_lines(struct wizard *w)
{
    int n = w->steps + w->entity->nfields + 3;
    for (int i = 0; i < w->nparts; i++)
        n += cJSON_GetArraySize(w->parts[i].list);
    return n;
}

/* The cursor starts on the button that sends it. */
void review_make(struct wizard *w)
{
    static const enum action_id buttons[] = {ACT_submit, ACT_step_prev,
                                             ACT_keep_draft};
    arena_reset(w->review.arena);
    w->review.n = 0;
    w->review.lines = arena_array(w->review.arena, (size_t)most_lines(w),
                                  sizeof(*w->review.lines));
    for (int step = 1; step <= w->steps; step++)
        add_step(w, step);
    w->review.cursor = w->review.n;
    for (size_t i = 0; i < sizeof(buttons) / sizeof(buttons[0]); i++)
        add(w,
            (struct review_line){.kind = REVIEW_button, .button = buttons[i]});
}

/* --- what keys do --- */

static void go(struct wizard *w, int to)
{
    int last = w->review.n - 1;
    w->review.cursor = to < 0 ? 0 : to > last ? last : to;
}

static void open_line(struct wizard *w)
{
    struct review_line l = w->review.lines[w->review.cursor];
    if (l.kind == REVIEW_button) {
        app_act(w->screen.app, l.button);
        return;
    }
    wizard_go(w, l.step);
    if (l.kind == REVIEW_value)
        form_go_field(w->form, l.field);
    else if (l.kind == REVIEW_row)
        form_go_row(w->form, l.row);
}

bool review_act(struct wizard *w, enum action_id a)
{
    int page = w->review.at.h > 2 ? w->review.at.h - 1 : 1;
    int at = w->review.cursor;
    const struct {
        enum action_id id;
        int to;
    } moves[] = {{ACT_up, at - 1},
                 {ACT_down, at + 1},
                 {ACT_prev_field, at - 1},
                 {ACT_next_field, at + 1},
                 {ACT_left, at - 1},
                 {ACT_right, at + 1},
                 {ACT_page_up, at - page},
                 {ACT_page_down, at + page},
                 {ACT_half_up, at - page / 2},
                 {ACT_half_down, at + page / 2},
                 {ACT_first, 0},
                 {ACT_last, w->review.n - 1}};
    if (a == ACT_open) {
        open_line(w);
        return true;
    }
    for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
        if (moves[i].id != a)
            continue;
        go(w, moves[i].to);
        return true;
    }
    return false;
}

bool review_mouse(struct wizard *w, const struct event *e)
{
    int line = e->y - w->review.at.y + w->review.top;
    if (e->mouse != MOUSE_press || e->button != BUTTON_LEFT ||
        e->y < w->review.at.y || e->y >= w->review.at.y + w->review.at.h ||
        line >= w->review.n)
        return false;
    bool there = w->review.cursor == line;
    go(w, line);
    if (there || w->review.lines[line].kind == REVIEW_button)
        open_line(w);
    return true;
}

/* --- how it looks --- */

static int label_width(const struct rect *r)
{
    int w = r->w / LABEL_SHARE;
    return w < LABEL_MAX ? w : LABEL_MAX;
}

/* One line of a long text. */
static char *first_line(const char *text, int w)
{
    size_t next;
    size_t len = strlen(text);
    size_t end = wrap_line(text, len, 0, w, &next);
    return next < len ? x_asprintf("%.*s…", (int)end, text) : x_strdup(text);
}

static void draw_button(struct term *t, int y, int x, int w, bool focused,
                        enum action_id id)
{
    char *text = x_asprintf("[ %s ]", _(act_rows[id].label));
    term_put(t, y, x, w, focused ? STYLE_focus : STYLE_accent, text);
    x_free(&text);
}

static void draw_value(struct term *t, const struct review_line *l, int y,
                       struct rect r)
{
    int label = label_width(&r);
    int x = r.x + MARGIN + label + 1;
    int room = r.x + r.w - x - 1;
    char *text = first_line(l->fault ? l->fault : l->text, room);
    term_put(t, y, r.x + MARGIN, label, STYLE_label, l->label);
    term_put(t, y, x, room, l->fault ? STYLE_error : STYLE_text, text);
    x_free(&text);
}

static void draw_line(struct wizard *w, int i, int y, struct rect r,
                      bool focused)
{
    struct term *t = app_term(w->screen.app);
    const struct review_line *l = &w->review.lines[i];
    if (focused) {
        term_put(t, y, r.x + 1, 1, STYLE_accent, term_symbol(t, "focus"));
        term_cursor(t, y, r.x + 1, false);
    }
    if (l->kind == REVIEW_step) {
        int used = term_put(t, y, r.x + MARGIN, r.w - MARGIN - 1, STYLE_title,
                            l->label);
        if (l->text)
            term_put(t, y, r.x + MARGIN + used + 2, r.w - MARGIN - used - 3,
                     STYLE_missing, l->text);
    } else if (l->kind == REVIEW_button) {
        draw_button(t, y, r.x + MARGIN, r.w - MARGIN - 1, focused, l->button);
    } else {
        draw_value(t, l, y, r);
    }
}

void review_draw(struct wizard *w, struct rect r, bool focused)
{
    int cursor = w->review.cursor, top = w->review.top;
    w->review.at = r;
    if (cursor < top)
        top = cursor;
    if (cursor >= top + r.h)
        top = cursor - r.h + 1;
    w->review.top = top < 0 ? 0 : top;
    for (int i = 0; i < r.h && w->review.top + i < w->review.n; i++) {
        int line = w->review.top + i;
        draw_line(w, line, r.y + i, r, focused && line == cursor);
    }
}
