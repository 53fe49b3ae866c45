/* The terminal: raw mode, size, one write a frame, and drawing on ncurses'
 * virtual screen. ncurses writes into memory; what comes out goes to the tty
 * in one write, without ever blocking the loop, and no frame is begun while
 * the line is still busy with the one before. */
#ifndef TUI_TERM_TERM_H
#define TUI_TERM_TERM_H

#include "tui/term/key.h"

#include <uv.h>

/* What a cell means; the theme says how it looks. */
enum style {
#define STYLE(id, help) STYLE_##id,
#include "tui/term/style.def"
#undef STYLE
    STYLES
};

struct rect {
    int y, x, h, w;
};

enum depth { DEPTH_mono, DEPTH_8, DEPTH_16, DEPTH_256 };

/* Is the line slow? auto: where a round trip takes longer than 300 ms. */
enum term_slow { SLOW_auto, SLOW_on, SLOW_off };

struct term_options {
    int in_fd, out_fd; /* the tty */
    const char *type;  /* terminfo name; NULL: $TERM */
    bool ascii;        /* no symbols beyond ASCII */
    bool no_color;
    const char *theme; /* dark light mono high basic; NULL: dark */
    bool mouse;
    enum term_slow slow;
    bool linear; /* for a screen reader: no marks and lines to look at */
};

struct term;
/* NULL with *why (x_free it; translated) where there is no usable terminal. */
struct term *term_open(uv_loop_t *loop, const struct term_options *o,
                       char **why);
/* Restores the tty. A fatal signal restores it by itself. The memory goes
 * when the loop has run its close callbacks. */
void term_close(struct term **t);
void term_size(const struct term *t, int *rows, int *cols);
/* Asks the tty for its size; SIGWINCH does it by itself. */
void term_resize(struct term *t);
void term_suspend(struct term *t); /* Ctrl-Z, $EDITOR; then term_resume */
void term_resume(struct term *t);
bool term_set_theme(struct term *t, const char *name);
const char *term_theme(const struct term *t);
const char *term_theme_at(int i); /* the names of all; NULL past the last */
void term_set_mouse(struct term *t, bool on);
bool term_mouse(const struct term *t);
void term_set_ascii(struct term *t, bool on);
bool term_ascii(const struct term *t);
/* On a slow line: fewer decorations, and what nobody asked for is drawn twice
 * a second at most. */
void term_set_slow(struct term *t, enum term_slow slow);
bool term_is_slow(const struct term *t);
void term_set_linear(struct term *t, bool on);
bool term_linear(const struct term *t);
/* Round trip to the terminal in ms as measured at the start, -1 unknown. */
int term_rtt_ms(const struct term *t);
/* Every decoded event; resizes come as EVENT_resize. `hangup` is called once
 * when the terminal is gone. */
void term_on_event(struct term *t,
                   void (*event)(void *ctx, const struct event *e),
                   void (*hangup)(void *ctx), void *ctx);
/* Asks for a frame; it is drawn once the pending input has been read and the
 * line is free. `draw` is given at set-up. */
void term_on_draw(struct term *t, void (*draw)(void *ctx), void *ctx);
void term_wake(struct term *t);
void term_redraw(struct term *t); /* Ctrl-L: everything anew */
void term_bell(struct term *t);
void term_copy(struct term *t, const char *text); /* OSC 52 */
/* Bytes and frames sent so far, for the tests of the line. */
uint64_t term_bytes(const struct term *t);

/* Drawing, only inside `draw`. Text is made safe and cut to w cells, with `…`
 * where it was cut; a wide character is never halved. Returns cells used. */
int term_put(struct term *t, int y, int x, int w, enum style s,
             const char *text);
int term_put_right(struct term *t, int y, int x, int w, enum style s,
                   const char *text);
void term_fill(struct term *t, struct rect r, enum style s);
void term_rule(struct term *t, int y, int x, int w); /* one thin line */
/* Gives cells already drawn another style (highlight of a match). */
void term_restyle(struct term *t, int y, int x, int w, enum style s);
/* What has been drawn so far is a picture of its own on the way to the next:
 * a shift is then sent as a shift. Both go out in one write. */
void term_stage(struct term *t);
/* What the terminal shows moves n cells to the right, in the h lines from y,
 * from x on; blanks come in, what reaches the edge is lost (it has to be blank
 * by then: term_stage). Nothing happens on a terminal that can not. */
void term_make_room(struct term *t, int y, int h, int x, int n);
/* Where the terminal's cursor is parked; visible in fields. */
void term_cursor(struct term *t, int y, int x, bool visible);
void term_cursor_at(const struct term *t, int *y, int *x);
/* A symbol by its meaning, with an ASCII twin: "focus", "check", "cut" … */
const char *term_symbol(const struct term *t, const char *name);

#endif
