/* A bounded queue that serves its clients in turn: one with a thousand
 * requests waiting delays another's single one by one place only. */
#ifndef SERVER_DB_FAIR_H
#define SERVER_DB_FAIR_H

#include <stdbool.h>
#include <stdint.h>

/* Lies in what is queued, as its first member. */
struct fair_item {
    int64_t client;
    struct fair_item *next;
};

struct fair;

/* `max` items may wait. `at_once` (0: no limit) bounds what one client has
 * taken by fair_pop and not yet given back by fair_finish. */
struct fair *fair_new(int max, int at_once);
void fair_free(struct fair **f); /* the items are the caller's */
/* False where the queue is full. */
bool fair_push(struct fair *f, struct fair_item *item);
/* The next item of the client whose turn it is, NULL where none may go. */
struct fair_item *fair_pop(struct fair *f);
/* One that was popped has ended; needed only with `at_once`. */
void fair_finish(struct fair *f, int64_t client);
/* Takes out the first item that `wanted` names, out of turn; NULL: none. */
struct fair_item *fair_take(struct fair *f,
                            bool (*wanted)(struct fair_item *i, void *ctx),
                            void *ctx);
int fair_length(const struct fair *f);

#endif
