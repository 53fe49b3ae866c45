/* One client's connection: lines in, answers out, both bounded. A connection
 * stands in the list of its state. */
#ifndef SERVER_NET_CONN_H
#define SERVER_NET_CONN_H

#include "common/i18n.h"
#include "common/line.h"

#include <stdint.h>
#include <uv.h>

struct request;
struct server;
struct session;

enum conn_state {
    CONN_new,     /* not signed in */
    CONN_ready,   /* signed in */
    CONN_closing, /* on its way out */
    CONN_STATES
};

struct conn {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_pipe_t pipe;
        uv_tcp_t tcp;
    } io;
    struct server *server;
    struct conn *before, *after; /* in the list of its state */
    struct conn *dirty_next;     /* among those with something to send */
    struct session *session;     /* NULL: not signed in */
    struct request *requests;    /* at work */
    struct conn_write *writing;  /* what the kernel has not taken yet */
    struct line_reader in;
    struct buf out;
    char *client; /* by its own words, or NULL */
    int64_t id;
    uint64_t heard_at; /* last line; clock_mono_ms */
    uint64_t taken_at; /* when the kernel last took something */
    size_t unsent_seen;
    uint32_t typical; /* bytes of an answer, lately */
    int16_t in_flight, malformed;
    uint8_t state, lang;
    bool local; /* unix socket */
    bool lang_given, dirty, reading, processing, ended;
};

struct conn_list {
    struct conn *first;
    int n;
};

struct conns {
    struct conn_list list[CONN_STATES];
    struct conn *dirty;
    int64_t ids;
    uint64_t ticked_at;
    uv_prepare_t flush;
    char read_buffer[65536];
};

/* --- for listeners and the server --- */

void conns_start(struct server *s);
void conns_stop(struct server *s); /* when all are closed */
int conns_open(const struct server *s);
/* Takes one that waits at the listener. */
void conn_accept(struct server *s, uv_stream_t *listener, bool local);
/* Once in a while: ends the silent and those that read nothing. */
void conns_tick(struct server *s);
void conns_close_all(struct server *s, const char *reason);
/* On every connection that has this session by an older state. */
void conns_replace_session(struct server *s, struct session *session);
/* Sessions that ended elsewhere: hashes in hex, joined by blanks. */
void conns_revoke(struct server *s, const char *hashes);

/* --- for the gate and requests --- */

/* Appends to what is sent before the loop sleeps again; call conn_send after
 * a whole line. */
struct buf *conn_out(struct conn *c);
void conn_send(struct conn *c);
/* A request began or ended; `bytes` is the size of its answer. */
void conn_began(struct conn *c);
void conn_finished(struct conn *c, size_t bytes);
/* A line that was no request, or one that was. */
void conn_malformed(struct conn *c);
void conn_well_formed(struct conn *c);
/* The one way to end a connection. */
void conn_close(struct conn *c, const char *reason);

/* --- for sign-in --- */

/* Takes a reference; NULL signs out. */
void conn_sign_in(struct conn *c, struct session *s);
/* What meta.hello said; `client` may be NULL. */
void conn_greet(struct conn *c, const char *client, bool lang_given,
                enum lang lang);
/* The operating system's user at the other end of a unix socket. */
bool conn_peer(const struct conn *c, char *name, size_t size);
/* Where it comes from, for limits and the log: "uid 1000", "127.0.0.1". */
void conn_place(const struct conn *c, char *out, size_t size);

#endif
