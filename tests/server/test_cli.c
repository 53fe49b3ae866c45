/* The command line against a real daemon: what it prints, in which form, and
 * how it ends (common/error.def). */
#include "common/json.h"
#include "common/mem.h"
#include "tests/support/client.h"
#include "tests/support/daemon.h"
#include "tests/support/program.h"
#include "tui/app/app.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define CUSTOMERS 200

enum { DONE, FAILED, USAGE, SIGNED_OUT, FORBIDDEN, AWAY };

/* One person at the command line: a home of his own, so that sessions do not
 * mix. */
struct person {
    char home[64];
    char env_home[96], env_state[96], env_server[160];
    const char *env[4];
};

static struct daemon *d;
static struct person director, seller, nobody;
static char *out, *errors;

static int run_input(const struct person *p, const char *input,
                     const char *first, va_list ap)
{
    const char *argv[32] = {"kehu", first};
    size_t n = 2;
    while (n < 31 && (argv[n] = va_arg(ap, const char *)))
        n++;
    free(out);
    free(errors);
    struct program program = {.argv = argv, .env = p->env, .input = input};
    return program_run(&program, &out, &errors);
}

/* kehu first …, NULL; its exit code, what it printed in out and errors. */
static int run(const struct person *p, const char *first, ...)
{
    va_list ap;
    va_start(ap, first);
    int code = run_input(p, NULL, first, ap);
    va_end(ap);
    return code;
}

static int run_with(const struct person *p, const char *input,
                    const char *first, ...)
{
    va_list ap;
    va_start(ap, first);
    int code = run_input(p, input, first, ap);
    va_end(ap);
    return code;
}

static void person_init(struct person *p)
{
    memset(p, 0, sizeof(*p));
    program_tempdir(p->home);
    snprintf(p->env_home, sizeof(p->env_home), "HOME=%s", p->home);
    snprintf(p->env_state, sizeof(p->env_state), "XDG_STATE_HOME=%s/state",
             p->home);
    snprintf(p->env_server, sizeof(p->env_server), "KEHU_SERVER=%s", d->server);
    p->env[0] = p->env_home;
    p->env[1] = p->env_state;
    p->env[2] = p->env_server;
}

static void sign_in(struct person *p, const char *user)
{
    person_init(p);
    assert_int_equal(run_with(p, DAEMON_PASSWORD "\n", "login", "--user", user,
                              "--password-stdin", NULL),
                     DONE);
}

static cJSON *parsed(void)
{
    struct err e = {0};
    cJSON *json = NULL;
    if (!json_parse(out, strlen(out), NULL, &json, &e))
        fail_msg("%s: %s", e.message, out);
    return json;
}

static size_t lines(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* --- sessions --- */

/* proves: ACC-01 */
static void test_login_keeps_the_session(void **state)
{
    (void)state;
    struct person p;
    sign_in(&p, "sales_manager");
    assert_int_equal(run(&p, "whoami", NULL), DONE);
    assert_non_null(strstr(out, "(sales_manager)"));
    assert_int_equal(run(&p, "logout", NULL), DONE);
    assert_int_equal(run(&p, "whoami", NULL), SIGNED_OUT);
    assert_string_equal(out, "");
    assert_int_not_equal(strlen(errors), 0);
}

static void test_token_is_for_its_owner_alone(void **state)
{
    (void)state;
    char path[512];
    struct stat st;
    int files = 0;
    snprintf(path, sizeof(path), "%s/state/kehu", director.home);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *f; (f = readdir(dir));) {
        if (f->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/state/kehu/%s", director.home,
                 f->d_name);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        files++;
    }
    closedir(dir);
    assert_int_equal(files, 1);
}

static void test_wrong_password(void **state)
{
    (void)state;
    struct person p;
    person_init(&p);
    assert_int_equal(run_with(&p, "wrong\n", "login", "--user", "finance",
                              "--password-stdin", NULL),
                     SIGNED_OUT);
    assert_null(strstr(errors, "wrong"));
    assert_int_equal(run_with(&p, "", "login", "--user", "finance",
                              "--password-stdin", NULL),
                     SIGNED_OUT);
}

/* --- lists --- */

/* proves: LIST-01 */
static void test_list_is_aligned(void **state)
{
    (void)state;
    assert_int_equal(run(&director, "list", "customer", "--limit", "7", NULL),
                     DONE);
    assert_int_equal(lines(out), 8);
    assert_non_null(strstr(out, "客户名称"));
    assert_string_equal(errors, "");
}

static void test_list_as_csv(void **state)
{
    (void)state;
    const char *first = "id,customer_name,owner\r\n";
    assert_int_equal(run(&director, "list", "customer", "--columns",
                         "customer_name,owner", "--sort", "customer_name",
                         "--format=csv", "--limit", "3", NULL),
                     DONE);
    assert_int_equal(strncmp(out, first, strlen(first)), 0);
    assert_int_equal(lines(out), 4);
}

static void test_list_as_json(void **state)
{
    (void)state;
    assert_int_equal(run(&director, "list", "customer", "--columns",
                         "customer_name,regions,owner", "--format", "json",
                         "--limit", "5", NULL),
                     DONE);
    cJSON *rows = parsed();
    const cJSON *row = cJSON_GetArrayItem(rows, 0);
    assert_int_equal(cJSON_GetArraySize(rows), 5);
    assert_int_equal(json_int(row, "version", 0), 1);
    assert_true(cJSON_IsArray(json_get(row, "regions")));
    assert_true(cJSON_IsArray(json_get(row, "owner")));
    cJSON_Delete(rows);
}

/* More rows than a page has, each once. */
static void test_all_rows_by_pages(void **state)
{
    (void)state;
    assert_int_equal(run(&director, "list", "contact", "--columns", "name",
                         "--sort", "name", "--format", "ndjson", "--limit", "0",
                         NULL),
                     DONE);
    assert_int_equal(lines(out),
                     daemon_sql_int(d, "SELECT count(*) FROM contact"));
    assert_true(lines(out) > 200);
}

/* proves: LIST-03 */
static void test_filter_and_search(void **state)
{
    (void)state;
    assert_int_equal(run(&director, "count", "customer", "--filter",
                         "grade=A,B", "--filter", "lifecycle=服务中", NULL),
                     DONE);
    assert_int_equal(
        atoi(out),
        daemon_sql_int(d, "SELECT count(*) FROM customer WHERE grade IN"
                          " ('A', 'B') AND lifecycle = 'active'"));
    assert_int_equal(run(&director, "list", "customer", "--search", "szaw",
                         "--format", "csv", "--columns", "customer_name", NULL),
                     DONE);
    assert_non_null(strstr(out, "深圳艾维"));
}

static int64_t counted(const char *filter)
{
    assert_int_equal(
        run(&director, "count", "customer", "--filter", filter, NULL), DONE);
    return atoi(out);
}

/* Days by words, people by name, and the same words as in the client.
 * proves: BEY-03 */
static void test_filter_in_words(void **state)
{
    (void)state;
    int64_t n = daemon_sql_int(
        d, "SELECT count(*) FROM customer WHERE cooperation_start_date"
           " >= date_trunc('year', now()) AND cooperation_start_date"
           " < date_trunc('year', now()) + interval '1 year'");
    assert_true(n > 0);
    assert_int_equal(counted("合作开始时间:今年"), n);
    assert_int_equal(counted("start:this_year"), n);
    assert_int_equal(counted("start:\"this year\""), n);
    assert_int_equal(counted("start!=今年") + counted("start:今年"),
                     counted(""));
    char *name = daemon_sql(d, "SELECT u.display_name FROM customer c JOIN"
                               " app_user u ON u.id = c.sales_person GROUP BY"
                               " u.id HAVING count(*) > 1 LIMIT 1");
    char *filter = x_asprintf("签单销售:%s", name);
    assert_int_equal(
        counted(filter),
        daemon_sql_int(d,
                       "SELECT count(*) FROM customer c JOIN app_user u ON"
                       " u.id = c.sales_person WHERE u.display_name = '%s'",
                       name));
    x_free(&filter);
    x_free(&name);
    assert_int_equal(run(&director, "count", "customer", "--filter",
                         "grade:A region:火星", NULL),
                     USAGE);
    assert_non_null(strstr(errors, "“region:火星”"));
    assert_non_null(strstr(errors, "北京"));
}

static void test_list_in_english(void **state)
{
    (void)state;
    assert_int_equal(run(&director, "list", "customer", "--lang", "en",
                         "--limit", "1", NULL),
                     DONE);
    assert_non_null(strstr(out, "Industry"));
}

/* --- records --- */

static int64_t create_customer(const char *name)
{
    char set[128];
    snprintf(set, sizeof(set), "customer_name=%s", name);
    assert_int_equal(run(&director, "create", "customer", "--set", set, "--set",
                         "industry=软件与SaaS", "--set", "regions=广东，北美",
                         "--set", "contact_person=李娜", "--set",
                         "contact_phone=13812345678", "--set",
                         "sales_person=sales", "--format", "ndjson", NULL),
                     DONE);
    assert_int_equal(lines(out), 1);
    cJSON *record = parsed();
    int64_t id = json_int(record, "id", 0);
    assert_string_equal(json_str(record, "industry", ""), "software");
    cJSON_Delete(record);
    return id;
}

/* proves: EDIT-02 */
static void test_life_of_a_record(void **state)
{
    (void)state;
    char id[24];
    snprintf(id, sizeof(id), "%lld",
             (long long)create_customer("命令行测试有限公司"));
    assert_int_equal(run(&director, "update", "customer", id, "--set",
                         "last_year_sales=50万", NULL),
                     DONE);
    assert_non_null(strstr(out, "500,000.00"));
    /* Meant for a version that is no longer there. */
    assert_int_equal(run(&director, "update", "customer", id, "--set",
                         "industry=其他行业", "--version", "1", NULL),
                     FAILED);
    assert_int_equal(run(&director, "get", "customer", id, NULL), DONE);
    assert_non_null(strstr(out, "软件与SaaS"));
    assert_int_equal(run(&director, "delete", "customer", id, NULL), DONE);
    assert_int_equal(run(&director, "get", "customer", id, NULL), FAILED);
    assert_int_equal(run(&director, "restore", "customer", id, NULL), USAGE);
    assert_int_equal(
        run(&director, "restore", "customer", id, "--version", "3", NULL),
        DONE);
    assert_int_equal(run(&director, "get", "customer", id, NULL), DONE);
}

/* proves: LIST-02 */
static void test_every_fault_is_told(void **state)
{
    (void)state;
    assert_int_equal(run(&director, "create", "customer", "--set",
                         "customer_name=空白客户有限公司", NULL),
                     FAILED);
    assert_string_equal(out, "");
    assert_non_null(strstr(errors, "industry: "));
    assert_non_null(strstr(errors, "contact_phone: "));
    assert_int_equal(
        run(&director, "create", "customer", "--set", "contact_phone=12", NULL),
        FAILED);
}

/* proves: ACC-02 */
static void test_rights(void **state)
{
    (void)state;
    char id[24];
    int64_t mine = daemon_sql_int(
        d, "SELECT c.id FROM customer c JOIN app_user u ON u.id = c.owner"
           " WHERE u.name = 'sales' LIMIT 1");
    int64_t other = daemon_sql_int(
        d, "SELECT c.id FROM customer c JOIN app_user u ON u.id = c.owner"
           " WHERE u.name <> 'sales' LIMIT 1");
    snprintf(id, sizeof(id), "%lld", (long long)mine);
    assert_int_equal(run(&seller, "get", "customer", id, NULL), DONE);
    assert_int_equal(run(&seller, "delete", "customer", id, NULL), FORBIDDEN);
    snprintf(id, sizeof(id), "%lld", (long long)other);
    assert_int_equal(run(&seller, "get", "customer", id, NULL), FAILED);
}

/* --- usage and ends --- */

static void test_usage(void **state)
{
    (void)state;
    static const char *const wrong[][6] = {
        {"lst", NULL},
        {"list", NULL},
        {"list", "nothing", NULL},
        {"list", "customer", "--frmat", "csv", NULL},
        {"list", "customer", "--format", "xml", NULL},
        {"list", "customer", "--limit", "many", NULL},
        {"list", "customer", "--limit", NULL},
        {"list", "customer", "--columns", "password", NULL},
        {"list", "user", "--columns", "password_hash", NULL},
        {"list", "customer", "--filter", "grade>", NULL},
        {"get", "customer", "x", NULL},
        {"get", "customer", "1", "2", NULL},
        {"update", "customer", "1", NULL},
        {"update", "customer", "1", "--set", "industry", NULL},
        {"rpc", "meta.ping", "{", NULL},
        {"whoami", "--server", "ftp://x", NULL},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        const char *const *w = wrong[i];
        int code = run(&director, w[0], w[1], w[1] ? w[2] : NULL,
                       w[1] && w[2] ? w[3] : NULL, NULL);
        if (code != USAGE || strcmp(out, "") != 0 || !errors[0])
            fail_msg("kehu %s … (%zu) ended with %d: %s", w[0], i, code,
                     errors);
    }
}

static void test_raw_call(void **state)
{
    (void)state;
    assert_int_equal(run(&director, "rpc", "customer.get", "{\"id\":1}", NULL),
                     DONE);
    cJSON *result = parsed();
    assert_int_equal(json_int(json_get(result, "record"), "id", 0), 1);
    cJSON_Delete(result);
    assert_int_equal(
        run_with(&director, "{\"id\":1}", "rpc", "customer.get", "-", NULL),
        DONE);
    assert_int_equal(run(&director, "rpc", "no.such", NULL), FAILED);
}

static void test_signed_out(void **state)
{
    (void)state;
    assert_int_equal(run(&nobody, "list", "customer", NULL), SIGNED_OUT);
    assert_int_equal(run(&nobody, "rpc", "customer.list", NULL), SIGNED_OUT);
}

static void test_daemon_away(void **state)
{
    (void)state;
    assert_int_equal(
        run(&director, "whoami", "--server", "unix:/tmp/kehu-no.sock", NULL),
        AWAY);
    assert_string_equal(out, "");
}

/* A reader that leaves early is no error to speak of. */
static void test_reader_leaves(void **state)
{
    (void)state;
    char shell[512];
    snprintf(shell, sizeof(shell),
             "'%s/bin/kehu' list customer --limit 0 --format ndjson | head -1",
             KEHU_BUILD);
    const char *argv[] = {"sh", "-c", shell, NULL};
    struct program p = {.argv = argv, .env = director.env};
    free(out);
    free(errors);
    assert_int_equal(program_run(&p, &out, &errors), 0);
    assert_int_equal(lines(out), 1);
    assert_string_equal(errors, "");
}

static void test_help_lists_all(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "login",  "logout", "whoami", "list",    "count", "get",
        "create", "update", "delete", "restore", "rpc"};
    assert_int_equal(run(&nobody, "help", NULL), DONE);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        assert_non_null(strstr(out, commands[i]));
    assert_int_equal(run(&nobody, "list", "--help", NULL), DONE);
    assert_non_null(strstr(out, "--filter"));
    assert_int_equal(run(&nobody, "completion", "bash", NULL), DONE);
    assert_non_null(strstr(out, "complete -o default -F _kehu kehu"));
}

/* What the manual is made of: every action and every setting once. */
static void test_help_of_tables(void **state)
{
    (void)state;
    assert_int_equal(run(&nobody, "help", "keys", "--lang", "en", NULL), DONE);
    for (int i = 0; i < ACTS; i++)
        if (!strstr(out, act_rows[i].help))
            fail_msg("%s is not listed", act_rows[i].name);
    assert_int_equal(run(&nobody, "help", "settings", NULL), DONE);
    for (size_t i = 0; i < client_setting_count; i++)
        assert_non_null(strstr(out, client_setting_rows[i].key));
    assert_int_not_equal(run(&nobody, "help", "flying", NULL), DONE);
}

static int set_up(void **state)
{
    (void)state;
    struct daemon_options o = {.customers = CUSTOMERS};
    d = daemon_start(&o);
    sign_in(&director, "sales_director");
    sign_in(&seller, "sales");
    person_init(&nobody);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(out);
    free(errors);
    daemon_free(&d);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_login_keeps_the_session),
        cmocka_unit_test(test_token_is_for_its_owner_alone),
        cmocka_unit_test(test_wrong_password),
        cmocka_unit_test(test_list_is_aligned),
        cmocka_unit_test(test_list_as_csv),
        cmocka_unit_test(test_list_as_json),
        cmocka_unit_test(test_all_rows_by_pages),
        cmocka_unit_test(test_filter_and_search),
        cmocka_unit_test(test_filter_in_words),
        cmocka_unit_test(test_list_in_english),
        cmocka_unit_test(test_life_of_a_record),
        cmocka_unit_test(test_every_fault_is_told),
        cmocka_unit_test(test_rights),
        cmocka_unit_test(test_usage),
        cmocka_unit_test(test_raw_call),
        cmocka_unit_test(test_signed_out),
        cmocka_unit_test(test_daemon_away),
        cmocka_unit_test(test_reader_leaves),
        cmocka_unit_test(test_help_lists_all),
        cmocka_unit_test(test_help_of_tables),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
