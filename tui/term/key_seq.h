/* The escape sequences of keys as a table, for the decoder alone. */
#ifndef TUI_TERM_KEY_SEQ_H
#define TUI_TERM_KEY_SEQ_H

#include "tui/term/key.h"

/* `intro` is the byte behind Esc ('[' or 'O'), `final` the last one; `number`
 * the first parameter of a sequence that ends in `~` (0: any). `cp` where it
 * is a character of the keypad. */
struct key_seq {
    char intro;
    int number;
    char final;
    enum key_code code;
    uint32_t cp;
    unsigned mods;
};

extern const struct key_seq key_seqs[];
extern const int key_seq_count;

#endif
