/* Double clicks and drags, told from the mouse events before. */
#include "tui/term/click.h"

#include <stdlib.h>

static void note_press(struct clicks *c, struct event *e, uint64_t now_ms)
{
    /* A hand moves a little; to another row it means another thing. */
    bool there = c->button == e->button && c->y == e->y && abs(c->x - e->x) < 2;
    e->twice = c->at != 0 && there && now_ms - c->at <= CLICK_TWICE_MS;
    /* A third press begins anew. */
    c->at = e->twice ? 0 : now_ms;
    c->button = e->button;
    c->y = e->y;
    c->x = e->x;
}

void click_note(struct clicks *c, struct event *e, uint64_t now_ms)
{
    e->from_y = e->y;
    e->from_x = e->x;
    if (e->mouse == MOUSE_press) {
        note_press(c, e, now_ms);
        return;
    }
    if (e->mouse != MOUSE_drag && e->mouse != MOUSE_release) {
        c->at = 0;
        return;
    }
    if (e->y != c->y || abs(e->x - c->x) > 1)
        c->at = 0; /* dragged: no click */
    e->from_y = c->y;
    e->from_x = c->x;
}
