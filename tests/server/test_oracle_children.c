/* What belongs to customers against the rights oracle: every person, every
 * row, by list, count, search, record and change. What is private is its
 * author's.
 * proves: ACC-02, DET-06, DET-07, DET-08, DET-12 */
#include "common/json.h"
#include "common/mem.h"
#include "tests/support/check.h"
#include "tests/support/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 4000

static const struct kind {
    const char *entity;
    const char *change; /* action, NULL: nobody's */
    const char *author; /* of what is private, in SQL */
} kinds[] = {
    {"competitor", "customer.edit", "0"},
    {"attention", "customer.edit",
     "CASE WHEN is_private THEN created_by ELSE 0 END"},
    {"qa", "qa.write", "0"},
    {"follow_up", "customer.edit", "0"},
    {"life_log", NULL, "0"},
};
#define KINDS (sizeof kinds / sizeof *kinds)

struct row {
    int64_t id, version, only;
    int customer; /* number in sweep_db */
};
static struct row rows[KINDS][ROWS_MAX];
static int nrows[KINDS];

/* A third of the items of attention are private, of whoever owns the
 * customer. */
static void scatter(void)
{
    free(daemon_sql(sweep_daemon,
                    "UPDATE attention a SET is_private = a.id %% 3 = 0,"
                    " created_by = coalesce(c.owner, c.sales_person) FROM"
                    " customer c WHERE c.id = a.customer_id"));
}

static void load(size_t k)
{
    char *text = daemon_sql(
        sweep_daemon,
        "SELECT jsonb_agg(jsonb_build_array(id, customer_id, %s, %s) ORDER BY"
        " id) FROM %s",
        kinds[k].author, kinds[k].change ? "version" : "0", kinds[k].entity);
    cJSON *all = cJSON_Parse(text);
    const cJSON *one;
    free(text);
    cJSON_ArrayForEach(one, all)
    {
        struct row *r = &rows[k][nrows[k]++];
        assert_true(nrows[k] < ROWS_MAX);
        r->id = (int64_t)cJSON_GetArrayItem(one, 0)->valuedouble;
        r->customer =
            sweep_index((int64_t)cJSON_GetArrayItem(one, 1)->valuedouble);
        r->only = (int64_t)cJSON_GetArrayItem(one, 2)->valuedouble;
        r->version = (int64_t)cJSON_GetArrayItem(one, 3)->valuedouble;
    }
    cJSON_Delete(all);
    assert_true(nrows[k] > 100);
}

static void test_there_are_enough(void **state)
{
    (void)state;
    scatter();
    for (size_t k = 0; k < KINDS; k++)
        load(k);
}

static bool sees(const struct view *v, const struct row *r)
{
    return view_has(v, r->customer) &&
           (r->only == 0 || r->only == v->who->user->id);
}

static int find(size_t k, int64_t id)
{
    for (int i = 0; i < nrows[k]; i++)
        if (rows[k][i].id == id)
            return i;
    return -1;
}

static void method_of(char out[64], size_t k, const char *verb)
{
    snprintf(out, 64, "%s.%s", kinds[k].entity, verb);
}

/* All pages of a list; everything that came is marked. */
static void walk(const struct view *v, size_t k, const char *more,
                 bool came[ROWS_MAX])
{
    char method[64];
    char *after = x_strdup("");
    method_of(method, k, "list");
    memset(came, 0, ROWS_MAX * sizeof *came);
    while (after) {
        cJSON *page = client_result(v->client, method, "{\"limit\":200%s%s}",
                                    after, more);
        const cJSON *row;
        cJSON_ArrayForEach(row, json_get(page, "rows"))
        {
            int at = find(k, (int64_t)row->child->valuedouble);
            if (at < 0 || came[at])
                view_differs(v, 0, "a row comes twice, or from nowhere", row);
            came[at] = true;
        }
        const char *next = json_str(page, "next", NULL);
        x_free(&after);
        if (next)
            after = x_asprintf(",\"after\":\"%s\"", next);
        cJSON_Delete(page);
    }
}

static void look_at_lists(const struct view *v)
{
    static bool came[ROWS_MAX];
    char method[64];
    for (size_t k = 0; k < KINDS; k++) {
        int64_t expected = 0;
        method_of(method, k, "list");
        if (!v->who->user->roles) {
            client_refused(v->client, ERR_forbidden, method, "{}");
            continue;
        }
        walk(v, k, "", came);
        for (int i = 0; i < nrows[k]; i++) {
            sweep_decisions++;
            expected += sees(v, &rows[k][i]);
            if (came[i] != sees(v, &rows[k][i]))
                check_fail("%s and %s %" PRId64, v->who->login, kinds[k].entity,
                           rows[k][i].id);
        }
        method_of(method, k, "count");
        cJSON *r = client_result(v->client, method, "{}");
        assert_int_equal(json_int(r, "total", -1), expected);
        cJSON_Delete(r);
    }
}

static void test_lists(void **state)
{
    (void)state;
    sweep_everybody(look_at_lists);
}

/* A row out of sight answers as one that does not exist. */
static void look_at_records(const struct view *v)
{
    char method[64];
    for (size_t k = 0; k < KINDS && v->who->user->roles; k++)
        for (int i = 0; i < nrows[k]; i += 5) {
            method_of(method, k, "get");
            cJSON *r = client_call(v->client, method, "{\"id\":%" PRId64 "}",
                                   rows[k][i].id);
            enum err_kind want =
                sees(v, &rows[k][i]) ? ERR_NONE : ERR_not_found;
            sweep_decisions++;
            if (client_kind(r) != want)
                view_differs(v, rows[k][i].customer, method, r);
            cJSON_Delete(r);
        }
}

static void test_records(void **state)
{
    (void)state;
    sweep_everybody(look_at_records);
}

/* A stale version is a conflict for who may change, forbidden for who only
 * sees, nothing for the others. */
static void look_at_changes(const struct view *v)
{
    static const char *const verbs[] = {"update", "delete"};
    static const char *const more[] = {",\"values\":{}", ""};
    char method[64];
    for (size_t k = 0; k < KINDS && v->who->user->roles; k++)
        for (int i = 0; kinds[k].change && i < nrows[k]; i += 7) {
            const struct row *r = &rows[k][i];
            int w = i / 7 % 2;
            bool may =
                oracle_may(&sweep_db.world, v->who->user, kinds[k].change,
                           &sweep_db.customers[r->customer].row);
            method_of(method, k, verbs[w]);
            cJSON *reply =
                client_call(v->client, method,
                            "{\"id\":%" PRId64 ",\"version\":%" PRId64 "%s}",
                            r->id, r->version + 1000, more[w]);
            enum err_kind want = !sees(v, r) ? ERR_not_found
                                 : may       ? ERR_conflict
                                             : ERR_forbidden;
            sweep_decisions++;
            if (client_kind(reply) != want)
                view_differs(v, r->customer, method, reply);
            cJSON_Delete(reply);
        }
}

static void test_changes(void **state)
{
    (void)state;
    sweep_everybody(look_at_changes);
    assert_true(sweep_decisions > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_are_enough),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_changes),
    };
    return cmocka_run_group_tests(tests, sweep_set_up, sweep_tear_down);
}
