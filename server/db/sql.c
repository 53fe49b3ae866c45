/* Builds the text and the parameters of one statement. Text comes from the
 * program and its tables alone; whatever came from outside is a parameter. */
#include "server/db/sql.h"

#include "common/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A statement of ours has a few dozen parameters at most, so that looking
 * through them costs less than keeping a table of them. */
static int value_find(const struct sql *s, const char *value, const char *type)
{
    for (int i = 0; i < s->n; i++) {
        const char *old = s->values[i];
        bool same = value ? old && strcmp(old, value) == 0 : !old;
        if (same && strcmp(s->types[i], type) == 0)
            return i;
    }
    return -1;
}

static int value_push(struct sql *s, const char *value, const char *type)
{
    if (s->n == s->cap) {
        int cap = s->cap ? s->cap * 2 : 16;
        const char **values =
            arena_array(s->arena, (size_t)cap, sizeof *values);
        const char **types = arena_array(s->arena, (size_t)cap, sizeof *types);
        if (s->n) {
            memcpy(values, s->values, (size_t)s->n * sizeof *values);
            memcpy(types, s->types, (size_t)s->n * sizeof *types);
        }
        s->values = values;
        s->types = types;
        s->cap = cap;
    }
    s->values[s->n] = value ? arena_strdup(s->arena, value) : NULL;
    s->types[s->n] = type;
    return s->n++;
}

void sql_init(struct sql *s, struct arena *a)
{
    memset(s, 0, sizeof *s);
    s->arena = a;
    buf_reserve(&s->text, 1024);
}

void sql_add(struct sql *s, const char *literal)
{
    buf_str(&s->text, literal);
}

void sql_addf(struct sql *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(s->arena, fmt, ap);
    va_end(ap);
    buf_str(&s->text, text);
}

void sql_value(struct sql *s, const char *value, const char *type)
{
    int at = value_find(s, value, type);
    if (at < 0)
        at = value_push(s, value, type);
    buf_char(&s->text, '$');
    buf_int(&s->text, at + 1);
    if (type[0])
        buf_str(&s->text, "::");
    buf_str(&s->text, type);
}

void sql_int(struct sql *s, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    sql_value(s, text, "bigint");
}

void sql_ints(struct sql *s, const int64_t *values, int n)
{
    struct buf list = BUF_INIT;
    buf_char(&list, '{');
    for (int i = 0; i < n; i++) {
        if (i)
            buf_char(&list, ',');
        buf_int(&list, values[i]);
    }
    buf_char(&list, '}');
    sql_value(s, buf_text(&list), "bigint[]");
    buf_free(&list);
}

struct db_query sql_query(struct sql *s, bool prepare)
{
    return (struct db_query){.sql = buf_text(&s->text),
                             .n = s->n,
                             .values = s->values,
                             .prepare = prepare};
}

void sql_free(struct sql *s)
{
    buf_free(&s->text);
}
