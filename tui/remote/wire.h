/* What both ways of speaking to the daemon share (the client's loop and the
 * blocking command line): the server's URL, the text of a request, the error
 * of a reply, keys of changing calls. No I/O here. */
#ifndef TUI_REMOTE_WIRE_H
#define TUI_REMOTE_WIRE_H

#include "common/buf.h"
#include "common/err.h"
#include "common/i18n.h"

#include <stdint.h>
#include <sys/socket.h>

struct arena;

#define WIRE_LINE_MAX   (16u << 20) /* bytes of a reply we are ready to read */
#define WIRE_KEY_LEN    33          /* 32 hex digits and NUL */
#define WIRE_COMPATIBLE 1           /* protocol.md, "The first message" */

enum wire_kind { WIRE_unix, WIRE_tcp };

struct wire_url {
    enum wire_kind kind;
    struct sockaddr_storage address;
    socklen_t length;
    char path[108]; /* of a unix socket */
};

/* unix:/path, tcp://127.0.0.1:port, tcp://[::1]:port, tcp://localhost:port.
 * Without TLS the traffic may not leave the machine, so other hosts are
 * refused; so are paths longer than a socket address holds. */
bool wire_parse(const char *server, struct wire_url *out,
                struct err *e) must_check;
/* KEHU_SERVER, else the socket of this user's daemon where there is one, else
 * the one of the machine. */
const char *wire_default_server(struct arena *a);

/* Appends one request line. `params` may be NULL ({}). id 0: a notification.
 */
void wire_request(struct buf *out, uint64_t id, const char *method,
                  const cJSON *params);
/* The parameters of meta.hello; the caller owns them. */
cJSON *wire_hello(enum lang lang);
/* Adds to the parameters of a sign-in (NULL: new ones) in which time zone this
 * client is, so that "today" is the same day for both. Gives them back. */
cJSON *wire_zone(cJSON *params);
/* False with an err in words where the daemon's answer to meta.hello says
 * that these two versions can not work together. */
bool wire_fits(const cJSON *hello, struct err *e) must_check;
/* The `result` of a reply, or NULL with *e as the daemon worded it (cleaned;
 * data without its kind). */
const cJSON *wire_result(const cJSON *reply, struct err *e);
/* Why a socket failed (an errno), in words that say what to look at. */
const char *wire_failure(int failed);
/* Does this method change something? Then it carries a key, and a repetition
 * with the same key is harmless. */
bool wire_changes(const char *method);
/* A fresh random key. */
void wire_key(char out[WIRE_KEY_LEN]);

#endif
