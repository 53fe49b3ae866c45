/* Chinese and English, switched at run time: labels, options, actions,
 * messages, and what the daemon says.
 * proves: UX-07 */
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 40

static struct daemon *d;
static struct vt *v;

static int set_up(void **state)
{
    (void)state;
    d = desk_daemon(CUSTOMERS, "sales_director");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    daemon_free(&d);
    return 0;
}

static int open_list(void **state)
{
    (void)state;
    v = desk_list(d, NULL, CUSTOMERS);
    return 0;
}

static int close_list(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static void test_list(void **state)
{
    (void)state;
    vt_expect(v, "客户名称");
    vt_expect(v, "e编辑");
    vt_keys(v, "<F8>");
    vt_expect(v, "Industry");
    vt_expect(v, "e Edit");
    vt_expect(v, "40 in all");
    vt_expect_gone(v, "客户名称");
    vt_expect_gone(v, "搜索");
    /* Names of people and companies are no texts of ours: they stay. */
    vt_expect(v, "有限");
    vt_keys(v, "<F8>");
    vt_expect(v, "客户名称");
    vt_expect_gone(v, "Industry");
}

static void test_options_and_form(void **state)
{
    (void)state;
    vt_keys(v, "s<Right><Right><Enter><Enter>");
    vt_expect(v, "[1合作详情]");
    vt_keys(v, "2");
    vt_expect(v, "客户行业");
    vt_keys(v, "<F8>");
    vt_expect(v, "[2Basic information]");
    vt_expect(v, "Industry");
    vt_expect(v, "Contacts");
    vt_expect(v, "The company"); /* the headings too */
    vt_expect_gone(v, "客户行业");
    vt_expect_gone(v, "商业及生产模式");
}

static void test_what_the_daemon_says(void **state)
{
    (void)state;
    vt_keys(v, "<F8>");
    vt_expect(v, "e Edit");
    vt_keys(v, "n");
    vt_expect(v, "New: Customer");
    vt_keys(v, "<C-s>");
    vt_expect(v, "Customer name");
    vt_expect_gone(v, "请填写");
}

/* The terminal's own language decides at the start. */
static void test_language_of_the_environment(void **state)
{
    (void)state;
    const char *const env[] = {"LANG=en_US.UTF-8", "LC_ALL=", NULL};
    struct vt_options o = {.env = env};
    struct vt *english = desk_client(d, &o);
    vt_expect(english, "Industry");
    vt_stop(&english);
}

int main(void)
{
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, open_list, close_list)
    const struct CMUnitTest tests[] = {
        CASE(list),
        CASE(options_and_form),
        CASE(what_the_daemon_says),
        CASE(language_of_the_environment),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
