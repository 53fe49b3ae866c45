/* site.check over the wire: what it refuses, and that it stays outside. */
#include "common/json.h"
#include "tests/support/check.h"
#include "tests/support/client.h"
#include "tests/support/daemon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct daemon *d;

static int set_up(void **state)
{
    (void)state;
    d = daemon_start(&(struct daemon_options){.organisation = true});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    daemon_free(&d);
    return 0;
}

/* proves: FORM-01 */
static void test_never_inside(void **state)
{
    (void)state;
    static const char *const inside[] = {
        "http://127.0.0.1/", "http://10.0.0.1/", "http://169.254.169.254/",
        "http://192.168.1.1:8080/"};
    struct client *c = client_as(d, "sales");
    for (size_t i = 0; i < sizeof(inside) / sizeof(*inside); i++) {
        cJSON *r =
            client_result(c, "site.check", "{\"url\":\"%s\"}", inside[i]);
        assert_false(json_bool(r, "reachable", true));
        assert_int_equal(json_int(r, "code", -1), 0);
        assert_string_not_equal(json_str(r, "reason", ""), "");
        cJSON_Delete(r);
    }
    client_close(&c);
}

static void test_refusals(void **state)
{
    (void)state;
    struct client *c = client_as(d, "sales");
    client_refused(c, ERR_invalid_params, "site.check",
                   "{\"url\":\"file:///etc/passwd\"}");
    client_refused(c, ERR_invalid_params, "site.check",
                   "{\"url\":\"no address at all\"}");
    client_close(&c);
    c = client_open(d);
    client_refused(c, ERR_unauthenticated, "site.check",
                   "{\"url\":\"http://example.com/\"}");
    client_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_never_inside),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
