/* Finding by what one remembers of a name: Chinese, pinyin, initials,
 * English; whole or with letters left out. */
#ifndef TUI_WIDGET_FUZZY_H
#define TUI_WIDGET_FUZZY_H

struct arena;

/* The forms a text can be found by, one a line; made once a text. */
const char *fuzzy_forms(struct arena *a, const char *text);
/* How well the needle (folded by utf8_fold) fits any of the forms: 0 not at
 * all, more is better; an empty needle fits everything alike. */
int fuzzy_score(const char *forms, const char *needle);

#endif
