/* The table that tools/make_pinyin.c writes from the dictionary of
 * rime-data-pinyin-simp (Apache-2.0), for pinyin.c alone. */
#ifndef COMMON_PINYIN_TABLE_H
#define COMMON_PINYIN_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum { PINYIN_FIRST = 0x4e00, PINYIN_LAST = 0x9fff, PINYIN_LENGTH_MAX = 8 };

/* A character's entry: its commonest syllable in the low bits (0: none), and
 * the length of the longest phrase that it begins. */
enum { PINYIN_SYLLABLE_BITS = 10, PINYIN_SYLLABLE_MASK = 0x3ff };

/* Phrases of one length, sorted by their characters. The plain ones read as
 * their characters do (they keep a phrase from being cut in the middle); a
 * special one is `length` characters and as many syllables. */
struct pinyin_phrases {
    size_t nplain, nspecial;
    const uint16_t *plain, *special;
};

/* A character outside PINYIN_FIRST … PINYIN_LAST, sorted. */
struct pinyin_other {
    uint16_t character, entry;
};

extern const char *const pinyin_syllables[];
extern const uint16_t pinyin_characters[PINYIN_LAST - PINYIN_FIRST + 1];
extern const struct pinyin_other pinyin_others[];
extern const size_t pinyin_other_count;
extern const struct pinyin_phrases pinyin_phrases[PINYIN_LENGTH_MAX + 1];

#endif
