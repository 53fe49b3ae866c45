/* The private cluster: made, used, shared, adopted, revived, stopped. */
#include "common/clock.h"
#include "common/mem.h"
#include "tests/support/check.h"
#include "tests/support/client.h"
#include "tests/support/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 60000

/* A folder with a cluster in it, and daemons over it. */
struct place {
    char dir[64], data[160];
};

struct daemon_at {
    pid_t pid;
    char socket[96], server[112], log[96];
};

static struct place shared; /* made once: initdb takes a second */

static void place_make(struct place *p, const char *name)
{
    program_tempdir(p->dir);
    /* PostgreSQL runs as another user where we are root. */
    assert_int_equal(chmod(p->dir, 0711), 0);
    snprintf(p->data, sizeof(p->data), "%s/%s", p->dir, name);
}

static pid_t spawn(const struct place *p, struct daemon_at *d, const char *name)
{
    char set[128];
    snprintf(d->socket, sizeof(d->socket), "%s/%s.sock", p->dir, name);
    snprintf(d->server, sizeof(d->server), "unix:%s", d->socket);
    snprintf(d->log, sizeof(d->log), "%s/%s.log", p->dir, name);
    snprintf(set, sizeof(set), "listen.unix=%s", d->socket);
    const char *argv[] = {"kehud", "serve", "--embedded", p->data,
                          "--set", set,     NULL};
    struct program program = {.argv = argv, .log = d->log};
    return program_spawn(&program);
}

static bool answers(void *ctx)
{
    return client_answers(ctx);
}

static void start(const struct place *p, struct daemon_at *d, const char *name)
{
    d->pid = spawn(p, d, name);
    if (!check_wait(answers, d->server, PATIENCE_MS))
        fail_msg("no answer:\n%s", program_read_file(d->log));
}

static void stop(struct daemon_at *d)
{
    int status = -1;
    kill(d->pid, SIGTERM);
    assert_true(program_ended(d->pid, PATIENCE_MS, &status));
    assert_int_equal(status, 0);
}

/* The postmaster by its file, 0 where there is none. */
static pid_t postmaster(const struct place *p)
{
    char path[192];
    snprintf(path, sizeof(path), "%s/pg/postmaster.pid", p->data);
    char *text = program_read_file(path);
    pid_t pid = text != NULL ? atoi(text) : 0;
    free(text);
    return pid;
}

static bool is_gone(void *ctx)
{
    char path[64], *text;
    snprintf(path, sizeof(path), "/proc/%d/stat", *(pid_t *)ctx);
    text = program_read_file(path);
    /* Whoever reaps orphans here may take its time. */
    bool gone = text == NULL || strstr(text, ") Z ") != NULL;
    free(text);
    return gone;
}

static void assert_gone(pid_t pid)
{
    assert_true(pid > 0);
    assert_true(check_wait(is_gone, &pid, PATIENCE_MS));
}

static void ping(const struct daemon_at *d)
{
    struct client *c = client_open_server(d->server);
    cJSON_Delete(client_result(c, "meta.ping", "{}"));
    client_close(&c);
}

static int set_up(void **state)
{
    (void)state;
    place_make(&shared, "data");
    return 0;
}

/* proves: FORM-01 */
static void test_first_start(void **state)
{
    (void)state;
    struct daemon_at d;
    struct stat st;
    char path[192];
    start(&shared, &d, "one");
    pid_t pid = postmaster(&shared);
    snprintf(path, sizeof(path), "/proc/%d", pid);
    assert_int_equal(stat(path, &st), 0);
    assert_int_not_equal(st.st_uid, 0);
    snprintf(path, sizeof(path), "%s/pg", shared.data);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    stop(&d);
    assert_gone(pid);
    assert_int_equal(postmaster(&shared), 0);
    assert_int_not_equal(stat(d.socket, &st), 0);
}

static int kehud(const struct place *p, const char *a, const char *b,
                 const char *c)
{
    const char *argv[] = {"kehud", a, b, "--embedded", p->data, c, NULL};
    char *out, *errors;
    struct program program = {.argv = argv, .timeout_ms = PATIENCE_MS};
    int status = program_run(&program, &out, &errors);
    free(out);
    free(errors);
    return status;
}

/* Commands start the cluster for themselves, and use one that runs. */
static void test_commands(void **state)
{
    (void)state;
    struct daemon_at d;
    assert_int_equal(kehud(&shared, "user", "add", "first"), 0);
    assert_int_equal(postmaster(&shared), 0);
    start(&shared, &d, "one");
    pid_t pid = postmaster(&shared);
    assert_int_equal(kehud(&shared, "user", "add", "first"), 1);
    assert_int_equal(kehud(&shared, "user", "add", "second"), 0);
    assert_int_equal(kehud(&shared, "migrate", "--status", NULL), 0);
    assert_int_equal(postmaster(&shared), pid);
    ping(&d);
    stop(&d);
    assert_gone(pid);
}

static void test_shared(void **state)
{
    (void)state;
    struct daemon_at first, second;
    start(&shared, &first, "one");
    pid_t pid = postmaster(&shared);
    start(&shared, &second, "two");
    assert_int_equal(postmaster(&shared), pid);
    stop(&first);
    assert_int_equal(postmaster(&shared), pid);
    ping(&second);
    stop(&second);
    assert_gone(pid);
}

/* A killed daemon leaves its cluster running; the next one takes it over and
 * also stops it. */
static void test_adopted(void **state)
{
    (void)state;
    struct daemon_at d;
    start(&shared, &d, "one");
    pid_t pid = postmaster(&shared);
    kill(d.pid, SIGKILL);
    waitpid(d.pid, NULL, 0);
    assert_int_equal(kill(pid, 0), 0);
    start(&shared, &d, "one");
    assert_int_equal(postmaster(&shared), pid);
    stop(&d);
    assert_gone(pid);
}

/* The number in a pid file may belong to anybody by now. */
static void test_stale_pid(void **state)
{
    (void)state;
    struct daemon_at d;
    char path[192], text[256];
    snprintf(path, sizeof(path), "%s/pg/postmaster.pid", shared.data);
    snprintf(text, sizeof(text), "%d\n%s/pg\n1700000000\n5432\n\n\n", getpid(),
             shared.data);
    program_write_file(path, text);
    start(&shared, &d, "one");
    pid_t pid = postmaster(&shared);
    assert_int_not_equal(pid, getpid());
    stop(&d);
    assert_gone(pid);
}

static bool database_answers(void *ctx)
{
    struct client *c = client_open_server(ctx);
    cJSON *r = client_call(c, "session.resume", "{\"token\":\"%s\"}",
                           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    bool ok = client_kind(r) == ERR_unauthenticated;
    cJSON_Delete(r);
    client_close(&c);
    return ok;
}

/* proves: FORM-01 */
static void test_revived(void **state)
{
    (void)state;
    struct daemon_at d;
    start(&shared, &d, "one");
    assert_true(check_wait(database_answers, d.server, PATIENCE_MS));
    pid_t pid = postmaster(&shared);
    kill(pid, SIGKILL);
    assert_gone(pid);
    assert_true(check_wait(database_answers, d.server, PATIENCE_MS));
    assert_int_not_equal(postmaster(&shared), pid);
    stop(&d);
}

/* Ctrl-C is for the daemon; the cluster has left the terminal's group, and is
 * stopped by the daemon in its own way. */
static void test_interrupted(void **state)
{
    (void)state;
    struct daemon_at d;
    int status;
    start(&shared, &d, "one");
    kill(d.pid, SIGINT);
    assert_true(program_ended(d.pid, PATIENCE_MS, &status));
    assert_int_equal(status, 0);
    assert_int_equal(postmaster(&shared), 0);
}

static bool runs(void *ctx)
{
    return postmaster(ctx) != 0;
}

/* A command that is interrupted stops the cluster it started. */
static void test_interrupted_command(void **state)
{
    (void)state;
    char log[96];
    int status = 0;
    snprintf(log, sizeof(log), "%s/demo.log", shared.dir);
    const char *argv[] = {"kehud",      "demo",      "--customers", "100000",
                          "--embedded", shared.data, NULL};
    struct program program = {.argv = argv, .log = log};
    pid_t pid = program_spawn(&program);
    assert_true(check_wait(runs, &shared, PATIENCE_MS));
    pid_t server = postmaster(&shared);
    kill(pid, SIGINT);
    assert_true(program_ended(pid, PATIENCE_MS, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
    assert_gone(server);
    assert_int_equal(postmaster(&shared), 0);
}

static void refused(const struct place *p, const char *said)
{
    struct daemon_at d;
    int status = 0;
    pid_t pid = spawn(p, &d, "refused");
    assert_true(program_ended(pid, PATIENCE_MS, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
    char *log = program_read_file(d.log);
    if (strstr(log, said) == NULL)
        fail_msg("\"%s\" is not in:\n%s", said, log);
    free(log);
}

/* Data of another major version is left alone, with a word on what to do. */
static void test_other_version(void **state)
{
    (void)state;
    struct place p;
    char path[192];
    place_make(&p, "old");
    assert_int_equal(mkdir(p.data, 0755), 0);
    snprintf(path, sizeof(path), "%s/pg", p.data);
    assert_int_equal(mkdir(path, 0755), 0);
    snprintf(path, sizeof(path), "%s/pg/PG_VERSION", p.data);
    program_write_file(path, "9\n");
    refused(&p, "pg_upgrade");
    char *kept = program_read_file(path);
    assert_string_equal(kept, "9\n");
    free(kept);
}

/* As root PostgreSQL has to be able to enter the folder as its own user. */
static void test_closed_folder(void **state)
{
    (void)state;
    struct place p;
    if (geteuid() != 0)
        skip();
    place_make(&p, "data");
    assert_int_equal(chmod(p.dir, 0700), 0);
    refused(&p, "postgres");
}

/* A folder whose path is too long for a socket, and has a quote in it, is
 * served all the same. */
static void test_long_path(void **state)
{
    (void)state;
    struct place p;
    struct daemon_at d;
    char name[90];
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    name[5] = '\'';
    place_make(&p, name);
    start(&p, &d, "one");
    assert_true(check_wait(database_answers, d.server, PATIENCE_MS));
    stop(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_start),
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_shared),
        cmocka_unit_test(test_adopted),
        cmocka_unit_test(test_stale_pid),
        cmocka_unit_test(test_revived),
        cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_interrupted_command),
        cmocka_unit_test(test_other_version),
        cmocka_unit_test(test_closed_folder),
        cmocka_unit_test(test_long_path),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
