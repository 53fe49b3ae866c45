/* What a list wants to know of the rows that it does not show: that some of
 * them changed, not which. One `others` a second for each kind of record a
 * connection follows, however much happens. */
#ifndef SERVER_RPC_OTHERS_H
#define SERVER_RPC_OTHERS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

struct conn;
struct entity;
struct err;
struct others_all;
struct others;
struct request;
struct server;

struct others_all *others_open(struct server *s);
/* Frees it once the statements under way have ended. */
void others_close(struct others_all **all);

/* `params` of events.subscribe: filter and search narrow what is told, both
 * may be missing. They are read anew with the rights of each moment. */
struct others *others_new(struct others_all *all, struct conn *c,
                          const struct entity *e, const cJSON *params);
void others_free(struct others **o);
/* Are filter and search of a request well-formed and allowed to its user? */
bool others_check(struct request *r, const struct entity *e, struct err *err);

/* A row that is not followed by itself, and that this user may see, changed.
 */
void others_changed(struct others *o, int64_t id);
/* May one more change of a followed row be told by itself? So many a second;
 * behind them one `resync` stands for the rest. */
bool others_allows(struct others *o);

#endif
