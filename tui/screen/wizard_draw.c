/* How the wizard looks: title and state of the draft, the steps, the form or
 * the review. */
#include "tui/screen/wizard_impl.h"

#include "common/utf8.h"

enum { NARROW = 80, LOW = 20 };

static struct term *term_of(const struct wizard *w)
{
    return app_term(w->screen.app);
}

static const char *step_label(const struct wizard *w, int step)
{
    const struct step *s = step_find(w->entity, step);
    if (step > w->steps)
        return _("Review");
    return s ? _(s->label) : arena_printf(w->scratch, _("Step %d"), step);
}

/* ① as a character, where the terminal has it. */
static const char *digit(const struct wizard *w, int step)
{
    static const char *const circled[] = {"①", "②", "③", "④", "⑤",
                                          "⑥", "⑦", "⑧", "⑨"};
    int n = (int)(sizeof(circled) / sizeof(circled[0]));
    bool plain = term_ascii(term_of(w)) || step > n;
    return plain ? arena_printf(w->scratch, "%d", step) : circled[step - 1];
}

/* "[② Basic information]" now, "✓ …" done, "⚠ …" with a fault: a sign for
 * each, colour alone would not tell (UX-12). */
static int draw_step(struct wizard *w, int y, int x, int end, int step)
{
    struct term *t = term_of(w);
    bool now = step == w->step;
    bool review = step > w->steps;
    bool seen = !review && (w->seen & 1u << step) != 0;
    bool fault = seen && check_has_fault(w, step);
    const char *sign = review         ? ""
                       : fault        ? term_symbol(t, "warn")
                       : seen && !now ? term_symbol(t, "check")
                                      : digit(w, step);
    const char *gap = *sign ? " " : "";
    const char *text = arena_printf(w->scratch, now ? "[%s%s%s]" : "%s%s%s",
                                    sign, gap, step_label(w, step));
    enum style s = now     ? STYLE_accent
                   : fault ? STYLE_error
                   : seen  ? STYLE_good
                           : STYLE_label;
    w->steps_x[step] = x;
    return x + term_put(t, y, x, end - x, s, text);
}

static void draw_steps(struct wizard *w, int y, struct rect r)
{
    struct term *t = term_of(w);
    int x = r.x + 3, end = r.x + r.w - 1;
    w->steps_y = y;
    for (int step = 1; step <= w->steps + 1; step++) {
        if (step > 1) {
            const char *rule =
                arena_printf(w->scratch, " %s ", term_symbol(t, "rule"));
            x += term_put(t, y, x, end - x, STYLE_label, rule);
        }
        x = draw_step(w, y, x, end, step);
    }
    w->steps_x[w->steps + 2] = x;
}

/* "Step 2/5 Basic information" */
static void draw_narrow(struct wizard *w, int y, struct rect r)
{
    const char *text =
        wizard_in_review(w)
            ? step_label(w, w->step)
            : arena_printf(w->scratch, _("Step %d/%d  %s"), w->step, w->steps,
                           step_label(w, w->step));
    w->steps_y = -1;
    term_put(term_of(w), y, r.x + 3, r.w - 4, STYLE_accent, text);
}

int wizard_step_at(const struct wizard *w, int y, int x)
{
    if (y != w->steps_y || x >= w->steps_x[w->steps + 2])
        return 0;
    for (int step = w->steps + 1; step > 0; step--)
        if (x >= w->steps_x[step])
            return step;
    return 0;
}

static const char *title(struct wizard *w)
{
    const struct field *f = field_find(w->entity, w->entity->title);
    const char *name = form_shown(w->form, f);
    const char *head =
        arena_printf(w->scratch, _("New: %s"), _(w->entity->label));
    /* On the first step the name stands in its field. */
    return *name && w->step > 1 ? arena_printf(w->scratch, "%s  %s", head, name)
                                : head;
}

static const char *help_of(const struct wizard *w)
{
    const struct step *s = step_find(w->entity, w->step);
    if (wizard_in_review(w))
        return _("Look it over; Enter on a line goes to where it stands.");
    return s ? _(s->help) : "";
}

void wizard_draw(struct screen *s, struct rect r)
{
    struct wizard *w = (struct wizard *)s;
    struct term *t = term_of(w);
    bool narrow = r.w < NARROW, focused = app_top(s->app) == s;
    arena_reset(w->scratch);
    const char *state = w->call || w->sending
                            ? _("Saving …")
                            : keeper_state(w->keeper, w->scratch);
    struct rect in = app_frame(s->app, s, r, title(w), state, NULL);
    if (narrow)
        draw_narrow(w, in.y, in);
    else
        draw_steps(w, in.y, in);
    int used = 1;
    if (r.h >= LOW && !narrow) {
        term_put(t, in.y + 1, in.x + 3, in.w - 4, STYLE_label, help_of(w));
        used = 3;
    }
    in.y += used;
    in.h -= used;
    if (in.h <= 0)
        return;
    if (wizard_in_review(w))
        review_draw(w, in, focused);
    else
        form_draw(w->form, in, focused);
}
