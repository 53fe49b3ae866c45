/* Contacts: exactly one is primary, the customer's row follows it, and nobody
 * who edits the customer is disturbed (DET-04). */
#include "common/json.h"
#include "tests/support/daemon.h"
#include "tests/support/record.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct daemon *daemon_;
static struct client *director;

static int64_t add(int64_t customer, const char *name, const char *more)
{
    cJSON *r = client_result(director, "contact.create",
                             "{\"values\":{\"customer_id\":%" PRId64
                             ",\"name\":\"%s\"%s}}",
                             customer, name, more);
    int64_t id = json_int(json_get(r, "record"), "id", 0);
    cJSON_Delete(r);
    return id;
}

static int64_t primaries(int64_t customer)
{
    return daemon_sql_int(daemon_,
                          "SELECT count(*) FROM contact WHERE is_primary AND"
                          " customer_id = %" PRId64,
                          customer);
}

/* The customer's row is a copy of its primary contact. */
static void check_copy(int64_t customer, const char *name)
{
    cJSON *r = record_read(director, "customer", customer);
    record_is(r, "contact_person", name);
    assert_int_equal(json_int(r, "version", 0), 1);
    cJSON_Delete(r);
    assert_int_equal(primaries(customer), 1);
    assert_int_equal(
        daemon_sql_int(daemon_,
                       "SELECT count(*) FROM customer c JOIN contact k ON"
                       " k.id = c.primary_contact_id WHERE c.id = %" PRId64
                       " AND k.name = c.contact_person AND k.phone ="
                       " c.contact_phone AND k.position ="
                       " c.contact_position",
                       customer),
        1);
}

static bool finds(const char *needle, int64_t customer)
{
    cJSON *r = client_result(director, "customer.count",
                             "{\"search\":\"%s\",\"filter\":{\"id\":{\"eq\":"
                             "%" PRId64 "}}}",
                             needle, customer);
    bool found = json_int(r, "total", 0) == 1;
    cJSON_Delete(r);
    return found;
}

/* proves: DET-04, LIST-03 */
static void test_add(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "添加联系人公司", "");
    int64_t second = add(id, "赵二", ",\"phone\":\"13900139002\"");
    cJSON *r = record_read(director, "contact", second);
    assert_true(cJSON_IsFalse(json_get(r, "is_primary")));
    assert_int_equal(json_int(r, "rank", -1), 1);
    assert_string_equal(
        cJSON_GetArrayItem(json_get(r, "customer_id"), 1)->valuestring,
        "添加联系人公司");
    cJSON_Delete(r);
    check_copy(id, "王小明");
    assert_true(finds("赵二", id));
    assert_true(finds("zhaoer", id));
    assert_true(finds("139001390", id));
}

/* proves: DET-04 */
static void test_make_primary(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "换主联系人公司", "");
    int64_t second = add(id, "钱三", ",\"phone\":\"13900139003\"");
    cJSON *r = client_result(director, "contact.update",
                             "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                             "{\"is_primary\":true,\"position\":\"经理\"}}",
                             second);
    assert_int_equal(json_int(json_get(r, "record"), "rank", -1), 0);
    cJSON_Delete(r);
    check_copy(id, "钱三");
    cJSON *e = client_error(director, ERR_invalid, "contact.update",
                            "{\"id\":%" PRId64 ",\"version\":2,\"values\":"
                            "{\"is_primary\":false}}",
                            second);
    assert_true(record_has_fault(e, "is_primary", "required"));
    cJSON_Delete(e);
    e = client_error(director, ERR_invalid, "contact.update",
                     "{\"id\":%" PRId64 ",\"version\":2,\"values\":"
                     "{\"phone\":null}}",
                     second);
    assert_true(record_has_fault(e, "phone", "required"));
    cJSON_Delete(e);
}

/* A contact has its own version; the customer's stays. */
static void test_edit(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "改联系人公司", "");
    int64_t contact =
        daemon_sql_int(daemon_,
                       "SELECT primary_contact_id FROM customer WHERE id ="
                       " %" PRId64,
                       id);
    cJSON_Delete(client_result(director, "contact.update",
                               "{\"id\":%" PRId64 ",\"version\":1,"
                               "\"values\":{\"phone\":\"0755-12345678\","
                               "\"name\":\"王大明\"}}",
                               contact));
    check_copy(id, "王大明");
    assert_true(finds("王大明", id));
    assert_false(finds("王小明", id));
    assert_true(finds("075512345", id));
    /* The customer's own form is still up to date. */
    cJSON_Delete(client_result(director, "customer.update",
                               "{\"id\":%" PRId64 ",\"version\":1,"
                               "\"values\":{\"risk_factors\":\"x\"}}",
                               id));
    client_refused(director, ERR_conflict, "contact.update",
                   "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                   "{\"name\":\"王小小\"}}",
                   contact);
    cJSON *e = client_error(director, ERR_invalid, "contact.update",
                            "{\"id\":%" PRId64 ",\"version\":2,\"values\":"
                            "{\"email\":\"x\",\"name\":\"\",\"customer_id\":"
                            "1}}",
                            contact);
    assert_true(record_has_fault(e, "customer_id", "readonly"));
    cJSON_Delete(e);
}

/* proves: DET-04 */
static void test_delete(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "删联系人公司", "");
    int64_t first =
        daemon_sql_int(daemon_,
                       "SELECT primary_contact_id FROM customer WHERE id ="
                       " %" PRId64,
                       id);
    cJSON *e = client_error(director, ERR_invalid, "contact.delete",
                            "{\"id\":%" PRId64 ",\"version\":1}", first);
    assert_true(record_has_fault(e, "is_primary", "required"));
    cJSON_Delete(e);
    int64_t silent = add(id, "孙四", "");
    int64_t second = add(id, "李五", ",\"phone\":\"13900139005\"");
    client_refused(director, ERR_invalid, "contact.delete",
                   "{\"id\":%" PRId64 ",\"version\":1}", first);
    client_refused(director, ERR_invalid, "contact.delete",
                   "{\"id\":%" PRId64 ",\"version\":1,\"successor\":%" PRId64
                   "}",
                   first, silent);
    client_refused(director, ERR_invalid, "contact.delete",
                   "{\"id\":%" PRId64 ",\"version\":1,\"successor\":%" PRId64
                   "}",
                   first, first);
    cJSON_Delete(client_result(director, "contact.delete",
                               "{\"id\":%" PRId64 ",\"version\":1,"
                               "\"successor\":%" PRId64 "}",
                               first, second));
    check_copy(id, "李五");
    client_refused(director, ERR_not_found, "contact.get",
                   "{\"id\":%" PRId64 "}", first);
    cJSON_Delete(client_result(director, "contact.delete",
                               "{\"id\":%" PRId64 ",\"version\":1}", silent));
    check_copy(id, "李五");
}

/* A child is its customer's: who sees that sees it, who edits that edits it. */
static void test_rights(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "他人客户公司", "");
    int64_t contact = add(id, "周六", "");
    struct client *sales = client_as(daemon_, "sales");
    client_refused(sales, ERR_not_found, "contact.get", "{\"id\":%" PRId64 "}",
                   contact);
    client_refused(sales, ERR_not_found, "contact.update",
                   "{\"id\":%" PRId64 ",\"version\":1,\"values\":{}}", contact);
    client_refused(
        sales, ERR_not_found, "contact.create",
        "{\"values\":{\"customer_id\":%" PRId64 ",\"name\":\"吴七\"}}", id);
    client_close(&sales);
    struct client *viewer = client_as(daemon_, "project_director");
    cJSON *r = record_read(viewer, "contact", contact);
    record_is(r, "name", "周六");
    cJSON_Delete(r);
    client_refused(viewer, ERR_forbidden, "contact.update",
                   "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                   "{\"name\":\"周七\"}}",
                   contact);
    client_refused(viewer, ERR_forbidden, "contact.delete",
                   "{\"id\":%" PRId64 ",\"version\":1}", contact);
    client_close(&viewer);
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
        cmocka_unit_test(test_add),    cmocka_unit_test(test_make_primary),
        cmocka_unit_test(test_edit),   cmocka_unit_test(test_delete),
        cmocka_unit_test(test_rights),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
