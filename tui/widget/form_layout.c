/* Where the fields of a form stand, and drawing them: groups under headings,
 * two columns where the screen is wide, faults under their fields. */
#include "tui/widget/form_impl.h"

#include "common/utf8.h"
#include "tui/widget/markdown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TWO_COLUMNS = 80, /* cells from which on there are two */
    MARGIN = 3,       /* the gutter mark stands in it */
    GAP = 3,
    LABEL_MIN = 8,
    VALUE_LINES = 3, /* of a value that is no long text */
    LONG_LINES = 2000,
    HELP = 2, /* a blank line and the help, while editing */
    BUTTON_GAP = 2,
};

/* Where the next field goes. */
struct pen {
    struct form *f;
    int y, column, columns, row_h;
    int w, label; /* of a column */
};

static bool is_long(const struct field *field)
{
    return field->type->editor == EDITOR_text;
}

/* A long text as Markdown; `put` NULL counts its lines. */
static int lay_long(const struct form *f, const char *text, int w, int max,
                    markdown_put_fn *put, void *ctx)
{
    struct term *t = app_term(f->app);
    return markdown_lay(text, w, max, term_symbol(t, "dot"),
                        term_symbol(t, "frozen"), put, ctx);
}

static bool shows_editor(const struct form *f, int index)
{
    return f->editor.kind != NULL && f->editor.index == index;
}

static int whole_width(const struct pen *p)
{
    return p->columns * (p->w + GAP) - GAP;
}

/* At most half of what the narrowest field has, so that its value has room. */
static int label_width(const struct pen *p)
{
    const struct form *f = p->f;
    int widest = LABEL_MIN, room = whole_width(p);
    for (int i = 0; i < f->n; i++) {
        const struct field *field = form_field(f, f->order[i]);
        int w = utf8_width(_(field->label)) + 2;
        widest = w > widest ? w : widest;
        room = is_long(field) ? room : p->w;
    }
    int most = room / 2;
    return widest < most ? widest : most;
}

static int value_width(const struct form_place *p)
{
    int w = p->w - p->label - 1;
    return w > 1 ? w : 1;
}

static const char *note_of(const struct form *f, int index)
{
    return f->editing && f->o.note != NULL
               ? f->o.note(f->o.ctx, form_field(f, index))
               : NULL;
}

static int lines_below(const struct form *f, int index, int w)
{
    const struct fault *fault = form_fault(f, index);
    const char *note = note_of(f, index);
    return (fault != NULL ? wrap_count(fault->message, w) : 0) +
           (note != NULL ? wrap_count(note, w) : 0);
}

static int lines_of(struct form *f, int index, int w)
{
    struct arena *scratch = arena_new();
    int lines;
    if (shows_editor(f, index)) {
        lines = f->editor.kind->lines(f, w);
    } else if (is_long(form_field(f, index))) {
        lines = lay_long(f, form_text(f, index, scratch), w, LONG_LINES, NULL,
                         NULL);
    } else {
        lines = wrap_count(form_text(f, index, scratch), w);
        lines = lines < VALUE_LINES ? lines : VALUE_LINES;
    }
    arena_free(&scratch);
    return lines + lines_below(f, index, w);
}

static void end_row(struct pen *p)
{
    p->y += p->row_h;
    p->column = p->row_h = 0;
}

static void put_heading(struct pen *p, const char *group)
{
    struct form *f = p->f;
    end_row(p);
    p->y += p->y > 0 ? 1 : 0;
    f->headings[f->nheadings++] = (struct form_heading){_(group), p->y++};
}

static void put_field(struct pen *p, int item)
{
    struct form *f = p->f;
    int index = f->order[item];
    bool wide = is_long(form_field(f, index));
    if (wide && p->column > 0)
        end_row(p);
    struct form_place *at = &f->places[item];
    *at = (struct form_place){.y = p->y,
                              .x = MARGIN + p->column * (p->w + GAP),
                              .w = wide ? whole_width(p) : p->w,
                              .label = p->label};
    at->h = lines_of(f, index, value_width(at));
    p->row_h = at->h > p->row_h ? at->h : p->row_h;
    if (++p->column == p->columns || wide)
        end_row(p);
}

static const char *button_text(const struct form *f, int i, char *out,
                               size_t size)
{
    snprintf(out, size, "[ %s ]", _(act_rows[f->buttons[i]].label));
    return out;
}

static void put_rows(struct pen *p)
{
    struct form *f = p->f;
    const char *title = form_rows_title(f);
    end_row(p);
    if (f->nrows > 0 && title != NULL) {
        p->y += p->y > 0 ? 1 : 0;
        f->headings[f->nheadings++] = (struct form_heading){title, p->y++};
    }
    for (int i = 0; i < f->nrows; i++) {
        int w = whole_width(p);
        const char *fault = form_row_fault(f, i);
        int h = 1 + (fault != NULL ? wrap_count(fault, w) : 0);
        f->places[f->n + i] = (struct form_place){p->y, MARGIN, w, h, 0};
        p->y += h;
    }
}

static void put_buttons(struct pen *p)
{
    struct form *f = p->f;
    char text[64];
    int x = MARGIN;
    end_row(p);
    p->y++;
    for (int i = 0; i < f->nbuttons; i++) {
        int w = utf8_width(button_text(f, i, text, sizeof(text)));
        f->places[form_first_button(f) + i] =
            (struct form_place){p->y, x, w, 1, 0};
        x += w + BUTTON_GAP;
    }
    p->y++;
}

static bool two_columns(const struct form *f, int w)
{
    return w >= TWO_COLUMNS && !term_linear(app_term(f->app));
}

void form_layout(struct form *f, int w)
{
    if (f->laid_w == w && f->laid_in == i18n_lang())
        return;
    size_t n = (size_t)f->n;
    arena_reset(f->layout);
    size_t rows = (size_t)f->nrows;
    f->places =
        arena_array(f->layout, n + rows + FORM_BUTTONS, sizeof(*f->places));
    f->headings = arena_array(f->layout, n + 2, sizeof(*f->headings));
    f->nheadings = 0;
    struct pen p = {.f = f, .columns = two_columns(f, w) ? 2 : 1};
    p.w = (w - MARGIN - 1 - (p.columns - 1) * GAP) / p.columns;
    p.label = label_width(&p);
    const char *group = NULL;
    for (int i = 0; i < f->n; i++) {
        const char *own = form_field(f, f->order[i])->group;
        if (own != NULL && (group == NULL || strcmp(own, group) != 0))
            put_heading(&p, own);
        group = own;
        put_field(&p, i);
    }
    end_row(&p);
    if (f->editing) {
        put_rows(&p);
        put_buttons(&p);
    }
    f->lines = p.y;
    f->laid_w = w;
    f->laid_in = i18n_lang();
}

int form_lines(struct form *f, int w)
{
    form_layout(f, w);
    return f->lines + (f->editing ? HELP : 0);
}

/* Nearest first by lines, then by cells. */
int form_neighbour(struct form *f, int dy, int dx)
{
    const struct form_place *from = &f->places[f->cursor];
    int best = -1, best_far = 0;
    for (int i = 0; i < form_items(f); i++) {
        const struct form_place *p = &f->places[i];
        int y = (p->y - from->y) * dy, x = (p->x - from->x) * dx;
        bool there = dy != 0 ? y > 0 : p->y == from->y && x > 0;
        int far = (dy != 0 ? y : 0) * 1000 + abs(p->x - from->x);
        if (!there || !form_may_stop(f, i) || (best >= 0 && far >= best_far))
            continue;
        best = i;
        best_far = far;
    }
    return best;
}

/* --- drawing --- */

/* Lines of the content to lines of the screen; what is above or below what
 * is seen is left out. */
static bool seen(const struct form *f, int line, int *y)
{
    *y = f->at.y + line - f->top;
    return line >= f->top && line < f->top + f->at.h;
}

/* The text in lines of w cells from `line` on, at most `max`; lines used. */
static int draw_lines(struct form *f, int line, int x, int w, int max,
                      enum style s, const char *text)
{
    size_t len = strlen(text), next = 0;
    int n = 0, y;
    while (n < max && next < len) {
        size_t at = next;
        size_t end = wrap_line(text, len, at, w, &next);
        bool last = n == max - 1 && next < len;
        char *one = x_strndup(text + at, last ? len - at : end - at);
        if (seen(f, line + n, &y))
            term_put(app_term(f->app), y, x, w, s, one);
        x_free(&one);
        n++;
    }
    return n;
}

static enum style value_style(const struct form *f, int index)
{
    const struct form_cell *c = &f->cell[index];
    if (c->masked)
        return STYLE_masked;
    if (form_changed(f, index) || c->marked)
        return STYLE_changed;
    return f->editing && form_refusal(f, index) != NULL ? STYLE_off
                                                        : STYLE_text;
}

/* Where the pieces of a long text go. */
struct long_text {
    struct form *f;
    int line, x, w;
    enum style style; /* instead of the text's own, unless that */
};

static void put_piece(void *ctx, int line, int x, enum style s,
                      const char *text)
{
    const struct long_text *l = ctx;
    int y;
    if (seen(l->f, l->line + line, &y) && x < l->w)
        term_put(app_term(l->f->app), y, l->x + x, l->w - x,
                 l->style == STYLE_text ? s : l->style, text);
}

static int draw_long(struct form *f, int index, int line, int x, int w, int max,
                     const char *text)
{
    struct long_text l = {f, line, x, w, value_style(f, index)};
    return lay_long(f, text, w, max, put_piece, &l);
}

static int draw_value(struct form *f, int index, int line, int x, int w,
                      int max)
{
    struct arena *scratch = arena_new();
    const char *text = form_text(f, index, scratch);
    int used = 1;
    if (*text == '\0')
        draw_lines(f, line, x, w, 1, STYLE_missing,
                   term_symbol(app_term(f->app), "empty"));
    else if (is_long(form_field(f, index)))
        used = draw_long(f, index, line, x, w, max, text);
    else
        used = draw_lines(f, line, x, w, max, value_style(f, index), text);
    arena_free(&scratch);
    return used;
}

/* An editor is drawn as a whole: the scroll keeps it in sight, and a lower
 * screen than the editor cuts its foot. */
static int draw_editor(struct form *f, int line, int x, int w, bool focused)
{
    int h = f->editor.kind->lines(f, w), y;
    if (!seen(f, line, &y))
        return h;
    int room = f->at.y + f->at.h - y;
    struct rect r = {y, x, h < room ? h : room, w};
    f->editor.kind->draw(f, r, focused);
    return h;
}

static void draw_label(struct form *f, const struct form_place *p, int index)
{
    const struct field *field = form_field(f, index);
    struct term *t = app_term(f->app);
    int y, x = f->at.x + p->x;
    if (!seen(f, p->y, &y))
        return;
    int used = term_put(t, y, x, p->label - 1, STYLE_label, _(field->label));
    if (f->editing && form_required(f, index) && used < p->label - 1)
        term_put(t, y, x + used + 1, 1, STYLE_accent, "*");
}

static void draw_mark(struct form *f, const struct form_place *p, bool focused)
{
    struct term *t = app_term(f->app);
    int y, x = f->at.x + p->x - 2;
    if (!focused || !seen(f, p->y, &y))
        return;
    term_put(t, y, x, 1, STYLE_accent, term_symbol(t, "focus"));
    if (term_linear(t)) /* where the label begins */
        term_cursor(t, y, x + 2, true);
    else
        term_cursor(t, y, x, false);
}

/* Colour alone would not tell (UX-12). */
static void draw_sign(struct form *f, const struct form_place *p, int index)
{
    struct term *t = app_term(f->app);
    int y;
    if (f->cell[index].marked && seen(f, p->y, &y))
        term_put(t, y, f->at.x + p->x + p->label, 1, STYLE_changed,
                 term_symbol(t, "changed"));
}

static void draw_field(struct form *f, int item, bool focused)
{
    const struct form_place *p = &f->places[item];
    int index = f->order[item], w = value_width(p);
    int x = f->at.x + p->x + p->label + 1;
    const struct fault *fault = form_fault(f, index);
    const char *note = note_of(f, index);
    int below = lines_below(f, index, w);
    draw_mark(f, p, focused);
    draw_label(f, p, index);
    draw_sign(f, p, index);
    int used = shows_editor(f, index)
                   ? draw_editor(f, p->y, x, w, focused)
                   : draw_value(f, index, p->y, x, w, p->h - below);
    if (fault != NULL)
        used += draw_lines(f, p->y + used, x, w, below, STYLE_error,
                           fault->message);
    if (note != NULL)
        draw_lines(f, p->y + used, x, w, below, STYLE_accent, note);
}

static void draw_row(struct form *f, int i, bool focused)
{
    const struct form_place *p = &f->places[f->n + i];
    struct arena *scratch = arena_new();
    const char *fault = form_row_fault(f, i);
    int x = f->at.x + p->x;
    draw_lines(f, p->y, x, p->w, 1, focused ? STYLE_focus : STYLE_text,
               form_row_text(f, i, scratch));
    if (fault != NULL)
        draw_lines(f, p->y + 1, x, p->w, p->h - 1, STYLE_error, fault);
    draw_mark(f, p, focused);
    arena_free(&scratch);
}

static void draw_button(struct form *f, int i, bool focused)
{
    const struct form_place *p = &f->places[form_first_button(f) + i];
    char text[64];
    int y;
    if (seen(f, p->y, &y))
        term_put(app_term(f->app), y, f->at.x + p->x, p->w,
                 focused ? STYLE_focus : STYLE_accent,
                 button_text(f, i, text, sizeof(text)));
    draw_mark(f, p, focused);
}

static void draw_help(struct form *f, struct rect r)
{
    int index = form_index(f, f->cursor);
    if (index >= 0)
        term_put(app_term(f->app), r.y + r.h - 1, r.x + MARGIN,
                 r.w - MARGIN - 1, STYLE_label, _(form_field(f, index)->help));
}

static void scroll(struct form *f)
{
    const struct form_place *p = &f->places[f->cursor];
    int end = p->y + (p->h < f->at.h ? p->h : f->at.h);
    if (f->top > p->y)
        f->top = p->y;
    if (f->top + f->at.h < end)
        f->top = end - f->at.h;
    /* From the first field on one sees the headings above it too. */
    if (p->y < f->at.h && end <= f->at.h)
        f->top = 0;
}

void form_draw(struct form *f, struct rect r, bool focused)
{
    int y;
    f->at = r;
    form_layout(f, r.w);
    if (f->editing && r.h > HELP) {
        f->at.h -= HELP;
        draw_help(f, r);
    }
    if (form_items(f) == 0 || f->at.h <= 0)
        return;
    scroll(f);
    for (int i = 0; i < f->nheadings; i++)
        if (seen(f, f->headings[i].y, &y))
            term_put(app_term(f->app), y, r.x + MARGIN, r.w - MARGIN,
                     STYLE_title, f->headings[i].text);
    for (int i = 0; i < f->n; i++)
        draw_field(f, i, focused && i == f->cursor);
    for (int i = 0; f->editing && i < f->nrows; i++)
        draw_row(f, i, focused && f->n + i == f->cursor);
    for (int i = 0; f->editing && i < f->nbuttons; i++)
        draw_button(f, i, focused && form_first_button(f) + i == f->cursor);
}
