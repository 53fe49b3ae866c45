/* Keys: a table-driven decoder from bytes to events. UTF-8, CSI, SS3,
 * bracketed paste, SGR mouse, replies to queries. No I/O: bytes in, events
 * out, so that it can be fuzzed. */
#ifndef TUI_TERM_KEY_H
#define TUI_TERM_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
    EVENT_key,   /* cp or code, with mods */
    EVENT_paste, /* text, len: cleaned, at most 1 MiB */
    EVENT_mouse,
    EVENT_reply, /* answer to a query: reply, arg[] */
    EVENT_resize,
    EVENT_focus
};

enum key_code {
    KEYC_NONE = 0,
#define KEYC(id, name) KEYC_##id,
#include "tui/term/key.def"
#undef KEYC
    KEYCS
};

enum { MOD_shift = 1, MOD_alt = 2, MOD_ctrl = 4 };
enum mouse_kind {
    MOUSE_press,
    MOUSE_release,
    MOUSE_drag,
    MOUSE_wheel_up,
    MOUSE_wheel_down
};

enum { BUTTON_LEFT, BUTTON_MIDDLE, BUTTON_RIGHT };

struct event {
    enum event_kind kind;
    enum key_code code; /* KEYC_NONE: `cp` is the character */
    uint32_t cp;
    unsigned mods;
    const char *text;
    size_t len;
    enum mouse_kind mouse;
    int button, y, x;   /* cells, 0-based */
    bool twice;         /* the second press of a double click */
    int from_y, from_x; /* of a drag and its release: where it began */
    char reply; /* final byte: 'R' cursor position, 'c' attributes … */
    int arg[4], nargs;
    int64_t number; /* of the action go_row: the number typed after `:` */
};

#define KEY_PASTE_MAX ((size_t)1024 * 1024)
#define KEY_NAME_LEN  32

struct key_decoder;
struct key_decoder *key_decoder_new(void);
void key_decoder_free(struct key_decoder **d);
void key_feed(struct key_decoder *d, const char *bytes, size_t len);
/* The next event; false when more bytes are wanted. Its text lives until the
 * next key_next or key_feed. */
bool key_next(struct key_decoder *d, struct event *out);
/* A lone Esc (or a sequence cut short) is waiting: after the time-out call
 * key_flush, then key_next gives it. */
bool key_pending(const struct key_decoder *d);
void key_flush(struct key_decoder *d);

/* "ctrl-s", "esc", "shift-up", "g", "?", "space" ↔ event, for bindings and
 * help. False where the name is none. */
bool key_parse(const char *name, struct event *out);
void key_spell(const struct event *e, char out[KEY_NAME_LEN]);
bool key_equal(const struct event *a, const struct event *b);
/* True for a key that types a character: no Ctrl, no Alt, no named key. */
bool key_is_text(const struct event *e);

#endif
