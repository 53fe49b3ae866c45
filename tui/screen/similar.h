/* Records that are perhaps the one being typed (NEW-03): asked for a moment
 * after the last key, told under the field, never in the way. */
#ifndef TUI_SCREEN_SIMILAR_H
#define TUI_SCREEN_SIMILAR_H

#include "tui/app/app.h"

struct similar;

struct similar_options {
    const struct entity *entity;
    /* Adds what is typed now, as the wire has it, to `values`. */
    void (*gather)(void *ctx, cJSON *values);
    /* There is something else to tell. */
    void (*changed)(void *ctx);
    void *ctx;
};

struct similar *similar_new(struct app *a, const struct similar_options *o);
void similar_free(struct similar **s);
/* Something was typed. */
void similar_follow(struct similar *s);
int similar_count(const struct similar *s);
/* "⚠ Similar: 深圳市艾维科技有限公司 (王芳)  F3 shows", NULL: none; lives
 * until the next answer. */
const char *similar_words(const struct similar *s);
/* The field the words stand under. */
const char *similar_note(const struct similar *s, const struct field *f);
/* The list of them; one in one's scope can be opened. */
void similar_show(struct similar *s);

#endif
