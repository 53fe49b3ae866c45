/* Moving a customer along its life cycle by hand: what is offered, the reason,
 * what is missing, who may. */
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
    /* Who may everything else as well is offered no log entry to write. */
    daemon_sql_int(d, "UPDATE app_user SET admin = true WHERE"
                      " name = 'sales_director' RETURNING id");
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

static void expect_state(int64_t id, const char *state)
{
    char *text = steps_value(c, id, "lifecycle");
    assert_string_equal(text, state);
    x_free(&text);
}

static void move(int rows, int cols, const char *name)
{
    struct vt_options o = {.rows = rows, .cols = cols};
    int64_t id = record_customer(c, name, "");
    v = desk_client(d, &o);
    vt_expect(v, name);
    vt_keys(v, "t");
    vt_expect(v, "生命周期：由 潜在客户 流转到");
    vt_expect(v, "洽谈中");
    vt_expect(v, "已流失");
    assert_false(vt_has(v, "续费中"));
    vt_keys(v, "<Enter>");
    vt_expect(v, "潜在客户 → 洽谈中");
    /* Without a reason nothing moves. */
    vt_keys(v, "<Enter>");
    vt_expect(v, "请用几个字说明原因");
    vt_keys(v, "已约见面<Enter>");
    vt_expect(v, "状态已变更");
    expect_state(id, "negotiating");
    /* The contract asks for what a contract has: all of it is named. */
    vt_expect(v, name);
    vt_keys(v, "t<Enter>签了合同<Enter>");
    vt_expect(v, "合作方式");
    vt_expect(v, "合同到期日");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "[ 确定 ]");
    expect_state(id, "negotiating");
    /* Below the record the log tells of the move. */
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 0, name);
    if (cols >= 80)
        vt_expect(v, "已约见面");
    else
        vt_expect(v, "生命周期");
}

/* proves: LIFE-02, LIFE-04 */
static void test_moves(void **state)
{
    (void)state;
    move(40, 120, "流转测试甲公司");
}

/* proves: LIFE-04, UX-03 */
static void test_moves_narrow(void **state)
{
    (void)state;
    move(15, 40, "流转测试乙公司");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_moves, close_screen),
        cmocka_unit_test_teardown(test_moves_narrow, close_screen),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
