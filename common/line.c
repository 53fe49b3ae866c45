/* Line framing with a bound: a line that is too long is told once, skipped,
 * and never held in memory. */
#include "common/line.h"

#include <string.h>

void line_init(struct line_reader *r, size_t max)
{
    *r = (struct line_reader){.pending = BUF_INIT, .max = max};
}

/* What was handed out or skipped lies before `done` and goes with the next
 * feed, so that a burst of short lines is moved once, not once a line. */
void line_feed(struct line_reader *r, const char *data, size_t len)
{
    if (r->done > 0) {
        buf_drop(&r->pending, r->done);
        r->scanned -= r->done;
        r->done = 0;
    }
    buf_add(&r->pending, data, len);
}

/* Nothing of a skipped line is kept. */
static void skip_pending(struct line_reader *r)
{
    buf_clear(&r->pending);
    r->done = r->scanned = 0;
}

/* No '\n' in what is there: wait, unless the line is too long already. */
static enum line_result unfinished(struct line_reader *r)
{
    /* One byte more may be the '\r' of "\r\n". */
    bool over = r->pending.len - r->done > r->max + 1;
    r->scanned = r->pending.len;
    if (!over && !r->skipping)
        return LINE_MORE;
    skip_pending(r);
    bool news = !r->skipping;
    r->skipping = true;
    return news ? LINE_TOO_LONG : LINE_MORE;
}

enum line_result line_next(struct line_reader *r, const char **line,
                           size_t *len)
{
    for (;;) {
        size_t rest = r->pending.len - r->scanned;
        char *end = NULL;
        if (rest > 0)
            end = memchr(r->pending.data + r->scanned, '\n', rest);
        if (end == NULL)
            return unfinished(r);
        char *start = r->pending.data + r->done;
        r->scanned = r->done = (size_t)(end - r->pending.data) + 1;
        if (r->skipping) {
            r->skipping = false;
            continue;
        }
        *len = (size_t)(end - start);
        if (*len > 0 && start[*len - 1] == '\r')
            --*len;
        if (*len > r->max)
            return LINE_TOO_LONG;
        start[*len] = '\0';
        *line = start;
        return LINE_READY;
    }
}

void line_free(struct line_reader *r)
{
    buf_free(&r->pending);
}
