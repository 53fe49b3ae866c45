/* What terminals send for keys that are no characters: xterm and those who
 * follow it, the Linux console, rxvt, and the keypad of a VT220.
 * TO ADD A SEQUENCE: a row. Modifiers as second parameter (ESC[1;5A) need
 * none. */
#include "tui/term/key_seq.h"

#define CSI(final, id)                                                         \
    {                                                                          \
        '[', 0, final, KEYC_##id, 0, 0                                         \
    }
#define TILDE(number, id)                                                      \
    {                                                                          \
        '[', number, '~', KEYC_##id, 0, 0                                      \
    }
#define SS3(final, id)                                                         \
    {                                                                          \
        'O', 0, final, KEYC_##id, 0, 0                                         \
    }
#define PAD(final, cp)                                                         \
    {                                                                          \
        'O', 0, final, KEYC_NONE, cp, 0                                        \
    }
#define HELD(in, f, id, mods)                                                  \
    {                                                                          \
        in, 0, f, KEYC_##id, 0, mods                                           \
    }

const struct key_seq key_seqs[] = {
    CSI('A', up),
    CSI('B', down),
    CSI('C', right),
    CSI('D', left),
    CSI('H', home),
    CSI('F', end),
    CSI('P', f1),
    CSI('Q', f2),
    CSI('R', f3),
    CSI('S', f4),
    HELD('[', 'Z', tab, MOD_shift),
    TILDE(1, home),
    TILDE(2, insert),
    TILDE(3, delete),
    TILDE(4, end),
    TILDE(5, page_up),
    TILDE(6, page_down),
    TILDE(7, home),
    TILDE(8, end),
    TILDE(11, f1),
    TILDE(12, f2),
    TILDE(13, f3),
    TILDE(14, f4),
    TILDE(15, f5),
    TILDE(17, f6),
    TILDE(18, f7),
    TILDE(19, f8),
    TILDE(20, f9),
    TILDE(21, f10),
    TILDE(23, f11),
    TILDE(24, f12),
    SS3('A', up),
    SS3('B', down),
    SS3('C', right),
    SS3('D', left),
    SS3('H', home),
    SS3('F', end),
    SS3('P', f1),
    SS3('Q', f2),
    SS3('R', f3),
    SS3('S', f4),
    SS3('M', enter),
    SS3('I', tab),
    /* rxvt: lower case finals are arrows with Shift or Ctrl */
    HELD('[', 'a', up, MOD_shift),
    HELD('[', 'b', down, MOD_shift),
    HELD('[', 'c', right, MOD_shift),
    HELD('[', 'd', left, MOD_shift),
    HELD('O', 'a', up, MOD_ctrl),
    HELD('O', 'b', down, MOD_ctrl),
    HELD('O', 'c', right, MOD_ctrl),
    HELD('O', 'd', left, MOD_ctrl),
    PAD('j', '*'),
    PAD('k', '+'),
    PAD('l', ','),
    PAD('m', '-'),
    PAD('n', '.'),
    PAD('o', '/'),
    PAD('p', '0'),
    PAD('q', '1'),
    PAD('r', '2'),
    PAD('s', '3'),
    PAD('t', '4'),
    PAD('u', '5'),
    PAD('v', '6'),
    PAD('w', '7'),
    PAD('x', '8'),
    PAD('y', '9'),
};

const int key_seq_count = sizeof(key_seqs) / sizeof(*key_seqs);
