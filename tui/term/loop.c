/* The terminal on the loop: bytes in become events, a frame is drawn when the
 * pending input has been read and the line is free, and leaves in one write. */
#include "tui/term/inner.h"

#include "common/clock.h"
#include "common/utf8.h"

#include <errno.h>
#include <unistd.h>

enum {
    READ_PIECE = 4096,
    READ_MAX = 1024 * 1024, /* of one look, so that a flood is no standstill */
    ESC_MIN_MS = 50,
    ESC_MAX_MS = 500,
    LAZY_MS = 500,
    SETTLE_MS = 10,     /* answers that come together are one frame */
    FIRST_MAX_MS = 100, /* the first frame waits for quiet, this long at most */
};

void loop_unwatch(struct term *t)
{
    uv_poll_stop(&t->poll);
    uv_timer_stop(&t->esc);
    t->watched = 0;
}

static void hang_up(struct term *t)
{
    if (t->gone)
        return;
    t->gone = true;
    loop_unwatch(t);
    if (t->hangup != NULL)
        t->hangup(t->event_ctx);
}

/* --- out --- */

void loop_flush(struct term *t)
{
    while (t->out.len > 0 && !t->gone) {
        ssize_t n = write(t->tty.fd, t->out.data, t->out.len);
        if (n > 0) {
            t->sent += (uint64_t)n;
            buf_drop(&t->out, (size_t)n);
        } else if (n < 0 && errno != EINTR) {
            if (errno != EAGAIN)
                hang_up(t);
            break;
        }
    }
    loop_watch(t);
}

static void draw_frame(struct term *t)
{
    t->lazy = !t->keyed;
    t->lazy_at = clock_mono_ms();
    t->dirty = t->urgent = t->keyed = false;
    t->opened_at = 0;
    uv_timer_stop(&t->settle);
    arena_reset(t->frame);
    canvas_ground(&t->looks[STYLE_text]);
    werase(stdscr);
    t->cursor_visible = false;
    t->cursor_y = t->rows - 1;
    t->cursor_x = 0;
    t->draw(t->draw_ctx);
    wmove(stdscr, t->cursor_y < t->rows ? t->cursor_y : t->rows - 1,
          t->cursor_x < t->cols ? t->cursor_x : t->cols - 1);
    curs_set(t->cursor_visible ? 1 : 0);
    wnoutrefresh(stdscr);
    doupdate();
    canvas_take(&t->canvas, &t->out);
    loop_flush(t);
}

/* --- in --- */

void loop_give(struct term *t, const struct event *e)
{
    if (t->event != NULL)
        t->event(t->event_ctx, e);
}

/* The answer says how far one ambiguous character moved the cursor. ncurses
 * counts one cell; where the terminal disagrees, nothing ambiguous is drawn. */
static void on_reply(struct term *t, const struct event *e)
{
    if (t->asked_at == 0 || e->reply != 'R' || e->arg[0] != QUESTION_ROW)
        return;
    t->rtt_ms = (int)(clock_mono_ms() - t->asked_at);
    t->asked_at = 0;
    if (t->ascii || e->arg[1] == 2)
        return;
    utf8_set_ambiguous(2);
    t->ascii = t->wide_marks = true;
    term_redraw(t);
}

static void decode(struct term *t)
{
    struct event e;
    t->decoding = true;
    while (!t->suspended && key_next(t->keys, &e)) {
        if (e.kind == EVENT_mouse)
            click_note(&t->clicks, &e, clock_mono_ms());
        if (e.kind == EVENT_reply)
            on_reply(t, &e);
        else if (e.kind != EVENT_focus)
            loop_give(t, &e);
    }
    t->decoding = false;
}

static int esc_wait_ms(const struct term *t)
{
    return t->rtt_ms < ESC_MIN_MS   ? ESC_MIN_MS
           : t->rtt_ms > ESC_MAX_MS ? ESC_MAX_MS
                                    : t->rtt_ms;
}

static void on_esc(uv_timer_t *timer)
{
    struct term *t = timer->data;
    key_flush(t->keys);
    decode(t);
}

/* Everything there is now, then the events in it. */
static void read_input(struct term *t)
{
    char piece[READ_PIECE];
    size_t total = 0;
    bool some = false;
    while (!t->gone && !t->suspended && total < READ_MAX) {
        ssize_t n = read(t->tty.fd, piece, sizeof(piece));
        if (n > 0) {
            key_feed(t->keys, piece, (size_t)n);
            total += (size_t)n;
            some = true;
        } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            hang_up(t);
        } else if (errno == EAGAIN) {
            break;
        }
    }
    if (!some)
        return;
    uv_timer_stop(&t->esc);
    decode(t);
    if (!t->suspended && key_pending(t->keys))
        uv_timer_start(&t->esc, on_esc, (uint64_t)esc_wait_ms(t), 0);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct term *t = poll->data;
    if (status < 0) {
        hang_up(t);
        return;
    }
    if (events & UV_WRITABLE)
        loop_flush(t);
    if (events & UV_READABLE)
        read_input(t);
}

void loop_watch(struct term *t)
{
    if (t->gone || t->suspended)
        return;
    int events = UV_READABLE | (t->out.len > 0 ? UV_WRITABLE : 0);
    if (events != t->watched)
        uv_poll_start(&t->poll, events, on_poll);
    t->watched = events;
}

/* The line is busy with the frame before while the tty takes no more. */
static bool may_draw(const struct term *t)
{
    bool busy = (t->watched & UV_WRITABLE) != 0;
    return t->urgent && !busy && !t->gone && !t->suspended;
}

/* Keys that came while the events before were handled belong to this frame:
 * on a slow line forty arrows are one frame. */
static void on_prepare(uv_prepare_t *prepare)
{
    struct term *t = prepare->data;
    if (may_draw(t))
        read_input(t);
    if (may_draw(t) && t->draw != NULL)
        draw_frame(t);
}

static void on_settled(uv_timer_t *timer)
{
    struct term *t = timer->data;
    t->urgent = t->dirty;
}

/* On a slow line what nobody pressed a key for comes twice a second at most;
 * the first frame behind a key's own is most often its answer. */
static uint64_t settle_ms(const struct term *t)
{
    uint64_t since = clock_mono_ms() - t->lazy_at;
    bool wait = t->lazy && term_is_slow(t) && since < LAZY_MS;
    return wait ? LAZY_MS - since : SETTLE_MS;
}

/* A key is answered at once. What else changes the screen (answers, timers)
 * seldom comes alone, so it waits a moment for the rest; the first frame
 * waits until nothing more comes, since a client that starts gets its rows a
 * few milliseconds later anyway. */
void loop_wake(struct term *t)
{
    bool first =
        t->opened_at != 0 && clock_mono_ms() - t->opened_at < FIRST_MAX_MS;
    t->dirty = true;
    t->keyed |= t->decoding;
    t->urgent |= t->decoding;
    if (!t->urgent && (first || !uv_is_active((uv_handle_t *)&t->settle)))
        uv_timer_start(&t->settle, on_settled, settle_ms(t), 0);
}

static void on_winch(uv_signal_t *signal, int number)
{
    (void)number;
    term_resize(signal->data);
}

void loop_start(struct term *t)
{
    uv_poll_init(t->loop, &t->poll, t->tty.fd);
    uv_prepare_init(t->loop, &t->prepare);
    uv_timer_init(t->loop, &t->esc);
    uv_timer_init(t->loop, &t->settle);
    uv_signal_init(t->loop, &t->winch);
    t->poll.data = t->prepare.data = t->winch.data = t;
    t->esc.data = t->settle.data = t;
    uv_prepare_start(&t->prepare, on_prepare);
    uv_signal_start(&t->winch, on_winch, SIGWINCH);
    loop_watch(t);
}
