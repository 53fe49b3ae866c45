/* A plain client of the wire for tests, written apart from the product's own
 * so that both are held to the protocol. */
#include "tests/support/client.h"
#include "tests/support/daemon.h"

#include "common/clock.h"
#include "common/json.h"
#include "common/line.h"
#include "common/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define LINE_MAX_BYTES (64u << 20)
#define ANSWER_MS      30000

struct client {
    int fd;
    int timeout_ms;
    int64_t last_id;
    struct line_reader lines;
    cJSON *kept; /* an array: what came before it was asked for */
    bool closed;
};

/* --- connecting --- */

static int connect_unix(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
        return fd;
    close(fd);
    return -1;
}

static int connect_tcp(const char *host)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    const char *port = strrchr(host, ':');
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = htons((uint16_t)atoi(port ? port + 1 : "0"));
    if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
        return fd;
    close(fd);
    return -1;
}

static int connect_server(const char *server)
{
    if (strncmp(server, "unix:", 5) == 0)
        return connect_unix(server + 5);
    return connect_tcp(server + strlen("tcp://"));
}

static struct client *client_new(int fd)
{
    struct client *c = x_calloc(1, sizeof(*c));
    c->fd = fd;
    c->timeout_ms = ANSWER_MS;
    c->kept = cJSON_CreateArray();
    line_init(&c->lines, LINE_MAX_BYTES);
    return c;
}

struct client *client_open_server(const char *server)
{
    int fd = connect_server(server);
    if (fd < 0)
        fail_msg("%s: %s", server, strerror(errno));
    return client_new(fd);
}

struct client *client_open(const struct daemon *d)
{
    return client_open_server(d->server);
}

void client_close(struct client **c)
{
    if (!*c)
        return;
    close((*c)->fd);
    cJSON_Delete((*c)->kept);
    line_free(&(*c)->lines);
    x_free(c);
}

/* --- bytes and lines --- */

static bool send_all(struct client *c, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = send(c->fd, data, len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

void client_raw(struct client *c, const void *data, size_t len)
{
    if (!send_all(c, data, len))
        fail_msg("the daemon closed the connection: %s", strerror(errno));
}

/* Reads once; false at the end of the time or of the connection. */
static bool read_more(struct client *c, uint64_t end)
{
    char piece[65536];
    uint64_t now = clock_mono_ms();
    struct pollfd p = {c->fd, POLLIN, 0};
    int ready = c->closed || now >= end ? 0 : poll(&p, 1, (int)(end - now));
    if (ready < 0 && errno == EINTR)
        return true;
    if (ready <= 0)
        return false;
    ssize_t n = recv(c->fd, piece, sizeof(piece), 0);
    if (n <= 0)
        c->closed = true;
    else
        line_feed(&c->lines, piece, (size_t)n);
    return n > 0;
}

const char *client_line(struct client *c, int timeout_ms)
{
    uint64_t end = clock_mono_ms() + (uint64_t)timeout_ms;
    const char *line;
    size_t len;
    do {
        enum line_result r = line_next(&c->lines, &line, &len);
        if (r == LINE_TOO_LONG)
            fail_msg("a line of more than %u bytes", LINE_MAX_BYTES);
        if (r == LINE_READY)
            return line;
    } while (read_more(c, end));
    return NULL;
}

bool client_closed(struct client *c, int timeout_ms)
{
    uint64_t end = clock_mono_ms() + (uint64_t)timeout_ms;
    while (read_more(c, end))
        continue;
    return c->closed;
}

int client_fd(const struct client *c)
{
    return c->fd;
}

void client_timeout(struct client *c, int ms)
{
    c->timeout_ms = ms;
}

/* --- messages --- */

static void check_message(const cJSON *m, const char *line)
{
    const char *version = json_str(m, "jsonrpc", "");
    if (strcmp(version, "2.0") != 0)
        fail_msg("not JSON-RPC 2.0: %s", line);
}

/* The next message of any kind; NULL when the time is over. */
static cJSON *next_message(struct client *c, uint64_t end)
{
    static const struct json_limits limits = {.bytes = LINE_MAX_BYTES,
                                              .keys = 65536};
    struct err e = {0};
    cJSON *m = NULL;
    uint64_t now = clock_mono_ms();
    const char *line = client_line(c, now < end ? (int)(end - now) : 0);
    if (!line)
        return NULL;
    if (!json_parse(line, strlen(line), &limits, &m, &e))
        fail_msg("bad JSON from the daemon: %s: %s", e.message, line);
    check_message(m, line);
    return m;
}

static bool answers(const cJSON *m, int64_t id)
{
    return json_int(m, "id", 0) == id;
}

static cJSON *take_kept(struct client *c, int64_t id, const char *method)
{
    int i = 0;
    for (cJSON *m = c->kept->child; m; m = m->next, i++)
        if (method ? strcmp(json_str(m, "method", ""), method) == 0
                   : answers(m, id))
            return cJSON_DetachItemFromArray(c->kept, i);
    return NULL;
}

/* By method where one is given, else by id; others are kept. */
static cJSON *await(struct client *c, int64_t id, const char *method,
                    int timeout_ms)
{
    uint64_t end = clock_mono_ms() + (uint64_t)timeout_ms;
    cJSON *m = take_kept(c, id, method);
    while (!m && (m = next_message(c, end))) {
        cJSON_AddItemToArray(c->kept, m);
        m = take_kept(c, id, method);
        if (!m && c->closed)
            break;
    }
    return m;
}

cJSON *client_wait(struct client *c, int64_t id)
{
    cJSON *m = await(c, id, NULL, c->timeout_ms);
    if (!m)
        fail_msg("no answer to request %lld%s", (long long)id,
                 c->closed ? ": the connection was closed" : "");
    return m;
}

cJSON *client_notification(struct client *c, const char *method, int timeout_ms)
{
    return await(c, 0, method, timeout_ms);
}

static int64_t send_request(struct client *c, const char *method,
                            const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));

static int64_t send_request(struct client *c, const char *method,
                            const char *fmt, va_list ap)
{
    struct buf b = BUF_INIT;
    char *params = NULL;
    if (vasprintf(&params, fmt, ap) < 0)
        fail_msg("no memory");
    buf_printf(&b, "{\"jsonrpc\":\"2.0\",\"id\":%lld,\"method\":",
               (long long)++c->last_id);
    json_write_str(&b, method);
    buf_printf(&b, ",\"params\":%s}\n", params[0] ? params : "{}");
    client_raw(c, b.data, b.len);
    buf_free(&b);
    free(params);
    return c->last_id;
}

int64_t client_send(struct client *c, const char *method, const char *params,
                    ...)
{
    va_list ap;
    va_start(ap, params);
    int64_t id = send_request(c, method, params, ap);
    va_end(ap);
    return id;
}

cJSON *client_call(struct client *c, const char *method, const char *params,
                   ...)
{
    va_list ap;
    va_start(ap, params);
    int64_t id = send_request(c, method, params, ap);
    va_end(ap);
    return client_wait(c, id);
}

enum err_kind client_kind(const cJSON *response)
{
    const cJSON *error = json_get(response, "error");
    return error ? err_kind_of(json_str(json_get(error, "data"), "kind", ""))
                 : ERR_NONE;
}

/* Detaches `part`, which has to be there. */
static cJSON *take_part(cJSON *response, const char *method, const char *part)
{
    cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(response, part);
    if (!item) {
        char *text = cJSON_PrintUnformatted(response);
        fail_msg("%s gave no %s: %s", method, part, text);
    }
    cJSON_Delete(response);
    return item;
}

cJSON *client_result(struct client *c, const char *method, const char *params,
                     ...)
{
    va_list ap;
    va_start(ap, params);
    int64_t id = send_request(c, method, params, ap);
    va_end(ap);
    return take_part(client_wait(c, id), method, "result");
}

static cJSON *expect_error(struct client *c, int64_t id, const char *method,
                           enum err_kind kind)
{
    cJSON *error = take_part(client_wait(c, id), method, "error");
    const char *name = json_str(json_get(error, "data"), "kind", "none");
    if (strcmp(name, err_row(kind)->name) != 0)
        fail_msg("%s failed with %s (%s), not %s", method, name,
                 json_str(error, "message", ""), err_row(kind)->name);
    assert_int_equal(json_int(error, "code", 0), err_row(kind)->code);
    return error;
}

cJSON *client_error(struct client *c, enum err_kind kind, const char *method,
                    const char *params, ...)
{
    va_list ap;
    va_start(ap, params);
    int64_t id = send_request(c, method, params, ap);
    va_end(ap);
    return expect_error(c, id, method, kind);
}

void client_refused(struct client *c, enum err_kind kind, const char *method,
                    const char *params, ...)
{
    va_list ap;
    va_start(ap, params);
    int64_t id = send_request(c, method, params, ap);
    va_end(ap);
    cJSON_Delete(expect_error(c, id, method, kind));
}

/* --- sessions --- */

void client_login(struct client *c, const char *user, const char *password)
{
    cJSON_Delete(client_result(c, "session.login",
                               "{\"user\":\"%s\",\"password\":\"%s\"}", user,
                               password));
}

struct client *client_as(const struct daemon *d, const char *user)
{
    struct client *c = client_open(d);
    client_login(c, user, DAEMON_PASSWORD);
    return c;
}

/* A daemon listens before its database has answered; a call that needs a
 * session is `unavailable` until then. */
bool client_answers(const char *server)
{
    int fd = connect_server(server);
    if (fd < 0)
        return false;
    struct client *c = client_new(fd);
    static const char ask[] =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.whoami\"}\n";
    cJSON *m = NULL;
    if (send_all(c, ask, sizeof(ask) - 1))
        m = await(c, 1, NULL, 2000);
    enum err_kind kind = m ? client_kind(m) : ERR_unavailable;
    cJSON_Delete(m);
    client_close(&c);
    return kind != ERR_unavailable;
}
