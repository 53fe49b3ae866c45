/* A growable run of bytes that is always NUL-terminated. */
#include "common/buf.h"

#include "common/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 64 };

void buf_reserve(struct buf *b, size_t more)
{
    size_t need;
    if (__builtin_add_overflow(b->len, more, &need) ||
        __builtin_add_overflow(need, 1, &need))
        need = (size_t)-1; /* no machine has it: x_reallocarray ends us */
    if (need <= b->cap)
        return;
    size_t cap = b->cap > 0 ? b->cap : FIRST_CAP;
    while (cap < need && cap <= (size_t)-1 / 2)
        cap *= 2;
    if (cap < need)
        cap = need;
    b->data = x_reallocarray(b->data, cap, 1);
    b->cap = cap;
    b->data[b->len] = '\0';
}

void buf_add(struct buf *b, const void *data, size_t len)
{
    buf_reserve(b, len);
    if (len > 0)
        memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
    buf_reserve(b, 1);
    b->data[b->len++] = c;
    b->data[b->len] = '\0';
}

/* Digits by hand: ids and counts are written for every row of every list. */
void buf_int(struct buf *b, long long n)
{
    char digits[24];
    char *p = digits + sizeof(digits);
    unsigned long long rest = (unsigned long long)n;
    if (n < 0)
        rest = 0 - rest;
    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (n < 0)
        *--p = '-';
    buf_add(b, p, (size_t)(digits + sizeof(digits) - p));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n <= 0)
        return;
    buf_reserve(b, (size_t)n);
    va_start(ap, fmt);
    vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)n;
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    if (b->data != NULL)
        b->data[0] = '\0';
}

void buf_drop(struct buf *b, size_t n)
{
    if (n >= b->len) {
        buf_clear(b);
        return;
    }
    b->len -= n;
    memmove(b->data, b->data + n, b->len + 1);
}

void buf_free(struct buf *b)
{
    free(b->data);
    *b = (struct buf)BUF_INIT;
}

const char *buf_text(const struct buf *b)
{
    return b->data != NULL ? b->data : "";
}
