/* What the daemon tells a client that rows may be asked by is exactly what it
 * lets him ask by, for every role and every field of the filter's form: so
 * that no form offers what is refused (LIST-05). */
#include "common/json.h"
#include "common/mem.h"
#include "schema/access.h"
#include "schema/type.h"
#include "tests/support/client.h"
#include "tests/support/daemon.h"
#include "tui/remote/known.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct daemon *d;

static int set_up(void **state)
{
    (void)state;
    struct daemon_options o = {.customers = 20};
    d = daemon_start(&o);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    daemon_free(&d);
    return 0;
}

/* Does the daemon take a condition on this field? */
static bool is_taken(struct client *c, const struct entity *e,
                     const struct field *f)
{
    char method[64];
    bool null = f->type->ops & 1u << OP_is_null;
    snprintf(method, sizeof(method), "%s.count", e->id);
    cJSON *r = client_call(c, method, "{\"filter\":{\"%s\":{\"%s\":true}}}",
                           f->id, null ? "is_null" : "eq");
    enum err_kind kind = client_kind(r);
    assert_true(kind == ERR_NONE || kind == ERR_invalid_params);
    cJSON_Delete(r);
    return kind == ERR_NONE;
}

static struct known *who(struct client *c)
{
    struct known *k = known_new();
    cJSON *me = client_result(c, "session.whoami", "{}");
    cJSON *tables = client_result(c, "meta.describe", "{\"entity\":\"tag\"}");
    known_set_user(k, json_get(me, "user"));
    assert_true(known_set_tables(k, tables));
    cJSON_Delete(tables);
    cJSON_Delete(me);
    return k;
}

static int check_fields(struct client *c, struct known *k,
                        const struct entity *e, const char *role)
{
    int refused = 0;
    for (int i = 0; i < e->nfields; i++) {
        const struct field *f = &e->fields[i];
        if (!(f->flags & F_FILTER))
            continue;
        bool taken = is_taken(c, e, f);
        if (taken != known_may_ask(k, e, f))
            fail_msg("%s: %s.%s is %s", role, e->id, f->id,
                     taken ? "taken, not offered" : "offered, not taken");
        refused += !taken;
    }
    return refused;
}

static void test_every_role(void **state)
{
    (void)state;
    int refused = 0;
    for (int r = 0; r < ROLES; r++) {
        struct client *c = client_as(d, role_rows[r].id);
        struct known *k = who(c);
        if (known_scope(k, entity_customer.view) > SCOPE_NOTHING) {
            refused += check_fields(c, k, &entity_customer, role_rows[r].id);
            refused += check_fields(c, k, &entity_contact, role_rows[r].id);
        }
        known_free(&k);
        client_close(&c);
    }
    assert_true(refused > 0); /* else nothing was tested */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_role)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
