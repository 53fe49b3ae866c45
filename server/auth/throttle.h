/* Failed sign-ins cost waiting: after a few, each further one of the same
 * user, or from the same place, has to wait twice as long as the last. */
#ifndef SERVER_AUTH_THROTTLE_H
#define SERVER_AUTH_THROTTLE_H

#include <stdint.h>

struct throttle;

struct throttle *throttle_new(void);
void throttle_free(struct throttle **t);
/* Milliseconds until `key` may try again; 0: now. */
int64_t throttle_wait(struct throttle *t, const char *key, int64_t now_ms);
/* `free_failures` may happen before anybody has to wait. */
void throttle_failed(struct throttle *t, const char *key, int64_t free_failures,
                     int64_t now_ms);
void throttle_succeeded(struct throttle *t, const char *key);

#endif
