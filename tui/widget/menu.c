/* The menu's rows, what of them is shown, and the cursor among them. */
#include "tui/widget/menu.h"

#include "common/utf8.h"
#include "tui/widget/fuzzy.h"
#include "tui/widget/linear.h"

#include <stdlib.h>
#include <string.h>

enum { MARK = 2, TICK = 2, GAP = 2, HELP_MOST = 34, HELP_MIN = 20 };

struct row {
    struct menu_item item;
    const char *forms; /* of label and find; made when first searched */
    int score;
};

struct menu {
    struct arena *arena; /* of the rows */
    struct row *rows;
    int n;
    int *shown; /* indices into rows */
    int nshown;
    int cursor, top; /* of shown */
    int height;      /* as last drawn */
    struct rect at;  /* as last drawn */
    bool multi;
    int values_at; /* cells before the values; 0: rows have none */
    int widest;    /* label with a help */
};

static struct row *shown_row(const struct menu *m, int i)
{
    return &m->rows[m->shown[i]];
}

static bool choosable(const struct menu *m, int i)
{
    const struct menu_item *item = &shown_row(m, i)->item;
    return !item->heading && !item->off;
}

/* Moves by one choosable row in the direction of `by`; stays where there is
 * none. */
static bool step(struct menu *m, int by)
{
    for (int i = m->cursor + by; i >= 0 && i < m->nshown; i += by) {
        if (choosable(m, i)) {
            m->cursor = i;
            return true;
        }
    }
    return false;
}

/* The nearest choosable row to the cursor. */
static void settle(struct menu *m)
{
    if (m->cursor >= m->nshown)
        m->cursor = m->nshown - 1;
    if (m->cursor < 0)
        m->cursor = 0;
    if (m->nshown > 0 && !choosable(m, m->cursor) && !step(m, 1))
        step(m, -1);
}

static void show_all(struct menu *m)
{
    m->nshown = m->n;
    for (int i = 0; i < m->n; i++)
        m->shown[i] = i;
}

static int by_score(const void *a, const void *b, void *ctx)
{
    const struct menu *m = ctx;
    int x = *(const int *)a, y = *(const int *)b;
    int d = m->rows[y].score - m->rows[x].score;
    return d != 0 ? d : x - y;
}

static int score(struct menu *m, struct row *r, const char *needle)
{
    if (r->forms == NULL)
        r->forms = arena_printf(
            m->arena, "%s\n%s", fuzzy_forms(m->arena, r->item.label),
            r->item.find != NULL ? fuzzy_forms(m->arena, r->item.find) : "");
    return r->item.heading ? 0 : fuzzy_score(r->forms, needle);
}

static const char *copied(struct menu *m, const char *s)
{
    return s != NULL ? arena_strdup(m->arena, s) : NULL;
}

static bool same_value(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool was_ticked(const struct row *rows, int n, const char *value)
{
    for (int i = 0; i < n; i++)
        if (rows[i].item.ticked && same_value(rows[i].item.value, value))
            return true;
    return false;
}

struct menu *menu_new(void)
{
    struct menu *m = x_calloc(1, sizeof(*m));
    m->arena = arena_new();
    return m;
}

void menu_free(struct menu **m)
{
    if (*m == NULL)
        return;
    arena_free(&(*m)->arena);
    x_free(m);
}

void menu_set(struct menu *m, const struct menu_item *items, int n)
{
    struct arena *old = m->arena;
    const struct row *before = m->rows;
    const struct menu_item *at = menu_current(m);
    const char *value = at != NULL ? at->value : NULL;
    int nbefore = m->n;
    m->arena = arena_new();
    m->rows = arena_array(m->arena, (size_t)n + 1, sizeof(*m->rows));
    m->shown = arena_array(m->arena, (size_t)n + 1, sizeof(*m->shown));
    m->n = n;
    m->widest = 0;
    for (int i = 0; i < n; i++) {
        struct menu_item *item = &m->rows[i].item;
        int w = items[i].help != NULL ? utf8_width(items[i].label) : 0;
        m->widest = w > m->widest ? w : m->widest;
        *item = items[i];
        item->label = copied(m, items[i].label);
        item->hint = copied(m, items[i].hint);
        item->help = copied(m, items[i].help);
        item->find = copied(m, items[i].find);
        item->value = copied(m, items[i].value);
        item->ticked |= was_ticked(before, nbefore, item->value);
    }
    show_all(m);
    m->cursor = m->top = 0;
    settle(m);
    if (value != NULL)
        menu_select(m, value);
    arena_free(&old);
}

void menu_filter(struct menu *m, const char *text)
{
    struct arena *scratch = arena_new();
    const char *needle = utf8_fold(scratch, text);
    m->cursor = m->top = 0;
    if (*needle == '\0') {
        show_all(m);
    } else {
        m->nshown = 0;
        for (int i = 0; i < m->n; i++) {
            m->rows[i].score = score(m, &m->rows[i], needle);
            if (m->rows[i].score > 0)
                m->shown[m->nshown++] = i;
        }
        qsort_r(m->shown, (size_t)m->nshown, sizeof(*m->shown), by_score, m);
    }
    settle(m);
    arena_free(&scratch);
}

void menu_multi(struct menu *m, bool on)
{
    m->multi = on;
}

void menu_values(struct menu *m, int label_cells)
{
    m->values_at = label_cells > 0 ? MARK + label_cells + GAP : 0;
}

int menu_shown(const struct menu *m)
{
    return m->nshown;
}

int menu_count(const struct menu *m)
{
    int n = 0;
    for (int i = 0; i < m->nshown; i++)
        n += choosable(m, i);
    return n;
}

int menu_rows(const struct menu *m)
{
    return m->n;
}

const struct menu_item *menu_current(const struct menu *m)
{
    if (m->cursor >= m->nshown || !choosable(m, m->cursor))
        return NULL;
    return &shown_row(m, m->cursor)->item;
}

const struct menu_item *menu_item(const struct menu *m, int i)
{
    return i >= 0 && i < m->n ? &m->rows[i].item : NULL;
}

void menu_select(struct menu *m, const char *value)
{
    for (int i = 0; i < m->nshown; i++)
        if (choosable(m, i) && same_value(shown_row(m, i)->item.value, value))
            m->cursor = i;
}

void menu_toggle(struct menu *m)
{
    if (m->multi && menu_current(m) != NULL) {
        struct menu_item *item = &shown_row(m, m->cursor)->item;
        item->ticked = !item->ticked;
    }
}

static void move(struct menu *m, int by)
{
    int sign = by < 0 ? -1 : 1;
    for (int i = 0; i < by * sign && step(m, sign); i++) {
    }
}

bool menu_act(struct menu *m, enum action_id a)
{
    int by = act_step(a, m->height, m->nshown > 0 ? m->nshown : 1);
    if (by != 0) {
        move(m, by);
        return true;
    }
    if (a != ACT_toggle || !m->multi)
        return false;
    menu_toggle(m);
    return true;
}

bool menu_mouse(struct menu *m, const struct event *e)
{
    int i = e->y - m->at.y + m->top;
    if (e->mouse != MOUSE_press || e->y < m->at.y ||
        e->y >= m->at.y + m->at.h || i >= m->nshown || !choosable(m, i))
        return false;
    m->cursor = i;
    return true;
}

/* Cells before the help: as few as the labels need, whatever is searched. */
static int help_at(const struct menu *m)
{
    int at = MARK + (m->multi ? TICK : 0) + m->widest + GAP;
    return at < HELP_MOST ? at : HELP_MOST;
}

/* The label, and behind it the help or the value; values are what is bright.
 */
static void put_columns(struct menu *m, struct term *t, int y, struct rect at,
                        int left, const struct menu_item *item)
{
    int end = at.x + at.w;
    int second = left + (m->values_at > 0 ? m->values_at : help_at(m));
    bool two = m->values_at > 0
                   ? item->help != NULL
                   : item->help != NULL && end - second >= HELP_MIN;
    enum style s = item->heading ? STYLE_label
                   : item->off   ? STYLE_off
                                 : STYLE_text;
    if (m->values_at > 0 && item->help != NULL)
        s = STYLE_label;
    term_put(t, y, at.x, (two ? second - GAP : end) - at.x, s, item->label);
    if (two)
        term_put(t, y, second, end - second,
                 m->values_at > 0 ? STYLE_text : STYLE_label, item->help);
}

/* The hint is part of the row that is never cut; the help stands in a column
 * of its own where the screen is wide. */
static void draw_row(struct menu *m, struct term *t, int y, struct rect r,
                     int index)
{
    const struct menu_item *item = &shown_row(m, index)->item;
    bool focused = index == m->cursor && choosable(m, index);
    int x = r.x + MARK, end = r.x + r.w;
    if (focused) {
        term_put(t, y, r.x, 1, STYLE_accent, term_symbol(t, "focus"));
        term_cursor(t, y, r.x, false);
    }
    if (m->multi && !item->heading) {
        if (item->ticked)
            term_put(t, y, x, 1, STYLE_selected, term_symbol(t, "check"));
        x += TICK;
    }
    if (item->hint != NULL && *item->hint != '\0') {
        int w = utf8_width(item->hint);
        end -= w;
        term_put(t, y, end, w, STYLE_accent, item->hint);
        end -= GAP;
    }
    /* Among values a heading stands out by its place. */
    if (m->values_at > 0 && item->heading)
        x = r.x;
    put_columns(m, t, y, (struct rect){y, x, 1, end - x}, r.x, item);
}

/* "Edit, e. Edits what the cursor is on. 3/12" */
static void draw_linear(struct menu *m, struct term *t, struct rect r)
{
    const struct menu_item *item = menu_current(m);
    int at = 0;
    if (item == NULL)
        return;
    for (int i = 0; i <= m->cursor; i++)
        at += choosable(m, i);
    bool hint = item->hint != NULL && *item->hint != '\0';
    bool help = item->help != NULL && *item->help != '\0';
    char *text =
        x_asprintf("%s%s%s%s%s%s  %d/%d", item->label,
                   m->multi && item->ticked ? _(", selected") : "",
                   hint ? ", " : "", hint ? item->hint : "", help ? ". " : "",
                   help ? item->help : "", at, menu_count(m));
    linear_put(t, r, text);
    x_free(&text);
}

void menu_draw(struct menu *m, struct term *t, struct rect r)
{
    m->at = r;
    m->height = r.h;
    if (term_linear(t)) {
        draw_linear(m, t, r);
        return;
    }
    if (m->cursor < m->top)
        m->top = m->cursor;
    if (m->cursor >= m->top + r.h)
        m->top = m->cursor - r.h + 1;
    /* The heading above the first row belongs to it. */
    if (m->top > 0 && m->top == m->cursor &&
        shown_row(m, m->top - 1)->item.heading)
        m->top--;
    if (m->top + r.h > m->nshown)
        m->top = m->nshown > r.h ? m->nshown - r.h : 0;
    for (int i = 0; i < r.h && m->top + i < m->nshown; i++)
        draw_row(m, t, r.y + i, r, m->top + i);
}
