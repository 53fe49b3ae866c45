/* The terminal: opened, given back, suspended; what the rest of the client
 * asks of it. */
#include "tui/term/inner.h"

#include "common/clock.h"
#include "common/i18n.h"

#include <langinfo.h>
#include <string.h>

enum {
    WRITE_OUT_MS = 1000, /* what a slow line gets to take the farewell */
    COPY_MAX = 64 * 1024,
    SLOW_MS = 300, /* a round trip from which on the line is slow */
};

#define MODES_ON   "\033[?2004h"
#define MODES_OFF  "\033[?2004l"
#define MOUSE_ON   "\033[?1002h\033[?1006h"
#define MOUSE_OFF  "\033[?1006l\033[?1002l"
#define ASK_CURSOR "\033[6n"

static bool speaks_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* Draws one character whose width terminals do not agree on, asks where the
 * cursor is then, and leaves no trace: the first frame clears the screen. The
 * time of the answer is that of the line. */
static void ask_width(struct term *t)
{
    buf_printf(&t->out, "\033[%d;1H%s" ASK_CURSOR "\r", QUESTION_ROW,
               t->ascii ? "" : "—");
    t->asked_at = clock_mono_ms();
}

static void enter(struct term *t)
{
    canvas_take(&t->canvas, &t->out);
    buf_str(&t->out, MODES_ON);
    if (t->mouse)
        buf_str(&t->out, MOUSE_ON);
}

static void add_capability(struct buf *b, const char *name)
{
    const char *text = canvas_capability(name);
    if (text != NULL)
        buf_str(b, text);
}

/* What undoes everything, for a process that dies. */
static void make_rescue(struct term *t)
{
    buf_str(&t->rescue, MOUSE_OFF MODES_OFF);
    add_capability(&t->rescue, "sgr0");
    add_capability(&t->rescue, "cnorm");
    add_capability(&t->rescue, "rmcup");
}

/* Gives the tty back in the state it had. */
static void withdraw(struct term *t)
{
    buf_str(&t->out, MOUSE_OFF MODES_OFF);
    endwin();
    canvas_take(&t->canvas, &t->out);
    if (!t->gone)
        tty_write(&t->tty, t->out.data, t->out.len, WRITE_OUT_MS);
    buf_clear(&t->out);
    tty_restore(&t->tty);
}

/* The terminal has another size, or had another program: its scrolling
 * region may be the old one, and its content is gone. */
static void take_size(struct term *t)
{
    const char *region = canvas_capability("csr");
    tty_size(&t->tty, &t->rows, &t->cols);
    resizeterm(t->rows, t->cols);
    if (region != NULL)
        buf_str(&t->out, tiparm(region, 0, t->rows - 1));
    term_redraw(t);
}

struct term *term_open(uv_loop_t *loop, const struct term_options *o,
                       char **why)
{
    struct term *t = x_calloc(1, sizeof(*t));
    if (!tty_open(&t->tty, o->in_fd, o->out_fd, why)) {
        x_free(&t);
        return NULL;
    }
    tty_size(&t->tty, &t->rows, &t->cols);
    if (!canvas_open(&t->canvas, o->type, t->rows, t->cols, why)) {
        tty_close(&t->tty);
        x_free(&t);
        return NULL;
    }
    t->loop = loop;
    t->keys = key_decoder_new();
    t->frame = arena_new();
    t->ascii = o->ascii || !speaks_utf8();
    t->mouse = o->mouse;
    t->slow = o->slow;
    t->linear = o->linear;
    t->rtt_ms = -1;
    t->depth = canvas_depth(o->no_color);
    t->theme = o->theme != NULL ? theme_find(o->theme) : 0;
    t->theme = t->theme >= 0 ? t->theme : 0;
    theme_apply(t->theme, t->depth, t->looks);
    make_rescue(t);
    tty_raw(&t->tty);
    tty_guard(&t->tty, t->rescue.data, t->rescue.len);
    enter(t);
    ask_width(t);
    t->opened_at = clock_mono_ms();
    loop_start(t);
    loop_wake(t);
    return t;
}

static void on_closed(uv_handle_t *h)
{
    struct term *t = h->data;
    if (--t->closing > 0)
        return;
    tty_close(&t->tty);
    key_decoder_free(&t->keys);
    arena_free(&t->frame);
    buf_free(&t->out);
    buf_free(&t->rescue);
    x_free(&t);
}

void term_close(struct term **tp)
{
    struct term *t = *tp;
    if (t == NULL)
        return;
    *tp = NULL;
    if (!t->suspended)
        withdraw(t);
    tty_unguard();
    canvas_close(&t->canvas);
    uv_handle_t *handles[] = {(uv_handle_t *)&t->poll,
                              (uv_handle_t *)&t->prepare,
                              (uv_handle_t *)&t->esc, (uv_handle_t *)&t->settle,
                              (uv_handle_t *)&t->winch};
    t->closing = sizeof(handles) / sizeof(*handles);
    for (size_t i = 0; i < sizeof(handles) / sizeof(*handles); i++)
        uv_close(handles[i], on_closed);
}

void term_size(const struct term *t, int *rows, int *cols)
{
    *rows = t->rows;
    *cols = t->cols;
}

void term_resize(struct term *t)
{
    struct event e = {.kind = EVENT_resize};
    if (t->suspended)
        return;
    take_size(t);
    loop_give(t, &e);
}

void term_suspend(struct term *t)
{
    if (t->suspended)
        return;
    loop_unwatch(t);
    withdraw(t);
    t->suspended = true;
}

void term_resume(struct term *t)
{
    if (!t->suspended)
        return;
    t->suspended = false;
    tty_raw(&t->tty);
    enter(t);
    take_size(t);
    loop_watch(t);
}

const char *term_theme_at(int i)
{
    return i >= 0 && i < theme_count() ? theme_name(i) : NULL;
}

bool term_set_theme(struct term *t, const char *name)
{
    int theme = theme_find(name);
    if (theme < 0)
        return false;
    t->theme = theme;
    theme_apply(theme, t->depth, t->looks);
    term_redraw(t);
    return true;
}

const char *term_theme(const struct term *t)
{
    return theme_name(t->theme);
}

void term_set_mouse(struct term *t, bool on)
{
    if (t->mouse == on)
        return;
    t->mouse = on;
    buf_str(&t->out, on ? MOUSE_ON : MOUSE_OFF);
    loop_flush(t);
}

bool term_mouse(const struct term *t)
{
    return t->mouse;
}

void term_set_ascii(struct term *t, bool on)
{
    t->ascii = on || t->wide_marks || !speaks_utf8();
    term_redraw(t);
}

bool term_ascii(const struct term *t)
{
    return t->ascii;
}

int term_rtt_ms(const struct term *t)
{
    return t->rtt_ms;
}

void term_set_slow(struct term *t, enum term_slow slow)
{
    t->slow = slow;
    loop_wake(t);
}

bool term_is_slow(const struct term *t)
{
    return t->slow == SLOW_on || (t->slow == SLOW_auto && t->rtt_ms > SLOW_MS);
}

void term_set_linear(struct term *t, bool on)
{
    t->linear = on;
    term_redraw(t);
}

bool term_linear(const struct term *t)
{
    return t->linear;
}

void term_on_event(struct term *t,
                   void (*event)(void *ctx, const struct event *e),
                   void (*hangup)(void *ctx), void *ctx)
{
    t->event = event;
    t->hangup = hangup;
    t->event_ctx = ctx;
}

void term_on_draw(struct term *t, void (*draw)(void *ctx), void *ctx)
{
    t->draw = draw;
    t->draw_ctx = ctx;
}

void term_wake(struct term *t)
{
    loop_wake(t);
}

void term_redraw(struct term *t)
{
    clearok(curscr, TRUE);
    t->dirty = t->urgent = true;
}

void term_bell(struct term *t)
{
    buf_char(&t->out, '\a');
    loop_flush(t);
}

void term_copy(struct term *t, const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)text;
    size_t n = strlen(text);
    n = n < COPY_MAX ? n : COPY_MAX;
    buf_str(&t->out, "\033]52;c;");
    for (size_t i = 0; i < n; i += 3) {
        uint32_t v = (uint32_t)p[i] << 16;
        v |= i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0;
        v |= i + 2 < n ? p[i + 2] : 0;
        buf_char(&t->out, digits[v >> 18]);
        buf_char(&t->out, digits[v >> 12 & 63]);
        buf_char(&t->out, i + 1 < n ? digits[v >> 6 & 63] : '=');
        buf_char(&t->out, i + 2 < n ? digits[v & 63] : '=');
    }
    buf_char(&t->out, '\a');
    loop_flush(t);
}

uint64_t term_bytes(const struct term *t)
{
    return t->sent;
}
