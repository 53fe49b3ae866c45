/* Live changes: told to those who may see the row, to nobody else, across
 * daemons, and `gone` to whom it left. */
#include "common/buf.h"
#include "common/json.h"
#include "tests/support/check.h"
#include "tests/support/client.h"
#include "tests/support/daemon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOON_MS = 20000 };

static struct daemon *d;
static struct client *director, *mine, *other;
static int64_t sales_id, other_id;

static int set_up(void **state)
{
    (void)state;
    d = daemon_start(&(struct daemon_options){.customers = 60});
    sales_id =
        daemon_sql_int(d, "SELECT id FROM app_user WHERE name = 'sales'");
    other_id = daemon_sql_int(d,
                              "SELECT id FROM app_user WHERE 'sales' = "
                              "ANY (roles) AND id <> %" PRId64
                              " AND NOT disabled ORDER BY id LIMIT 1",
                              sales_id);
    char *login = daemon_sql(d, "SELECT name FROM app_user WHERE id = %" PRId64,
                             other_id);
    director = client_as(d, "sales_director");
    mine = client_as(d, "sales");
    other = client_as(d, login);
    free(login);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_close(&director);
    client_close(&mine);
    client_close(&other);
    daemon_free(&d);
    return 0;
}

/* A customer of nobody but `owner`. */
static int64_t customer_of(int64_t owner, int which)
{
    int64_t id = daemon_sql_int(
        d,
        "SELECT id FROM customer WHERE deleted_at IS NULL ORDER BY id "
        "OFFSET %d LIMIT 1",
        which);
    char *none =
        daemon_sql(d,
                   "UPDATE customer SET owner = %" PRId64
                   ", project_manager = NULL, optimizer = NULL, "
                   "viewers = '{}' WHERE id = %" PRId64 " RETURNING id",
                   owner, id);
    free(none);
    return id;
}

static void change(struct client *c, int64_t id, const char *values)
{
    cJSON *now = client_result(c, "customer.get", "{\"id\":%" PRId64 "}", id);
    int64_t version = json_int(json_get(now, "record"), "version", 0);
    cJSON_Delete(now);
    cJSON_Delete(client_result(c, "customer.update",
                               "{\"id\":%" PRId64 ",\"version\":%" PRId64
                               ",\"values\":%s}",
                               id, version, values));
}

static void follow(struct client *c, const char *params)
{
    cJSON *r = client_result(c, "events.subscribe", "%s", params);
    assert_non_null(json_str(r, "since", NULL));
    cJSON_Delete(r);
}

/* The next event is of this kind, about this record. */
static void hears(struct client *c, int64_t id, const char *kind)
{
    cJSON *n = client_notification(c, "event", SOON_MS);
    assert_non_null(n);
    const cJSON *params = json_get(n, "params");
    assert_int_equal(json_int(params, "id", 0), id);
    assert_string_equal(json_str(params, "kind", ""), kind);
    assert_int_equal(json_get(params, "version") == NULL,
                     strcmp(kind, "gone") == 0);
    cJSON_Delete(n);
}

/* proves: ACC-02 */
static void test_told_to_those_who_may_see(void **state)
{
    (void)state;
    int64_t a = customer_of(sales_id, 1), b = customer_of(other_id, 2);
    follow(director, "{\"entity\":\"customer\"}");
    follow(mine, "{\"entity\":\"customer\"}");
    follow(other, "{\"entity\":\"customer\"}");
    change(mine, a, "{\"special_conditions\":\"one\"}");
    hears(director, a, "updated");
    hears(mine, a, "updated");
    /* What comes first to the other one is his own: he did not hear of a. */
    change(other, b, "{\"special_conditions\":\"two\"}");
    hears(other, b, "updated");
    hears(director, b, "updated");
}

/* A row that leaves a scope is `gone` there and a change where it came. */
static void test_gone(void **state)
{
    (void)state;
    int64_t a = customer_of(sales_id, 3);
    char values[64];
    follow(mine, "{\"entity\":\"customer\"}");
    follow(other, "{\"entity\":\"customer\"}");
    snprintf(values, sizeof(values), "{\"owner\":%" PRId64 "}", other_id);
    change(director, a, values);
    hears(mine, a, "gone");
    hears(other, a, "updated");
}

static void test_only_what_was_asked_for(void **state)
{
    (void)state;
    int64_t a = customer_of(sales_id, 4), b = customer_of(sales_id, 5);
    char params[96];
    snprintf(params, sizeof(params),
             "{\"entity\":\"customer\",\"ids\":[%" PRId64 "]}", b);
    follow(mine, params);
    change(mine, a, "{\"special_conditions\":\"not this\"}");
    change(mine, b, "{\"special_conditions\":\"this\"}");
    hears(mine, b, "updated");
    cJSON_Delete(client_result(mine, "events.unsubscribe", "{}"));
}

/* proves: ACC-01 */
static void test_silence_after_signing_out(void **state)
{
    (void)state;
    int64_t a = customer_of(sales_id, 6);
    struct client *c = client_as(d, "sales");
    struct client *watcher = client_as(d, "sales_director");
    follow(c, "{\"entity\":\"customer\"}");
    follow(watcher, "{\"entity\":\"customer\"}");
    cJSON_Delete(client_result(c, "session.logout", "{}"));
    change(director, a, "{\"special_conditions\":\"unheard\"}");
    hears(watcher, a, "updated");
    assert_null(client_notification(c, "event", 100));
    client_close(&watcher);
    client_close(&c);
}

static void test_across_daemons(void **state)
{
    (void)state;
    int64_t a = customer_of(sales_id, 7);
    struct daemon *second = daemon_join(d, NULL);
    struct client *there = client_as(second, "sales");
    follow(there, "{\"entity\":\"customer\"}");
    change(mine, a, "{\"special_conditions\":\"from afar\"}");
    hears(there, a, "updated");
    client_close(&there);
    daemon_free(&second);
}

/* --- others --- */

static const char *kind_of(const cJSON *notification)
{
    return json_str(json_get(notification, "params"), "kind", "");
}

/* The next one says that others changed, and no more than that. */
static void hears_of_others(struct client *c)
{
    cJSON *n = client_notification(c, "event", SOON_MS);
    assert_non_null(n);
    assert_string_equal(kind_of(n), "others");
    assert_null(json_get(json_get(n, "params"), "id"));
    assert_null(json_get(json_get(n, "params"), "version"));
    cJSON_Delete(n);
}

/* proves: UX-10 */
static void test_others_are_told_as_one(void **state)
{
    (void)state;
    struct client *all = client_as(d, "sales_director");
    struct client *own = client_as(d, "sales");
    int64_t a = customer_of(sales_id, 8), b = customer_of(other_id, 9);
    int64_t theirs = customer_of(other_id, 10);
    char params[96];
    snprintf(params, sizeof(params),
             "{\"entity\":\"customer\",\"others\":true,\"ids\":[%" PRId64 "]}",
             b);
    follow(all, params);
    follow(own, "{\"entity\":\"customer\",\"others\":true,\"ids\":[]}");
    /* Whom it is no business of hears nothing: first comes his own. */
    change(other, theirs, "{\"special_conditions\":\"x\"}");
    hears_of_others(all);
    assert_null(client_notification(own, "event", 0));
    for (int i = 0; i < 30; i++)
        change(director, a,
               i % 2 ? "{\"special_conditions\":\"1\"}"
                     : "{\"special_conditions\":\"2\"}");
    hears_of_others(own);
    hears_of_others(all);
    /* Thirty changes, at most one a second. */
    change(director, b, "{\"special_conditions\":\"followed\"}");
    int others = 0;
    cJSON *n;
    while ((n = client_notification(all, "event", SOON_MS)) != NULL &&
           strcmp(kind_of(n), "others") == 0) {
        others++;
        cJSON_Delete(n);
    }
    assert_non_null(n);
    assert_int_equal(json_int(json_get(n, "params"), "id", 0), b);
    cJSON_Delete(n);
    assert_true(others < 15);
    client_close(&own);
    client_close(&all);
}

/* Only what is in the filter, and found by the search, of a list.
 * proves: UX-10 */
static void test_others_of_a_filter(void **state)
{
    (void)state;
    struct client *own = client_as(d, "sales");
    int64_t in = customer_of(sales_id, 11), out = customer_of(sales_id, 12);
    change(director, in, "{\"customer_name\":\"吉林市雪花贸易有限公司\"}");
    change(director, out, "{\"customer_name\":\"吉林市松花贸易有限公司\"}");
    static const char *const narrowed[] = {
        "\"filter\":{\"customer_name\":{\"contains\":\"雪花\"}}",
        "\"search\":\"xuehua\""};
    for (int i = 0; i < 2; i++) {
        char params[160];
        snprintf(params, sizeof(params),
                 "{\"entity\":\"customer\",\"others\":true,\"ids\":[],%s}",
                 narrowed[i]);
        follow(own, params);
        /* What was committed a moment before may still be told. */
        cJSON_Delete(client_notification(own, "event", 1500));
        change(director, out,
               i ? "{\"special_conditions\":\"a\"}"
                 : "{\"special_conditions\":\"b\"}");
        assert_null(client_notification(own, "event", 2500));
        change(director, in,
               i ? "{\"special_conditions\":\"a\"}"
                 : "{\"special_conditions\":\"b\"}");
        hears_of_others(own);
    }
    client_close(&own);
}

/* What happens to one record within a look is one change. */
static void test_one_look_one_change(void **state)
{
    (void)state;
    struct client *own = client_as(d, "sales");
    int64_t a = customer_of(sales_id, 13);
    follow(own, "{\"entity\":\"customer\"}");
    free(daemon_sql(d,
                    "INSERT INTO event (entity, record_id, version, kind,"
                    " keys_before, keys_after, viewers_before, viewers_after)"
                    " SELECT 'customer', id, v, 'updated',"
                    " ARRAY[owner, 0, 0, 0], ARRAY[owner, 0, 0, 0],"
                    " '{}', '{}' FROM customer, generate_series(101, 140) v"
                    " WHERE id = %" PRId64,
                    a));
    cJSON *n = client_notification(own, "event", SOON_MS);
    assert_non_null(n);
    assert_int_equal(json_int(json_get(n, "params"), "version", 0), 140);
    cJSON_Delete(n);
    assert_null(client_notification(own, "event", 1500));
    client_close(&own);
}

/* Who takes `others` is told of a burst as a whole: read anew.
 * proves: UX-10 */
static void test_burst(void **state)
{
    (void)state;
    struct client *all = client_as(d, "sales_director");
    struct buf params = BUF_INIT;
    buf_str(&params, "{\"entity\":\"customer\",\"others\":true,\"ids\":[");
    for (int i = 0; i < 1000; i++)
        buf_printf(&params, i ? ",%d" : "%d", 900000 + i);
    buf_str(&params, "]}");
    follow(all, buf_text(&params));
    buf_free(&params);
    free(daemon_sql(d,
                    "INSERT INTO event (entity, record_id, version, kind,"
                    " keys_before, keys_after, viewers_before, viewers_after)"
                    " SELECT 'customer', 900000 + i, 2, 'updated',"
                    " '{1,0,0,0}', '{1,0,0,0}', '{}', '{}'"
                    " FROM generate_series(0, 999) i"));
    int single = 0;
    cJSON *n;
    while ((n = client_notification(all, "event", SOON_MS)) != NULL &&
           strcmp(kind_of(n), "updated") == 0) {
        single++;
        cJSON_Delete(n);
    }
    assert_non_null(n);
    assert_string_equal(kind_of(n), "resync");
    cJSON_Delete(n);
    assert_in_range(single, 1, 400);
    assert_null(client_notification(all, "event", 1500));
    client_close(&all);
}

static void test_refusals(void **state)
{
    (void)state;
    client_refused(mine, ERR_invalid_params, "events.subscribe",
                   "{\"entity\":\"customer\",\"search\":\"x\"}");
    client_refused(mine, ERR_invalid_params, "events.subscribe",
                   "{\"entity\":\"customer\",\"others\":true,"
                   "\"filter\":{\"nothing\":{\"eq\":1}}}");
    client_refused(mine, ERR_invalid_params, "events.subscribe",
                   "{\"entity\":\"customer\",\"others\":1}");
    client_refused(mine, ERR_invalid_params, "events.subscribe",
                   "{\"entity\":\"nothing\"}");
    client_refused(mine, ERR_invalid_params, "events.subscribe",
                   "{\"entity\":\"session\"}");
    client_refused(mine, ERR_invalid_params, "events.subscribe",
                   "{\"entity\":\"saved_filter\"}");
    client_refused(mine, ERR_forbidden, "events.subscribe",
                   "{\"entity\":\"audit\"}");
    client_refused(mine, ERR_invalid_params, "events.subscribe",
                   "{\"entity\":\"customer\",\"ids\":[\"one\"]}");
    struct client *nobody = client_open(d);
    client_refused(nobody, ERR_unauthenticated, "events.subscribe",
                   "{\"entity\":\"customer\"}");
    client_close(&nobody);
    cJSON *again =
        client_result(mine, "events.subscribe",
                      "{\"entity\":\"customer\",\"since\":\"1:1:\"}");
    assert_true(json_bool(again, "resync", false));
    cJSON_Delete(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_told_to_those_who_may_see),
        cmocka_unit_test(test_gone),
        cmocka_unit_test(test_only_what_was_asked_for),
        cmocka_unit_test(test_silence_after_signing_out),
        cmocka_unit_test(test_across_daemons),
        cmocka_unit_test(test_others_are_told_as_one),
        cmocka_unit_test(test_others_of_a_filter),
        cmocka_unit_test(test_one_look_one_change),
        cmocka_unit_test(test_burst),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
