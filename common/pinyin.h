/* Pinyin of Chinese text by a table made from rime-data-pinyin-simp at build
 * time (longest phrase first, then the commonest reading of a character). */
#ifndef COMMON_PINYIN_H
#define COMMON_PINYIN_H

#include <stddef.h>

struct arena;

/* Syllables without tones, one for each code point of the folded text that
 * has a reading; other characters stand for themselves: "深圳ab" gives
 * "shen","zhen","a","b". */
struct pinyin {
    size_t n;
    const char **syllable; /* n texts */
    size_t *offset;        /* byte offset in `text` of each code point */
    const char *text;      /* the folded text (utf8_fold) */
};

void pinyin_read(struct arena *a, const char *text, struct pinyin *out);
/* "shenzhenab" and "szab". */
char *pinyin_full(struct arena *a, const char *text);
char *pinyin_initials(struct arena *a, const char *text);
/* For sorting with COLLATE "C": syllables joined by a blank after each Chinese
 * one, so that 长沙 sorts at "chang sha". */
char *pinyin_sort_key(struct arena *a, const char *text);

#endif
