/* Drawing on ncurses' virtual screen: text made safe, cut by cells, styled by
 * the theme. */
#include "tui/term/inner.h"

#include "common/utf8.h"

#include <string.h>
#include <wchar.h>

/* Clips w to the screen; 0 where nothing is left. */
static int clipped(const struct term *t, int y, int x, int w)
{
    if (y < 0 || y >= t->rows || x < 0 || x >= t->cols)
        return 0;
    return w < t->cols - x ? w : t->cols - x;
}

/* A character that this terminal draws in two cells where ncurses counts
 * one: its twin in ASCII, so that columns still line up. */
static wchar_t ambiguous_twin(uint32_t cp)
{
    static const struct {
        uint32_t cp;
        char twin;
    } twins[] = {{0x2014, '-'},  {0x2013, '-'}, {0x2026, '.'}, {0x2018, '\''},
                 {0x2019, '\''}, {0x201c, '"'}, {0x201d, '"'}, {0xd7, 'x'},
                 {0xb7, '.'},    {0x25cf, '*'}, {0x2500, '-'}, {0x2502, '|'}};
    for (size_t i = 0; i < sizeof(twins) / sizeof(*twins); i++)
        if (twins[i].cp == cp)
            return twins[i].twin;
    return L'?';
}

/* Safe UTF-8 to what ncurses takes. Marks follow their base. */
static int widen(const char *text, size_t len, wchar_t *out)
{
    int n = 0;
    uint32_t cp;
    for (size_t at = 0; at < len;) {
        at += utf8_decode(text + at, len - at, &cp);
        if (utf8_cp_width(cp) == 2 && wcwidth((wchar_t)cp) == 1) {
            out[n++] = ambiguous_twin(cp);
            out[n++] = L' ';
        } else {
            out[n++] = (wchar_t)cp;
        }
    }
    out[n] = L'\0';
    return n;
}

/* Blanks for what would break a line; the rest is utf8_safe's. */
static const char *one_line(struct term *t, const char *text, size_t len)
{
    char *copy = arena_strndup(t->frame, text, len);
    for (char *p = copy; *p != '\0'; p++)
        if (*p == '\n' || *p == '\t')
            *p = ' ';
    return utf8_safe(t->frame, copy, len);
}

static void put_run(struct term *t, int y, int x, enum style s,
                    const char *text, size_t len)
{
    const char *safe = one_line(t, text, len);
    size_t n = strlen(safe);
    wchar_t *wide = arena_array(t->frame, n * 2 + 1, sizeof(*wide));
    wattr_set(stdscr, t->looks[s].attr, t->looks[s].pair, NULL);
    mvwaddnwstr(stdscr, y, x, wide, widen(safe, n, wide));
}

int term_put(struct term *t, int y, int x, int w, enum style s,
             const char *text)
{
    w = clipped(t, y, x, w);
    size_t len = strlen(text);
    if (w <= 0 || len == 0)
        return 0;
    int used, cut_used = 0;
    size_t fit = utf8_fit(text, len, w, &used);
    if (fit == len) {
        put_run(t, y, x, s, text, len);
        return used;
    }
    const char *cut = term_symbol(t, "cut");
    fit = utf8_fit(text, len, w - 1, &used);
    if (fit > 0)
        put_run(t, y, x, s, text, fit);
    put_run(t, y, x + used, s, cut, utf8_fit(cut, strlen(cut), 1, &cut_used));
    return used + cut_used;
}

int term_put_right(struct term *t, int y, int x, int w, enum style s,
                   const char *text)
{
    int cells = utf8_width(text);
    int gap = cells < w ? w - cells : 0;
    return term_put(t, y, x + gap, w - gap, s, text);
}

void term_fill(struct term *t, struct rect r, enum style s)
{
    for (int i = 0; i < r.h; i++) {
        int w = clipped(t, r.y + i, r.x, r.w);
        cchar_t blank;
        setcchar(&blank, L" ", t->looks[s].attr, t->looks[s].pair, NULL);
        if (w > 0)
            mvwhline_set(stdscr, r.y + i, r.x, &blank, w);
    }
}

void term_rule(struct term *t, int y, int x, int w)
{
    if (t->linear)
        return;
    const struct look *look = &t->looks[STYLE_label];
    const char *rule = term_symbol(t, "rule");
    wchar_t wide[8] = L"-";
    cchar_t line;
    if (utf8_width(rule) == 1)
        widen(rule, strlen(rule), wide);
    setcchar(&line, wide, look->attr, look->pair, NULL);
    w = clipped(t, y, x, w);
    if (w > 0)
        mvwhline_set(stdscr, y, x, &line, w);
}

void term_restyle(struct term *t, int y, int x, int w, enum style s)
{
    w = clipped(t, y, x, w);
    if (w > 0)
        mvwchgat(stdscr, y, x, w, t->looks[s].attr, t->looks[s].pair, NULL);
}

void term_stage(struct term *t)
{
    (void)t;
    wnoutrefresh(stdscr);
    doupdate();
}

/* A capability that is there and needs no delays. */
static bool is_plain(const char *capability)
{
    return capability != NULL && capability != (const char *)-1 &&
           strstr(capability, "$<") == NULL;
}

/* ncurses never inserts cells before others by itself. The terminal is told
 * directly, and curscr, which is what ncurses believes to be on it, as well. */
void term_make_room(struct term *t, int y, int h, int x, int n)
{
    const char *go = tigetstr("cup"), *insert = tigetstr("ich");
    int from_y, from_x;
    if (!is_plain(go) || !is_plain(insert))
        return;
    getyx(curscr, from_y, from_x);
    for (int i = y; i < y + h; i++) {
        fputs(tiparm(go, i, x), t->canvas.sink);
        fputs(tiparm(insert, n), t->canvas.sink);
        wmove(curscr, i, x);
        for (int j = 0; j < n; j++)
            winsch(curscr, ' ');
    }
    fputs(tiparm(go, from_y, from_x), t->canvas.sink);
    fflush(t->canvas.sink);
    wmove(curscr, from_y, from_x);
}

void term_cursor(struct term *t, int y, int x, bool visible)
{
    t->cursor_y = y;
    t->cursor_x = x;
    t->cursor_visible = visible;
}

void term_cursor_at(const struct term *t, int *y, int *x)
{
    *y = t->cursor_y;
    *x = t->cursor_x;
}

/* What only guides the eye; a screen reader would read it out. */
static bool is_decoration(const char *name)
{
    static const char *const names[] = {"focus", "frozen", "back",   "forward",
                                        "above", "below",  "online", "dot"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

const char *term_symbol(const struct term *t, const char *name)
{
    static const struct {
        const char *name, *symbol, *ascii, *help;
    } rows[] = {
#define SYMBOL(id, symbol, ascii, help) {#id, symbol, ascii, help},
#include "tui/term/symbol.def"
#undef SYMBOL
    };
    if (t->linear && is_decoration(name))
        return " ";
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return t->ascii ? rows[i].ascii : rows[i].symbol;
    return "";
}
