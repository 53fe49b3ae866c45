/* Signing in, being known, signing out; and who may not. */
#include "common/clock.h"
#include "common/json.h"
#include "tests/support/check.h"
#include "tests/support/client.h"
#include "tests/support/daemon.h"
#include "tests/support/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct daemon *d;
static char mapping[128];

static int set_up(void **state)
{
    (void)state;
    const char *const set[] = {mapping, "session.failures=3", NULL};
    snprintf(mapping, sizeof(mapping), "session.peers={%s: sales_manager}",
             getpwuid(geteuid())->pw_name);
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

static char *login(struct client *c, const char *user)
{
    cJSON *r = client_result(c, "session.login",
                             "{\"user\":\"%s\",\"password\":\"%s\"}", user,
                             DAEMON_PASSWORD);
    char *token = strdup(json_str(r, "token", ""));
    cJSON_Delete(r);
    return token;
}

/* proves: ACC-01 */
static void test_login(void **state)
{
    (void)state;
    struct client *c = client_open(d);
    cJSON *r = client_result(c, "session.login",
                             "{\"user\":\"sales\",\"password\":\"%s\","
                             "\"timezone\":\"Asia/Shanghai\"}",
                             DAEMON_PASSWORD);
    const cJSON *user = json_get(r, "user");
    assert_int_equal(strlen(json_str(r, "token", "")), 43);
    assert_non_null(json_str(r, "expires_at", NULL));
    assert_string_equal(json_str(user, "name", ""), "sales");
    assert_string_equal(json_str(user, "role", ""), "sales");
    assert_string_equal(json_str(user, "timezone", ""), "Asia/Shanghai");
    assert_true(json_int(user, "id", 0) > 0);
    assert_true(cJSON_IsArray(json_get(user, "unit")));
    assert_false(json_bool(user, "admin", true));
    cJSON_Delete(r);
    /* Case does not matter for a login. */
    r = client_result(c, "session.login",
                      "{\"user\":\"SALES\",\"password\":\"%s\"}",
                      DAEMON_PASSWORD);
    cJSON_Delete(r);
    client_close(&c);
}

/* Nobody learns which users there are: the same words, and a check of the
 * password all the same. */
static void test_wrong_password(void **state)
{
    (void)state;
    struct client *c = client_open(d);
    cJSON *known = client_error(c, ERR_unauthenticated, "session.login",
                                "{\"user\":\"finance\",\"password\":\"no\"}");
    cJSON *unknown = client_error(c, ERR_unauthenticated, "session.login",
                                  "{\"user\":\"nobody\",\"password\":\"no\"}");
    assert_true(cJSON_Compare(known, unknown, true));
    cJSON_Delete(known);
    cJSON_Delete(unknown);
    client_refused(c, ERR_unauthenticated, "session.whoami", "{}");
    client_close(&c);
}

static void test_shape(void **state)
{
    (void)state;
    struct client *c = client_open(d);
    client_refused(c, ERR_invalid_params, "session.login", "{}");
    client_refused(c, ERR_invalid_params, "session.login",
                   "{\"user\":\"sales\",\"password\":7}");
    client_refused(c, ERR_invalid_params, "session.login",
                   "{\"user\":\"sales\",\"password\":\"x\",\"as\":\"root\"}");
    client_close(&c);
}

/* After the third failure each further one has to wait; others need not. */
static void test_throttle(void **state)
{
    (void)state;
    struct client *c = client_open(d);
    for (int i = 0; i < 3; i++)
        client_refused(c, ERR_unauthenticated, "session.login",
                       "{\"user\":\"optimizer\",\"password\":\"guess%d\"}", i);
    cJSON *e = client_error(c, ERR_rate_limited, "session.login",
                            "{\"user\":\"optimizer\",\"password\":\"%s\"}",
                            DAEMON_PASSWORD);
    assert_true(json_int(json_get(e, "data"), "retry_after_ms", 0) > 0);
    cJSON_Delete(e);
    free(login(c, "project_manager"));
    assert_true(daemon_logged(d, "sign_in_failed user=\"optimizer\"", 5000));
    char *log = daemon_log(d);
    assert_null(strstr(log, "guess1"));
    assert_null(strstr(log, DAEMON_PASSWORD));
    free(log);
    client_close(&c);
}

static void test_peer(void **state)
{
    (void)state;
    struct client *c = client_open(d);
    cJSON *r = client_result(c, "session.peer", "{}");
    assert_string_equal(json_str(json_get(r, "user"), "name", ""),
                        "sales_manager");
    cJSON_Delete(r);
    client_close(&c);
}

static void test_resume(void **state)
{
    (void)state;
    struct client *c = client_open(d), *other = client_open(d);
    char *token = login(c, "sales");
    cJSON *r =
        client_result(other, "session.resume", "{\"token\":\"%s\"}", token);
    assert_string_equal(json_str(r, "token", ""), token);
    assert_string_equal(json_str(json_get(r, "user"), "name", ""), "sales");
    cJSON_Delete(r);
    /* The table holds what opens nothing. */
    assert_int_equal(daemon_sql_int(d,
                                    "SELECT count(*) FROM session s WHERE "
                                    "s::text LIKE '%%%s%%'",
                                    token),
                     0);
    token[0] = token[0] == 'A' ? 'B' : 'A';
    client_refused(c, ERR_unauthenticated, "session.resume",
                   "{\"token\":\"%s\"}", token);
    client_refused(c, ERR_unauthenticated, "session.resume",
                   "{\"token\":\"not a token at all\"}");
    free(token);
    client_close(&other);
    client_close(&c);
}

/* What a sign-out ends: the token, and every connection that used it. */
static void test_logout(void **state)
{
    (void)state;
    struct client *c = client_open(d), *other = client_open(d);
    char *token = login(c, "sales");
    cJSON_Delete(
        client_result(other, "session.resume", "{\"token\":\"%s\"}", token));
    cJSON_Delete(client_result(c, "session.logout", "{}"));
    client_refused(c, ERR_unauthenticated, "session.whoami", "{}");
    client_refused(other, ERR_unauthenticated, "session.whoami", "{}");
    client_refused(other, ERR_unauthenticated, "session.resume",
                   "{\"token\":\"%s\"}", token);
    free(token);
    client_close(&other);
    client_close(&c);
}

static bool is_signed_out(void *ctx)
{
    cJSON *r = client_call(ctx, "session.whoami", "{}");
    bool out = client_kind(r) == ERR_unauthenticated;
    cJSON_Delete(r);
    return out;
}

/* proves: ACC-01, ACC-02 */
static void test_disabled_user(void **state)
{
    (void)state;
    struct client *c = client_open(d);
    char *token = login(c, "project_director");
    free(daemon_sql(d, "UPDATE app_user SET disabled = true WHERE name = "
                       "'project_director'"));
    assert_true(check_wait(is_signed_out, c, 10000));
    client_refused(c, ERR_unauthenticated, "session.resume",
                   "{\"token\":\"%s\"}", token);
    client_refused(c, ERR_unauthenticated, "session.login",
                   "{\"user\":\"project_director\",\"password\":\"%s\"}",
                   DAEMON_PASSWORD);
    free(daemon_sql(d, "UPDATE app_user SET disabled = false WHERE name = "
                       "'project_director'"));
    free(token);
    client_close(&c);
}

static int run(const char *const *argv, const char *input)
{
    char *out = NULL, *errors = NULL;
    struct program p = {.argv = argv, .input = input};
    int status = program_run(&p, &out, &errors);
    if (status != 0)
        print_message("%s", errors);
    free(out);
    free(errors);
    return status;
}

/* A user is there at once, also for a daemon that has not heard of him. */
static void test_new_user(void **state)
{
    (void)state;
    const char *add[] = {"kehud",    "user",      "add",    "newcomer",
                         "--config", d->config,   "--role", "sales,finance",
                         "--admin",  "--display", "新来的", NULL};
    const char *passwd[] = {
        "kehud",    "user",    "passwd",           "newcomer",
        "--config", d->config, "--password-stdin", NULL};
    struct client *c = client_open(d);
    assert_int_equal(run(add, NULL), 0);
    assert_int_not_equal(run(add, NULL), 0);
    client_refused(c, ERR_unauthenticated, "session.login",
                   "{\"user\":\"newcomer\",\"password\":\"x\"}");
    assert_int_not_equal(run(passwd, "short\n"), 0);
    assert_int_equal(run(passwd, DAEMON_PASSWORD "\n"), 0);
    free(login(c, "newcomer"));
    cJSON *r = client_result(c, "session.whoami", "{}");
    assert_string_equal(json_str(json_get(r, "user"), "display", ""), "新来的");
    assert_true(json_bool(json_get(r, "user"), "admin", false));
    assert_int_equal(cJSON_GetArraySize(json_get(json_get(r, "user"), "roles")),
                     2);
    cJSON_Delete(r);
    assert_int_equal(
        daemon_sql_int(d, "SELECT count(*) FROM audit WHERE entity = 'user' "
                          "AND action IN ('create', 'password') AND "
                          "record_id = (SELECT id FROM app_user WHERE name = "
                          "'newcomer')"),
        2);
    /* Another password ends what began with the old one. */
    assert_int_equal(run(passwd, "another-password\n"), 0);
    assert_true(check_wait(is_signed_out, c, 10000));
    client_close(&c);
}

static void test_refused_users(void **state)
{
    (void)state;
    const char *role[] = {"kehud",   "user",     "add",     "x1", "--role",
                          "emperor", "--config", d->config, NULL};
    const char *unit[] = {"kehud",    "user",     "add",     "x2", "--unit",
                          "无此部门", "--config", d->config, NULL};
    const char *nobody[] = {"kehud",    "user",    "passwd", "x3",
                            "--config", d->config, NULL};
    assert_int_equal(run(role, NULL), 2);
    assert_int_equal(run(unit, NULL), 1);
    assert_int_equal(run(nobody, "long-enough\n"), 1);
    assert_int_equal(daemon_sql_int(d, "SELECT count(*) FROM app_user WHERE "
                                       "name IN ('x1', 'x2', 'x3')"),
                     0);
}

/* proves: ACC-02, ACC-03 */
static void test_whoami(void **state)
{
    (void)state;
    struct client *c = client_as(d, "sales");
    cJSON *r = client_result(c, "session.whoami", "{}");
    const cJSON *rights = json_get(r, "rights");
    const cJSON *scopes = json_get(rights, "scopes");
    const cJSON *classes = json_get(rights, "classes");
    assert_string_equal(json_str(scopes, "customer.view", ""), "own");
    assert_string_equal(json_str(scopes, "customer.delete", ""), "none");
    assert_string_equal(json_str(classes, "sensitive", ""), "write");
    cJSON_Delete(r);
    client_close(&c);
}

/* Messages come in the session's language. */
static void test_language(void **state)
{
    (void)state;
    struct client *c = client_open(d);
    char *token = login(c, "sales");
    cJSON *zh = client_error(c, ERR_unknown_method, "no.method", "{}");
    cJSON *r = client_result(c, "session.set", "{\"lang\":\"en\"}");
    assert_string_equal(json_str(json_get(r, "user"), "lang", ""), "en");
    cJSON_Delete(r);
    cJSON *en = client_error(c, ERR_unknown_method, "no.method", "{}");
    assert_string_equal(json_str(en, "message", ""),
                        "There is no method \"no.method\".");
    assert_string_not_equal(json_str(zh, "message", ""),
                            json_str(en, "message", ""));
    cJSON_Delete(zh);
    cJSON_Delete(en);
    client_refused(c, ERR_invalid_params, "session.set", "{\"lang\":\"fr\"}");
    client_refused(c, ERR_invalid_params, "session.set",
                   "{\"timezone\":\"'; DROP\"}");
    /* The session keeps it. */
    struct client *other = client_open(d);
    r = client_result(other, "session.resume", "{\"token\":\"%s\"}", token);
    assert_string_equal(json_str(json_get(r, "user"), "lang", ""), "en");
    cJSON_Delete(r);
    free(token);
    client_close(&other);
    client_close(&c);
}

/* A session ends everywhere, and by its time. */
static void test_other_daemon(void **state)
{
    (void)state;
    struct daemon *second = daemon_join(d, NULL);
    struct client *c = client_open(d), *there = client_open(second);
    char *token = login(c, "sales");
    cJSON_Delete(
        client_result(there, "session.resume", "{\"token\":\"%s\"}", token));
    cJSON_Delete(client_result(there, "session.whoami", "{}"));
    cJSON_Delete(client_result(c, "session.logout", "{}"));
    assert_true(check_wait(is_signed_out, there, 10000));
    free(token);
    client_close(&there);
    client_close(&c);
    daemon_free(&second);
}

static void test_expired(void **state)
{
    (void)state;
    static const char *const later[] = {"KEHU_CLOCK=2700000", NULL};
    struct client *c = client_open(d);
    char *token = login(c, "sales");
    /* By a clock that is 31 days on the session is over. */
    struct daemon *second =
        daemon_join(d, &(struct daemon_options){.env = later});
    struct client *there = client_open(second);
    client_refused(there, ERR_unauthenticated, "session.resume",
                   "{\"token\":\"%s\"}", token);
    cJSON_Delete(client_result(c, "session.whoami", "{}"));
    free(token);
    client_close(&there);
    client_close(&c);
    daemon_free(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_login),
        cmocka_unit_test(test_wrong_password),
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_throttle),
        cmocka_unit_test(test_peer),
        cmocka_unit_test(test_resume),
        cmocka_unit_test(test_logout),
        cmocka_unit_test(test_disabled_user),
        cmocka_unit_test(test_new_user),
        cmocka_unit_test(test_refused_users),
        cmocka_unit_test(test_whoami),
        cmocka_unit_test(test_language),
        cmocka_unit_test(test_other_daemon),
        cmocka_unit_test(test_expired),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
