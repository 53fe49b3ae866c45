/* Settings by a table: defaults, single changes, comparing, freeing. */
#include "common/settings_impl.h"

#include "common/i18n.h"
#include "common/log.h"
#include "common/mem.h"

#include <stdlib.h>
#include <string.h>

static void *slot_of(const struct setting *s, void *out)
{
    return (char *)out + s->offset;
}

static const void *value_of(const struct setting *s, const void *in)
{
    return (const char *)in + s->offset;
}

const struct setting *setting_find(const struct setting *rows, size_t n,
                                   const char *key)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].key, key) == 0)
            return &rows[i];
    return NULL;
}

/* Letters to change, add or take away between two texts (Levenshtein), at
 * most `limit`, which also bounds the memory. */
static size_t distance(const char *a, const char *b, size_t limit)
{
    size_t la = strlen(a), lb = strlen(b);
    size_t row[128];
    if (lb >= sizeof(row) / sizeof(*row) || la > lb + limit || lb > la + limit)
        return limit + 1;
    for (size_t j = 0; j <= lb; j++)
        row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t best = corner + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            corner = row[j];
            row[j] = best;
        }
    }
    return row[lb];
}

const char *setting_nearest(const struct setting *rows, size_t n,
                            const char *key)
{
    size_t best = strlen(key) / 3 + 1;
    const char *nearest = NULL;
    for (size_t i = 0; i < n; i++) {
        size_t d = distance(key, rows[i].key, best);
        if (d <= best && (nearest == NULL || d < best)) {
            best = d;
            nearest = rows[i].key;
        }
    }
    return nearest;
}

bool setting_wrong(const struct setting *s, const char *where,
                   const char *found, struct err *e)
{
    struct buf expected = BUF_INIT;
    setting_types[s->type].expected(s, &expected);
    if (found != NULL)
        err_set(e, ERR_invalid, _("%s%s: expected %s, found %s."), where,
                s->key, buf_text(&expected), log_quote(found));
    else
        err_set(e, ERR_invalid, _("%s%s: expected %s."), where, s->key,
                buf_text(&expected));
    buf_free(&expected);
    return false;
}

bool setting_unknown(const struct setting *rows, size_t n, const char *where,
                     const char *key, struct err *e)
{
    const char *nearest = setting_nearest(rows, n, key);
    if (nearest == NULL)
        return err_set(e, ERR_invalid, _("%s%s: there is no such setting."),
                       where, key);
    return err_set(e, ERR_invalid,
                   _("%s%s: there is no such setting; did you mean %s?"), where,
                   key, nearest);
}

/* A default that its own row refuses is a mistake of the program's. */
void settings_defaults(const struct setting *rows, size_t n, void *out)
{
    for (size_t i = 0; i < n; i++) {
        const struct setting *s = &rows[i];
        if (setting_types[s->type].release != NULL)
            memset(slot_of(s, out), 0, sizeof(void *));
        if (!setting_types[s->type].parse(s, s->value, slot_of(s, out))) {
            log_line(LOG_error, "setting_default", "key=%s value=%s", s->key,
                     log_quote(s->value));
            abort();
        }
    }
}

bool settings_set(const struct setting *rows, size_t n, void *out,
                  const char *key, const char *value, struct err *e)
{
    const struct setting *s = setting_find(rows, n, key);
    if (s == NULL)
        return setting_unknown(rows, n, "", key, e);
    if (!setting_types[s->type].parse(s, value, slot_of(s, out)))
        return setting_wrong(s, "", value, e);
    return true;
}

void settings_text(const struct setting *s, const void *in, struct buf *out)
{
    setting_types[s->type].format(s, value_of(s, in), out);
}

const char *settings_fixed_change(const struct setting *rows, size_t n,
                                  const void *a, const void *b)
{
    for (size_t i = 0; i < n; i++) {
        const struct setting *s = &rows[i];
        if (!s->reload &&
            !setting_types[s->type].equal(value_of(s, a), value_of(s, b)))
            return s->key;
    }
    return NULL;
}

void settings_free(const struct setting *rows, size_t n, void *out)
{
    for (size_t i = 0; i < n; i++)
        if (setting_types[rows[i].type].release != NULL)
            setting_types[rows[i].type].release(slot_of(&rows[i], out));
}
