/* One source line at a time: its mark (heading, item, quote) gives indent and
 * style; its inline marks become runs over a plain text, which is then wrapped
 * like any other text. */
#include "tui/widget/markdown.h"

#include "common/buf.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "tui/widget/textarea.h"

#include <ctype.h>
#include <string.h>

enum { RUNS = 64, LINK_MAX = 2000 };

/* Bytes start … end of the plain text in a style of their own. */
struct run {
    size_t start, end;
    enum style style;
};

/* A source line on its way to the screen. */
struct laid {
    struct buf text; /* without marks */
    struct run runs[RUNS];
    int nruns;
    int indent;
    char sign[16]; /* drawn before the first line; "" */
    bool every;    /* … before each line (a quote) */
    enum style style;
};

/* --- inline --- */

static void add_run(struct laid *l, size_t start, enum style s)
{
    if (l->nruns < RUNS && l->text.len > start)
        l->runs[l->nruns++] = (struct run){start, l->text.len, s};
}

/* The closing mark of what begins at s; NULL where it is no pair. A mark
 * before a blank closes nothing and opens nothing: "2 * 3 * 4" is a product. */
static const char *closing(const char *s, const char *end, const char *mark)
{
    size_t n = strlen(mark);
    if (s + n >= end || s[n] == ' ')
        return NULL;
    for (const char *p = s + n + 1; p + n <= end; p++)
        if (strncmp(p, mark, n) == 0 && p[-1] != ' ')
            return p;
    return NULL;
}

/* Pairs of marks; longer ones first. An underscore within a word is a name. */
static const struct {
    const char *mark;
    enum style style;
} pairs[] = {{"**", STYLE_title},
             {"__", STYLE_title},
             {"`", STYLE_accent},
             {"*", STYLE_title},
             {"_", STYLE_title}};

static bool within_word(const char *start, const char *s)
{
    return *s == '_' && s > start && isalnum((unsigned char)s[-1]);
}

/* Takes a pair at s; returns what is behind it, NULL where there is none. */
static const char *take_pair(struct laid *l, const char *start, const char *s,
                             const char *end)
{
    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
        size_t n = strlen(pairs[i].mark);
        if ((size_t)(end - s) <= n || strncmp(s, pairs[i].mark, n) != 0 ||
            within_word(start, s))
            continue;
        const char *close = closing(s, end, pairs[i].mark);
        if (close == NULL)
            return NULL;
        size_t from = l->text.len;
        buf_add(&l->text, s + n, (size_t)(close - s) - n);
        add_run(l, from, pairs[i].style);
        return close + n;
    }
    return NULL;
}

/* [words](address): the words, then the address, which a terminal makes a
 * link of by itself. */
static const char *take_link(struct laid *l, const char *s, const char *end)
{
    const char *close = memchr(s, ']', (size_t)(end - s));
    if (*s != '[' || close == NULL || close + 1 >= end || close[1] != '(')
        return NULL;
    const char *last = memchr(close, ')', (size_t)(end - close));
    if (last == NULL || last - close > LINK_MAX)
        return NULL;
    size_t from = l->text.len;
    buf_add(&l->text, s + 1, (size_t)(close - s) - 1);
    add_run(l, from, STYLE_accent);
    from = l->text.len;
    buf_str(&l->text, " (");
    buf_add(&l->text, close + 2, (size_t)(last - close) - 2);
    buf_char(&l->text, ')');
    add_run(l, from, STYLE_label);
    return last + 1;
}

static void read_inline(struct laid *l, const char *s, const char *end)
{
    const char *start = s;
    while (s < end) {
        const char *behind = take_link(l, s, end);
        if (behind == NULL)
            behind = take_pair(l, start, s, end);
        bool escaped =
            *s == '\\' && s + 1 < end && ispunct((unsigned char)s[1]);
        if (behind == NULL && escaped)
            s++;
        if (behind == NULL)
            buf_char(&l->text, *s++);
        else
            s = behind;
    }
}

/* --- the mark of a line --- */

static size_t heading_at(const char *s)
{
    size_t n = strspn(s, "#");
    return n > 0 && n <= 6 && s[n] == ' ' ? n + 1 : 0;
}

static size_t item_at(const char *s)
{
    return *s != '\0' && strchr("-*+", *s) != NULL && s[1] == ' ' ? 2 : 0;
}

static size_t number_at(const char *s)
{
    size_t n = strspn(s, "0123456789");
    bool mark = n > 0 && n < 4 && (s[n] == '.' || s[n] == ')');
    return mark && s[n + 1] == ' ' ? n + 2 : 0;
}

static void read_mark(struct laid *l, const char **s, const char *bullet,
                      const char *bar)
{
    size_t blanks = strspn(*s, " ");
    const char *at = *s + blanks;
    size_t n;
    if ((n = heading_at(at)) > 0) {
        l->style = STYLE_title;
    } else if ((n = item_at(at)) > 0) {
        snprintf(l->sign, sizeof(l->sign), "%s", bullet);
    } else if ((n = number_at(at)) > 0) {
        snprintf(l->sign, sizeof(l->sign), "%.*s", (int)n - 1, at);
    } else if (*at == '>') {
        snprintf(l->sign, sizeof(l->sign), "%s", bar);
        l->every = true;
        n = 1 + strspn(at + 1, " ");
    }
    int room = l->sign[0] != '\0' ? utf8_width(l->sign) + 1 : 0;
    l->indent = (int)blanks + room;
    *s = at + n;
}

/* --- to the screen --- */

struct lay {
    int w, max, line;
    markdown_put_fn *put;
    void *ctx;
};

static void put(struct lay *to, int x, enum style s, const char *text,
                size_t len)
{
    if (to->put == NULL || len == 0)
        return;
    char *piece = x_strndup(text, len);
    to->put(to->ctx, to->line, x, s, piece);
    x_free(&piece);
}

/* The bytes at … end of the plain text, cut where a run begins or ends. */
static void put_runs(struct lay *to, const struct laid *l, size_t at,
                     size_t end)
{
    const char *text = buf_text(&l->text);
    int x = l->indent;
    for (int i = 0; at < end; i++) {
        const struct run *r = i < l->nruns ? &l->runs[i] : NULL;
        if (r != NULL && r->end <= at)
            continue;
        size_t stop = r == NULL || r->start > end ? end : r->start;
        if (stop > at) {
            put(to, x, l->style, text + at, stop - at);
            x += utf8_width_n(text + at, stop - at);
            at = stop;
        }
        if (r == NULL || at >= end)
            continue;
        stop = r->end < end ? r->end : end;
        put(to, x, r->style, text + at, stop - at);
        x += utf8_width_n(text + at, stop - at);
        at = stop;
    }
}

static void put_line(struct lay *to, const struct laid *l)
{
    size_t len = l->text.len, next = 0, at;
    int w = to->w - l->indent > 4 ? to->w - l->indent : 4;
    bool first = true;
    do {
        at = next;
        size_t end = wrap_line(buf_text(&l->text), len, at, w, &next);
        if ((first || l->every) && l->sign[0] != '\0')
            put(to, l->indent - utf8_width(l->sign) - 1, STYLE_label, l->sign,
                strlen(l->sign));
        put_runs(to, l, at, end);
        first = false;
    } while (++to->line < to->max && next < len);
}

int markdown_lay(const char *text, int w, int max, const char *bullet,
                 const char *bar, markdown_put_fn *put_fn, void *ctx)
{
    struct lay to = {.w = w, .max = max, .put = put_fn, .ctx = ctx};
    size_t left = strlen(text);
    while (left > 0 && text[left - 1] == '\n')
        left--;
    const char *end = text + left;
    while (text < end && to.line < max) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline != NULL ? newline : end;
        char *line = x_strndup(text, (size_t)(stop - text));
        const char *s = line;
        struct laid l = {.text = BUF_INIT, .style = STYLE_text};
        read_mark(&l, &s, bullet, bar);
        read_inline(&l, s, line + strlen(line));
        put_line(&to, &l);
        buf_free(&l.text);
        x_free(&line);
        text = stop + 1;
    }
    return to.line > 0 ? to.line : 1;
}
