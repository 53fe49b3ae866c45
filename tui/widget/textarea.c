/* The editor of many lines. Lines seen are found anew from the text each
 * time: texts are short, and nothing has to be kept in step. */
#include "tui/widget/textarea.h"

#include "common/buf.h"
#include "common/mem.h"
#include "common/utf8.h"

#include <string.h>

enum { MAX_DEFAULT = 20000, WIDTH_DEFAULT = 78 };

struct textarea {
    struct buf text;
    size_t cursor; /* bytes */
    size_t max;    /* code points */
    unsigned changes;
    int w;    /* as last drawn, for up and down */
    int top;  /* the first line seen */
    int goal; /* the cell that up and down keep to, -1 none */
};

/* A line seen: its bytes, and its number. */
struct line {
    size_t start, end, next;
    int number;
};

static const char *text_of(const struct textarea *a)
{
    return buf_text(&a->text);
}

static struct line first_line(const struct textarea *a)
{
    struct line l = {0};
    l.end = wrap_line(text_of(a), a->text.len, 0, a->w, &l.next);
    return l;
}

/* The empty line behind a final newline is a line too. */
static bool line_after(const struct textarea *a, struct line *l)
{
    bool newline = l->next > l->end && text_of(a)[l->next - 1] == '\n';
    if (l->next >= a->text.len && !newline)
        return false;
    struct line after = {.start = l->next, .number = l->number + 1};
    after.end =
        wrap_line(text_of(a), a->text.len, after.start, a->w, &after.next);
    *l = after;
    return true;
}

/* The line the byte `at` is seen in. */
static struct line line_of(const struct textarea *a, size_t at)
{
    struct line l = first_line(a), next = l;
    while (line_after(a, &next) && next.start <= at)
        l = next;
    return l;
}

static struct line line_number(const struct textarea *a, int number)
{
    struct line l = first_line(a);
    while (l.number < number && line_after(a, &l)) {
    }
    return l;
}

static int cell_of(const struct textarea *a, const struct line *l, size_t at)
{
    size_t end = at < l->end ? at : l->end;
    return utf8_width_n(text_of(a) + l->start, end - l->start);
}

/* --- changes --- */

static void insert(struct textarea *a, const char *s, size_t len)
{
    size_t have = utf8_length(text_of(a));
    size_t fit = 0;
    uint32_t cp;
    while (fit < len && have++ < a->max)
        fit += utf8_decode(s + fit, len - fit, &cp);
    if (fit == 0)
        return;
    buf_reserve(&a->text, fit);
    char *at = a->text.data + a->cursor;
    memmove(at + fit, at, a->text.len - a->cursor + 1);
    memcpy(at, s, fit);
    a->text.len += fit;
    a->cursor += fit;
    a->changes++;
}

static void cut(struct textarea *a, size_t from, size_t to)
{
    if (from >= to)
        return;
    memmove(a->text.data + from, a->text.data + to, a->text.len - to + 1);
    a->text.len -= to - from;
    a->cursor = from;
    a->changes++;
}

/* --- keys --- */

static bool go_left(struct textarea *a)
{
    a->cursor = utf8_prev(text_of(a), a->text.len, a->cursor);
    return true;
}

static bool go_right(struct textarea *a)
{
    a->cursor = utf8_next(text_of(a), a->text.len, a->cursor);
    return true;
}

static bool go_lines(struct textarea *a, int by)
{
    struct line l = line_of(a, a->cursor);
    int goal = a->goal >= 0 ? a->goal : cell_of(a, &l, a->cursor);
    struct line to = line_number(a, l.number + by);
    if (l.number + by < 0 || to.number == l.number)
        return false;
    int used;
    a->cursor = to.start +
                utf8_fit(text_of(a) + to.start, to.end - to.start, goal, &used);
    a->goal = goal;
    return true;
}

static bool go_up(struct textarea *a)
{
    return go_lines(a, -1);
}

static bool go_down(struct textarea *a)
{
    return go_lines(a, 1);
}

static bool go_home(struct textarea *a)
{
    a->cursor = line_of(a, a->cursor).start;
    return true;
}

static bool go_end(struct textarea *a)
{
    a->cursor = line_of(a, a->cursor).end;
    return true;
}

static bool new_line(struct textarea *a)
{
    insert(a, "\n", 1);
    return true;
}

static bool delete_left(struct textarea *a)
{
    cut(a, utf8_prev(text_of(a), a->text.len, a->cursor), a->cursor);
    return true;
}

static bool delete_right(struct textarea *a)
{
    cut(a, a->cursor, utf8_next(text_of(a), a->text.len, a->cursor));
    return true;
}

static bool delete_before(struct textarea *a)
{
    cut(a, line_of(a, a->cursor).start, a->cursor);
    return true;
}

static bool delete_after(struct textarea *a)
{
    cut(a, a->cursor, line_of(a, a->cursor).end);
    return true;
}

static const struct {
    enum key_code code;
    uint32_t cp;
    unsigned mods;
    bool vertical; /* keeps to its cell */
    bool (*run)(struct textarea *a);
} editing_keys[] = {
    {KEYC_left, 0, 0, false, go_left},
    {KEYC_right, 0, 0, false, go_right},
    {KEYC_up, 0, 0, true, go_up},
    {KEYC_down, 0, 0, true, go_down},
    {KEYC_home, 0, 0, false, go_home},
    {KEYC_end, 0, 0, false, go_end},
    {KEYC_enter, 0, 0, false, new_line},
    {KEYC_backspace, 0, 0, false, delete_left},
    {KEYC_delete, 0, 0, false, delete_right},
    {KEYC_NONE, 'a', MOD_ctrl, false, go_home},
    {KEYC_NONE, 'e', MOD_ctrl, false, go_end},
    {KEYC_NONE, 'u', MOD_ctrl, false, delete_before},
    {KEYC_NONE, 'k', MOD_ctrl, false, delete_after},
};

bool textarea_key(struct textarea *a, const struct event *ev)
{
    char text[4];
    if (ev->kind == EVENT_paste || key_is_text(ev)) {
        a->goal = -1;
        if (ev->kind == EVENT_paste)
            insert(a, ev->text, ev->len);
        else
            insert(a, text, utf8_encode(ev->cp, text));
        return true;
    }
    size_t n = sizeof(editing_keys) / sizeof(*editing_keys);
    for (size_t i = 0; i < n && ev->kind == EVENT_key; i++) {
        if (editing_keys[i].code != ev->code || editing_keys[i].cp != ev->cp ||
            editing_keys[i].mods != ev->mods)
            continue;
        if (!editing_keys[i].vertical)
            a->goal = -1;
        return editing_keys[i].run(a);
    }
    return false;
}

/* --- life and drawing --- */

struct textarea *textarea_new(size_t max)
{
    struct textarea *a = x_calloc(1, sizeof(*a));
    a->max = max > 0 ? max : MAX_DEFAULT;
    a->w = WIDTH_DEFAULT;
    a->goal = -1;
    return a;
}

void textarea_free(struct textarea **a)
{
    if (*a == NULL)
        return;
    buf_free(&(*a)->text);
    x_free(a);
}

void textarea_set(struct textarea *a, const char *text)
{
    buf_clear(&a->text);
    a->cursor = 0;
    a->top = 0;
    insert(a, text, strlen(text));
}

const char *textarea_text(const struct textarea *a)
{
    return text_of(a);
}

unsigned textarea_changes(const struct textarea *a)
{
    return a->changes;
}

int textarea_lines(struct textarea *a, int w)
{
    return wrap_count(text_of(a), w);
}

void textarea_draw(struct textarea *a, struct term *t, struct rect r,
                   bool focused)
{
    enum style s = focused ? STYLE_field : STYLE_text;
    a->w = r.w > 1 ? r.w : 1;
    struct line at = line_of(a, a->cursor);
    a->top = at.number < a->top ? at.number : a->top;
    a->top = at.number >= a->top + r.h ? at.number - r.h + 1 : a->top;
    term_fill(t, r, s);
    struct line l = line_number(a, a->top);
    for (int row = 0; row < r.h; row++) {
        char *shown = x_strndup(text_of(a) + l.start, l.end - l.start);
        term_put(t, r.y + row, r.x, r.w, s, shown);
        x_free(&shown);
        if (!line_after(a, &l))
            break;
    }
    int cell = cell_of(a, &at, a->cursor);
    if (focused)
        term_cursor(t, r.y + at.number - a->top,
                    r.x + (cell < r.w ? cell : r.w - 1), true);
}
