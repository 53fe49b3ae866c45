/* A month of days, weeks from Monday. */
#include "tui/widget/calendar.h"

#include "common/date.h"

#include <stdio.h>

enum { WEEK = 7, CELL = 3, HEAD = 2 /* lines above the days */ };

static int32_t month_start(int32_t day)
{
    int y, m, d;
    date_split(day, &y, &m, &d);
    return day - (d - 1);
}

/* The Monday of the first line. */
static int32_t first_shown(const struct calendar *c)
{
    int32_t first = month_start(c->cursor);
    return first - (date_weekday(first) - 1);
}

static void move_months(struct calendar *c, int by)
{
    c->cursor = date_add_months(c->cursor, by);
}

bool calendar_act(struct calendar *c, enum action_id a)
{
    static const struct {
        enum action_id id;
        int days, months;
    } moves[] = {{ACT_left, -1, 0},     {ACT_right, 1, 0},
                 {ACT_up, -WEEK, 0},    {ACT_down, WEEK, 0},
                 {ACT_page_up, 0, -1},  {ACT_page_down, 0, 1},
                 {ACT_half_up, 0, -12}, {ACT_half_down, 0, 12}};
    for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++) {
        if (moves[i].id != a)
            continue;
        c->cursor += moves[i].days;
        move_months(c, moves[i].months);
        return true;
    }
    if (a == ACT_first)
        c->cursor = month_start(c->cursor);
    if (a == ACT_last)
        c->cursor = date_add_months(month_start(c->cursor), 1) - 1;
    return a == ACT_first || a == ACT_last;
}

bool calendar_mouse(struct calendar *c, const struct event *e)
{
    int row = e->y - c->at.y - HEAD, column = (e->x - c->at.x) / CELL;
    if (e->mouse != MOUSE_press || row < 0 || row >= c->at.h - HEAD ||
        e->x < c->at.x || column >= WEEK)
        return false;
    c->cursor = first_shown(c) + row * WEEK + column;
    return true;
}

/* --- drawing --- */

static bool is_chosen(const struct calendar *c, int32_t day)
{
    if (c->from_set && c->to_set)
        return day >= c->from && day <= c->to;
    return (c->from_set && day == c->from) || (c->to_set && day == c->to);
}

static void draw_head(struct calendar *c, struct term *t, int y, int x)
{
    static const char *const days[WEEK] = {
        N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su")};
    char title[32];
    int year, m, d;
    date_split(c->cursor, &year, &m, &d);
    snprintf(title, sizeof(title), "%s %04d-%02d %s", term_symbol(t, "back"),
             year, m, term_symbol(t, "forward"));
    term_put(t, y, x + 4, CALENDAR_CELLS - 4, STYLE_title, title);
    for (int i = 0; i < WEEK; i++)
        term_put_right(t, y + 1, x + i * CELL, 2, STYLE_label, _(days[i]));
}

static void draw_day(struct calendar *c, struct term *t, int y, int x,
                     int32_t day, bool focused)
{
    char text[12];
    int year, m, d, month;
    date_split(c->cursor, &year, &month, &d);
    date_split(day, &year, &m, &d);
    bool here = focused && day == c->cursor;
    enum style s = here                ? STYLE_focus
                   : is_chosen(c, day) ? STYLE_selected
                   : m != month        ? STYLE_missing
                   : day == c->today   ? STYLE_accent
                                       : STYLE_text;
    snprintf(text, sizeof(text), "%2d", d);
    term_put(t, y, x, 2, s, text);
    if (here)
        term_cursor(t, y, x, true);
}

void calendar_draw(struct calendar *c, struct term *t, int y, int x,
                   bool focused)
{
    int32_t first = first_shown(c);
    c->at = (struct rect){y, x, CALENDAR_LINES, CALENDAR_CELLS};
    draw_head(c, t, y, x);
    for (int i = 0; i < (CALENDAR_LINES - HEAD) * WEEK; i++)
        draw_day(c, t, y + HEAD + i / WEEK, x + i % WEEK * CELL, first + i,
                 focused);
}
