/* What a press of the mouse is beside the presses before it: the second of a
 * double click, the start of a drag. No I/O and no clock of its own. */
#ifndef TUI_TERM_CLICK_H
#define TUI_TERM_CLICK_H

#include "tui/term/key.h"

/* Two presses within this time are a double click. */
enum { CLICK_TWICE_MS = 400 };

struct clicks {
    uint64_t at; /* of the press that may become a double click; 0: none */
    int button, y, x;
};

/* Fills `twice` of a press, and where the button went down of the drags and
 * the release that follow. */
void click_note(struct clicks *c, struct event *e, uint64_t now_ms);

#endif
