/* A task is one block of memory: itself, the pointers, the texts. */
#include "server/db/task.h"

#include "common/mem.h"

#include <string.h>

/* Copies a text and moves *at behind it. */
static const char *keep(char **at, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = memcpy(*at, text, size);
    *at += size;
    return copy;
}

struct task *task_new(const struct db_query *q)
{
    size_t pointers = (size_t)q->n * sizeof(char *);
    size_t bytes = strlen(q->sql) + 1;
    for (int i = 0; i < q->n; i++)
        bytes += q->values[i] != NULL ? strlen(q->values[i]) + 1 : 0;
    struct task *t = x_calloc(1, sizeof(*t) + pointers + bytes);
    char *at = (char *)(t + 1) + pointers;
    t->values = (const char **)(t + 1);
    t->sql = keep(&at, q->sql);
    for (int i = 0; i < q->n; i++)
        if (q->values[i] != NULL)
            t->values[i] = keep(&at, q->values[i]);
    t->n = q->n;
    t->prepare = q->prepare;
    return t;
}

void task_free(struct task *t)
{
    PQclear(t->res);
    err_clear(&t->err);
    x_free(&t);
}
