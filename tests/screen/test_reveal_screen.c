/* A masked phone on the screen: seen masked, unmasked by a key for those who
 * may, and found in the audit log afterwards. */
#include "tests/screen/steps.h"
#include "tests/support/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 200

static struct daemon *d;
static struct vt *v;

static int set_up(void **state)
{
    (void)state;
    d = desk_daemon(CUSTOMERS, "project_manager");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    daemon_free(&d);
    return 0;
}

static int close_screen(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

/* The phone of the customer's primary contact, and how often it was shown. */
static void phone_of(int64_t id, char out[64])
{
    snprintf(out, 64, "%lld",
             (long long)daemon_sql_int(
                 d,
                 "SELECT regexp_replace(contact_phone, '[^0-9]', '', 'g')"
                 " FROM customer WHERE id = %lld",
                 (long long)id));
}

static int64_t reveals(void)
{
    return daemon_sql_int(d,
                          "SELECT count(*) FROM audit WHERE action = 'reveal'");
}

static void unmask(int rows, int cols)
{
    struct vt_options o = {.rows = rows, .cols = cols};
    char name[STEPS_NAME], phone[64];
    struct client *c = client_as(d, "project_manager");
    /* A mobile number of a customer that is his own. */
    int64_t id = daemon_sql_int(
        d,
        "UPDATE customer SET project_manager = %lld, updated_at = now(),"
        " contact_phone = '13800138000' WHERE id = (SELECT min(id) FROM"
        " customer WHERE deleted_at IS NULL) RETURNING id",
        (long long)record_user(d, "project_manager"));
    daemon_sql_int(d,
                   "UPDATE contact SET phone = '13800138000' WHERE id ="
                   " (SELECT primary_contact_id FROM customer WHERE"
                   " id = %lld) RETURNING id",
                   (long long)id);
    phone_of(id, phone);
    steps_customer(c, "[[\"updated_at\",\"desc\"]]", 1, name);
    int64_t before = reveals();
    v = desk_client(d, &o);
    vt_expect(v, steps_start(name));
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 0, steps_start(name));
    vt_keys(v, "2");
    vt_expect(v, "138****8000");
    /* Down into the contacts, and into the first of them. */
    for (int i = 0; i < 60 && !vt_has(v, "‹ 联系人"); i++)
        vt_keys(v, i < 40 ? "<Tab>" : "<Enter>");
    vt_keys(v, "<Enter>");
    vt_expect(v, "138****8000");
    steps_go_to_field(v, "电话");
    vt_keys(v, "v");
    vt_expect(v, phone);
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, phone);
    assert_int_equal(reveals(), before + 1);
    client_close(&c);
}

/* proves: ACC-03, ACC-05, DET-04 */
static void test_unmask(void **state)
{
    (void)state;
    unmask(40, 120);
}

/* proves: ACC-03, UX-03 */
static void test_unmask_narrow(void **state)
{
    (void)state;
    unmask(15, 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_unmask, close_screen),
        cmocka_unit_test_teardown(test_unmask_narrow, close_screen),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
