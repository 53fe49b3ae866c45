/* What quick search compares (LIST-03): folded text with pinyin and initials,
 * digits of phones, and the grams the index is made of. */
#ifndef SCHEMA_SEARCH_H
#define SCHEMA_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* The stored columns of a record: search_text (names, then their pinyin and
 * initials, each on a line of its own), search_phones (digits, a line each),
 * search_grams (sorted, distinct). */
struct search_doc {
    const char *text, *phones;
    const int32_t *grams;
    int ngrams;
};
void search_doc(struct arena *a, const char *const *names, int nnames,
                const char *const *phones, int nphones, struct search_doc *out);

/* The same of a record that holds names and longer texts; of the latter
 * there is no pinyin. No phones. */
void search_doc_texts(struct arena *a, const char *const *names, int nnames,
                      const char *const *texts, int ntexts,
                      struct search_doc *out);

/* The pairs of neighbours in a folded name as they stand in search_grams, in
 * their order: pair i holds characters i and i + 1. Their number. */
int search_pairs(struct arena *a, const char *name, const int32_t **out);
/* The gram of a site's host (url_host); below those of phones. */
int32_t search_host_gram(const char *host);

/* The text by which names are compared (LIST-02): case, width, blanks and the
 * kinds of brackets make no difference. */
char *search_name_key(struct arena *a, const char *name);

/* What a needle asks for. `folded` is compared by LIKE on search_text;
 * `digits` (3 or more, else NULL) on search_phones. */
struct search_needle {
    const char *folded;
    const char *digits;
    const int32_t *grams; /* of folded, for the index */
    int ngrams;
    const int32_t *phone_grams;
    int nphone_grams;
};
/* False where the needle is empty. At most 64 code points are used. */
bool search_needle(struct arena *a, const char *text,
                   struct search_needle *out);
/* Where the needle lies in a shown text, by text, pinyin, initials or digits:
 * ranges of bytes from the left, none touching the next; for highlighting.
 * Returns how many, at most `max`. */
struct search_range {
    size_t start, end;
};
int search_matches(struct arena *a, const char *shown, const char *needle,
                   struct search_range *out, int max);

#endif
