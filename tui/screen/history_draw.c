/* How the history looks: the versions, and beside them (below, where it is
 * narrow) what the one under the cursor changed. */
#include "tui/screen/history_impl.h"

#include "common/date.h"
#include "common/json.h"
#include "common/utf8.h"
#include "tui/widget/cell.h"
#include "tui/widget/textarea.h"

#include <string.h>

enum {
    WIDE = 100,    /* cells from which on both stand side by side */
    ROWS_W = 46,   /* of the versions then */
    LABEL_W = 18,  /* of a field's name in the detail */
    CHANGES = 200, /* of one version, or between two */
    GUTTER = 4,    /* focus mark and tick */
    TIME_W = 16,
    NAME_W = 10,
};

/* What the log calls a change, and what people call it. */
static const struct {
    const char *id, *label;
} actions[] = {
    {"create", N_("Created")},        {"update", N_("Changed")},
    {"delete", N_("Deleted")},        {"restore", N_("Restored")},
    {"reveal", N_("Unmasked")},       {"revert", N_("Brought back")},
    {"transition", N_("Life cycle")},
};

static const char *action_label(const char *id)
{
    for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
        if (strcmp(actions[i].id, id) == 0)
            return _(actions[i].label);
    return id;
}

static struct term *history_term(const struct history *h)
{
    return app_term(h->screen.app);
}

static const char *local_time(struct history *h, const cJSON *version)
{
    const char *at = json_str(version, "at", "");
    char out[TIME_LEN] = "";
    int64_t us;
    if (time_parse(at, strlen(at), &us))
        time_format_local(us, out);
    return arena_strdup(h->scratch, out);
}

static const char *author(const cJSON *version)
{
    const cJSON *user = json_get(version, "user");
    const char *name =
        cJSON_IsArray(user) ? cJSON_GetStringValue(user->child->next) : NULL;
    return name ? name : _("the system");
}

/* "Changed", and of what where that is no change of the record itself. */
static const char *what(struct history *h, const cJSON *version)
{
    const char *label = action_label(json_str(version, "action", ""));
    const struct entity *e = entity_find(json_str(version, "entity", ""));
    if (!e || e == h->o.entity)
        return label;
    return arena_printf(h->scratch, "%s · %s", label, _(e->label));
}

/* --- the versions --- */

static void draw_row(struct history *h, int y, struct rect r, int i)
{
    struct term *t = history_term(h);
    const cJSON *version = h->row[i];
    bool focus = i == h->cursor;
    bool marked = h->marked && json_int(version, "id", 0) == h->marked;
    int x = r.x + GUTTER, right = r.x + r.w;
    if (focus) {
        term_put(t, y, r.x, 1, STYLE_text, term_symbol(t, "focus"));
        term_cursor(t, y, r.x, false);
    }
    if (marked)
        term_put(t, y, r.x + 2, 1, STYLE_selected, term_symbol(t, "check"));
    term_put(t, y, x, TIME_W, STYLE_label, local_time(h, version));
    x += TIME_W + 2;
    term_put(t, y, x, NAME_W, STYLE_text, author(version));
    x += NAME_W + 1;
    if (x < right)
        term_put(t, y, x, right - x, STYLE_text, what(h, version));
}

static void draw_rows(struct history *h, struct rect r)
{
    h->rows_y = r.y;
    h->rows_w = r.x + r.w;
    h->height = r.h;
    h->top = h->cursor < h->top ? h->cursor : h->top;
    if (h->cursor >= h->top + r.h)
        h->top = h->cursor - r.h + 1;
    for (int i = 0; i < r.h && h->top + i < h->n; i++)
        draw_row(h, r.y + i, r, h->top + i);
}

/* --- the detail --- */

/* A place for lines, the first of which are scrolled away. */
struct pad {
    struct history *h;
    struct rect r;
    int line;
};

static void put_line(struct pad *p, int x, enum style s, const char *text)
{
    int y = p->line - p->h->detail_top;
    if (y >= 0 && y < p->r.h)
        term_put(history_term(p->h), p->r.y + y, p->r.x + x, p->r.w - x, s,
                 text);
}

static void put_wrapped(struct pad *p, int x, enum style s, const char *text)
{
    size_t len = strlen(text), at = 0, next = 0;
    int w = p->r.w - x;
    do {
        size_t end = wrap_line(text, len, at, w > 4 ? w : 4, &next);
        put_line(p, x, s, arena_strndup(p->h->scratch, text + at, end - at));
        p->line++;
        at = next;
    } while (next < len);
}

static const char *value_text(struct history *h, const struct field *f,
                              const cJSON *item)
{
    struct cell c = cell_of(app_remote(h->screen.app), f, h->scratch, item);
    return c.text[0] ? c.text : term_symbol(history_term(h), "empty");
}

static void put_change(struct pad *p, const struct history_change *c)
{
    struct history *h = p->h;
    const char *label = _(c->field->label);
    int x = LABEL_W;
    put_line(p, 0, STYLE_label, label);
    if (utf8_width(label) >= LABEL_W || p->r.w < 3 * LABEL_W) {
        p->line++;
        x = 2;
    }
    put_wrapped(p, x, STYLE_text,
                arena_printf(h->scratch, "%s → %s",
                             value_text(h, c->field, c->from),
                             value_text(h, c->field, c->to)));
}

static void put_changes(struct pad *p, const struct history_change *c, int n,
                        const char *none)
{
    p->line++;
    for (int i = 0; i < n; i++)
        put_change(p, &c[i]);
    if (n == 0)
        put_wrapped(p, 0, STYLE_missing, none);
}

static void put_version(struct pad *p, const cJSON *version)
{
    struct history *h = p->h;
    struct history_change changes[CHANGES];
    put_line(p, 0, STYLE_title,
             arena_printf(h->scratch, "%s  %s  %s", local_time(h, version),
                          author(version), what(h, version)));
    p->line++;
    put_changes(p, changes, history_changes(version, changes, CHANGES),
                _("Nothing of it is shown to you."));
}

static void put_compared(struct pad *p, const cJSON *older, const cJSON *newer)
{
    struct history *h = p->h;
    struct history_change changes[CHANGES];
    put_line(p, 0, STYLE_title,
             arena_printf(h->scratch, "%s → %s", local_time(h, older),
                          local_time(h, newer)));
    p->line++;
    put_changes(p, changes,
                history_between(h->versions, older, newer, changes, CHANGES),
                _("Both versions are the same."));
}

static void draw_detail(struct history *h, struct rect r)
{
    struct pad p = {h, r, 0};
    const cJSON *older, *newer;
    if (!history_current(h) || r.h <= 0)
        return;
    if (history_compared(h, &older, &newer))
        put_compared(&p, older, newer);
    else
        put_version(&p, history_current(h));
    /* No further than to the last line. */
    int most = p.line - r.h;
    if (h->detail_top > (most > 0 ? most : 0)) {
        h->detail_top = most > 0 ? most : 0;
        app_redraw(h->screen.app);
    }
}

/* --- the whole --- */

static void draw_words(struct history *h, struct rect r)
{
    struct term *t = history_term(h);
    if (h->failure)
        term_put(t, r.y, r.x + GUTTER, r.w - GUTTER, STYLE_error, h->failure);
    else
        term_put(t, r.y, r.x + GUTTER, r.w - GUTTER, STYLE_missing,
                 h->call ? _("Loading …") : _("Nothing is in the log yet."));
}

static const char *foot(struct history *h)
{
    if (h->n == 0)
        return NULL;
    return arena_printf(h->scratch, "%d/%d%s", h->cursor + 1, h->n,
                        h->next ? "+" : "");
}

void history_draw(struct screen *s, struct rect r)
{
    struct history *h = (struct history *)s;
    struct term *t = app_term(s->app);
    arena_reset(h->scratch);
    const char *title =
        arena_printf(h->scratch, "%s %s  %s", term_symbol(t, "back"),
                     _("History"), h->o.name);
    struct rect in = app_frame(s->app, s, r, title, NULL, foot(h));
    struct rect rows = in, detail = in;
    if (in.w >= WIDE) {
        rows.w = ROWS_W;
        detail.x += ROWS_W + 2;
        detail.w -= ROWS_W + 3;
    } else {
        rows.h = in.h / 2;
        term_rule(t, in.y + rows.h, in.x, in.w);
        detail.y += rows.h + 1;
        detail.h -= rows.h + 1;
        detail.x += 2;
        detail.w -= 3;
    }
    if (h->n == 0)
        draw_words(h, rows);
    else
        draw_rows(h, rows);
    draw_detail(h, detail);
}
