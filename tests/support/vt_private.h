/* What the files of the terminal harness share. */
#ifndef TESTS_SUPPORT_VT_PRIVATE_H
#define TESTS_SUPPORT_VT_PRIVATE_H

#include "common/buf.h"
#include "tests/support/vt.h"

#include <vterm.h>

struct vt {
    unsigned line_rate, line_delay;  /* as vt_options has them */
    uint64_t line_since, line_taken; /* read since then */
    uint64_t line_due;               /* when `out` has arrived */
    VTerm *vterm;
    VTermScreen *screen;
    int rows, cols;
    int master; /* our end of the pseudo-terminal, non-blocking */
    pid_t pid;
    bool ended;  /* the program's end is closed */
    bool reaped; /* `status` is what waitpid said */
    int status;
    char *home;
    bool own_home;
    struct buf out;   /* keys and replies on their way to the program */
    struct buf since; /* bytes from the program since the mark */
    struct buf held;  /* the first half of a character */
    struct buf text;  /* what vt_row, vt_dump and vt_raw return */
    bool cursor_visible, alt;
    int mouse; /* VTERM_PROP_MOUSE_… */
    int bells;
    char *title;
    struct buf clipboard;
};

/* Writes what waits, reads what has come within `ms`; false when nothing
 * came or the program has ended. */
bool vt_pump(struct vt *v, int ms);
/* Hands bytes to the program without ever blocking on it, and without
 * reading: a line that is busy stays so. */
void vt_queue(struct vt *v, const char *bytes, size_t len);
void vt_flush(struct vt *v);
/* The row without its trailing blanks, appended to `out`. */
void vt_row_text(const struct vt *v, int row, struct buf *out);

#endif
