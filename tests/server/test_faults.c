/* What is acknowledged stays, exactly once, whoever is killed; what can not
 * be done now says so; and no client can harm the others by what it sends,
 * does not read, or does not say. */
#include "common/clock.h"
#include "common/json.h"
#include "common/mem.h"
#include "tests/support/check.h"
#include "tests/support/client.h"
#include "tests/support/daemon.h"
#include "tests/support/postgres.h"
#include "tests/support/writers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define WRITERS 4
/* Four blows a round. KEHU_FAULT_ROUNDS and KEHU_FAULT_CUSTOMERS ask for more
 * (tests/bench/kills does). */
#define ROUNDS  3
#define SOME    15    /* customers between two blows */
#define SLOW    20    /* clients that do not read */
#define AWAY_MS 5000  /* in which a request has its answer, whatever is */
#define BACK_MS 30000 /* generous: a loaded machine starts slowly */
#define GROWTH  (64 << 20)

static struct postgres cluster;
static struct daemon *d;

static int asked_for(const char *name, int usual)
{
    const char *text = getenv(name);
    int n = text ? atoi(text) : 0;
    return n > 0 ? n : usual;
}

static int set_up(void **state)
{
    (void)state;
    postgres_start(&cluster);
    d = daemon_start(&(struct daemon_options){.customers = 200});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    daemon_free(&d);
    postgres_free(&cluster);
    return 0;
}

static char *token_of(const char *user)
{
    struct client *c = client_open(d);
    cJSON *r = client_result(c, "session.login",
                             "{\"user\":\"%s\",\"password\":\"%s\"}", user,
                             DAEMON_PASSWORD);
    char *token = x_strdup(json_str(r, "token", ""));
    cJSON_Delete(r);
    client_close(&c);
    return token;
}

/* What customer.create needs at least; %s stands for the name. */
static char *values_of_a_customer(void)
{
    char *industry = daemon_sql(
        d, "SELECT code FROM option_item WHERE list = 'industry' LIMIT 1");
    char *region = daemon_sql(
        d, "SELECT code FROM option_item WHERE list = 'region' LIMIT 1");
    char *values = x_asprintf(
        "{\"customer_name\":\"%%s\",\"industry\":\"%s\",\"regions\":[\"%s\"],"
        "\"sales_person\":%d,\"contact_person\":\"李娜\","
        "\"contact_phone\":\"13800138000\"}",
        industry, region,
        (int)daemon_sql_int(d, "SELECT id FROM app_user WHERE name='sales'"));
    free(industry);
    free(region);
    return values;
}

static void kill_backend(void)
{
    postgres_kill_backend(&cluster);
}

static void kill_database(void)
{
    postgres_kill(&cluster);
    postgres_run(&cluster);
}

static void kill_daemon(void)
{
    daemon_kill(d);
    daemon_run(d);
}

static void restart_daemon(void)
{
    daemon_stop(d);
    daemon_run(d);
}

static int64_t count(const char *what)
{
    return daemon_sql_int(d,
                          "SELECT count(*) FROM customer c WHERE"
                          " customer_name LIKE '" WRITERS_PREFIX "-%%' AND %s",
                          what);
}

/* Every customer is there once, created once, changed once, to the value its
 * writer gave, and the log and the outbox say the same. */
static void test_nothing_lost_or_doubled(void **state)
{
    (void)state;
    static void (*const blows[])(void) = {kill_backend, kill_database,
                                          kill_daemon, restart_daemon};
    char *token = token_of("sales_director");
    char *values = values_of_a_customer();
    struct writers *w = writers_new(
        &(struct writers_options){d->server, token, values, WRITERS});
    int rounds = asked_for("KEHU_FAULT_ROUNDS", ROUNDS);
    int some = asked_for("KEHU_FAULT_CUSTOMERS", SOME);
    for (int round = 0; round < rounds; round++) {
        for (size_t i = 0; i < sizeof blows / sizeof *blows; i++) {
            writers_work(w, some);
            blows[i]();
        }
    }
    writers_finish(w);
    int64_t done = writers_done(w);
    print_message("%d blows, %lld customers, %lld requests sent again\n",
                  rounds * 4, (long long)done, (long long)writers_repeated(w));
    assert_int_equal(count("true"), done);
    assert_int_equal(count("version <> 2"), 0);
    assert_int_equal(
        count("internal_notes <> substring(customer_name FROM '[0-9]+$')"), 0);
    assert_int_equal(count("2 <> (SELECT count(*) FROM audit a WHERE"
                           " a.entity = 'customer' AND a.record_id = c.id)"),
                     0);
    assert_int_equal(count("2 <> (SELECT count(*) FROM event e WHERE"
                           " e.entity = 'customer' AND e.record_id = c.id)"),
                     0);
    assert_int_equal(count("1 <> (SELECT count(*) FROM contact p WHERE"
                           " p.customer_id = c.id)"),
                     0);
    writers_free(&w);
    x_free(&values);
    x_free(&token);
}

/* Requests of every lane. */
static const struct {
    const char *method, *params;
} requests[] = {
    {"customer.get", "{\"id\":1}"},
    {"customer.list", "{\"limit\":10}"},
    {"customer.count", "{}"},
    {"customer.update", "{\"id\":1,\"version\":1,\"values\":"
                        "{\"internal_notes\":\"x\"}}"},
    {"session.login", "{\"user\":\"sales\",\"password\":\"long-enough-1\"}"},
};

static void check_away(struct client *c)
{
    client_timeout(c, 2 * AWAY_MS);
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        cJSON *e = client_error(c, ERR_unavailable, requests[i].method, "%s",
                                requests[i].params);
        assert_true(json_int(json_get(e, "data"), "retry_after_ms", 0) > 0);
        cJSON_Delete(e);
    }
    cJSON_Delete(client_result(c, "meta.ping", "{}"));
}

static bool is_back(void *ctx)
{
    cJSON *r = client_call(ctx, "customer.list", "{\"limit\":1}");
    bool back = client_kind(r) == ERR_NONE;
    if (!back)
        assert_int_equal(client_kind(r), ERR_unavailable);
    cJSON_Delete(r);
    return back;
}

/* Away means `unavailable`, on the same connection; the session goes on when
 * the database is back. */
static void test_database_away(void **state)
{
    (void)state;
    struct client *c = client_as(d, "sales_director");
    postgres_stop(&cluster);
    check_away(c);
    postgres_run(&cluster);
    uint64_t start = clock_mono_ms();
    assert_true(check_wait(is_back, c, BACK_MS));
    print_message("first good answer after %d ms\n",
                  (int)(clock_mono_ms() - start));
    cJSON_Delete(client_result(c, "session.whoami", "{}"));
    client_close(&c);
}

/* A daemon that starts before its database waits for it. */
static void test_database_later(void **state)
{
    (void)state;
    daemon_stop(d);
    postgres_stop(&cluster);
    daemon_run(d);
    struct client *c = client_open(d);
    cJSON_Delete(client_result(c, "meta.ping", "{}"));
    client_refused(c, ERR_unavailable, "session.login",
                   "{\"user\":\"sales\",\"password\":\"" DAEMON_PASSWORD "\"}");
    postgres_run(&cluster);
    client_close(&c);
    uint64_t tries = 0;
    for (c = NULL; !c && tries < 600; tries++) {
        c = client_open(d);
        cJSON *r = client_call(c, "session.login",
                               "{\"user\":\"sales\",\"password\":\"%s\"}",
                               DAEMON_PASSWORD);
        if (client_kind(r) != ERR_NONE) {
            client_close(&c);
            poll(NULL, 0, 50);
        }
        cJSON_Delete(r);
    }
    assert_non_null(c);
    client_close(&c);
}

/* Sends pages' worth of requests until the daemon takes no more. */
static void ask_without_reading(struct client *c)
{
    static const char line[] =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"customer.list\","
        "\"params\":{\"limit\":200}}\n";
    /* Not for ever: a daemon that takes everything fails by its memory. */
    for (int i = 0; i < 20000; i++) {
        struct pollfd p = {.fd = client_fd(c), .events = POLLOUT};
        if (poll(&p, 1, 200) <= 0)
            return;
        ssize_t n =
            send(p.fd, line, sizeof line - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n != (ssize_t)sizeof line - 1)
            return;
    }
}

static void test_slow_readers(void **state)
{
    (void)state;
    static const char *const set[] = {"limits.unread=3s", NULL};
    struct daemon *second =
        daemon_join(d, &(struct daemon_options){.set = set});
    struct client *slow[SLOW];
    struct client *other = client_as(second, "sales_director");
    cJSON_Delete(client_result(other, "customer.list", "{\"limit\":200}"));
    int64_t before = check_memory(second->pid, "Rss");
    assert_true(before > 0);
    for (int i = 0; i < SLOW; i++) {
        slow[i] = client_as(second, "sales_director");
        ask_without_reading(slow[i]);
        cJSON_Delete(client_result(other, "customer.list", "{\"limit\":5}"));
    }
    assert_true(check_memory(second->pid, "Rss") < before + GROWTH);
    for (int i = 0; i < SLOW; i++) {
        assert_true(client_closed(slow[i], BACK_MS));
        client_close(&slow[i]);
    }
    cJSON_Delete(client_result(other, "customer.list", "{\"limit\":5}"));
    client_close(&other);
    daemon_free(&second);
}

static void test_silent_connections(void **state)
{
    (void)state;
    static const char *const set[] = {"limits.idle=1s", NULL};
    struct daemon *second =
        daemon_join(d, &(struct daemon_options){.set = set});
    struct client *in = client_as(second, "sales");
    struct client *silent = client_open(second);
    struct client *half = client_open(second);
    client_raw(half, "{\"jsonrpc\"", 10);
    assert_true(client_closed(silent, BACK_MS));
    assert_true(client_closed(half, BACK_MS));
    /* Who has signed in may be silent. */
    cJSON_Delete(client_result(in, "session.whoami", "{}"));
    client_close(&silent);
    client_close(&half);
    client_close(&in);
    daemon_free(&second);
}

static void say(struct client *c, const char *line)
{
    client_raw(c, line, strlen(line));
}

static void expect_kind(struct client *c, const char *kind)
{
    const char *line = client_line(c, BACK_MS);
    if (!line || !strstr(line, kind))
        check_fail("not %s but %s", kind, line ? line : "silence");
}

static void test_malformed_lines(void **state)
{
    (void)state;
    struct client *c = client_open(d);
    for (int i = 0; i < 9; i++) {
        say(c, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\n");
        expect_kind(c, "\"parse_error\"");
    }
    /* A good line in between forgives them. */
    cJSON_Delete(client_result(c, "meta.ping", "{}"));
    for (int i = 0; i < 10; i++)
        say(c, "\x01\xff not JSON\n");
    assert_true(client_closed(c, BACK_MS));
    client_close(&c);
}

static void test_strange_lines(void **state)
{
    (void)state;
    static const struct {
        const char *line, *kind;
    } rows[] = {
        {"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"meta.ping\"}]\n",
         "\"invalid_request\""},
        {"{\"id\":1,\"method\":\"meta.ping\"}\n", "\"invalid_request\""},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}\n",
         "\"invalid_request\""},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"no.such\"}\n",
         "\"unknown_method\""},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"meta.ping\"}\n",
         "\"parse_error\""},
        {"{\"jsonrpc\":\"2.0\",\"id\":1e400,\"method\":\"meta.ping\"}\n",
         "\"parse_error\""},
        {"{\"jsonrpc\":\"2.0\",\"id\":\"\\u0000\",\"method\":\"x.y\"}\n",
         "\"parse_error\""},
    };
    struct client *c = client_open(d);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        say(c, rows[i].line);
        expect_kind(c, rows[i].kind);
        cJSON_Delete(client_result(c, "meta.ping", "{}"));
    }
    client_close(&c);
}

static void test_deep_and_long_lines(void **state)
{
    (void)state;
    struct client *c = client_open(d);
    char deep[400];
    size_t n = (size_t)snprintf(deep, sizeof deep, "%s",
                                "{\"jsonrpc\":\"2.0\",\"id\":1,"
                                "\"method\":\"meta.ping\",\"params\":");
    memset(deep + n, '[', 100);
    memset(deep + n + 100, ']', 100);
    memcpy(deep + n + 200, "}\n", 3);
    say(c, deep);
    expect_kind(c, "\"too_large\"");
    char *chunk = x_malloc(1 << 16);
    memset(chunk, 'a', 1 << 16);
    for (int i = 0; i < 40; i++) /* 2.5 MiB, the limit being 1 */
        client_raw(c, chunk, 1 << 16);
    say(c, "\n");
    expect_kind(c, "\"too_large\"");
    cJSON_Delete(client_result(c, "meta.ping", "{}"));
    x_free(&chunk);
    client_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_malformed_lines),
        cmocka_unit_test(test_strange_lines),
        cmocka_unit_test(test_deep_and_long_lines),
        cmocka_unit_test(test_silent_connections),
        cmocka_unit_test(test_slow_readers),
        cmocka_unit_test(test_database_away),
        cmocka_unit_test(test_database_later),
        cmocka_unit_test(test_nothing_lost_or_doubled),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
