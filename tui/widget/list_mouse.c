/* What the mouse does in a list: a click puts the cursor on the row, a double
 * click opens it, with Ctrl or Shift it selects, the right button is for the
 * menu of the row; the header sorts, and its edges can be dragged; the wheel
 * moves the view (UX-02). */
#include "tui/widget/list_impl.h"

enum { WHEEL_ROWS = 3 };

static int64_t row_at(const struct list *l, int y)
{
    return l->top + (y - l->rows_y) / (l->cards ? 2 : 1);
}

static bool press_row(struct list *l, const struct event *e)
{
    int64_t index = row_at(l, e->y);
    if (index >= window_bound(l->window))
        return false;
    if (e->button == BUTTON_LEFT && list_select_click(l, index, e->mods))
        return true;
    if (index != l->cursor)
        list_put_cursor(l, index);
    if (e->twice && e->button == BUTTON_LEFT)
        list_open(l);
    return true;
}

/* The rows move under the wheel, and the cursor stays where it is as long as
 * its row is seen. */
static void wheel(struct list *l, int by)
{
    int64_t last = window_bound(l->window) - l->capacity;
    int64_t top = l->top + by, cursor = l->cursor;
    top = top < last ? top : last;
    top = top > 0 ? top : 0;
    if (cursor < top)
        cursor = top;
    if (cursor > top + l->capacity - 1)
        cursor = top + l->capacity - 1;
    l->top = top;
    list_put_cursor(l, cursor);
}

static bool is_inside(const struct list *l, const struct event *e)
{
    return e->y >= l->rect.y && e->y < l->rect.y + l->rect.h &&
           e->x >= l->rect.x && e->x < l->rect.x + l->rect.w;
}

static bool on_wheel(struct list *l, const struct event *e)
{
    int by = e->mouse == MOUSE_wheel_up ? -1 : 1;
    if (!is_inside(l, e))
        return false;
    if (e->mods & MOD_shift)
        list_sideways(l, by);
    else
        wheel(l, by * WHEEL_ROWS);
    return true;
}

/* While something is typed: inside the box the text cursor goes there, a press
 * elsewhere leaves the box. */
static bool press_box(struct list *l, const struct event *e)
{
    if (e->y == l->box_at.y && e->x < l->box_at.x + l->box_at.w) {
        edit_click(l->box, e->x - l->box_at.x - 2);
        return true;
    }
    list_search_act(l, ACT_open);
    return false;
}

/* The column whose right edge is at this cell of the header: the gap behind
 * it, or its last cell; -1. */
static int edge_at(const struct list *l, int x)
{
    struct list_span spans[LIST_COLUMNS];
    int n = list_spans(l, spans);
    for (int i = 0; i < n; i++) {
        int end = spans[i].x + spans[i].w;
        if (x == end || (x == end - 1 && spans[i].w > LIST_WIDTH_MIN))
            return spans[i].column;
    }
    return -1;
}

/* The edge follows the mouse; where it is let go the width is told. */
static bool on_drag(struct list *l, const struct event *e)
{
    int x = l->dragged < 0 ? -1 : list_column_x(l, l->dragged);
    if (x < 0)
        return false;
    if (e->mouse == MOUSE_drag)
        list_set_width(l, l->dragged, e->x - x);
    else
        list_tell_width(l, l->dragged);
    if (e->mouse == MOUSE_release)
        l->dragged = -1;
    return true;
}

static bool press_header(struct list *l, const struct event *e)
{
    l->dragged = edge_at(l, e->x);
    if (l->dragged < 0)
        list_head_click(l, e->x, (e->mods & (MOD_ctrl | MOD_alt)) != 0);
    return true;
}

static bool on_press(struct list *l, const struct event *e)
{
    bool header = !l->cards && e->y == l->rows_y - 1;
    l->dragged = -1; /* a release that was never told */
    if (!is_inside(l, e))
        return false;
    if (l->typing && press_box(l, e))
        return true;
    if (e->y >= l->rows_y)
        return press_row(l, e);
    if (!header || e->button != BUTTON_LEFT)
        return false;
    return press_header(l, e);
}

bool list_mouse(struct list *l, const struct event *e)
{
    bool done = false;
    if (e->mouse == MOUSE_press)
        done = on_press(l, e);
    else if (e->mouse == MOUSE_wheel_up || e->mouse == MOUSE_wheel_down)
        done = on_wheel(l, e);
    else
        done = on_drag(l, e);
    if (done)
        app_redraw(l->owner->app);
    return done;
}
