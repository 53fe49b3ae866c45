/* Items of attention: by category, priority and reminder, shared or seen by
 * nobody but their author, whichever way he is asked.
 * proves: DET-07 */
#include "common/json.h"
#include "tests/support/child.h"
#include "tests/support/daemon.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ITEM "\"title\":\"每周三例会\",\"category\":\"communication\""
#define SECRET                                                                 \
    "\"title\":\"老板娘才是决策人\",\"category\":\"risk\","            \
    "\"content\":\"别声张\",\"is_private\":true"

static struct daemon *daemon_;
static struct client *director, *manager, *admin;
static int64_t customer;

static void test_items(void **state)
{
    (void)state;
    int64_t id = child_add(director, "attention", customer, ITEM);
    cJSON *r = record_read(director, "attention", id);
    record_is(r, "priority", "P2");
    record_is(r, "remind_repeat", "none");
    assert_true(cJSON_IsFalse(json_get(r, "is_private")));
    cJSON_Delete(r);
    child_faults(director, "attention", id, "\"remind_repeat\":\"weekly\"",
                 "remind_on", "required");
    r = child_change(director, "attention", id,
                     "\"remind_repeat\":\"weekly\",\"remind_on\":"
                     "\"2026-01-07\"");
    record_is(r, "remind_on", "2026-01-07");
    cJSON_Delete(r);
    cJSON *e = child_refused(director, "attention", customer,
                             "\"title\":\"x\",\"category\":\"weather\"");
    assert_true(record_has_fault(e, "title", "length"));
    assert_true(record_has_fault(e, "category", "option"));
    cJSON_Delete(e);
    assert_int_equal(child_found(director, "attention", "zhousan"), 1);
    assert_int_equal(child_found(director, "attention", "例会"), 1);
    assert_true(child_breaks(daemon_, "attention_remind_on_required",
                             "UPDATE attention SET remind_on = NULL WHERE id"
                             " = %" PRId64,
                             id));
    assert_true(child_breaks(daemon_, "attention_is_private_required",
                             "UPDATE attention SET is_private = true,"
                             " created_by = NULL WHERE id = %" PRId64,
                             id));
    cJSON_Delete(client_result(director, "attention.delete",
                               "{\"id\":%" PRId64 ",\"version\":2}", id));
    assert_int_equal(child_found(director, "attention", "例会"), 0);
    cJSON_Delete(client_result(director, "attention.restore",
                               "{\"id\":%" PRId64 ",\"version\":3}", id));
    assert_int_equal(child_found(director, "attention", "例会"), 1);
}

static bool says(struct client *c, const char *method, const char *params,
                 const char *text)
{
    cJSON *r = client_call(c, method, "%s", params);
    char *all = cJSON_PrintUnformatted(r);
    bool found = strstr(all, text) != NULL;
    free(all);
    cJSON_Delete(r);
    return found;
}

static char *with_id(const char *fmt, int64_t id)
{
    static char text[256];
    const char *mark = strchr(fmt, '#');
    snprintf(text, sizeof text, "%.*s%" PRId64 "%s", (int)(mark - fmt), fmt, id,
             mark + 1);
    return text;
}

/* The one person sees it by every way there is, the others by none. */
static void check_sight(struct client *c, int64_t id, bool sees)
{
    static const struct {
        const char *method, *params;
        bool of_customer;
    } ways[] = {
        {"attention.get", "{\"id\":#}", false},
        {"attention.history", "{\"id\":#}", false},
        {"attention.list", "{\"filter\":{\"id\":{\"eq\":#}}}", false},
        {"attention.list", "{\"filter\":{\"customer_id\":{\"eq\":#}}}", true},
        {"attention.list",
         "{\"search\":\"老板娘\",\"filter\":{\"customer_id\":{\"eq\":#}}}",
         true},
        {"attention.list",
         "{\"columns\":[\"title\"],\"filter\":{\"title\":{\"contains\":"
         "\"老板娘\"},\"customer_id\":{\"eq\":#}}}",
         true},
        {"attention.list", "{\"around\":#,\"limit\":3}", false},
        {"customer.history", "{\"id\":#}", true},
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        int64_t of = ways[i].of_customer ? customer : id;
        if (says(c, ways[i].method, with_id(ways[i].params, of), "老板娘") !=
            sees)
            fail_msg("%s %s", ways[i].method, ways[i].params);
    }
    assert_int_equal(child_found(c, "attention", "老板娘"), sees);
    assert_int_equal(child_found(c, "attention", "别声张"), sees);
    assert_int_equal(child_found(c, "attention", "lbn"), sees);
}

static void test_private(void **state)
{
    (void)state;
    int64_t id = child_add(manager, "attention", customer, SECRET);
    check_sight(manager, id, true);
    check_sight(director, id, false);
    client_refused(director, ERR_not_found, "attention.update",
                   "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                   "{\"is_private\":false}}",
                   id);
    client_refused(director, ERR_not_found, "attention.delete",
                   "{\"id\":%" PRId64 ",\"version\":1}", id);
    client_refused(director, ERR_not_found, "attention.reveal",
                   "{\"id\":%" PRId64 ",\"field\":\"content\"}", id);
    client_refused(director, ERR_not_found, "attention.get",
                   "{\"id\":%" PRId64 ",\"as_of\":\"2999-01-01\"}", id);
    /* Nor does the log of the administrator tell it. */
    assert_false(says(admin, "audit.list",
                      "{\"columns\":[\"before\",\"after\"],\"limit\":500}",
                      "老板娘"));
    /* The trash keeps it as private as before. */
    cJSON_Delete(client_result(manager, "attention.delete",
                               "{\"id\":%" PRId64 ",\"version\":1}", id));
    assert_true(says(manager, "attention.list", "{\"trash\":true}", "老板娘"));
    assert_false(
        says(director, "attention.list", "{\"trash\":true}", "老板娘"));
    assert_false(says(director, "customer.history",
                      with_id("{\"id\":#}", customer), "老板娘"));
    client_refused(director, ERR_not_found, "attention.restore",
                   "{\"id\":%" PRId64 ",\"version\":2}", id);
    cJSON_Delete(client_result(manager, "attention.restore",
                               "{\"id\":%" PRId64 ",\"version\":2}", id));
    check_sight(manager, id, true);
    check_sight(director, id, false);
}

/* Only the author shares it or takes it back; what it said while it was
 * private stays his. */
static void test_sharing(void **state)
{
    (void)state;
    int64_t id = child_add(manager, "attention", customer, SECRET);
    cJSON_Delete(child_change(manager, "attention", id,
                              "\"title\":\"决策人已变更\",\"is_private\":"
                              "false"));
    assert_true(says(director, "attention.get", with_id("{\"id\":#}", id),
                     "决策人已变更"));
    assert_false(says(director, "attention.history", with_id("{\"id\":#}", id),
                      "老板娘"));
    assert_true(says(manager, "attention.history", with_id("{\"id\":#}", id),
                     "老板娘"));
    child_faults(director, "attention", id, "\"is_private\":true", "is_private",
                 "readonly");
    cJSON_Delete(child_change(director, "attention", id, "\"is_done\":true"));
    cJSON_Delete(child_change(manager, "attention", id, "\"is_private\":true"));
    client_refused(director, ERR_not_found, "attention.get",
                   "{\"id\":%" PRId64 "}", id);
    assert_false(says(director, "customer.history",
                      with_id("{\"id\":#}", customer), "决策人已变更"));
}

static const char *heard(struct client *c, int64_t id, int wait)
{
    static char kind[16];
    cJSON *event = client_notification(c, "event", wait);
    const cJSON *params = json_get(event, "params");
    snprintf(kind, sizeof kind, "%s",
             event && json_int(params, "id", 0) == id
                 ? json_str(params, "kind", "")
                 : "");
    cJSON_Delete(event);
    return kind;
}

/* Who may not see it does not hear of it; who no longer may hears that it is
 * gone. */
static void test_events(void **state)
{
    (void)state;
    struct client *both[] = {director, manager};
    for (int i = 0; i < 2; i++)
        cJSON_Delete(client_result(both[i], "events.subscribe",
                                   "{\"entity\":\"attention\"}"));
    int64_t id = child_add(manager, "attention", customer, SECRET);
    assert_string_equal(heard(manager, id, 10000), "created");
    cJSON_Delete(child_change(manager, "attention", id, "\"content\":\"x\""));
    assert_string_equal(heard(manager, id, 10000), "updated");
    cJSON_Delete(
        child_change(manager, "attention", id, "\"is_private\":false"));
    assert_string_equal(heard(manager, id, 10000), "updated");
    /* The first the other one hears of it. */
    assert_string_equal(heard(director, id, 10000), "updated");
    cJSON_Delete(child_change(manager, "attention", id, "\"is_private\":true"));
    assert_string_equal(heard(director, id, 10000), "gone");
    cJSON_Delete(child_change(manager, "attention", id, "\"content\":\"y\""));
    int64_t shared = child_add(manager, "attention", customer, ITEM);
    assert_string_equal(heard(director, shared, 10000), "created");
    for (int i = 0; i < 2; i++)
        cJSON_Delete(client_result(both[i], "events.unsubscribe", "{}"));
}

/* Made together with its customer it is as private. */
static void test_private_from_the_start(void **state)
{
    (void)state;
    cJSON *r = client_result(
        manager, "customer.create",
        "{\"values\":{\"customer_name\":\"连同事项公司\",\"industry\":"
        "\"outdoor\",\"regions\":[\"广东\"],\"contact_person\":\"王小明\","
        "\"contact_phone\":\"13800138000\"},\"children\":{\"attention\":[{"
        "\"title\":\"悄悄话一句\",\"category\":\"risk\",\"is_private\":"
        "true},{" ITEM "}]}}");
    int64_t id = json_int(json_get(r, "record"), "id", 0);
    cJSON_Delete(r);
    const char *params = with_id("{\"id\":#}", id);
    assert_false(says(director, "customer.history", params, "悄悄话"));
    assert_true(says(director, "customer.history", params, "每周三"));
    assert_true(says(manager, "customer.history", params, "悄悄话"));
    assert_int_equal(child_found(director, "attention", "悄悄话"), 0);
    assert_int_equal(child_found(manager, "attention", "悄悄话"), 1);
    assert_false(says(admin, "audit.list",
                      "{\"columns\":[\"before\",\"after\"],\"limit\":500}",
                      "悄悄话"));
}

/* Those who serve the customer read what is shared and change nothing. */
static void test_rights(void **state)
{
    (void)state;
    int64_t id = child_add(director, "attention", customer, ITEM);
    struct client *viewer = client_as(daemon_, "project_director");
    cJSON_Delete(record_read(viewer, "attention", id));
    client_refused(viewer, ERR_forbidden, "attention.update",
                   "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                   "{\"is_done\":true}}",
                   id);
    client_refused(viewer, ERR_forbidden, "attention.create",
                   "{\"values\":{\"customer_id\":%" PRId64 "," ITEM "}}",
                   customer);
    client_close(&viewer);
    struct client *sales = client_as(daemon_, "sales");
    client_refused(sales, ERR_not_found, "attention.get",
                   "{\"id\":%" PRId64 "}", id);
    client_close(&sales);
}

static int setup(void **state)
{
    char more[64];
    (void)state;
    daemon_ = daemon_start(&(struct daemon_options){.organisation = true});
    director = client_as(daemon_, "sales_director");
    manager = client_as(daemon_, "sales_manager");
    admin = client_as(daemon_, "admin");
    snprintf(more, sizeof more, "\"owner\":%" PRId64,
             record_user(daemon_, "sales_manager"));
    customer = record_customer(director, "要留意的公司", more);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    client_close(&director);
    client_close(&manager);
    client_close(&admin);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items),
        cmocka_unit_test(test_private),
        cmocka_unit_test(test_sharing),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_private_from_the_start),
        cmocka_unit_test(test_rights),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
