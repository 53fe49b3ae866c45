/* Quick search against LIKE on what people see: every plan, every kind of
 * needle (LIST-03). */
#include "common/json.h"
#include "common/mem.h"
#include "schema/search.h"
#include "server/db/query.h"
#include "server/domain/directory.h"
#include "server/domain/scope.h"
#include "tests/support/daemon.h"
#include "tests/support/record.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CUSTOMERS 400

static struct daemon *daemon_;
static struct client *director;

/* Ids as "1,2,3", in order; the caller frees it. */
static char *found_by_wire(struct client *c, const char *needle)
{
    struct buf out = BUF_INIT;
    cJSON *r = client_result(c, "customer.list",
                             "{\"columns\":[],\"limit\":500,\"search\":"
                             "\"%s\",\"sort\":[]}",
                             needle);
    const cJSON *row;
    cJSON_ArrayForEach(row, json_get(r, "rows"))
        buf_printf(&out, "%s%.0f", out.len ? "," : "",
                   cJSON_GetArrayItem(row, 0)->valuedouble);
    cJSON_Delete(r);
    return out.data ? out.data : x_strdup("");
}

static void expect(struct client *c, const char *needle, const char *where)
{
    char *found = found_by_wire(c, needle);
    char *wanted = daemon_sql(
        daemon_,
        "SELECT coalesce(string_agg(c.id::text, ',' ORDER BY c.id), '')"
        " FROM customer c JOIN app_user u ON u.id = c.sales_person WHERE"
        " c.deleted_at IS NULL AND (%s)",
        where);
    if (strcmp(found, wanted) != 0)
        fail_msg("%s: %s, not %s", needle, found, wanted);
    free(found);
    free(wanted);
}

/* Text as it stands. proves: LIST-03 */
static void test_text(void **state)
{
    (void)state;
    static const char *const needles[] = {
        "科",   "科技", "有限公司", "深圳",         "市",           "王",
        "李娜", "电子", "（",       "股份有限公司", "不存在的名字", "集团"};
    for (size_t i = 0; i < sizeof needles / sizeof *needles; i++) {
        struct arena *a = arena_new();
        expect(
            director, needles[i],
            arena_printf(a,
                         "c.customer_name LIKE '%%%s%%' OR u.display_name LIKE"
                         " '%%%s%%' OR EXISTS (SELECT 1 FROM contact k WHERE"
                         " k.customer_id = c.id AND k.name LIKE '%%%s%%')",
                         needles[i], needles[i], needles[i]));
        arena_free(&a);
    }
}

/* proves: LIST-03 */
static void test_phones(void **state)
{
    (void)state;
    static const char *const needles[] = {"138",  "1380",   "139001",
                                          "0755", "888888", "13812345678"};
    for (size_t i = 0; i < sizeof needles / sizeof *needles; i++) {
        struct arena *a = arena_new();
        const char *n = needles[i];
        expect(director, n,
               arena_printf(
                   a,
                   "c.customer_name LIKE '%%%s%%' OR EXISTS (SELECT 1 FROM"
                   " contact k WHERE k.customer_id = c.id AND"
                   " regexp_replace(k.phone, '[^0-9]', '', 'g') LIKE"
                   " '%%%s%%')",
                   n, n));
        arena_free(&a);
    }
}

/* Pinyin, whole and by initials. proves: LIST-03 */
static void test_pinyin(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "深圳艾维拼音测试公司", "");
    static const char *const needles[] = {
        "szaw",          "SZAW",   "aw",   "aiwei",    "shenzhen",
        "shenzhenaiwei", "pinyin", "awpy", "ｓｚａｗ", "wang xiao"};
    for (size_t i = 0; i < sizeof needles / sizeof *needles; i++) {
        cJSON *r = client_result(director, "customer.count",
                                 "{\"search\":\"%s\",\"filter\":{\"id\":"
                                 "{\"eq\":%" PRId64 "}}}",
                                 needles[i], id);
        if (json_int(r, "total", 0) != 1)
            fail_msg("%s does not find it", needles[i]);
        cJSON_Delete(r);
    }
    static const char *const not [] = {"szwa", "iwei9", "awsz"};
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++) {
        cJSON *r = client_result(director, "customer.count",
                                 "{\"search\":\"%s\",\"filter\":{\"id\":"
                                 "{\"eq\":%" PRId64 "}}}",
                                 not [i], id);
        assert_int_equal(json_int(r, "total", 1), 0);
        cJSON_Delete(r);
    }
}

/* What people type is text, never a pattern. */
static void test_no_patterns(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "百分50%_号公司", "");
    static const struct {
        const char *needle;
        int hits;
    } cases[] = {{"50%_", 1}, {"%", 1},     {"_", 1},
                 {"5__", 0},  {"50%公", 0}, {"\\\\", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cJSON *r = client_result(director, "customer.count",
                                 "{\"search\":\"%s\",\"filter\":{\"id\":"
                                 "{\"eq\":%" PRId64 "}}}",
                                 cases[i].needle, id);
        if (json_int(r, "total", -1) != cases[i].hits)
            fail_msg("%s", cases[i].needle);
        cJSON_Delete(r);
    }
}

/* Whoever sees phones masked can not find by them, nor count. */
static void test_masked_phones(void **state)
{
    (void)state;
    static const char *const who[] = {"project_director", "finance"};
    char *phone = daemon_sql(daemon_, "SELECT phone FROM contact WHERE"
                                      " phone LIKE '1%%' LIMIT 1");
    for (size_t i = 0; i < 2; i++) {
        struct client *c = client_as(daemon_, who[i]);
        cJSON *r =
            client_result(c, "customer.list", "{\"search\":\"%s\"}", phone);
        assert_int_equal(cJSON_GetArraySize(json_get(r, "rows")), 0);
        cJSON_Delete(r);
        r = client_result(c, "customer.count", "{\"search\":\"%s\"}", phone);
        assert_int_equal(json_int(r, "total", -1), 0);
        cJSON_Delete(r);
        r = client_result(c, "contact.list", "{\"search\":\"%s\"}", phone);
        assert_int_equal(cJSON_GetArraySize(json_get(r, "rows")), 0);
        cJSON_Delete(r);
        client_close(&c);
    }
    cJSON *r =
        client_result(director, "customer.count", "{\"search\":\"%s\"}", phone);
    assert_true(json_int(r, "total", 0) >= 1);
    cJSON_Delete(r);
    free(phone);
}

/* --- every plan finds the same --- */

static char *found_by_plan(struct db_conn *conn, const struct directory *names,
                           const char *text, enum query_mode mode)
{
    struct arena *a = arena_new();
    struct search_needle needle;
    struct err e = {0};
    struct query_layout layout;
    struct sql s;
    struct buf out = BUF_INIT;
    int64_t people[50];
    struct question q = {.arena = a,
                         .entity = &entity_customer,
                         .names = names,
                         .needle = &needle,
                         .people_field = "sales_person",
                         .people = people};
    q.rights = directory_rights(names, record_user(daemon_, "sales_director"));
    q.scopes = scope_of(q.rights, "customer.view");
    q.npeople = directory_users_like(names, text, people, 50);
    assert_true(search_needle(a, text, &needle));
    assert_true(sort_from_text(&entity_customer, "-customer_name", q.sort,
                               &q.nsort, &e));
    sql_init(&s, a);
    query_page(&s, &q, &(struct page){.kind = PAGE_start, .limit = 500}, mode,
               &layout);
    struct db_query query = sql_query(&s, false);
    PGresult *res = db_exec(conn, &query, &e);
    if (!res)
        fail_msg("%s", e.message);
    for (int i = 0; i < PQntuples(res); i++)
        buf_printf(&out, "%s,", PQgetvalue(res, i, 0));
    PQclear(res);
    sql_free(&s);
    arena_free(&a);
    return out.data ? out.data : x_strdup("");
}

static void test_plans(void **state)
{
    (void)state;
    static const char *const needles[] = {"科技", "州", "gs", "g",
                                          "138",  "王", "zz"};
    struct err e = {0};
    struct db_conn *conn = db_conn_open(daemon_->conninfo, &e);
    struct directory *names = directory_load(conn, &e);
    for (size_t i = 0; i < sizeof needles / sizeof *needles; i++) {
        char *fetch = found_by_plan(conn, names, needles[i], QUERY_fetch);
        char *bounded = found_by_plan(conn, names, needles[i], QUERY_bounded);
        char *walk = found_by_plan(conn, names, needles[i], QUERY_walk);
        assert_string_equal(fetch, bounded);
        assert_string_equal(fetch, walk);
        free(fetch);
        free(bounded);
        free(walk);
    }
    directory_unref(&names);
    db_conn_close(&conn);
}

static int setup(void **state)
{
    (void)state;
    daemon_ = daemon_start(&(struct daemon_options){.customers = CUSTOMERS});
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
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_phones),
        cmocka_unit_test(test_pinyin),
        cmocka_unit_test(test_no_patterns),
        cmocka_unit_test(test_masked_phones),
        cmocka_unit_test(test_plans),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
