/* Makes what ncurses wrote shorter for the line, without changing what it
 * does. For tui/term alone, and its test. */
#ifndef TUI_TERM_SQUEEZE_H
#define TUI_TERM_SQUEEZE_H

#include <stdbool.h>
#include <stddef.h>

/* Rewrites `len` bytes in place and returns how many are left. `columns`: the
 * terminal knows ESC[nG and keeps the cursor in the last column until the
 * next character (terminfo hpa and xenl). */
size_t squeeze(char *s, size_t len, bool columns);

#endif
