/* The wire from outside: framing, limits, many requests at once, silence,
 * slow readers, and the places the daemon listens at. */
#include "common/clock.h"
#include "common/json.h"
#include "common/mem.h"
#include "tests/support/check.h"
#include "tests/support/client.h"
#include "tests/support/daemon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define PING "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"meta.ping\"}\n"

static struct daemon *d;
static int port;

/* A port that nobody uses just now. */
static int free_port(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t size = sizeof(a);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
    getsockname(fd, (struct sockaddr *)&a, &size);
    close(fd);
    return ntohs(a.sin_port);
}

static int set_up(void **state)
{
    (void)state;
    char tcp[64];
    const char *const set[] = {tcp,
                               "limits.line=16KiB",
                               "limits.depth=8",
                               "limits.malformed=4",
                               "limits.idle=400ms",
                               "limits.unread=400ms",
                               "limits.unsent=32KiB",
                               NULL};
    port = free_port();
    snprintf(tcp, sizeof(tcp), "listen.tcp=127.0.0.1:%d", port);
    d = daemon_start(
        &(struct daemon_options){.organisation = true, .set = set});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    daemon_free(&d);
    return 0;
}

static void text(struct client *c, const char *line)
{
    client_raw(c, line, strlen(line));
}

/* The kind of the error in the next line; *id gets whether it has one. */
static enum err_kind next_kind(struct client *c, bool *has_id)
{
    const char *line = client_line(c, 10000);
    assert_non_null(line);
    cJSON *json = cJSON_Parse(line);
    enum err_kind kind = client_kind(json);
    *has_id = !cJSON_IsNull(json_get(json, "id"));
    cJSON_Delete(json);
    return kind;
}

static void test_malformed(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum err_kind kind;
        bool id;
    } rows[] = {
        {"nonsense\n", ERR_parse_error, false},
        {"\n", ERR_parse_error, false},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"meta.ping\",}\n",
         ERR_parse_error, false},
        {"{\"a\":1,\"a\":2}\n", ERR_parse_error, false},
        {"[[[[[[[[[[]]]]]]]]]]\n", ERR_too_large, false},
        {"7\n", ERR_invalid_request, false},
        {"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"meta.ping\"}]\n",
         ERR_invalid_request, false},
        {"{\"id\":1,\"method\":\"meta.ping\"}\n", ERR_invalid_request, true},
        {"{\"jsonrpc\":\"2.0\",\"id\":1}\n", ERR_invalid_request, true},
        {"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"meta.ping\"}\n",
         ERR_invalid_request, false},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"meta.ping\"}\n",
         ERR_invalid_request, false},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"meta.ping\","
         "\"params\":[1]}\n",
         ERR_invalid_request, true},
    };
    bool id;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct client *c = client_open(d);
        text(c, rows[i].line);
        assert_int_equal(next_kind(c, &id), rows[i].kind);
        assert_int_equal(id, rows[i].id);
        cJSON_Delete(client_result(c, "meta.ping", "{}"));
        client_close(&c);
    }
}

/* Four bad lines in a row end it; a good one in between forgives. */
static void test_too_many_malformed(void **state)
{
    (void)state;
    struct client *c = client_open(d);
    for (int round = 0; round < 3; round++) {
        text(c, "x\nx\nx\n");
        for (int i = 0; i < 3; i++)
            assert_non_null(client_line(c, 10000));
        cJSON_Delete(client_result(c, "meta.ping", "{}"));
    }
    text(c, "x\nx\nx\nx\n");
    assert_true(client_closed(c, 10000));
    client_close(&c);
    assert_false(daemon_logged(d, "internal", 0));
}

static void test_too_long(void **state)
{
    (void)state;
    bool id;
    struct client *c = client_open(d);
    char *line = x_malloc(100001);
    memset(line, 'x', 100000);
    line[100000] = '\n';
    client_raw(c, line, 100001);
    assert_int_equal(next_kind(c, &id), ERR_too_large);
    cJSON_Delete(client_result(c, "meta.ping", "{}"));
    x_free(&line);
    client_close(&c);
}

/* A request may come in any pieces, and many in one. */
static void test_pieces(void **state)
{
    (void)state;
    char line[128], many[128 * 50];
    struct client *c = client_open(d);
    size_t len = 0;
    snprintf(line, sizeof(line), PING, 1);
    for (const char *p = line; *p != '\0'; p++)
        client_raw(c, p, 1);
    cJSON_Delete(client_wait(c, 1));
    for (int i = 100; i < 150; i++)
        len += (size_t)snprintf(many + len, sizeof(many) - len, PING, i);
    client_raw(c, many, len);
    for (int i = 149; i >= 100; i--) {
        cJSON *r = client_wait(c, i);
        assert_int_equal(client_kind(r), ERR_NONE);
        cJSON_Delete(r);
    }
    client_close(&c);
}

/* Far more than may be at work at once: they wait, none is lost. */
static void test_pipelining(void **state)
{
    (void)state;
    enum { N = 500 };
    int64_t ids[N];
    struct client *c = client_as(d, "sales");
    for (int i = 0; i < N; i++)
        ids[i] = client_send(c, i % 2 ? "meta.ping" : "session.whoami", "{}");
    for (int i = 0; i < N; i++) {
        cJSON *r = client_wait(c, ids[i]);
        assert_int_equal(client_kind(r), ERR_NONE);
        cJSON_Delete(r);
    }
    client_close(&c);
}

static void test_ids(void **state)
{
    (void)state;
    static const char *const good[] = {"0", "-5", "\"a\"", "\"\"",
                                       "9007199254740992"};
    static const char *const bad[] = {"null", "1.5", "[]"};
    char line[128];
    bool id;
    struct client *c = client_open(d);
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        snprintf(line, sizeof(line),
                 "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"meta.ping\"}\n",
                 good[i]);
        text(c, line);
        snprintf(line, sizeof(line), "\"id\":%s,", good[i]);
        assert_non_null(strstr(client_line(c, 10000), line));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        snprintf(line, sizeof(line),
                 "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"meta.ping\"}\n",
                 bad[i]);
        text(c, line);
        assert_int_equal(next_kind(c, &id), ERR_invalid_request);
        assert_false(id);
    }
    client_close(&c);
}

/* The client may end its side and still gets its answers. */
static void test_half_closed(void **state)
{
    (void)state;
    struct client *c = client_as(d, "sales");
    int64_t first = client_send(c, "session.whoami", "{}");
    int64_t second = client_send(c, "session.whoami", "{}");
    shutdown(client_fd(c), SHUT_WR);
    cJSON_Delete(client_wait(c, first));
    cJSON_Delete(client_wait(c, second));
    assert_true(client_closed(c, 10000));
    client_close(&c);
}

/* Who says nothing and has not signed in is let go; who has, stays. */
static void test_silence(void **state)
{
    (void)state;
    struct client *in = client_as(d, "sales"), *out = client_open(d);
    assert_true(client_closed(out, 10000));
    cJSON_Delete(client_result(in, "session.whoami", "{}"));
    client_close(&out);
    client_close(&in);
}

/* A client that asks and never reads is dropped, and nobody else notices. */
static void test_reads_nothing(void **state)
{
    (void)state;
    struct client *slow = client_as(d, "sales_director");
    struct client *other = client_as(d, "sales");
    int small = 4096;
    char line[128];
    setsockopt(client_fd(slow), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    int64_t before = check_memory(d->pid, "Rss");
    for (int i = 0; i < 3000; i++) {
        snprintf(line, sizeof(line),
                 "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":"
                 "\"meta.describe\"}\n",
                 i);
        ssize_t n = send(client_fd(slow), line, strlen(line),
                         MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < (ssize_t)strlen(line))
            break;
    }
    cJSON_Delete(client_result(other, "session.whoami", "{}"));
    /* Whether it was dropped shows in writing: reading would keep it. */
    uint64_t end = clock_mono_ms() + 20000;
    bool dropped = false;
    while (!dropped && clock_mono_ms() < end) {
        usleep(20000);
        dropped =
            send(client_fd(slow), "\n", 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 &&
            errno == EPIPE;
    }
    assert_true(dropped);
    assert_true(check_memory(d->pid, "Rss") - before < 16 << 20);
    cJSON_Delete(client_result(other, "session.whoami", "{}"));
    client_close(&other);
    client_close(&slow);
}

static void test_tcp(void **state)
{
    (void)state;
    char server[64];
    snprintf(server, sizeof(server), "tcp://127.0.0.1:%d", port);
    struct client *c = client_open_server(server);
    cJSON_Delete(client_result(c, "meta.ping", "{}"));
    /* Over TCP nobody vouches for who is there. */
    client_refused(c, ERR_unauthenticated, "session.peer", "{}");
    client_login(c, "sales", DAEMON_PASSWORD);
    cJSON_Delete(client_result(c, "session.whoami", "{}"));
    client_close(&c);
}

static void test_socket_file(void **state)
{
    (void)state;
    struct stat st;
    assert_int_equal(stat(d->socket, &st), 0);
    assert_true(S_ISSOCK(st.st_mode));
    assert_int_equal(st.st_mode & 0777, 0660);
}

static void test_unknown(void **state)
{
    (void)state;
    struct client *c = client_open(d);
    client_refused(c, ERR_unknown_method, "nothing.here", "{}");
    client_refused(c, ERR_unknown_method, "event.list", "{}");
    client_refused(c, ERR_unauthenticated, "customer.list", "{}");
    client_refused(c, ERR_invalid_params, "meta.ping", "{\"x\":1}");
    client_close(&c);
}

/* One too many is turned away; when one leaves there is room again. */
static void test_connections(void **state)
{
    (void)state;
    static const char *const set[] = {"limits.connections=3", NULL};
    struct daemon *small = daemon_join(d, &(struct daemon_options){.set = set});
    struct client *c[3], *more;
    for (int i = 0; i < 3; i++) {
        c[i] = client_open(small);
        cJSON_Delete(client_result(c[i], "meta.ping", "{}"));
    }
    more = client_open(small);
    assert_true(client_closed(more, 10000));
    client_close(&more);
    client_close(&c[0]);
    uint64_t end = clock_mono_ms() + 10000;
    bool answered = false;
    while (!answered && clock_mono_ms() < end)
        answered = client_answers(small->server);
    assert_true(answered);
    client_close(&c[1]);
    client_close(&c[2]);
    daemon_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_too_many_malformed),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_pipelining),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_half_closed),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_reads_nothing),
        cmocka_unit_test(test_tcp),
        cmocka_unit_test(test_socket_file),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_connections),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
