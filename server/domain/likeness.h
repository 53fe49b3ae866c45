/* How alike two customers are: the names without what all companies are
 * called, letter by letter and by sound (NEW-03). Computes in memory. */
#ifndef SERVER_DOMAIN_LIKENESS_H
#define SERVER_DOMAIN_LIKENESS_H

#include <stddef.h>

struct arena;

/* A name as it is compared with many. */
struct likeness_name {
    const char *key;    /* search_name_key */
    const char *core;   /* without legal forms and trades; "" never */
    const char *plain;  /* the key without brackets and 省, 市, 区, 县 */
    const char *pinyin; /* of the core, syllables without blanks */
};
void likeness_name(struct arena *a, const char *name,
                   struct likeness_name *out);

enum likeness {
    LIKENESS_none,
    LIKENESS_spelling, /* a letter or two differ */
    LIKENESS_part,     /* one stands in the other: half typed, or short */
    LIKENESS_pinyin,   /* other characters of the same sound */
    LIKENESS_core,     /* the same but for legal form, trade or place */
    LIKENESS_name      /* the same */
};
/* The best reason, and 0 to 100: how strong it is. */
enum likeness likeness_of(const struct likeness_name *x,
                          const struct likeness_name *y, int *score);
/* Letters to be changed, added or left away to make one text of the other;
 * texts of more than 100 code points are cut. */
int likeness_distance(const char *x, const char *y);

#endif
