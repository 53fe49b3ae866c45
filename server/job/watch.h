/* People and rights as they are now: read anew whenever their epoch moves,
 * looked at every 500 ms; sessions that ended on another daemon end here. */
#ifndef SERVER_JOB_WATCH_H
#define SERVER_JOB_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct directory;
struct server;
struct watch;

struct watch *watch_new(struct server *s);
/* The newest snapshot; NULL where none could be confirmed for two seconds
 * (and for no watch). */
struct directory *watch_directory(const struct watch *w);
/* Looks at once and calls `fn` on the loop when that is done, whether or not
 * it worked: for a user who was added a moment ago. */
void watch_refresh(struct watch *w, void (*fn)(void *ctx), void *ctx);
/* No more looking; what is under way may still end. */
void watch_stop(struct watch *w);
void watch_free(struct watch **w);

#endif
