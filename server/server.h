/* The running daemon: what its connections, requests and jobs share. All of
 * it belongs to the loop's thread. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "server/net/conn.h"
#include "server/settings.h"

#include <uv.h>

struct cluster;
struct db;
struct housekeeping;
struct listeners;
struct request;
struct sign_in;
struct sites;
struct subscriptions;
struct watch;

/* For requests: memory that the next one takes over. */
#define SERVER_ARENAS 32

struct server {
    uv_loop_t loop;
    struct settings settings; /* those in force */
    struct db *db;
    struct watch *watch; /* people and rights */
    struct sign_in *sign_in;
    struct subscriptions *subscriptions; /* to live changes */
    struct housekeeping *housekeeping;
    struct sites *sites;
    struct listeners *listeners;
    struct conns conns;
    struct request *requests;
    int running; /* requests */
    struct arena *arenas[SERVER_ARENAS];
    int narenas;
    bool stopping; /* new work is refused */
    uv_async_t progress;
    void *state; /* server.c's own */
};

struct server_options {
    struct settings *settings; /* taken over */
    const char *url;           /* libpq, as kehu_app */
    struct cluster *cluster;   /* to be revived where it dies; or NULL */
    /* The settings anew, for SIGHUP. */
    bool (*reread)(void *ctx, struct settings *out, struct err *e);
    void *ctx;
};

/* Serves until SIGTERM or SIGINT. False with *e where it could not begin, or
 * had to stop by itself. */
bool server_run(const struct server_options *o, struct err *e) must_check;
/* Ends serving because of what can not be mended from inside. */
void server_fail(struct server *s, struct err *e);

#endif
