/* The life cycle by hand: only the moves there are, with a reason, by who
 * may, into a state whose demands are met, and all of it in the log.
 * proves: LIFE-01, LIFE-02, LIFE-04, LIFE-05 */
#include "common/json.h"
#include "common/mem.h"
#include "schema/option.h"
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

/* What a contracted customer has, but for its grade. */
#define CONTRACT                                                               \
    "\"cooperation_type\":\"full_service\",\"cooperation_start_date\":"        \
    "\"2025-01-02\",\"cooperation_end_date\":\"2026-01-01\","                  \
    "\"service_team\":1"
#define SERVED                                                                 \
    "," CONTRACT ",\"grade\":\"B\",\"service_start_date\":\"2025-01-05\""

static struct daemon *daemon_;
static struct client *director;

static const char *request(int64_t id, int64_t version, const char *to,
                           const char *more)
{
    static char text[1024];
    snprintf(text, sizeof text,
             "{\"id\":%" PRId64 ",\"version\":%" PRId64 ",\"to\":\"%s\""
             ",\"reason\":\"客户已确认\"%s}",
             id, version, to, more);
    return text;
}

static void move(struct client *c, int64_t id, int64_t version, const char *to)
{
    cJSON *r = client_result(c, "customer.transition", "%s",
                             request(id, version, to, ""));
    const cJSON *record = json_get(r, "record");
    assert_int_equal(json_int(record, "version", 0), version + 1);
    record_is(record, "lifecycle", to);
    cJSON_Delete(r);
}

static cJSON *refuse(enum err_kind kind, int64_t id, int64_t version,
                     const char *to, const char *more)
{
    return client_error(director, kind, "customer.transition", "%s",
                        request(id, version, to, more));
}

static int faults_of(const cJSON *error)
{
    return cJSON_GetArraySize(json_get(json_get(error, "data"), "fields"));
}

static int64_t logged(int64_t id)
{
    return daemon_sql_int(daemon_,
                          "SELECT count(*) FROM life_log WHERE customer_id ="
                          " %" PRId64,
                          id);
}

static int64_t customer_in(const char *name, const char *state)
{
    char *more = x_asprintf(",\"lifecycle\":\"%s\"" SERVED, state);
    int64_t id = record_customer(director, name, more + 1);
    x_free(&more);
    return id;
}

/* Every pair of states: the move is made or refused as move.def says, and
 * status follows. */
static void test_every_move(void **state)
{
    (void)state;
    for (int from = LIFE_NONE + 1; from < LIVES; from++)
        for (int to = LIFE_NONE + 1; to < LIVES; to++) {
            char *name = x_asprintf("从%d到%d公司", from, to);
            int64_t id = customer_in(name, life_code((enum life)from));
            bool may = life_may((enum life)from, (enum life)to);
            x_free(&name);
            if (may) {
                move(director, id, 1, life_code((enum life)to));
                assert_int_equal(
                    daemon_sql_int(daemon_,
                                   "SELECT (status = 'active')::int FROM"
                                   " customer WHERE id = %" PRId64,
                                   id),
                    life_is_active((enum life)to));
            } else {
                cJSON *e =
                    refuse(ERR_invalid, id, 1, life_code((enum life)to), "");
                assert_true(record_has_fault(e, "lifecycle", "order"));
                cJSON_Delete(e);
            }
            assert_int_equal(logged(id), may ? 2 : 1);
        }
}

/* All that is missing is told at once, and may come along. */
static void test_demands(void **state)
{
    static const char *const lacking[] = {"cooperation_type", "service_team",
                                          "cooperation_start_date",
                                          "cooperation_end_date", "grade"};
    (void)state;
    int64_t id = record_customer(director, "缺合同公司",
                                 "\"lifecycle\":\"negotiating\"");
    cJSON *e = refuse(ERR_invalid, id, 1, "contracted", "");
    for (size_t i = 0; i < sizeof lacking / sizeof *lacking; i++)
        assert_true(record_has_fault(e, lacking[i], "required"));
    assert_int_equal(faults_of(e), 5);
    cJSON_Delete(e);
    e = refuse(ERR_invalid, id, 1, "contracted", ",\"values\":{" CONTRACT "}");
    assert_true(record_has_fault(e, "grade", "required"));
    assert_int_equal(faults_of(e), 1);
    cJSON_Delete(e);
    e = refuse(ERR_invalid, id, 1, "contracted",
               ",\"values\":{\"lifecycle\":\"active\"}");
    assert_true(record_has_fault(e, "lifecycle", "readonly"));
    cJSON_Delete(e);
    assert_int_equal(logged(id), 1);
    cJSON *r =
        client_result(director, "customer.transition", "%s",
                      request(id, 1, "contracted",
                              ",\"values\":{" CONTRACT ",\"grade\":\"C\"}"));
    record_is(json_get(r, "record"), "grade", "C");
    record_is(json_get(r, "record"), "lifecycle", "contracted");
    cJSON_Delete(r);
    /* A grade that stands is changed by proposal alone, here as anywhere. */
    e = refuse(ERR_invalid, id, 2, "active",
               ",\"values\":{\"grade\":\"A\",\"service_start_date\":"
               "\"2025-01-05\"}");
    assert_true(record_has_fault(e, "grade", "readonly"));
    cJSON_Delete(e);
}

static void test_reason(void **state)
{
    static const char *const bad[] = {"\"\"", "\"x\"", "\"  \"", "null"};
    (void)state;
    int64_t id =
        record_customer(director, "无原因公司", "\"currency\":\"CNY\"");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cJSON *r = client_call(director, "customer.transition",
                               "{\"id\":%" PRId64 ",\"version\":1,\"to\":"
                               "\"negotiating\",\"reason\":%s}",
                               id, bad[i]);
        assert_true(client_kind(r) == ERR_invalid ||
                    client_kind(r) == ERR_invalid_params);
        cJSON_Delete(r);
    }
    char *longer = x_strdup("");
    for (int i = 0; i < 501; i++) {
        char *more = x_asprintf("%s因", longer);
        x_free(&longer);
        longer = more;
    }
    cJSON *e = client_error(director, ERR_invalid, "customer.transition",
                            "{\"id\":%" PRId64 ",\"version\":1,\"to\":"
                            "\"negotiating\",\"reason\":\"%s\"}",
                            id, longer);
    assert_true(record_has_fault(e, "reason", "length"));
    cJSON_Delete(e);
    x_free(&longer);
    client_refused(director, ERR_invalid_params, "customer.transition",
                   "{\"id\":%" PRId64 ",\"version\":1,\"to\":\"gone\","
                   "\"reason\":\"客户已确认\"}",
                   id);
    assert_int_equal(logged(id), 1);
}

/* proves: EDIT-02 */
static void test_conflict_and_key(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "并发公司", "\"currency\":\"CNY\"");
    cJSON *e = refuse(ERR_conflict, id, 7, "negotiating", "");
    const cJSON *data = json_get(e, "data");
    record_is(json_get(data, "current"), "lifecycle", "potential");
    assert_string_equal(
        cJSON_GetArrayItem(json_get(data, "fields"), 0)->valuestring,
        "lifecycle");
    cJSON_Delete(e);
    for (int i = 0; i < 2; i++) {
        cJSON *r = client_result(
            director, "customer.transition", "%s",
            request(id, 1, "negotiating", ",\"key\":\"life-key-1\""));
        assert_int_equal(json_int(json_get(r, "record"), "version", 0), 2);
        cJSON_Delete(r);
    }
    assert_int_equal(logged(id), 2);
}

/* Own customers are moved by who looks after them; who is under contract
 * leaves by a manager's word only. */
static void test_rights(void **state)
{
    (void)state;
    struct client *sales = client_as(daemon_, "sales");
    int64_t me = record_user(daemon_, "sales");
    char *more =
        x_asprintf("\"owner\":%" PRId64 ",\"lifecycle\":\"active\"" SERVED, me);
    int64_t id = record_customer(director, "自己的客户公司", more);
    int64_t foreign = customer_in("别人的客户公司", "active");
    client_refused(sales, ERR_not_found, "customer.transition", "%s",
                   request(foreign, 1, "suspended", ""));
    cJSON *e = client_error(sales, ERR_forbidden, "customer.transition", "%s",
                            request(id, 1, "churned", ""));
    assert_string_equal(json_str(json_get(e, "data"), "action", ""),
                        "status.change");
    cJSON_Delete(e);
    move(sales, id, 1, "suspended");
    client_refused(sales, ERR_forbidden, "customer.transition", "%s",
                   request(id, 2, "churned", ""));
    move(director, id, 2, "churned");
    x_free(&more);
    more =
        x_asprintf("\"owner\":%" PRId64 ",\"lifecycle\":\"negotiating\"", me);
    id = record_customer(director, "没签约的客户公司", more);
    move(sales, id, 1, "churned");
    x_free(&more);
    client_close(&sales);
    struct client *viewer = client_as(daemon_, "project_director");
    client_refused(viewer, ERR_forbidden, "customer.transition", "%s",
                   request(foreign, 1, "suspended", ""));
    client_close(&viewer);
}

/* The log is a list of children, in words, with how long each state held. */
static void test_log(void **state)
{
    (void)state;
    int64_t id = record_customer(director, "有记录的公司",
                                 "\"lifecycle\":\"potential\"");
    free(daemon_sql(daemon_,
                    "UPDATE life_log SET at = now() - interval '3 days 5"
                    " hours' WHERE customer_id = %" PRId64,
                    id));
    move(director, id, 1, "negotiating");
    move(director, id, 2, "churned");
    cJSON *r = client_result(director, "life_log.list",
                             "{\"filter\":{\"customer_id\":{\"eq\":%" PRId64
                             "}},\"columns\":[\"from_state\",\"to_state\","
                             "\"days\",\"reason\",\"by_user\"]}",
                             id);
    const cJSON *rows = json_get(r, "rows");
    char *text = cJSON_PrintUnformatted(rows);
    assert_int_equal(cJSON_GetArraySize(rows), 3);
    assert_non_null(strstr(text, ",\"negotiating\",\"churned\",0,"));
    assert_non_null(
        strstr(text, ",\"potential\",\"negotiating\",3,\"客户已确认\",["));
    assert_non_null(strstr(text, ",null,\"potential\",null,null,["));
    free(text);
    cJSON_Delete(r);
    client_refused(director, ERR_unknown_method, "life_log.update",
                   "{\"id\":1,\"version\":0,\"values\":{}}");
    client_refused(director, ERR_unknown_method, "life_log.delete",
                   "{\"id\":1,\"version\":0}");
    struct client *sales = client_as(daemon_, "sales");
    r = client_result(sales, "life_log.count",
                      "{\"filter\":{\"customer_id\":{\"eq\":%" PRId64 "}}}",
                      id);
    assert_int_equal(json_int(r, "total", -1), 0);
    cJSON_Delete(r);
    client_close(&sales);
}

/* A move is told to who follows the customer and to who follows the log.
 * proves: LIFE-06 */
static void test_event(void **state)
{
    (void)state;
    int64_t id =
        record_customer(director, "有事件的公司", "\"currency\":\"CNY\"");
    cJSON_Delete(client_result(director, "events.subscribe",
                               "{\"entity\":\"life_log\"}"));
    move(director, id, 1, "negotiating");
    cJSON *event = client_notification(director, "event", 10000);
    assert_non_null(event);
    const cJSON *params = json_get(event, "params");
    assert_string_equal(json_str(params, "entity", ""), "life_log");
    assert_string_equal(json_str(params, "kind", ""), "created");
    assert_int_equal(json_int(params, "customer_id", 0), id);
    cJSON_Delete(event);
    cJSON_Delete(client_result(director, "events.unsubscribe", "{}"));
    cJSON *r = client_result(director, "customer.history",
                             "{\"id\":%" PRId64 ",\"limit\":1}", id);
    char *text = cJSON_PrintUnformatted(r);
    assert_non_null(strstr(text, "{\"field\":\"lifecycle\",\"from\":"
                                 "\"potential\",\"to\":\"negotiating\"}"));
    free(text);
    cJSON_Delete(r);
}

/* Runs in one transaction with a customer whose state is potential as `me`;
 * fails the test where the database accepts it. */
static void check_refused(const char *statement)
{
    free(daemon_sql(daemon_,
                    "DO $do$ DECLARE me bigint := (SELECT max(id) FROM"
                    " customer); BEGIN %s; RAISE EXCEPTION 'accepted: %%',"
                    " (SELECT lifecycle FROM customer WHERE id = me);"
                    " EXCEPTION WHEN check_violation OR"
                    " foreign_key_violation THEN NULL; END $do$",
                    statement));
}

#define LOG                                                                    \
    "INSERT INTO life_log (customer_id, from_state, to_state, reason, txid)"   \
    " VALUES (me, 'potential', "
#define MOVE_TO "UPDATE customer SET lifecycle = "
#define HERE    " WHERE id = me"
#define NOW     "pg_current_xact_id())"

/* Neither the other verbs nor a statement past the daemon move a customer. */
static void test_no_other_way(void **state)
{
    (void)state;
    int64_t id =
        record_customer(director, "走后门公司", "\"currency\":\"CNY\"");
    cJSON *e = client_error(director, ERR_invalid, "customer.update",
                            "{\"id\":%" PRId64 ",\"version\":1,\"values\":"
                            "{\"lifecycle\":\"negotiating\"}}",
                            id);
    assert_true(record_has_fault(e, "lifecycle", "readonly"));
    cJSON_Delete(e);
    check_refused(MOVE_TO "'negotiating'" HERE);
    /* no such move */
    check_refused(LOG "'active', 'so', " NOW);
    /* no reason */
    check_refused(LOG "'negotiating', '', " NOW);
    /* written down as another move, or once before */
    check_refused(LOG "'churned', 'so', " NOW "; " MOVE_TO
                      "'negotiating'" HERE);
    check_refused(LOG "'negotiating', 'so', '3'); " MOVE_TO
                      "'negotiating'" HERE);
    assert_int_equal(logged(id), 1);
    /* What all of them lacked. */
    free(daemon_sql(daemon_,
                    "DO $do$ DECLARE me bigint := %" PRId64 "; BEGIN " LOG
                    "'negotiating', 'so', " NOW "; " MOVE_TO
                    "'negotiating'" HERE "; END $do$",
                    id));
    assert_int_equal(logged(id), 2);
}

/* The moves of the database are those of the tables, and where a record may
 * begin is any state. */
static void test_moves_agree(void **state)
{
    int known = LIVES - 1;
    (void)state;
    for (int from = LIFE_NONE; from < LIVES; from++)
        for (int to = LIFE_NONE + 1; to < LIVES; to++) {
            bool may = life_may((enum life)from, (enum life)to);
            known += may;
            assert_int_equal(
                daemon_sql_int(daemon_,
                               "SELECT count(*) FROM life_move WHERE"
                               " from_state = '%s' AND to_state = '%s'",
                               life_code((enum life)from),
                               life_code((enum life)to)),
                from == LIFE_NONE ? 1 : may);
        }
    assert_int_equal(daemon_sql_int(daemon_, "SELECT count(*) FROM life_move"),
                     known);
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
        cmocka_unit_test(test_every_move),
        cmocka_unit_test(test_demands),
        cmocka_unit_test(test_reason),
        cmocka_unit_test(test_conflict_and_key),
        cmocka_unit_test(test_rights),
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_event),
        cmocka_unit_test(test_no_other_way),
        cmocka_unit_test(test_moves_agree),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
