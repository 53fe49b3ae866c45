/* The next start begins where the last session ended, however it ended. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/screen/kept.h"
#include "tests/support/record.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CUSTOMERS 150
#define BY_CHANGE "[[\"updated_at\",\"desc\"]]"

static const struct vt_options wide = {.rows = 40, .cols = 120};
static const struct vt_options narrow = {.rows = 15, .cols = 40};

static struct daemon *d;
static struct client *c;
static struct vt *v;

static int set_up(void **state)
{
    (void)state;
    d = desk_daemon(CUSTOMERS, "sales_director");
    c = client_as(d, "sales_director");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_close(&c);
    daemon_free(&d);
    return 0;
}

static int open_list(void **state)
{
    (void)state;
    v = desk_list(d, &wide, CUSTOMERS);
    return 0;
}

static int open_narrow(void **state)
{
    (void)state;
    v = desk_list(d, &narrow, CUSTOMERS);
    return 0;
}

static int close_list(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

/* Ends the client by a signal, and starts another one. */
static void killed(int signal_number, const struct vt_options *o)
{
    kill(vt_pid(v), signal_number);
    assert_true(vt_wait_exit(v, VT_PATIENCE) >= 0);
    vt_stop(&v);
    v = desk_client_again(d, o);
}

/* With q: question, order, row. */
static void test_list(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    vt_keys(v, "s<Home>");
    vt_settle(v, 200);
    vt_keys(v, "s<Enter>");
    vt_expect(v, "客户名称↑1");
    vt_keys(v, ":111<Enter>");
    steps_customer(c, "[[\"customer_name\",\"asc\"]]", 111, name);
    vt_expect(v, "111/150");
    steps_expect_focus(v, steps_start(name));
    kept_restart(d, &v, &wide);
    vt_expect(v, "客户名称↑1");
    vt_expect(v, "111/150");
    steps_expect_focus(v, steps_start(name));
    /* A search as well, and what it found. */
    vt_keys(v, "/有限<Enter>");
    vt_expect(v, " 条 / 共 150");
    vt_keys(v, "jjj");
    vt_expect(v, " 4/");
    kept_restart(d, &v, &wide);
    vt_expect_row(v, 1, "/ 有限");
    vt_expect(v, " 4/");
    kept_escape(v);
    vt_expect(v, "共 150 条");
}

/* Killed, with a record open on its third tab. */
static void test_killed(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    steps_customer(c, BY_CHANGE, 3, name);
    vt_keys(v, "jj<Enter>");
    vt_expect_row(v, 0, name);
    vt_keys(v, "3");
    vt_expect(v, "[3");
    kept_expect(d, v, "session", "\"tab\": 3");
    killed(SIGKILL, &wide);
    vt_expect_row(v, 0, name);
    vt_expect(v, "[3");
    vt_keys(v, "]");
    vt_expect(v, "4/150");
    kept_escape(v);
    steps_customer(c, BY_CHANGE, 4, name);
    steps_expect_focus(v, steps_start(name));
}

/* A lost terminal and a system that shuts down say good-bye too. */
static void test_hung_up(void **state)
{
    (void)state;
    static const int signals[] = {SIGHUP, SIGTERM};
    for (int i = 0; i < 2; i++) {
        char position[16];
        snprintf(position, sizeof(position), " %d/150", 6 + i * 5);
        vt_keys(v, "jjjjj");
        vt_expect(v, position);
        killed(signals[i], &wide);
        vt_expect(v, position);
    }
}

/* What is gone meanwhile is no error: the list without the record, the top
 * without the row. */
static void test_gone(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    int64_t id = record_customer(c, "已经不在的客户", "");
    vt_keys(v, "<C-r>/已经不在<Enter>");
    vt_expect(v, "1/1");
    kept_escape(v);
    vt_expect(v, "/151");
    vt_keys(v, "<Enter>");
    vt_settle(v, 300);
    if (!vt_has(v, "[1"))
        check_fail("no record is open:\n%s", vt_dump(v));
    kept_expect(d, v, "session", "\"record\"");
    kill(vt_pid(v), SIGKILL);
    vt_wait_exit(v, VT_PATIENCE);
    vt_stop(&v);
    cJSON *r = client_result(c, "customer.delete",
                             "{\"id\":%lld,\"version\":%lld}", (long long)id,
                             (long long)record_version(c, "customer", id));
    cJSON_Delete(r);
    v = desk_client_again(d, &wide);
    vt_expect(v, "1/150");
    vt_settle(v, 500);
    steps_customer(c, BY_CHANGE, 1, name);
    steps_expect_focus(v, steps_start(name));
    vt_expect_gone(v, "[1");
}

/* A list opened over the first one. */
static void test_contacts(void **state)
{
    (void)state;
    vt_keys(v, "jj:联系人<Enter>");
    vt_expect(v, "邮箱");
    vt_keys(v, "jjjjj");
    vt_expect(v, " 6/");
    kept_expect(d, v, "session", "contact");
    killed(SIGKILL, &wide);
    vt_expect(v, "邮箱");
    vt_expect(v, " 6/");
    kept_escape(v);
    vt_expect(v, "3/150");
}

/* proves: UX-03 */
static void test_narrow(void **state)
{
    char name[STEPS_NAME];
    (void)state;
    steps_customer(c, BY_CHANGE, 9, name);
    vt_keys(v, ":9<Enter>");
    vt_expect(v, " 9/150");
    kept_restart(d, &v, &narrow);
    vt_expect(v, " 9/150");
    steps_expect_focus(v, steps_start(name));
}

/* ui.restore: false begins at the beginning. */
static void test_switched_off(void **state)
{
    char home[] = "/tmp/kehu-restore-XXXXXX", path[128];
    (void)state;
    vt_keys(v, "jjj");
    vt_expect(v, "4/150");
    vt_keys(v, "q");
    vt_wait_exit(v, VT_PATIENCE);
    vt_stop(&v);
    assert_non_null(mkdtemp(home));
    snprintf(path, sizeof(path), "%s/config", home);
    mkdir(path, 0700);
    snprintf(path, sizeof(path), "%s/config/kehu", home);
    mkdir(path, 0700);
    snprintf(path, sizeof(path), "%s/config/kehu/client.yaml", home);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("ui:\n  restore: false\n", f);
    fclose(f);
    struct vt_options o = {.rows = 40, .cols = 120, .home = home};
    v = desk_client_again(d, &o);
    vt_expect(v, "1/150");
    vt_stop(&v);
    char *clear = x_asprintf("rm -rf %s", home);
    assert_int_equal(system(clear), 0);
    x_free(&clear);
}

static void sign_in(const char *user)
{
    vt_expect(v, "密码");
    vt_keys(v, user);
    vt_keys(v, "<Enter>");
    vt_keys(v, DAEMON_PASSWORD);
    vt_keys(v, "<Enter>");
}

static int64_t kept_by(const struct daemon *on, const char *user,
                       const char *part)
{
    return daemon_sql_int(
        on,
        "SELECT count(*) FROM preference p JOIN app_user u ON u.id = p.user_id"
        " WHERE u.name = '%s' AND strpos(p.value::text, '%s') > 0",
        user, part);
}

/* Who signs in after another one, in the same client, begins at his own. */
static void test_other_user(void **state)
{
    (void)state;
    vt_stop(&v);
    struct daemon *on = daemon_start(&(struct daemon_options){.customers = 60});
    v = desk_client(on, &wide);
    sign_in("sales_director");
    vt_expect(v, "1/60");
    vt_keys(v, "/有限<Enter>");
    vt_expect_row(v, 1, "/ 有限");
    for (int i = 0; i < 100 && !kept_by(on, "sales_director", "有限"); i++)
        vt_settle(v, 100);
    vt_keys(v, "<F12>");
    vt_expect(v, "取消");
    vt_keys(v, "y");
    sign_in("finance");
    vt_expect(v, "1/60");
    vt_expect_row(v, 1, "/ 搜索");
    vt_keys(v, "j");
    for (int i = 0; i < 100 && !kept_by(on, "finance", "screens"); i++)
        vt_settle(v, 100);
    assert_int_equal(kept_by(on, "finance", "screens"), 1);
    assert_int_equal(kept_by(on, "finance", "有限"), 0);
    vt_keys(v, "<F12>y");
    sign_in("sales_director");
    vt_expect_row(v, 1, "/ 有限");
    vt_stop(&v);
    daemon_free(&on);
}

int main(void)
{
#define CASE(name, how)                                                        \
    cmocka_unit_test_setup_teardown(test_##name, open_##how, close_list)
    const struct CMUnitTest tests[] = {
        CASE(list, list),         CASE(killed, list),     CASE(hung_up, list),
        CASE(gone, list),         CASE(contacts, list),   CASE(narrow, narrow),
        CASE(switched_off, list), CASE(other_user, list),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
