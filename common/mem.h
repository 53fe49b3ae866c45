/* Memory that can not fail: small allocations end the process cleanly when
 * the machine has none left, and arenas free a request or a screen at once. */
#ifndef COMMON_MEM_H
#define COMMON_MEM_H

#include <stdarg.h>
#include <stddef.h>

/* Called once before the process ends for want of memory (the client saves
 * its drafts there). It must not allocate. */
void x_on_exhausted(void (*save)(void));

void *x_malloc(size_t size);
void *x_calloc(size_t count, size_t size);
/* count * size is checked for overflow. */
void *x_reallocarray(void *old, size_t count, size_t size);
char *x_strdup(const char *s);
char *x_strndup(const char *s, size_t len);
char *x_asprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Frees *p and sets it to NULL: x_free(&thing). */
#define x_free(pp) x_free_((void **)(pp))
void x_free_(void **p);

/* An arena hands out memory that is freed all at once. Not thread-safe: an
 * arena belongs to one request or one screen at a time. */
struct arena;
struct arena *arena_new(void);
void arena_free(struct arena **a);
/* Forgets everything handed out, keeps the first block for reuse. */
void arena_reset(struct arena *a);
/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t count, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
/* Bytes held, for limits and for the metrics. */
size_t arena_size(const struct arena *a);

#endif
