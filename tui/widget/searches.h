/* Earlier searches, newest first, as an array of texts. Pure. */
#ifndef TUI_WIDGET_SEARCHES_H
#define TUI_WIDGET_SEARCHES_H

#include <cjson/cJSON.h>

enum { SEARCHES_MAX = 50 };

/* To the front, and nowhere else; the oldest gives way. A blank text is
 * none. */
void searches_add(cJSON *all, const char *text);
void searches_drop(cJSON *all, const char *text);
/* The next older (by 1) or newer (by -1) one from `at` (-1: before the newest)
 * that begins with `start` (letters alike); -1: none. */
int searches_step(const cJSON *all, const char *start, int at, int by);
const char *searches_at(const cJSON *all, int at); /* NULL: not there */

#endif
