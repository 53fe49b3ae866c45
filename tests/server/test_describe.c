/* The daemon tells its own tables: meta.hello, meta.describe, rpc.discover. */
#include "common/json.h"
#include "schema/option.h"
#include "server/rpc/method.h"
#include "tests/support/daemon.h"
#include "tests/support/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct daemon *daemon_;

static const cJSON *named(const cJSON *list, const char *key, const char *id)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, list)
    {
        if (strcmp(json_str(one, key, ""), id) == 0)
            return one;
    }
    return NULL;
}

static bool has(const cJSON *list, const char *text)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, list)
    {
        if (strcmp(cJSON_GetStringValue(one), text) == 0)
            return true;
    }
    return false;
}

static void test_hello(void **state)
{
    (void)state;
    struct client *c = client_open(daemon_);
    cJSON *r = client_result(c, "meta.hello",
                             "{\"client\":\"test 1\",\"compatible\":1}");
    assert_string_equal(json_str(r, "schema", ""), schema_hash());
    assert_int_equal(json_int(r, "compatible", 0), 1);
    cJSON_Delete(r);
    client_refused(c, ERR_unauthenticated, "meta.describe", "{}");
    client_close(&c);
}

/* What is told is what holds for the one who asks. proves: ACC-03 */
static void test_levels(void **state)
{
    (void)state;
    static const struct {
        const char *user, *phone, *notes;
    } cases[] = {{"sales", "write", "write"},
                 {"project_manager", "masked", "read"},
                 {"finance", "masked", "read"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct client *c = client_as(daemon_, cases[i].user);
        cJSON *r =
            client_result(c, "meta.describe", "{\"entity\":\"customer\"}");
        const cJSON *e = json_get(json_get(r, "entities"), "customer");
        const cJSON *fields = json_get(e, "fields");
        record_is(named(fields, "id", "contact_phone"), "level",
                  cases[i].phone);
        record_is(named(fields, "id", "internal_notes"), "level",
                  cases[i].notes);
        assert_null(named(fields, "id", "search_text"));
        assert_null(json_get(json_get(r, "entities"), "contact"));
        assert_int_equal(json_bool(json_get(e, "may"), "create", false),
                         i == 0);
        cJSON_Delete(r);
        client_close(&c);
    }
}

static void test_tables(void **state)
{
    (void)state;
    struct client *c = client_as(daemon_, "sales_director");
    cJSON *r = client_result(c, "meta.describe", "{}");
    const cJSON *fields =
        json_get(json_get(json_get(r, "entities"), "customer"), "fields");
    const cJSON *name = named(fields, "id", "customer_name");
    const struct field *name_field =
        field_find(&entity_customer, "customer_name");
    record_is(json_get(name, "label"), "zh", "客户名称");
    record_is(json_get(name, "label"), "en", name_field->label);
    record_is(name, "type", "text");
    record_is(name, "tab", "COOPERATION");
    assert_true(has(json_get(name, "flags"), "required"));
    assert_true(has(json_get(name, "flags"), "unique"));
    assert_true(has(json_get(name, "operators"), "contains"));
    assert_false(has(json_get(name, "operators"), "any"));
    record_is(named(fields, "id", "grade"), "required_from", "contracted");
    for (int i = 0; i < option_list_count; i++)
        assert_true(cJSON_GetArraySize(json_get(json_get(r, "options"),
                                                option_lists[i].id)) > 0);
    const cJSON *grade = json_get(json_get(r, "options"), "grade");
    record_is(cJSON_GetArrayItem(grade, 0), "code", "A");
    assert_int_equal(cJSON_GetArraySize(json_get(r, "tabs")), TABS - 1);
    record_is(json_get(json_get(r, "rights"), "scopes"), "customer.view",
              "all");
    assert_null(json_get(json_get(r, "entities"), "session"));
    cJSON_Delete(r);
    client_refused(c, ERR_invalid_params, "meta.describe",
                   "{\"entity\":\"session\"}");
    client_close(&c);
}

/* Every method of the table, every verb of every entity that has it. */
static void test_discover(void **state)
{
    (void)state;
    struct client *c = client_open(daemon_);
    cJSON *r = client_result(c, "rpc.discover", "{}");
    const cJSON *methods = json_get(r, "methods");
    const cJSON *one;
    for (int i = 0; i < method_count; i++)
        if (method_rows[i].name[0] != '*')
            assert_non_null(named(methods, "name", method_rows[i].name));
    cJSON_ArrayForEach(one, methods)
    {
        const struct entity *e;
        const char *id = json_str(one, "name", "");
        assert_non_null(method_find(id, &e));
        assert_true(json_str(one, "summary", "")[0] != '\0');
        assert_true(cJSON_IsArray(json_get(one, "params")));
    }
    assert_non_null(named(methods, "name", "customer.update"));
    assert_null(named(methods, "name", "user.delete"));
    assert_null(named(methods, "name", "session.list"));
    assert_null(named(methods, "name", "tag.restore"));
    assert_null(named(methods, "name", "tag.history"));
    assert_non_null(named(methods, "name", "customer.restore"));
    assert_non_null(
        named(json_get(named(methods, "name", "customer.update"), "params"),
              "name", "key"));
    cJSON_Delete(r);
    client_close(&c);
}

static int setup(void **state)
{
    (void)state;
    daemon_ = daemon_start(&(struct daemon_options){.organisation = true});
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hello),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_discover),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
