/* Settings on the command line, a reload that is taken up or refused, and an
 * end that loses nothing. */
#include "common/json.h"
#include "tests/support/check.h"
#include "tests/support/client.h"
#include "tests/support/daemon.h"
#include "tests/support/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static int check(const char *text, char **errors)
{
    char dir[64], config[96], *out = NULL;
    program_tempdir(dir);
    snprintf(config, sizeof(config), "%s/c.yaml", dir);
    program_write_file(config, text);
    const char *argv[] = {"kehud", "check-config", config, NULL};
    const char *env[] = {"LANG=en_US.UTF-8", NULL};
    struct program p = {.argv = argv, .env = env};
    int status = program_run(&p, &out, errors);
    free(out);
    return status;
}

static void test_check_config(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"lanes:\n  quik: 4\n", ":2:"},
        {"lanes:\n  quick: many\n", ":2:"},
        {"lanes:\n  quick: 0\n", ":2:"},
        {"listen:\n  tcp: 0.0.0.0:80\n", "listen.tcp"},
        {"listen: [1\n", ":"},
    };
    char *errors = NULL;
    assert_int_equal(check("log:\n  level: debug\n", &errors), 0);
    free(errors);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        assert_int_not_equal(check(rows[i].text, &errors), 0);
        if (strstr(errors, rows[i].said) == NULL)
            fail_msg("%s\nsays: %s", rows[i].text, errors);
        free(errors);
    }
}

static int run(const char *const *argv, char **out, char **errors)
{
    struct program p = {.argv = argv};
    return program_run(&p, out, errors);
}

static void test_command_line(void **state)
{
    (void)state;
    static const char *const wrong[][6] = {
        {"kehud", "nonsense", NULL},
        {"kehud", NULL},
        {"kehud", "serve", "extra", NULL},
        {"kehud", "serve", "--status", NULL},
        {"kehud", "user", "add", NULL},
        {"kehud", "user", NULL},
        {"kehud", "check-config", NULL},
        {"kehud", "demo", "--customers", "many", NULL},
        {"kehud", "migrate", "--config", NULL},
        {"kehud", "migrate", "--status=yes", NULL},
        {"kehud", "migrate", "--set", "lanes.quick", NULL},
    };
    char *out, *errors;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        if (run(wrong[i], &out, &errors) != 2)
            fail_msg("row %zu: %s", i, errors);
        free(out);
        free(errors);
    }
    const char *help[] = {"kehud", "--help", NULL};
    assert_int_equal(run(help, &out, &errors), 0);
    assert_non_null(strstr(out, "serve"));
    assert_non_null(strstr(out, "--embedded DIR"));
    free(out);
    free(errors);
}

static void rewrite(const struct daemon *d, const char *more)
{
    char *text = program_read_file(d->config), *whole;
    assert_non_null(text);
    assert_true(asprintf(&whole, "%s%s", text, more) > 0);
    program_write_file(d->config, whole);
    free(whole);
    free(text);
}

/* What can not be read has no id to answer to. */
static bool depth_is_small(void *ctx)
{
    static const char line[] = "{\"jsonrpc\":\"2.0\",\"id\":\"deep\","
                               "\"method\":\"meta.ping\",\"params\":"
                               "{\"a\":[[[[[[1]]]]]]}}\n";
    struct client *c = ctx;
    client_raw(c, line, strlen(line));
    const char *answer = client_line(c, 10000);
    assert_non_null(answer);
    return strstr(answer, "too_large") != NULL;
}

static void test_reload(void **state)
{
    (void)state;
    struct daemon *d = daemon_start(NULL);
    char *before = program_read_file(d->config);
    struct client *c = client_open(d);
    assert_false(depth_is_small(c));
    rewrite(d, "limits:\n  depth: 6\n");
    kill(d->pid, SIGHUP);
    assert_true(daemon_logged(d, "reloaded", 10000));
    assert_true(check_wait(depth_is_small, c, 5000));
    /* Wrong ones are refused, and the old ones stay. */
    program_write_file(d->config, before);
    rewrite(d, "limits:\n  depth: none\n");
    kill(d->pid, SIGHUP);
    assert_true(daemon_logged(d, "reload_refused", 10000));
    assert_true(depth_is_small(c));
    /* So is what only a restart can change. */
    program_write_file(d->config, before);
    rewrite(d, "lanes:\n  workers: 7\n");
    kill(d->pid, SIGHUP);
    assert_true(daemon_logged(d, "lanes.workers", 10000));
    assert_true(depth_is_small(c));
    free(before);
    client_close(&c);
    daemon_free(&d);
}

/* Holds a row, so that the change of it is still at work. */
static PGconn *hold_sessions(const struct daemon *d)
{
    PGconn *pq = PQconnectdb(d->owner_conninfo);
    assert_int_equal(PQstatus(pq), CONNECTION_OK);
    PQclear(PQexec(pq, "BEGIN; LOCK TABLE session IN EXCLUSIVE MODE"));
    return pq;
}

/* A stop finishes what runs, refuses what comes, and ends well. */
static void test_graceful_stop(void **state)
{
    (void)state;
    int status;
    struct daemon *d =
        daemon_start(&(struct daemon_options){.organisation = true});
    struct client *c = client_as(d, "sales");
    PGconn *lock = hold_sessions(d);
    int64_t running = client_send(c, "session.set", "{\"lang\":\"en\"}");
    cJSON_Delete(client_result(c, "meta.ping", "{}"));
    kill(d->pid, SIGTERM);
    assert_true(daemon_logged(d, "stopping", 10000));
    cJSON *e = client_error(c, ERR_unavailable, "session.whoami", "{}");
    assert_true(json_int(json_get(e, "data"), "retry_after_ms", 0) > 0);
    cJSON_Delete(e);
    assert_false(client_answers(d->server));
    PQclear(PQexec(lock, "COMMIT"));
    PQfinish(lock);
    cJSON *r = client_wait(c, running);
    assert_int_equal(client_kind(r), ERR_NONE);
    cJSON_Delete(r);
    assert_true(client_closed(c, 10000));
    assert_true(daemon_ended(d, 10000, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(
        daemon_sql_int(d, "SELECT count(*) FROM session WHERE lang = 'en'"), 1);
    client_close(&c);
    daemon_free(&d);
}

/* What does not end is not waited for beyond the time that is set. */
static void test_hard_stop(void **state)
{
    (void)state;
    static const char *const set[] = {"stop.wait=300ms", NULL};
    int status;
    struct daemon *d = daemon_start(
        &(struct daemon_options){.organisation = true, .set = set});
    struct client *c = client_as(d, "sales");
    PGconn *lock = hold_sessions(d);
    client_send(c, "session.set", "{\"lang\":\"en\"}");
    cJSON_Delete(client_result(c, "meta.ping", "{}"));
    kill(d->pid, SIGTERM);
    assert_true(daemon_ended(d, 20000, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    PQclear(PQexec(lock, "ROLLBACK"));
    PQfinish(lock);
    client_close(&c);
    daemon_free(&d);
}

/* A socket that a killed daemon left is taken over; a living one is not. */
static void test_places(void **state)
{
    (void)state;
    struct daemon *d = daemon_start(NULL);
    const char *argv[] = {"kehud", "serve", "--config", d->config, NULL};
    char *out, *errors;
    assert_int_not_equal(run(argv, &out, &errors), 0);
    assert_non_null(strstr(errors, d->socket));
    free(out);
    free(errors);
    assert_true(client_answers(d->server));
    daemon_kill(d);
    daemon_run(d);
    assert_true(client_answers(d->server));
    assert_int_equal(daemon_stop(d), 0);
    assert_null(program_read_file(d->socket));
    program_write_file(d->socket, "a file of somebody's");
    assert_int_not_equal(run(argv, &out, &errors), 0);
    char *kept = program_read_file(d->socket);
    assert_string_equal(kept, "a file of somebody's");
    free(kept);
    free(out);
    free(errors);
    daemon_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_config),
        cmocka_unit_test(test_command_line),
        cmocka_unit_test(test_reload),
        cmocka_unit_test(test_graceful_stop),
        cmocka_unit_test(test_hard_stop),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
