/* Line framing: bytes in, whole lines out, with a limit on a line. */
#ifndef COMMON_LINE_H
#define COMMON_LINE_H

#include "common/buf.h"

struct line_reader {
    struct buf pending;
    size_t done;    /* of pending: handed out or skipped up to here */
    size_t scanned; /* of pending: no '\n' between done and here */
    size_t max;     /* bytes in a line, without its '\n' */
    bool skipping;  /* inside a line that was too long */
};

enum line_result { LINE_MORE, LINE_READY, LINE_TOO_LONG };

void line_init(struct line_reader *r, size_t max);
void line_feed(struct line_reader *r, const char *data, size_t len);
/* LINE_READY: *line (NUL-terminated, without "\n" or "\r\n") is valid until
 * the next call. LINE_TOO_LONG: told once for each such line, which is
 * skipped up to its end; memory stays within max. Call until LINE_MORE. */
enum line_result line_next(struct line_reader *r, const char **line,
                           size_t *len);
void line_free(struct line_reader *r);

#endif
