/* The tty under the terminal: raw mode, size, and its rescue when the process
 * dies. For tui/term alone. */
#ifndef TUI_TERM_TTY_H
#define TUI_TERM_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

struct tty {
    int fd; /* non-blocking, a description of our own where possible */
    int shared_flags; /* to put back where the description is shared, or -1 */
    struct termios saved;
};

/* False with *why (x_free it; translated). */
bool tty_open(struct tty *t, int in_fd, int out_fd, char **why);
void tty_raw(const struct tty *t);
void tty_restore(const struct tty *t);
void tty_close(struct tty *t);
/* 24 × 80 where the tty does not say. */
void tty_size(const struct tty *t, int *rows, int *cols);
/* Writes all of it, waiting at most `ms` for a slow line. */
void tty_write(const struct tty *t, const char *data, size_t len, int ms);
/* From now on a fatal signal writes `rescue` (kept by the caller) and puts
 * the modes back before the process dies. */
void tty_guard(const struct tty *t, const char *rescue, size_t len);
void tty_unguard(void);

#endif
