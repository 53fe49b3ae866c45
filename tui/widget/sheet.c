/* A sheet across the foot of the screen. */
#include "tui/widget/sheet.h"

enum { MARGIN = 2, ABOVE = 2, FOOTER = 1, WIDTH_MAX = 110 };

int sheet_lines_max(struct rect screen)
{
    int lines = screen.h - FOOTER - 1 - ABOVE;
    return lines > 1 ? lines : 1;
}

int sheet_width(struct rect screen)
{
    int w = screen.w - 2 * MARGIN;
    return w < WIDTH_MAX ? w : WIDTH_MAX;
}

struct rect sheet_draw(struct term *t, struct rect screen, int lines,
                       const char *title)
{
    int max = sheet_lines_max(screen);
    struct rect inside = {.h = lines < max ? lines : max,
                          .w = sheet_width(screen),
                          .x = screen.x + MARGIN};
    inside.y = screen.y + screen.h - FOOTER - inside.h;
    struct rect ground = {inside.y - 1, screen.x, inside.h + 1, screen.w};
    term_fill(t, ground, STYLE_dialog);
    term_rule(t, ground.y, ground.x, ground.w);
    if (title != NULL && *title != '\0') {
        int used = term_put(t, ground.y, inside.x + 1, inside.w - 2,
                            STYLE_title, title);
        term_put(t, ground.y, inside.x, 1, STYLE_title, " ");
        term_put(t, ground.y, inside.x + 1 + used, 1, STYLE_title, " ");
    }
    return inside;
}

bool sheet_missed(struct rect inside, const struct event *e)
{
    return e->mouse == MOUSE_press && e->y < inside.y - 1;
}
