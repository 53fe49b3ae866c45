/* A task is one block of memory: itself, the pointers, the texts. */
#include "server/db/task.h"

#include "common/mem.h"

#include <string.h>

struct task *task_new(const struct db_query *q)
{
    size_t pointers = (size_t)q->n * sizeof(char *);
    size_t bytes = strlen(q->sql) + 1;
    for (int i = 0; i < q->n; i++)
        bytes += q->values[i] != NULL ? strlen(q->values[i]) + 1 : 0;
    struct task *t = x_calloc(1, sizeof(*t) + pointers + bytes);
    t->values = (const char **)(t + 1);
    char *text = (char *)(t + 1) + pointers;
    t->sql = strcpy(text, q->sql);
    text += strlen(text) + 1;
    for (int i = 0; i < q->n; i++) {
        if (q->values[i] == NULL)
            continue;
        t->values[i] = strcpy(text, q->values[i]);
        text += strlen(text) + 1;
    }
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
