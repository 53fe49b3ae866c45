/* The trash: what was deleted is listed there alone, and brought back.
 * proves: EDIT-04 */
#include "tests/screen/steps.h"
#include "tests/support/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 40

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

static int close_screen(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static void bring_back(int rows, int cols, const char *name)
{
    struct vt_options o = {.rows = rows, .cols = cols};
    int64_t id = record_customer(c, name, "");
    cJSON_Delete(client_result(c, "customer.delete",
                               "{\"id\":%lld,\"version\":%lld}", (long long)id,
                               (long long)record_version(c, "customer", id)));
    v = desk_client(d, &o);
    vt_expect(v, "» ");
    assert_false(vt_has(v, name));
    vt_keys(v, ":回收站客户");
    vt_expect(v, "回收站 · 客户");
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 0, "回收站");
    vt_expect(v, name);
    /* Nothing is opened or changed there. */
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 0, "回收站");
    vt_keys(v, "R");
    vt_expect(v, "已恢复");
    vt_expect_gone(v, name);
    vt_expect(v, "回收站是空的。");
    /* A key behind Esc at once would be Alt with that key. */
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "回收站");
    vt_keys(v, "<C-r>");
    vt_expect(v, name);
}

static void test_trash(void **state)
{
    (void)state;
    bring_back(40, 120, "误删的甲公司");
}

/* proves: UX-03 */
static void test_trash_narrow(void **state)
{
    (void)state;
    bring_back(15, 40, "误删的乙公司");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_trash, close_screen),
        cmocka_unit_test_teardown(test_trash_narrow, close_screen),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
