/* A plain client of the wire for tests: one blocking connection, calls with
 * a time-out, pipelining. Whatever fails in here fails the test. */
#ifndef TESTS_SUPPORT_CLIENT_H
#define TESTS_SUPPORT_CLIENT_H

#include "common/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct daemon;
struct client;

struct client *client_open(const struct daemon *d);
/* unix:/path or tcp://127.0.0.1:port */
struct client *client_open_server(const char *server);
/* Whether a daemon answers there at all, and signs people in. */
bool client_answers(const char *server);
void client_close(struct client **c);
/* Opens and signs in as a user of the demo organisation. */
struct client *client_as(const struct daemon *d, const char *user);
void client_login(struct client *c, const char *user, const char *password);

/* `params` is JSON text, printf-formatted: client_call(c, "x.get",
 * "{\"id\":%d}", 7). Gives the whole response; the caller owns it. */
cJSON *client_call(struct client *c, const char *method, const char *params,
                   ...) __attribute__((format(printf, 3, 4)));
/* The result of a call that has to succeed; the caller owns it. */
cJSON *client_result(struct client *c, const char *method, const char *params,
                     ...) __attribute__((format(printf, 3, 4)));
/* The error of a call that has to fail with this kind; the caller owns it. */
cJSON *client_error(struct client *c, enum err_kind kind, const char *method,
                    const char *params, ...)
    __attribute__((format(printf, 4, 5)));
/* The same, only the kind looked at. */
void client_refused(struct client *c, enum err_kind kind, const char *method,
                    const char *params, ...)
    __attribute__((format(printf, 4, 5)));
/* ERR_NONE for a result. */
enum err_kind client_kind(const cJSON *response);

/* Pipelining: sends and gives the id; the response by id, whatever order
 * they come in. */
int64_t client_send(struct client *c, const char *method, const char *params,
                    ...) __attribute__((format(printf, 3, 4)));
cJSON *client_wait(struct client *c, int64_t id);
/* The next notification of this method; NULL when none came in time. */
cJSON *client_notification(struct client *c, const char *method,
                           int timeout_ms);

/* Bytes as they are, and the next line as it is (NULL: closed by the daemon,
 * or nothing within the time); the line lives until the next call. */
void client_raw(struct client *c, const void *data, size_t len);
const char *client_line(struct client *c, int timeout_ms);
/* True once the daemon has closed the connection. */
bool client_closed(struct client *c, int timeout_ms);
int client_fd(const struct client *c);
/* How long a call may take before the test fails; 30 s at first. */
void client_timeout(struct client *c, int ms);

#endif
