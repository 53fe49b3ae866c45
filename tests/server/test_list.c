/* Pages of lists against the whole list sorted at once: every sortable field,
 * both directions, every plan, forwards and backwards. */
#include "tests/support/client.h"
#include "tests/support/daemon.h"
#include "tests/support/database.h"

#include "common/json.h"
#include "common/mem.h"
#include "schema/type.h"
#include "server/db/query.h"
#include "server/domain/directory.h"
#include "server/domain/scope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CUSTOMERS 320
#define ROWS_MAX  1500 /* contacts are more */
#define LIMIT     23

static struct daemon *daemon_;
static struct db_conn *conn;
static struct directory *names;

struct ids {
    int n;
    int64_t at[ROWS_MAX];
};

/* --- the oracle: the whole list by one ORDER BY --- */

/* What a field sorts by, said in SQL without the daemon's twins and steps. */
static char *order_of(struct arena *a, const struct field *f)
{
    if (f->ref)
        return arena_printf(
            a,
            "(SELECT count(*) FROM %s x JOIN %s y ON y.id = t.%s WHERE"
            " (x.%s_pinyin, x.id) <= (y.%s_pinyin, y.id))",
            entity_find(f->ref)->table, entity_find(f->ref)->table, f->id,
            entity_find(f->ref)->title, entity_find(f->ref)->title);
    if (f->options)
        return arena_printf(
            a,
            "(SELECT count(*) FROM option_item x JOIN option_item y ON"
            " y.list = '%s' AND y.code = t.%s%s WHERE x.list = '%s' AND"
            " (x.position, x.code) <= (y.position, y.code))",
            f->options, f->id, f->type->list ? "[1]" : "", f->options);
    if (f->flags & F_PINYIN)
        return arena_printf(a, "t.%s_pinyin", f->id);
    bool number = strcmp(f->type->sql, "bigint") == 0;
    return arena_printf(a, "coalesce(t.%s, '%s')", f->id,
                        number ? "-9223372036854775808" : "-infinity");
}

static void oracle(const struct question *asked, const char *where,
                   struct ids *out)
{
    const struct sort_key *sort = asked->sort;
    int n = asked->nsort;
    struct arena *a = arena_new();
    struct sql s;
    sql_init(&s, a);
    sql_addf(&s, "SELECT id FROM %s t WHERE %s AND %s ORDER BY ",
             asked->entity->table,
             asked->entity->flags & E_TRASH ? "deleted_at IS NULL" : "true",
             where);
    for (int i = 0; i < n; i++)
        sql_addf(&s, "%s %s, ", order_of(a, sort[i].field),
                 sort[i].desc ? "DESC" : "ASC");
    sql_addf(&s, "id %s", n && sort[n - 1].desc ? "DESC" : "ASC");
    struct db_query q = sql_query(&s, false);
    struct err e = {0};
    PGresult *res = db_exec(conn, &q, &e);
    if (!res)
        fail_msg("%s: %s", e.message, q.sql);
    out->n = PQntuples(res);
    for (int i = 0; i < out->n; i++)
        out->at[i] = db_int(res, i, 0);
    PQclear(res);
    sql_free(&s);
    arena_free(&a);
}

/* --- the pages --- */

/* One page; ids in display order are put at out[*n]. True where there is
 * more; the cursors of its first and its last row are told. */
static bool read_page(const struct question *q, const struct page *p,
                      enum query_mode mode, struct ids *out,
                      struct cursor *first, struct cursor *last)
{
    struct sql s;
    struct query_layout layout;
    struct err e = {0};
    sql_init(&s, q->arena);
    query_page(&s, q, p, mode, &layout);
    struct db_query query = sql_query(&s, false);
    PGresult *res = db_exec(conn, &query, &e);
    if (!res)
        fail_msg("%s: %s", e.message, query.sql);
    int n = PQntuples(res);
    int shown = n < p->limit ? n : p->limit;
    bool back = query_is_backwards(p);
    out->n = shown;
    for (int i = 0; i < shown; i++)
        out->at[back ? shown - 1 - i : i] = db_int(res, i, 0);
    for (int k = 0; k < 2 && shown; k++) {
        int row = (k == 0) == back ? shown - 1 : 0;
        struct cursor *c = k == 0 ? first : last;
        c->n = q->nsort;
        c->id = db_int(res, row, 0);
        for (int i = 0; i < q->nsort; i++)
            c->keys[i] =
                arena_strdup(q->arena, db_text(res, row, layout.key[i]));
    }
    PQclear(res);
    sql_free(&s);
    return n > shown;
}

static void walk(const struct question *q, enum query_mode mode, bool back,
                 struct ids *out)
{
    struct page p = {.kind = back ? PAGE_end : PAGE_start, .limit = LIMIT};
    struct ids page;
    bool more = true;
    out->n = 0;
    while (more) {
        struct cursor first, last;
        more = read_page(q, &p, mode, &page, &first, &last);
        assert_true(out->n + page.n <= ROWS_MAX);
        if (back)
            memmove(out->at + page.n, out->at,
                    (size_t)out->n * sizeof *out->at);
        memcpy(out->at + (back ? 0 : out->n), page.at,
               (size_t)page.n * sizeof *out->at);
        out->n += page.n;
        p.kind = back ? PAGE_before : PAGE_after;
        p.cursor = back ? first : last;
    }
}

static void same(const struct ids *a, const struct ids *b, const char *what,
                 enum query_mode mode, bool back)
{
    if (a->n != b->n)
        fail_msg("%s mode %d back %d: %d rows, not %d", what, (int)mode, back,
                 b->n, a->n);
    for (int i = 0; i < a->n; i++)
        if (a->at[i] != b->at[i])
            fail_msg("%s mode %d back %d: row %d is %lld, not %lld", what,
                     (int)mode, back, i, (long long)b->at[i],
                     (long long)a->at[i]);
}

/* Every plan, both directions. */
static void check_sorted(struct question *q, const char *where,
                         const char *what)
{
    struct ids whole, paged;
    oracle(q, where, &whole);
    for (int mode = QUERY_walk; mode <= QUERY_fetch; mode++)
        for (int back = 0; back < 2; back++) {
            walk(q, (enum query_mode)mode, back, &paged);
            same(&whole, &paged, what, (enum query_mode)mode, back);
        }
}

static struct question question_of(struct arena *a, const char *user)
{
    int64_t id = daemon_sql_int(
        daemon_, "SELECT id FROM app_user WHERE name = '%s'", user);
    struct question q = {
        .arena = a, .entity = &entity_customer, .names = names};
    q.rights = directory_rights(names, id);
    assert_non_null(q.rights);
    q.scopes = scope_of(q.rights, "customer.view");
    return q;
}

/* proves: LIST-15, LIST-18 */
static void test_every_field(void **state)
{
    (void)state;
    for (int i = 0; i < CUSTOMER_FIELDS; i++) {
        const struct field *f = &entity_customer.fields[i];
        for (int desc = 0; desc < 2 && f->flags & F_SORT; desc++) {
            struct arena *a = arena_new();
            struct question q = question_of(a, "sales_director");
            q.sort[0] = (struct sort_key){f, desc};
            q.nsort = 1;
            check_sorted(&q, "true", f->id);
            arena_free(&a);
        }
    }
}

/* proves: LIST-15 */
static void test_several_keys(void **state)
{
    (void)state;
    static const char *const orders[] = {
        "grade,customer_name",
        "-grade,customer_name",
        "regions,-service_team,updated_at",
        "owner,-updated_at",
        "-service_team,grade",
        "cooperation_start_date,-customer_name",
        "-cooperation_end_date,lifecycle,-sales_person",
        "industry,-cooperation_type,status",
    };
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct arena *a = arena_new();
        struct question q = question_of(a, "sales_director");
        struct err e = {0};
        assert_true(
            sort_from_text(&entity_customer, orders[i], q.sort, &q.nsort, &e));
        check_sorted(&q, "true", orders[i]);
        arena_free(&a);
    }
}

/* proves: LIST-05 */
static void test_filtered(void **state)
{
    (void)state;
    static const struct {
        const char *filter, *where, *order;
    } cases[] = {
        {"{\"grade\":{\"in\":[\"A\",\"B\"]}}", "grade IN ('A','B')",
         "grade,customer_name"},
        {"{\"grade\":{\"eq\":\"A\"}}", "grade = 'A'", "grade,-updated_at"},
        {"{\"grade\":{\"ne\":\"A\"}}", "grade <> 'A'", "-customer_name"},
        {"{\"grade\":{\"not_in\":[\"A\",\"C\"]}}", "grade IN ('B','')",
         "customer_name"},
        {"{\"regions\":{\"any\":[\"广东\",\"浙江\"]}}",
         "regions && '{广东,浙江}'", "regions"},
        {"{\"cooperation_start_date\":{\"between\":[\"2023-01-01\",null]}}",
         "cooperation_start_date >= '2023-01-01'", "cooperation_start_date"},
        {"{\"cooperation_start_date\":{\"le\":\"2023-01-01\"}}",
         "cooperation_start_date <= '2023-01-01'",
         "-cooperation_start_date,grade"},
        {"{\"service_team\":{\"is_null\":true}}", "service_team IS NULL",
         "service_team,customer_name"},
        {"{\"service_team\":{\"is_null\":false}}", "service_team IS NOT NULL",
         "-service_team,customer_name"},
        {"{\"or\":[{\"grade\":{\"eq\":\"C\"}},{\"lifecycle\":{\"in\":"
         "[\"potential\",\"churned\"]}}]}",
         "(grade = 'C' OR lifecycle IN ('potential','churned'))",
         "lifecycle,-updated_at"},
        {"{\"customer_name\":{\"contains\":\"科技\"},\"has_brand_team\":"
         "{\"eq\":true}}",
         "customer_name LIKE '%科技%' AND has_brand_team", "updated_at"},
        {"{\"contact_person\":{\"contains\":\"李\"}}",
         "contact_person LIKE '%李%'", "-grade,customer_name"},
        {"{\"main_products\":{\"contains\":\"机\"}}",
         "main_products LIKE '%机%'", "customer_name"},
        {"{\"last_year_sales\":{\"ge\":\"5000000\"}}",
         "last_year_sales >= 5000000", "-customer_name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new();
        struct question q = question_of(a, "sales_director");
        struct filter *filter = NULL;
        struct err e = {0};
        cJSON *json = cJSON_Parse(cases[i].filter);
        if (!filter_from_json(&entity_customer, a, json, &filter, &e))
            fail_msg("%s: %s", cases[i].filter, e.message);
        q.filter = filter;
        assert_true(sort_from_text(&entity_customer, cases[i].order, q.sort,
                                   &q.nsort, &e));
        check_sorted(&q, cases[i].where, cases[i].filter);
        cJSON_Delete(json);
        arena_free(&a);
    }
}

/* By one key, the ways into a scope can be walked one by one. */
static void check_branches(struct question *q, const char *where,
                           const char *what)
{
    static const char *const orders[] = {"updated_at", "-updated_at",
                                         "customer_name",
                                         "-cooperation_start_date"};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct ids whole, paged;
        struct err e = {0};
        assert_true(sort_from_text(&entity_customer, orders[i], q->sort,
                                   &q->nsort, &e));
        oracle(q, where, &whole);
        for (int back = 0; back < 2; back++) {
            walk(q, QUERY_branches, back, &paged);
            same(&whole, &paged, what, QUERY_branches, back);
        }
    }
}

/* The pages of those who see a part are that part, in order. */
static void test_scoped(void **state)
{
    (void)state;
    static const char *const who[] = {"sales", "sales_manager",
                                      "project_manager", "optimizer"};
    for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
        struct arena *a = arena_new();
        struct question q = question_of(a, who[i]);
        struct err e = {0};
        struct sql s;
        sql_init(&s, a);
        scope_where(&s, &entity_customer, "", q.rights, q.scopes);
        /* Parameters are numbers and lists of numbers here. */
        char *where = arena_strdup(a, buf_text(&s.text));
        for (int k = s.n; k > 0; k--) {
            char sign[16];
            snprintf(sign, sizeof sign, "$%d", k);
            for (char *at; (at = strstr(where, sign)) != NULL;) {
                *at = '\0';
                where = arena_printf(a, "%s'%s'%s", where, s.values[k - 1],
                                     at + strlen(sign));
            }
        }
        sql_free(&s);
        assert_true(sort_from_text(&entity_customer,
                                   "grade,-cooperation_start_date", q.sort,
                                   &q.nsort, &e));
        check_sorted(&q, where, who[i]);
        check_branches(&q, where, who[i]);
        arena_free(&a);
    }
}

/* Children across customers, in their own order; those of the trash are in
 * nobody's list. proves: DET-04 */
static void test_children(void **state)
{
    (void)state;
    static const struct {
        const char *user, *where;
    } cases[] = {
        {"sales_director", "true"},
        {"sales", "c.owner = u.id OR c.project_manager = u.id OR"
                  " c.optimizer = u.id"},
    };
    static const char *const orders[] = {"name", "-rank,name", "updated_at"};
    free(daemon_sql(daemon_, "UPDATE customer SET deleted_at = now() WHERE"
                             " id %% 10 = 3 RETURNING id"));
    for (size_t i = 0; i < 6; i++) {
        struct arena *a = arena_new();
        struct question q = question_of(a, cases[i % 2].user);
        struct err e = {0};
        q.entity = &entity_contact;
        assert_true(sort_from_text(&entity_contact, orders[i / 2], q.sort,
                                   &q.nsort, &e));
        check_sorted(&q,
                     arena_printf(a,
                                  "EXISTS (SELECT 1 FROM customer c, app_user"
                                  " u WHERE c.id = t.customer_id AND"
                                  " c.deleted_at IS NULL AND u.name = '%s'"
                                  " AND (%s))",
                                  cases[i % 2].user, cases[i % 2].where),
                     orders[i / 2]);
        arena_free(&a);
    }
    free(daemon_sql(daemon_, "UPDATE customer SET deleted_at = NULL"
                             " RETURNING id"));
}

/* --- over the wire --- */

static void read_ids(const cJSON *result, struct ids *out)
{
    const cJSON *row;
    out->n = 0;
    cJSON_ArrayForEach(row, json_get(result, "rows")) out->at[out->n++] =
        (int64_t)cJSON_GetArrayItem(row, 0)->valuedouble;
}

/* proves: LIST-18 */
static void test_offset_and_around(void **state)
{
    (void)state;
    struct client *c = client_as(daemon_, "sales_director");
    static const char *const orders[] = {"[[\"customer_name\",\"asc\"]]",
                                         "[[\"grade\",\"desc\"],"
                                         "[\"updated_at\",\"asc\"]]"};
    for (size_t i = 0; i < 2; i++) {
        struct ids whole, page;
        cJSON *all = client_result(c, "customer.list",
                                   "{\"columns\":[],\"limit\":500,\"sort\":%s}",
                                   orders[i]);
        read_ids(all, &whole);
        assert_int_equal(whole.n, CUSTOMERS);
        assert_true(cJSON_IsNull(json_get(all, "next")));
        assert_true(cJSON_IsNull(json_get(all, "prev")));
        cJSON_Delete(all);
        for (int at = 0; at < CUSTOMERS; at += 37) {
            cJSON *r = client_result(
                c, "customer.list",
                "{\"columns\":[],\"limit\":9,\"sort\":%s,\"offset\":%d}",
                orders[i], at);
            read_ids(r, &page);
            assert_memory_equal(page.at, whole.at + at,
                                (size_t)page.n * sizeof *page.at);
            cJSON_Delete(r);
            r = client_result(
                c, "customer.list",
                "{\"columns\":[],\"limit\":9,\"sort\":%s,\"around\":%lld}",
                orders[i], (long long)whole.at[at]);
            read_ids(r, &page);
            int from = at < 4 ? 0 : at - 4;
            assert_true(page.n >= 5);
            assert_memory_equal(page.at, whole.at + from,
                                (size_t)page.n * sizeof *page.at);
            cJSON_Delete(r);
        }
    }
    client_refused(c, ERR_not_found, "customer.list", "{\"around\":999999999}");
    client_close(&c);
}

/* A cursor is good for its own question only, and trusted in nothing. */
static void test_cursors(void **state)
{
    (void)state;
    struct client *c = client_as(daemon_, "sales_director");
    cJSON *r = client_result(
        c, "customer.list",
        "{\"limit\":5,\"sort\":[[\"grade\",\"asc\"]],\"columns\":[]}");
    const char *next = json_str(r, "next", "");
    assert_true(next[0] != '\0');
    cJSON *ok = client_result(c, "customer.list",
                              "{\"limit\":5,\"sort\":[[\"grade\",\"asc\"]],"
                              "\"columns\":[],\"after\":\"%s\"}",
                              next);
    cJSON_Delete(ok);
    static const char *const others[] = {
        "\"sort\":[[\"grade\",\"desc\"]]",
        "\"sort\":[[\"grade\",\"asc\"]],\"search\":\"a\"",
        "\"sort\":[[\"grade\",\"asc\"]],\"filter\":{\"grade\":"
        "{\"eq\":\"A\"}}",
        "\"sort\":[[\"grade\",\"asc\"],[\"updated_at\",\"asc\"]]",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        client_refused(c, ERR_invalid_params, "customer.list",
                       "{%s,\"after\":\"%s\"}", others[i], next);
    client_refused(c, ERR_invalid_params, "contact.list", "{\"after\":\"%s\"}",
                   next);
    static const char *const bad[] = {"x", "!!!!", "AAAA",
                                      "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        client_refused(c, ERR_invalid_params, "customer.list",
                       "{\"sort\":[[\"grade\",\"asc\"]],\"after\":\"%s\"}",
                       bad[i]);
    client_refused(c, ERR_invalid_params, "customer.list",
                   "{\"offset\":3,\"around\":3}");
    client_refused(c, ERR_invalid_params, "customer.list", "{\"limit\":0}");
    client_refused(c, ERR_invalid_params, "customer.list", "{\"limit\":501}");
    client_refused(c, ERR_invalid_params, "customer.list",
                   "{\"sort\":[[\"internal_notes\",\"asc\"]]}");
    client_refused(c, ERR_invalid_params, "customer.list",
                   "{\"columns\":[\"password_hash\"]}");
    client_refused(c, ERR_invalid_params, "customer.list",
                   "{\"columns\":[\"search_text\"]}");
    client_refused(c, ERR_invalid_params, "user.list",
                   "{\"columns\":[\"password_hash\"]}");
    cJSON_Delete(r);
    client_close(&c);
}

/* proves: LIST-07 */
static void test_counts(void **state)
{
    (void)state;
    struct client *c = client_as(daemon_, "sales_director");
    cJSON *r = client_result(c, "customer.count",
                             "{\"split\":[\"grade\",\"lifecycle\"]}");
    assert_int_equal(json_int(r, "total", -1), CUSTOMERS);
    const cJSON *part;
    int64_t sum = 0;
    cJSON_ArrayForEach(part, json_get(json_get(r, "split"), "grade"))
    {
        const char *code = cJSON_GetStringValue(cJSON_GetArrayItem(part, 0));
        int64_t n = (int64_t)cJSON_GetArrayItem(part, 1)->valuedouble;
        assert_int_equal(n, daemon_sql_int(daemon_,
                                           "SELECT count(*) FROM customer"
                                           " WHERE grade = '%s'",
                                           code ? code : ""));
        sum += n;
    }
    assert_int_equal(sum, CUSTOMERS);
    cJSON_Delete(r);
    r = client_result(c, "customer.list",
                      "{\"limit\":1,\"count\":\"exact\",\"filter\":"
                      "{\"grade\":{\"eq\":\"A\"}}}");
    assert_int_equal(json_int(r, "total", -1),
                     daemon_sql_int(daemon_, "SELECT count(*) FROM customer"
                                             " WHERE grade = 'A'"));
    cJSON_Delete(r);
    client_refused(c, ERR_invalid_params, "customer.count",
                   "{\"split\":[\"customer_name\"]}");
    client_close(&c);
}

static int setup(void **state)
{
    (void)state;
    struct err e = {0};
    daemon_ = daemon_start(&(struct daemon_options){.customers = CUSTOMERS});
    conn = db_conn_open(daemon_->conninfo, &e);
    names = conn ? directory_load(conn, &e) : NULL;
    return names ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    directory_unref(&names);
    db_conn_close(&conn);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_field),
        cmocka_unit_test(test_several_keys),
        cmocka_unit_test(test_filtered),
        cmocka_unit_test(test_scoped),
        cmocka_unit_test(test_children),
        cmocka_unit_test(test_offset_and_around),
        cmocka_unit_test(test_cursors),
        cmocka_unit_test(test_counts),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
