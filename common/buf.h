/* A growable run of bytes: what is written to a socket, an SQL text, a JSON
 * line. Always NUL-terminated behind `len`, so that text can be used as is. */
#ifndef COMMON_BUF_H
#define COMMON_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;
    size_t len;
    size_t cap;
};

#define BUF_INIT                                                               \
    {                                                                          \
        NULL, 0, 0                                                             \
    }

void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *data, size_t len);
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_int(struct buf *b, long long n);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Forgets the content, keeps the memory. */
void buf_clear(struct buf *b);
/* Drops the first n bytes. */
void buf_drop(struct buf *b, size_t n);
void buf_free(struct buf *b);
/* The text, never NULL; the buffer keeps it. */
const char *buf_text(const struct buf *b);

#endif
