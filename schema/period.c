/* The words for spans of days, each a row. */
#include "schema/period.h"

#include "common/date.h"
#include "common/i18n.h"
#include "common/mem.h"
#include "common/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { COUNT_MAX = 999, WEEK = 7, WORD_MAX = 40 };

/* --- units of the calendar --- */

static int32_t start_day(int32_t day)
{
    return day;
}

static int32_t start_week(int32_t day)
{
    return day - (date_weekday(day) - 1);
}

/* The first day of the stretch of so many months that holds the day. */
static int32_t start_months(int32_t day, int months)
{
    int y, m, d;
    date_split(day, &y, &m, &d);
    return date_add_months(day - (d - 1), -((m - 1) % months));
}

static int32_t start_month(int32_t day)
{
    return start_months(day, 1);
}

static int32_t start_quarter(int32_t day)
{
    return start_months(day, 3);
}

static int32_t start_year(int32_t day)
{
    return start_months(day, 12);
}

enum unit { DAY, WEEKS, MONTH, QUARTER, YEAR, UNITS };

static const struct {
    int32_t (*start)(int32_t day);
    int days, months;         /* how long it is */
    const char *code;         /* behind a count */
    const char *last, *next;  /* msgids with a count */
    const char *const zh[4];  /* behind a count, in Chinese */
    const char *const one[1]; /* in English, of one */
} units[UNITS] = {
    [DAY] = {start_day,
             1,
             0,
             "days",
             N_("last %d days"),
             N_("next %d days"),
             {"天", "日"},
             {"day"}},
    [WEEKS] = {start_week,
               WEEK,
               0,
               "weeks",
               N_("last %d weeks"),
               N_("next %d weeks"),
               {"周", "星期", "个星期"},
               {"week"}},
    [MONTH] = {start_month,
               0,
               1,
               "months",
               N_("last %d months"),
               N_("next %d months"),
               {"个月", "月"},
               {"month"}},
    [QUARTER] = {start_quarter,
                 0,
                 3,
                 "quarters",
                 N_("last %d quarters"),
                 N_("next %d quarters"),
                 {"个季度", "季度"},
                 {"quarter"}},
    [YEAR] = {start_year,
              0,
              12,
              "years",
              N_("last %d years"),
              N_("next %d years"),
              {"年"},
              {"year"}},
};

static int32_t add_units(enum unit u, int32_t day, int n)
{
    return units[u].days ? day + units[u].days * n
                         : date_add_months(day, units[u].months * n);
}

/* --- words --- */

static const struct row {
    const char *code; /* of the wire */
    enum unit unit;
    int shift; /* units from now */
    const char *label;
    const char *const zh[3]; /* other words for it */
    bool offered;
} rows[] = {
    {"today", DAY, 0, N_("today"), {"今日", "当天"}, true},
    {"yesterday", DAY, -1, N_("yesterday"), {"昨日"}, true},
    {"tomorrow", DAY, 1, N_("tomorrow"), {"明日"}, false},
    {"this_week", WEEKS, 0, N_("this week"), {"这周", "本星期"}, true},
    {"last_week", WEEKS, -1, N_("last week"), {"上星期"}, true},
    {"next_week", WEEKS, 1, N_("next week"), {"下星期"}, false},
    {"this_month", MONTH, 0, N_("this month"), {"这个月", "当月"}, true},
    {"last_month", MONTH, -1, N_("last month"), {"上个月"}, true},
    {"next_month", MONTH, 1, N_("next month"), {"下个月"}, true},
    {"this_quarter", QUARTER, 0, N_("this quarter"), {"本季", "当季"}, true},
    {"last_quarter",
     QUARTER,
     -1,
     N_("last quarter"),
     {"上季", "上个季度"},
     true},
    {"next_quarter",
     QUARTER,
     1,
     N_("next quarter"),
     {"下季", "下个季度"},
     false},
    {"this_year", YEAR, 0, N_("this year"), {"本年", "本年度"}, true},
    {"last_year", YEAR, -1, N_("last year"), {"上年", "上年度"}, true},
    {"next_year", YEAR, 1, N_("next year"), {"下年"}, false},
};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

/* Counts that are on offer beside the rows. */
static const char *const counts[] = {"last_7_days", "last_30_days",
                                     "next_30_days", "next_3_months"};

/* Before a count: into the past, or from today on. */
static const struct {
    const char *text;
    bool future;
} sides[] = {
    {"最近", false},  {"过去", false},     {"近", false},  {"last", false},
    {"past", false},  {"previous", false}, {"未来", true}, {"今后", true},
    {"接下来", true}, {"coming", true},    {"next", true},
};

static const char *const numerals[] = {"一", "二", "三", "四", "五",
                                       "六", "七", "八", "九", "十"};

/* "last_30_days" as its parts. */
struct count {
    bool future;
    int n;
    enum unit unit;
};

/* Without what people set as they like: blanks, case, full width. */
static const char *plain(struct arena *a, const char *text)
{
    const char *folded = utf8_fold(a, text);
    char *out = arena_strdup(a, folded), *to = out;
    for (const char *s = folded; *s; s++)
        if (*s != ' ' && *s != '_' && *s != '\t')
            *to++ = *s;
    *to = '\0';
    return out;
}

static bool is_word(struct arena *a, const struct row *r, const char *text)
{
    for (int lang = 0; lang < LANGS; lang++)
        if (strcmp(plain(a, i18n_in((enum lang)lang, r->label)), text) == 0)
            return true;
    for (size_t i = 0; i < sizeof(r->zh) / sizeof(*r->zh) && r->zh[i]; i++)
        if (strcmp(r->zh[i], text) == 0)
            return true;
    return strcmp(plain(a, r->code), text) == 0;
}

static const char *read_count(const char *s, int *n)
{
    char *end;
    if (*s >= '1' && *s <= '9') {
        long count = strtol(s, &end, 10);
        *n = count <= COUNT_MAX ? (int)count : 0;
        return end;
    }
    *n = 0;
    if (strncmp(s, "两", strlen("两")) == 0) {
        *n = 2;
        return s + strlen("两");
    }
    for (size_t i = 0; i < sizeof(numerals) / sizeof(*numerals); i++)
        if (strncmp(s, numerals[i], strlen(numerals[i])) == 0) {
            *n = (int)i + 1;
            return s + strlen(numerals[i]);
        }
    return s;
}

static bool is_unit(enum unit u, const char *s)
{
    for (size_t i = 0; i < 4 && units[u].zh[i]; i++) {
        size_t len = strlen(units[u].zh[i]);
        if (strncmp(s, units[u].zh[i], len) == 0 &&
            (s[len] == '\0' || strcmp(s + len, "内") == 0))
            return true;
    }
    return strcmp(s, units[u].code) == 0 || strcmp(s, units[u].one[0]) == 0;
}

static bool read_counted(const char *s, struct count *c)
{
    /* Half a year is the one count that is no number. */
    static const char half[] = "半年";
    for (size_t i = 0; i < sizeof(sides) / sizeof(*sides); i++) {
        size_t len = strlen(sides[i].text);
        if (strncmp(s, sides[i].text, len) != 0)
            continue;
        *c = (struct count){sides[i].future, 6, MONTH};
        if (strcmp(s + len, half) == 0)
            return true;
        const char *rest = read_count(s + len, &c->n);
        for (int u = 0; c->n > 0 && u < UNITS; u++) {
            c->unit = (enum unit)u;
            if (is_unit(c->unit, rest))
                return true;
        }
    }
    return false;
}

/* A word that people write, or one of the wire, as a row or a count. */
static const struct row *find(struct arena *a, const char *text,
                              struct count *c)
{
    const char *word = strlen(text) > WORD_MAX ? "" : plain(a, text);
    for (int i = 0; i < ROWS; i++)
        if (is_word(a, &rows[i], word))
            return &rows[i];
    c->n = 0;
    if (!read_counted(word, c))
        c->n = 0;
    return NULL;
}

const char *period_find(struct arena *a, const char *text)
{
    struct count c;
    const struct row *r = find(a, text, &c);
    if (r)
        return r->code;
    if (c.n == 0)
        return NULL;
    return arena_printf(a, "%s_%d_%s", c.future ? "next" : "last", c.n,
                        units[c.unit].code);
}

bool period_is(const char *word)
{
    /* What is asked most is whether a date is one. */
    if (*word < 'a' || *word > 'z')
        return false;
    struct arena *a = arena_new();
    const char *found = period_find(a, word);
    bool is = found && strcmp(found, word) == 0;
    arena_free(&a);
    return is;
}

bool period_days(const char *word, int32_t today, int32_t *first,
                 int32_t *after)
{
    struct arena *a = arena_new();
    struct count c;
    const struct row *r = find(a, word, &c);
    arena_free(&a);
    if (r) {
        *first = add_units(r->unit, units[r->unit].start(today), r->shift);
        *after = add_units(r->unit, *first, 1);
    } else if (c.n > 0 && c.future) {
        *first = today;
        *after = add_units(c.unit, today, c.n);
    } else if (c.n > 0) {
        *after = today + 1;
        *first = add_units(c.unit, *after, -c.n);
    }
    return r || c.n > 0;
}

/* A text of the table with its one %d filled in. */
static const char *with_count(struct arena *a, const char *text, int n)
{
    const char *place = strstr(text, "%d");
    return place == NULL ? text
                         : arena_printf(a, "%.*s%d%s", (int)(place - text),
                                        text, n, place + 2);
}

const char *period_label(struct arena *a, const char *word)
{
    struct count c;
    const struct row *r = find(a, word, &c);
    if (r)
        return _(r->label);
    if (c.n == 0)
        return word;
    const char *text = c.future ? units[c.unit].next : units[c.unit].last;
    return with_count(a, _(text), c.n);
}

const char *period_offer(int i)
{
    for (int k = 0; k < ROWS; k++)
        if (rows[k].offered && i-- == 0)
            return rows[k].code;
    size_t left = (size_t)i;
    return left < sizeof(counts) / sizeof(*counts) ? counts[left] : NULL;
}
