/* Signing in with a name and a password, signing out, another user; the
 * password is never seen.
 * proves: ACC-01 */
#include "tests/support/check.h"
#include "tests/support/desk.h"
#include "tests/support/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CUSTOMERS = 60 };

static struct daemon *d;

static int set_up(void **state)
{
    (void)state;
    struct daemon_options o = {.customers = CUSTOMERS};
    d = daemon_start(&o);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    daemon_free(&d);
    return 0;
}

static const char *const english[] = {"LC_ALL=en_US.UTF-8", NULL};

static struct vt *open_login(void)
{
    struct vt_options o = {.env = english};
    struct vt *v = desk_client(d, &o);
    vt_expect(v, "Password");
    return v;
}

static void sign_in(struct vt *v, const char *user)
{
    vt_keys(v, user);
    vt_keys(v, "<Enter>");
    vt_keys(v, DAEMON_PASSWORD);
    vt_keys(v, "<Enter>");
}

static void test_signs_in(void **state)
{
    (void)state;
    struct vt *v = open_login();
    sign_in(v, "sales_director");
    vt_expect(v, "1/60");
    assert_false(vt_has(v, "Password"));
    vt_stop(&v);
}

static void test_wrong_password(void **state)
{
    (void)state;
    struct vt *v = open_login();
    vt_keys(v, "sales_director<Tab>wrong-password<Enter>");
    vt_expect(v, "password");
    vt_expect(v, "sales_director");
    assert_false(vt_has(v, "wrong-password"));
    vt_expect_gone(v, "Signing in");
    vt_keys(v, DAEMON_PASSWORD);
    vt_keys(v, "<Enter>");
    vt_expect(v, "1/60");
    vt_stop(&v);
}

/* All of it with arrows, Tab, Enter and Esc alone. */
static void test_password_is_dots(void **state)
{
    (void)state;
    struct vt *v = open_login();
    vt_keys(v, "me<Down>secret");
    vt_expect(v, "••••••");
    assert_false(vt_has(v, "secret"));
    vt_keys(v, "<Tab>");
    vt_expect(v, "[ Sign in ]");
    vt_keys(v, "<Esc>");
    assert_int_equal(vt_wait_exit(v, VT_PATIENCE), 0);
    vt_stop(&v);
}

static void test_another_user(void **state)
{
    (void)state;
    struct vt *v = open_login();
    sign_in(v, "sales_director");
    vt_expect(v, "1/60");
    vt_keys(v, "<F12>");
    vt_expect(v, "What is not saved is lost.");
    vt_keys(v, "<Enter>");
    vt_expect(v, "Password");
    assert_false(vt_has(v, "1/60"));
    sign_in(v, "finance");
    vt_expect(v, "1/60");
    vt_stop(&v);
}

/* Keys that clash are told when there is a screen to tell them on.
 * proves: UX-01 */
static void test_own_keys_are_told(void **state)
{
    (void)state;
    char *home = check_temp_dir("keys"), path[128];
    struct vt_options o = {.env = english, .home = home};
    snprintf(path, sizeof(path), "%s/config", home);
    mkdir(path, 0700);
    snprintf(path, sizeof(path), "%s/config/kehu", home);
    mkdir(path, 0700);
    snprintf(path, sizeof(path), "%s/config/kehu/client.yaml", home);
    program_write_file(path, "keys:\n  edit: s\n");
    struct vt *v = desk_client(d, &o);
    vt_expect(v, "Password");
    sign_in(v, "sales_director");
    vt_expect(v, "the key s runs edit now, and no longer sort");
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, "the key s runs edit");
    vt_stop(&v);
    check_remove_tree(home);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signs_in),
        cmocka_unit_test(test_wrong_password),
        cmocka_unit_test(test_password_is_dots),
        cmocka_unit_test(test_another_user),
        cmocka_unit_test(test_own_keys_are_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
