/* The types of settings: how each is read, compared, freed and described.
 * TO ADD A TYPE: 1. a name in settings.h; 2. a row at the end of this file. */
#include "common/settings_impl.h"

#include "common/i18n.h"
#include "common/mem.h"

#include <ctype.h>
#include <string.h>

struct unit {
    const char *name;
    int64_t factor;
};

/* From small to large; a table ends with NULL. */
static const struct unit times[] = {{"ms", 1},       {"s", 1000},
                                    {"m", 60000},    {"h", 3600000},
                                    {"d", 86400000}, {NULL, 0}};
static const struct unit sizes[] = {
    {"", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {NULL, 0}};
static const struct unit plain[] = {{"", 1}, {NULL, 0}};

static bool within(const struct setting *s, int64_t v)
{
    bool bounded = s->min != 0 || s->max != 0;
    return !bounded || (v >= s->min && v <= s->max);
}

/* Digits (a sign where the unit is none) and one of the units. */
static bool read_amount(const char *text, const struct unit *units,
                        int64_t *out)
{
    int64_t v = 0;
    bool negative = units == plain && *text == '-';
    text += negative;
    if (!isdigit((unsigned char)*text))
        return false;
    for (; isdigit((unsigned char)*text); text++)
        if (__builtin_mul_overflow(v, 10, &v) ||
            __builtin_add_overflow(v, *text - '0', &v))
            return false;
    while (units->name != NULL && strcmp(units->name, text) != 0)
        units++;
    if (units->name == NULL || __builtin_mul_overflow(v, units->factor, &v))
        return false;
    *out = negative ? -v : v;
    return true;
}

/* In the largest unit that leaves no rest. */
static void write_amount(struct buf *out, const struct unit *units, int64_t v)
{
    const struct unit *best = units;
    for (const struct unit *u = units; u->name != NULL; u++)
        if (v != 0 && v % u->factor == 0)
            best = u;
    buf_printf(out, "%lld%s", (long long)(v / best->factor), best->name);
}

static bool parse_amount(const struct setting *s, const char *text,
                         const struct unit *units, void *slot)
{
    int64_t v;
    if (!read_amount(text, units, &v) || !within(s, v))
        return false;
    *(int64_t *)slot = v;
    return true;
}

static void expected_amount(const struct setting *s, const struct unit *units,
                            const char *what, struct buf *out)
{
    buf_str(out, what);
    if (s->min == 0 && s->max == 0)
        return;
    struct buf low = BUF_INIT, high = BUF_INIT;
    write_amount(&low, units, s->min);
    write_amount(&high, units, s->max);
    buf_printf(out, _(" from %s to %s"), low.data, high.data);
    buf_free(&low);
    buf_free(&high);
}

static bool equal_int64(const void *a, const void *b)
{
    return *(const int64_t *)a == *(const int64_t *)b;
}

static bool int_parse(const struct setting *s, const char *text, void *slot)
{
    return parse_amount(s, text, plain, slot);
}

static void int_expected(const struct setting *s, struct buf *out)
{
    expected_amount(s, plain, _("a whole number"), out);
}

static void int_format(const struct setting *s, const void *slot,
                       struct buf *out)
{
    (void)s;
    write_amount(out, plain, *(const int64_t *)slot);
}

static bool duration_parse(const struct setting *s, const char *text,
                           void *slot)
{
    return parse_amount(s, text, times, slot);
}

static void duration_expected(const struct setting *s, struct buf *out)
{
    expected_amount(s, times, _("a duration such as 500ms, 30s, 5m, 24h, 7d"),
                    out);
}

static void duration_format(const struct setting *s, const void *slot,
                            struct buf *out)
{
    (void)s;
    write_amount(out, times, *(const int64_t *)slot);
}

static bool bytes_parse(const struct setting *s, const char *text, void *slot)
{
    return parse_amount(s, text, sizes, slot);
}

static void bytes_expected(const struct setting *s, struct buf *out)
{
    expected_amount(s, sizes, _("a size such as 512, 64KiB, 1MiB"), out);
}

static void bytes_format(const struct setting *s, const void *slot,
                         struct buf *out)
{
    (void)s;
    write_amount(out, sizes, *(const int64_t *)slot);
}

static bool string_parse(const struct setting *s, const char *text, void *slot)
{
    (void)s;
    char **to = slot;
    x_free(to);
    *to = x_strdup(text);
    return true;
}

static bool string_equal(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b) == 0;
}

static void string_release(void *slot)
{
    x_free((char **)slot);
}

static void string_expected(const struct setting *s, struct buf *out)
{
    (void)s;
    buf_str(out, _("a text"));
}

static void string_format(const struct setting *s, const void *slot,
                          struct buf *out)
{
    (void)s;
    buf_str(out, *(char *const *)slot);
}

static bool bool_parse(const struct setting *s, const char *text, void *slot)
{
    (void)s;
    bool yes = strcmp(text, "true") == 0;
    if (!yes && strcmp(text, "false") != 0)
        return false;
    *(bool *)slot = yes;
    return true;
}

static bool bool_equal(const void *a, const void *b)
{
    return *(const bool *)a == *(const bool *)b;
}

static void bool_expected(const struct setting *s, struct buf *out)
{
    (void)s;
    buf_str(out, _("true or false"));
}

static void bool_format(const struct setting *s, const void *slot,
                        struct buf *out)
{
    (void)s;
    buf_str(out, *(const bool *)slot ? "true" : "false");
}

static bool choice_parse(const struct setting *s, const char *text, void *slot)
{
    size_t len = strlen(text);
    int i = 0;
    for (const char *p = s->choices; *p != '\0'; i++) {
        size_t n = strcspn(p, " ");
        if (n == len && memcmp(p, text, n) == 0) {
            *(int *)slot = i;
            return true;
        }
        p += n + strspn(p + n, " ");
    }
    return false;
}

static void choice_format(const struct setting *s, const void *slot,
                          struct buf *out)
{
    const char *p = s->choices;
    for (int i = *(const int *)slot; i > 0 && *p != '\0'; i--) {
        p += strcspn(p, " ");
        p += strspn(p, " ");
    }
    buf_add(out, p, strcspn(p, " "));
}

static bool choice_equal(const void *a, const void *b)
{
    return *(const int *)a == *(const int *)b;
}

static void choice_expected(const struct setting *s, struct buf *out)
{
    buf_printf(out, _("one of: %s"), s->choices);
}

bool setting_pair_add(struct setting_pair **list, const char *key,
                      const char *value, struct setting_place at)
{
    int n = 0;
    for (; *list != NULL; list = &(*list)->next, n++)
        if (strcmp((*list)->key, key) == 0)
            return false;
    if (n >= SETTING_PAIRS_MAX)
        return false;
    struct setting_pair *pair = x_calloc(1, sizeof(*pair));
    pair->key = x_strdup(key);
    pair->value = x_strdup(value);
    pair->line = at.line;
    pair->column = at.column;
    *list = pair;
    return true;
}

void setting_pairs_free(struct setting_pair **list)
{
    while (*list != NULL) {
        struct setting_pair *pair = *list;
        *list = pair->next;
        x_free(&pair->key);
        x_free(&pair->value);
        x_free(&pair);
    }
}

bool setting_pair_set(struct setting_pair **list, const char *key,
                      const char *value)
{
    struct setting_pair **at = list;
    while (*at != NULL && strcmp((*at)->key, key) != 0)
        at = &(*at)->next;
    if (*at == NULL)
        return value == NULL ||
               setting_pair_add(list, key, value, (struct setting_place){0, 0});
    if (value != NULL) {
        x_free(&(*at)->value);
        (*at)->value = x_strdup(value);
        return true;
    }
    struct setting_pair *rest = (*at)->next;
    (*at)->next = NULL;
    setting_pairs_free(at);
    *at = rest;
    return true;
}

/* On the command line a map is "key=value,key=value". */
static bool map_parse(const struct setting *s, const char *text, void *slot)
{
    (void)s;
    struct setting_pair *list = NULL;
    bool ok = true;
    while (ok && *text != '\0') {
        size_t len = strcspn(text, ",");
        char *pair = x_strndup(text, len), *equals = strchr(pair, '=');
        ok = equals != NULL && equals > pair;
        if (ok) {
            *equals = '\0';
            ok = setting_pair_add(&list, pair, equals + 1,
                                  (struct setting_place){0, 0});
        }
        x_free(&pair);
        text += len + (text[len] == ',');
    }
    struct setting_pair **to = slot;
    setting_pairs_free(ok ? to : &list);
    if (ok)
        *to = list;
    return ok;
}

static bool map_equal(const void *a, const void *b)
{
    const struct setting_pair *x = *(struct setting_pair *const *)a;
    const struct setting_pair *y = *(struct setting_pair *const *)b;
    while (x != NULL && y != NULL && strcmp(x->key, y->key) == 0 &&
           strcmp(x->value, y->value) == 0) {
        x = x->next;
        y = y->next;
    }
    return x == NULL && y == NULL;
}

static void map_format(const struct setting *s, const void *slot,
                       struct buf *out)
{
    const struct setting_pair *p = *(struct setting_pair *const *)slot;
    (void)s;
    for (size_t start = out->len; p != NULL; p = p->next)
        buf_printf(out, "%s%s=%s", out->len > start ? "," : "", p->key,
                   p->value);
}

static void map_release(void *slot)
{
    setting_pairs_free(slot);
}

static void map_expected(const struct setting *s, struct buf *out)
{
    (void)s;
    buf_str(out, _("names, each with a text of its own"));
}

const struct setting_type_row setting_types[] = {
    [SETTING_string] = {string_parse, string_equal, string_release,
                        string_format, string_expected},
    [SETTING_int] = {int_parse, equal_int64, NULL, int_format, int_expected},
    [SETTING_bool] = {bool_parse, bool_equal, NULL, bool_format, bool_expected},
    [SETTING_choice] = {choice_parse, choice_equal, NULL, choice_format,
                        choice_expected},
    [SETTING_duration] = {duration_parse, equal_int64, NULL, duration_format,
                          duration_expected},
    [SETTING_bytes] = {bytes_parse, equal_int64, NULL, bytes_format,
                       bytes_expected},
    [SETTING_map] = {map_parse, map_equal, map_release, map_format,
                     map_expected},
};
