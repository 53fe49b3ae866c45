/* What the files of tui/term share and nobody else sees. */
#ifndef TUI_TERM_INNER_H
#define TUI_TERM_INNER_H

#include "common/buf.h"
#include "common/mem.h"
#include "tui/term/click.h"
#include "tui/term/term.h"
#include "tui/term/theme.h"
#include "tui/term/tty.h"

#include <curses.h>
#include <stdio.h>

/* ncurses' screen, whose output goes to a file in memory. */
struct canvas {
    SCREEN *screen;
    FILE *sink, *nothing;
    int fd;       /* of sink */
    bool columns; /* see squeeze.h */
};

struct term {
    uv_loop_t *loop;
    struct tty tty;
    struct canvas canvas;
    struct key_decoder *keys;
    uv_poll_t poll;       /* input always, output while `out` waits */
    uv_prepare_t prepare; /* draws, just before the loop would sleep */
    uv_timer_t esc;       /* a lone Esc */
    uv_timer_t settle;    /* until what comes together has come */
    uv_signal_t winch;
    int watched;       /* what `poll` is started with */
    int closing;       /* handles whose close callback is still to come */
    struct buf out;    /* written to the tty, the rest as it takes it */
    struct buf rescue; /* what a fatal signal writes */
    uint64_t sent;
    bool dirty;  /* a frame is wanted … */
    bool urgent; /* … now */
    bool decoding;
    uint64_t opened_at; /* clock_mono_ms; 0 after the first frame */
    bool gone;          /* the tty hung up */
    bool suspended;     /* somebody else has the tty */
    int rows, cols;
    int theme;
    enum depth depth;
    struct look looks[STYLES];
    bool ascii, mouse, linear;
    bool wide_marks; /* ambiguous characters take two cells here: no symbols */
    enum term_slow slow;
    bool keyed;       /* a key wants the next frame */
    bool lazy;        /* the frame before was none that a key asked for … */
    uint64_t lazy_at; /* … drawn then */
    struct clicks clicks;
    uint64_t asked_at; /* clock_mono_ms of the width question; 0: answered */
    int rtt_ms;
    int cursor_y, cursor_x;
    bool cursor_visible;
    struct arena *frame; /* texts made safe, forgotten after each frame */
    void (*draw)(void *ctx);
    void *draw_ctx;
    void (*event)(void *ctx, const struct event *e);
    void (*hangup)(void *ctx);
    void *event_ctx;
};

/* The row where the terminal is asked for its cursor: not the first, whose
 * answer would look like F3 with a modifier (key.c, is_report). */
enum { QUESTION_ROW = 2 };

/* loop.c */
void loop_start(struct term *t);
void loop_watch(struct term *t); /* input, and output while some waits */
void loop_unwatch(struct term *t);
void loop_wake(struct term *t); /* asks for a frame */
void loop_give(struct term *t, const struct event *e);
void loop_flush(struct term *t); /* writes what the line takes */

/* canvas.c */
bool canvas_open(struct canvas *c, const char *type, int rows, int cols,
                 char **why);
void canvas_close(struct canvas *c);
/* Moves what ncurses wrote since the last call behind `out`. */
void canvas_take(struct canvas *c, struct buf *out);
/* A string of terminfo, NULL where the terminal lacks it. */
const char *canvas_capability(const char *name);
enum depth canvas_depth(bool no_color);
/* What is not drawn on has the ground of this look. */
void canvas_ground(const struct look *look);

#endif
