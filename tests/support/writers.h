/* Writers who never give up: each creates a customer and then changes it,
 * again and again, with a key for every step; whatever gets lost on the way
 * is sent again with the same key until it is acknowledged. In one thread. */
#ifndef TESTS_SUPPORT_WRITERS_H
#define TESTS_SUPPORT_WRITERS_H

#include <stdint.h>

struct writers;

struct writers_options {
    const char *server; /* unix:/path */
    const char *token;  /* of a session */
    /* JSON of `values` for customer.create with %s for the name. */
    const char *values;
    int writers;
};

struct writers *writers_new(const struct writers_options *o);
/* Works until so many customers more are created and changed, all steps
 * acknowledged. Fails the test where the daemon refuses what it should take,
 * or nothing comes to an end for a minute. */
void writers_work(struct writers *w, int64_t more);
/* Finishes what is under way and starts nothing new. */
void writers_finish(struct writers *w);
/* Customers acknowledged as created and changed. Their names are
 * "<prefix>-<writer>-<number>", numbers from 1 without a gap. */
int64_t writers_done(const struct writers *w);
#define WRITERS_PREFIX "写手公司"
/* Requests that had to be sent again. */
int64_t writers_repeated(const struct writers *w);
void writers_free(struct writers **w);

#endif
