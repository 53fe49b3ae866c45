/* Allocation that ends the process when the machine has no memory left, and
 * arenas that free a request or a screen at once. */
#include "common/mem.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_SIZE = 8192, ALIGN = alignof(max_align_t) };

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) char data[];
};

/* Blocks newest first; the first one ever made is the last of the list, and
 * that is the one which survives a reset. */
struct arena {
    struct block *blocks;
    size_t size;
};

static void (*save_work)(void);
static atomic_flag ending = ATOMIC_FLAG_INIT;
static _Thread_local bool saving;

/* Nothing on this way allocates. Another thread that runs out meanwhile
 * waits, so that the saving is not cut short; running out while saving ends
 * it at once. */
static _Noreturn void exhausted(void)
{
    static const char text[] = "out of memory\n";
    while (!saving && atomic_flag_test_and_set(&ending))
        pause();
    if (!saving && save_work != NULL) {
        saving = true;
        save_work();
    }
    ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);
    (void)n;
    _exit(EXIT_FAILURE);
}

static size_t checked_product(size_t count, size_t size)
{
    size_t all;
    if (__builtin_mul_overflow(count, size, &all))
        exhausted();
    return all;
}

void x_on_exhausted(void (*save)(void))
{
    save_work = save;
}

void *x_malloc(size_t size)
{
    void *p = malloc(size > 0 ? size : 1);
    if (p == NULL)
        exhausted();
    return p;
}

void *x_calloc(size_t count, size_t size)
{
    size_t all = checked_product(count, size);
    void *p = calloc(1, all > 0 ? all : 1);
    if (p == NULL)
        exhausted();
    return p;
}

void *x_reallocarray(void *old, size_t count, size_t size)
{
    size_t all = checked_product(count, size);
    void *p = realloc(old, all > 0 ? all : 1);
    if (p == NULL)
        exhausted();
    return p;
}

char *x_strndup(const char *s, size_t len)
{
    len = strnlen(s, len);
    char *copy = x_malloc(len + 1);
    memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

char *x_strdup(const char *s)
{
    return x_strndup(s, strlen(s));
}

char *x_asprintf(const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;
    va_start(ap, fmt);
    int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0)
        exhausted();
    return text;
}

void x_free_(void **p)
{
    free(*p);
    *p = NULL;
}

static struct block *block_new(struct arena *a, size_t size)
{
    struct block *b = x_malloc(checked_product(1, sizeof(*b) + size));
    b->next = a->blocks;
    b->size = size;
    b->used = 0;
    a->blocks = b;
    a->size += size;
    return b;
}

struct arena *arena_new(void)
{
    struct arena *a = x_calloc(1, sizeof(*a));
    block_new(a, BLOCK_SIZE);
    return a;
}

void arena_reset(struct arena *a)
{
    while (a->blocks->next != NULL) {
        struct block *b = a->blocks;
        a->blocks = b->next;
        a->size -= b->size;
        free(b);
    }
    a->blocks->used = 0;
}

void arena_free(struct arena **a)
{
    if (*a == NULL)
        return;
    arena_reset(*a);
    free((*a)->blocks);
    free(*a);
    *a = NULL;
}

/* Blocks double up to 1 MiB, so that a large request costs few of them. */
static size_t block_size_for(const struct arena *a, size_t size)
{
    size_t grown = a->size < ((size_t)1 << 20) ? a->size : (size_t)1 << 20;
    return size > grown ? size : grown;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 4)
        exhausted();
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    struct block *b = a->blocks;
    if (b->size - b->used < size)
        b = block_new(a, block_size_for(a, size));
    void *p = b->data + b->used;
    b->used += size;
    return memset(p, 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    return arena_alloc(a, checked_product(count, size));
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
    len = strnlen(s, len);
    char *copy = arena_alloc(a, len + 1);
    memcpy(copy, s, len);
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    if (n < 0)
        exhausted();
    char *text = arena_alloc(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    return text;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return text;
}

size_t arena_size(const struct arena *a)
{
    return a->size;
}
