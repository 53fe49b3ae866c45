/* Reading through the running daemon against the rights oracle: every person,
 * every customer, every class of fields, every way to ask.
 * proves: ACC-02, ACC-03 */
#include "common/json.h"
#include "common/mem.h"
#include "schema/field.h"
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

static void check_record(const struct view *v, int i, const cJSON *reply)
{
    const cJSON *record = json_get(json_get(reply, "result"), "record");
    if (!record)
        view_differs(v, i, "customer.get", reply);
    for (int f = 0; f < entity_customer.nfields; f++) {
        const struct field *field = &entity_customer.fields[f];
        const cJSON *is = json_get(record, field->id);
        if (field->flags & (F_HIDDEN | F_SECRET)) {
            if (is)
                view_differs(v, i, "shows what is the daemon's own", is);
            continue;
        }
        view_check_value(v, i, "customer", field->id, is,
                         json_get(sweep_truth[i], field->id));
    }
}

static void test_get(void **state)
{
    (void)state;
    sweep_run(&(struct sweep){"customer.get", sweep_write_id, check_record});
}

/* What the director reads is what the database holds. */
static void test_truth(void **state)
{
    (void)state;
    for (int i = 0; i < sweep_db.ncustomers; i++) {
        const struct oracle_customer *c = &sweep_db.customers[i];
        assert_string_equal(json_str(sweep_truth[i], "customer_name", ""),
                            c->name);
        assert_string_equal(json_str(sweep_truth[i], "contact_phone", ""),
                            c->phone);
    }
}

/* --- lists --- */

/* Who has no role that shows customers is told so, however he asks. */
static bool sees_anything(const struct view *v)
{
    static const char *const asking[] = {"customer.list", "customer.count",
                                         "contact.list", "contact.count"};
    if (v->who->user->roles)
        return true;
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++)
        client_refused(v->client, ERR_forbidden, asking[i], "{}");
    return false;
}

static void check_cells(const struct view *v, int i, const cJSON *columns,
                        const cJSON *row)
{
    const cJSON *cell = row->child;
    const cJSON *column;
    cJSON_ArrayForEach(column, columns)
    {
        const char *id = column->valuestring;
        if (field_find(&entity_customer, id))
            view_check_value(v, i, "customer", id, cell,
                             json_get(sweep_truth[i], id));
        cell = cell ? cell->next : NULL;
    }
}

/* Walks all pages of a list; `in` gets who came. */
static void walk(const struct view *v, const char *more,
                 bool in[SWEEP_CUSTOMERS])
{
    char *after = x_strdup("");
    memset(in, 0, SWEEP_CUSTOMERS * sizeof *in);
    while (after) {
        cJSON *page = client_result(v->client, "customer.list",
                                    "{\"limit\":60%s%s}", after, more);
        const cJSON *columns = json_get(page, "columns"), *row;
        cJSON_ArrayForEach(row, json_get(page, "rows"))
        {
            int i = sweep_index((int64_t)row->child->valuedouble);
            if (i < 0 || !view_has(v, i) || in[i])
                check_fail("%s sees customer %.0f%s", v->who->login,
                           row->child->valuedouble, more);
            in[i] = true;
            check_cells(v, i, columns, row);
        }
        const char *next = json_str(page, "next", NULL);
        x_free(&after);
        if (next)
            after = x_asprintf(",\"after\":\"%s\"", next);
        cJSON_Delete(page);
    }
}

static void check_all_came(const struct view *v, const bool in[SWEEP_CUSTOMERS])
{
    for (int i = 0; i < sweep_db.ncustomers; i++) {
        sweep_decisions++;
        if (in[i] != view_has(v, i))
            check_fail("%s misses customer %" PRId64, v->who->login,
                       sweep_db.customers[i].id);
    }
}

/* Every column there is, in every order there is. */
static void look_at_lists(const struct view *v)
{
    struct buf columns = BUF_INIT;
    bool in[SWEEP_CUSTOMERS];
    bool reads = sees_anything(v);
    for (int f = 0; f < entity_customer.nfields; f++)
        if (entity_customer.fields[f].flags & F_LIST)
            buf_printf(&columns, "%s\"%s\"", columns.len ? "," : "",
                       entity_customer.fields[f].id);
    char *more = x_asprintf(",\"columns\":[%s]", buf_text(&columns));
    if (reads) {
        walk(v, more, in);
        check_all_came(v, in);
    }
    for (int f = 0; reads && f < entity_customer.nfields; f++) {
        const struct field *field = &entity_customer.fields[f];
        if (!(field->flags & F_SORT))
            continue;
        x_free(&more);
        more = x_asprintf(",\"columns\":[\"%s\"],\"sort\":[[\"%s\",\"%s\"]]",
                          field->id, field->id, f % 2 ? "asc" : "desc");
        walk(v, more, in);
        check_all_came(v, in);
    }
    x_free(&more);
    buf_free(&columns);
}

static void test_lists(void **state)
{
    (void)state;
    sweep_everybody(look_at_lists);
}

static int64_t total(const struct view *v, const char *method,
                     const char *params)
{
    cJSON *r = client_result(v->client, method, "%s", params);
    int64_t n = json_int(r, "total", -1);
    cJSON_Delete(r);
    return n;
}

static void look_at_counts(const struct view *v)
{
    if (!sees_anything(v))
        return;
    int64_t seen = 0, contracted = 0;
    for (int i = 0; i < sweep_db.ncustomers; i++) {
        seen += view_has(v, i);
        contracted += view_has(v, i) && sweep_db.customers[i].contracted;
    }
    assert_int_equal(total(v, "customer.count", "{}"), seen);
    assert_int_equal(
        total(v, "customer.list", "{\"limit\":1,\"count\":\"exact\"}"), seen);
    assert_int_equal(
        total(v, "customer.count",
              "{\"filter\":{\"lifecycle\":{\"not_in\":[\"potential\","
              "\"negotiating\",\"churned\"]}}}"),
        contracted);
    sweep_decisions += 3;
}

static void test_counts(void **state)
{
    (void)state;
    sweep_everybody(look_at_counts);
}

/* A row is not found by looking around it either. */
static void look_around(const struct view *v)
{
    static const char around[] = "{\"limit\":3,\"around\":%" PRId64 "}";
    cJSON *missing =
        client_call(v->client, "customer.list", around, SWEEP_MISSING);
    for (int i = 0; i < sweep_db.ncustomers; i += 5) {
        if (view_has(v, i))
            continue;
        cJSON *r = client_call(v->client, "customer.list", around,
                               sweep_db.customers[i].id);
        sweep_decisions++;
        cJSON_DeleteItemFromObject(r, "id");
        cJSON_DeleteItemFromObject(missing, "id");
        if (!cJSON_Compare(r, missing, true))
            view_differs(v, i, "around it", r);
        cJSON_Delete(r);
    }
    cJSON_Delete(missing);
}

static void test_around(void **state)
{
    (void)state;
    sweep_everybody(look_around);
}

/* --- asking by a class of fields --- */

static const struct {
    const char *method, *params;
    enum oracle_class c;
} questions[] = {
    {"customer.list", "{\"filter\":{\"industry\":{\"is_null\":false}}}",
     ORACLE_public},
    {"customer.list", "{\"filter\":{\"service_team\":{\"is_null\":false}}}",
     ORACLE_internal},
    {"customer.list", "{\"sort\":[[\"service_team\",\"asc\"]]}",
     ORACLE_internal},
    {"customer.count",
     "{\"filter\":{\"overseas_sales_ratio\":{\"ge\":\"0.00\"}}}", ORACLE_goal},
    {"contact.list", "{\"filter\":{\"phone\":{\"contains\":\"138\"}}}",
     ORACLE_sensitive},
    {"contact.count", "{\"filter\":{\"phone\":{\"starts\":\"1\"}}}",
     ORACLE_sensitive},
    {"contact.list",
     "{\"filter\":{\"or\":[{\"name\":{\"contains\":\"李\"}},"
     "{\"email\":{\"contains\":\"@\"}}]}}",
     ORACLE_sensitive},
};

static void look_at_questions(const struct view *v)
{
    if (!sees_anything(v))
        return;
    for (size_t q = 0; q < sizeof questions / sizeof *questions; q++) {
        cJSON *r = client_call(v->client, questions[q].method, "%s",
                               questions[q].params);
        enum err_kind want = oracle_may_ask(v->who->user, questions[q].c)
                                 ? ERR_NONE
                                 : ERR_invalid_params;
        sweep_decisions++;
        if (client_kind(r) != want)
            view_differs(v, 0, questions[q].params, r);
        cJSON_Delete(r);
    }
}

static void test_questions(void **state)
{
    (void)state;
    sweep_everybody(look_at_questions);
}

static bool finds(const struct view *v, const char *needle, int i)
{
    bool found = false;
    cJSON *r = client_result(v->client, "customer.list",
                             "{\"limit\":100,\"search\":\"%s\"}", needle);
    const cJSON *row;
    cJSON_ArrayForEach(row, json_get(r, "rows"))
    {
        int hit = sweep_index((int64_t)row->child->valuedouble);
        if (hit < 0 || !view_has(v, hit))
            view_differs(v, i, "a search finds a row out of sight", row);
        found = found || hit == i;
    }
    cJSON_Delete(r);
    return found;
}

/* By name a row in view is found; by its phone only where phones are read. */
static void look_by_search(const struct view *v)
{
    if (!sees_anything(v))
        return;
    bool by_phone = oracle_may_ask(v->who->user, ORACLE_sensitive);
    for (int i = 0; i < sweep_db.ncustomers; i += 4) {
        const struct oracle_customer *c = &sweep_db.customers[i];
        size_t n = strlen(c->phone);
        sweep_decisions += 2;
        if (finds(v, c->name, i) != view_has(v, i))
            check_fail("%s searches %s", v->who->login, c->name);
        if (finds(v, c->phone + (n > 8 ? n - 8 : 0), i) !=
            (view_has(v, i) && by_phone))
            check_fail("%s searches the phone of %s", v->who->login, c->name);
    }
}

static void test_search(void **state)
{
    (void)state;
    sweep_everybody(look_by_search);
}

static bool shows(const cJSON *reply, const char *text)
{
    char *all = cJSON_PrintUnformatted(reply);
    bool there = strstr(all, text) != NULL;
    free(all);
    return there;
}

/* What was is as well kept as what is. */
static void check_history(const struct view *v, int i, const cJSON *reply)
{
    bool reads = view_level(v, i, ORACLE_sensitive) >= ORACLE_READ;
    if (client_kind(reply) != ERR_NONE)
        view_differs(v, i, "history", reply);
    if (!sweep_old_phone[i])
        return;
    if (shows(reply, sweep_old_phone[i]) != reads ||
        shows(reply, sweep_db.customers[i].phone) != reads)
        view_differs(v, i, "phones in its history", reply);
}

static void test_history(void **state)
{
    (void)state;
    sweep_run(
        &(struct sweep){"customer.history", sweep_write_id, check_history});
}

/* As of just now everything is as it is, under the same rights. */
static char now_text[32];

static void write_as_of(const struct view *v, struct buf *b, int i, int64_t id)
{
    (void)v;
    (void)i;
    buf_printf(b, "{\"id\":%" PRId64 ",\"as_of\":\"%s\"}", id, now_text);
}

static void test_as_of(void **state)
{
    (void)state;
    char *now =
        daemon_sql(sweep_daemon, "SELECT to_char(now() AT TIME ZONE 'UTC',"
                                 " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
    snprintf(now_text, sizeof now_text, "%s", now);
    free(now);
    sweep_run(&(struct sweep){"customer.get", write_as_of, check_record});
}

static void write_contact(const struct view *v, struct buf *b, int i,
                          int64_t id)
{
    (void)v;
    buf_printf(b, "{\"id\":%" PRId64 "}",
               id == SWEEP_MISSING ? SWEEP_MISSING
                                   : sweep_db.customers[i].contact);
}

static void check_contact(const struct view *v, int i, const cJSON *reply)
{
    const cJSON *record = json_get(json_get(reply, "result"), "record");
    cJSON *real = cJSON_CreateString(sweep_db.customers[i].phone);
    if (!record)
        view_differs(v, i, "contact.get", reply);
    view_check_value(v, i, "contact", "phone", json_get(record, "phone"), real);
    view_check_value(v, i, "contact", "name", json_get(record, "name"),
                     json_get(sweep_truth[i], "contact_person"));
    cJSON_Delete(real);
}

static void test_contacts(void **state)
{
    (void)state;
    sweep_run(&(struct sweep){"contact.get", write_contact, check_contact});
}

/* Last: that there was enough to decide, of every sort. */
static void test_enough(void **state)
{
    (void)state;
    for (int p = 0; p < sweep_db.npeople; p++) {
        struct view v = {&sweep_db.people[p], NULL};
        int in = 0;
        for (int i = 0; i < sweep_db.ncustomers; i++)
            in += view_has(&v, i);
        bool none = !v.who->user->roles;
        bool all = oracle_may(&sweep_db.world, v.who->user, "export.all", NULL);
        if (none ? in : in < 10 || (!all && in > sweep_db.ncustomers - 10))
            check_fail("%s sees %d of %d", v.who->login, in,
                       sweep_db.ncustomers);
    }
    print_message("%" PRId64 " decisions\n", sweep_decisions);
    assert_true(sweep_decisions >= 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truth),  cmocka_unit_test(test_get),
        cmocka_unit_test(test_lists),  cmocka_unit_test(test_counts),
        cmocka_unit_test(test_around), cmocka_unit_test(test_questions),
        cmocka_unit_test(test_search), cmocka_unit_test(test_history),
        cmocka_unit_test(test_as_of),  cmocka_unit_test(test_contacts),
        cmocka_unit_test(test_enough),
    };
    return cmocka_run_group_tests(tests, sweep_set_up, sweep_tear_down);
}
