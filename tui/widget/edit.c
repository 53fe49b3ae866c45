/* The one-line editor. The cursor is a byte offset at a grapheme boundary;
 * the view starts at another one and follows the cursor. */
#include "tui/widget/edit.h"

#include "common/buf.h"
#include "common/mem.h"
#include "common/utf8.h"

#include <string.h>

enum { MAX_DEFAULT = 1024 };

struct edit {
    struct buf text;
    size_t cursor, left; /* bytes; left: where the view starts */
    size_t max;          /* code points */
    unsigned changes;
    bool password;
};

/* --- the text --- */

static const char *text_of(const struct edit *e)
{
    return buf_text(&e->text);
}

static void cut(struct edit *e, size_t from, size_t to)
{
    if (from >= to)
        return;
    memmove(e->text.data + from, e->text.data + to, e->text.len - to + 1);
    e->text.len -= to - from;
    e->cursor = from;
    e->changes++;
}

/* Bytes of the longest start of s that `room` more code points allow. */
static size_t within(const char *s, size_t len, size_t room)
{
    size_t at = 0;
    uint32_t cp;
    for (; at < len && room > 0; room--)
        at += utf8_decode(s + at, len - at, &cp);
    return at;
}

static void insert(struct edit *e, const char *s, size_t len)
{
    size_t have = utf8_length(text_of(e));
    size_t room = have < e->max ? e->max - have : 0;
    len = within(s, len, room);
    if (len == 0)
        return;
    buf_reserve(&e->text, len);
    char *at = e->text.data + e->cursor;
    memmove(at + len, at, e->text.len - e->cursor + 1);
    memcpy(at, s, len);
    e->text.len += len;
    e->cursor += len;
    e->changes++;
}

/* Lines of a pasted text become one. */
static void paste(struct edit *e, const char *s, size_t len)
{
    char *line = x_strndup(s, len);
    for (char *p = line; *p != '\0'; p++)
        if (*p == '\n')
            *p = ' ';
    insert(e, line, strlen(line));
    x_free(&line);
}

/* --- moves --- */

static size_t next(const struct edit *e, size_t at)
{
    return utf8_next(text_of(e), e->text.len, at);
}

static size_t prev(const struct edit *e, size_t at)
{
    return utf8_prev(text_of(e), e->text.len, at);
}

/* A word is a run of one kind: blanks, ASCII letters and digits, other ASCII,
 * or anything beyond. */
static int kind_at(const struct edit *e, size_t at)
{
    unsigned char c = (unsigned char)text_of(e)[at];
    if (c == ' ')
        return 0;
    if (c >= 0x80)
        return 1;
    bool letter =
        (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    return letter ? 2 : 3;
}

static size_t word_left(const struct edit *e)
{
    size_t at = e->cursor;
    while (at > 0 && kind_at(e, prev(e, at)) == 0)
        at = prev(e, at);
    int kind = at > 0 ? kind_at(e, prev(e, at)) : 0;
    while (at > 0 && kind_at(e, prev(e, at)) == kind)
        at = prev(e, at);
    return at;
}

static size_t word_right(const struct edit *e)
{
    size_t at = e->cursor, end = e->text.len;
    while (at < end && kind_at(e, at) == 0)
        at = next(e, at);
    int kind = at < end ? kind_at(e, at) : 0;
    while (at < end && kind_at(e, at) == kind)
        at = next(e, at);
    return at;
}

/* --- keys --- */

static bool go_left(struct edit *e)
{
    e->cursor = prev(e, e->cursor);
    return true;
}

static bool go_right(struct edit *e)
{
    e->cursor = next(e, e->cursor);
    return true;
}

static bool go_home(struct edit *e)
{
    e->cursor = 0;
    return true;
}

static bool go_end(struct edit *e)
{
    e->cursor = e->text.len;
    return true;
}

static bool go_word_left(struct edit *e)
{
    e->cursor = word_left(e);
    return true;
}

static bool go_word_right(struct edit *e)
{
    e->cursor = word_right(e);
    return true;
}

static bool delete_left(struct edit *e)
{
    cut(e, prev(e, e->cursor), e->cursor);
    return true;
}

static bool delete_right(struct edit *e)
{
    cut(e, e->cursor, next(e, e->cursor));
    return true;
}

static bool delete_word(struct edit *e)
{
    cut(e, word_left(e), e->cursor);
    return true;
}

/* On nothing these two are left to the screen (half a page up …). */
static bool delete_before(struct edit *e)
{
    bool some = e->text.len > 0;
    cut(e, 0, e->cursor);
    return some;
}

static bool delete_after(struct edit *e)
{
    bool some = e->text.len > 0;
    cut(e, e->cursor, e->text.len);
    return some;
}

static const struct {
    enum key_code code;
    uint32_t cp;
    unsigned mods;
    bool (*run)(struct edit *e);
} editing_keys[] = {
    {KEYC_left, 0, 0, go_left},
    {KEYC_right, 0, 0, go_right},
    {KEYC_home, 0, 0, go_home},
    {KEYC_end, 0, 0, go_end},
    {KEYC_backspace, 0, 0, delete_left},
    {KEYC_delete, 0, 0, delete_right},
    {KEYC_left, 0, MOD_ctrl, go_word_left},
    {KEYC_right, 0, MOD_ctrl, go_word_right},
    {KEYC_backspace, 0, MOD_alt, delete_word},
    {KEYC_NONE, 'a', MOD_ctrl, go_home},
    {KEYC_NONE, 'e', MOD_ctrl, go_end},
    {KEYC_NONE, 'b', MOD_alt, go_word_left},
    {KEYC_NONE, 'f', MOD_alt, go_word_right},
    {KEYC_NONE, 'w', MOD_ctrl, delete_word},
    {KEYC_NONE, 'u', MOD_ctrl, delete_before},
    {KEYC_NONE, 'k', MOD_ctrl, delete_after},
};

bool edit_key(struct edit *e, const struct event *ev)
{
    char text[4];
    if (ev->kind == EVENT_paste) {
        paste(e, ev->text, ev->len);
        return true;
    }
    if (key_is_text(ev)) {
        insert(e, text, utf8_encode(ev->cp, text));
        return true;
    }
    size_t n = sizeof(editing_keys) / sizeof(*editing_keys);
    for (size_t i = 0; i < n && ev->kind == EVENT_key; i++)
        if (editing_keys[i].code == ev->code && editing_keys[i].cp == ev->cp &&
            editing_keys[i].mods == ev->mods)
            return editing_keys[i].run(e);
    return false;
}

/* --- life --- */

struct edit *edit_new(size_t max, bool password)
{
    struct edit *e = x_calloc(1, sizeof(*e));
    e->max = max > 0 ? max : MAX_DEFAULT;
    e->password = password;
    if (password) /* so that growing leaves no copies behind */
        buf_reserve(&e->text, e->max * 4);
    return e;
}

void edit_free(struct edit **e)
{
    if (*e == NULL)
        return;
    if ((*e)->text.data != NULL)
        explicit_bzero((*e)->text.data, (*e)->text.cap);
    buf_free(&(*e)->text);
    x_free(e);
}

void edit_set(struct edit *e, const char *text)
{
    buf_clear(&e->text);
    e->cursor = e->left = 0;
    insert(e, text, strlen(text));
}

const char *edit_text(const struct edit *e)
{
    return text_of(e);
}

unsigned edit_changes(const struct edit *e)
{
    return e->changes;
}

size_t edit_cursor(const struct edit *e)
{
    return e->cursor;
}

/* --- drawing --- */

static int cells(const struct edit *e, size_t from, size_t to)
{
    if (!e->password)
        return utf8_width_n(text_of(e) + from, to - from);
    int n = 0;
    for (size_t at = from; at < to; at = next(e, at))
        n++;
    return n;
}

/* The view follows the cursor, which needs a cell of its own, and shows no
 * empty end while text is hidden at the left. */
static void scroll(struct edit *e, int w)
{
    if (e->left > e->cursor)
        e->left = e->cursor;
    while (e->left > 0 && cells(e, prev(e, e->left), e->text.len) < w)
        e->left = prev(e, e->left);
    while (e->left < e->cursor && cells(e, e->left, e->cursor) > w - 1)
        e->left = next(e, e->left);
}

static void draw_text(const struct edit *e, struct term *t, int y, int x, int w,
                      enum style s)
{
    const char *from = text_of(e) + e->left;
    size_t len = e->text.len - e->left;
    int used;
    char *shown = x_strndup(from, utf8_fit(from, len, w, &used));
    term_put(t, y, x, w, s, shown);
    x_free(&shown);
}

static void draw_password(const struct edit *e, struct term *t, int y, int x,
                          int w, enum style s)
{
    int n = cells(e, e->left, e->text.len);
    for (int i = 0; i < n && i < w; i++)
        term_put(t, y, x + i, 1, s, term_symbol(t, "password"));
}

void edit_draw(struct edit *e, struct term *t, int y, int x, int w,
               bool focused)
{
    enum style s = focused ? STYLE_field : STYLE_text;
    if (w <= 0)
        return;
    scroll(e, w);
    term_fill(t, (struct rect){y, x, 1, w}, s);
    if (e->password)
        draw_password(e, t, y, x, w, s);
    else
        draw_text(e, t, y, x, w, s);
    if (focused)
        term_cursor(t, y, x + cells(e, e->left, e->cursor), true);
}

void edit_click(struct edit *e, int x)
{
    size_t at = e->left;
    while (at < e->text.len && cells(e, e->left, next(e, at)) <= x)
        at = next(e, at);
    e->cursor = at;
}
