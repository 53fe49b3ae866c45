/* ./start without a terminal: one daemon for all who start, the starting
 * user a director by session.peer, everything stopped by the last to leave. */
#include "common/clock.h"
#include "common/json.h"
#include "common/mem.h"
#include "tests/support/client.h"
#include "tests/support/program.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define CUSTOMERS "60"
#define WAIT_MS   120000

static char dir[64], data[96];

struct start {
    pid_t pid;
    char log[128];
    char server[160];
};

/* The environment has the folders of the build under test. */
static struct start start_run(const char *name, const char *customers)
{
    static const char *const env[] = {"KEHU_BUILD=" KEHU_BUILD, NULL};
    const char *argv[] = {
        KEHU_SOURCE "/start", "--customers", customers, "--data", data, NULL};
    struct start s = {0};
    snprintf(s.log, sizeof(s.log), "%s/%s.log", dir, name);
    struct program p = {.argv = argv, .env = env, .log = s.log};
    s.pid = program_spawn(&p);
    return s;
}

/* Waits for its line and takes the server from it. */
static void start_wait(struct start *s)
{
    static const char mark[] = "\nKEHU_SERVER=unix:";
    uint64_t end = clock_mono_ms() + WAIT_MS;
    for (;;) {
        char *text = program_read_file(s->log);
        char *line = text ? strstr(text, mark) : NULL;
        int status;
        if (line && strchr(line + 1, '\n')) {
            line += strlen("\nKEHU_SERVER=");
            snprintf(s->server, sizeof(s->server), "%.*s",
                     (int)strcspn(line, "\n"), line);
            free(text);
            return;
        }
        if (program_ended(s->pid, 20, &status) || clock_mono_ms() > end)
            fail_msg("start: %s", text ? text : "");
        free(text);
    }
}

static void start_stop(struct start *s, int signal_number)
{
    int status;
    kill(s->pid, signal_number);
    if (!program_ended(s->pid, WAIT_MS, &status))
        fail_msg("start does not stop");
}

static int64_t count_customers(const char *server)
{
    struct client *c = client_open_server(server);
    cJSON_Delete(client_result(c, "session.peer", "{}"));
    cJSON *total = client_result(c, "customer.count", "{}");
    int64_t n = json_int(total, "total", -1);
    cJSON_Delete(total);
    client_close(&c);
    return n;
}

static bool cluster_runs(void)
{
    char path[160];
    snprintf(path, sizeof(path), "%s/pg/postmaster.pid", data);
    return access(path, F_OK) == 0;
}

/* Left while the data is being made: nothing stays behind, neither a process
 * nor half of the data. */
static void test_left_while_loading(void **state)
{
    (void)state;
    struct start s = start_run("left", "300000");
    uint64_t end = clock_mono_ms() + WAIT_MS;
    while (!cluster_runs() && clock_mono_ms() < end)
        usleep(10000);
    assert_true(cluster_runs());
    start_stop(&s, SIGINT);
    assert_false(cluster_runs());
}

/* proves: ACC-01 */
static void test_user_is_director_with_demo_data(void **state)
{
    (void)state;
    struct start s = start_run("first", CUSTOMERS);
    start_wait(&s);
    struct client *c = client_open_server(s.server);
    cJSON *answer = client_result(c, "session.peer", "{}");
    const cJSON *user = json_get(answer, "user");
    assert_string_equal(json_str(user, "role", ""), "sales_director");
    assert_true(json_bool(user, "admin", false));
    cJSON_Delete(answer);
    client_close(&c);
    assert_int_equal(count_customers(s.server), atoi(CUSTOMERS));
    start_stop(&s, SIGTERM);
    assert_false(client_answers(s.server));
    assert_false(cluster_runs());
}

/* The data of the first start is there again, and no more of it; two at once
 * share a daemon, which lives until both have left. */
static void test_two_share_one_daemon(void **state)
{
    (void)state;
    struct start one = start_run("one", CUSTOMERS),
                 two = start_run("two", CUSTOMERS);
    start_wait(&one);
    start_wait(&two);
    assert_string_equal(one.server, two.server);
    assert_int_equal(count_customers(one.server), atoi(CUSTOMERS));
    start_stop(&one, SIGINT);
    assert_true(client_answers(two.server));
    start_stop(&two, SIGINT);
    assert_false(client_answers(two.server));
}

/* A start that was killed leaves its daemon; the next one takes it over. */
static void test_killed_start_is_taken_over(void **state)
{
    (void)state;
    struct start killed = start_run("killed", CUSTOMERS);
    start_wait(&killed);
    start_stop(&killed, SIGKILL);
    assert_true(client_answers(killed.server));
    struct start next = start_run("next", CUSTOMERS);
    start_wait(&next);
    assert_string_equal(killed.server, next.server);
    start_stop(&next, SIGTERM);
    assert_false(client_answers(next.server));
}

static void test_wrong_usage(void **state)
{
    (void)state;
    static const char *const wrong[][4] = {
        {KEHU_SOURCE "/start", "--customers", "many", NULL},
        {KEHU_SOURCE "/start", "--customers", NULL},
        {KEHU_SOURCE "/start", "somewhere", NULL},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct program p = {.argv = wrong[i]};
        char *errors;
        assert_int_equal(program_run(&p, NULL, &errors), 2);
        assert_non_null(strstr(errors, "./start"));
        free(errors);
    }
}

static int set_up(void **state)
{
    (void)state;
    program_tempdir(dir);
    /* PostgreSQL runs as a user of its own where we are root. */
    snprintf(data, sizeof(data), "%s-data", dir);
    return 0;
}

/* Whatever a failed test has left running ends with its data. */
static int tear_down(void **state)
{
    (void)state;
    char shell[512];
    snprintf(shell, sizeof(shell),
             "for f in '%s/kehud.pid' '%s/pg/postmaster.pid'; do"
             " [ -f \"$f\" ] && kill -9 $(head -1 \"$f\"); done; rm -rf '%s'",
             data, data, data);
    const char *argv[] = {"sh", "-c", shell, NULL};
    struct program p = {.argv = argv};
    program_run(&p, NULL, NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_left_while_loading),
        cmocka_unit_test(test_user_is_director_with_demo_data),
        cmocka_unit_test(test_two_share_one_daemon),
        cmocka_unit_test(test_killed_start_is_taken_over),
        cmocka_unit_test(test_wrong_usage),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
