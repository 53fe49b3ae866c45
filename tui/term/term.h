/* The terminal: raw mode, size, one write a frame, and drawing on ncurses'
 * virtual screen. ncurses writes into a pipe; what comes out goes to the tty
 * without ever blocking the loop, and no frame is begun while the line is
 * still busy with the one before. */
#ifndef TUI_TERM_TERM_H
#define TUI_TERM_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
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

struct term_options {
    int in_fd, out_fd; /* the tty */
    bool ascii;        /* no symbols beyond ASCII */
    bool no_color;
    const char *theme; /* dark light mono high */
    bool mouse;
};

struct term;
struct term *term_open(uv_loop_t *loop, const struct term_options *o,
                       char **why);
/* Restores the tty whatever happened; safe in a signal's aftermath. */
void term_close(struct term **t);
void term_size(const struct term *t, int *rows, int *cols);
void term_resize(struct term *t); /* after SIGWINCH */
void term_suspend(struct term *t); /* Ctrl-Z, $EDITOR; then term_resume */
void term_resume(struct term *t);
bool term_set_theme(struct term *t, const char *name);
bool term_ascii(const struct term *t);
/* Asks for a frame; it is drawn once the pending input has been read and the
 * line is free. `draw` is given at set-up. */
void term_on_draw(struct term *t, void (*draw)(void *ctx), void *ctx);
void term_wake(struct term *t);
void term_redraw(struct term *t); /* Ctrl-L: everything anew */
void term_bell(struct term *t);
void term_copy(struct term *t, const char *text); /* OSC 52 */
/* Bytes and frames sent so far, for the tests of the line. */
uint64_t term_bytes(const struct term *t);

/* Drawing, only inside `draw`. Text is made safe and cut to the rectangle;
 * a wide character is never halved. Returns cells used. */
int term_put(struct term *t, int y, int x, int w, enum style s,
             const char *text);
int term_put_right(struct term *t, int y, int x, int w, enum style s,
                   const char *text);
void term_fill(struct term *t, struct rect r, enum style s);
void term_rule(struct term *t, int y, int x, int w); /* one thin line */
/* Gives cells already drawn another style (highlight of a match). */
void term_restyle(struct term *t, int y, int x, int w, enum style s);
/* Where the terminal's cursor is parked; visible in fields. */
void term_cursor(struct term *t, int y, int x, bool visible);
/* A symbol by its meaning, with an ASCII twin: "focus", "check", "cut" … */
const char *term_symbol(const struct term *t, const char *name);

#endif
