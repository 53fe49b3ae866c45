/* The client in a pseudo-terminal: its output drawn by libvterm in this
 * process, keys sent as a terminal sends them, the picture compared as text.
 * Every wait is for a condition; the time-out only ends a broken test. */
#ifndef TESTS_SUPPORT_VT_H
#define TESTS_SUPPORT_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Patience of the vt_expect functions, in milliseconds; generous because the
 * machine may be busy with everything else. */
#define VT_PATIENCE 30000

struct vt_options {
    int rows, cols;          /* 0: 40 × 120 */
    const char *const *argv; /* NULL-terminated; NULL: the client `kehu` of
                                this build without arguments */
    const char *const *env;  /* "NAME=value" beside the defaults, or NULL.
                                HOME and the XDG folders lie in `home`. */
    const char *term;        /* NULL: xterm-256color */
    /* A slow line: bytes a second from the program (0: as they come), and how
     * long keys and answers are on their way to it. */
    int rate, delay_ms;
    const char *home; /* kept afterwards, for a second start; NULL: a
                         fresh folder that vt_stop removes */
};

struct vt;

/* Starts the program. Never NULL: what fails here fails the test. The
 * terminal heeds one mode a sequence (ESC[?1002h ESC[?1006h, not
 * ESC[?1002;1006h): libvterm 0.1 reads no further. */
struct vt *vt_start(const struct vt_options *o);
/* Hangs up, waits for the end, kills what stays, frees. */
void vt_stop(struct vt **v);
const char *vt_home(const struct vt *v);
pid_t vt_pid(const struct vt *v);

/* Keys as a person types them: text stands for itself (UTF-8), others by
 * name between angle brackets: <Enter> <Esc> <Tab> <S-Tab> <BS> <Del> <Up>
 * <Down> <Left> <Right> <Home> <End> <PgUp> <PgDn> <Ins> <F1> … <F12>
 * <Space> <lt>; with C-, S-, A- in front: <C-s> <S-Up> <A-x> <C-Left>. */
void vt_keys(struct vt *v, const char *keys);
/* Exactly these bytes. */
void vt_send(struct vt *v, const char *bytes, size_t len);
/* Bracketed, where the program asked for it. */
void vt_paste(struct vt *v, const char *text);
/* Button 1 left, 2 middle, 3 right, 4 and 5 the wheel; cells from 0. Sent
 * only where the program asked for the mouse. */
void vt_click(struct vt *v, int button, int row, int col);
void vt_drag(struct vt *v, int row, int col, int to_row, int to_col);
void vt_resize(struct vt *v, int rows, int cols);

/* Waiting: true as soon as it holds, false after `ms` or when the program
 * has ended without it. */
typedef bool vt_condition(struct vt *v, void *ctx);
bool vt_wait(struct vt *v, vt_condition *holds, void *ctx, int ms);
bool vt_wait_text(struct vt *v, const char *text, int ms);
bool vt_wait_gone(struct vt *v, const char *text, int ms);
/* The same, failing the test with the picture when it does not come. */
void vt_expect(struct vt *v, const char *text);
void vt_expect_gone(struct vt *v, const char *text);
void vt_expect_row(struct vt *v, int row, const char *text);
void vt_expect_cursor(struct vt *v, int row, int col); /* -1: any */
/* Reads until nothing has come for `ms`: only for measuring, and for showing
 * that something does not come. */
void vt_settle(struct vt *v, int ms);

/* The picture. A row is its text without trailing blanks; the string lives
 * until the next call that takes `v`. */
const char *vt_row(struct vt *v, int row);
/* Where a text stands (first from the top left); -1 where it does not. A
 * text does not run over the end of a row. */
int vt_find(struct vt *v, const char *text, int *col);
bool vt_has(struct vt *v, const char *text);
/* All rows in a frame, with the cursor: for messages and for manuals. */
const char *vt_dump(struct vt *v);
void vt_cursor(const struct vt *v, int *row, int *col, bool *visible);
void vt_size(const struct vt *v, int *rows, int *cols);

/* One cell. Colours: index of the 256, -1 the terminal's own, or 0x1000000
 * and RGB. */
struct vt_cell {
    char text[25]; /* UTF-8; "" for the right half of a wide character */
    int width;
    bool bold, italic, reverse;
    int underline;
    int fg, bg;
};
struct vt_cell vt_cell(const struct vt *v, int row, int col);
bool vt_altscreen(const struct vt *v);
bool vt_mouse(const struct vt *v); /* the program asked for it */
int vt_bells(const struct vt *v);
const char *vt_title(const struct vt *v);
/* The payload of the last OSC 52 (base64 and its "c;"), "" where none. */
const char *vt_clipboard(const struct vt *v);

/* The line: bytes from the program since the last mark, exactly. */
void vt_mark(struct vt *v);
size_t vt_bytes(const struct vt *v);
/* Those bytes, readable ("␛[2;5H…"), for finding out what they were. */
const char *vt_raw(struct vt *v);
/* Bytes for the action: mark, keys, until it has been quiet for 150 ms. */
size_t vt_cost(struct vt *v, const char *keys);

/* Waits for the end: exit code, 256 + signal, or -1 when it still runs. */
int vt_wait_exit(struct vt *v, int ms);

#endif
