/* The editor of many lines: wraps by cells, moves by the lines seen. */
#ifndef TUI_WIDGET_TEXTAREA_H
#define TUI_WIDGET_TEXTAREA_H

#include "tui/term/term.h"

struct textarea;

/* max: code points, 0 takes 20,000. */
struct textarea *textarea_new(size_t max);
void textarea_free(struct textarea **a);
void textarea_set(struct textarea *a, const char *text);
const char *textarea_text(const struct textarea *a);
/* As edit_key; Enter is a new line, up and down are taken inside the text
 * and left to the caller at its first and last line. */
bool textarea_key(struct textarea *a, const struct event *ev);
unsigned textarea_changes(const struct textarea *a);
/* Lines the text takes at this width, at least 1. */
int textarea_lines(struct textarea *a, int w);
void textarea_draw(struct textarea *a, struct term *t, struct rect r,
                   bool focused);

/* Text wrapped at w cells without an editor: where the line that starts at
 * byte `at` ends; *next is where the one after starts. */
size_t wrap_line(const char *text, size_t len, size_t at, int w, size_t *next);
int wrap_count(const char *text, int w);

#endif
