/* events.subscribe: who wants to hear of which changes, and telling just
 * those who may. */
#ifndef SERVER_RPC_SUBSCRIBE_H
#define SERVER_RPC_SUBSCRIBE_H

struct conn;
struct server;
struct subscriptions;

struct subscriptions *subscriptions_new(struct server *s);
/* The connection goes away or signs out: it hears nothing any more. */
void subscriptions_drop(struct subscriptions *all, const struct conn *c);
/* Something was committed here: look soon. */
void subscriptions_poke(struct subscriptions *all);
void subscriptions_free(struct subscriptions **all);

#endif
