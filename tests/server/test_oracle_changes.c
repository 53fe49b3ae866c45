/* Changing through the running daemon against the rights oracle: a stale
 * version is a conflict for who may change the row, and only for him.
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

static const struct change {
    const char *field, *value; /* value NULL: a user's id */
} changes[] = {
    {"main_products", "\"x\""},
    {"annual_cost_target", "\"1.00\""},
    {"internal_notes", "\"x\""},
    {"owner", NULL},
    {"optimizer", NULL},
    {"sales_person", NULL},
    {"cooperation_start_date", "\"2020-01-02\""},
    {"grade", "\"A\""},
    {"lifecycle", "\"suspended\""},
    {"contact_phone", "\"13900139000\""},
};
static const struct change *changing;

static void write_change(const struct view *v, struct buf *b, int i, int64_t id)
{
    int64_t other = sweep_db.users[sweep_db.world.nusers - 1].id;
    (void)v;
    buf_printf(
        b,
        "{\"id\":%" PRId64 ",\"version\":%" PRId64 ",\"values\":{\"%s\":", id,
        sweep_db.customers[i].version + 1000, changing->field);
    if (changing->value)
        buf_str(b, changing->value);
    else
        buf_int(b, other);
    buf_str(b, "}}");
}

static void check_update(const struct view *v, int i, const cJSON *reply)
{
    const struct oracle_customer *c = &sweep_db.customers[i];
    bool filled = !cJSON_IsNull(json_get(sweep_truth[i], changing->field));
    bool may = oracle_may_write(&sweep_db.world, v->who->user, &c->row,
                                changing->field, filled, c->contracted);
    check_change(v, i, reply, may, changing->field);
    /* What comes with a conflict passes the same gate. */
    const cJSON *current =
        json_get(json_get(json_get(reply, "error"), "data"), "current");
    for (int f = 0; current && f < entity_customer.nfields; f++) {
        const char *id = entity_customer.fields[f].id;
        if (json_get(current, id))
            view_check_value(v, i, "customer", id, json_get(current, id),
                             json_get(sweep_truth[i], id));
    }
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
    revealed += may;
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
        cmocka_unit_test(test_update),   cmocka_unit_test(test_delete),
        cmocka_unit_test(test_create),   cmocka_unit_test(test_reveal),
        cmocka_unit_test(test_contacts), cmocka_unit_test(test_administration),
    };
    return cmocka_run_group_tests(tests, sweep_set_up, sweep_tear_down);
}
