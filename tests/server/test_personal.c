/* What belongs to a person: preferences and saved filters; who sees them, and
 * how many there may be. */
#include "common/json.h"
#include "common/mem.h"
#include "tests/support/check.h"
#include "tests/support/daemon.h"
#include "tests/support/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <inttypes.h>
#include <poll.h>

#define ROWS_MAX 200

static struct daemon *d;
static struct client *me, *other;

static int set_up(void **state)
{
    (void)state;
    d = daemon_start(&(struct daemon_options){.organisation = true});
    me = client_as(d, "sales");
    other = client_as(d, "sales_director");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_close(&me);
    client_close(&other);
    daemon_free(&d);
    return 0;
}

static int64_t create(struct client *c, const char *entity, const char *values)
{
    char *method = x_asprintf("%s.create", entity);
    cJSON *r = client_result(c, method, "{\"values\":%s}", values);
    int64_t id = json_int(json_get(r, "record"), "id", 0);
    cJSON_Delete(r);
    x_free(&method);
    return id;
}

static int rows_of(struct client *c, const char *method)
{
    cJSON *r = client_result(c, method, "{\"limit\":500}");
    int n = cJSON_GetArraySize(json_get(r, "rows"));
    cJSON_Delete(r);
    return n;
}

/* --- preferences --- */

/* proves: LIST-14 */
static void test_preference(void **state)
{
    (void)state;
    int64_t id = create(me, "preference",
                        "{\"key\":\"columns.customer\",\"value\":[[\"grade\","
                        "8]]}");
    cJSON *r = client_result(me, "preference.list",
                             "{\"columns\":[\"key\",\"value\"]}");
    const cJSON *row = json_get(r, "rows")->child;
    assert_string_equal(row->child->next->next->valuestring,
                        "columns.customer");
    assert_true(cJSON_IsArray(row->child->next->next->next));
    cJSON_Delete(r);
    r = client_result(me, "preference.update",
                      "{\"id\":%" PRId64 ",\"version\":1,\"values\":{"
                      "\"value\":{\"a\":1}}}",
                      id);
    assert_int_equal(json_int(json_get(r, "record"), "version", 0), 2);
    cJSON_Delete(r);
    client_refused(me, ERR_conflict, "preference.update",
                   "{\"id\":%" PRId64 ",\"version\":1,\"values\":{"
                   "\"value\":{\"a\":2}}}",
                   id);
    /* The key is taken, and for ever. */
    cJSON *e = client_error(me, ERR_invalid, "preference.create",
                            "{\"values\":{\"key\":\"columns.customer\","
                            "\"value\":{}}}");
    assert_true(record_has_fault(e, "key", "unique"));
    cJSON_Delete(e);
    client_refused(me, ERR_invalid, "preference.update",
                   "{\"id\":%" PRId64 ",\"version\":2,\"values\":{"
                   "\"key\":\"x\"}}",
                   id);
    client_refused(me, ERR_invalid, "preference.create",
                   "{\"values\":{\"key\":\"\",\"value\":{}}}");
    client_refused(me, ERR_invalid, "preference.create",
                   "{\"values\":{\"key\":\"nothing\"}}");
}

/* Nobody sees or touches another one's, whatever his rights. */
static void test_preference_of_others(void **state)
{
    (void)state;
    int64_t id =
        create(me, "preference", "{\"key\":\"mine\",\"value\":{\"a\":1}}");
    struct client *admin = client_as(d, "admin");
    struct client *const strangers[] = {other, admin};
    for (int i = 0; i < 2; i++) {
        struct client *c = strangers[i];
        assert_int_equal(rows_of(c, "preference.list"), 0);
        client_refused(c, ERR_not_found, "preference.get",
                       "{\"id\":%" PRId64 "}", id);
        client_refused(c, ERR_not_found, "preference.update",
                       "{\"id\":%" PRId64 ",\"version\":1,\"values\":{"
                       "\"value\":{}}}",
                       id);
        client_refused(c, ERR_not_found, "preference.delete",
                       "{\"id\":%" PRId64 ",\"version\":1}", id);
    }
    /* The same key is free for each. */
    int64_t theirs =
        create(admin, "preference", "{\"key\":\"mine\",\"value\":{}}");
    assert_int_not_equal(theirs, id);
    client_close(&admin);
}

/* No business data: not in the log, not among the events. */
static void test_preference_is_quiet(void **state)
{
    (void)state;
    int64_t id = create(me, "preference", "{\"key\":\"quiet\",\"value\":{}}");
    client_refused(me, ERR_invalid_params, "events.subscribe",
                   "{\"entity\":\"preference\"}");
    cJSON *r = client_result(me, "preference.delete",
                             "{\"id\":%" PRId64 ",\"version\":1}", id);
    cJSON_Delete(r);
    assert_int_equal(daemon_sql_int(d, "SELECT count(*) FROM audit WHERE"
                                       " entity = 'preference'"),
                     0);
    assert_int_equal(daemon_sql_int(d, "SELECT count(*) FROM event WHERE"
                                       " entity = 'preference'"),
                     0);
}

static void test_preference_limits(void **state)
{
    (void)state;
    char key[102];
    memset(key, 'k', sizeof key - 1);
    key[sizeof key - 1] = '\0';
    client_refused(me, ERR_invalid, "preference.create",
                   "{\"values\":{\"key\":\"%s\",\"value\":{}}}", key);
    char *big = x_calloc(1, 20100);
    memset(big, 'v', 20050);
    cJSON *e = client_error(me, ERR_invalid, "preference.create",
                            "{\"values\":{\"key\":\"big\",\"value\":"
                            "{\"a\":\"%s\"}}}",
                            big);
    assert_true(record_has_fault(e, "value", "length"));
    cJSON_Delete(e);
    x_free(&big);
    for (int i = rows_of(me, "preference.list"); i < ROWS_MAX; i++) {
        char values[64];
        snprintf(values, sizeof values, "{\"key\":\"n%d\",\"value\":{}}", i);
        create(me, "preference", values);
    }
    e = client_error(me, ERR_invalid, "preference.create",
                     "{\"values\":{\"key\":\"one more\",\"value\":{}}}");
    assert_true(record_has_fault(e, "key", "range"));
    cJSON_Delete(e);
    assert_int_equal(rows_of(me, "preference.list"), ROWS_MAX);
    /* That is one person's limit, and changing one is no new one. */
    create(other, "preference", "{\"key\":\"free\",\"value\":{}}");
}

/* --- saved filters --- */

static int64_t share(struct client *c, const char *name, const char *with)
{
    char values[200];
    snprintf(values, sizeof values,
             "{\"name\":\"%s\",\"entity\":\"customer\",\"shared\":\"%s\","
             "\"definition\":{}}",
             name, with);
    return create(c, "saved_filter", values);
}

static bool sees_now(struct client *c, int64_t id)
{
    cJSON *r = client_call(c, "saved_filter.get", "{\"id\":%" PRId64 "}", id);
    bool seen = client_kind(r) == ERR_NONE;
    assert_true(seen || client_kind(r) == ERR_not_found);
    cJSON_Delete(r);
    return seen;
}

/* Rights that changed beside the daemon arrive within a second or so. */
static void expect_sight(const char *login, int64_t id, bool wanted)
{
    struct client *c = client_as(d, login);
    bool seen = sees_now(c, id);
    for (int i = 0; i < 600 && seen != wanted; i++) {
        poll(NULL, 0, 50);
        seen = sees_now(c, id);
    }
    if (seen != wanted)
        check_fail("%s %s the filter", login, seen ? "sees" : "misses");
    client_close(&c);
}

static void move(const char *login, int64_t unit)
{
    char *none = daemon_sql(d,
                            "UPDATE app_user SET unit = nullif(%" PRId64
                            ", 0) WHERE name = '%s'",
                            unit, login);
    x_free(&none);
}

static int64_t unit(const char *kind, int64_t parent, const char *manager)
{
    return daemon_sql_int(d,
                          "INSERT INTO org_unit (name, kind, parent, manager)"
                          " VALUES ('%s', '%s', nullif(%" PRId64 ", 0),"
                          " (SELECT id FROM app_user WHERE name = '%s'))"
                          " RETURNING id",
                          kind, kind, parent, manager);
}

/* A team is the unit and the groups in it; its manager and those above him
 * share with it as well.
 * proves: LIST-06 */
static void test_shared_with_team(void **state)
{
    (void)state;
    int64_t department = unit("department", 0, "sales_director");
    int64_t team = unit("team", department, "sales_manager");
    int64_t group = unit("project_group", team, "");
    int64_t elsewhere = unit("team", department, "");
    move("sales", team);
    move("sales_manager", team);
    move("sales_director", department);
    move("optimizer", group);
    move("project_manager", elsewhere);
    move("finance", 0);
    int64_t mine = share(me, "团队的", "team");
    int64_t his = share(other, "总监的", "team");
    expect_sight("sales", mine, true);
    expect_sight("sales_manager", mine, true);
    expect_sight("optimizer", mine, true);
    expect_sight("project_manager", mine, false);
    expect_sight("finance", mine, false);
    expect_sight("project_manager", his, true);
    expect_sight("optimizer", his, true);
    expect_sight("finance", his, false);
    expect_sight("finance", share(me, "大家的", "all"), true);
    expect_sight("sales_manager", share(me, "自己的", "none"), false);
    /* Who leaves the team does not see it any more. */
    move("optimizer", elsewhere);
    expect_sight("optimizer", mine, false);
}

/* Days by words stay words, so that they move with the calendar. */
static void test_words_stay(void **state)
{
    (void)state;
    int64_t id = create(me, "saved_filter",
                        "{\"name\":\"本月\",\"entity\":\"customer\","
                        "\"definition\":{\"filter\":{"
                        "\"cooperation_start_date\":{\"eq\":"
                        "\"this_month\"}}}}");
    char *kept = daemon_sql(
        d, "SELECT definition->'filter' FROM saved_filter WHERE id = %" PRId64,
        id);
    assert_non_null(strstr(kept, "this_month"));
    x_free(&kept);
}

static void test_saved_filter_limits(void **state)
{
    (void)state;
    cJSON *e = client_error(me, ERR_invalid, "saved_filter.create",
                            "{\"values\":{\"name\":\"团队的\",\"entity\":"
                            "\"customer\",\"definition\":{}}}");
    assert_true(record_has_fault(e, "name", "unique"));
    cJSON_Delete(e);
    e = client_error(me, ERR_invalid, "saved_filter.create",
                     "{\"values\":{\"name\":\"x\",\"entity\":\"customer\","
                     "\"position\":10001,\"definition\":{}}}");
    assert_true(record_has_fault(e, "position", "range"));
    cJSON_Delete(e);
    int n = (int)daemon_sql_int(d, "SELECT count(*) FROM saved_filter f JOIN"
                                   " app_user u ON u.id = f.user_id"
                                   " WHERE u.name = 'sales'");
    for (int i = n; i < ROWS_MAX; i++) {
        char name[32];
        snprintf(name, sizeof name, "筛选 %d", i);
        share(me, name, "none");
    }
    e = client_error(me, ERR_invalid, "saved_filter.create",
                     "{\"values\":{\"name\":\"one more\",\"entity\":"
                     "\"customer\",\"definition\":{}}}");
    assert_true(record_has_fault(e, "name", "range"));
    cJSON_Delete(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_preference),
        cmocka_unit_test(test_preference_of_others),
        cmocka_unit_test(test_preference_is_quiet),
        cmocka_unit_test(test_preference_limits),
        cmocka_unit_test(test_shared_with_team),
        cmocka_unit_test(test_words_stay),
        cmocka_unit_test(test_saved_filter_limits),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
