/* Spans of days by words that move with the calendar: today, last quarter, the
 * next 30 days. A filter keeps the word, so that one saved in July means
 * August in August. */
#ifndef SCHEMA_PERIOD_H
#define SCHEMA_PERIOD_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* What a person typed, in Chinese or English ("本月", "last 30 days"), as the
 * word of the wire ("this_month", "last_30_days"); NULL where it is none. */
const char *period_find(struct arena *a, const char *text);
/* Is this a word of the wire, letter by letter? */
bool period_is(const char *word);
/* The first day of a word of the wire and the one after the last. False where
 * it is none. A count includes today. */
bool period_days(const char *word, int32_t today, int32_t *first,
                 int32_t *after);
/* The word in the reader's language; period_find takes it back. */
const char *period_label(struct arena *a, const char *word);
/* The words worth offering, of the wire; NULL past the last. */
const char *period_offer(int i);

#endif
