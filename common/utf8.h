/* UTF-8: strict validation, cell widths, cutting, cleaning, folding. Widths
 * are glibc's wcwidth, because ncurses lays out by it. */
#ifndef COMMON_UTF8_H
#define COMMON_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Decodes one code point; 0 bytes at the end, U+FFFD and 1 byte for a bad
 * one. Returns the bytes used. */
size_t utf8_decode(const char *s, size_t len, uint32_t *cp);
size_t utf8_encode(uint32_t cp, char out[4]);
/* Strict: no overlong forms, surrogates, or code points past U+10FFFF. */
bool utf8_valid(const char *s, size_t len);
/* Code points. */
size_t utf8_length(const char *s);
/* Cells a code point takes on the terminal: 0, 1, 2; what must never reach a
 * terminal (controls, bidi and zero-width controls) counts as 0. Ambiguous
 * ones count as utf8_ambiguous() says. */
int utf8_cp_width(uint32_t cp);
void utf8_set_ambiguous(int cells); /* 1 (default) or 2, as measured */
/* Cells of a text, as utf8_safe writes it (a control is one U+FFFD). */
int utf8_width(const char *s);
int utf8_width_n(const char *s, size_t len);
/* Bytes of the longest start of s that fits in `cells`, never cutting a
 * grapheme; *used gets its cells. */
size_t utf8_fit(const char *s, size_t len, int cells, int *used);
/* A text of at most `cells` cells, ending in `…` where it was cut. */
char *utf8_truncate(struct arena *a, const char *s, int cells);
/* The grapheme boundary after / before byte offset `at`. Going back starts
 * from the beginning of the line, since graphemes are found forwards only. */
size_t utf8_next(const char *s, size_t len, size_t at);
size_t utf8_prev(const char *s, size_t len, size_t at);
/* Text from outside for storing: refuses bad UTF-8 (NULL), gives NFC without
 * control characters ('\n' stays where multiline; tabs become a blank),
 * without bidi overrides, without blanks at both ends. */
char *utf8_clean(struct arena *a, const char *s, size_t len, bool multiline);
/* Text on its way to a terminal: whatever could be a control is U+FFFD, so
 * stored data can never send an escape sequence. What has no width of its own
 * (bidi and zero-width controls, variation selectors) or whose width terminals
 * do not agree on (what is joined to an emoji) is left away. */
char *utf8_safe(struct arena *a, const char *s, size_t len);
/* For comparing and searching: NFKC, case-folded, full-width to ASCII, runs
 * of blanks to one. */
char *utf8_fold(struct arena *a, const char *s);
/* A full-width form (：／？ and letters) as its ASCII twin, others as is. */
uint32_t utf8_ascii_twin(uint32_t cp);

#endif
