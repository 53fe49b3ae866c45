/* Blocking calls over one connection, for the command line. */
#include "tui/remote/caller.h"

#include "common/clock.h"
#include "common/json.h"
#include "common/line.h"
#include "common/mem.h"
#include "tui/remote/token.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_MS 30000

struct caller {
    int fd;
    int timeout_ms;
    bool unix_socket;
    uint64_t last_id;
    char *token_file;
    struct line_reader in;
};

static bool away(struct err *e, const char *why)
{
    return err_set(e, ERR_unavailable,
                   _("The service can not be reached (%s). Is kehud "
                     "running?"),
                   why);
}

static bool await(int fd, short events, uint64_t deadline, struct err *e)
{
    struct pollfd p = {.fd = fd, .events = events};
    for (;;) {
        uint64_t now = clock_mono_ms();
        int left = deadline > now ? (int)(deadline - now) : 0;
        int n = poll(&p, 1, left);
        if (n > 0)
            return true;
        if (n == 0)
            return err_set(e, ERR_timeout, NULL);
        if (errno != EINTR)
            return away(e, wire_failure(errno));
    }
}

static bool connect_to(const struct wire_url *url, int fd, uint64_t deadline,
                       struct err *e)
{
    const struct sockaddr *address = (const struct sockaddr *)&url->address;
    if (connect(fd, address, url->length) == 0)
        return true;
    if (errno != EINPROGRESS)
        return away(e, wire_failure(errno));
    int failure = 0;
    socklen_t len = sizeof(failure);
    if (!await(fd, POLLOUT, deadline, e))
        return false;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len) != 0)
        failure = errno;
    return failure == 0 || away(e, wire_failure(failure));
}

static bool send_all(struct caller *c, const struct buf *b, uint64_t deadline,
                     struct err *e)
{
    size_t done = 0;
    while (done < b->len) {
        ssize_t n = send(c->fd, b->data + done, b->len - done, MSG_NOSIGNAL);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EAGAIN && errno != EINTR)
            return away(e, wire_failure(errno));
        else if (!await(c->fd, POLLOUT, deadline, e))
            return false;
    }
    return true;
}

/* Reads until one more line may be there. */
static bool receive(struct caller *c, uint64_t deadline, struct err *e)
{
    char bytes[65536];
    if (!await(c->fd, POLLIN, deadline, e))
        return false;
    ssize_t n = recv(c->fd, bytes, sizeof(bytes), 0);
    if (n > 0)
        line_feed(&c->in, bytes, (size_t)n);
    else if (n == 0)
        return away(e, wire_failure(ECONNRESET));
    else if (errno != EAGAIN && errno != EINTR)
        return away(e, wire_failure(errno));
    return true;
}

/* The reply with this id; notifications and late answers are passed over,
 * and whatever reports progress is not late. */
static cJSON *read_reply(struct caller *c, uint64_t id, uint64_t deadline,
                         struct err *e)
{
    static const struct json_limits limits = {.bytes = WIRE_LINE_MAX,
                                              .keys = 65536};
    const char *text;
    size_t len;
    for (;;) {
        enum line_result r = line_next(&c->in, &text, &len);
        if (r == LINE_TOO_LONG) {
            err_set(e, ERR_too_large, NULL);
            return NULL;
        }
        if (r == LINE_MORE) {
            if (!receive(c, deadline, e))
                return NULL;
            continue;
        }
        cJSON *reply = NULL;
        if (!json_parse(text, len, &limits, &reply, e))
            return NULL;
        if (json_int(reply, "id", 0) == (int64_t)id)
            return reply;
        if (strcmp(json_str(reply, "method", ""), "progress") == 0)
            deadline = clock_mono_ms() + (uint64_t)c->timeout_ms;
        cJSON_Delete(reply);
    }
}

/* Takes the result out of its reply. */
static cJSON *detach_result(cJSON *reply, struct err *e)
{
    cJSON *result = NULL;
    if (wire_result(reply, e))
        result = cJSON_DetachItemFromObjectCaseSensitive(reply, "result");
    cJSON_Delete(reply);
    return result;
}

cJSON *caller_call(struct caller *c, const char *method, cJSON *params,
                   struct err *e)
{
    uint64_t deadline = clock_mono_ms() + (uint64_t)c->timeout_ms;
    uint64_t id = ++c->last_id;
    struct buf line = BUF_INIT;
    if (wire_changes(method) && !json_get(params, "key")) {
        char key[WIRE_KEY_LEN];
        wire_key(key);
        if (!params)
            params = cJSON_CreateObject();
        cJSON_AddStringToObject(params, "key", key);
    }
    wire_request(&line, id, method, params);
    cJSON_Delete(params);
    cJSON *reply = NULL;
    if (send_all(c, &line, deadline, e))
        reply = read_reply(c, id, deadline, e);
    explicit_bzero(line.data, line.len); /* it may hold a password */
    buf_free(&line);
    return reply ? detach_result(reply, e) : NULL;
}

static bool greet(struct caller *c, enum lang lang, struct err *e)
{
    cJSON *answer = caller_call(c, "meta.hello", wire_hello(lang), e);
    bool fits = answer && wire_fits(answer, e);
    cJSON_Delete(answer);
    return fits;
}

struct caller *caller_open(const struct caller_options *o, struct err *e)
{
    struct wire_url url;
    if (!wire_parse(o->server, &url, e))
        return NULL;
    struct caller *c = x_calloc(1, sizeof(*c));
    c->timeout_ms = o->timeout_ms > 0 ? o->timeout_ms : TIMEOUT_MS;
    c->unix_socket = url.kind == WIRE_unix;
    c->token_file = o->token_file ? x_strdup(o->token_file) : NULL;
    line_init(&c->in, WIRE_LINE_MAX);
    c->fd = socket(url.address.ss_family,
                   SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    uint64_t deadline = clock_mono_ms() + (uint64_t)c->timeout_ms;
    if (c->fd < 0)
        away(e, wire_failure(errno));
    else if (connect_to(&url, c->fd, deadline, e) && greet(c, o->lang, e))
        return c;
    caller_close(&c);
    return NULL;
}

void caller_close(struct caller **c)
{
    if (!*c)
        return;
    if ((*c)->fd >= 0)
        close((*c)->fd);
    line_free(&(*c)->in);
    x_free(&(*c)->token_file);
    x_free(c);
}

/* The answer of a sign-in; its token is kept for the next time. */
static cJSON *signed_in(struct caller *c, cJSON *answer)
{
    const char *token = json_str(answer, "token", NULL);
    if (token && c->token_file)
        (void)token_save(c->token_file, token, NULL);
    return answer;
}

cJSON *caller_resume(struct caller *c, struct err *e)
{
    char token[TOKEN_MAX];
    if (c->token_file && token_load(c->token_file, token)) {
        struct err refused = {0};
        cJSON *params = cJSON_CreateObject();
        cJSON_AddStringToObject(params, "token", token);
        explicit_bzero(token, sizeof(token));
        cJSON *answer =
            caller_call(c, "session.resume", wire_zone(params), &refused);
        bool over = refused.kind == ERR_unauthenticated;
        if (!answer && !over && e)
            err_move(e, &refused);
        err_clear(&refused);
        if (answer || !over)
            return answer;
        token_forget(c->token_file);
    }
    if (!c->unix_socket) {
        err_set(e, ERR_unauthenticated, NULL);
        return NULL;
    }
    return signed_in(c, caller_call(c, "session.peer", wire_zone(NULL), e));
}

cJSON *caller_login(struct caller *c, const char *user, const char *password,
                    struct err *e)
{
    cJSON *params = cJSON_CreateObject();
    cJSON_AddStringToObject(params, "user", user);
    cJSON_AddStringToObject(params, "password", password);
    return signed_in(c, caller_call(c, "session.login", wire_zone(params), e));
}

bool caller_logout(struct caller *c, struct err *e)
{
    cJSON *answer = caller_call(c, "session.logout", NULL, e);
    bool ok = answer != NULL;
    cJSON_Delete(answer);
    if (c->token_file)
        token_forget(c->token_file);
    return ok;
}
