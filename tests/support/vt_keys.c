/* Keys by name to the bytes a terminal sends, through libvterm's keyboard so
 * that modes the program asked for are honoured. */
#include "common/utf8.h"
#include "tests/support/check.h"
#include "tests/support/vt_private.h"

#include <string.h>

static const struct {
    const char *name;
    VTermKey key;
} named[] = {
    {"Enter", VTERM_KEY_ENTER},
    {"Tab", VTERM_KEY_TAB},
    {"BS", VTERM_KEY_BACKSPACE},
    {"Esc", VTERM_KEY_ESCAPE},
    {"Up", VTERM_KEY_UP},
    {"Down", VTERM_KEY_DOWN},
    {"Left", VTERM_KEY_LEFT},
    {"Right", VTERM_KEY_RIGHT},
    {"Ins", VTERM_KEY_INS},
    {"Del", VTERM_KEY_DEL},
    {"Home", VTERM_KEY_HOME},
    {"End", VTERM_KEY_END},
    {"PgUp", VTERM_KEY_PAGEUP},
    {"PgDn", VTERM_KEY_PAGEDOWN},
    {"F1", VTERM_KEY_FUNCTION(1)},
    {"F2", VTERM_KEY_FUNCTION(2)},
    {"F3", VTERM_KEY_FUNCTION(3)},
    {"F4", VTERM_KEY_FUNCTION(4)},
    {"F5", VTERM_KEY_FUNCTION(5)},
    {"F6", VTERM_KEY_FUNCTION(6)},
    {"F7", VTERM_KEY_FUNCTION(7)},
    {"F8", VTERM_KEY_FUNCTION(8)},
    {"F9", VTERM_KEY_FUNCTION(9)},
    {"F10", VTERM_KEY_FUNCTION(10)},
    {"F11", VTERM_KEY_FUNCTION(11)},
    {"F12", VTERM_KEY_FUNCTION(12)},
};

static const struct {
    const char *name;
    uint32_t cp;
} characters[] = {
    {"Space", ' '},
    {"lt", '<'},
};

static const struct {
    char letter;
    VTermModifier mod;
} modifiers[] = {
    {'C', VTERM_MOD_CTRL},
    {'S', VTERM_MOD_SHIFT},
    {'A', VTERM_MOD_ALT},
};

/* A character with modifiers as xterm sends it: libvterm would use CSI u for
 * control characters that have another meaning (Ctrl-I), xterm does not. */
static void send_character(struct vt *v, uint32_t cp, VTermModifier mod)
{
    char bytes[5];
    size_t n = 0;
    if (mod & VTERM_MOD_ALT)
        bytes[n++] = '\033';
    if (mod & VTERM_MOD_CTRL)
        cp &= 0x1f;
    if (cp < 0x80)
        bytes[n++] = (char)cp;
    else
        n += utf8_encode(cp, bytes + n);
    vt_queue(v, bytes, n);
}

static bool is_name(const char *name, const char *text, size_t len)
{
    return strlen(name) == len && memcmp(name, text, len) == 0;
}

static VTermModifier read_modifiers(const char **text, const char *end)
{
    VTermModifier mod = VTERM_MOD_NONE;
    for (size_t i = 0; i < sizeof modifiers / sizeof *modifiers;) {
        const char *s = *text;
        if (end - s > 2 && s[0] == modifiers[i].letter && s[1] == '-') {
            mod |= modifiers[i].mod;
            *text += 2;
            i = 0;
        } else {
            i++;
        }
    }
    return mod;
}

/* What stands between the brackets. */
static void send_named(struct vt *v, const char *text, const char *end)
{
    const char *name = text;
    VTermModifier mod = read_modifiers(&name, end);
    size_t len = (size_t)(end - name);
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (is_name(named[i].name, name, len)) {
            vterm_keyboard_key(v->vterm, named[i].key, mod);
            return;
        }
    }
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        if (is_name(characters[i].name, name, len)) {
            send_character(v, characters[i].cp, mod);
            return;
        }
    }
    uint32_t cp = 0;
    if (len == 0 || utf8_decode(name, len, &cp) != len)
        check_fail("no key <%.*s>", (int)(end - text), text);
    send_character(v, cp, mod);
}

void vt_keys(struct vt *v, const char *keys)
{
    const char *end;
    while (*keys) {
        if (*keys == '<' && (end = strchr(keys, '>')) != NULL) {
            send_named(v, keys + 1, end);
            keys = end + 1;
        } else {
            size_t n = strcspn(keys + 1, "<") + 1;
            vt_queue(v, keys, n);
            keys += n;
        }
    }
    vt_flush(v);
}

void vt_send(struct vt *v, const char *bytes, size_t len)
{
    vt_queue(v, bytes, len);
    vt_flush(v);
}

void vt_paste(struct vt *v, const char *text)
{
    vterm_keyboard_start_paste(v->vterm);
    vt_queue(v, text, strlen(text));
    vterm_keyboard_end_paste(v->vterm);
    vt_flush(v);
}

void vt_click(struct vt *v, int button, int row, int col)
{
    vterm_mouse_move(v->vterm, row, col, VTERM_MOD_NONE);
    vterm_mouse_button(v->vterm, button, true, VTERM_MOD_NONE);
    if (button <= 3) /* the wheel has no release */
        vterm_mouse_button(v->vterm, button, false, VTERM_MOD_NONE);
    vt_flush(v);
}

void vt_drag(struct vt *v, int row, int col, int to_row, int to_col)
{
    vterm_mouse_move(v->vterm, row, col, VTERM_MOD_NONE);
    vterm_mouse_button(v->vterm, 1, true, VTERM_MOD_NONE);
    vterm_mouse_move(v->vterm, to_row, to_col, VTERM_MOD_NONE);
    vterm_mouse_button(v->vterm, 1, false, VTERM_MOD_NONE);
    vt_flush(v);
}
