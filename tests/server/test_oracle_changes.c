/* Changing through the running daemon against the rights oracle, by requests
 * that fail for everybody, but differently for who may and who may not.
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

static bool refused(const cJSON *reply)
{
    enum err_kind k = client_kind(reply);
    return k == ERR_forbidden || k == ERR_invalid_params || k == ERR_invalid;
}

static void check_change(const struct view *v, int i, const cJSON *reply,
                         bool may, const char *what)
{
    if (may ? client_kind(reply) != ERR_conflict : !refused(reply))
        view_differs(v, i, what, reply);
}

/* --- one field --- */

/* Two values each, since the one that is there already is no change. NULL: a
 * user's id. */
static const struct change {
    const char *field, *values[2];
} changes[] = {
    {"main_products", {"\"x\"", "\"y\""}},
    {"annual_cost_target", {"\"1.00\"", "\"2.00\""}},
    {"internal_notes", {"\"x\"", "\"y\""}},
    {"owner", {NULL, NULL}},
    {"optimizer", {NULL, NULL}},
    {"sales_person", {NULL, NULL}},
    {"cooperation_start_date", {"\"2020-01-02\"", "\"2020-01-03\""}},
    {"grade", {"\"A\"", "\"B\""}},
    {"lifecycle", {"\"suspended\"", "\"active\""}},
    {"contact_phone", {"\"13900139000\"", "\"13900139001\""}},
};
static const struct change *changing;

/* A reference reads as [id, "name"] and is written as its id. */
static bool is_now(int i, const char *json)
{
    const cJSON *now = json_get(sweep_truth[i], changing->field);
    cJSON *value = cJSON_Parse(json);
    bool same =
        cJSON_Compare(value, cJSON_IsArray(now) ? now->child : now, true);
    cJSON_Delete(value);
    return same;
}

static void write_value(struct buf *b, int i)
{
    char users[2][24];
    for (int u = 0; u < 2; u++)
        snprintf(users[u], sizeof users[u], "%" PRId64, sweep_db.users[u].id);
    const char *first = changing->values[0] ? changing->values[0] : users[0];
    const char *other = changing->values[1] ? changing->values[1] : users[1];
    buf_str(b, is_now(i, first) ? other : first);
}

/* The name is too short for anybody: who may write the field hears just of
 * the name, and nothing is ever changed. */
static void write_change(const struct view *v, struct buf *b, int i, int64_t id)
{
    (void)v;
    buf_printf(b,
               "{\"id\":%" PRId64 ",\"version\":%" PRId64
               ",\"values\":{\"customer_name\":\"x\",\"%s\":",
               id, sweep_db.customers[i].version, changing->field);
    write_value(b, i);
    buf_str(b, "}}");
}

static bool blames(const cJSON *reply, const char *field)
{
    const cJSON *fault,
        *faults =
            json_get(json_get(json_get(reply, "error"), "data"), "fields");
    for (fault = faults ? faults->child : NULL; fault; fault = fault->next)
        if (strcmp(json_str(fault, "field", ""), field) == 0)
            return true;
    return false;
}

static void check_update(const struct view *v, int i, const cJSON *reply)
{
    const struct oracle_customer *c = &sweep_db.customers[i];
    const cJSON *now = json_get(sweep_truth[i], changing->field);
    bool may =
        oracle_may_write(&sweep_db.world, v->who->user, &c->row,
                         changing->field, !cJSON_IsNull(now), c->contracted);
    bool heard_of_name = client_kind(reply) == ERR_invalid &&
                         blames(reply, "customer_name") &&
                         !blames(reply, changing->field);
    if (may ? !heard_of_name : heard_of_name || !refused(reply))
        view_differs(v, i, changing->field, reply);
}

static void test_update(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        changing = &changes[i];
        sweep_run(
            &(struct sweep){"customer.update", write_change, check_update});
    }
}

/* --- a stale version is a conflict for who may change, only for him --- */

static void write_stale_notes(const struct view *v, struct buf *b, int i,
                              int64_t id)
{
    (void)v;
    buf_printf(b,
               "{\"id\":%" PRId64 ",\"version\":%" PRId64
               ",\"values\":{\"internal_notes\":\"x\"}}",
               id, sweep_db.customers[i].version + 1000);
}

/* What comes with the conflict passes the same gate. */
static void check_conflict(const struct view *v, int i, const cJSON *reply)
{
    check_change(v, i, reply, view_level(v, i, ORACLE_internal) == ORACLE_WRITE,
                 "conflict");
    const cJSON *current =
        json_get(json_get(json_get(reply, "error"), "data"), "current");
    for (int f = 0; current && f < entity_customer.nfields; f++) {
        const char *id = entity_customer.fields[f].id;
        if (json_get(current, id))
            view_check_value(v, i, "customer", id, json_get(current, id),
                             json_get(sweep_truth[i], id));
    }
}

static void test_conflict(void **state)
{
    (void)state;
    sweep_run(
        &(struct sweep){"customer.update", write_stale_notes, check_conflict});
}

static void write_stale(const struct view *v, struct buf *b, int i, int64_t id)
{
    (void)v;
    buf_printf(b, "{\"id\":%" PRId64 ",\"version\":%" PRId64 "}", id,
               sweep_db.customers[i].version + 1000);
}

static void check_delete(const struct view *v, int i, const cJSON *reply)
{
    check_change(v, i, reply,
                 oracle_may(&sweep_db.world, v->who->user, "customer.delete",
                            &sweep_db.customers[i].row),
                 "delete");
}

static void test_delete(void **state)
{
    (void)state;
    sweep_run(&(struct sweep){"customer.delete", write_stale, check_delete});
}

static void write_stale_move(const struct view *v, struct buf *b, int i,
                             int64_t id)
{
    (void)v;
    buf_printf(b,
               "{\"id\":%" PRId64 ",\"version\":%" PRId64
               ",\"to\":\"churned\",\"reason\":\"so\"}",
               id, sweep_db.customers[i].version + 1000);
}

static void check_move(const struct view *v, int i, const cJSON *reply)
{
    const struct oracle_customer *c = &sweep_db.customers[i];
    check_change(v, i, reply,
                 oracle_may_let_go(&sweep_db.world, v->who->user, &c->row,
                                   c->contracted),
                 "transition");
}

/* proves: LIFE-04 */
static void test_transition(void **state)
{
    (void)state;
    sweep_run(
        &(struct sweep){"customer.transition", write_stale_move, check_move});
}

static void look_at_create(const struct view *v)
{
    cJSON *r = client_call(v->client, "customer.create", "{\"values\":{}}");
    enum err_kind want =
        oracle_may(&sweep_db.world, v->who->user, "customer.create", NULL)
            ? ERR_invalid
            : ERR_forbidden;
    sweep_decisions++;
    if (client_kind(r) != want)
        view_differs(v, 0, "create", r);
    cJSON_Delete(r);
}

static void test_create(void **state)
{
    (void)state;
    sweep_everybody(look_at_create);
}

/* --- many at once: how many he sees, and how many he may change --- */

static bool may_somewhere(const struct view *v, const char *action)
{
    for (int r = 0; r < ORACLE_ROLES; r++)
        if (v->who->user->roles & 1u << r &&
            strcmp(oracle_word(action, (enum oracle_role)r), "none") != 0)
            return true;
    return false;
}

static void look_at_bulk(const struct view *v, const char *params,
                         const char *action)
{
    cJSON *reply = client_call(v->client, "customer.bulk",
                               "{\"filter\":{},\"dry_run\":true,%s}", params);
    const cJSON *r = json_get(reply, "result");
    int64_t seen = 0, permitted = 0;
    for (int i = 0; i < sweep_db.ncustomers; i++) {
        const struct oracle_row *row = &sweep_db.customers[i].row;
        seen += view_has(v, i);
        permitted +=
            oracle_may(&sweep_db.world, v->who->user, "customer.bulk", row) &&
            oracle_may(&sweep_db.world, v->who->user, action, row);
        sweep_decisions++;
    }
    bool may = may_somewhere(v, "customer.bulk") && may_somewhere(v, action);
    if (may ? json_int(r, "matched", -1) != seen ||
                  json_int(r, "permitted", -1) != permitted
            : client_kind(reply) != ERR_forbidden)
        view_differs(v, 0, params, reply);
    cJSON_Delete(reply);
}

static void look_at_bulks(const struct view *v)
{
    static const char *const rows[][2] = {
        {"\"action\":\"update\",\"values\":{\"industry\":\"home\"}",
         "customer.edit"},
        {"\"action\":\"update\",\"values\":{\"lifecycle\":\"churned\"}",
         "status.change"},
        {"\"action\":\"assign\",\"values\":{\"owner\":1}", "customer.assign"},
        {"\"action\":\"tag\",\"values\":{\"add\":[1]}", "customer.edit"},
        {"\"action\":\"note\",\"values\":{\"text\":\"x\"}", "customer.edit"},
        {"\"action\":\"delete\"", "customer.delete"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        look_at_bulk(v, rows[i][0], rows[i][1]);
}

/* proves: LIST-10 */
static void test_bulk(void **state)
{
    (void)state;
    sweep_everybody(look_at_bulks);
}

static int64_t revealed;

static void write_reveal(const struct view *v, struct buf *b, int i, int64_t id)
{
    (void)v;
    (void)i;
    buf_printf(b, "{\"id\":%" PRId64 ",\"field\":\"contact_phone\"}", id);
}

static void check_reveal(const struct view *v, int i, const cJSON *reply)
{
    const struct oracle_customer *c = &sweep_db.customers[i];
    bool may =
        view_level(v, i, ORACLE_sensitive) >= ORACLE_READ ||
        oracle_may(&sweep_db.world, v->who->user, "sensitive.reveal", &c->row);
    const char *value = json_str(json_get(reply, "result"), "value", "");
    if (may ? strcmp(value, c->phone) != 0
            : client_kind(reply) != ERR_forbidden)
        view_differs(v, i, "reveal", reply);
    revealed += may && view_level(v, i, ORACLE_sensitive) < ORACLE_READ;
}

static void test_reveal(void **state)
{
    (void)state;
    int64_t before = daemon_sql_int(
        sweep_daemon, "SELECT count(*) FROM audit WHERE action = 'reveal'");
    sweep_run(&(struct sweep){"customer.reveal", write_reveal, check_reveal});
    int64_t logged = daemon_sql_int(
        sweep_daemon, "SELECT count(*) FROM audit WHERE action = 'reveal'");
    assert_int_equal(logged - before, revealed);
}

static void write_contact_change(const struct view *v, struct buf *b, int i,
                                 int64_t id)
{
    (void)v;
    buf_printf(b,
               "{\"id\":%" PRId64 ",\"version\":%" PRId64
               ",\"values\":{\"phone\":\"13900139000\"}}",
               id == SWEEP_MISSING ? SWEEP_MISSING
                                   : sweep_db.customers[i].contact,
               sweep_db.customers[i].contact_version + 1000);
}

static void check_contact_change(const struct view *v, int i,
                                 const cJSON *reply)
{
    check_change(v, i, reply,
                 view_level(v, i, ORACLE_sensitive) == ORACLE_WRITE,
                 "contact.update");
}

static void test_contacts(void **state)
{
    (void)state;
    sweep_run(&(struct sweep){"contact.update", write_contact_change,
                              check_contact_change});
}

static void look_at_administration(const struct view *v)
{
    static const struct {
        const char *method, *params;
        enum err_kind admin; /* what an administrator gets */
    } rows[] = {
        {"audit.list", "{\"limit\":1}", ERR_NONE},
        {"role_right.list", "{\"limit\":1}", ERR_NONE},
        {"class_grant.list", "{\"limit\":1}", ERR_NONE},
        {"user.create", "{\"values\":{}}", ERR_invalid},
        {"org_unit.create", "{\"values\":{}}", ERR_invalid},
        {"option.create", "{\"values\":{}}", ERR_invalid},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cJSON *r = client_call(v->client, rows[i].method, "%s", rows[i].params);
        sweep_decisions++;
        if (client_kind(r) !=
            (v->who->user->admin ? rows[i].admin : ERR_forbidden))
            view_differs(v, 0, rows[i].method, r);
        cJSON_Delete(r);
    }
}

static void test_administration(void **state)
{
    (void)state;
    sweep_everybody(look_at_administration);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_update),
        cmocka_unit_test(test_conflict),
        cmocka_unit_test(test_delete),
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_transition),
        cmocka_unit_test(test_reveal),
        cmocka_unit_test(test_contacts),
        cmocka_unit_test(test_administration),
        cmocka_unit_test(test_bulk),
    };
    return cmocka_run_group_tests(tests, sweep_set_up, sweep_tear_down);
}
