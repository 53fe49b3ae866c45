/* Possible duplicates while a new customer is typed: by name, sound,
 * spelling, phone and site; out of sight just the name and the owner.
 * proves: NEW-03 */
#include "common/json.h"
#include "server/domain/likeness.h"
#include "tests/support/check.h"
#include "tests/support/daemon.h"
#include "tests/support/record.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct daemon *daemon_;
static struct client *director;

/* The hit of this name among the answers, or NULL; the caller deletes all. */
static const cJSON *hit_of(const cJSON *reply, const char *name)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, json_get(reply, "similar"))
    {
        if (strcmp(json_str(one, "customer_name", ""), name) == 0)
            return one;
    }
    return NULL;
}

static bool gives(const cJSON *hit, const char *reason)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, json_get(hit, "reasons"))
    {
        if (strcmp(one->valuestring, reason) == 0)
            return true;
    }
    return false;
}

static void check_found(const char *values, const char *name,
                        const char *reason)
{
    cJSON *r = client_result(director, "customer.similar", "{\"values\":{%s}}",
                             values);
    const cJSON *hit = hit_of(r, name);
    if (!hit || !gives(hit, reason)) {
        char *text = cJSON_PrintUnformatted(r);
        fail_msg("%s by %s: %s", values, reason, text);
    }
    cJSON_Delete(r);
}

static void test_names(void **state)
{
    static const char name[] = "深圳市启明星照明科技有限公司";
    static const struct {
        const char *typed, *reason;
    } rows[] = {
        {"深圳市启明星照明科技有限公司", "name"},
        {"深圳市 启明星照明科技（有限公司）", "core"},
        {"深圳市启明星照明科技股份有限公司", "core"},
        {"广东省启明星照明有限公司", "core"},
        {"启明星照明", "core"},
        {"深圳启明星照明科技有限公司", "core"},
        {"深圳市启明新照明科技有限公司", "spelling"},
        {"深圳市启名兴照明科技有限公司", "pinyin"},
        {"深圳市启明月照明科技有限公司", "spelling"},
        {"深圳市启明照明科技有限公司", "spelling"},
        {"深圳启明星照", "part"},
        {"启明星照", "part"},
    };
    (void)state;
    record_customer(director, name, "");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char values[256];
        snprintf(values, sizeof values, "\"customer_name\":\"%s\"",
                 rows[i].typed);
        check_found(values, name, rows[i].reason);
    }
    static const char *const others[] = {"上海远航物流有限公司", "启",
                                         "深圳市科技有限公司", ""};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        cJSON *r =
            client_result(director, "customer.similar",
                          "{\"values\":{\"customer_name\":\"%s\"}}", others[i]);
        assert_null(hit_of(r, name));
        cJSON_Delete(r);
    }
}

static void test_phone_and_site(void **state)
{
    static const char name[] = "杭州云帆家居有限公司";
    (void)state;
    int64_t id = record_customer(
        director, name,
        "\"website_urls\":[\"https://www.yunfan.example.com/shop?a=1\"]");
    cJSON_Delete(client_result(director, "contact.create",
                               "{\"values\":{\"customer_id\":%" PRId64
                               ",\"name\":\"第二人\","
                               "\"phone\":\"13912345678\"}}",
                               id));
    check_found("\"contact_phone\":\"139 1234 5678\"", name, "phone");
    check_found("\"website_urls\":[\"http://yunfan.example.com\"]", name,
                "site");
    check_found("\"website_urls\":[\"yunfan.example.com/about\"]", name,
                "site");
    cJSON *r = client_result(director, "customer.similar",
                             "{\"values\":{},\"contacts\":[{\"phone\":"
                             "\"13912345678\"}]}");
    assert_true(gives(hit_of(r, name), "phone"));
    cJSON_Delete(r);
    /* What is not complete, or of this very record, is no hit. */
    static const char *const none[] = {
        "{\"values\":{\"contact_phone\":\"1391234567\"}}",
        "{\"values\":{\"website_urls\":[\"https://example.com\"]}}",
        "{\"values\":{\"website_urls\":\"yunfan\"}}",
        "{\"values\":{\"contact_phone\":7,\"customer_name\":[]}}"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        r = client_result(director, "customer.similar", "%s", none[i]);
        assert_null(hit_of(r, name));
        cJSON_Delete(r);
    }
    r = client_result(director, "customer.similar",
                      "{\"id\":%" PRId64 ",\"values\":{\"customer_name\":"
                      "\"%s\"}}",
                      id, name);
    assert_null(hit_of(r, name));
    cJSON_Delete(r);
    /* A site that is given up is no hit any more. */
    cJSON_Delete(client_result(director, "customer.update",
                               "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                               "{\"website_urls\":[\"https://other.example."
                               "com\"]}}",
                               id));
    r = client_result(director, "customer.similar",
                      "{\"values\":{\"website_urls\":[\"https://yunfan."
                      "example.com\"]}}");
    assert_null(hit_of(r, name));
    cJSON_Delete(r);
    check_found("\"website_urls\":[\"other.example.com\"]", name, "site");
}

/* Out of sight the name and the owner's name; in the trash nothing. */
static void test_scope(void **state)
{
    static const char name[] = "成都锦里文具有限公司";
    (void)state;
    int64_t id = record_customer(director, name, "\"internal_notes\":\"内部\"");
    struct client *sales = client_as(daemon_, "sales");
    cJSON *r = client_result(sales, "customer.similar",
                             "{\"values\":{\"customer_name\":\"%s\"}}", name);
    const cJSON *hit = hit_of(r, name);
    assert_true(cJSON_IsNull(json_get(hit, "id")));
    assert_string_not_equal(json_str(hit, "owner_name", ""), "");
    assert_int_equal(cJSON_GetArraySize(hit), 5);
    cJSON_Delete(r);
    client_close(&sales);
    r = client_result(director, "customer.similar",
                      "{\"values\":{\"customer_name\":\"%s\"}}", name);
    assert_int_equal(json_int(hit_of(r, name), "id", 0), id);
    cJSON_Delete(r);
    cJSON_Delete(client_result(director, "customer.delete",
                               "{\"id\":%" PRId64 ",\"version\":1}", id));
    r = client_result(director, "customer.similar",
                      "{\"values\":{\"customer_name\":\"%s\"}}", name);
    assert_null(hit_of(r, name));
    cJSON_Delete(r);
}

static int found_by_phone(struct client *c)
{
    cJSON *r = client_result(c, "customer.similar",
                             "{\"values\":{\"contact_phone\":"
                             "\"13800138000\"}}");
    int n = cJSON_GetArraySize(json_get(r, "similar"));
    cJSON_Delete(r);
    return n;
}

static bool finds_none(void *client)
{
    return found_by_phone(client) == 0;
}

/* Who neither makes nor edits customers has nothing to ask here; who sees
 * phones masked gets no hit by phone. */
static void test_rights(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++) {
        char name[64];
        snprintf(name, sizeof name, "无锡惠山茶具%d号有限公司", i);
        record_customer(director, name, "");
    }
    assert_int_equal(found_by_phone(director), 10);
    struct client *viewer = client_as(daemon_, "finance");
    client_refused(viewer, ERR_forbidden, "customer.similar",
                   "{\"values\":{\"contact_phone\":\"13800138000\"}}");
    client_close(&viewer);
    struct client *sales = client_as(daemon_, "sales");
    assert_int_equal(found_by_phone(sales), 10);
    free(daemon_sql(daemon_, "UPDATE role_right SET value = 'masked' WHERE"
                             " role = 'sales' AND subject = 'sensitive'"));
    assert_true(check_wait(finds_none, sales, 10000));
    client_close(&sales);
    assert_int_equal(found_by_phone(director), 10);
}

static void test_distance(void **state)
{
    (void)state;
    assert_int_equal(likeness_distance("", ""), 0);
    assert_int_equal(likeness_distance("艾维", ""), 2);
    assert_int_equal(likeness_distance("艾维", "艾唯"), 1);
    assert_int_equal(likeness_distance("kitten", "sitting"), 3);
    assert_int_equal(likeness_distance("深圳艾维", "深圳市艾维"), 1);
}

static int setup(void **state)
{
    (void)state;
    daemon_ = daemon_start(&(struct daemon_options){.organisation = true});
    director = client_as(daemon_, "sales_director");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    client_close(&director);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),    cmocka_unit_test(test_phone_and_site),
        cmocka_unit_test(test_scope),    cmocka_unit_test(test_rights),
        cmocka_unit_test(test_distance),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
