/* The one-line editor: a UTF-8 buffer, a cursor that moves by grapheme, a
 * view that scrolls by cells. Knows no screen but the one it is drawn on. */
#ifndef TUI_WIDGET_EDIT_H
#define TUI_WIDGET_EDIT_H

#include "tui/term/term.h"

struct edit;

/* max: code points, 0 takes 1024. password: shown as dots, never copied. */
struct edit *edit_new(size_t max, bool password);
void edit_free(struct edit **e); /* a password is wiped */
/* Sets the text (cut at max), the cursor behind it. */
void edit_set(struct edit *e, const char *text);
const char *edit_text(const struct edit *e);
/* True where the key was an editing key: characters, paste, arrows left and
 * right, Home, End, Backspace, Delete, Ctrl-A/E/W/U/K, Alt-B/F and
 * Ctrl-arrows by word. Ctrl-U and Ctrl-K on nothing are not taken. */
bool edit_key(struct edit *e, const struct event *ev);
/* Counts every change of the text, for those who wait for one. */
unsigned edit_changes(const struct edit *e);
size_t edit_cursor(const struct edit *e); /* byte offset */
/* Draws w cells; parks the terminal's cursor where `focused`. */
void edit_draw(struct edit *e, struct term *t, int y, int x, int w,
               bool focused);
/* A click at cell x of the field. */
void edit_click(struct edit *e, int x);

#endif
