/* Markdown as a terminal shows it: headings, lists, quotes, bold, code and
 * links, wrapped by cells (DET-02). What is no Markdown stays as it is. */
#ifndef TUI_WIDGET_MARKDOWN_H
#define TUI_WIDGET_MARKDOWN_H

#include "tui/term/term.h"

struct arena;

/* A piece of a line: `line` from 0, `x` in cells. `text` lives during the
 * call. */
typedef void markdown_put_fn(void *ctx, int line, int x, enum style s,
                             const char *text);

/* Lays `text` out in lines of w cells, at most `max`, and gives each piece to
 * `put` (NULL: they are only counted). `bullet` and `bar` are the signs of
 * list items and quotes, one cell each. Returns the lines, at least 1. */
int markdown_lay(const char *text, int w, int max, const char *bullet,
                 const char *bar, markdown_put_fn *put, void *ctx);

#endif
