/* The picture the program has drawn: rows, cells, and dumps for messages. */
#include "common/mem.h"
#include "common/utf8.h"
#include "tests/support/vt_private.h"

#include <string.h>

#define RIGHT_HALF                                                             \
    ((uint32_t)-1) /* libvterm's mark behind a wide character                  \
                    */

static VTermScreenCell cell_at(const struct vt *v, int row, int col)
{
    VTermScreenCell cell = {0};
    vterm_screen_get_cell(v->screen, (VTermPos){row, col}, &cell);
    return cell;
}

/* The characters of a cell as UTF-8; returns the bytes. */
static size_t cell_text(const VTermScreenCell *cell, char out[25])
{
    size_t n = 0;
    if (cell->chars[0] == RIGHT_HALF) {
        out[0] = '\0';
        return 0;
    }
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
        n += utf8_encode(cell->chars[i], out + n);
    if (n == 0)
        out[n++] = ' ';
    out[n] = '\0';
    return n;
}

static int colour(const VTermColor *c)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(c) || VTERM_COLOR_IS_DEFAULT_BG(c))
        return -1;
    if (VTERM_COLOR_IS_INDEXED(c))
        return c->indexed.idx;
    return 0x1000000 | c->rgb.red << 16 | c->rgb.green << 8 | c->rgb.blue;
}

/* The column where byte offset `at` of the row's text lies. */
static int column_of(const struct vt *v, int row, size_t at)
{
    size_t bytes = 0;
    int col = 0;
    while (col < v->cols && bytes < at) {
        char text[25];
        VTermScreenCell cell = cell_at(v, row, col);
        bytes += cell_text(&cell, text);
        col += cell.width > 1 ? cell.width : 1;
    }
    return col;
}

static void add_rule(const struct vt *v, struct buf *out)
{
    buf_str(out, "   +");
    for (int i = 0; i < v->cols; i++)
        buf_char(out, '-');
    buf_str(out, "+\n");
}

void vt_row_text(const struct vt *v, int row, struct buf *out)
{
    size_t start = out->len;
    for (int col = 0; col < v->cols;) {
        char text[25];
        VTermScreenCell cell = cell_at(v, row, col);
        buf_add(out, text, cell_text(&cell, text));
        col += cell.width > 1 ? cell.width : 1;
    }
    while (out->len > start && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
}

const char *vt_row(struct vt *v, int row)
{
    buf_clear(&v->text);
    vt_row_text(v, row, &v->text);
    return buf_text(&v->text);
}

int vt_find(struct vt *v, const char *text, int *col)
{
    for (int row = 0; row < v->rows; row++) {
        const char *line = vt_row(v, row);
        const char *hit = strstr(line, text);
        if (!hit)
            continue;
        if (col)
            *col = column_of(v, row, (size_t)(hit - line));
        return row;
    }
    return -1;
}

bool vt_has(struct vt *v, const char *text)
{
    return vt_find(v, text, NULL) >= 0;
}

const char *vt_dump(struct vt *v)
{
    int row, col;
    bool visible;
    buf_clear(&v->text);
    add_rule(v, &v->text);
    for (int i = 0; i < v->rows; i++) {
        buf_printf(&v->text, "%2d |", i);
        vt_row_text(v, i, &v->text);
        buf_char(&v->text, '\n');
    }
    add_rule(v, &v->text);
    vt_cursor(v, &row, &col, &visible);
    buf_printf(&v->text, "cursor %d,%d%s%s\n", row, col,
               visible ? "" : " hidden",
               v->ended ? ", the program has ended" : "");
    return buf_text(&v->text);
}

void vt_cursor(const struct vt *v, int *row, int *col, bool *visible)
{
    VTermPos pos;
    vterm_state_get_cursorpos(vterm_obtain_state(v->vterm), &pos);
    if (row)
        *row = pos.row;
    if (col)
        *col = pos.col;
    if (visible)
        *visible = v->cursor_visible;
}

void vt_size(const struct vt *v, int *rows, int *cols)
{
    *rows = v->rows;
    *cols = v->cols;
}

struct vt_cell vt_cell(const struct vt *v, int row, int col)
{
    VTermScreenCell cell = cell_at(v, row, col);
    struct vt_cell out = {
        .width = cell.width,
        .bold = cell.attrs.bold,
        .italic = cell.attrs.italic,
        .reverse = cell.attrs.reverse,
        .underline = cell.attrs.underline,
        .fg = colour(&cell.fg),
        .bg = colour(&cell.bg),
    };
    cell_text(&cell, out.text);
    return out;
}

bool vt_altscreen(const struct vt *v)
{
    return v->alt;
}

bool vt_mouse(const struct vt *v)
{
    return v->mouse != VTERM_PROP_MOUSE_NONE;
}

int vt_bells(const struct vt *v)
{
    return v->bells;
}

const char *vt_title(const struct vt *v)
{
    return v->title ? v->title : "";
}

const char *vt_clipboard(const struct vt *v)
{
    return buf_text(&v->clipboard);
}

const char *vt_raw(struct vt *v)
{
    buf_clear(&v->text);
    for (size_t i = 0; i < v->since.len; i++) {
        unsigned char c = (unsigned char)v->since.data[i];
        if (c < 0x20) /* the pictures of control characters, U+2400 on */
            buf_printf(&v->text, "\xe2\x90%c", 0x80 + c);
        else
            buf_char(&v->text, (char)c);
    }
    return buf_text(&v->text);
}
